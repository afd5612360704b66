/** One provider's worker in this process: its runs, their signals, and a watchdog that looks at progress. */
import type { Job } from 'bullmq'
import { FaceoffError } from '../core/errors.ts'
import type { Log } from '../core/ports.ts'
import type { Backend, JobQueue, JobWorker } from './backend.ts'
import { bounded } from './bounded.ts'
import { type JobHandlers, runJob } from './jobs.ts'
import { asJobError, retryDelay } from './retry.ts'

export type ProviderLimits = {
  id: string
  /** Runs at once in one process. */
  concurrency: number
  /** Runs begun in a window of time, over all processes; null: no limit. */
  rateLimit: { max: number; perMs: number } | null
}

export type WorkerTiming = {
  /** A job whose process is gone is free after this time; a living one renews twice in it. */
  lockMs: number
  /** How often a worker looks for such jobs. */
  stalledCheckMs: number
  /** The first backoff; doubled with every attempt. */
  firstRetryMs: number
  /** How often the watchdog looks; it acts when it saw no progress twice. */
  watchdogMs: number
  /** How long a worker may take to close once its runs are over. */
  closeMs: number
}

/**
 * A prompt that kills its process comes back as often as this. The core counts the runs and gives up much sooner, with a
 * reason that people can read; BullMQ would drop the job in silence.
 */
const maxStalledCount = 1000

/** BullMQ's own pause after a refused connection is 15 s: too long for somebody who waits for an answer. */
const retryConnectionMs = 1000

type Run = { jobId: string | undefined; controller: AbortController; done: Promise<void> }

export class ProviderWorker {
  readonly #backend: Backend
  readonly #queue: JobQueue
  readonly #limits: ProviderLimits
  readonly #handlers: Partial<JobHandlers>
  readonly #timing: WorkerTiming
  readonly #log: Log
  readonly #onError: (error: Error) => void
  readonly #runs = new Set<Run>()
  #worker: JobWorker | undefined
  #begun = 0
  #begunAtLastCheck = 0
  #checksWithoutProgress = 0
  #watching = false
  #closing: Promise<void> | undefined

  constructor(options: {
    backend: Backend
    queue: JobQueue
    limits: ProviderLimits
    handlers: Partial<JobHandlers>
    timing: WorkerTiming
    log: Log
    onError: (error: Error) => void
  }) {
    this.#backend = options.backend
    this.#queue = options.queue
    this.#limits = options.limits
    this.#handlers = options.handlers
    this.#timing = options.timing
    this.#log = options.log
    this.#onError = options.onError
  }

  /** Begins to take jobs. */
  async start(): Promise<void> {
    const made = await this.#make()
    if (this.#closing) return made.close(true)
    this.#worker = made
  }

  /**
   * Replaces the worker when jobs wait and none has begun since the check before the last one, though nothing runs.
   * After an outage workers have slept on for good while their connections looked well, so only progress counts. While
   * something runs there is no need: every run that ends takes the next job by itself.
   */
  async watch(): Promise<void> {
    if (this.#watching) return
    this.#watching = true
    try {
      const resting = this.#begun === this.#begunAtLastCheck && this.#runs.size === 0
      this.#begunAtLastCheck = this.#begun
      this.#checksWithoutProgress = resting && (await this.#hasWork()) ? this.#checksWithoutProgress + 1 : 0
      if (this.#checksWithoutProgress >= 2 && this.#runs.size === 0) await this.#replace()
    } finally {
      this.#watching = false
    }
  }

  /** Aborts the signals of all runs: this process lets go of their jobs. */
  letGo(): void {
    for (const { controller } of this.#runs) controller.abort(lettingGo('shutdown'))
  }

  /** Resolves when no run is left; meaningful once `close` was called. */
  async idle(): Promise<void> {
    while (this.#runs.size > 0) await Promise.all([...this.#runs].map(({ done }) => done))
  }

  /** Takes no more jobs from now on; resolves when the last run is over and recorded. Renews locks until then. */
  close(): Promise<void> {
    this.#closing ??= this.#worker?.close() ?? Promise.resolve()
    return this.#closing
  }

  /** Ends what `close` could not: no lock is renewed and no connection held any more, whatever still runs. */
  async release(): Promise<void> {
    await this.#worker?.getBackend().close(true)
  }

  async #replace(): Promise<void> {
    const old = this.#worker
    await this.start()
    this.#checksWithoutProgress = 0
    this.#log.warn({ provider: this.#limits.id }, 'worker made no progress and was replaced')
    if (old) await bounded(old.close(true), this.#timing.closeMs, 'closing a worker')
  }

  async #make(): Promise<JobWorker> {
    const { concurrency, rateLimit } = this.#limits
    const { lockMs, stalledCheckMs, firstRetryMs } = this.#timing
    const worker = await this.#backend.worker(this.#queue.name, job => this.#run(job), {
      concurrency,
      ...(rateLimit && { limiter: { max: rateLimit.max, duration: rateLimit.perMs } }),
      lockDuration: lockMs,
      stalledInterval: stalledCheckMs,
      maxStalledCount,
      runRetryDelay: retryConnectionMs,
      settings: {
        backoffStrategy: (attemptsMade, _type, error) =>
          retryDelay(error, attemptsMade, { firstRetryMs, random: Math.random }),
      },
    })
    worker.on('error', this.#onError)
    worker.on('stalled', jobId =>
      this.#log.warn({ provider: this.#limits.id, jobId }, 'job of a lost worker taken over'),
    )
    // Only a lock that is known to be lost ends a run. A renewal that could not be sent is tried again: as long as the
    // backend is away for everybody nobody else can take the job, and fencing tokens guard the case where it is not.
    worker.on('lockRenewalFailed', jobIds => this.#abort(new Set(jobIds)))
    return worker
  }

  async #run(job: Job<unknown, void>): Promise<void> {
    // The same job again: its earlier run lost the lock without having heard of it yet.
    if (job.id !== undefined) this.#abort(new Set([job.id]))
    const controller = new AbortController()
    const handled = runJob(this.#handlers, job.name, job.data, {
      lastAttempt: job.attemptsMade + 1 >= (job.opts.attempts ?? 1),
      signal: controller.signal,
    })
    const run: Run = { jobId: job.id, controller, done: handled.catch(() => {}) }
    this.#runs.add(run)
    this.#begun++
    try {
      await handled
    } catch (thrown) {
      const error = asJobError(thrown)
      // Details go to our own log only: what is thrown on is kept beside the job.
      this.#log.warn({ err: thrown, provider: this.#limits.id, jobId: job.id, outcome: error.name }, 'job failed')
      throw error
    } finally {
      this.#runs.delete(run)
    }
  }

  #abort(jobIds: ReadonlySet<string>): void {
    for (const { jobId, controller } of this.#runs) {
      if (jobId !== undefined && jobIds.has(jobId)) controller.abort(lettingGo('lock lost'))
    }
  }

  async #hasWork(): Promise<boolean> {
    const { rateLimit } = this.#limits
    const {
      waiting = 0,
      prioritized = 0,
      delayed = 0,
    } = await this.#queue.getJobCounts('waiting', 'prioritized', 'delayed')
    if (rateLimit && (await this.#queue.getRateLimitTtl(rateLimit.max)) > 0) return false
    if (waiting + prioritized > 0) return true
    return delayed > 0 && (await this.#queue.getDelayedCount(Date.now() - this.#timing.watchdogMs)) > 0
  }
}

function lettingGo(why: string): FaceoffError {
  return new FaceoffError({ code: 'internal' }, { message: `run ended by this process: ${why}` })
}
