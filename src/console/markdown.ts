/**
 * Markdown from people and models as HTML that can do no harm: no HTML of theirs gets through, nothing is fetched, and a
 * link says where it leads. Safe by construction: every tag below is written by us.
 */
import hljs from 'highlight.js/lib/common'
import MarkdownIt from 'markdown-it'

/** Colouring costs time; beyond this many characters code is shown plain. */
const longestColoured = 30_000

/** Texts and blocks of code that are kept rendered: of a streaming answer only what has changed is done again. */
const remembered = 600

export class Markdown {
  readonly #coloured = new Recent<string>(remembered)
  readonly #rendered = new Recent<{ text: string; html: string }>(remembered)
  readonly #parser = createParser((code, language) => this.#colour(code, language))

  /** The HTML of `text`. `slot` names the place it stands in: the latest text of each place is remembered. */
  render(slot: string, text: string): string {
    const known = this.#rendered.get(slot)
    const rendered = known?.text === text ? known : { text, html: this.#toHtml(text) }
    this.#rendered.set(slot, rendered)
    return rendered.html
  }

  /** A text that breaks the parser must not take the page with it, and with the page everybody's channel. */
  #toHtml(text: string): string {
    try {
      return this.#parser.render(text)
    } catch {
      return `<p>${this.#parser.utils.escapeHtml(text)}</p>`
    }
  }

  #colour(code: string, language: string): string {
    const key = `${language}\n${code}`
    const coloured = this.#coloured.get(key) ?? hljs.highlight(code, { language, ignoreIllegals: true }).value
    this.#coloured.set(key, coloured)
    return coloured
  }
}

/** The values that were used last, `limit` of them. */
class Recent<Value> {
  readonly #values = new Map<string, Value>()
  readonly #limit: number

  constructor(limit: number) {
    this.#limit = limit
  }

  get(key: string): Value | undefined {
    return this.#values.get(key)
  }

  set(key: string, value: Value): void {
    this.#values.delete(key)
    this.#values.set(key, value)
    const [oldest] = this.#values.keys()
    if (this.#values.size > this.#limit && oldest !== undefined) this.#values.delete(oldest)
  }
}

function createParser(colour: (code: string, language: string) => string): InstanceType<typeof MarkdownIt> {
  const parser = new MarkdownIt('default', { html: false, linkify: true, breaks: true, maxNesting: 30 })
  parser.linkify.set({ fuzzyLink: false, fuzzyEmail: false, fuzzyIP: false })
  parser.validateLink = isLink
  const { rules } = parser.renderer
  const { escapeHtml } = parser.utils

  // A model's headings stand below the page's own.
  const below: Record<string, string> = { h1: 'h4', h2: 'h5' }
  rules.heading_open = (tokens, index) => `<${below[tokens[index]?.tag ?? ''] ?? 'h6'}>`
  rules.heading_close = (tokens, index) => `</${below[tokens[index]?.tag ?? ''] ?? 'h6'}>\n`

  // What is wider than the page scrolls in a box of its own, for which the keyboard needs a stop.
  rules.table_open = () => '<div class="scroll" tabindex="0"><table>'
  // The parser aligns by inline style, which the policy forbids.
  rules.th_open = (tokens, index) => `<th${alignment(tokens[index])}>`
  rules.td_open = (tokens, index) => `<td${alignment(tokens[index])}>`
  rules.table_close = () => '</table></div>\n'
  rules.fence = (tokens, index) => codeBlock(tokens[index]?.content ?? '', tokens[index]?.info ?? '')
  rules.code_block = (tokens, index) => codeBlock(tokens[index]?.content ?? '', '')

  rules.link_open = (tokens, index) => {
    const href = String(tokens[index]?.attrGet('href') ?? '')
    return isLink(href) && openLinks(tokens, index).length === 0 ? openLink(href) : ''
  }
  rules.link_close = (tokens, index) => {
    const [opening = -1, ...inner] = openLinks(tokens, index)
    const href = String(tokens[opening]?.attrGet('href') ?? '')
    if (!isLink(href) || inner.length > 0) return ''
    const shown = tokens.slice(opening + 1, index).map(token => token.content)
    return `</a>${hostHint(href, shown.join(''))}`
  }
  rules.image = (tokens, index) => {
    const token = tokens[index]
    const label = escapeHtml(token?.content.trim() || '…')
    const source = String(token?.attrGet('src') ?? '')
    if (!isLink(source) || openLinks(tokens, index).length > 0) return label
    return `${openLink(source)}🖼 ${label}</a>${hostHint(source, '')}`
  }
  return parser

  function codeBlock(code: string, info: string): string {
    const language = parser.utils.unescapeAll(info).trim().split(/\s+/)[0] ?? ''
    const coloured =
      language !== '' && hljs.getLanguage(language) && code.length <= longestColoured
        ? colour(code, language)
        : escapeHtml(code)
    const label = language === '' ? '' : ` data-language="${escapeHtml(language.slice(0, 20))}"`
    return `<pre tabindex="0"${label}><code>${coloured}</code></pre>\n`
  }

  function openLink(href: string): string {
    return `<a href="${escapeHtml(href)}" target="_blank" rel="noopener noreferrer nofollow">`
  }

  /** The host a link really leads to, unless its text is that host or an address there. */
  function hostHint(href: string, shown: string): string {
    const { host, protocol, pathname } = new URL(href)
    const place = protocol === 'mailto:' ? pathname : host
    if (placeNamedBy(shown) === place.toLowerCase()) return ''
    return ` <bdi class="host">(${escapeHtml(place)})</bdi>`
  }
}

function placeNamedBy(shown: string): string {
  const text = shown.trim().toLowerCase()
  // Letters of other scripts may look like a host they are not.
  if (/[^\x20-\x7e]/.test(text)) return text
  const address = /^https?:\/\//.test(text) ? text : `https://${text}`
  if (/^mailto:|^[^/]+@/.test(text)) return text.replace(/^mailto:/, '')
  return URL.canParse(address) ? new URL(address).host : text
}

function alignment(cell: { attrGet(name: string): string | number | null } | undefined): string {
  const side = /^text-align:(left|center|right)$/.exec(String(cell?.attrGet('style') ?? ''))?.[1]
  return side === undefined ? '' : ` class="${side}"`
}

/**
 * Absolute links to the outside: a relative one would lead into the console itself. The parser also makes links that
 * it did not ask about, to nothing: `[text]()`.
 */
function isLink(href: string): boolean {
  return /^(https?:\/\/|mailto:)/i.test(href.trim()) && URL.canParse(href.trim())
}

/** Where the links begin that are open at `index`, the outermost first: an address in a link's text is a link as well. */
function openLinks(tokens: readonly { type: string }[], index: number): number[] {
  const open: number[] = []
  for (const [at, { type }] of tokens.slice(0, index).entries()) {
    if (type === 'link_open') open.push(at)
    if (type === 'link_close') open.pop()
  }
  return open
}
