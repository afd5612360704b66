/**
 * A leaderboard from the tallies kept in PostgreSQL, beside what it costs without them: every vote read from the tables and
 * counted by the same code. The votes are written straight into the tables and counted once, as after a migration.
 */
import pg from 'pg'
import { leaderboardOf } from '../src/core/leaderboard.ts'
import type { Store } from '../src/core/ports.ts'
import { rate, tallyOf, type Vote } from '../src/core/rating/index.ts'
import { createLog } from '../src/log.ts'
import { openStore } from '../src/store/index.ts'
import { median, type Report, type Row, rounded } from './report.ts'
import type { Services } from './services.ts'

const sizes = [10_000, 100_000, 1_000_000] as const
const models = 8
const voters = 40
const runs = 5
/** Millions of rows are counted in more than the app's own limit. */
const queryTimeoutMs = 1_200_000

export async function measureLeaderboard({ database }: Pick<Services, 'database'>): Promise<Report> {
  const rows: Row[] = []
  const figures: Record<string, number> = {}
  for (const votes of sizes) {
    const databaseUrl = await database()
    const { store } = await openStore({ databaseUrl, log: createLog('silent'), onFatal: () => {}, queryTimeoutMs })
    try {
      await castVotes(databaseUrl, votes)
      const rebuild = await milliseconds(1, () => store.tallies.rebuild())
      const team = await milliseconds(runs, () => board(store, 'all', 'team'))
      const arena = await milliseconds(runs, () => board(store, 'all', 'arena'))
      const quarter = await milliseconds(runs, () => board(store, 'quarter', 'team'))
      const withoutTallies = await milliseconds(votes > 100_000 ? 1 : runs, () => fromVotes(databaseUrl))
      const name = `${votes.toLocaleString('en')} votes`
      rows.push({
        name,
        cells: [team, arena, quarter, withoutTallies, withoutTallies / team, rebuild / 1000].map(value =>
          rounded(value, 1),
        ),
      })
      Object.assign(figures, {
        [`${name}, team mode, ms`]: team,
        [`${name}, arena mode, ms`]: arena,
        [`${name}, last 13 weeks, ms`]: quarter,
        [`${name}, from the votes one by one, ms`]: withoutTallies,
        [`${name}, times as fast`]: withoutTallies / team,
        [`${name}, counted anew, s`]: rebuild / 1000,
      })
    } finally {
      await store.close()
    }
  }
  const columns = ['team, ms', 'arena, ms', '13 weeks, ms', 'from votes, ms', '× as fast', 'rebuild, s']
  const meaning = `Medians of ${runs}; ${models} models, ${voters} named voters, three votes on a comparison, 7 categories, 52 weeks. Reading, rating and all that stands on the leaderboard.`
  return { tables: [{ title: 'Leaderboard from kept tallies', columns, rows, meaning }], figures }
}

async function board(store: Store, period: 'all' | 'quarter', mode: 'team' | 'arena'): Promise<void> {
  const parts = { store, catalogue: { models: () => [], defaults: () => [], provider: () => undefined }, clock }
  const { votes } = await leaderboardOf(parts, { workspaceId: 'w', category: null, period, mode })
  if (votes === 0) throw new Error('nothing was rated')
}

const clock = { now: () => new Date('2026-11-25T12:00:00Z') }

async function fromVotes(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    const { rows } = await client.query<{ id: string; voter: string; choice: string; a: string; b: string }>(`
      SELECT v.comparison_id AS id, v.voter_id AS voter, v.choice, a.model AS a, b.model AS b
      FROM vote AS v
      JOIN contestant AS a ON a.comparison_id = v.comparison_id AND a.label = 'A'
      JOIN contestant AS b ON b.comparison_id = v.comparison_id AND b.label = 'B'`)
    const votes = rows.map(({ id, voter, choice, a, b }): Vote => {
      const drawn = choice === 'tie' || choice === 'both_bad' ? choice : null
      return { models: [a, b], choice: drawn ?? { winner: choice === 'A' ? a : b }, comparison: id, voter }
    })
    rate(tallyOf(votes), 'team')
  } finally {
    await client.end()
  }
}

/** Past the triggers, which would count each row as it comes: `rebuild` counts them at once. */
async function castVotes(databaseUrl: string, votes: number): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  const comparisons = Math.ceil(votes / 3)
  try {
    await client.query(`
      SET session_replication_role = replica;
      INSERT INTO workspace (id, platform, external_id) VALUES ('w', 'discord', 'w');
      INSERT INTO person (id, workspace_id, platform, external_id, name, name_folded)
        SELECT 'p' || n, 'w', 'discord', 'p' || n, 'p' || n, 'p' || n FROM generate_series(0, ${voters - 1}) AS n;
      INSERT INTO comparison (id, workspace_id, channel, asker_id, prompt, category, blind, locale, created_at, closes_at,
        status, closed_at)
        SELECT 'c' || n, 'w', 'c', 'p0', 'Why?',
          (ARRAY['reasoning', 'language', 'coding', 'writing', 'translation', 'knowledge', 'other'])[1 + n % 7], true, 'en',
          at, at, 'revealed', at
        FROM generate_series(1, ${comparisons}) AS n
        CROSS JOIN LATERAL (SELECT timestamptz '2026-11-24' - (n % 364) * interval '1 day' AS at) AS moment;
      INSERT INTO contestant (comparison_id, label, model, status, run, text, first_token_ms, cost_micros, currency)
        SELECT 'c' || n, label, 'demo/m' || (CASE label WHEN 'A' THEN n % ${models}
          ELSE (n + 1 + (n / ${models}) % ${models - 1}) % ${models} END), 'done', 1, 'x', 200 + n % 900, 100 + n % 77, 'USD'
        FROM generate_series(1, ${comparisons}) AS n, unnest(ARRAY['A', 'B']) AS label;
      INSERT INTO vote (comparison_id, workspace_id, voter_id, choice, cast_at)
        SELECT 'c' || (1 + n / 3), 'w', 'p' || ((n / 3 * 7 + n % 3 * 11) % ${voters}),
          (ARRAY['A', 'B', 'A', 'tie', 'B', 'A', 'both_bad', 'A'])[1 + (n * 5 + n / 7) % 8], now()
        FROM generate_series(0, ${votes - 1}) AS n;
      ANALYZE;`)
  } finally {
    await client.end()
  }
}

/** The median of several runs, fresh code having been run in: a leaderboard is asked for by a process that runs for weeks. */
async function milliseconds(times: number, work: () => Promise<unknown>): Promise<number> {
  for (let run = 1; run < times; run++) await work()
  const taken: number[] = []
  for (let run = 0; run < times; run++) {
    const start = performance.now()
    await work()
    taken.push(performance.now() - start)
  }
  return median(taken)
}
