/** The `Queue` port on BullMQ, the same on Redis and on PostgreSQL. */
import { ErrorCode, type JobType } from 'bullmq'
import type { AnswerRef } from '../core/comparison.ts'
import { asFaceoffError, FaceoffError } from '../core/errors.ts'
import type { Log, PromptHandler, Queue, WakeHandler } from '../core/ports.ts'
import type { Schedule } from '../core/week.ts'
import { type Backend, type JobQueue, postgresBackend, type QueuePool, redisBackend } from './backend.ts'
import { bounded } from './bounded.ts'
import {
  cronPattern,
  type JobHandlers,
  promptJob,
  promptJobId,
  promptQueueName,
  summaryJob,
  summaryQueueName,
  summarySchedulerId,
} from './jobs.ts'
import { type ProviderLimits, ProviderWorker, type WorkerTiming } from './worker.ts'

export type { ProviderLimits } from './worker.ts'

export type QueueOptions = {
  backend: { kind: 'redis'; url: string } | { kind: 'postgres'; pool: QueuePool }
  /**
   * The providers this process knows. The rate limit counts over all processes, concurrency in each: while BullMQ's
   * limit over all processes is reached, idle workers on PostgreSQL ask again without a pause (so its SQL reads, 6.7.0).
   */
  providers: readonly ProviderLimits[]
  log: Log
  /** Namespace of the keys in a Redis that others use too. */
  prefix?: string
  timing?: Partial<QueueTiming>
}

/** Milliseconds. */
export type QueueTiming = WorkerTiming & {
  /** How long `add` and `having` wait for the backend: somebody may be waiting for them. */
  commandMs: number
  /** How long runs may take to hand their jobs back once their signals were aborted. */
  handBackMs: number
}

const defaultTiming: QueueTiming = {
  // Lock and check together: the jobs of a killed process go on within 20 s.
  lockMs: 15_000,
  stalledCheckMs: 5000,
  firstRetryMs: 2000,
  watchdogMs: 10_000,
  closeMs: 2000,
  commandMs: 5000,
  handBackMs: 3000,
}

const pingMs = 2000

/** In an outage every connection repeats the same error; one line in this time is enough. */
const sameErrorMs = 30_000

/**
 * PostgreSQL must answer: its schema is brought up to date here. Redis may still be away: workers wait for it, everything
 * else fails with `internal`. `add` for a provider that was not given fails with `provider_off`; `having` finds nothing.
 */
export async function createQueue({
  backend,
  providers,
  log,
  prefix = 'faceoff',
  timing,
}: QueueOptions): Promise<Queue> {
  const onError = loggedOnce(log)
  const made =
    backend.kind === 'redis'
      ? redisBackend(backend.url, prefix, onError)
      : await postgresBackend(backend.pool, providers.length + 1)
  return new BullQueue(made, providers, log, onError, { ...defaultTiming, ...timing })
}

class BullQueue implements Queue {
  readonly #backend: Backend
  readonly #log: Log
  readonly #onError: (error: Error) => void
  readonly #timing: QueueTiming
  readonly #queues: ReadonlyMap<string, { limits: ProviderLimits; queue: JobQueue }>
  readonly #schedules: JobQueue
  readonly #workers: ProviderWorker[] = []
  #watchdog: NodeJS.Timeout | undefined
  #closing: Promise<void> | undefined

