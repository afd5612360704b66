/** Turns names that lie in a file as bytes into small numbers, without making a string of each. */

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** Start and step of the FNV-1a hash, which readers compute while they scan. */
export const hashStart = 0x811c9dc5
export const hashStep = 0x01000193

/** The numbers 0, 1, 2, … for names in the order of their first appearance. Compares bytes, so it never mixes names up. */
export class Names {
  #bytes = new Uint8Array(1 << 10)
  /** Name n lies at starts[n]…starts[n + 1] of `#bytes`. */
  #starts = new Int32Array(1 << 6)
  /** Hash of name n, so that growing needs no bytes. */
  #hashes = new Int32Array(1 << 6)
  /** Open addressing: number + 1, or 0 for a free place. */
  #slots = new Int32Array(1 << 8)
  #size = 0

  get size(): number {
    return this.#size
  }

  /** The number of the name in bytes[start…end], whose FNV-1a hash is `hash`. */
  number(bytes: Uint8Array, start: number, end: number, hash: number): number {
    const mask = this.#slots.length - 1
    for (let slot = spread(hash) & mask; ; slot = (slot + 1) & mask) {
      const found = (this.#slots[slot] ?? 0) - 1
      if (found < 0) return this.#add(bytes, start, end, hash, slot)
      if (this.#hashes[found] === hash && this.#holds(found, bytes, start, end)) return found
    }
  }

  numberOf(name: string): number {
    const bytes = encoder.encode(name)
    let hash = hashStart
    for (const byte of bytes) hash = Math.imul(hash ^ byte, hashStep)
    return this.number(bytes, 0, bytes.length, hash)
  }

  name(number: number): string {
    return decoder.decode(this.#bytes.subarray(this.#starts[number], this.#starts[number + 1]))
  }

  #holds(number: number, bytes: Uint8Array, start: number, end: number): boolean {
    const from = this.#starts[number] ?? 0
    if ((this.#starts[number + 1] ?? 0) - from !== end - start) return false
    for (let at = 0; at < end - start; at++) if (this.#bytes[from + at] !== bytes[start + at]) return false
    return true
  }

  #add(bytes: Uint8Array, start: number, end: number, hash: number, slot: number): number {
    const number = this.#size++
    const from = this.#starts[number] ?? 0
    const to = from + end - start
    if (to > this.#bytes.length) this.#bytes = larger(this.#bytes, new Uint8Array(2 * to))
    if (number + 2 > this.#starts.length) {
      this.#starts = larger(this.#starts, new Int32Array(2 * this.#starts.length))
      this.#hashes = larger(this.#hashes, new Int32Array(2 * this.#hashes.length))
    }
    this.#bytes.set(bytes.subarray(start, end), from)
    this.#starts[number + 1] = to
    this.#hashes[number] = hash
    this.#slots[slot] = number + 1
    if (2 * this.#size > this.#slots.length) this.#spread()
    return number
  }

  #spread(): void {
    const slots = new Int32Array(4 * this.#slots.length)
    const mask = slots.length - 1
    for (let number = 0; number < this.#size; number++) {
      let slot = spread(this.#hashes[number] ?? 0) & mask
      while (slots[slot] !== 0) slot = (slot + 1) & mask
      slots[slot] = number + 1
    }
    this.#slots = slots
  }
}

/** FNV's low bits are its weakest. */
function spread(hash: number): number {
  return hash ^ (hash >>> 15)
}

function larger<T extends { set(from: T): void }>(from: T, to: T): T {
  to.set(from)
  return to
}
