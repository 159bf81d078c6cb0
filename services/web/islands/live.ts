/* live.ts - news of the own desk (GET /live): how many messages are unread, and that it is time to
 * look. A browser has one stream, however many windows: HTTP/1.1 has six connections. Whichever
 * window holds the lock listens and tells the others; one that nobody sees hands it on after a
 * minute. As an island on the masthead it keeps the number there right. */

/* Nothing in it: the stream is open. `ask`: a window that has just come asks what is so. */
interface News {
  unread?: number
  look?: boolean
  ask?: boolean
}

const NAME = 'jb-live'
const UNSEEN = 60e3 /* a window that nobody sees for so long stops */
const OPEN = 25e3 /* so often the others hear that the stream is open */
const SILENT = 70e3 /* after so long without that nobody listens */
const AGAIN = 300e3 /* after a refusal */
const LATER = 3e3 /* a page that is only passed through needs no stream */

const shared = 'locks' in navigator && 'BroadcastChannel' in window
const watchers: (() => void)[] = []
let channel: BroadcastChannel | undefined
let control: AbortController | undefined /* of a window that listens or waits its turn */
let listens = false
let known: number | undefined /* unread, by the last news */
let open = -Infinity /* when the stream was last known to be open */
let timer: number | undefined

const count = () => document.querySelector<HTMLElement>('.tools .count')

function draw(unread: number): void {
  const place = count()
  if (place?.firstChild) place.firstChild.textContent = String(unread)
  if (place) place.hidden = unread === 0
}

function hear(news: News): void {
  if (news.ask) {
    if (listens && known !== undefined) tell({ unread: known })
    return
  }
  open = performance.now()
  if (news.unread === undefined) return
  const before = known ?? parseInt(count()?.textContent ?? '0', 10)
  known = news.unread
  draw(known)
  if (news.look || known !== before) for (const look of watchers) look()
}

function tell(news: News): void {
  channel?.postMessage(news)
  hear(news)
}

/* Until the stream is refused or this window stops. The first news of a stream is what is so now: a
 * page of the same number needs no look, unless it heard news before and may have missed some. */
function listen(signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const source = new EventSource('/live')
    const beat = setInterval(() => {
      if (source.readyState === EventSource.OPEN) tell({})
    }, OPEN)
    const end = () => {
      listens = false
      source.close()
      clearInterval(beat)
      done()
    }
    listens = true
    source.addEventListener('open', () => tell({}))
    source.addEventListener('desk', (event: MessageEvent<string>) => {
      tell({ ...(JSON.parse(event.data) as News), look: known !== undefined })
    })
    source.addEventListener('error', () => {
      if (source.readyState === EventSource.CLOSED) end()
    })
    signal.addEventListener('abort', end)
  })
}

function stop(): void {
  control?.abort()
  channel?.close()
  control = channel = undefined
}

function begin(): void {
  if (control) return
  const mine = (control = new AbortController())
  const { signal } = mine
  const turn = () => listen(signal)
  if (shared) {
    channel = new BroadcastChannel(NAME)
    channel.onmessage = (event: MessageEvent<News>) => hear(event.data)
    channel.postMessage({ ask: true })
  }
  if (known !== undefined) for (const look of watchers) look()
  void (shared ? navigator.locks.request(NAME, { signal }, turn) : turn())
    .catch(() => undefined)
    .then(() => {
      if (control !== mine) return
      stop()
      timer = window.setTimeout(follow, AGAIN)
    })
}

/* Listens while somebody looks. */
function follow(): void {
  clearTimeout(timer)
  if (document.visibilityState === 'visible') begin()
  else timer = window.setTimeout(stop, UNSEEN)
}

let begun = false

function once(wait: number): void {
  clearTimeout(timer)
  timer = window.setTimeout(follow, wait)
  if (begun) return
  begun = true
  document.addEventListener('visibilitychange', follow)
  window.addEventListener('pagehide', stop)
  window.addEventListener('pageshow', (event) => {
    if (event.persisted) follow()
  })
}

/* `look` is called when there is something new to be seen. */
export function watch(look: () => void): void {
  watchers.push(look)
  once(0)
}

/* Does some window of this browser listen? */
export const hears = () => performance.now() - open < SILENT

export function start(): void {
  if (watchers.length === 0) once(LATER)
}
