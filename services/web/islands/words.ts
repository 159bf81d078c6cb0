/* words.ts - what the islands say, from the catalogue that pages have too, in the page's language. */
import sentences from '../messages/islands.json'

const language = document.documentElement.lang.startsWith('zh') ? 'zh' : 'en'

export function say(
  key: keyof typeof sentences,
  values: Record<string, string | number> = {}
): string {
  return sentences[key][language].replace(/\{(\w+)\}/g, (_, name: string) =>
    String(values[name] ?? '')
  )
}
