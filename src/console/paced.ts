/**
 * Hands the newest value to `send`: the first at once, later ones after a pause, one at a time. Values in between are
 * skipped, never queued.
 */
export class Paced<Value> {
  readonly #send: (value: Value) => Promise<void>
  readonly #pauseMs: () => number
  #next: { value: Value } | undefined
  #running: Promise<void> | undefined
  #wake: (() => void) | undefined
  #ended = false

  /** `send` must not throw. `pauseMs` is asked after each time. */
  constructor(send: (value: Value) => Promise<void>, pauseMs: () => number) {
    this.#send = send
    this.#pauseMs = pauseMs
  }

  push(value: Value): void {
    if (this.#ended) return
    this.#next = { value }
    this.#running ??= this.#run()
  }

  /** Drops what is pending and resolves when nothing is under way any more. */
  async end(): Promise<void> {
    this.#ended = true
    this.#next = undefined
    this.#wake?.()
    await this.#running
  }

  async #run(): Promise<void> {
    while (this.#next !== undefined) {
      const { value } = this.#next
      this.#next = undefined
      await this.#send(value)
      if (!this.#ended) await this.#pause(this.#pauseMs())
    }
    this.#running = undefined
  }

  #pause(ms: number): Promise<void> {
    return new Promise(resolve => {
      const timer = setTimeout(resolve, ms)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}
