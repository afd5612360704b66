import type { Call } from './state.ts'

export type Fault = {
  /** A method's name; `*` for every one. */
  method: string
  /** 200 unless given. */
  status?: number
  error?: string
  headers?: Record<string, string>
  /** 1 unless given. */
  times?: number
  /** Which calls of the method it is for; all unless given. */
  when?: (call: Call) => boolean
}

export type Gate = {
  /** Resolves once a call waits at the gate. */
  readonly arrived: Promise<void>
  /** How many wait. */
  readonly waiting: number
  /** Lets these and all later ones pass. */
  open(): void
}

type Counted = { method: string; left: number; when: ((call: Call) => boolean) | undefined; fault: Fault }
type Held = { method: string; opened: Promise<void>; arrive: () => void; leave: () => void }

export class Faults {
  readonly #failing: Counted[] = []
  readonly #losing: Counted[] = []
  readonly #held = new Set<Held>()

  fail(fault: Fault): void {
    this.#failing.push({ method: fault.method, left: fault.times ?? 1, when: fault.when, fault })
  }

  loseAnswer(method: string, times = 1, when?: (call: Call) => boolean): void {
    this.#losing.push({ method, left: times, when, fault: { method } })
  }

  hold(method: string): Gate {
    const opened = Promise.withResolvers<void>()
    const arrived = Promise.withResolvers<void>()
    let waiting = 0
    const held: Held = {
      method,
      opened: opened.promise,
      arrive: () => {
        waiting += 1
        arrived.resolve()
      },
      leave: () => {
        waiting -= 1
      },
    }
    this.#held.add(held)
    return {
      arrived: arrived.promise,
      get waiting() {
        return waiting
      },
      open: () => {
        this.#held.delete(held)
        opened.resolve()
      },
    }
  }

  async pass(call: Call): Promise<void> {
    for (const held of this.#held) {
      if (held.method !== '*' && held.method !== call.method) continue
      held.arrive()
      await held.opened
      held.leave()
    }
  }

  failureOf(call: Call): Fault | undefined {
    return taken(this.#failing, call)?.fault
  }

  losesAnswerOf(call: Call): boolean {
    return taken(this.#losing, call) !== undefined
  }
}

function taken(list: Counted[], call: Call): Counted | undefined {
  const found = list.find(
    each => each.left > 0 && (each.method === '*' || each.method === call.method) && (each.when?.(call) ?? true),
  )
  if (found !== undefined) found.left -= 1
  return found
}
