/* renumber.ts - the names of a row when it moves to another place of its list. */

/* As the server makes ids of names: "f-indicators-0--name". */
function idOf(name: string): string {
  return `f-${name.replace(/[^A-Za-z0-9_]/g, '-')}`
}

/* `text` is a name, an id, words with ids, or the value of a button that drops a row: where it speaks
 * of row `from` of the list, it speaks of row `to` afterwards. */
export function moved(text: string, list: string, from: number, to: number): string {
  const swaps: [string, string][] = [
    [`${list}[${from}]`, `${list}[${to}]`],
    [idOf(`${list}[${from}]`), idOf(`${list}[${to}]`)]
  ]
  if (text === `${list}.${from}`) return `${list}.${to}`
  return text
    .split(' ')
    .map((word) => {
      const swap = swaps.find(([old]) => word.startsWith(old))
      return swap ? swap[1] + word.slice(swap[0].length) : word
    })
    .join(' ')
}

/* "指标 1", "Measure 1": the number at the end is the row's. */
export function renamed(text: string, from: number, to: number): string {
  return text.replace(new RegExp(`(^|\\D)${from + 1}(\\s*)$`), `$1${to + 1}$2`)
}
