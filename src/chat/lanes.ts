/**
 * Changes to what stands in a channel, one at a time: several slots (the answers of a thread, the ballots of a channel)
 * take turns, and each brings only its newest state. Nothing is queued: a slot that is asked again while it waits simply
 * has more to say when its turn comes.
 */
import { setTimeout as pause } from 'node:timers/promises'

/** What one turn did; only edits are paced, everything else is so rare that the platform's own limits suffice. */
export type Turn = 'edited' | 'changed' | 'done'

export type Slot = {
  /** Makes one change at most. `done`: there is nothing left to change. */
  turn(): Promise<Turn>
  /** The turn threw. Milliseconds until this lane goes on and the slot has another turn; null: it gives up. */
  failed(error: unknown): number | null
  /** There will be no more turns: this process stops. */
  dropped(): void
}

type Lane = { waiting: Set<Slot>; running: Promise<void>; lastEditAt: number }

export class Lanes {
  readonly #gapMs: number
  readonly #lanes = new Map<string, Lane>()
  readonly #end = new AbortController()

  /** `gapMs`: the least time between two edits in one lane. */
  constructor({ gapMs }: { gapMs: number }) {
    this.#gapMs = gapMs
  }

  /** Gives the slot turns until it is done. */
  want(name: string, slot: Slot): void {
    if (this.#end.signal.aborted) {
      slot.dropped()
      return
    }
    const lane = this.#lanes.get(name)
    if (lane) {
      lane.waiting.add(slot)
      return
    }
    const made: Lane = { waiting: new Set([slot]), running: Promise.resolve(), lastEditAt: -Infinity }
    this.#lanes.set(name, made)
    made.running = this.#run(name, made)
  }

  /** Begins no more turns; resolves when none is under way. */
  async close(): Promise<void> {
    this.#end.abort()
    await Promise.all([...this.#lanes.values()].map(({ running }) => running))
  }

  async #run(name: string, lane: Lane): Promise<void> {
    const { signal } = this.#end
    // A new lane begins after whoever wanted it first has said everything there is to say now.
    await Promise.resolve()
    while (!signal.aborted) {
      const [slot] = lane.waiting
      if (slot === undefined) {
        // The pause after the last edit outlives the lane's work, so that a new wish keeps it.
        await this.#pauseUntil(lane.lastEditAt + this.#gapMs)
        if (lane.waiting.size > 0) continue
        break
      }
      lane.waiting.delete(slot)
      await this.#turn(slot, lane)
    }
    this.#lanes.delete(name)
    for (const slot of lane.waiting) slot.dropped()
  }

  async #turn(slot: Slot, lane: Lane): Promise<void> {
    await this.#pauseUntil(lane.lastEditAt + this.#gapMs)
    if (this.#end.signal.aborted) {
      slot.dropped()
      return
    }
    try {
      const turn = await slot.turn()
      if (turn === 'edited') lane.lastEditAt = performance.now()
      if (turn !== 'done') lane.waiting.add(slot)
    } catch (error) {
      const waitMs = slot.failed(error)
      if (waitMs === null) return
      lane.waiting.add(slot)
      await this.#pauseUntil(performance.now() + waitMs)
    }
  }

  /** Timers know whole milliseconds only and round down: one alone may fire two of them early. */
  async #pauseUntil(at: number): Promise<void> {
    const { signal } = this.#end
    for (let ms = at - performance.now(); ms > 0 && !signal.aborted; ms = at - performance.now()) {
      await pause(Math.ceil(ms), undefined, { signal }).catch(() => {})
    }
  }
}
