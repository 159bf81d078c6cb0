/* keep.ts - nothing typed is lost. As one types, the form is kept on this computer; it is offered back
 * when the page comes again without it. It is sent from here, so that where nothing answers (network
 * lost, server restarting) the page stays as it is, and the same step may be sent again: its key makes
 * sure that it happens once. */
import { button, make } from './dom'
import { drop, find, keep, keysOf, same, worthKeeping, type Fields } from './kept'
import type { Show } from './island'
import { say } from './words'

const PATIENCE = 30e3
const PAUSE = 400

/* One form: where it goes, and on which page. */
function placeOf(form: HTMLFormElement): string {
  return ` ${new URL(form.action, location.href).pathname} ${location.pathname}`
}

/* One person's on one form; nobody's where the session has ended. */
function keyOf(form: HTMLFormElement): string {
  return `keep ${document.querySelector('.who')?.textContent ?? ''}${placeOf(form)}`
}

/* What was sent is dropped whoever the page said was signed in while it was typed. */
function dropSent(form: HTMLFormElement): void {
  for (const key of keysOf(localStorage, 'keep ', placeOf(form))) drop(localStorage, key)
}

function fieldsOf(form: HTMLFormElement): Fields {
  const secret = new Set(
    [...form.querySelectorAll<HTMLInputElement>('[type=password]')].map((i) => i.name)
  )
  return worthKeeping(new FormData(form).entries() as Iterable<[string, unknown]>, secret)
}

function grow(form: HTMLFormElement, name: string): void {
  const [, list, index] = /^(.*)\[(\d+)\]/.exec(name) ?? []
  if (list === undefined) return
  const more = form.querySelector<HTMLButtonElement>(
    `button[name=_more][value="${CSS.escape(list)}"]`
  )
  for (let n = 0; more && n < 100 && !form.elements.namedItem(name) && n <= Number(index); n++)
    more.click()
}

function restore(form: HTMLFormElement, fields: Fields): void {
  for (const box of form.querySelectorAll<HTMLInputElement>('[type=checkbox], [type=radio]'))
    box.checked = false
  for (const [name, value] of fields) {
    if (!form.elements.namedItem(name)) grow(form, name)
    for (const field of form.querySelectorAll<HTMLInputElement>(`[name="${CSS.escape(name)}"]`)) {
      if (field.type === 'checkbox' || field.type === 'radio')
        field.checked ||= field.value === value
      else if (field.type !== 'hidden') field.value = value
    }
  }
}

/* A note above the form; one at a time. */
class Notes {
  private note: HTMLElement | undefined
  constructor(private readonly form: HTMLFormElement) {}

  show(kind: string, title: string, rest: string, ...buttons: HTMLElement[]): void {
    this.clear()
    this.note = make(
      'div',
      { class: `note ${kind}`, role: kind === 'must' ? 'alert' : 'status', tabindex: '-1' },
      make('h3', {}, title),
      make('p', {}, rest),
      make('p', { class: 'acts gap-s' }, ...buttons)
    )
    const end = kind === 'must' ? this.form.querySelector('.acts.end, .end') : null
    if (end) end.before(this.note)
    else this.form.prepend(this.note)
    if (kind === 'must') this.note.focus()
  }

  clear(): void {
    this.note?.remove()
    this.note = undefined
  }
}

function offer(form: HTMLFormElement, key: string, notes: Notes): void {
  const found = document.querySelector('#errors') ? undefined : find(localStorage, key, Date.now())
  if (!found || same(found.fields, fieldsOf(form))) return
  const time = new Date(found.at).toLocaleString(document.documentElement.lang, {
    dateStyle: 'medium',
    timeStyle: 'short'
  })
  notes.show(
    'should',
    say('keep.found', { time }),
    '',
    button(say('keep.restore'), 'btn two sm', () => {
      restore(form, found.fields)
      notes.show('ok', say('keep.restored'), '')
    }),
    button(say('keep.drop'), 'btn two sm', () => {
      drop(localStorage, key)
      notes.clear()
    })
  )
}

function bodyOf(form: HTMLFormElement, pressed: HTMLElement | null): URLSearchParams {
  const body = new URLSearchParams()
  for (const [name, value] of new FormData(form))
    if (typeof value === 'string') body.append(name, value)
  if (pressed instanceof HTMLButtonElement && pressed.name) body.append(pressed.name, pressed.value)
  return body
}

/* A second button may send the form elsewhere: as a draft. */
function whereTo(form: HTMLFormElement, pressed: HTMLElement | null): string {
  return pressed?.hasAttribute('formaction') ? (pressed as HTMLButtonElement).formAction : form.action
}

/* What the server sends while it starts, or a proxy in its place, is no answer to the form. */
async function send(where: string, body: URLSearchParams): Promise<Response | undefined> {
  const patience = new AbortController()
  const timer = setTimeout(() => patience.abort(), PATIENCE)
  try {
    const answer = await fetch(where, {
      method: 'POST',
      body,
      headers: { Accept: 'text/html' },
      signal: patience.signal
    })
    const page = /^text\/html/.test(answer.headers.get('Content-Type') ?? '')
    return page && ![502, 504].includes(answer.status) ? answer : undefined
  } catch {
    return undefined
  } finally {
    clearTimeout(timer)
  }
}

function wait(form: HTMLFormElement, waiting: boolean): void {
  for (const main of form.querySelectorAll<HTMLButtonElement>('.end .btn:not(.two)')) {
    main.disabled = waiting
    if (waiting) main.dataset['words'] = main.textContent ?? ''
    main.textContent = waiting ? say('keep.sending') : (main.dataset['words'] ?? main.textContent)
  }
}

async function submit(
  form: HTMLFormElement,
  pressed: HTMLElement | null,
  notes: Notes,
  show: Show
): Promise<void> {
  const key = keyOf(form),
    body = bodyOf(form, pressed)
  keep(localStorage, key, fieldsOf(form), Date.now())
  wait(form, true)
  const answer = await send(whereTo(form, pressed), body)
  if (answer?.ok) dropSent(form)
  if (answer?.ok && answer.redirected) {
    location.assign(answer.url)
    return
  }
  wait(form, false)
  if (answer) show(await answer.text())
  else
    notes.show(
      'must',
      say('keep.away'),
      say('keep.kept'),
      button(say('keep.again'), 'btn', () => void submit(form, pressed, notes, show))
    )
}

export function start(element: HTMLElement, show: Show): void {
  const form = element as HTMLFormElement,
    key = keyOf(form),
    notes = new Notes(form)
  let timer: number | undefined
  const save = () => keep(localStorage, key, fieldsOf(form), Date.now())
  offer(form, key, notes)
  form.addEventListener('input', () => {
    clearTimeout(timer)
    timer = window.setTimeout(save, PAUSE)
  })
  form.addEventListener('submit', (event) => {
    const pressed = (event as SubmitEvent).submitter
    if (event.defaultPrevented) return
    clearTimeout(timer)
    event.preventDefault()
    void submit(form, pressed, notes, show)
  })
}
