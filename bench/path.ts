/** How fast comparisons go through the whole path, against the parts it is made of. */
import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { createPostgresBackend, createRedisBackend, Queue, runMigrations, Worker } from 'bullmq'
import { Redis } from 'ioredis'
import OpenAI from 'openai'
import pg from 'pg'
import { v7 as uuidV7 } from 'uuid'
import { startApp } from '../src/app.ts'
import { readConfig } from '../src/config.ts'
import type { AnswerOutcome } from '../src/core/ports.ts'
import { createLog } from '../src/log.ts'
import { openStore } from '../src/store/index.ts'
import { median, type Report, type Row, rounded } from './report.ts'
import { gpt, qwen, qwenModel, type Services, settingsFor } from './services.ts'

const rounds = 5
/** Comparisons in one measurement, and how many people ask at once: each asks again when the last call returned. */
const comparisons = 150
const warmUp = 30
const askers = 8
/** As the app's: `test/app/sixty.models.json`. */
const concurrency = 40
const waitMs = 60_000

/** Something that takes `count` comparisons' worth of work and resolves when all of it is done. */
type Contender = { name: string; run(count: number): Promise<void> }
type Measured = { perSecond: number; cpuMs: number }

export async function measurePath(services: Services): Promise<Report> {
  await using stack = new AsyncDisposableStack()
  const contenders = {
    jobsOnRedis: stack.use(await bareJobs('bare jobs, Redis', await redisJobs(await services.redis()))),
    wholeOnRedis: stack.use(await wholePath('whole path, Redis', services, await services.redis())),
    jobsOnPostgres: stack.use(await bareJobs('bare jobs, PostgreSQL', await postgresJobs(await services.database()))),
    wholeOnPostgres: stack.use(await wholePath('whole path, PostgreSQL', services, undefined)),
    rows: stack.use(await bareRows(await services.database())),
    requests: bareRequests(services.provider.url),
  }
  const all = Object.values(contenders)
  const measured = new Map<Contender, Measured[]>(all.map(contender => [contender, []]))
  for (const contender of all) await contender.run(warmUp)
  for (let round = 0; round < rounds; round++) {
    // The next one begins each round, so that none always follows the same one.
    for (const contender of [...all.slice(round), ...all.slice(0, round)]) {
      measured.get(contender)?.push(await measure(contender))
    }
  }

  const middle = (contender: Contender, of: keyof Measured) => median((measured.get(contender) ?? []).map(m => m[of]))
  const ratio = (contender: Contender, base: Contender) =>
    median(
      (measured.get(contender) ?? []).map((m, round) => m.perSecond / (measured.get(base)?.[round]?.perSecond ?? 0)),
    )
  const { jobsOnRedis, wholeOnRedis, jobsOnPostgres, wholeOnPostgres, rows, requests } = contenders
  const row = (contender: Contender, base: Contender | null): Row => ({
    name: contender.name,
    cells: [
      rounded(middle(contender, 'perSecond')),
      rounded(1000 / middle(contender, 'perSecond'), 1),
      rounded(middle(contender, 'cpuMs'), 1),
      base ? rounded(ratio(contender, base), 2) : '',
    ],
  })
  const partsMs = (jobs: Contender) =>
    [jobs, rows, requests].reduce((sum, part) => sum + 1000 / middle(part, 'perSecond'), 0)
  const overParts = (whole: Contender, jobs: Contender) => 1000 / middle(whole, 'perSecond') / partsMs(jobs)
  const transactions = { redis: await wholeOnRedis.transactions(), postgres: await wholeOnPostgres.transactions() }
  return {
    tables: [
      {
        title: `Whole path: ${comparisons} comparisons of 2 contestants, ${askers} askers at once, an instant provider`,
        columns: ['comparisons/s', 'ms each', 'our CPU ms', 'of bare jobs'],
        rows: [
          row(jobsOnRedis, null),
          row(wholeOnRedis, jobsOnRedis),
          row(jobsOnPostgres, null),
          row(wholeOnPostgres, jobsOnPostgres),
          row(rows, null),
          row(requests, null),
        ],
        meaning:
          `A comparison takes ${rounded(overParts(wholeOnRedis, jobsOnRedis), 1)} times (Redis) and ` +
          `${rounded(overParts(wholeOnPostgres, jobsOnPostgres), 1)} times (PostgreSQL) as long as its bare jobs, its ` +
          `least rows and its bare provider requests one after the other, in ${rounded(transactions.redis)} and ` +
          `${rounded(transactions.postgres)} database transactions.`,
      },
    ],
    figures: {
      jobsOnRedisPerSecond: middle(jobsOnRedis, 'perSecond'),
      wholeOnRedisPerSecond: middle(wholeOnRedis, 'perSecond'),
      wholeOfJobsOnRedisRatio: ratio(wholeOnRedis, jobsOnRedis),
      wholeOfPartsOnRedisRatio: overParts(wholeOnRedis, jobsOnRedis),
      wholeOnRedisTransactionsEach: transactions.redis,
      jobsOnPostgresPerSecond: middle(jobsOnPostgres, 'perSecond'),
      wholeOnPostgresPerSecond: middle(wholeOnPostgres, 'perSecond'),
      wholeOfJobsOnPostgresRatio: ratio(wholeOnPostgres, jobsOnPostgres),
      wholeOfPartsOnPostgresRatio: overParts(wholeOnPostgres, jobsOnPostgres),
      wholeOnPostgresTransactionsEach: transactions.postgres,
      rowsPerSecond: middle(rows, 'perSecond'),
      requestsPerSecond: middle(requests, 'perSecond'),
    },
  }
}

