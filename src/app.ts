/** The composition root: every concrete thing is made and wired here. Tests replace parts through `overrides`. */
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { v7 as uuidV7 } from 'uuid'
import { commands } from '../commands/index.ts'
import { type Config, ConfigError, isLoopback } from './config.ts'
import { createConsole } from './console/index.ts'
import { type Arena, createArena } from './core/arena.ts'
import type { Clock, Parts } from './core/ports.ts'
import { textFor } from './core/text/index.ts'
import { createLog, type Log } from './log.ts'
import { CatalogueError, createCatalogue, type ProviderCatalogue, providerRows } from './providers/index.ts'
import { createQueue, type QueueTiming } from './queue/bullmq.ts'
import { openStore } from './store/index.ts'

/** How often the sweep looks for what a crash left behind, in milliseconds. */
const sweepMs = 30_000

/** How long running answers may go on once the process is asked to stop. */
const graceMs = 15_000

export type Overrides = {
  log?: Log
  clock?: Clock
  random?: () => number
  queueTiming?: Partial<QueueTiming>
  /** Milliseconds between two words of a demo answer. */
  demoWordMs?: number
}

export type App = AsyncDisposable & {
  arena: Arena
  /** Where the console listens; null without the role `console`. */
  url: string | null
  /** Makes whoever opens it first the console's admin; null without the role `console`. */
  ownerUrl: string | null
  /** What a person should read at start, in the operator's language. */
  notes: string[]
}

/**
 * Makes everything, starts it, and returns when it is ready. Whatever was started is closed again when a later part
 * fails. Throws a `ConfigError`, whose sentences an operator can act on, for everything that a setting can mend.
 */
export async function startApp(config: Config, overrides: Overrides = {}): Promise<App> {
  await using stack = new AsyncDisposableStack()
  const text = textFor(config.locale).start
  const log = overrides.log ?? createLog(config.logLevel)
  const clock = overrides.clock ?? { now: () => new Date() }

  const catalogue = await connectProviders(config, overrides, log)
  const { store, pool } = await openDatabase(config, log)
  stack.defer(() => store.close())

  const queue = await createQueue({
    backend: config.secrets.redisUrl
      ? { kind: 'redis', url: config.secrets.redisUrl }
      : { kind: 'postgres', pool },
    providers: catalogue.providers().filter(provider => provider.on).map(({ id }) => ({ id, ...catalogue.limits(id) })),
    log,
    timing: overrides.queueTiming ?? {},
  })
  stack.defer(() => queue.close(graceMs))
  await queue.ping().catch(() => {
    throw new ConfigError([config.secrets.redisUrl ? text.noRedis : text.noDatabase])
  })

  const parts: Omit<Parts, 'chats'> = {
    store,
    queue,
    catalogue,
    clock,
    log,
    newId: uuidV7,
    random: overrides.random ?? Math.random,
    votingMs: config.votingMs,
  }
