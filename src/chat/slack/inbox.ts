/**
 * Between the acknowledgement and the work: a wish is kept in the database, Slack is told, and then it is done, a few at a
 * time, so that a crowd's work does not stand before the next one's acknowledgement.
 */
import type { Wishes } from '../../core/ports.ts'
import type { Log } from '../../log.ts'

/** Wishes that are worked on at the same moment. */
const mostAtOnce = 6

/** Wishes that are known when Slack sends them again. */
const mostKnown = 1_000

type Kept = { id: string; body: string; kept: PromiseWithResolvers<void> }

export class Inbox {
  readonly #wishes: Wishes
  readonly #perform: (id: string, body: string) => Promise<void>
  readonly #log: Log
  #batch: Kept[] = []
  #keeping: Promise<void> | undefined
  readonly #waiting: { id: string; body: string }[] = []
  readonly #working = new Set<Promise<void>>()
  /** Begun here lately, and not failed: an answer that all see shall not stand there twice. */
  readonly #known = new Set<string>()
  #isClosed = false

  constructor(parts: { wishes: Wishes; perform: (id: string, body: string) => Promise<void>; log: Log }) {
    this.#wishes = parts.wishes
    this.#perform = parts.perform
    this.#log = parts.log
  }

  /** Resolves when the wish is kept; it is done afterwards, whatever becomes of this process. */
  async keep(id: string, body: string): Promise<void> {
    if (this.#known.has(id)) return
    const kept = Promise.withResolvers<void>()
    this.#batch.push({ id, body, kept })
    // Those that come while some are written go together, next.
    this.#keeping ??= this.#keepAll()
    await kept.promise
  }

  /** Does the wish now that its keeping was acknowledged. */
  begin(id: string, body: string): void {
    if (this.#known.has(id)) return
    this.#know(id)
    this.#waiting.push({ id, body })
    this.#work()
  }

  /** Does what a process left behind that died. Where another one is at it, it is done twice and ends the same. */
  async takeLeft(): Promise<void> {
    for (const { id, body } of await this.#wishes.left('slack', 0)) this.begin(id, body)
  }

  /** What is not begun is left for the next process. */
  async close(): Promise<void> {
    this.#isClosed = true
    await Promise.all(this.#working)
  }

  async #keepAll(): Promise<void> {
    // Requests that came together are read one after the other: give the others a moment to be among these.
    await new Promise(resolve => setImmediate(resolve))
    while (this.#batch.length > 0) {
      const batch = this.#batch
      this.#batch = []
      try {
        await this.#wishes.keep('slack', batch)
        for (const { kept } of batch) kept.resolve()
      } catch (error) {
        for (const { kept } of batch) kept.reject(error)
      }
    }
    this.#keeping = undefined
  }

  #work(): void {
    while (!this.#isClosed && this.#working.size < mostAtOnce) {
      const next = this.#waiting.shift()
      if (next === undefined) return
      const work = this.#do(next).finally(() => {
        this.#working.delete(work)
        this.#work()
      })
      this.#working.add(work)
    }
  }

  async #do({ id, body }: { id: string; body: string }): Promise<void> {
    try {
      await this.#perform(id, body)
      await this.#wishes.done(id)
    } catch (error) {
      this.#known.delete(id)
      this.#log.error({ err: error, id }, 'wish not done')
    }
  }

  #know(id: string): void {
    this.#known.add(id)
    for (const oldest of this.#known) {
      if (this.#known.size <= mostKnown) return
      this.#known.delete(oldest)
    }
  }
}
