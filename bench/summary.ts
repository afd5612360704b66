/**
 * A week's summary: what the database takes to count it, and what counting and drawing take beyond that. The votes are
 * written straight into the tables and counted once, as after a migration.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import pg from 'pg'
import { type Charts, createCharts } from '../src/charts/index.ts'
import type { Store } from '../src/core/ports.ts'
import { summaryOf, type WeekSummary } from '../src/core/summary.ts'
import { daysBefore } from '../src/core/week.ts'
import { createLog } from '../src/log.ts'
import { openStore } from '../src/store/index.ts'
import { median, type Report, type Row, rounded } from './report.ts'
import type { Services } from './services.ts'
import { models, type PictureMemory, pictures, week } from './summary-pictures.ts'

const votes = 1_000_000
const votesPerComparison = 3
const voters = 40
const runs = 5
/** Millions of rows are counted in more than the app's own limit. */
const queryTimeoutMs = 1_200_000

/** The week is over, and so the tallies hold it; or it is nearly over, and its ballots are read one by one. */
const moments = [
  { name: 'Monday at nine, by schedule', asOf: new Date('2026-11-23T08:00:00Z') },
  { name: 'Sunday evening, by hand', asOf: new Date('2026-11-22T22:00:00Z') },
] as const

type Taken = { database: number; computing: number; drawing: number }

export async function measureSummary({ database }: Pick<Services, 'database'>): Promise<Report> {
  const memory = await memoryOfPictures()
  const databaseUrl = await database()
  const { store } = await openStore({ databaseUrl, log: createLog('silent'), onFatal: () => {}, queryTimeoutMs })
  const charts = createCharts()
  const rows: Row[] = []
  const figures: Record<string, number> = {}
  try {
    await castVotes(databaseUrl)
    await store.tallies.rebuild()
    for (const { name, asOf } of moments) {
      const taken: Taken[] = []
      // The first run is through fresh code.
      for (let run = 0; run <= runs; run++) {
        taken.push(await measured(store, asOf, summary => drawn(charts, summary)))
      }
      const cold = taken.shift()
      const of = (key: keyof Taken) => median(taken.map(times => times[key]))
      const beyond = median(taken.map(({ computing, drawing }) => computing + drawing))
      const coldBeyond = (cold?.computing ?? 0) + (cold?.drawing ?? 0)
      const cells = [of('database'), of('computing'), of('drawing'), beyond, coldBeyond]
      rows.push({ name, cells: cells.map(value => rounded(value, 2)) })
      Object.assign(figures, {
        [`${name}, database, s`]: of('database'),
        [`${name}, computing, s`]: of('computing'),
        [`${name}, drawing, s`]: of('drawing'),
        [`${name}, beyond the database, first time, s`]: coldBeyond,
      })
    }
    Object.assign(figures, {
      'first 100 pictures, resident MiB': memory.first,
      'last 100 pictures, resident MiB': memory.last,
    })
    return {
      tables: [
        {
          title: 'A summary of 1 M votes in the week',
          columns: ['database, s', 'computing, s', 'drawing, s', 'beyond, s', 'first time, s'],
          rows,
          meaning: `Medians of ${runs}; ${models} models, ${voters} named voters, three votes on a comparison, 7 categories. Beyond the database's own time the mark is 2 s; "first time" is that through fresh code.`,
        },
        {
          title: `${pictures.toLocaleString('en')} pictures, one after another`,
          columns: ['first 100, MiB', 'last 100, MiB'],
          rows: [{ name: 'resident, the highest', cells: [rounded(memory.first), rounded(memory.last)] }],
          meaning: `Of a process that draws and nothing else, with its drawing thread; ${models} models.`,
        },
      ],
      figures,
    }
  } finally {
    await charts.close()
    await store.close()
  }
}

async function measured(store: Store, asOf: Date, draw: (summary: WeekSummary) => Promise<void>): Promise<Taken> {
  const seconds = () => performance.now() / 1000
  const begun = seconds()
  const [facts, rated, before] = await Promise.all([
    store.summaries.facts({ workspaceId: 'w', week, asOf, channel: 'c' }),
    store.tallies.before('w', asOf),
    store.tallies.before('w', daysBefore(asOf, 7, week.timeZone)),
  ])
  const read = seconds()
  const numbers = summaryOf(facts, rated, before, model => model)
  const computed = seconds()
  if (numbers.turnout.votes < 0.9 * votes) throw new Error(`only ${numbers.turnout.votes} votes were counted`)
  await draw({ workspaceId: 'w', week, asOf, numbers, missed: [] })
  return { database: read - begun, computing: computed - read, drawing: seconds() - computed }
}

async function drawn(charts: Charts, summary: WeekSummary): Promise<void> {
  const picture = await charts.post(summary, { locale: 'en', theme: 'light' })
  if (picture === null) throw new Error('nothing to see')
}

/** In a process of its own, where nothing of the million votes is. */
async function memoryOfPictures(): Promise<PictureMemory> {
  const child = fork(new URL('./summary-pictures.ts', import.meta.url), {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const [memory] = (await once(child, 'message')) as [PictureMemory]
  return memory
}

/** Past the triggers, which would count each row as it comes: `rebuild` counts them at once. One vote in twenty is older. */
async function castVotes(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  const inWeek = Math.ceil(votes / votesPerComparison)
  const older = Math.ceil(inWeek / 20)
  try {
    await client.query(`
      SET session_replication_role = replica;
      SELECT setseed(0.5);
      INSERT INTO workspace (id, platform, external_id) VALUES ('w', 'discord', 'w');
      INSERT INTO person (id, workspace_id, platform, external_id, name, name_folded)
        SELECT 'p' || n, 'w', 'discord', 'p' || n, 'p' || n, 'p' || n FROM generate_series(0, ${voters - 1}) AS n;
      INSERT INTO comparison (id, workspace_id, channel, asker_id, prompt, category, blind, locale, created_at, closes_at,
        status, closed_at)
        SELECT 'c' || n, 'w', 'c', 'p' || n % ${voters}, 'Why ' || n || '?',
          (ARRAY['reasoning', 'language', 'coding', 'writing', 'translation', 'knowledge', 'other'])[1 + n % 7], true, 'en',
          at, at, 'revealed', at
        FROM generate_series(1, ${inWeek + older}) AS n
        CROSS JOIN LATERAL (
          SELECT CASE WHEN n <= ${inWeek} THEN timestamptz '2026-11-16' + n * (interval '6.9 days' / ${inWeek})
            ELSE timestamptz '2026-11-10' - (n % 300) * interval '1 day' END AS at
        ) AS moment;
      INSERT INTO contestant (comparison_id, label, model, status, run, text, first_token_ms, cost_micros, currency)
        SELECT 'c' || n, label, 'demo/m' || (CASE label WHEN 'A' THEN n % ${models}
          ELSE (n + 1 + (n / ${models}) % ${models - 1}) % ${models} END), 'done', 1, 'x', 200 + n % 900, 100 + n % 77, 'USD'
        FROM generate_series(1, ${inWeek + older}) AS n, unnest(ARRAY['A', 'B']) AS label;
      INSERT INTO vote (comparison_id, workspace_id, voter_id, choice, cast_at)
        SELECT c.id, 'w', 'p' || ((hashtext(c.id) & 1023) + 7 * k) % ${voters},
          (ARRAY['A', 'B', 'A', 'tie', 'B', 'A', 'both_bad', 'A'])[1 + floor(8 * random())::int], c.created_at
        FROM comparison AS c, generate_series(1, ${votesPerComparison}) AS k;
      ANALYZE;`)
  } finally {
    await client.end()
  }
}
