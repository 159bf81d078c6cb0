/* upload.ts - a table from a file: CSV in UTF-8 or GB18030, or the first sheet of an Excel workbook, is
 * read here and put into the box that a person may also paste into. The form then goes as text/csv, with
 * its progress shown, and may be sent again when the way was cut. */
import { button, make } from './dom'
import { columnsOf, csvOf, decoded } from './csv'
import type { Show } from './island'
import { say } from './words'

async function textOf(file: File): Promise<string> {
  if (!/\.xlsx$/i.test(file.name)) return decoded(await file.arrayBuffer())
  const { readSheet } = await import('read-excel-file/universal')
  return csvOf(await readSheet(await file.arrayBuffer()))
}

async function read(file: File, box: HTMLTextAreaElement, said: HTMLElement): Promise<void> {
  said.textContent = say('upload.reading')
  try {
    const text = await textOf(file)
    const rows = text.split('\n').filter((line) => line.trim() !== '').length - 1
    box.value = text
    said.textContent =
      rows > 0 ? say('upload.read', { rows, columns: columnsOf(text) }) : say('upload.empty')
  } catch {
    said.textContent = say('upload.bad')
  }
}

/* fetch does not tell how much of a body has gone. */
function post(
  url: string,
  token: string,
  text: string,
  sent: (pct: number) => void
): Promise<XMLHttpRequest> {
  return new Promise((done, failed) => {
    const request = new XMLHttpRequest()
    request.open('POST', url)
    request.setRequestHeader('Content-Type', 'text/csv; charset=utf-8')
    request.setRequestHeader('X-CSRF-Token', token)
    request.setRequestHeader('Accept', 'text/html')
    request.upload.onprogress = (event) =>
      sent(Math.round((100 * event.loaded) / Math.max(event.total, 1)))
    request.onload = () => done(request)
    request.onerror = request.ontimeout = () => failed(new Error('no answer'))
    request.timeout = 300e3
    request.send(text)
  })
}

async function send(
  form: HTMLFormElement,
  box: HTMLTextAreaElement,
  said: HTMLElement,
  show: Show
): Promise<void> {
  const bar = make('progress', { max: '100', value: '0', 'aria-label': say('keep.sending') })
  const token = form.querySelector<HTMLInputElement>('[name=csrf]')?.value ?? ''
  said.replaceChildren(bar)
  try {
    const answer = await post(form.action, token, box.value, (pct) => {
      bar.value = pct
      bar.setAttribute('aria-valuetext', say('upload.sent', { pct }))
    })
    if (new URL(answer.responseURL).pathname !== new URL(form.action).pathname)
      location.assign(answer.responseURL)
    else if (/html/.test(answer.getResponseHeader('Content-Type') ?? '')) show(answer.responseText)
    else form.submit()
  } catch {
    said.replaceChildren(
      say('keep.away'),
      ' ',
      button(say('keep.again'), 'btn two sm', () => void send(form, box, said, show))
    )
  }
}

export function start(place: HTMLElement, show: Show): void {
  const form = place.closest('form'),
    box = place.querySelector('textarea')
  const picker = place.querySelector<HTMLInputElement>('[type=file]'),
    said = place.querySelector<HTMLElement>('[data-said]')
  if (!form || !box || !picker || !said) return
  picker.closest('[hidden]')?.removeAttribute('hidden')
  picker.addEventListener('change', () => {
    if (picker.files?.[0]) void read(picker.files[0], box, said)
  })
  form.addEventListener(
    'submit',
    (event) => {
      if (box.value.length < 200_000)
        return /* as any form: small enough to come back with its errors */
      event.preventDefault()
      event.stopImmediatePropagation()
      void send(form, box, said, show)
    },
    { capture: true }
  )
}
