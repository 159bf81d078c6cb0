/* desk.ts - the page shows what has changed while somebody looks at it, unless a field or dialog is
 * in use. It hears of it (live.ts); where it cannot, it looks once a minute. */
import { announce } from './dom'
import { hears, watch } from './live'
import { say } from './words'

const EVERY = 60e3
const CALM = 500 /* several changes at once need one look; and not everybody's at the same moment */

/* The place itself and the news beside it, here and in another answer. */
const parts = (page: ParentNode, id: string) => [
  page.querySelector(`#${id}`),
  page.querySelector('aside.side')
]

/* What there is to do; not how many hours are left for it. */
function work(places: (ParentNode | null)[]): string {
  return places
    .flatMap((place) => [...(place?.querySelectorAll('a') ?? [])])
    .map((a) => `${a.pathname} ${a.textContent}`)
    .join('\n')
}

/* A link that has the focus keeps it. */
function replace(place: Element, fresh: Element): void {
  const active = place.contains(document.activeElement) ? document.activeElement : null
  const href = active?.getAttribute('href')
  place.replaceChildren(...fresh.childNodes)
  if (!href) return
  const link = place.querySelector<HTMLElement>(`a[href="${CSS.escape(href)}"]`)
  link?.focus({ preventScroll: true })
}

/* Returns whether there is nothing left to be shown. */
async function look(place: HTMLElement): Promise<boolean> {
  const answer = await fetch(location.href, { headers: { Accept: 'text/html' } })
  if (!answer.ok || answer.redirected) return answer.redirected
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
  const fresh = parts(page, place.id)
  const shown = parts(document, place.id)
  if (!fresh[0] || work(fresh) === work(shown)) return true
  if (place.querySelector('dialog[open], input:focus, textarea:focus, select:focus')) return false
  shown.forEach((old, i) => {
    if (old && fresh[i]) replace(old, fresh[i])
  })
  announce(say('desk.changed'))
  return true
}

export function start(place: HTMLElement): void {
  let due: number | undefined
  let stale = false
  const visible = () => document.visibilityState === 'visible'
  const see = () => {
    due = undefined
    stale = true
    if (!visible() || !place.isConnected) return
    look(place)
      .then((done) => (stale = !done))
      .catch(() => undefined)
  }
  watch(() => {
    due ??= window.setTimeout(see, CALM * (1 + Math.random()))
  })
  document.addEventListener('visibilitychange', () => {
    if (stale && visible()) see()
  })
  setInterval(() => {
    if (stale || !hears()) see()
  }, EVERY)
}
