/**
 * Markdown in pieces. Where a piece ends depends on nothing but what comes before that place and a few units behind it, so
 * while a text grows, every piece but the last stays as it is: a streaming answer only ever edits its last message.
 */
import { continuation, keptBy, type Line, longestClosing, nowhere, type Place, readLine } from './lines.ts'
import { spansIn } from './spans.ts'

/** UTF-16 units behind a border that may decide about it: the mark of the next line, the rest of a grapheme. */
const lookahead = 8

/** Longer infos of a fence (a language, a file name) are not worth repeating. */
const infoLimit = 40

const tableDelimiter = /^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)+\|?\s*$/

/** What at the beginning of a message would be a heading, a list, a quote or a fence, though it is none. */
const looksLikeBlock = /^(?:#{1,6}\s|>|[-+*]\s|-#|\d{1,9}[.)]\s|`{3}|~{3}|={2,}|-{2,}|\|)/

const sentenceEnd = /[.!?…:;][”"'’)\]»*_]*\s+|[。！？；][”"'’」』）]*/gu
const wordEnd = /\s+|[，、：]/gu

type Table = { heading: string; delimiter: string }

/** Where a text goes on, and in what. */
type Start = { at: number; place: Place; table: Table | null; isWithinLine: boolean }

/** A place between two lines. The higher its rank, the less is torn there. */
type Border = { end: number; rank: number; place: Place; table: Table | null }

type Scan = {
  borders: readonly Border[]
  /** The line that the scanned text ends in. */
  last: { start: number; content: number; line: Line }
  /** Whether a link, inline code or the like goes on there. */
  isWithinSpan(at: number): boolean
}

/** Ranks of borders: between blocks, before a block without a gap, between nested items, lines or rows, lines of code. */
const betweenBlocks = 6
const beforeBlock = 5
const betweenNested = 4
const betweenLines = 3
const betweenCode = 1

/**
 * `text` in pieces of at most `limit` UTF-16 units (100 or more), none of them empty. The next piece is reopened in what the
 * last one ended in: a fenced block is closed and opened again with its fence and language, a table repeats its heading
 * and delimiter, a quote goes on as a quote, and the items around a place are repeated as `2. …`. Blocks and list items of
 * up to half a piece stay whole, and mostly those of up to two thirds; so do links, addresses, inline code and emphasis of
 * up to half a piece. Where that leaves no border, a piece ends behind a sentence, a word, or a grapheme. A fenced block
 * without an end is closed at the end of the text.
 *
 * For every beginning of `text`, all its pieces but the last are the first pieces of `text`. But for repeated lines and
 * closings, the pieces have every character of `text` in order, except spaces where a piece ends. Takes time in
 * proportion to the text.
 */
export function splitMarkdown(text: string, limit: number): string[] {
  const pieces: string[] = []
  const room = limit - longestClosing
  let start: Start | null = { at: 0, place: nowhere, table: null, isWithinLine: false }
  while (start !== null) {
    start = settled(start, text)
    const prefix = reopening(start, Math.floor(limit / 4))
    const own = room - prefix.length
    const window = prefix + text.slice(start.at, start.at + own)
    const isLast = start.at + own >= text.length
    const piece: { end: number; next: Start | null; place: Place } = isLast
      ? { end: window.length, next: null, place: scan(window).last.line.after }
      : cut(window, prefix.length, start.at, room - lookahead)
    const said = window.slice(0, piece.end)
    if (said.slice(prefix.length).trim() !== '') pieces.push(said.trimEnd() + closing(piece.place))
    start = piece.next
  }
  return pieces
}

/** Past the spaces, and past the end of a block of code that has nothing left, to what the next piece says first. */
function settled({ at, place, table, isWithinLine }: Start, text: string): Start {
  if (isWithinLine) return { at, place, table: null, isWithinLine }
  if (place.fence) {
    const begin = text[at] === '\n' ? at + 1 : at
    const line = lineAt(text, begin)
    const { kind, kept } = readLine(line, place)
    if (kind === 'code') return { at: begin, place, table: null, isWithinLine }
    const after = kind === 'closing' ? begin + line.length : begin
    return settled({ at: after, place: { containers: kept, fence: null }, table: null, isWithinLine }, text)
  }
  const gap = matchAt(/(?:[ \t]*\n)*/y, text, at)
  const begin = at + gap.length
  const { kept } = keptBy(lineAt(text, begin), place.containers)
  const isSameTable = kept.length === place.containers.length && gap.split('\n').length <= 2
  return { at: begin, place: { containers: kept, fence: null }, table: isSameTable ? table : null, isWithinLine }
}

function lineAt(text: string, at: number): string {
  return matchAt(/[^\n]*/y, text, at)
}

function matchAt(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0] ?? ''
}

/** What has to be said again before a piece goes on; without what is not worth more than `most` units. */
function reopening({ place, table, isWithinLine }: Start, most: number): string {
  const { containers, fence } = place
  const before = continuation(containers)
  const around = containers.flatMap(({ isQuote, mark }, index) =>
    isQuote ? [] : [`${continuation(containers.slice(0, index))}${mark}…\n`],
  )
  const opener = fence ? `${before}${fence.marker}${fence.info.slice(0, infoLimit)}\n` : ''
  const heading = table ? `${before}${table.heading}\n${before}${table.delimiter}\n` : ''
  const own = isWithinLine ? before : ''
  const whole = `${around.join('')}${opener}${heading}${own}`
  if (whole.length <= most) return whole
  return `${fence ? `${before}${fence.marker}\n` : ''}${heading.length <= most && !fence ? heading : ''}${own}`
}

function closing({ containers, fence }: Place): string {
  return fence ? `\n${continuation(containers)}${fence.marker}` : ''
}

/** The first piece of `window`, whose first `said` units are repeated from before, and of at most `most` units. */
function cut(window: string, said: number, at: number, most: number): { end: number; next: Start; place: Place } {
  const found = scan(window)
  const half = Math.max(said + 1, Math.floor(most / 2))
  const third = Math.max(said + 1, Math.floor(most / 3))
  const borders = found.borders.filter(({ end }) => end <= most)
  const best = (rank: number, least: number) => borders.findLast(border => border.rank >= rank && border.end >= least)
  const border =
    best(betweenBlocks, half) ??
    best(beforeBlock, half) ??
    best(beforeBlock, third) ??
    best(betweenNested, half) ??
    best(betweenLines, half) ??
    best(betweenCode, half)
  if (border) {
    const { end, place, table } = border
    return { end, place, next: { at: at + end - said, place, table, isWithinLine: false } }
  }
  // Nothing but one long line from the middle on.
  const line = lineOver(window, most)
  const place = line.line.after
  const isCode = line.line.kind === 'code'
  const end = breakInLine(window, { line, half, third, most, isCode, isWithinSpan: found.isWithinSpan })
  const spaces = isCode ? '' : (/^[ \t]+/.exec(window.slice(end))?.[0] ?? '')
  const isWithinLine = window[end + spaces.length] !== '\n'
  return { end, place, next: { at: at + end + spaces.length - said, place, table: null, isWithinLine } }
}

/** The line of `window` in which the place `at` is. */
function lineOver(window: string, at: number): Scan['last'] {
  return scan(window.slice(0, at)).last
}

function scan(window: string): Scan {
  const borders: Border[] = []
  const paragraphs: number[] = []
  let place = nowhere
  let table: Table | null = null
  let before: { text: string; kind: Line['kind']; end: number } | null = null
  let isBlankBetween = false
  let last: Scan['last'] = { start: 0, content: 0, line: readLine('', nowhere) }
  for (let start = 0; start <= window.length; ) {
    const newline = window.indexOf('\n', start)
    const end = newline < 0 ? window.length : newline
    const text = window.slice(start, end)
    const line = readLine(text, place)
    const content = text.slice(line.content)
    const isDelimiter: boolean =
      line.kind === 'text' && before !== null && before.text.includes('|') && tableDelimiter.test(content)
    if (before !== null && line.kind !== 'blank') {
      const rank = isDelimiter || before.kind === 'heading' ? 0 : rankOf(line, isBlankBetween, table !== null)
      borders.push({ end: before.end, rank, place, table })
    }
    if (isDelimiter && before) table = { heading: before.text, delimiter: content }
    else if (line.kind !== 'text' || isBlankBetween || !content.includes('|')) table = null
    if (line.kind !== 'text' || isBlankBetween || table || before?.kind === 'heading')
      paragraphs.push(start + line.content)
    isBlankBetween = line.kind === 'blank'
    if (line.kind !== 'blank') before = { text: content, kind: line.kind, end }
    place = line.after
    last = { start, content: start + line.content, line }
    start = end + 1
  }
  const spans = new Map<number, (at: number) => boolean>()
  const isWithinSpan = (at: number) => {
    const index = paragraphs.findLastIndex(begin => begin <= at)
    const begin = paragraphs[index] ?? 0
    const known =
      spans.get(begin) ?? spansIn(window.slice(begin, paragraphs[index + 1]), Math.floor((window.length * 2) / 3))
    spans.set(begin, known)
    return known(at - begin)
  }
  const whole = borders.map(border =>
    border.rank === betweenLines && isWithinSpan(border.end) ? { ...border, rank: 0 } : border,
  )
  return { borders: whole, last, isWithinSpan }
}

function rankOf({ kind, kept }: Line, isBlankBetween: boolean, isInTable: boolean): number {
  if (kind === 'code') return betweenCode
  if (kind === 'closing') return 0
  const isBlock = isBlankBetween || kind === 'item' || kind === 'opening' || kind === 'heading'
  if (kept.length > 0) return isBlock ? betweenNested : betweenLines
  if (isBlankBetween) return betweenBlocks
  return isBlock && !isInTable ? beforeBlock : betweenLines
}

type Break = {
  line: Scan['last']
  half: number
  third: number
  most: number
  isCode: boolean
  isWithinSpan(at: number): boolean
}

/** Behind a sentence, else behind a word, else between graphemes. */
function breakInLine(window: string, { line, half, third, most, isCode, isWithinSpan }: Break): number {
  const text = window.slice(line.content, most)
  const ends = (pattern: RegExp) =>
    [...text.matchAll(pattern)].map(({ 0: end, index }) => line.content + index + end.length)
  const isFree = (at: number) => !looksLikeBlock.test(window.slice(at, at + lookahead))
  const isWhole = (at: number) => isFree(at) && (isCode || !isWithinSpan(at))
  const words = ends(wordEnd)
  const sentences = isCode ? [] : ends(sentenceEnd)
  const latest = (places: readonly number[], least: number, isGood: (at: number) => boolean) =>
    places.findLast(at => at >= least && at > line.content && isGood(at))
  return (
    latest(sentences, half, isWhole) ??
    latest(words, half, isWhole) ??
    latest(words, third, isWhole) ??
    betweenGraphemes(window, most, half, isWhole) ??
    latest(words, half, isFree) ??
    betweenGraphemes(window, most, half, () => true) ??
    // A single grapheme as long as half a piece is no text; it is cut, but not within a character.
    (isLowSurrogate(window, most) ? most - 1 : most)
  )
}

/** The last place between graphemes that is good, among the last few. */
function betweenGraphemes(
  text: string,
  most: number,
  least: number,
  isGood: (at: number) => boolean,
): number | undefined {
  const segments = new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(text)
  let at = segments.containing(most)?.index ?? most
  for (let tries = 0; tries < 600 && at >= least; tries++) {
    if (isGood(at)) return at
    at = segments.containing(at - 1)?.index ?? 0
  }
  return undefined
}

function isLowSurrogate(text: string, at: number): boolean {
  const unit = text.charCodeAt(at)
  return unit >= 0xdc00 && unit <= 0xdfff
}
