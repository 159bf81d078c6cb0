/* series.ts - the numbers of a table: the first cell of a row names it, cells of class num are series. */
export interface Series {
  names: string[]
  lines: { name: string; values: (number | null)[] }[]
}

/* "1,600万元" is 1600, "5.8%" is 5.8; a dash is nothing. */
export function numberOf(text: string): number | null {
  const found = /-?\d[\d,]*(\.\d+)?/.exec(text.replace(/\u2212/g, '-'))
  return found ? Number(found[0].replace(/,/g, '')) : null
}

/* Rows as texts: the head first. `numeric` says which columns hold numbers. */
export function seriesOf(head: string[], rows: string[][], numeric: boolean[]): Series {
  const columns = head.map((_, i) => i).filter((i) => i > 0 && numeric[i])
  return {
    names: rows.map((row) => row[0] ?? ''),
    lines: columns.map((i) => ({
      name: head[i] ?? '',
      values: rows.map((row) => numberOf(row[i] ?? ''))
    }))
  }
}
