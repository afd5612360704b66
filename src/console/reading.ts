/** The routes that only show something. */
import { type Context, Hono } from 'hono'
import { streamSSE } from 'hono/streaming'
import type { ComparisonView } from '../core/comparing.ts'
import { sentenceFor } from '../core/text/index.ts'
import { html } from './html.ts'
import { isOwnerLink } from './owner.ts'
import { Page, type Scope } from './page.ts'
import { arena, compareForm, earlier } from './pages/arena.ts'
import { article } from './pages/comparison.ts'
import { connectPage } from './pages/connect.ts'
import { askName, askOwner, notice } from './pages/entry.ts'
import { helpText } from './pages/help.ts'
import { modelTable } from './pages/models.ts'
import { channel, choicesOf, frameOf, idOf, type Site, showPage, viewHere, wantsParts } from './site.ts'
import type { Viewer } from './viewer.ts'

/** Comparisons on one page of the channel. */
const pageSize = 10

/** Comparisons that a page which was away is brought up to date with. */
const caughtUp = 30

export function readingRoutes(site: Site): Hono {
  const app = new Hono()

  app.get('/', async c => {
    const viewer = await site.viewers.of(c)
    const before = idOf(c.req.query('before'))
    const { views, earlierThan } = await pageOf(site, viewer, before)
    if (before !== undefined && wantsParts(c)) return c.html(earlier(views, earlierThan, viewer, frameOf(site)))
    return showArena(site, c, viewer, { views, earlierThan, live: before === undefined })
  })

  app.get('/c/:id', async c => {
    const viewer = await site.viewers.of(c)
    const view = await viewHere(site, c.req.param('id'), viewer)
    const { text } = viewer
    const id = view.ballot.comparisonId
    return showPage(site, c, viewer, {
      title: text.ballot.asked(view.ballot.asker.name),
      place: null,
      content: html`<p class="back"><a href="/"># arena</a></p><h1 class="hidden">${text.console.comparison}</h1>
<div class="feed" id="feed">${article(view, viewer, frameOf(site))}</div>
<div id="live" hx-sse:connect="/events?c=${id}" hx-swap="none" hidden></div>`,
    })
  })

  app.get('/events', async c => {
    const viewer = await site.viewers.of(c)
    const scope = await scopeOf(site, c, viewer)
    const isBack = c.req.header('last-event-id') !== undefined
    const subjects = async () => {
      if (scope.kind === 'one') return [scope.comparisonId]
      const limit = isBack ? caughtUp : pageSize
      const views = await site.arena.recent({ ...scope, limit }, null)
      return views.map(view => view.ballot.comparisonId).reverse()
    }
    c.header('X-Accel-Buffering', 'no')
    return streamSSE(c, stream =>
      site.live.follow(new Page({ viewer, scope, stream, frame: () => frameOf(site), subjects })),
    )
  })

  app.get('/compare', async c => {
    const viewer = await site.viewers.of(c)
    const inDialog = wantsParts(c)
    const content = compareForm(viewer, choicesOf(site), null, inDialog)
    if (inDialog) return c.html(content)
    return showPage(site, c, viewer, { title: viewer.text.console.form.title, place: 'arena', content })
  })

  app.get('/models', async c => {
    const viewer = await site.viewers.of(c)
    const { title } = viewer.text.models
    const table = modelTable(await site.arena.models(), viewer.text)
    return showPage(site, c, viewer, { title, place: 'models', content: html`<h1>${title}</h1>${table}` })
  })

  app.get('/help', async c => {
    const viewer = await site.viewers.of(c)
    const title = viewer.text.console.help
    const content = html`<h1>${title}</h1>${helpText(site.commands, viewer.text)}`
    return showPage(site, c, viewer, { title, place: 'help', content })
  })

  app.get('/connect', async c => {
    const viewer = await site.viewers.of(c)
    const { text } = viewer
    const title = text.console.connectTitle
    if (!viewer.person?.admin) {
      const content = notice(title, text.console.adminsOnly, text)
      return showPage(site, c, viewer, { title, place: null, content, status: 403 })
    }
    const content = connectPage({ connections: site.connections(), text })
    return showPage(site, c, viewer, { title, place: 'connect', content })
  })

  app.get('/name', async c => {
    const viewer = await site.viewers.of(c)
    const { console } = viewer.text
    const content = askName(viewer, { action: '/name', fields: {}, problem: null }, false)
    const title = viewer.person ? console.changeName : console.chooseName
    return showPage(site, c, viewer, { title, place: 'name', content })
  })

  app.get('/owner/:token', async c => {
    const viewer = await site.viewers.of(c)
    const { text } = viewer
    const token = c.req.param('token')
    const title = text.console.ownerTitle
    if (!(await isOwnerLink(site, token))) {
      const content = notice(title, text.console.ownerDead, text)
      return showPage(site, c, viewer, { title, place: null, content, status: 410 })
    }
    return showPage(site, c, viewer, { title, place: null, content: askOwner(viewer, token, null) })
  })

  return app
}

/** The channel as a page; `attempt` is what could not be done. */
export async function showArena(
  site: Site,
  c: Context,
  viewer: Viewer,
  shown: {
    views: readonly ComparisonView[]
    earlierThan: string | null
    live: boolean
    attempt?: { problem: string; fields: Record<string, string> }
  },
): Promise<Response> {
  const { attempt = null, ...rest } = shown
  const content = arena({
    ...rest,
    attempt,
    viewer,
    frame: frameOf(site),
    commands: site.commands,
    choices: choicesOf(site),
  })
  const status = attempt ? 422 : 200
  return showPage(site, c, viewer, { title: '# arena', place: 'arena', content, chat: true, status })
}

/** A page of the channel, oldest first as in a chat, and the id before which it goes on; null: there is no more. */
export async function pageOf(
  site: Site,
  viewer: Viewer,
  before: string | undefined,
): Promise<{ views: ComparisonView[]; earlierThan: string | null }> {
  const where = { workspaceId: await site.workspaceId(), channel, limit: pageSize + 1, ...(before ? { before } : {}) }
  const found = await site.arena.recent(where, viewer.person)
  const views = found.slice(0, pageSize).reverse()
  return { views, earlierThan: found.length > pageSize ? (views[0]?.ballot.comparisonId ?? null) : null }
}

export function showMissing(site: Site, c: Context, viewer: Viewer): Response | Promise<Response> {
  const { text } = viewer
  const sentence = c.req.path.startsWith('/c/')
    ? sentenceFor({ code: 'comparison_missing' }, text)
    : text.console.noSuchPage
  const content = notice(text.console.notFound, sentence, text)
  return showPage(site, c, viewer, { title: text.console.notFound, place: null, content, status: 404 })
}

async function scopeOf(site: Site, c: Context, viewer: Viewer): Promise<Scope> {
  const workspaceId = await site.workspaceId()
  const one = c.req.query('c')
  if (one === undefined)
    return { kind: 'channel', channel, workspaceId, newestRendered: idOf(c.req.query('since')) ?? '' }
  const { ballot } = await viewHere(site, one, viewer)
  return { kind: 'one', workspaceId, comparisonId: ballot.comparisonId }
}
