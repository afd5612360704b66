/**
 * The words of the winner, found in a line without an `if`: votes fall either way, so the processor would guess every other
 * one wrong, and each wrong guess takes as long as reading a name.
 */
import { bothBad, tie } from './grouping.ts'
import { literal } from './line-layout.ts'

const words = [
  ['model_a', 0],
  ['model_b', 1],
  ['tie', tie],
  ['tie (bothbad)', bothBad],
] as const

/** A row: the choice, the length of the word; from `bits` on its bytes, closing quote included, as `compared` words; their masks. */
const [rowLength, bits, masks, compared] = [16, 4, 8, 4]

const table = tableOf()

/**
 * The row of the one word that may stand at `at`: the fourth and the seventh byte tell them apart, two bits of each. A short
 * word has ended by then, so its row is there for any seventh byte.
 */
export function winnerAt(view: DataView, at: number): number {
  return rowLength * (((view.getUint8(at + 3) & 3) << 2) | (view.getUint8(at + 6) & 3))
}

/** True when that word does stand there. */
export function isWinner(view: DataView, at: number, row: number): boolean {
  let difference = 0
  for (let word = 0; word < compared; word++) {
    const found = view.getInt32(at + 4 * word, true) & (table[row + masks + word] ?? 0)
    difference |= found ^ (table[row + bits + word] ?? 0)
  }
  return difference === 0
}

export function choiceOf(row: number): number {
  return table[row] ?? tie
}

/** Without the quote. */
export function lengthOf(row: number): number {
  return table[row + 1] ?? 0
}

function tableOf(): Int32Array {
  const rows = new Int32Array(16 * rowLength)
  // Where no word belongs, nothing is equal to this under a mask of zeros.
  for (let row = 0; row < rows.length; row += rowLength) rows[row + bits] = -1
  for (const [word, choice] of words) {
    const quoted = literal(`${word}"`)
    for (let seventh = 0; seventh < 4; seventh++) {
      if (word.length > 6 && (word.charCodeAt(6) & 3) !== seventh) continue
      const row = rowLength * (((`${word}"`.charCodeAt(3) & 3) << 2) | seventh)
      rows.set([choice, word.length], row)
      rows.set(quoted.words, row + bits)
      rows.fill(-1, row + masks, row + masks + quoted.words.length)
      rows[row + masks + quoted.words.length - 1] = quoted.mask
    }
  }
  return rows
}
