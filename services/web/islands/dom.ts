/* dom.ts - making elements, and speaking to those who cannot see them. */
type Child = Node | string

export function make<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Record<string, string> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value)
  element.append(...children)
  return element
}

export function button(words: string, kind: string, pressed: () => void): HTMLButtonElement {
  const element = make('button', { type: 'button', class: kind }, words)
  element.addEventListener('click', pressed)
  return element
}

let voice: HTMLElement | undefined

/* Said aloud by a screen reader, politely. */
export function announce(words: string): void {
  if (!voice?.isConnected) {
    voice = make('p', { class: 'vh', role: 'status' })
    document.body.append(voice)
  }
  voice.textContent = words
}
