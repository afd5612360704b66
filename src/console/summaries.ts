/** The routes of the weekly summaries: the list, the page and the chart of a week, the settings. */
import { type Context, Hono } from 'hono'
import type { Chart, DrawnWeek } from '../charts/index.ts'
import type { CountedRow } from '../core/summarising.ts'
import type { Summary } from '../core/summary.ts'
import { readSettings, type TypedSettings, weekTitle } from '../core/summary-text.ts'
import { type Actor, acting, type Fields, type Refusal } from './acting.ts'
import { sendChart } from './drawing.ts'
import { type SettingsAttempt, summariesPage } from './pages/summaries.ts'
import { type OpenBallot, soFarPage, soFarPath, weekPage } from './pages/summary.ts'
import { showMissing } from './reading.ts'
import { channel, idOf, type Site, type Status, showPage } from './site.ts'
import type { Viewer } from './viewer.ts'

/** Weeks in a list: two years of them. */
const longest = 104

type Shown = {
  attempt?: SettingsAttempt
  postProblem?: string
  isSaved?: boolean
  status?: Status
}

export function summaryRoutes(site: Site): Hono {
  const app = new Hono()

  app.get('/summaries', async c => {
    const isSaved = c.req.query('saved') !== undefined
    return showSummaries(c, await site.viewers.of(c), { isSaved })
  })

  app.get(soFarPath, async c => {
    const viewer = await site.viewers.of(c)
    const { text } = viewer
    const summary = await soFar()
    const open = await openBallots(summary.numbers, viewer)
    const content = soFarPage(summary, open, text)
    return showPage(site, c, viewer, { title: text.summary.soFar, place: 'summaries', content })
  })

  app.get(`${soFarPath}/:file{chart\\.(svg|png)}`, async c =>
    sendChart(site, c, chartOf(c, await soFar()), formatOf(c)),
  )

  app.get('/summaries/:id', async c => {
    const viewer = await site.viewers.of(c)
    const id = idOf(c.req.param('id'))
    const page = id === undefined ? undefined : await site.arena.summaries.page(id)
    if (page === undefined || !isShown(page.row)) return showMissing(site, c, viewer)
    const { row } = page
    const { text } = viewer
    const isOwn = row.workspaceId === (await site.workspaceId())
    const outcome = (['posted', 'already'] as const).find(known => known === c.req.query('outcome')) ?? null
    const open = isOwn ? await openBallots(row.numbers, viewer) : []
    const feed = site.feeds.pathOf(row.workspaceId)
    const content = weekPage({ page, isOwn, open, feed, outcome, text })
    return showPage(site, c, viewer, { title: weekTitle(row.week, text), place: 'summaries', content })
  })

  app.get('/summaries/:id/:file{chart\\.(svg|png)}', async c => {
    const id = idOf(c.req.param('id'))
    const row = id === undefined ? undefined : await site.arena.summaries.find(id)
    const chart = row !== undefined && isShown(row) ? chartOf(c, row) : undefined
    return sendChart(site, c, chart, formatOf(c))
  })

  app.post('/summaries/settings', acting(site, change, changeRefused))
  app.post('/summaries/post', acting(site, post, postRefused))
  return app

  async function soFar() {
    return site.arena.summaries.soFar(await site.workspaceId(), channel)
  }

  async function openBallots({ open }: Summary, { person }: Viewer): Promise<OpenBallot[]> {
    const workspaceId = await site.workspaceId()
    const views = await Promise.all(open.comparisonIds.map(id => site.arena.view(id, person)))
    return views
      .map(({ ballot }) => ballot)
      .filter(ballot => ballot.workspaceId === workspaceId)
      .map(({ comparisonId, prompt, phase }) => ({ comparisonId, prompt, isOpen: phase === 'open' }))
  }

  async function showSummaries(c: Context, viewer: Viewer, shown: Shown): Promise<Response> {
    const { text, person } = viewer
    const workspaceId = await site.workspaceId()
    const { summaries } = site.arena
    const mayChange = person?.admin ?? false
    const [own, all, setup] = await Promise.all([
      summaries.list({ workspaceId, limit: longest }),
      mayChange ? summaries.list({ limit: longest }) : [],
      summaries.setup(workspaceId),
    ])
    const content = summariesPage({
      own,
      others: all.filter(row => row.workspaceId !== workspaceId),
      setup,
      mayChange,
      attempt: shown.attempt ?? null,
      postProblem: shown.postProblem ?? null,
      isSaved: shown.isSaved ?? false,
      feed: site.feeds.pathOf(workspaceId),
      text,
    })
    const status = shown.status ?? 200
    return showPage(site, c, viewer, { title: text.summary.all, place: 'summaries', content, status })
  }

  async function change(c: Context, { person }: Actor, fields: Fields): Promise<Response> {
    const workspaceId = await site.workspaceId()
    const now = await site.arena.summaries.settings(workspaceId)
    await site.arena.summaries.change(workspaceId, person, readSettings(typedIn(fields), now))
    return c.redirect('/summaries?saved#settings', 303)
  }

  async function post(c: Context, { person }: Actor): Promise<Response> {
    const { id, outcome } = await site.arena.summaries.post(await site.workspaceId(), person)
    return c.redirect(`/summaries/${id}?outcome=${outcome}`, 303)
  }

  async function changeRefused({ c, viewer, fields, problem, code }: Refusal): Promise<Response> {
    return showSummaries(c, viewer, { attempt: { problem, typed: typedIn(fields) }, status: statusOf(code) })
  }

  async function postRefused({ c, viewer, problem, code }: Refusal): Promise<Response> {
    return showSummaries(c, viewer, { postProblem: problem, status: statusOf(code) })
  }
}

/** What a platform shows or is about to: whoever follows the link of a post may be faster than its ledger. */
function isShown({ status }: CountedRow): boolean {
  return status === 'posted' || status === 'due'
}

function chartOf(c: Context, { week, numbers }: DrawnWeek): Chart {
  return { kind: 'summary', summary: { week, numbers }, bare: c.req.query('bare') !== undefined }
}

function formatOf(c: Context): string | undefined {
  return c.req.param('file')?.split('.')[1]
}

/** The console has one channel: nobody is asked for it. */
function typedIn(fields: Fields): TypedSettings {
  const { day = '', time = '', timeZone = '', locale = '', quietWeeks = '' } = fields
  return { day, time, timeZone, channel: '', locale, quietWeeks }
}

function statusOf(code: Refusal['code']): Status {
  return code === 'admins_only' ? 403 : 422
}
