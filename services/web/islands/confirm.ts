/* confirm.ts - the password for a weighty step is asked in a dialog at the moment of sending. Where the
 * form came back with an error it stays in the page, so that the error summary can lead to it. */
import { button, make } from './dom'
import { say } from './words'

export function start(fieldset: HTMLElement): void {
  const form = fieldset.closest('form')
  if (!form || document.querySelector('#errors') || !('showModal' in HTMLDialogElement.prototype))
    return
  let pressed: HTMLElement | null = null
  const dialog = make('dialog', { 'aria-labelledby': 'again-h' })
  const go = make('button', { class: 'btn' }, say('reauth.go'))
  fieldset.querySelector('legend')?.setAttribute('id', 'again-h')
  fieldset.before(dialog)
  dialog.append(
    fieldset,
    make(
      'p',
      { class: 'acts gap-s' },
      go,
      button(say('reauth.cancel'), 'btn two', () => dialog.close())
    )
  )
  form.addEventListener(
    'submit',
    (event) => {
      const submitter = (event as SubmitEvent).submitter
      if (dialog.open && submitter === go) {
        dialog.close()
        if (!(pressed instanceof HTMLButtonElement) || !pressed.name) return
        go.name = pressed.name /* the button that was meant is what is sent */
        go.value = pressed.value
        return
      }
      if (submitter?.matches('[formnovalidate]')) return
      pressed = submitter
      event.preventDefault()
      event.stopImmediatePropagation()
      dialog.showModal()
      dialog.querySelector('input')?.focus()
    },
    { capture: true }
  )
}
