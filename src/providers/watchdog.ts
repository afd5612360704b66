/** In milliseconds. */
export type TimeLimits = {
  /** From the request to the first text or reasoning. */
  firstMs: number
  /** From one text or reasoning to the next. */
  betweenMs: number
  /** From the end of the text to the end of the stream, where the usage comes. */
  settleMs: number
  /** The whole answer. */
  totalMs: number
  /** The list of models. */
  healthMs: number
}

export const usualTimeLimits: TimeLimits = {
  firstMs: 120_000,
  betweenMs: 60_000,
  settleMs: 5_000,
  totalMs: 15 * 60_000,
  healthMs: 5_000,
}

/**
 * Aborts a request whose provider has fallen silent. Only what counts as an answer resets it: a provider that keeps a
 * connection alive with comments and says nothing is silent all the same. The clock runs only while we wait for the
 * provider, so a slow reader is never taken for a slow provider.
 */
export class Watchdog {
  readonly controller = new AbortController()
  readonly #caller: AbortSignal
  readonly #total: NodeJS.Timeout
  #leftMs: number
  #verdict: 'silent' | 'endless' | undefined

  constructor(limits: Pick<TimeLimits, 'firstMs' | 'totalMs'>, caller: AbortSignal) {
    this.#leftMs = limits.firstMs
    this.#caller = caller
    this.#total = setTimeout(() => this.#bark('endless'), limits.totalMs)
    caller.addEventListener('abort', this.#obey)
    if (caller.aborted) this.#obey()
  }

  /** Why it aborted the request; undefined when it did not. */
  get verdict(): 'silent' | 'endless' | undefined {
    return this.#verdict
  }

  /** Waits for the provider, no longer than what is left. */
  async wait<T>(pending: PromiseLike<T>): Promise<T> {
    const since = performance.now()
    const timer = setTimeout(() => this.#bark('silent'), this.#leftMs)
    try {
      return await pending
    } finally {
      clearTimeout(timer)
      this.#leftMs -= performance.now() - since
    }
  }

  /** The provider showed that it is at work, and has this long until it must do so again. */
  grant(ms: number): void {
    this.#leftMs = ms
  }

  /** Lets go of the caller's signal, and of the request if it still runs. */
  [Symbol.dispose](): void {
    clearTimeout(this.#total)
    this.#caller.removeEventListener('abort', this.#obey)
    this.controller.abort()
  }

  readonly #obey = (): void => this.controller.abort(this.#caller.reason)

  #bark(verdict: 'silent' | 'endless'): void {
    this.#verdict = verdict
    this.controller.abort()
  }
}
