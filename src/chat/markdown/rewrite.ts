/** Models write GitHub's Markdown, and anything else they like; chat platforms know a part of it, and things of their own. */
import type { Nodes, Root, Table } from 'mdast'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { gfmFromMarkdown } from 'mdast-util-gfm'
import { gfm } from 'micromark-extension-gfm'
import { blocksOf } from './blocks.ts'
import { gap, withoutMentions, withoutSequences } from './escape.ts'
import { nowhere, readLine } from './lines.ts'
import { tableLines } from './table.ts'

/** A change of the source: from, to, what stands there instead. */
type Edit = { start: number; end: number; instead: string }

/** What is longer than this without a gap in it is no Markdown that anybody meant, and reading it takes too long. */
const longestRead = 5000

/** So is what stands in more quotes and lists than this. */
const tooDeep = /^(?:[ \t]*(?:>|[-+*]|\d{1,9}[.)])){16}/m

/** Blocks without any of these are the same everywhere. */
const needsReading = /[`[<|>~!]|^ {0,3}(?:#|\d+[.)]|[-=_*][ \t]*[-=_*])|^(?: {4}|\t)|\\$/m

/** Stand for the brackets of links that are ours, until all others are text. They are no characters: no text has them. */
const linkMarks = { open: '\ufdd0', middle: '\ufdd1', close: '\ufdd2' }

type Dialect = {
  /** Before anything is read. */
  prepared(text: string): string
  /** `rewrite` gives the content of a node with all that is changed in it. */
  edits(node: Nodes, source: string, rewrite: (parent: Nodes) => string): Edit[]
  /** Text between the edits. */
  between(text: string): string
  /** A fenced block. */
  fenced(text: string): string
  /** What the platform takes for code, and escapes: the rest of the finished text is put into `harmless`. */
  code: RegExp
  harmless(text: string): string
  /** The same, and all of the code as well. */
  everywhere(text: string): string
}

/**
 * A model's text as Discord shows it well: tables as aligned code, or as cards where they are too wide for a phone;
 * headings of the levels it knows; all code in the one kind of fence it knows; pictures as links. Links say where they
 * lead (`[words](address) (host)`), and those that look like another address, or lead out of the web, are text. Mentions,
 * times, commands, spoilers, subtext, and quotes without an end are plain text. What is not Markdown comes through as it
 * is.
 *
 * Each outermost block is rewritten on its own, so while a text grows, only its last block changes: a table may turn from
 * code to cards, and a line under a paragraph makes it a heading. Takes time in proportion to the text.
 */
export function discordMarkdown(text: string): string {
  return rewritten(text, discord)
}

/**
 * A model's text for Slack's `markdown` block, which takes it as it is but for pictures, links that do not say where they
 * lead, and mentions. Otherwise as {@link discordMarkdown}.
 */
export function slackMarkdown(text: string): string {
  return rewritten(text, slack)
}

const discord: Dialect = {
  prepared: withSingleQuotes,
  edits: (node, source, rewrite) => {
    switch (node.type) {
      case 'table':
        return [{ ...rangeOf(node), instead: tableOf(node, source, rewrite) }]
      case 'heading':
        return headingEdits(node, source)
      case 'thematicBreak':
        return [{ ...rangeOf(node), instead: '───' }]
      case 'listItem':
        return boxEdits(node, source)
      case 'list':
        return numberEdits(node, source)
      case 'code':
        return [{ ...rangeOf(node), instead: codeOf(node, source) }]
      case 'inlineCode':
        return [{ ...rangeOf(node), instead: inlineCodeOf(node, source) }]
      case 'break': {
        const { start, end } = rangeOf(node)
        return source[start] === '\\' ? [{ start, end, instead: '\n' }] : []
      }
      default:
        return linkEdits(node, source)
    }
  },
  // What is no code must not become code together with a backtick far below.
  between: text => text.replace(/\\[\s\S]|`/g, found => (found === '`' ? '\\`' : found)),
  fenced: text => oneFence(text, '', false),
  code: /\\[\s\S]|```[\s\S]*?(?:```|$(?![\s\S]))|(`{1,2})(?!`)[\s\S]*?[^`]\1(?!`)/g,
  harmless: text =>
    text
      .replace(/\|(?=\|)|(?<=\|)\|/g, '\\|')
      .replace(/^([ \t]*(?:(?:[-*+]|\d+[.)])[ \t]+)*)(?:>[ \t]?)*>>[ \t]?|^([ \t]*)>[ \t]?(?:>[ \t]?)+/gm, '$1$2> ')
      .replace(/^([ \t>]*(?:(?:[-*+]|\d+[.)])[ \t]+)*)-#/gm, '$1\\-#')
      .replace(/\[\^([^\][\s]{1,40})\]:?/g, '[$1]')
      .replace(foreignLink, ']\\'),
  everywhere: withoutMentions,
}

