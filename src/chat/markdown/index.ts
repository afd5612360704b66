/** Models write GitHub's Markdown, and anything else they like; chat platforms know a part of it, and things of their own. */
import type { Nodes, Root, Table } from 'mdast'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { gfmFromMarkdown } from 'mdast-util-gfm'
import { gfm } from 'micromark-extension-gfm'
import stringWidth from 'string-width'

export { splitMarkdown } from './split.ts'

/** What breaks a platform's own sequences without being seen. */
const gap = '\u200b'

/** Columns that a phone shows of a block of code. */
const phoneColumns = 38

const threadNameLimit = 100

/** A change of the source: from, to, what stands there instead. */
type Edit = { start: number; end: number; instead: string }

type Dialect = {
  /** Makes the platform's own sequences in plain text harmless. */
  harmless(text: string): string
  /** The same within code, where the platform looks for them there too. */
  harmlessCode(text: string): string
  edits(node: Nodes, source: string): Edit[]
}

/**
 * A model's text as Discord shows it well: tables as aligned code, or as cards where they are too wide for a phone;
 * headings of the levels it knows; links that say where they lead, pictures as links. Mentions, spoilers, and quotes
 * without an end are plain text. What is not Markdown comes through as it is.
 */
export function discordMarkdown(text: string): string {
  return rewritten(text, discord)
}

/** A model's text for Slack's `markdown` block, which takes it as it is but for pictures, disguised links and mentions. */
export function slackMarkdown(text: string): string {
  return rewritten(text, slack)
}

