/* desk.ts - the page shows what has changed while somebody looks at it, unless a field or a dialog is in
 * use. It hears of it (GET /live); where it cannot, it looks once a minute. */
import { announce } from './dom'
import { say } from './words'

const EVERY = 60e3
const CALM = 500 /* of several changes at once the last is enough */

/* What there is to do; not how many hours are left for it. */
function work(place: ParentNode): string {
  return [...place.querySelectorAll('a')].map((a) => `${a.pathname} ${a.textContent}`).join('\n')
}

const inbox = (page: ParentNode) => page.querySelector('.tools a[href="/inbox"]')
const unread = () => parseInt(inbox(document)?.querySelector('.count')?.textContent ?? '0', 10)

async function look(place: HTMLElement): Promise<void> {
  const answer = await fetch(location.href, { headers: { Accept: 'text/html' } })
  if (!answer.ok || answer.redirected) return
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
  const link = inbox(page)
  if (link) inbox(document)?.replaceChildren(...link.childNodes)
  const fresh = place.id ? page.getElementById(place.id) : null
  const busy = place.querySelector('dialog[open], input:focus, textarea:focus, select:focus')
  if (!fresh || busy || work(fresh) === work(place)) return
  place.replaceChildren(...fresh.childNodes)
  announce(say('desk.changed'))
}

/* Open while the page is seen. The first news is as old as the stream: a page that shows the same number
 * needs no look. */
class Ear {
  private source: EventSource | undefined
  private heard = false

  constructor(private readonly changed: () => void) {}

  open(): void {
    if (this.source) return
    const source = new EventSource('/live')
    this.source = source
    source.addEventListener('desk', (event) => {
      const news = JSON.parse(String((event as MessageEvent).data)) as { unread: number }
      if (this.heard || news.unread !== unread()) this.changed()
      this.heard = true
    })
    source.addEventListener('error', () => {
      if (source.readyState === EventSource.CLOSED) this.close()
    })
  }

  close(): void {
    this.source?.close()
    this.source = undefined
  }

  get deaf(): boolean {
    return this.source?.readyState !== EventSource.OPEN
  }
}

export function start(place: HTMLElement): void {
  let due: number | undefined
  const see = () => {
    clearTimeout(due)
    due = window.setTimeout(() => look(place).catch(() => undefined), CALM)
  }
  const ear = new Ear(see)
  const visible = () => place.isConnected && document.visibilityState === 'visible'
  const turn = () => (visible() ? ear.open() : ear.close())
  document.addEventListener('visibilitychange', turn)
  setInterval(() => {
    if (visible() && ear.deaf) see()
    turn()
  }, EVERY)
  turn()
}
