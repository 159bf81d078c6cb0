/* kept.ts - what was typed into a form, as text that a browser keeps. */
export type Fields = [name: string, value: string][]

const KEPT_FOR = 3 * 86400e3
const OURS = /^(csrf|_.*)$/

export interface Store {
  getItem(key: string): string | null
  setItem(key: string, value: string): void
  removeItem(key: string): void
}

/* Never passwords or codes, and nothing of the form's own. */
export function worthKeeping(fields: Iterable<[string, unknown]>, secret: Set<string>): Fields {
  const kept: Fields = []
  for (const [name, value] of fields)
    if (typeof value === 'string' && !OURS.test(name) && !secret.has(name)) kept.push([name, value])
  return kept
}

/* The same content, whatever blank rows and unticked boxes stand around it. */
export function same(one: Fields, other: Fields): boolean {
  const text = (fields: Fields) => JSON.stringify(fields.filter(([, value]) => value !== ''))
  return text(one) === text(other)
}

export function keep(store: Store, key: string, fields: Fields, now: number): void {
  try {
    store.setItem(key, JSON.stringify({ at: now, fields }))
  } catch {
    /* full, or not allowed: the page itself still has it */
  }
}

export function find(
  store: Store,
  key: string,
  now: number
): { at: number; fields: Fields } | undefined {
  try {
    const found = JSON.parse(store.getItem(key) ?? 'null') as { at: number; fields: Fields } | null
    if (found && Array.isArray(found.fields) && now - found.at < KEPT_FOR) return found
    store.removeItem(key)
  } catch {
    /* not allowed, or not ours */
  }
  return undefined
}

export function drop(store: Store, key: string): void {
  try {
    store.removeItem(key)
  } catch {
    /* not allowed: then nothing was kept either */
  }
}

/* The names that begin and end so. */
export function keysOf(store: object, begin: string, end: string): string[] {
  try {
    return Object.keys(store).filter((key) => key.startsWith(begin) && key.endsWith(end))
  } catch {
    return []
  }
}
