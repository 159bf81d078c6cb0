/* suggest.ts - what there is by that name, while one types into a search field: data-suggest names the
 * list that is asked (/items?size=8), and the titles of its answer stand below the field. The browser's
 * own list (datalist) shows them, so keys and screen readers know it. */
import { make } from './dom'

const PAUSE = 250
const known = new Map<string, string[]>()

async function titles(from: string, words: string): Promise<string[]> {
  const where = `${from}&q=${encodeURIComponent(words)}`
  const kept = known.get(where)
  if (kept) return kept
  const answer = await fetch(where, { headers: { Accept: 'application/json' } })
  if (!answer.ok) return []
  const { items } = (await answer.json()) as { items?: { title?: string; name?: string }[] }
  const found = [...new Set((items ?? []).map((item) => item.title ?? item.name ?? ''))]
  known.set(where, found)
  return found
}

export function start(element: HTMLElement): void {
  const from = element.dataset['suggest'],
    field = element.querySelector<HTMLInputElement>('[type=search]')
  if (!from || !field) return
  const list = make('datalist', { id: `${field.id}-list` })
  let timer: number | undefined
  field.after(list)
  field.setAttribute('list', list.id)
  field.autocomplete = 'off'
  const ask = (event: Event) => {
    clearTimeout(timer)
    /* what an input method has not turned into characters yet is no word */
    if (event instanceof InputEvent && event.isComposing) return
    const words = field.value.trim()
    if (words === '') return
    timer = window.setTimeout(async () => {
      const found = await titles(from, words).catch(() => [])
      if (field.value.trim() === words)
        list.replaceChildren(...found.map((value) => make('option', { value })))
    }, PAUSE)
  }
  field.addEventListener('input', ask)
  field.addEventListener('compositionend', ask)
}
