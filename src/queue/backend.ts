/** Where BullMQ keeps its jobs: Redis, or PostgreSQL behind a pool that the store shares. The only difference is here. */
import { setTimeout } from 'node:timers/promises'
import {
  createPostgresBackend,
  createRedisBackend,
  type IQueueBackend,
  type PgPool,
  type PgPoolClient,
  type PgQueryResult,
  type Processor,
  Queue,
  type QueueOptions,
  runMigrations,
  Worker,
  type WorkerOptions,
} from 'bullmq'
import { Redis, type RedisOptions } from 'ioredis'
import type { JobName } from './jobs.ts'

type JobProcessor = Processor<unknown, void, JobName>
/** What both backends' queues and workers have in common, and is used. */
export type JobQueue = Pick<
  // Schedulers are named by BullMQ's type of job names, and ours hold the workspace's id.
  Queue<unknown, void, string>,
  | 'name'
  | 'addBulk'
  | 'getRanges'
  | 'getJobCounts'
  | 'getDelayedCount'
  | 'getJobState'
  | 'getRateLimitTtl'
  | 'upsertJobScheduler'
  | 'removeJobScheduler'
  | 'close'
> & { on(event: 'error', listener: (error: Error) => void): unknown }
export type JobWorker = Pick<Worker<unknown, void, JobName>, 'close'> & {
  getBackend(): Pick<IQueueBackend, 'close'>
  on(event: 'error', listener: (error: Error) => void): unknown
  on(event: 'stalled', listener: (jobId: string) => void): unknown
  on(event: 'lockRenewalFailed', listener: (jobIds: string[]) => void): unknown
}
type QueueSettings = Omit<QueueOptions, 'connection'>
type WorkerSettings = Omit<WorkerOptions, 'connection'>

export type Backend = {
  queue(name: string): JobQueue
  /** A worker that has begun to take jobs. Redis may still be away; PostgreSQL must answer, or this throws. */
  worker(name: string, processor: JobProcessor, settings: WorkerSettings): Promise<JobWorker>
  ping(): Promise<unknown>
  /** Lets go of every connection that is the queue's own, whatever state it is in. */
  release(): void
}

/**
 * A `pg.Pool`, or PGlite's face of the same shape; its owner listens to its errors. BullMQ's schema must be on its
 * `search_path`, and its `options.keepAlive` true, or idle workers ask every 10 s.
 */
export type QueuePool = {
  readonly options?: { max?: number | undefined; keepAlive?: boolean | undefined }
  query(text: string, values?: unknown[]): Promise<{ rows: unknown[] }>
  connect(): Promise<{ query: QueuePool['query']; release(destroy?: boolean): void }>
}

/** BullMQ's schema, beside the store's own. */
const schema = 'bullmq'

const afterErrorMs = 100

/** The newest events are kept for BullMQ's own tools; nothing here reads them. */
const queueSettings: QueueSettings = { streams: { events: { maxLen: 100 } } }

/**
 * Producers and workers want opposite things of a Redis that is away: somebody waits for a producer, so it fails soon;
 * a worker waits for as long as it takes. Hence two clients, and one more for each worker's blocking read.
 */
export function redisBackend(url: string, prefix: string, onError: (error: Error) => void): Backend {
  const reconnecting = { retryStrategy: (times: number) => Math.min(100 * times, 2000), connectTimeout: 5000 }
  const producer = new Redis(url, { ...reconnecting, maxRetriesPerRequest: 1 })
  const consumer = new WorkerRedis(url, { ...reconnecting, maxRetriesPerRequest: null })
  producer.on('error', onError)
  consumer.on('error', onError)
  return {
    queue: name =>
      new Queue(
        name,
        // With either check BullMQ would wait for the first connection, and never recover from a failed one.
        { ...queueSettings, prefix, connection: producer, skipWaitingForReady: true, skipVersionCheck: true },
        createRedisBackend,
      ),
    worker: async (name, processor, settings) =>
      new Worker(name, processor, { ...settings, prefix, connection: consumer }, createRedisBackend),
    ping: () => producer.ping(),
    release: () => {
      producer.disconnect()
      consumer.release()
    },
  }
}

/** BullMQ makes its blocking connections by `duplicate`, and cannot close one whose server is away: so they are kept. */
class WorkerRedis extends Redis {
  readonly #copies: Redis[] = []

  override duplicate(override?: Partial<RedisOptions>): Redis {
    const copy = super.duplicate(override)
    this.#copies.push(copy)
    return copy
  }

  release(): void {
    for (const client of [this, ...this.#copies]) client.disconnect()
  }
}

/**
 * Brings BullMQ's schema up to date first; safe when two processes start at once. Each worker keeps one client of the
 * pool for `LISTEN`, so a real pool must be larger than the number of queues.
 */
export async function postgresBackend(pool: QueuePool, queues: number): Promise<Backend> {
  const max = pool.options?.max ?? Number.POSITIVE_INFINITY
  if (max <= queues + 1) {
    throw new Error(`a pool of ${max} connections is too small: each of ${queues} queues keeps one`)
  }
  const connection = bullPool(pool)
  const client = await connection.connect()
  try {
    await runMigrations(client, schema)
  } finally {
    client.release()
  }
  return {
    queue: name => new Queue(name, { ...queueSettings, connection }, createPostgresBackend),
    worker: async (name, processor, settings) => {
      // BullMQ remembers whether a connection became ready. One that did not would fail at once, for ever, and its
      // worker would ask it without a pause: so a worker is only made from one that did (6.7.0).
      const options = { ...settings, connection }
      const ready = createPostgresBackend(name, options, { withBlockingConnection: true })
      await ready.waitUntilReady().catch(async error => {
        await ready.close()
        throw error
      })
      return new Worker(name, processor, options, () => ready)
    },
    ping: () => pool.query('select 1'),
    release: () => {},
  }
}

/**
 * The pool as BullMQ wants it. A failed query is only heard of after a pause: a worker repeats it at once, and where
 * the pool refuses without a round trip (it was ended, or PGlite has died) it would leave no turn to anybody else.
 */
function bullPool(pool: QueuePool): PgPool & Pick<QueuePool, 'options'> {
  const face: PgPool = {
    query: async <R>(text: string, values: readonly unknown[] = []) => {
      try {
        return (await pool.query(text, [...values])) as PgQueryResult<R>
      } catch (error) {
        await setTimeout(afterErrorMs)
        throw error
      }
    },
    // What `pg` declares does not fit what BullMQ declares about `pg`, though the one was written for the other.
    connect: async () => (await pool.connect()) as unknown as PgPoolClient,
    // The pool is its owner's: he listens to its errors and ends it.
    on: () => face,
    removeAllListeners: () => face,
    end: async () => {},
  }
  return pool.options ? { ...face, options: pool.options } : face
}
