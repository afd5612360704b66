/**
 * What a message would do to people: whom it notifies, which links hide where they lead, what Slack would fetch for a
 * preview. Errs on the side of seeing too much: control sequences count in code as well, marked `inCode`.
 */
import { inner, isJson, type Json, objects, string } from './json.ts'

export type Ping = { to: string; where: 'text' | 'mrkdwn' | 'markdown' | 'rich_text'; inCode: boolean }
export type Link = { url: string; label: string; hostShown: boolean }

type Dialect = 'text' | 'mrkdwn' | 'markdown'
type Piece = { text: string; dialect: Dialect }

export type Content = {
  text: string
  blocks: readonly Json[]
  attachments: readonly Json[]
  /** The text of a stream, which is Markdown. */
  streamed: string
  linkNames: boolean
}

export function pingsIn(content: Content): Ping[] {
  const found: Ping[] = []
  for (const piece of piecesOf(content)) {
    const code = codeRanges(piece.text)
    const add = (to: string, at: number) =>
      found.push({ to, where: piece.dialect, inCode: code.some(([from, end]) => at >= from && at < end) })
    const control = /<(!(?:channel|here|everyone|group)|!subteam\^\w+|@[UW]\w+)(?:\|[^<>]*)?>/g
    for (const match of piece.text.matchAll(control)) {
      if (piece.dialect !== 'markdown' || !isBackslashed(piece.text, match.index)) add(match[1] ?? '', match.index)
    }
    if (!content.linkNames || piece.dialect === 'markdown') continue
    for (const match of piece.text.matchAll(/(?<![\w<!])@(channel|here|everyone)\b/g)) add(match[0], match.index)
  }
  for (const block of content.blocks) {
    if (block.type === 'rich_text')
      for (const to of richPings(block)) found.push({ to, where: 'rich_text', inCode: false })
  }
  return found
}

export function linksIn(content: Content): Link[] {
  return piecesOf(content)
    .flatMap(piece => linksOfPiece(piece))
    .concat(content.blocks.flatMap(richLinks))
}

/** Links whose label names another host than they lead to, while the real one is nowhere to be seen. */
export function disguisedIn(content: Content): Link[] {
  return linksIn(content).filter(link => {
    if (link.hostShown) return false
    const named = link.label.match(/(?:[\p{L}\p{N}-]+\.)+\p{L}{2,}/gu) ?? []
    const host = hostOf(link.url)
    return named.some(name => !host.endsWith(name.toLowerCase().replace(/^www\./, '')))
  })
}

/** Every link, unless both kinds of preview are switched off: which kind a link is shows only when it is fetched. */
export function previewsOf(content: Content, links: boolean | undefined, media: boolean | undefined): string[] {
  if (links === false && media === false) return []
  const bare = piecesOf(content).flatMap(piece => piece.text.match(/https?:\/\/[^\s<>|)\]"'`]+/g) ?? [])
  return [...new Set([...linksIn(content).map(link => link.url), ...bare])]
}

function piecesOf(content: Content): Piece[] {
  const pieces: Piece[] = [{ text: content.text, dialect: 'text' }]
  if (content.streamed !== '') pieces.push({ text: content.streamed, dialect: 'markdown' })
  for (const block of [...content.blocks, ...content.attachments.flatMap(each => objects(each.blocks))]) {
    if (block.type === 'markdown') pieces.push({ text: string(block.text), dialect: 'markdown' })
    else for (const text of mrkdwnIn(block)) pieces.push({ text, dialect: 'mrkdwn' })
  }
  for (const each of content.attachments) {
    for (const text of [each.text, each.pretext, each.fallback]) pieces.push({ text: string(text), dialect: 'mrkdwn' })
  }
  return pieces.filter(piece => piece.text !== '')
}

function mrkdwnIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(mrkdwnIn)
  if (!isJson(value)) return []
  if (value.type === 'mrkdwn') return [string(value.text)]
  return Object.values(value).flatMap(mrkdwnIn)
}

function linksOfPiece({ text, dialect }: Piece): Link[] {
  const links: Link[] = []
  const add = (url: string, label: string, after: number) => {
    const shown = `${label} ${text.slice(after, after + 120).split('\n')[0]}`
    links.push({ url, label, hostShown: hostOf(url) !== '' && hostsIn(shown).has(hostOf(url)) })
  }
  for (const match of text.matchAll(/<((?:https?:|mailto:|slack:)[^\s|<>]+)(?:\|([^<>]*))?>/g)) {
    add(match[1] ?? '', match[2] ?? match[1] ?? '', match.index + match[0].length)
  }
  if (dialect !== 'markdown') return links
  const references = new Map<string, string>()
  for (const match of text.matchAll(/^ {0,3}\[([^\]]+)\]:\s*<?(\S+?)>?(?:\s.*)?$/gm)) {
    references.set((match[1] ?? '').toLowerCase(), match[2] ?? '')
  }
  for (const match of text.matchAll(/(?<!\\)\[([^\]]*)\]\(\s*<?([^\s)>]+)>?[^)]*\)/g)) {
    add(match[2] ?? '', match[1] ?? '', match.index + match[0].length)
  }
  for (const match of text.matchAll(/(?<!\\)\[([^\]]+)\](?:\[([^\]]*)\])?(?![(:])/g)) {
    const url = references.get((match[2] || match[1] || '').toLowerCase())
    if (url !== undefined) add(url, match[1] ?? '', match.index + match[0].length)
  }
  return links
}

function richPings(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(richPings)
  if (!isJson(value)) return []
  if (value.type === 'broadcast') return [`!${string(value.range)}`]
  if (value.type === 'user') return [`@${string(value.user_id)}`]
  if (value.type === 'usergroup') return [`!subteam^${string(value.usergroup_id)}`]
  return richPings(value.elements)
}

function richLinks(value: unknown): Link[] {
  if (Array.isArray(value)) return value.flatMap(richLinks)
  const { type, url, text, elements } = inner(value)
  if (type === 'link') {
    const label = string(text) || string(url)
    return [{ url: string(url), label, hostShown: hostsIn(label).has(hostOf(string(url))) }]
  }
  return richLinks(elements ?? [])
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname.replace(/^www\./, '') : ''
}

/** Whole hosts only: `example.com.evil.test` does not show `example.com`. */
function hostsIn(text: string): Set<string> {
  return new Set(
    (text.toLowerCase().match(/(?:[\p{L}\p{N}-]+\.)+[\p{L}\p{N}]+/gu) ?? []).map(host => host.replace(/^www\./, '')),
  )
}

function isBackslashed(text: string, at: number): boolean {
  return /(?<!\\)(?:\\\\)*\\$/.test(text.slice(0, at))
}

function codeRanges(text: string): [number, number][] {
  return [...text.matchAll(/(`{3,})[\s\S]*?(?:\1|$)|`[^`\n]+`/g)].map(match => [
    match.index,
    match.index + match[0].length,
  ])
}
