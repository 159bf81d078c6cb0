/* clinic.ts - what is still missing, while one writes: the form goes to the route that data-check names
 * when one pauses, and this element gives way to the one of the same id in the answer. */
import { announce } from './dom'

const PAUSE = 1500

async function check(place: HTMLElement, form: HTMLFormElement): Promise<void> {
  const body = new URLSearchParams()
  for (const [name, value] of new FormData(form))
    if (typeof value === 'string') body.append(name, value)
  const answer = await fetch(place.dataset['check'] ?? '', {
    method: 'POST',
    body,
    headers: { Accept: 'text/html' }
  })
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
  const fresh = page.getElementById(place.id)
  if (!fresh || fresh.textContent === place.textContent) return
  place.replaceChildren(...fresh.childNodes)
  announce(place.querySelector('h2')?.textContent ?? '')
}

export function start(place: HTMLElement): void {
  const form = document.querySelector<HTMLFormElement>(
    `#${CSS.escape(place.dataset['form'] ?? '')}`
  )
  let timer: number | undefined
  form?.addEventListener('input', () => {
    clearTimeout(timer)
    timer = window.setTimeout(() => check(place, form).catch(() => undefined), PAUSE)
  })
}
