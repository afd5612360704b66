/** The layout of a flat JSON line: the bytes between its values. */
import { type Field, fields } from './vote-json.ts'

/**
 * A value's place in a line: the bytes before it (its opening quote among them), the index of its field in `fields`, or
 * -1 where it is read over, and what it is.
 */
export type Slot = { before: Literal; field: number; kind: 'text' | 'number' | 'word' }

/** `after`: the bytes behind the last value, without the line break. */
export type Layout = { slots: readonly Slot[]; after: Literal }

/** Bytes to compare with, four at a time (little-endian); of the last word only the bits in `mask` count. */
export type Literal = { length: number; words: Int32Array; mask: number }

/** No literal of a layout is longer: whoever compares may look so far ahead. */
export const longestLiteral = 1024

const encoder = new TextEncoder()
const pair = /("(?:[^"\\]*)"\s*:\s*)(?:"([^"\\]*)"|(-?\d[\d.eE+-]*)|(true|false|null))\s*/y
const fieldNames: readonly string[] = fields
const needed: readonly Field[] = ['model_a', 'model_b', 'winner']

/**
 * The layout of a line that JSON.parse understood; null when it is not flat, has an escape in it, names a field twice,
 * lacks a model or the winner, or has a value of a kind that its field does not usually have.
 */
export function layoutOf(line: string): Layout | null {
  const slots: Slot[] = []
  const seen = new Set<string>()
  const open = /^\s*\{\s*/.exec(line)
  if (open === null) return null
  let literalStart = 0
  let at = open[0].length
  for (;;) {
    pair.lastIndex = at
    const match = pair.exec(line)
    if (match === null) return null
    const [whole, beforeValue = '', text, number] = match
    const name = beforeValue.slice(1, beforeValue.lastIndexOf('"'))
    if (seen.has(name)) return null
    seen.add(name)
    const kind = text !== undefined ? 'text' : number !== undefined ? 'number' : 'word'
    const field = fieldNames.indexOf(name)
    if (!fits(field, kind) || name === 'models') return null
    const valueStart = at + beforeValue.length + (kind === 'text' ? 1 : 0)
    const valueEnd = valueStart + (text ?? number ?? match[4] ?? '').length
    slots.push({ before: literal(line.slice(literalStart, valueStart)), field, kind })
    literalStart = valueEnd
    at += whole.length
    if (line[at] === '}') break
    const comma = /,\s*/y
    comma.lastIndex = at
    const between = comma.exec(line)
    if (between === null) return null
    at += between[0].length
  }
  const after = literal(line.slice(literalStart))
  const short = [after, ...slots.map(({ before }) => before)].every(({ length }) => length <= longestLiteral)
  return short && needed.every(field => seen.has(field)) ? { slots, after } : null
}

/** `text` as bytes to compare with. */
export function literal(text: string): Literal {
  const bytes = encoder.encode(text)
  const whole = new Uint8Array(Math.max(4, Math.ceil(bytes.length / 4) * 4))
  whole.set(bytes)
  const view = new DataView(whole.buffer)
  const words = Int32Array.from({ length: whole.length / 4 }, (_, index) => view.getInt32(4 * index, true))
  const left = bytes.length - whole.length + 4
  return { length: bytes.length, words, mask: left === 4 ? -1 : (1 << (8 * left)) - 1 }
}

function fits(field: number, kind: Slot['kind']): boolean {
  const name = fields[field]
  if (name === undefined) return true
  return kind === 'text' || (kind === 'number' && !needed.includes(name))
}
