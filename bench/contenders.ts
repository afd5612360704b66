/** What is measured by `path.ts`: the whole path, and the parts that it is made of. */
import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import OpenAI from 'openai'
import pg from 'pg'
import { v7 as uuidV7 } from 'uuid'
import { startApp } from '../src/app.ts'
import { readConfig } from '../src/config.ts'
import type { AnswerOutcome } from '../src/core/ports.ts'
import { createLog } from '../src/log.ts'
import { openStore } from '../src/store/index.ts'
import type { BareJobs } from './jobs.ts'
import { deepseek, deepseekModel, gpt, type Services, settingsFor } from './services.ts'

/** People who ask at once: each asks again when the last call returned. */
export const askers = 8
const waitMs = 60_000

/** Something that takes `count` comparisons' worth of work and resolves when all of it is done. */
export type Contender = { name: string; run(count: number): Promise<void> }

export type WholePath = Contender &
  AsyncDisposable & {
    /** Database transactions per comparison, over one more run of `count`. */
    transactions(count: number): Promise<number>
  }

/** `arena.compare` → rows → jobs → provider → stored and settled, in an app in this process. */
export async function wholePath(
  name: string,
  { provider, database }: Services,
  redisUrl: string | undefined,
): Promise<WholePath> {
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
      models: [deepseek, gpt],
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
    run: async count => {
      await repeated(count, ask)
      await untilStored()
    },
    transactions: async count => {
      const before = await committed(observer)
      await repeated(count, ask)
      await untilStored()
      return ((await committed(observer)) - before) / count
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

/** The server counts late, so it is given time. */
async function committed(observer: pg.Client): Promise<number> {
  await pause(1500)
  const { rows } = await observer.query(
    'SELECT xact_commit::int AS count FROM pg_stat_database WHERE datname = current_database()',
  )
  return Number(rows[0]?.count)
}

/** What a comparison costs the queue: a job that does nothing on each of two queues. */
export function bareJobs(name: string, jobs: BareJobs): Contender & AsyncDisposable {
  return {
    name,
    run: async count => {
      const wanted = jobs.worked() + 2 * count
      await repeated(count, jobs.addPair)
      await until(async () => jobs.worked() >= wanted)
    },
    [Symbol.asyncDispose]: () => jobs[Symbol.asyncDispose](),
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
export async function bareRows(databaseUrl: string): Promise<Contender & AsyncDisposable> {
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
        { label: 'A', model: deepseek },
        { label: 'B', model: gpt },
      ],
    })
    await Promise.all(
      labels.map(async label => {
        const ref = { comparisonId: id, label }
        const run = await store.answers.begin(ref)
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
export function bareRequests(baseURL: string): Contender {
  const client = new OpenAI({ baseURL, apiKey: 'sk-bench', maxRetries: 0 })
  const request = async () => {
    const stream = await client.chat.completions.create({
      model: deepseekModel,
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
