/** Work on the same thing, one piece after another in the order in which it came; on different things, side by side. */
export class InOrder {
  readonly #last = new Map<string, Promise<unknown>>()

  /** Runs `act` once everything before it under this name is over, however it ended. */
  async run<T>(name: string, act: () => Promise<T>): Promise<T> {
    const before = this.#last.get(name) ?? Promise.resolve()
    const mine = before.then(act, act)
    const settled = mine.catch(() => {})
    this.#last.set(name, settled)
    try {
      return await mine
    } finally {
      if (this.#last.get(name) === settled) this.#last.delete(name)
    }
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    await Promise.all(this.#last.values())
  }
}
