/**
 * Reads votes in FastChat's form, one JSON object per line, from chunks of bytes.
 *
 *     {"model_a":"x","model_b":"y","winner":"model_a"}                   model_a | model_b | tie | tie (bothbad)
 *     {"models":["x","y","z"],"winner":"y"}                              a model's name, or as above (… model_c, …)
 *
 * Optional: `judge` is the voter; `battle`, or else `question_id`, names the comparison together with the set of models.
 * An id may be written as a string or a number ("7" and 7 are the same); empty or null is none. Other fields are read over. Lines of white
 * space are no votes and no mistakes.
 *
 * JSON.parse decides what a line means. From a flat line that it understood the reader learns the layout; as long as the
 * next lines have the same, their values are cut out of the bytes, without strings or objects. Whatever looks the least
 * bit different goes to JSON.parse.
 */
import { type Grouping, tie, unknown } from './grouping.ts'
import { type Layout, type Literal, layoutOf, literal, longestLiteral, type Slot } from './line-layout.ts'
import { hashOf, hashStart, hashWord, nameMargin } from './names.ts'
import { BadVote, fields, type LineProblem, readVote } from './vote-json.ts'
import { choiceOf, isWinner, lengthOf, winnerAt } from './winners.ts'

export type BadLine = { line: number; problem: LineProblem }

/** So many bad lines are kept to be named; all are counted. */
const namedLines = 10

/** A number of so many digits is exact, and so is its text. */
const exactDigits = 15

/**
 * So many bytes are best looked at in one go: they stay in the processor's cache from when they are read until they are
 * done with.
 */
const roomSize = 1 << 18

/** Room behind the bytes read, so that looking ahead never leaves the buffer. */
const margin = longestLiteral + 2 * nameMargin

const newline = 0x0a
const quote = 0x22
const [zero, nine] = [0x30, 0x39]
const [modelA, modelB, winner, judge, question, battle] = [0, 1, 2, 3, 4, 5]
const noSlot: Slot = { before: literal(''), field: -1, kind: 'word' }

export class VoteLines {
  /** The first bad lines. */
  readonly bad: BadLine[] = []
  badCount = 0
  lines = 0
  private readonly grouping: Grouping
  private readonly decoder = new TextDecoder('utf-8', { fatal: true })
  private bytes = new Uint8Array(roomSize + margin)
  private view = new DataView(this.bytes.buffer)
  /** Bytes of a line whose end has not come yet, at the start of `bytes`. */
  private rest = 0
  private layout: Layout | null = null
  /** By field, of the line at hand: where its value lies, and the hash of its bytes. */
  private readonly starts = new Int32Array(fields.length)
  private readonly ends = new Int32Array(fields.length)
  private readonly hashes = new Int32Array(fields.length)
  private hash = 0

  constructor(grouping: Grouping) {
    this.grouping = grouping
  }

  /** Where the next bytes go, for whoever can put them there himself; `put` takes them. */
  room(size = roomSize): Uint8Array {
    if (this.rest + size + margin > this.bytes.length) this.grow(2 * this.rest + size + margin)
    return this.bytes.subarray(this.rest, this.rest + size)
  }

  /** Takes the first `count` bytes of the room; lines may be cut anywhere. */
  put(count: number): void {
    const size = this.rest + count
    const end = this.bytes.subarray(this.rest, size).lastIndexOf(newline) + 1 + this.rest
    if (end === this.rest) {
      this.rest = size
      return
    }
    this.whole(end)
    this.bytes.copyWithin(0, end, size)
    this.rest = size - end
  }

  /** Takes a copy of the next bytes. */
  push(chunk: Uint8Array): void {
    this.room(chunk.length).set(chunk)
    this.put(chunk.length)
  }

  /** Takes what stands behind the last line break. */
  finish(): void {
    if (this.rest > 0) this.push(Uint8Array.of(newline))
  }

  private grow(size: number): void {
    const larger = new Uint8Array(size)
    larger.set(this.bytes.subarray(0, this.rest))
    this.bytes = larger
    this.view = new DataView(larger.buffer)
  }

  /** Whole lines, each with its line break: scans rely on meeting one. */
  private whole(size: number): void {
    let at = 0
    while (at < size) {
      this.lines++
      const next = this.layout === null ? 0 : this.cut(at, this.layout)
      if (next > 0) {
        at = next
        continue
      }
      const end = this.bytes.indexOf(newline, at)
      this.parse(this.bytes.subarray(at, end))
      at = end + 1
    }
  }

