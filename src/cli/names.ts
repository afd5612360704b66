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
  /** Name n begins at word starts[n], is lengths[n] bytes long, and is filled up with zeros to a whole word. */
  private words = new Int32Array(1 << 10)
  private starts = new Int32Array(1 << 6)
  private lengths = new Int32Array(1 << 6)
  /** Hash of name n, so that growing needs no bytes. */
  private hashes = new Int32Array(1 << 6)
  /** Open addressing: number + 1, or 0 for a free place. */
  private slots = new Int32Array(1 << 8)
  private count = 0
  private used = 0

  get size(): number {
    return this.count
  }

  /** The number of the name of `length` bytes from `start`, whose `hashOf` is `hash`. */
  number(view: DataView, start: number, length: number, hash: number): number {
    const slots = this.slots
    const mask = slots.length - 1
    for (let slot = placeOf(hash, mask); ; slot = (slot + 1) & mask) {
      const found = (slots[slot] ?? 0) - 1
      if (found < 0) return this.add(view, start, length, hash, slot)
      if (this.hashes[found] === hash && this.holds(found, view, start, length)) return found
    }
  }

  numberOf(name: string): number {
    const bytes = encoder.encode(name)
    const view = new DataView(new ArrayBuffer(bytes.length + nameMargin))
    new Uint8Array(view.buffer).set(bytes)
    return this.number(view, 0, bytes.length, hashOf(view, 0, bytes.length))
  }

  name(number: number): string {
    const start = 4 * (this.starts[number] ?? 0)
    return decoder.decode(new Uint8Array(this.words.buffer, start, this.lengths[number]))
  }

  private holds(number: number, view: DataView, start: number, length: number): boolean {
    if (this.lengths[number] !== length) return false
    const words = this.words
    let word = this.starts[number] ?? 0
    for (let at = 0; at < length; at += 4) if (words[word++] !== wordAt(view, start, length, at)) return false
    return true
  }

  private add(view: DataView, start: number, length: number, hash: number, slot: number): number {
    const number = this.count++
    const end = this.used + ((length + 3) >> 2)
    if (end > this.words.length) this.words = larger(this.words, 2 * end)
    if (number === this.starts.length) {
      this.starts = larger(this.starts, 2 * number)
      this.lengths = larger(this.lengths, 2 * number)
      this.hashes = larger(this.hashes, 2 * number)
    }
    this.starts[number] = this.used
    this.lengths[number] = length
    this.hashes[number] = hash
    this.slots[slot] = number + 1
    for (let at = 0; at < length; at += 4) this.words[this.used++] = wordAt(view, start, length, at)
    if (2 * this.count > this.slots.length) this.spread()
    return number
  }

  private spread(): void {
    const slots = new Int32Array(4 * this.slots.length)
    const mask = slots.length - 1
    for (let number = 0; number < this.count; number++) {
      let slot = placeOf(this.hashes[number] ?? 0, mask)
      while (slots[slot] !== 0) slot = (slot + 1) & mask
      slots[slot] = number + 1
    }
    this.slots = slots
  }
}

/** Where to look first: a word's last bytes are in the high bits only of a hash, and names often differ just there. */
function placeOf(hash: number, mask: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 16), 0x9e3779b1)
  return (mixed ^ (mixed >>> 15)) & mask
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
