/** The layout of a flat JSON line: the bytes between its values. */
import { type Field, fields } from './vote-json.ts'

/**
 * A value's place in a line: the bytes before it (its opening quote among them), the index of its field in `fields`, or
 * -1 where it is read over, and what it is.
 */
export type Slot = { before: Uint8Array; field: number; kind: 'text' | 'number' | 'word' }

/** `after`: the bytes behind the last value, without the line break. */
export type Layout = { slots: readonly Slot[]; after: Uint8Array }

const encoder = new TextEncoder()
const pair = /("(?:[^"\\]*)"\s*:\s*)(?:"([^"\\]*)"|(-?\d[\d.eE+-]*)|(true|false|null))\s*/y
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
    const field = fields.findIndex(known => known === name)
    if (!fits(field, kind) || name === 'models') return null
    const valueStart = at + beforeValue.length + (kind === 'text' ? 1 : 0)
    const valueEnd = valueStart + (text ?? number ?? match[4] ?? '').length
    slots.push({ before: encoder.encode(line.slice(literalStart, valueStart)), field, kind })
    literalStart = valueEnd
    at += whole.length
    if (line[at] === '}') break
    const comma = /,\s*/y
    comma.lastIndex = at
    const between = comma.exec(line)
    if (between === null) return null
    at += between[0].length
  }
  return needed.every(field => seen.has(field)) ? { slots, after: encoder.encode(line.slice(literalStart)) } : null
}

function fits(field: number, kind: Slot['kind']): boolean {
  const name = fields[field]
  if (name === undefined) return true
  return kind === 'text' || (kind === 'number' && !needed.includes(name))
}
