/* focus.ts - the error summary takes the focus, and its links lead into the fields. */
const CONTROL = 'input:not([type=hidden]):not(.vh), select, textarea, button:not(.vh)'

/* The field itself, or the first one in the group that the link names. */
function control(target: HTMLElement): HTMLElement {
  return target.matches(CONTROL) ? target : (target.querySelector<HTMLElement>(CONTROL) ?? target)
}

export function start(summary: HTMLElement): void {
  summary.addEventListener('click', (event) => {
    const link = (event.target as HTMLElement).closest<HTMLAnchorElement>('a[href^="#"]')
    const target = link && document.getElementById(decodeURIComponent(link.hash.slice(1)))
    if (!target) return
    event.preventDefault()
    control(target).focus()
    target.scrollIntoView({ block: 'center' })
  })
  summary.focus()
}
