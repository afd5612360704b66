/** The stand-in's own time: real time plus what a test has let pass. */
export class Clock {
  #ahead = 0
  #last = 0

  /** Milliseconds since 1970. */
  get now(): number {
    return Date.now() + this.#ahead
  }

  advance(ms: number): void {
    this.#ahead += ms
  }

  /** A message's timestamp: later than every one before. */
  timestamp(): string {
    this.#last = Math.max(this.#last + 1, Math.floor(this.now * 1000))
    const text = String(this.#last)
    return `${text.slice(0, -6)}.${text.slice(-6)}`
  }
}