async function measure(contender: Contender): Promise<Measured> {
  const cpu = process.cpuUsage()
  const startedAt = performance.now()
  await contender.run(comparisons)
  const tookMs = performance.now() - startedAt
  const { user, system } = process.cpuUsage(cpu)
  return { perSecond: (comparisons / tookMs) * 1000, cpuMs: (user + system) / 1000 / comparisons }
}

/** `arena.compare` → rows → jobs → provider → stored and settled, in an app in this process. */
async function wholePath(name: string, { provider, database }: Services, redisUrl: string | undefined) {
  await using stack = new AsyncDisposableStack()
  const databaseUrl = await database()
  const app = stack.use(
    await startApp(readConfig(settingsFor(provider, { databaseUrl, ...(redisUrl && { redisUrl }) }))),
  )
  const { workspaceId, asker } = await somebody(databaseUrl)
  const observer = new pg.Client({ connectionString: databaseUrl })
  await observer.connect()
  stack.defer(() => observer.end())
  const running = stack.move()
  const ask = () =>
    app.arena.compare({
      workspaceId,
      platform: 'console',
      channel: 'arena',
      asker,
      prompt: 'instant',
      models: [qwen, gpt],
      category: null,
      blind: true,
      locale: 'en',
    })
  const untilStored = () =>
    until(async () => {
      const { rows } = await observer.query(
        `SELECT EXISTS (SELECT FROM contestant WHERE status IN ('queued', 'streaming')) AS busy`,
      )
      return rows[0]?.busy === false
    })
  return {
    name,
    run: async (count: number) => {
      await repeated(count, ask)
      await untilStored()
    },
    /** Database transactions per comparison, over one more run: the server counts late, so it is given time. */
    transactions: async () => {
      const before = await committed(observer)
      await repeated(comparisons, ask)
      await untilStored()
      return ((await committed(observer)) - before) / comparisons
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

async function committed(observer: pg.Client): Promise<number> {
  await pause(1500)
  const { rows } = await observer.query(
    'SELECT xact_commit::int AS count FROM pg_stat_database WHERE datname = current_database()',
  )
  return Number(rows[0]?.count)
}

type JobParts = { queue(name: string): Queue; worker(name: string, work: () => Promise<void>): Worker; end(): unknown }

async function redisJobs(url: string): Promise<JobParts> {
  const connection = new Redis(url, { maxRetriesPerRequest: null })
  return {
    queue: name => new Queue(name, { connection }, createRedisBackend),
    worker: (name, work) => new Worker(name, work, { connection, concurrency }, createRedisBackend),
    end: () => connection.quit(),
  }
}

async function postgresJobs(url: string): Promise<JobParts> {
  const pool = new pg.Pool({ connectionString: url, options: '-c search_path=public,bullmq', max: 40, keepAlive: true })
  const client = await pool.connect()
  await runMigrations(client, 'bullmq')
  client.release()
  return {
    queue: name => new Queue(name, { connection: pool }, createPostgresBackend),
    worker: (name, work) => new Worker(name, work, { connection: pool, concurrency }, createPostgresBackend),
    end: () => pool.end(),
  }
}

/** BullMQ as it comes: for each comparison one job on each of two queues, whose worker does nothing. */
async function bareJobs(name: string, parts: JobParts): Promise<Contender & AsyncDisposable> {
  const names = ['qwen', 'openai']
  const queues = names.map(parts.queue)
  let worked = 0
  const work = async () => {
    worked++
  }
  const workers = names.map(queue => parts.worker(queue, work))
  await Promise.all(workers.map(worker => worker.waitUntilReady()))
  const options = { removeOnComplete: true, removeOnFail: true, attempts: 4 }
  return {
    name,
    run: async count => {
      const wanted = worked + names.length * count
      await repeated(count, async () => {
        for (const queue of queues) await queue.add('prompt', { id: 'x' }, { ...options, jobId: randomUUID() })
      })
      await until(async () => worked >= wanted)
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all([...workers, ...queues].map(part => part.close()))
      await parts.end()
    },
  }
}

const outcome: AnswerOutcome = {
  status: 'done',
  text: 'An answer.',
  failure: null,
  endReason: 'stop',
  promptTokens: 7,
  completionTokens: 5,
  costMicros: 1,
  currency: 'USD',
  firstTokenMs: 1,
  durationMs: 2,
  namedItself: false,
}

/** The least the store has to do for a comparison: make it, begin and finish two answers. */
async function bareRows(databaseUrl: string): Promise<Contender & AsyncDisposable> {
  const { store } = await openStore({ databaseUrl, log: createLog('silent'), onFatal: () => {} })
  const { workspaceId, asker } = await somebody(databaseUrl)
  const one = async () => {
    const id = uuidV7()
    const now = new Date()
    const labels = ['A', 'B'] as const
    await store.comparisons.create({
      id,
      workspaceId,
      channel: 'arena',
      askerId: asker.id,
      prompt: 'instant',
      category: null,
      blind: true,
      locale: 'en',
      createdAt: now,
      closesAt: new Date(now.getTime() + 86_400_000),
      contestants: [
        { label: 'A', model: qwen },
        { label: 'B', model: gpt },
      ],
    })
    await Promise.all(
      labels.map(async label => {
        const ref = { comparisonId: id, label }
        const run = await store.answers.begin(ref, now)
        if (run === undefined || !(await store.answers.finish(ref, run, outcome))) throw new Error('not stored')
      }),
    )
  }
  return {
    name: 'bare rows',
    run: count => repeated(count, one),
    [Symbol.asyncDispose]: () => store.close(),
  }
}

/** Two streamed requests by the `openai` client, read to their ends. */
function bareRequests(baseURL: string): Contender {
  const client = new OpenAI({ baseURL, apiKey: 'sk-bench', maxRetries: 0 })
  const request = async () => {
    const stream = await client.chat.completions.create({
      model: qwenModel,
      messages: [{ role: 'user', content: 'instant' }],
      stream: true,
      stream_options: { include_usage: true },
    })
    for await (const chunk of stream) void chunk
  }
  return {
    name: 'bare requests',
    run: count =>
      repeated(count, async () => {
        await Promise.all([request(), request()])
      }),
  }
}

async function somebody(databaseUrl: string) {
  const { store } = await openStore({ databaseUrl, log: createLog('silent'), onFatal: () => {} })
  try {
    const workspaceId = await store.people.workspace('console', 'console')
    return { workspaceId, asker: await store.people.person(workspaceId, randomUUID(), { name: `Ada ${randomUUID()}` }) }
  } finally {
    await store.close()
  }
}

/** Does `work` `count` times, by `askers` at once. */
async function repeated(count: number, work: () => Promise<unknown>): Promise<void> {
  let left = count
  const asker = async () => {
    while (left-- > 0) await work()
  }
  await Promise.all(Array.from({ length: askers }, asker))
}

async function until(done: () => Promise<boolean>): Promise<void> {
  const endsAt = performance.now() + waitMs
  while (!(await done())) {
    if (performance.now() > endsAt) throw new Error(`not done after ${waitMs} ms`)
    await pause(10)
  }
}
