/** What the routes share: the parts they work with, and the few ways in which they answer. */
import type { Context } from 'hono'
import type { Charts } from '../charts/index.ts'
import type { Arena } from '../core/arena.ts'
import type { Command } from '../core/command.ts'
import type { ComparisonView } from '../core/comparing.ts'
import { FaceoffError } from '../core/errors.ts'
import type { Catalogue, Clock, Settings } from '../core/ports.ts'
import type { Assets } from './assets.ts'
import type { Connections } from './connections.ts'
import type { Feeds } from './feeds.ts'
import type { PasswordGate } from './gate.ts'
import { type Html, html, partial } from './html.ts'
import type { Live } from './live.ts'
import type { Markdown } from './markdown.ts'
import type { Choices } from './pages/arena.ts'
import type { Frame } from './pages/comparison.ts'
import { notice } from './pages/entry.ts'
import { layout, type Place, plainPage, type Shell } from './pages/layout.ts'
import type { Viewer, Viewers } from './viewer.ts'

/** The console has one channel. */
export const channel = 'arena'

export type Site = {
  arena: Arena
  commands: readonly Command[]
  catalogue: Pick<Catalogue, 'models' | 'defaults'>
  settings: Settings
  connections: () => Connections
  charts: Pick<Charts, 'svg' | 'png'>
  publicUrl: string | null
  ownerToken: string | null
  clock: Clock
  workspaceId: () => Promise<string>
  viewers: Viewers
  password: PasswordGate
  feeds: Feeds
  live: Live
  markdown: Markdown
  assets: Assets
}

export type Status = 200 | 401 | 403 | 404 | 409 | 410 | 413 | 422 | 429 | 500

export function frameOf(site: Site): Frame {
  return { markdown: site.markdown, now: site.clock.now() }
}

export function choicesOf({ catalogue }: Site): Choices {
  return { models: catalogue.models(), defaults: catalogue.defaults() }
}

export function showPage(
  site: Site,
  c: Context,
  viewer: Viewer,
  page: { title: string; place: Place; content: Html; chat?: boolean; status?: Status },
): Response | Promise<Response> {
  return c.html(layout(shellOf(site, c, viewer), page), page.status ?? 200)
}

/** A page without the way around the console, for people who are not in it. */
export function showPlainPage(
  site: Site,
  c: Context,
  viewer: Viewer,
  page: { title: string; content: Html; status?: Status },
): Response | Promise<Response> {
  return c.html(plainPage(shellOf(site, c, viewer), page.title, page.content), page.status ?? 200)
}

/** Tells of trouble on the page that is there where htmx asked, else on a page of its own. */
export function showTrouble(
  site: Site,
  c: Context,
  viewer: Viewer,
  sentence: string,
  status: Status,
): Response | Promise<Response> {
  if (wantsParts(c)) return c.html(partial('#trouble', 'innerHTML', html`${sentence}`), status)
  const title = viewer.text.console.notDone
  return showPage(site, c, viewer, { title, place: null, content: notice(title, sentence, viewer.text), status })
}

/** True where htmx asks for parts instead of a page. */
export function wantsParts(c: Context): boolean {
  return c.req.header('hx-request') === 'true'
}

/**
 * A comparison of this console. Throws `comparison_missing` for any other: neither a made-up id nor one of another
 * platform can be read or voted on here.
 */
export async function viewHere(site: Site, givenId: string | undefined, viewer: Viewer): Promise<ComparisonView> {
  const id = idOf(givenId)
  const view = id === undefined ? undefined : await site.arena.view(id, viewer.person)
  if (view?.ballot.workspaceId === (await site.workspaceId())) return view
  throw new FaceoffError({ code: 'comparison_missing' })
}

/** An id that the database can be asked for; nothing else reaches it. */
export function idOf(given: string | undefined): string | undefined {
  const isId = given !== undefined && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(given)
  return isId ? given.toLowerCase() : undefined
}

/** The form's fields; a field that is given several times is a comma list. */
export async function fieldsOf(c: Context): Promise<Record<string, string>> {
  const body = await c.req.parseBody({ all: true })
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => [
      name,
      [value]
        .flat()
        .filter(part => typeof part === 'string')
        .join(','),
    ]),
  )
}

/** A path of this console to go back to, whatever a form claims. */
export function ownPath(given: string | undefined): string {
  const home = 'http://console'
  if (!given?.startsWith('/') || !URL.canParse(given, home)) return '/'
  const url = new URL(given, home)
  return url.origin === home ? `${url.pathname}${url.search}` : '/'
}

function shellOf({ assets }: Site, c: Context, viewer: Viewer): Shell {
  const { pathname, search } = new URL(c.req.url)
  return { assets, viewer, path: c.req.method === 'GET' ? `${pathname}${search}` : '/' }
}
