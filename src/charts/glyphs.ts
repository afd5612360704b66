/** What a font can draw, and charts that ask it for nothing else. */
import type { Chart } from './chart.ts'

type Named = { model: string; name: string }

/**
 * The chart with a model's id, less its provider, wherever the font lacks a letter of its name: an id is Latin, and a name in
 * Chinese characters would be a row of boxes.
 */
export function drawableChart(chart: Chart, canDraw: (text: string) => boolean): Chart {
  const nameOf = (model: string, name: string) => (canDraw(name) ? name : model.slice(model.indexOf('/') + 1))
  const renamed = <One extends Named>(one: One): One => ({ ...one, name: nameOf(one.model, one.name) })
  if (chart.kind === 'history') {
    return { ...chart, history: chart.history.map(week => ({ ...week, models: week.models.map(renamed) })) }
  }
  const renamedAll = (names: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(names).map(([model, name]) => [model, nameOf(model, name)]))
  if (chart.kind === 'summary') {
    const { summary } = chart
    const { turnout, names } = summary.numbers
    const { mostActive } = turnout
    // A person has no other name: who was most active is said beside the picture.
    const isDrawable = mostActive?.names.every(canDraw) ?? true
    const numbers = {
      ...summary.numbers,
      names: renamedAll(names),
      turnout: { ...turnout, mostActive: isDrawable ? mostActive : null },
    }
    return { ...chart, summary: { ...summary, numbers } }
  }
  const { islands, names } = chart.board
  const board = {
    ...chart.board,
    islands: islands.map(island => island.map(renamed)),
    names: renamedAll(names),
  }
  return { ...chart, board }
}

/** True for texts of which a TrueType font has every character. */
export function glyphsOf(font: Uint8Array): (text: string) => boolean {
  const ranges = rangesIn(new DataView(font.buffer, font.byteOffset, font.byteLength))
  return text =>
    [...text].every(character => {
      const code = character.codePointAt(0) ?? 0
      return ranges.some(({ first, last }) => first <= code && code <= last)
    })
}

/** The runs of characters in the font's `cmap`: format 12, which fonts of more than the first 65,536 characters have. */
function rangesIn(font: DataView): { first: number; last: number }[] {
  const tag = (at: number) => String.fromCharCode(...[0, 1, 2, 3].map(byte => font.getUint8(at + byte)))
  const places = (start: number, count: number, size: number) =>
    Array.from({ length: count }, (_, n) => start + n * size)
  const entry = places(12, font.getUint16(4), 16).find(at => tag(at) === 'cmap')
  if (entry === undefined) throw new Error('the font maps no characters')
  const cmap = font.getUint32(entry + 8)
  const table = places(cmap + 4, font.getUint16(cmap + 2), 8)
    .map(at => cmap + font.getUint32(at + 4))
    .find(at => font.getUint16(at) === 12)
  if (table === undefined) throw new Error('the font maps characters in a way that is not read here')
  return places(table + 16, font.getUint32(table + 12), 12).map(at => ({
    first: font.getUint32(at),
    last: font.getUint32(at + 4),
  }))
}
