/* desk.ts - the page looks once a minute, while somebody looks at it, whether something has changed, and
 * then shows it, unless a field or a dialog is in use. */
import { announce } from './dom'
import { say } from './words'

const EVERY = 60e3

/* What there is to do; not how many hours are left for it. */
function work(place: ParentNode): string {
  return [...place.querySelectorAll('a')].map((a) => `${a.pathname} ${a.textContent}`).join('\n')
}

async function look(place: HTMLElement): Promise<void> {
  const answer = await fetch(location.href, { headers: { Accept: 'text/html' } })
  if (!answer.ok || answer.redirected) return
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
  const fresh = place.id ? page.getElementById(place.id) : null
  const busy = place.querySelector('dialog[open], input:focus, textarea:focus, select:focus')
  if (!fresh || busy || work(fresh) === work(place)) return
  place.replaceChildren(...fresh.childNodes)
  announce(say('desk.changed'))
}

export function start(place: HTMLElement): void {
  setInterval(() => {
    if (place.isConnected && document.visibilityState === 'visible')
      look(place).catch(() => undefined)
  }, EVERY)
}