/** Plain text for Slack's mrkdwn, with nothing in it that Slack would read as a sequence of its own. */
export function slackEscape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/** Any text of people, as Discord shows it letter by letter. */
export function discordEscape(text: string): string {
  const escaped = text.replace(/[\\*_~`|[\]#]/g, '\\$&').replace(/^(\s*)([>-]|\d+[.)])/gm, '$1\\$2')
  // A link is shown as a link only while no backslash is in it.
  return withoutMentions(escaped.replace(/https?:\/\/\S+/g, link => link.replace(/\\([_~#])/g, '$1')))
}

/** A thread's title: 1 to 100 characters in one line, of text alone. */
export function threadName(prompt: string): string {
  const text = prompt
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/<[@#][!&]?\d+>/g, '')
    .replace(/[*_~`#<>|@]/g, '')
    .replace(/\s+/g, ' ')
    .trim()
  if (text === '') return 'Faceoff'
  if (text.length <= threadNameLimit) return text
  const head = text.slice(0, threadNameLimit - 1)
  const word = head.lastIndexOf(' ')
  return `${(word > threadNameLimit / 2 ? head.slice(0, word) : head.toWellFormed().replace(/\uFFFD$/, '')).trimEnd()}…`
}

const discord: Dialect = {
  harmless: text =>
    withoutMentions(text)
      .replace(/\|\|/g, '\\|\\|')
      .replace(/^([ \t]*)>>>/gm, '$1>'),
  harmlessCode: withoutMentions,
  edits: (node, source) => {
    switch (node.type) {
      case 'table':
        return [{ ...rangeOf(node), instead: tableOf(node, source) }]
      case 'heading':
        return headingEdits(node, source)
      case 'thematicBreak':
        return [{ ...rangeOf(node), instead: '───' }]
      case 'listItem':
        return boxEdits(node, source)
      default:
        return linkEdits(node, source, withoutMentions)
    }
  },
}

const slack: Dialect = {
  harmless: withoutSequences,
  harmlessCode: withoutSequences,
  edits: (node, source) => linkEdits(node, source, withoutSequences),
}

/** Discord's parser finds code in other places than Markdown's, so code is no shelter. */
function withoutMentions(text: string): string {
  return text
    .replace(/@(?=everyone|here)/g, `@${gap}`)
    .replace(/<(?=@[!&]?\d|#\d|\/[^<>\n]+:\d|a?:\w+:\d|t:-?\d|id:\w)/g, `<${gap}`)
}

function withoutSequences(text: string): string {
  return text.replace(/<(?=[!@#])/g, `<${gap}`).replace(/<(?=[a-z]+:[^>\s]*\|)/gi, `<${gap}`)
}

function rewritten(text: string, dialect: Dialect): string {
  const tree = parsed(text)
  const edits: Edit[] = []
  const code: Edit[] = []
  visit(tree, node => {
    const own = dialect.edits(node, text)
    edits.push(...own)
    if (node.type === 'code' || node.type === 'inlineCode') {
      const range = rangeOf(node)
      code.push({ ...range, instead: dialect.harmlessCode(text.slice(range.start, range.end)) })
    }
    // A table is made anew as a whole.
    return own.length === 0 || node.type !== 'table'
  })
  const all = [...edits, ...code].sort((a, b) => a.start - b.start || a.end - b.end)
  let result = ''
  let at = 0
  for (const { start, end, instead } of all) {
    if (start < at) continue
    result += dialect.harmless(text.slice(at, start)) + instead
    at = end
  }
  return result + dialect.harmless(text.slice(at))
}

function parsed(text: string): Root {
  return fromMarkdown(text, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] })
}

function visit(node: Nodes, enter: (node: Nodes) => boolean): void {
  if (!enter(node) || !('children' in node)) return
  for (const child of node.children) visit(child, enter)
}

function rangeOf(node: Nodes): { start: number; end: number } {
  return { start: node.position?.start.offset ?? 0, end: node.position?.end.offset ?? 0 }
}

/** Discord knows three levels, and only with `#`. */
function headingEdits(node: Extract<Nodes, { type: 'heading' }>, source: string): Edit[] {
  const { start, end } = rangeOf(node)
  const [first, last] = [node.children[0], node.children.at(-1)]
  if (first === undefined || last === undefined) return []
  const isUnderlined = !source.startsWith('#', start)
  if (node.depth <= 3 && !isUnderlined) return []
  const isBold = node.children.length === 1 && first.type === 'strong'
  const mark = node.depth <= 3 ? '' : isBold ? '' : '**'
  const before = node.depth <= 3 ? `${'#'.repeat(node.depth)} ` : mark
  return [
    { start, end: rangeOf(first).start, instead: before },
    { start: rangeOf(last).end, end, instead: mark },
  ]
}

function boxEdits(node: Extract<Nodes, { type: 'listItem' }>, source: string): Edit[] {
  if (typeof node.checked !== 'boolean') return []
  const { start } = rangeOf(node)
  const box = source.slice(start).search(/\[[ xX]\]/)
  return box < 0 ? [] : [{ start: start + box, end: start + box + 3, instead: node.checked ? '☑' : '☐' }]
}

/** Links say where they lead; what would be fetched or run is text. */
function linkEdits(node: Nodes, source: string, harmless: (text: string) => string): Edit[] {
  if (node.type !== 'link' && node.type !== 'image') return []
  const { start, end } = rangeOf(node)
  const written = source.slice(start, end)
  // An address that stands for itself hides nothing.
  if (node.type === 'link' && !written.startsWith('[')) return []
  const label = node.type === 'image' ? node.alt || '🖼' : textOf(node)
  const words = harmless(label.replace(/[[\]]/g, '').replace(/\n/g, ' ').trim())
  const url = addressOf(node.url)
  if (url === null) return [{ start, end, instead: words }]
  if (words === '' || words === node.url) return [{ start, end, instead: url.href }]
  const place = url.protocol === 'mailto:' ? url.pathname : url.host
  // Discord takes no words that look like an address, and neither should anybody else.
  const isDisguise = /https?:|\w\.\w|\//.test(words)
  return [{ start, end, instead: isDisguise ? `${words} (${url.href})` : `[${words}](${url.href}) (${place})` }]
}

function addressOf(text: string): URL | null {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || !['http:', 'https:', 'mailto:'].includes(url.protocol)) return null
  // Brackets would end the link early.
  url.href = url.href.replaceAll('(', '%28').replaceAll(')', '%29').replaceAll('|', '%7C')
  return url
}

function tableOf(table: Table, source: string): string {
  const rows = table.children.map(row => row.children.map(cell => textOf(cell).replace(/\s+/g, ' ').trim()))
  const [heading = [], ...body] = rows
  const widths = heading.map((_, column) => Math.max(...rows.map(row => stringWidth(row[column] ?? ''))))
  const columns = widths.reduce((sum, width) => sum + width + 2, -2)
  const indent = /[ \t]*$/.exec(source.slice(0, rangeOf(table).start))?.[0] ?? ''
  if (columns <= phoneColumns) {
    const line = (cells: readonly string[]) =>
      cells
        .map((cell, column) => padded(cell, widths[column] ?? 0))
        .join('  ')
        .trimEnd()
    const rule = widths.map(width => '─'.repeat(width)).join('  ')
    const drawn = [line(heading), rule, ...body.map(line)].map(text => withoutMentions(text.replaceAll('`', 'ˋ')))
    return ['```', ...drawn, '```'].join(`\n${indent}`)
  }
  const shown = (cell: string) => withoutMentions(cell).replace(/\|\|/g, '\\|\\|')
  const card = ([first = '', ...others]: readonly string[]) =>
    [
      `**${shown(first) || '–'}**`,
      ...others.map((cell, index) => `${shown(heading[index + 1] ?? '')}: ${shown(cell) || '–'}`),
    ].join(`\n${indent}`)
  return body.length === 0 ? heading.map(shown).join(' · ') : body.map(card).join(`\n\n${indent}`)
}

function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - stringWidth(text)))
}

/** What people read of a node. */
function textOf(node: Nodes): string {
  if ('value' in node) return node.value
  if (node.type === 'image') return node.alt ?? ''
  if (node.type === 'break') return ' '
  return 'children' in node ? node.children.map(textOf).join('') : ''
}
