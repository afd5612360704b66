/**
 * Markdown in pieces. Where a piece ends depends on nothing but what comes before that place, so while a text grows, every
 * piece but the last stays as it is: a streaming answer only ever edits its last message.
 */

/** A line that opens or closes a fenced block, and what stands before and behind the fence. */
const fenceLine = /^([ \t>]*)(`{3,}|~{3,})([^\n]*)$/
const tableDelimiter = /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)+\|?\s*$/
const quoted = /^([ \t]*(?:>[ \t]?)+)/

/** Longer infos of a fence (a language, a file name) are not worth repeating. */
const infoLimit = 40

type Fence = { indent: string; marker: string; info: string }

/**
 * `text` in pieces of at most `limit` UTF-16 units (100 or more), none of them empty. A piece ends between two blocks
 * where it can, else between lines, sentences, words, or graphemes; half of it at least is filled. Fenced blocks are
 * closed and opened again, tables repeat their heading, quotes go on as quotes, and no link or inline code is cut that
 * fits into half a piece. An unfinished fence at the end is closed. Time grows linearly with the text.
 */
export function splitMarkdown(text: string, limit: number): string[] {
  const pieces: string[] = []
  let rest = text
  for (;;) {
    // Room for the longest closing that may be needed: whether it is, nobody knows while the text grows.
    const most = limit - longestClosing(rest.slice(0, limit))
    if (rest.length <= most) {
      if (rest.trim() !== '') pieces.push(rest.trimEnd() + closingOf(openFence(rest)))
      return pieces
    }
    const [piece, next] = cut(rest, most)
    if (piece.trim() !== '') pieces.push(piece)
    rest = next
  }
}

/** The first piece, and what the next ones are made of. */
function cut(text: string, limit: number): [piece: string, rest: string] {
  const head = text.slice(0, limit + 1)
  const at = breakIn(head, limit)
  const open = openFence(head.slice(0, at))
  const piece = head.slice(0, at).trimEnd() + closingOf(open)
  const left = text.slice(at)
  if (open) return [piece, `${open.indent}${open.marker}${open.info.slice(0, infoLimit)}\n${left.replace(/^\n/, '')}`]
  const isWithinLine = head[at - 1] !== '\n'
  return [piece, prefixFor(head, at) + (isWithinLine ? left.trimStart() : left.replace(/^\s*\n/, ''))]
}

/** What has to be said again before a rest: the heading of the table, or the mark of the quote, that goes on in it. */
function prefixFor(head: string, at: number): string {
  const lines = head.slice(0, at).split('\n')
  const isWithinLine = lines.at(-1) !== ''
  if (isWithinLine) return quoted.exec(lines.at(-1) ?? '')?.[1] ?? ''
  lines.pop()
  const next = head.slice(at).split('\n', 1)[0] ?? ''
  let first = lines.length
  while (first > 0 && lines[first - 1]?.includes('|')) first--
  const [heading, delimiter] = lines.slice(first)
  const isTable = delimiter !== undefined && tableDelimiter.test(delimiter) && next.includes('|')
  return isTable ? `${heading}\n${delimiter}\n` : ''
}

/** Where to end a piece of at most `limit` units; `head` is longer than that. */
function breakIn(head: string, limit: number): number {
  const least = Math.floor(limit / 2)
  const borders = lineBorders(head, limit).filter(({ at }) => at >= least)
  const best =
    borders.findLast(({ isBlank, isInside }) => isBlank && !isInside) ??
    borders.findLast(({ isInside }) => !isInside) ??
    borders.at(-1)
  return best?.at ?? breakInLine(head, least, limit)
}

type Border = { at: number; isBlank: boolean; isInside: boolean }

/** Beginnings of lines, up to `limit`. Inside: in a fenced block, or between a table's first lines. */
function lineBorders(head: string, limit: number): Border[] {
  const borders: Border[] = []
  let open: Fence | null = null
  let before = ''
  for (let at = 0; at <= limit; ) {
    const end = head.indexOf('\n', at)
    const line = head.slice(at, end < 0 ? undefined : end)
    if (at > 0) {
      const isHeading = open === null && before.includes('|') && tableDelimiter.test(line)
      borders.push({ at, isBlank: before.trim() === '', isInside: open !== null || isHeading })
    }
    open = fenceAfter(line, open)
    before = line
    if (end < 0) break
    at = end + 1
  }
  return borders
}

/** Behind a sentence, else behind a word, else between graphemes; before a link or code that would be cut in two. */
function breakInLine(head: string, least: number, limit: number): number {
  const window = head.slice(0, limit)
  const whole = (at: number) => beforeOpenSpan(window.slice(0, at), least)
  for (const border of [/[.!?…:;。！？；][”"'’)\]»]*(?:\s|(?<=[。！？；]))/gu, /\s/g]) {
    const at = lastEnd(border, window, least)
    if (at !== undefined) return whole(at)
  }
  const segments = new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(head)
  const at = segments.containing(limit)?.index ?? limit
  // A single grapheme longer than a whole piece is no text; it is cut, but not within a character.
  if (at === 0) return isLowSurrogate(head, limit) ? limit - 1 : limit
  return whole(at)
}

function lastEnd(pattern: RegExp, text: string, least: number): number | undefined {
  let last: number | undefined
  for (const match of text.matchAll(pattern)) {
    const end = match.index + match[0].length
    if (end >= least) last = end
  }
  return last
}

function isLowSurrogate(text: string, at: number): boolean {
  const unit = text.charCodeAt(at)
  return unit >= 0xdc00 && unit <= 0xdfff
}

/** The beginning of the last line's link or inline code that is still open at the end of `text`, or that end. */
function beforeOpenSpan(text: string, least: number): number {
  const line = text.lastIndexOf('\n') + 1
  const spans = [
    text.slice(line).search(/!?\[[^\]\n]*(?:\](?:\([^)\n]*)?)?$/),
    text.slice(line).search(/<https?:[^>\s]*$/),
    openTick(text.slice(line)),
  ]
  const starts = spans.filter(start => start >= 0).map(start => line + start)
  const start = Math.min(text.length, ...starts)
  return start >= least ? start : text.length
}

/** Where inline code begins that does not end; -1: nowhere. */
function openTick(line: string): number {
  let open = -1
  for (const { 0: ticks, index } of line.matchAll(/`+/g)) {
    const isOpen = open >= 0
    if (!isOpen) open = index
    else if (line.slice(open).startsWith(ticks) && line[open + ticks.length] !== '`') open = -1
  }
  return open
}

/** UTF-16 units of the longest closing among the fenced blocks that `text` opens. */
function longestClosing(text: string): number {
  let longest = 0
  let open: Fence | null = null
  for (const line of text.split('\n')) {
    open = fenceAfter(line, open)
    longest = Math.max(longest, closingOf(open).length)
  }
  return longest
}

/** The fenced block that `text` leaves open. */
function openFence(text: string): Fence | null {
  return text.split('\n').reduce<Fence | null>((open, line) => fenceAfter(line, open), null)
}

function fenceAfter(line: string, open: Fence | null): Fence | null {
  const [, indent = '', marker, info = ''] = fenceLine.exec(line) ?? []
  if (marker === undefined) return open
  // Backticks behind the fence make it inline code.
  if (open === null)
    return marker.startsWith('`') && info.includes('`') ? null : { indent, marker, info: info.trimEnd() }
  const closes = marker[0] === open.marker[0] && marker.length >= open.marker.length && info.trim() === ''
  return closes ? null : open
}

function closingOf(open: Fence | null): string {
  return open ? `\n${open.indent}${open.marker}` : ''
}
