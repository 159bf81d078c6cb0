/* main.ts - the loader. An element asks for its islands by name (data-island="rows keep"); each is
 * fetched when the first one asks. A page works as well without any. */
import type { Island } from './island'

const islands: Record<string, () => Promise<Island>> = {
  chart: () => import('./chart'),
  clinic: () => import('./clinic'),
  confirm: () => import('./confirm'),
  desk: () => import('./desk'),
  draft: () => import('./draft'),
  focus: () => import('./focus'),
  keep: () => import('./keep'),
  live: () => import('./live'),
  rows: () => import('./rows'),
  suggest: () => import('./suggest'),
  upload: () => import('./upload')
}

/* In the order of the names, so that whoever stands first hears a submit first. */
async function start(element: HTMLElement): Promise<void> {
  for (const name of (element.dataset['island'] ?? '').split(' ')) {
    const island = await islands[name]?.()
    island?.start(element, show)
  }
}

function startAll(): void {
  for (const element of document.querySelectorAll<HTMLElement>('[data-island]')) void start(element)
}

/* The whole body of another answer of this server, in place of this one. */
function show(html: string): void {
  const page = new DOMParser().parseFromString(html, 'text/html')
  document.title = page.title
  document.body.replaceWith(document.adoptNode(page.body))
  window.scrollTo(0, 0)
  startAll()
}

/* The keyboard help is fetched with the first key that it might know. */
function firstKey(event: KeyboardEvent): void {
  if (!['?', '/', 'g', 'm'].includes(event.key)) return
  document.removeEventListener('keydown', firstKey)
  void import('./keys').then((keys) => keys.start(event))
}

document.addEventListener('keydown', firstKey)
document.addEventListener('click', (event) => {
  if (!(event.target as HTMLElement).closest('[data-keys]')) return
  event.preventDefault()
  void import('./keys').then((keys) => keys.help())
})
startAll()
