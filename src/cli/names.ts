/** Turns names that lie in a file as bytes into small numbers, without making a string of each. */

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** Names are looked at four bytes at a time: behind the last one, a view must go on for so many bytes. */
export const nameMargin = 4

/** A hash of bytes in the manner of FNV-1a, by little-endian words: readers compute it while they scan. */
export const hashStart = 0x811c9dc5 | 0

export function hashWord(hash: number, word: number): number {
  const mixed = Math.imul(hash ^ word, 0x01000193)
  return mixed ^ (mixed >>> 15)
}

/** The hash of `length` bytes from `start`; the last word is filled up with zeros. */
export function hashOf(view: DataView, start: number, length: number): number {
  let hash = hashStart
  for (let at = 0; at < length; at += 4) hash = hashWord(hash, wordAt(view, start, length, at))
  return hash
}

/** The numbers 0, 1, 2, … for names in the order of their first appearance. Compares bytes, so it never mixes names up. */
export class Names {
  /** Name after name, each filled up with zeros to a whole word. */
  private words = new Int32Array(1 << 10)
  /** Name n begins at word bounds[2n] and is bounds[2n + 1] bytes long. */
  private bounds = new Int32Array(1 << 7)
  /** Open addressing. A place is a hash, so that most others are told apart without a look at their bytes, and number + 1. */
  private slots = new Int32Array(1 << 9)
  private count = 0
  private used = 0

  get size(): number {
    return this.count
  }

  /** The number of the name of `length` bytes from `start`, whose `hashOf` is `hash`. */
  number(view: DataView, start: number, length: number, hash: number): number {
    const slots = this.slots
    const last = slots.length - 2
    for (let slot = placeOf(hash, last); ; slot = (slot + 2) & last) {
      const found = (slots[slot + 1] ?? 0) - 1
      if (found < 0) return this.add(view, start, length, hash, slot)
      if (slots[slot] === hash && this.holds(found, view, start, length)) return found
    }
  }

  numberOf(name: string): number {
    const bytes = encoder.encode(name)
    const view = new DataView(new ArrayBuffer(bytes.length + nameMargin))
    new Uint8Array(view.buffer).set(bytes)
    return this.number(view, 0, bytes.length, hashOf(view, 0, bytes.length))
  }

  name(number: number): string {
    const start = 4 * (this.bounds[2 * number] ?? 0)
    return decoder.decode(new Uint8Array(this.words.buffer, start, this.bounds[2 * number + 1]))
  }

  private holds(number: number, view: DataView, start: number, length: number): boolean {
    const { bounds, words } = this
    if (bounds[2 * number + 1] !== length) return false
    let word = bounds[2 * number] ?? 0
    let at = 0
    for (; at + 4 <= length; at += 4) if (words[word++] !== view.getInt32(start + at, true)) return false
    return at === length || words[word] === wordAt(view, start, length, at)
  }

  private add(view: DataView, start: number, length: number, hash: number, slot: number): number {
    const number = this.count++
    const end = this.used + ((length + 3) >> 2)
    if (end > this.words.length) this.words = larger(this.words, 2 * end)
    if (2 * number === this.bounds.length) this.bounds = larger(this.bounds, 4 * number)
    this.bounds[2 * number] = this.used
    this.bounds[2 * number + 1] = length
    this.slots[slot] = hash
    this.slots[slot + 1] = number + 1
    for (let at = 0; at < length; at += 4) this.words[this.used++] = wordAt(view, start, length, at)
    if (4 * this.count > this.slots.length) this.spread()
    return number
  }

  private spread(): void {
    const from = this.slots
    const slots = new Int32Array(4 * from.length)
    const last = slots.length - 2
    for (let old = 0; old < from.length; old += 2) {
      if (from[old + 1] === 0) continue
      let slot = placeOf(from[old] ?? 0, last)
      while (slots[slot + 1] !== 0) slot = (slot + 2) & last
      slots[slot] = from[old] ?? 0
      slots[slot + 1] = from[old + 1] ?? 0
    }
    this.slots = slots
  }
}

/** Where to look first: a word's last bytes are in the high bits only of a hash, and names often differ just there. */
function placeOf(hash: number, last: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 16), 0x9e3779b1)
  return ((mixed ^ (mixed >>> 15)) << 1) & last
}

/** Bytes at…at + 4 of a name, with zeros behind its end. */
function wordAt(view: DataView, start: number, length: number, at: number): number {
  const word = view.getInt32(start + at, true)
  const left = length - at
  return left >= 4 ? word : word & ((1 << (8 * left)) - 1)
}

function larger(from: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const to = new Int32Array(length)
  to.set(from)
  return to
}
