/* rows.ts - rows of a list come and go without asking the server. Without this the same buttons send
 * the form, and it comes back with one row more or fewer. */
import { announce } from './dom'
import { moved, renamed } from './renumber'
import { say } from './words'

const NAMED = ['id', 'name', 'for', 'value', 'aria-describedby', 'aria-labelledby']
const NUMBERED = '.row-no, .vh, .idx, [aria-label]'

function rowsOf(list: HTMLElement): HTMLElement[] {
  return [...list.querySelectorAll<HTMLElement>('.row, tr[data-row]')]
}

function numbered(element: Element, from: number, to: number): void {
  const label = element.getAttribute('aria-label')
  if (label) element.setAttribute('aria-label', renamed(label, from, to))
  if (element.childElementCount === 0 && element.textContent)
    element.textContent = renamed(element.textContent, from, to)
}

function move(row: HTMLElement, name: string, from: number, to: number): void {
  if (from === to) return
  for (const element of [row, ...row.querySelectorAll('*')]) {
    for (const attribute of NAMED) {
      const text = element.getAttribute(attribute)
      if (text && (attribute !== 'value' || element.matches('button')))
        element.setAttribute(attribute, moved(text, name, from, to))
    }
    if (element.matches(NUMBERED)) numbered(element, from, to)
  }
}

function clear(row: HTMLElement): void {
  for (const error of row.querySelectorAll('.err, .theirs')) error.remove()
  for (const bad of row.querySelectorAll('.bad')) bad.classList.remove('bad')
  for (const field of row.querySelectorAll<HTMLInputElement | HTMLSelectElement>(
    'input, textarea, select'
  )) {
    field.removeAttribute('aria-invalid')
    if (field.type === 'checkbox' || field.type === 'radio')
      field.checked = field.defaultChecked = false
    else if (field instanceof HTMLSelectElement) field.selectedIndex = 0
    else if (field.type !== 'hidden') field.value = ''
    if (field.matches('input'))
      field.setAttribute(
        'value',
        field.matches('[type=checkbox], [type=hidden]') ? field.value : ''
      )
    if (field.matches('textarea')) field.textContent = ''
    for (const option of field.querySelectorAll('option')) option.removeAttribute('selected')
  }
}

function changed(list: HTMLElement): void {
  list.dispatchEvent(new Event('input', { bubbles: true }))
}

function add(list: HTMLElement, name: string): void {
  const rows = rowsOf(list),
    last = rows[rows.length - 1]
  if (!last) return
  const row = last.cloneNode(true) as HTMLElement
  move(row, name, rows.length - 1, rows.length)
  clear(row)
  last.after(row)
  row.querySelector<HTMLElement>('input:not([type=hidden]), select, textarea')?.focus()
  announce(say('rows.added', { n: rows.length + 1 }))
  changed(list)
}

function drop(list: HTMLElement, name: string, row: HTMLElement): void {
  const rows = rowsOf(list),
    at = rows.indexOf(row)
  if (rows.length === 1) {
    clear(row)
  } else {
    row.remove()
    rows.slice(at + 1).forEach((later, i) => move(later, name, at + i + 1, at + i))
  }
  const next = rowsOf(list)[Math.min(at, Math.max(rows.length - 2, 0))]
  next?.querySelector<HTMLElement>('input:not([type=hidden]), select, textarea')?.focus()
  announce(say('rows.dropped', { n: at + 1 }))
  changed(list)
}

export function start(list: HTMLElement): void {
  const name = list.dataset['list'] ?? ''
  list.addEventListener('click', (event) => {
    const button = (event.target as HTMLElement).closest<HTMLButtonElement>('button[name]')
    if (!button || rowsOf(list).length === 0) return
    const row = button.closest<HTMLElement>('.row, tr[data-row]')
    if (button.name === '_more' && button.value === name) add(list, name)
    else if (button.name === '_drop' && row) drop(list, name, row)
    else return
    event.preventDefault()
  })
}
