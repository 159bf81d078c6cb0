/* keys.ts - one key brings one to a place: "?" shows which. Single keys can be turned off, as people who
 * speak to their computer need. */
import { button, make } from './dom'
import { say } from './words'

const OFF = 'keys off'
const GO: Record<string, string> = { h: '/', i: '/items', d: '/desk' }
let dialog: HTMLDialogElement | undefined
let after: string | undefined

function isOff(): boolean {
  try {
    return localStorage.getItem(OFF) === '1'
  } catch {
    return false
  }
}

function turnOff(off: boolean): void {
  try {
    localStorage.setItem(OFF, off ? '1' : '0')
  } catch {
    /* not allowed: they stay as they are */
  }
}

function table(): HTMLElement {
  const then = ` ${say('keys.then')} `
  const rows: [string, string][] = [
    ['?', say('keys.help')],
    ['/', say('keys.search')],
    ['m', say('keys.main')],
    [`g${then}h`, say('keys.front')],
    [`g${then}i`, say('keys.items')],
    [`g${then}d`, say('keys.desk')]
  ]
  const list = make('dl', { class: 'kv' })
  for (const [key, words] of rows)
    list.append(make('dt', {}, make('kbd', {}, key)), make('dd', {}, words))
  return list
}

export function help(): void {
  if (!dialog?.isConnected) {
    const box = make('input', { type: 'checkbox' })
    box.checked = isOff()
    box.addEventListener('change', () => turnOff(box.checked))
    dialog = make(
      'dialog',
      { 'aria-labelledby': 'keys-h' },
      make('h2', { id: 'keys-h' }, say('keys.title')),
      table(),
      make('label', { class: 'opt' }, box, say('keys.off')),
      make(
        'p',
        { class: 'acts gap-s' },
        button(say('keys.close'), 'btn', () => dialog?.close())
      )
    )
    document.body.append(dialog)
  }
  if (!dialog.open) dialog.showModal()
}

function pressed(key: string): boolean {
  if (after === 'g' && GO[key]) location.assign(GO[key])
  else if (key === '?') help()
  else if (key === '/') document.querySelector<HTMLElement>('[type=search]')?.focus()
  else if (key === 'm') document.querySelector<HTMLElement>('#main')?.focus()
  else {
    after = key
    return false
  }
  after = undefined
  return true
}

function inField(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    target.matches('input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]')
  )
}

function listen(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey || inField(event.target) || isOff()) return
  if (pressed(event.key)) event.preventDefault()
}

/* `first` was pressed before this was here. */
export function start(first: KeyboardEvent): void {
  document.addEventListener('keydown', listen)
  listen(first)
}
