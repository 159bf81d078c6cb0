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
  // the fields stand on this page: a link from the answer's own would leave it
  for (const link of fresh.querySelectorAll('a[href*="#"]'))
    link.setAttribute('href', (link.getAttribute('href') ?? '').replace(/^[^#]*/, ''))
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
