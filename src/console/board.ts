/** The routes of the leaderboard: its page, its downloads, its charts, the method, the vendors' claims. */
import { stringify } from 'csv-stringify/sync'
import { type Context, Hono } from 'hono'
import type { Chart } from '../charts/index.ts'
import { readDay } from '../core/command.ts'
import { categories } from '../core/comparison.ts'
import type { HistoryWish } from '../core/history.ts'
import { type Leaderboard, type LeaderboardWish, leaderboardModes, periods } from '../core/leaderboard.ts'
import { sendChart } from './drawing.ts'
import { claimsPage } from './pages/claims.ts'
import { type HistoryFields, historyPage } from './pages/history.ts'
import { isSortKey, leaderboardPage, type SortKey } from './pages/leaderboard.ts'
import { methodPage } from './pages/method.ts'
import { idOf, type Site, showPage } from './site.ts'

/** Comparisons on one page of the history. */
const historyPageSize = 25

const chartKinds = ['intervals', 'matrix', 'cost', 'speed', 'history'] as const

export function boardRoutes(site: Site): Hono {
  const app = new Hono()

  app.get('/leaderboard', async c => {
    const viewer = await site.viewers.of(c)
    const wish = await wishOf(site, c)
    const [board, history] = await Promise.all([site.arena.leaderboard(wish), site.arena.ratingHistory(wish)])
    const { title } = viewer.text.leaderboard
    const content = leaderboardPage({
      board,
      history,
      sort: sortOf(c),
      duel: { a: c.req.query('a') ?? null, b: c.req.query('b') ?? null },
      text: viewer.text,
    })
    return showPage(site, c, viewer, { title, place: 'leaderboard', content })
  })

  app.get('/leaderboard.json', async c => {
    const { workspaceId: _, ...board } = await boardOf(site, c)
    c.header('Content-Disposition', `attachment; filename="${fileName(board)}.json"`)
    return c.json(board)
  })

  app.get('/leaderboard.csv', async c => {
    const board = await boardOf(site, c)
    c.header('Content-Type', 'text/csv; charset=utf-8')
    c.header('Content-Disposition', `attachment; filename="${fileName(board)}.csv"`)
    // Spreadsheets take a text that begins with = or + for a formula.
    return c.body(stringify(rowsOf(board), { header: true, bom: true, escape_formulas: true }))
  })

  app.get('/leaderboard/:file{[a-z]+\\.(svg|png)}', async c => {
    const [kind, format] = c.req.param('file').split('.')
    const known = chartKinds.find(candidate => candidate === kind)
    return sendChart(site, c, known && (await chartOf(site, c, known)), format)
  })

  app.get('/history', async c => {
    const viewer = await site.viewers.of(c)
    const { title } = viewer.text.history
    const fields = historyFields(c)
    const history = await site.arena.history(await searchOf(site, c, fields))
    const content = historyPage(history, fields, site.catalogue.models(), viewer.text)
    return showPage(site, c, viewer, { title, place: 'history', content })
  })

  app.get('/method', async c => {
    const viewer = await site.viewers.of(c)
    const { title } = viewer.text.method
    return showPage(site, c, viewer, { title, place: null, content: methodPage(viewer.text) })
  })

  app.get('/claims', async c => {
    const viewer = await site.viewers.of(c)
    const { title } = viewer.text.claims
    const content = claimsPage(await site.arena.claims(await site.workspaceId()), viewer.text)
    return showPage(site, c, viewer, { title, place: null, content })
  })

  return app
}

function historyFields(c: Context): HistoryFields {
  const field = (name: string) => (c.req.query(name) ?? '').replaceAll('\0', '').slice(0, 200)
  return {
    words: field('words'),
    model: field('model'),
    category: field('category'),
    person: field('person'),
    since: field('since'),
    until: field('until'),
  }
}

async function searchOf(site: Site, c: Context, fields: HistoryFields): Promise<HistoryWish> {
  return {
    workspaceId: await site.workspaceId(),
    channel: null,
    words: fields.words.split(/\s+/).filter(word => word !== ''),
    model: fields.model || null,
    category: categories.find(category => category === fields.category) ?? null,
    person: fields.person || null,
    since: readDay(fields.since) ?? null,
    until: readDay(fields.until) ?? null,
    before: idOf(c.req.query('before')) ?? null,
    limit: historyPageSize,
  }
}

async function boardOf(site: Site, c: Context): Promise<Leaderboard> {
  return site.arena.leaderboard(await wishOf(site, c))
}

/** What an address asks for; what it does not say, or says wrongly, is the default. */
async function wishOf(site: Site, c: Context): Promise<LeaderboardWish> {
  return {
    workspaceId: await site.workspaceId(),
    category: categories.find(category => category === c.req.query('category')) ?? null,
    period: periods.find(period => period === c.req.query('period')) ?? 'all',
    mode: leaderboardModes.find(mode => mode === c.req.query('mode')) ?? 'team',
  }
}

async function chartOf(site: Site, c: Context, kind: (typeof chartKinds)[number]): Promise<Chart> {
  const wish = await wishOf(site, c)
  if (kind === 'history') return { kind, history: await site.arena.ratingHistory(wish) }
  return { kind, board: await site.arena.leaderboard(wish) }
}

function sortOf(c: Context): { key: SortKey; reversed: boolean } {
  const given = c.req.query('sort') ?? ''
  const key = given.replace(/^-/, '')
  return { key: isSortKey(key) ? key : 'rank', reversed: given.startsWith('-') }
}

/** One row per model; shares in 0…1, times in ms, costs in millionths of the currency. */
function rowsOf({ islands }: Leaderboard) {
  return islands.flatMap((island, group) =>
    island.map(one => ({
      group: group + 1,
      rank_best: one.rank.best,
      rank_worst: one.rank.worst,
      model: one.model,
      name: one.name,
      rating: one.rating.toFixed(2),
      lower: one.lower.toFixed(2),
      upper: one.upper.toFixed(2),
      votes: one.votes,
      comparisons: one.comparisons,
      wins: one.wins,
      win_rate: one.winRate?.rate.toFixed(4) ?? '',
      win_rate_lower: one.winRate?.lower.toFixed(4) ?? '',
      win_rate_upper: one.winRate?.upper.toFixed(4) ?? '',
      both_bad_rate: one.bothBadRate.rate.toFixed(4),
      both_bad_lower: one.bothBadRate.lower.toFixed(4),
      both_bad_upper: one.bothBadRate.upper.toFixed(4),
      first_token_ms: one.firstTokenMs === null ? '' : Math.round(one.firstTokenMs),
      cost_micros: one.costMicros === null ? '' : Math.round(one.costMicros),
      currency: one.currency ?? '',
      provisional: one.provisional ? 'yes' : 'no',
    })),
  )
}

function fileName(board: Pick<Leaderboard, 'at' | 'category' | 'period' | 'mode'>): string {
  const parts = ['leaderboard', board.category, board.period, board.mode, board.at.toISOString().slice(0, 10)]
  return parts.filter(part => part !== null).join('-')
}