const slack: Dialect = {
  prepared: withoutHtmlBlocks,
  edits: linkEdits,
  between: text => text,
  // Nobody knows who reads links in the line of a fence.
  fenced: text => text.replace(/^.*/, line => line.replace(foreignLink, ']\\')),
  code: /\\[\s\S]|^[ \t>]*(?:(?:[-*+]|\d+[.)])[ \t]+)*(`{3,}(?![^\n]*`)|~{3,})[^\n[]*(?:\n[\s\S]*?^[ \t>]*\1|$)|(?<!`)(`+)(?!`)[^\n]*?[^`\n]\2(?!`)/gm,
  harmless: text =>
    text
      .replace(foreignLink, ']\\')
      // Definitions would give other places in the text an address.
      .replace(/^((?:[ \t>]|[-+*][ \t]|\d{1,9}[.)][ \t])*)(?=\[[^\]\n]{1,999}\]:)/gm, '$1\\')
      // Only addresses in the web are links.
      .replace(/<(?!https?:|mailto:)(?=[a-z][\w+.-]{1,31}:[^\s<>]*>)/gi, `<${gap}`),
  everywhere: withoutSequences,
}

/** The bracket between the words and the address of a link. */
const foreignLink = /\](?=\(\s*[<\\]*\s*[a-z][a-z\d+.-]*:)/gi

function rewritten(text: string, dialect: Dialect): string {
  const clean = text.replace(/\r\n?/g, '\n').replace(/[\ufdd0-\ufdd2]/g, '\ufffd')
  return blocksOf(dialect.prepared(clean))
    .map(block => {
      const made = block.isFenced ? dialect.fenced(block.text) : blockOf(block.text, dialect)
      return dialect.everywhere(block.isFenced ? made : finished(made, dialect))
    })
    .join('\n')
}

/** Discord knows no quotes within quotes; more than two marks quote all the rest of a message. */
function withSingleQuotes(text: string): string {
  if (!/>[ \t]*>/.test(text)) return text
  return withLines(text, (marks, content) => marks.replace(/>(?:[ \t]*>)+[ \t]?/g, '> ') + content)
}

/** In a block of HTML a fence is none, so that what seems to be code could act. Whether Slack knows such blocks is open. */
function withoutHtmlBlocks(text: string): string {
  if (!text.includes('<')) return text
  return withLines(text, (marks, content, isCode) =>
    isCode ? marks + content : marks + content.replace(/^( {0,3}<)(?=[a-z/!?])(?![a-z]+:\/)/i, `$1${gap}`),
  )
}

/** `text` with each line changed; `marks` are the quotes and list items that it stands in or begins. */
function withLines(text: string, change: (marks: string, content: string, isCode: boolean) => string): string {
  let place = nowhere
  return text
    .split('\n')
    .map(line => {
      const { content, kind, after } = readLine(line, place)
      place = after
      return change(line.slice(0, content), line.slice(content), kind === 'code' || kind === 'closing')
    })
    .join('\n')
}

/** Whatever the parser made of a block: what the platform itself would see in the result is made harmless. */
function finished(text: string, { code, harmless }: Dialect): string {
  const parts: string[] = []
  let at = 0
  let plain = ''
  const flush = () => {
    // The place behind code is no beginning of a line.
    parts.push(parts.length > 0 ? harmless(`${linkMarks.open}${plain}`).slice(1) : harmless(plain))
    plain = ''
  }
  for (const { 0: found, index } of text.matchAll(code)) {
    plain += text.slice(at, index)
    at = index + found.length
    if (/^\\[\s\S]$/.test(found)) plain += found
    else {
      flush()
      parts.push(found)
    }
  }
  plain += text.slice(at)
  flush()
  return parts
    .join('')
    .replaceAll(linkMarks.open, '[')
    .replaceAll(linkMarks.middle, '](')
    .replaceAll(linkMarks.close, ')')
}

function blockOf(source: string, dialect: Dialect): string {
  if (!needsReading.test(source)) return source
  const tree = parsed(source)
  return tree === null ? dialect.between(source) : withEdits(tree, 0, source.length, source, dialect)
}

/** The source from `start` to `end` with all edits in `node`. */
function withEdits(node: Nodes, start: number, end: number, source: string, dialect: Dialect): string {
  const edits: Edit[] = []
  const open: Nodes[] = [node]
  // No recursion: models can nest deeper than the stack.
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const rewrite = (parent: Nodes) => {
      const range = contentOf(parent)
      return withEdits(parent, range.start, range.end, source, dialect)
    }
    const own = dialect.edits(next, source, rewrite)
    edits.push(...own)
    const isMadeAnew = own.length > 0 && next.type === 'table'
    if ('children' in next && !isMadeAnew) open.push(...next.children)
  }
  edits.sort((a, b) => a.start - b.start || a.end - b.end)
  let result = ''
  let at = start
  for (const edit of edits) {
    if (edit.start < at) continue
    result += dialect.between(source.slice(at, edit.start)) + edit.instead
    at = edit.end
  }
  return result + dialect.between(source.slice(at, end))
}

/** Null: nothing that a parser should be let at. */
function parsed(text: string): Root | null {
  if (text.length > longestRead || tooDeep.test(text)) return null
  try {
    return fromMarkdown(text, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] })
  } catch {
    return null
  }
}

function rangeOf(node: Nodes): { start: number; end: number } {
  return { start: node.position?.start.offset ?? 0, end: node.position?.end.offset ?? 0 }
}

function contentOf(node: Nodes): { start: number; end: number } {
  const [first, last] = 'children' in node ? [node.children[0], node.children.at(-1)] : []
  if (first === undefined || last === undefined) return { start: 0, end: 0 }
  return { start: rangeOf(first).start, end: rangeOf(last).end }
}

/** Discord knows three levels, and only with `#`. */
function headingEdits(node: Extract<Nodes, { type: 'heading' }>, source: string): Edit[] {
  if (node.children.length === 0) return []
  const { start, end } = rangeOf(node)
  const content = contentOf(node)
  const isDeep = node.depth > 3
  const edges = [
    { start, end: content.start, instead: isDeep ? '**' : `${'#'.repeat(node.depth)} ` },
    { start: content.end, end, instead: isDeep ? '**' : '' },
  ]
  // Bold within bold would be asterisks.
  const bold = isDeep ? node.children.filter(child => child.type === 'strong').map(rangeOf) : []
  const marks = bold.flatMap(range => [
    { start: range.start, end: range.start + 2, instead: '' },
    { start: range.end - 2, end: range.end, instead: '' },
  ])
  return [...edges, ...marks].filter(edit => source.slice(edit.start, edit.end) !== edit.instead)
}

function boxEdits(node: Extract<Nodes, { type: 'listItem' }>, source: string): Edit[] {
  if (typeof node.checked !== 'boolean') return []
  const { start } = rangeOf(node)
  const box = source.slice(start).search(/\[[ xX]\]/)
  return box < 0 ? [] : [{ start: start + box, end: start + box + 3, instead: node.checked ? '☑' : '☐' }]
}

/** Lists that count `1. 1. 1.` would begin anew in each message. */
function numberEdits(list: Extract<Nodes, { type: 'list' }>, source: string): Edit[] {
  if (!list.ordered) return []
  return list.children.flatMap((item, index) => {
    const { start } = rangeOf(item)
    const written = /^\d{1,9}/.exec(source.slice(start, start + 9))?.[0]
    const number = String((list.start ?? 1) + index)
    // A wider number would push what stands below it out of the item.
    const fits = written?.length === number.length || item.children.length <= 1
    return written !== undefined && fits && written !== number
      ? [{ start, end: start + written.length, instead: number }]
      : []
  })
}

function codeOf(node: Extract<Nodes, { type: 'code' }>, source: string): string {
  const { start, end } = rangeOf(node)
  const before = marginOf(start, source)
  const written = source.slice(start, end)
  if (/^[`~]/.test(written)) {
    const [gapBehind = ''] = /\n*$/.exec(written) ?? []
    return oneFence(written.slice(0, written.length - gapBehind.length), before, true) + gapBehind
  }
  return ['```', ...node.value.replace(/`{3,}/g, parted).split('\n'), '```'].join(`\n${before}`)
}

/**
 * A fenced block with the only fence that Discord knows. Discord closes it at the first three backticks, wherever they are,
 * and takes an info of more than a language for code. `margin` stands before its lines. A block that is not closed is closed
 * if `isClosing`.
 */
function oneFence(text: string, margin: string, isClosing: boolean): string {
  const [opening = '', ...lines] = text.split('\n')
  const [, indent = '', marker = '', info = ''] = /^([ \t]*)(`{3,}|~{3,})(.*)$/.exec(opening) ?? []
  const language = /^[\w+.#-]+/.exec(info.trim())?.[0] ?? ''
  const [, prefix = '', closing = ''] = /^([ \t>]*)(`{3,}|~{3,})[ \t]*$/.exec(lines.at(-1) ?? '') ?? []
  const quotes = (written: string) => written.replace(/[^>]/g, '')
  const isWithin = quotes(prefix) === quotes(margin) && (margin !== '' || /^ {0,3}$/.test(prefix))
  const isClosed = isWithin && closing[0] === marker[0] && closing.length >= marker.length
  const code = (isClosed ? lines.slice(0, -1) : lines).map(line => line.replace(/`{3,}/g, parted))
  const named = language === '' && info.trim() !== '' ? [margin + info.trim().replace(/`{3,}/g, parted)] : []
  const end = isClosed || isClosing ? [`${margin}\`\`\``] : []
  return [`${indent}\`\`\`${language}`, ...named, ...code, ...end].join('\n')
}

function parted(ticks: string): string {
  return ticks.split('').join(gap)
}

/** Three backticks would be a block on Discord, in the middle of a line as well. */
function inlineCodeOf(node: Extract<Nodes, { type: 'inlineCode' }>, source: string): string {
  const { start, end } = rangeOf(node)
  const written = source.slice(start, end)
  if (!written.includes('```') && !written.includes('\\|')) return written
  const value = node.value.replace(/`{2,}/g, parted)
  return value.includes('`') ? `\`\` ${value} \`\`` : `\`${value}\``
}

/** Links say where they lead; what would be fetched or run is text. */
function linkEdits(node: Nodes, source: string): Edit[] {
  if (node.type !== 'link' && node.type !== 'image') return []
  const { start, end } = rangeOf(node)
  const written = source.slice(start, end)
  const url = addressOf(node.url)
  // An address that stands for itself hides nothing.
  if (node.type === 'link' && !written.startsWith('[')) return []
  const label = node.type === 'image' ? node.alt || '🖼' : textOf(node)
  const words = label.replace(/[[\]]/g, '').replace(/\s+/g, ' ').trim()
  if (words === '' || words === node.url) return [{ start, end, instead: url?.href ?? words.replaceAll('`', 'ˋ') }]
  const shown = words.replace(/[\\*_~`|<]/g, '\\$&')
  if (url === null) return [{ start, end, instead: shown }]
  // Discord takes no words that look like an address, and neither should anybody else.
  const isDisguise = /:\/\/|\w\.\w|\//.test(words)
  const { open, middle, close } = linkMarks
  const instead = isDisguise
    ? `${words.replaceAll('`', 'ˋ')} (${url.href})`
    : `${open}${shown}${middle}${url.href}${close} (${url.place})`
  return [{ start, end, instead }]
}

type Address = { href: string; place: string }

/** The address of a link that people may follow, so written that nothing in it ends the link or acts. */
function addressOf(text: string): Address | null {
  const safe: Record<string, string> = { '(': '%28', ')': '%29', '|': '%7C', '`': '%60', '<': '%3C', '>': '%3E' }
  const href = (URL.canParse(text) ? new URL(text).href : '')
    .replace(/[()|`<>]/g, found => safe[found] ?? '')
    .replace(/@(?=everyone|here|channel)/g, '%40')
  if (!URL.canParse(href)) return null
  const { protocol, host, pathname } = new URL(href)
  if (protocol === 'mailto:') return { href, place: pathname }
  return protocol === 'http:' || protocol === 'https:' ? { href, place: host } : null
}

function tableOf(table: Table, source: string, rewrite: (parent: Nodes) => string): string {
  const margin = marginOf(rangeOf(table).start, source)
  const cells = <T>(of: (cell: Nodes) => T) => table.children.map(row => row.children.map(of))
  const oneLine = (text: string) => text.replace(/<br\s*\/?>|\s+/gi, ' ').trim()
  const plain = cells(cell => oneLine(textOf(cell)))
  const rich = cells(cell => oneLine(rewrite(cell)).replaceAll('\\|', '|'))
  const isRich = cells(hasLink).flat().includes(true)
  return tableLines(plain, rich, isRich).join(`\n${margin}`)
}

/** What stands before the lines of a block that begins at `start`, to keep them in the quotes and items it is in. */
function marginOf(start: number, source: string): string {
  const before = start === 0 ? '' : source.slice(source.lastIndexOf('\n', start - 1) + 1, start)
  return before.replace(/>(?! )/g, '> ').replace(/[^>\s]/g, ' ')
}

function hasLink(node: Nodes): boolean {
  return node.type === 'link' || node.type === 'image' || ('children' in node && node.children.some(hasLink))
}

/** What people read of a node. */
function textOf(node: Nodes): string {
  if ('value' in node) return node.value
  if (node.type === 'image') return node.alt ?? ''
  if (node.type === 'break') return ' '
  return 'children' in node ? node.children.map(textOf).join('') : ''
}
