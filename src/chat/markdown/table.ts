/** Tables for platforms that have none: as aligned code where it fits on a phone, else as cards. */
import stringWidth from 'string-width'

/** Columns that a phone shows of a block of code. */
const phoneColumns = 38

/**
 * The lines of a table of `rows`, the first of which is the heading. `plain` has the cells as people read them, `rich` as
 * Markdown in one line. Where a cell is more than its words (`isRich`), the table is never code.
 */
export function tableLines(plain: readonly string[][], rich: readonly string[][], isRich: boolean): string[] {
  const [heading = []] = plain
  const widths = heading.map((_, column) => Math.max(1, ...plain.map(row => stringWidth(row[column] ?? ''))))
  const columns = widths.reduce((sum, width) => sum + width + 2, -2)
  return columns > phoneColumns || isRich ? cards(rich) : drawn(plain, widths)
}

function drawn(rows: readonly string[][], widths: readonly number[]): string[] {
  const [heading = [], ...body] = rows.map(cells =>
    widths.map((width, column) => padded(cells[column] ?? '', width)).join('  '),
  )
  const rule = widths.map(width => '─'.repeat(width)).join('  ')
  const lines = [heading, rule, ...body].map(line => String(line).trimEnd().replaceAll('`', 'ˋ'))
  return ['```', ...lines, '```']
}

function cards([heading = [], ...body]: readonly string[][]): string[] {
  if (body.length === 0) return [heading.join(' · ')]
  return body.flatMap(([first = '', ...others], index) => [
    ...(index === 0 ? [] : ['']),
    isBold(first) ? first : `**${first || '–'}**`,
    ...others.map((cell, column) => {
      const name = heading[column + 1] ?? ''
      return name === '' ? cell || '–' : `${name}: ${cell || '–'}`
    }),
  ])
}

/** Two pairs of asterisks around a word would be asterisks. */
function isBold(text: string): boolean {
  return text.startsWith('**')
}

function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - stringWidth(text)))
}
