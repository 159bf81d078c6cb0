/* draft.ts - the form as far as it is filled in, to the route of data-draft, when one pauses: a draft on the
 * server, to be gone on with on another computer. What cannot be kept (a mark that cannot be one, the
 * network lost) is not complained of here: the form's own step says so. */
import { say } from './words'

const PAUSE = 3000

async function send(form: HTMLFormElement): Promise<void> {
  const body = new URLSearchParams()
  for (const [name, value] of new FormData(form))
    if (typeof value === 'string') body.append(name, value)
  const answer = await fetch(`${form.dataset['draft'] ?? ''}?_method=PUT`, {
    method: 'POST',
    body,
    headers: { Accept: 'text/html' },
    redirect: 'manual'
  })
  const said = form.querySelector('[data-said]')
  const time = new Date().toLocaleTimeString(document.documentElement.lang, { timeStyle: 'short' })
  if (said && answer.type === 'opaqueredirect') said.textContent = say('draft.kept', { time })
}

export function start(element: HTMLElement): void {
  const form = element as HTMLFormElement
  let timer: number | undefined
  form.addEventListener('input', () => {
    clearTimeout(timer)
    timer = window.setTimeout(() => void send(form).catch(() => undefined), PAUSE)
  })
  form.addEventListener('submit', () => clearTimeout(timer))
}
