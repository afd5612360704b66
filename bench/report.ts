/** What a part of the benchmark has to say, and how it is printed. */

/** One line of a table: its name, then a cell per column. */
export type Row = { name: string; cells: readonly string[] }

export type Table = {
  title: string
  columns: readonly string[]
  rows: readonly Row[]
  /** One sentence for people: what these figures mean. */
  meaning: string
}

export type Report = {
  tables: readonly Table[]
  /** The same for machines. The unit is the end of each name. */
  figures: Readonly<Record<string, number>>
}

/** As Markdown that also reads well in a terminal. */
export function printed({ title, columns, rows, meaning }: Table): string {
  const lines = [['', ...columns], ...rows.map(({ name, cells }) => [name, ...cells])]
  const widths = ['', ...columns].map((_, column) => Math.max(...lines.map(line => line[column]?.length ?? 0), 3))
  const [head = '', ...body] = lines.map(line => {
    const cells = line.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
    )
    return `| ${cells.join(' | ')} |`
  })
  const rule = `|${widths.map((width, column) => (column === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`
  return [`### ${title}`, '', head, rule, ...body, '', meaning, ''].join('\n')
}

/** The middle value; of an even number, the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  const upper = sorted[Math.floor(middle)] ?? Number.NaN
  return Number.isInteger(middle) ? ((sorted[middle - 1] ?? Number.NaN) + upper) / 2 : upper
}

/** The value that 95 of 100 do not exceed (nearest rank). */
export function p95(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.ceil(sorted.length * 0.95) - 1] ?? Number.NaN
}

export function rounded(value: number, digits = 0): string {
  return value.toFixed(digits)
}
