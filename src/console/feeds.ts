/**
 * The summaries of a workspace for feed readers, as Atom (RFC 4287). Readers cannot log in, so the address is the secret:
 * it can be made only by whoever knows the console's own.
 */
import { createHmac } from 'node:crypto'
import { type Context, Hono } from 'hono'
import type { SummaryRow } from '../core/ports.ts'
import { summaryHeadline, summaryTurnout, weekTitle } from '../core/summary-text.ts'
import { textFor } from '../core/text/index.ts'
import { allowedInXml } from '../core/text/xml.ts'
import { isSameSecret } from './gate.ts'
import { type Html, html, markupOf } from './html.ts'
import { idOf, type Site } from './site.ts'

/** Weeks in a feed: readers keep the older ones. */
const longest = 26

export class Feeds {
  readonly #secret: string

  constructor(cookieSecret: string) {
    this.#secret = cookieSecret
  }

  pathOf(workspaceId: string): string {
    return `/feeds/${workspaceId}/${this.#tokenOf(workspaceId)}.atom`
  }

  isOpenBy(token: string, workspaceId: string): boolean {
    return isSameSecret(token, this.#tokenOf(workspaceId))
  }

  #tokenOf(workspaceId: string): string {
    return createHmac('sha256', this.#secret).update(`feed ${workspaceId}`).digest('base64url')
  }
}

export function feedRoutes(site: Site): Hono {
  const app = new Hono()

  app.get('/feeds/*', async c => {
    const [, given, token] = /^\/feeds\/([^/]+)\/([\w-]+)\.atom$/.exec(c.req.path) ?? []
    const workspaceId = idOf(given)
    // Nothing here tells a workspace that is not there from a token that is wrong.
    if (workspaceId === undefined || token === undefined || !site.feeds.isOpenBy(token, workspaceId)) {
      return c.text('There is no such feed.', 404)
    }
    const rows = await site.arena.summaries.list({ workspaceId, limit: longest })
    c.header('Content-Type', 'application/atom+xml; charset=utf-8')
    c.header('Cache-Control', 'private, max-age=300')
    return c.body(feedOf(rows, workspaceId, c.req.path, baseOf(site, c)))
  })

  return app
}

function baseOf({ publicUrl }: Site, c: Context): string {
  return publicUrl ?? new URL(c.req.url).origin
}

function feedOf(rows: readonly SummaryRow[], workspaceId: string, path: string, base: string): string {
  const [newest] = rows
  const locale = newest?.locale ?? 'en'
  const text = textFor(locale)
  const feed = html`<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="${locale}">
<id>urn:uuid:${workspaceId}</id>
<title>${text.appName}: ${text.summary.all}</title>
<updated>${(newest?.asOf ?? new Date(0)).toISOString()}</updated>
<author><name>${text.appName}</name></author>
<link rel="self" type="application/atom+xml" href="${base}${path}"/>
<link rel="alternate" type="text/html" href="${base}/summaries"/>
${rows.map(row => entryOf(row, base))}
</feed>
`
  return `<?xml version="1.0" encoding="utf-8"?>\n${allowedInXml(markupOf(feed))}\n`
}

function entryOf({ id, week, numbers, locale, asOf }: SummaryRow, base: string): Html | string {
  if (numbers === null) return ''
  const text = textFor(locale)
  const said = `${summaryHeadline(numbers, text)} ${summaryTurnout(numbers, text)}`
  return html`<entry xml:lang="${locale}">
<id>urn:uuid:${id}</id>
<title>${weekTitle(week, text)}</title>
<published>${asOf.toISOString()}</published>
<updated>${asOf.toISOString()}</updated>
<link rel="alternate" type="text/html" href="${base}/summaries/${id}"/>
<summary type="text">${said}</summary>
</entry>`
}