  /** Reads a line of the known layout. Returns where the next one starts, or 0 when this one is not quite the same. */
  private cut(from: number, { slots, after }: Layout): number {
    const { bytes, view, starts, ends, hashes } = this
    let at = from
    let choice = tie
    for (let index = 0; index < slots.length; index++) {
      const { before, field, kind } = slots[index] ?? noSlot
      if (!isAt(view, at, before)) return 0
      at += before.length
      if (field === winner) {
        const row = winnerAt(view, at)
        if (!isWinner(view, at, row)) return 0
        choice = choiceOf(row)
        at += lengthOf(row)
        continue
      }
      const end = kind === 'text' ? this.text(bytes, view, at) : this.token(bytes, view, at, kind, field)
      if (end < 0) return 0
      if (field >= 0) {
        starts[field] = at
        ends[field] = end
        hashes[field] = this.hash
      }
      at = end
    }
    if (!isAt(view, at, after)) return 0
    at += after.length
    if (bytes[at] !== newline || starts[modelA] === ends[modelA] || starts[modelB] === ends[modelB]) return 0
    const { models, questions, voters } = this.grouping
    this.grouping.addPair(
      this.number(models, modelA),
      this.number(models, modelB),
      choice,
      this.number(questions, starts[battle] === unknown || starts[battle] === ends[battle] ? question : battle),
      this.number(voters, judge),
    )
    return at + 1
  }

  private number(names: Grouping['models'], field: number): number {
    const start = this.starts[field] ?? unknown
    const length = (this.ends[field] ?? 0) - start
    if (start === unknown || length === 0) return unknown
    return names.number(this.view, start, length, this.hashes[field] ?? 0)
  }

  /** Where the string ends that begins at `at`; -1 when it has anything but plain ASCII in it. */
  private text(bytes: Uint8Array, view: DataView, at: number): number {
    let hash = hashStart
    for (let start = at; ; start += 4) {
      const word = view.getInt32(start, true)
      const stops = stopsIn(word)
      if (stops === 0) {
        hash = hashWord(hash, word)
        continue
      }
      const left = (31 - Math.clz32(stops & -stops)) >> 3
      if (bytes[start + left] !== quote) return -1
      this.hash = left === 0 ? hash : hashWord(hash, word & ((1 << (8 * left)) - 1))
      return start + left
    }
  }

  /** Where the number or word ends that begins at `at`; an id has digits only. */
  private token(bytes: Uint8Array, view: DataView, at: number, kind: Slot['kind'], field: number): number {
    let end = at
    let digits = true
    for (; ; end++) {
      const byte = bytes[end] ?? newline
      const isDigit = byte >= zero && byte <= nine
      if (!isDigit && !isInNumberOrWord(byte)) break
      digits &&= isDigit
    }
    if (field >= 0) this.hash = hashOf(view, at, end - at)
    if (digits && end > at && end - at <= exactDigits && (bytes[at] !== zero || end === at + 1)) return end
    if (field >= 0) return -1
    return (kind === 'number' ? jsonNumber : jsonWord).test(ascii(bytes, at, end)) ? end : -1
  }

  private parse(bytes: Uint8Array): void {
    try {
      const line = this.decode(bytes)
      if (line.trim() === '') return
      this.add(readVote(line))
      this.learn(layoutOf(line))
    } catch (error) {
      if (!(error instanceof BadVote)) throw error
      this.badCount++
      if (this.bad.length < namedLines) this.bad.push({ line: this.lines, problem: error.problem })
    }
  }

  private learn(layout: Layout | null): void {
    this.layout = layout
    // What no line of this layout has stays unknown, without being said line by line.
    this.starts.fill(unknown)
  }

  private decode(bytes: Uint8Array): string {
    try {
      return this.decoder.decode(bytes)
    } catch {
      throw new BadVote('not_utf8')
    }
  }

  private add(vote: ReturnType<typeof readVote>): void {
    const grouping = this.grouping
    const numbers = vote.models.map(model => grouping.models.numberOf(model))
    const questionNumber = vote.question === null ? unknown : grouping.questions.numberOf(vote.question)
    const voter = vote.judge === null ? unknown : grouping.voters.numberOf(vote.judge)
    const [a, b] = numbers
    if (a !== undefined && b !== undefined && numbers.length === 2) {
      grouping.addPair(a, b, vote.choice, questionNumber, voter)
    } else grouping.addBallot(numbers, vote.choice, questionNumber, voter)
  }
}

/** True when the literal stands at `at`. */
function isAt(view: DataView, at: number, { words, mask }: Literal): boolean {
  const last = words.length - 1
  for (let index = 0; index < last; index++) if (view.getInt32(at + 4 * index, true) !== words[index]) return false
  return (view.getInt32(at + 4 * last, true) & mask) === words[last]
}

/**
 * The top bit of each of the four bytes that is a quote, a backslash, a control character or not ASCII (Mycroft's trick).
 * The lowest bit set is true; a borrow may set false ones above it.
 */
function stopsIn(word: number): number {
  const quotes = word ^ 0x22222222
  const slashes = word ^ 0x5c5c5c5c
  const hits = ((quotes - 0x01010101) & ~quotes) | ((slashes - 0x01010101) & ~slashes) | (word - 0x20202020) | word
  return hits & 0x80808080
}

const jsonNumber = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/
const jsonWord = /^(?:true|false|null)$/

/** + - . and ASCII letters. */
function isInNumberOrWord(byte: number): boolean {
  return (
    byte === 0x2b || byte === 0x2d || byte === 0x2e || (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a)
  )
}

function ascii(bytes: Uint8Array, start: number, end: number): string {
  return String.fromCharCode(...bytes.subarray(start, end))
}