  constructor(
    backend: Backend,
    providers: readonly ProviderLimits[],
    log: Log,
    onError: (error: Error) => void,
    timing: QueueTiming,
  ) {
    this.#backend = backend
    this.#log = log
    this.#onError = onError
    this.#timing = timing
    this.#queues = new Map(
      providers.map(limits => {
        const queue = backend.queue(promptQueueName(limits.id))
        queue.on('error', onError)
        return [limits.id, { limits, queue }]
      }),
    )
    this.#schedules = backend.queue(summaryQueueName)
    this.#schedules.on('error', onError)
  }

  async add(provider: string, refs: readonly AnswerRef[]): Promise<void> {
    const queue = this.#queues.get(provider)?.queue
    if (queue === undefined) throw new FaceoffError({ code: 'provider_off' }, { message: `no queue for ${provider}` })
    if (refs.length === 0) return
    await this.#command(queue.addBulk(refs.map(promptJob)), 'adding jobs')
  }

  async having(provider: string, refs: readonly AnswerRef[]): Promise<AnswerRef[]> {
    const queue = this.#queues.get(provider)?.queue
    if (queue === undefined || refs.length === 0) return []
    return this.#command(held(queue, refs), 'looking for jobs')
  }

  async work(handler: PromptHandler): Promise<void> {
    const handlers = { prompt: (ref, context) => handler({ ref, ...context }) } satisfies Partial<JobHandlers>
    await this.#start([...this.#queues.values()].map(({ limits, queue }) => this.#worker(queue, limits, handlers)))
  }

  async schedule(workspaceId: string, schedule: Schedule | null): Promise<void> {
    const id = summarySchedulerId(workspaceId)
    const done =
      schedule === null ? this.#schedules.removeJobScheduler(id) : this.#setSchedule(id, workspaceId, schedule)
    await this.#command<unknown>(done, 'setting a schedule')
  }

  /** Again where other processes set it in the same moment: then there is one to replace. */
  async #setSchedule(id: string, workspaceId: string, schedule: Schedule, triesLeft = 5): Promise<void> {
    const repeat = { pattern: cronPattern(schedule), tz: schedule.timeZone }
    try {
      await this.#schedules.upsertJobScheduler(id, repeat, summaryJob(workspaceId))
    } catch (error) {
      if (triesLeft === 0 || !isCollision(error)) throw error
      await this.#setSchedule(id, workspaceId, schedule, triesLeft - 1)
    }
  }

  async wake(handler: WakeHandler): Promise<void> {
    const handlers = { summary: ({ workspaceId }) => handler(workspaceId) } satisfies Partial<JobHandlers>
    const limits = { id: summaryQueueName, concurrency: 1, rateLimit: null }
    await this.#start([this.#worker(this.#schedules, limits, handlers)])
  }

  #worker(queue: JobQueue, limits: ProviderLimits, handlers: Partial<JobHandlers>): ProviderWorker {
    return new ProviderWorker({
      backend: this.#backend,
      queue,
      limits,
      handlers,
      timing: this.#timing,
      log: this.#log,
      onError: this.#onError,
    })
  }

  async #start(workers: ProviderWorker[]): Promise<void> {
    if (this.#closing) throw new Error('this queue is closed')
    this.#workers.push(...workers)
    await Promise.all(workers.map(worker => worker.start()))
    if (this.#closing) return
    this.#watchdog ??= setInterval(() => {
      for (const worker of this.#workers) {
        bounded(worker.watch(), this.#timing.commandMs, 'looking for progress').catch(this.#onError)
      }
    }, this.#timing.watchdogMs)
  }

  async ping(): Promise<void> {
    try {
      await bounded(this.#backend.ping(), pingMs, 'ping')
    } catch (thrown) {
      throw asFaceoffError(thrown)
    }
  }

  close(graceMs: number): Promise<void> {
    this.#closing ??= this.#close(graceMs)
    return this.#closing
  }

  /**
   * Workers stop taking jobs → runs end by themselves, or are aborted after `graceMs` and hand their jobs back → what
   * ended is recorded → connections go. Each step has a bound: with the backend away BullMQ's own closing never ends,
   * and a run that does not let go is taken over once its lock is over.
   */
  async #close(graceMs: number): Promise<void> {
    clearInterval(this.#watchdog)
    const workers = this.#workers
    const closed = Promise.all(workers.map(worker => worker.close()))
    // It may fail while the runs are still waited for, and is asked only then.
    closed.catch(() => {})
    const idle = Promise.all(workers.map(worker => worker.idle()))
    const { handBackMs, closeMs } = this.#timing
    await bounded(idle, graceMs, 'running jobs').catch(async () => {
      for (const worker of workers) worker.letGo()
      await bounded(idle, handBackMs, 'handing back jobs').catch(this.#onError)
    })
    await bounded(closed, closeMs, 'closing workers').catch(this.#onError)
    const released = Promise.all(workers.map(worker => worker.release()))
    await bounded(released, closeMs, 'releasing workers').catch(this.#onError)
    const all = [this.#schedules, ...[...this.#queues.values()].map(({ queue }) => queue)]
    const queues = Promise.all(all.map(queue => queue.close()))
    await bounded(queues, closeMs, 'closing queues').catch(this.#onError)
    this.#backend.release()
  }

  async #command<T>(work: Promise<T>, what: string): Promise<T> {
    try {
      return await bounded(work, this.#timing.commandMs, what)
    } catch (thrown) {
      throw asFaceoffError(thrown)
    }
  }
}

function isCollision(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === ErrorCode.SchedulerJobIdCollision
}

/** The states of a job that is not done. */
const states: JobType[] = ['delayed', 'prioritized', 'waiting', 'active']

/**
 * Few of a sweep's many jobs are missing, so all are listed, and only what is not on the list is looked up by itself:
 * PostgreSQL lists state by state, and a job may move behind the list's back.
 */
async function held(queue: JobQueue, refs: readonly AnswerRef[]): Promise<AnswerRef[]> {
  const listed = new Set(await queue.getRanges(states, 0, -1))
  const found = await Promise.all(
    refs.map(async ref => {
      const id = promptJobId(ref)
      if (listed.has(id)) return true
      const state = await queue.getJobState(id)
      return states.some(known => known === state)
    }),
  )
  return refs.filter((_, index) => found[index])
}

function loggedOnce(log: Log): (error: Error) => void {
  let last = { message: '', at: 0 }
  return error => {
    const now = Date.now()
    if (error.message === last.message && now - last.at < sameErrorMs) return
    last = { message: error.message, at: now }
    log.warn({ err: error }, 'queue connection in trouble')
  }
}
