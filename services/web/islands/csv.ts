/* csv.ts - between cells and CSV. */

/* What spreadsheets write in China is UTF-8 or GB18030; the first is strict enough to tell. */
export function decoded(bytes: ArrayBuffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('gb18030').decode(bytes)
  }
}

function cellText(cell: unknown): string {
  if (cell === null || cell === undefined) return ''
  if (cell instanceof Date) return cell.toISOString().replace(/T00:00:00\.000Z$/, '')
  return String(cell)
}

export function csvOf(rows: readonly (readonly unknown[])[]): string {
  const quoted = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text)
  return rows.map((row) => row.map((cell) => quoted(cellText(cell))).join(',')).join('\n')
}

/* How many cells the first row has. */
export function columnsOf(text: string): number {
  let quoted = false,
    cells = 1
  for (const c of text) {
    if (c === '"') quoted = !quoted
    else if (!quoted && c === '\n') break
    else if (!quoted && (c === ',' || c === '\t')) cells++
  }
  return cells
}
