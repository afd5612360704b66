/** One part of a comparison on Discord, the ballot or an answer: what it shall look like, and what stands there. */
import { asFaceoffError, FaceoffError } from '../../core/errors.ts'
import type { Slot, Turn } from '../lanes.ts'
import type { Message } from './messages.ts'

/** How one message gets there. */
export type Pages = {
  /** Ids of the messages that stand there already, in order. */
  known(): Promise<string[]>
  /** `isNew`: what stands there now is this message, and no earlier one. */
  post(index: number, message: Message): Promise<{ id: string; isNew: boolean }>
  /** `superseded` takes a draft back that waits for its turn. */
  edit(id: string, message: Message, draft: { superseded: AbortSignal } | null): Promise<void>
  /** Removes the last one. */
  remove(index: number, id: string): Promise<void>
}

export type Wish = {
  messages: readonly Message[]
  /** Whoever wants it waits until it is there. */
  isFinal: boolean
  /** False: somebody newer writes here, and this wish is void. */
  isCurrent?: () => Promise<boolean>
}

/** Tries of what must be shown; with their pauses about two minutes. After that the sweep comes again. */
const mostTries = 8

const firstPauseMs = 500
const longestPauseMs = 30_000

export class Shown implements Slot {
  readonly #pages: Pages
  readonly #onDone: () => void
  #ids: string[] | undefined
  /** What stands in each message, as far as this process knows. */
  readonly #standing: (string | undefined)[] = []
  #wish: Wish | undefined
  #reserve: Message | undefined
  #tries = 0
  #isRefused = false
  #supersede = new AbortController()
  #waiting: PromiseWithResolvers<void> | undefined

  /** `onDone` is called when everything wished for is there, or given up. */
  constructor(pages: Pages, onDone: () => void) {
    this.#pages = pages
    this.#onDone = onDone
  }

  get isIdle(): boolean {
    return this.#wish === undefined && this.#reserve === undefined
  }

  /** It stands there, posted by somebody else than a turn. */
  stands(id: string, message: Message | null): void {
    this.#ids = [id]
    if (message) this.#standing[0] = JSON.stringify(message)
  }

  /** Replaces what was wished for before. Resolves when it is there, if it is final, else at once. */
  want(wish: Wish): Promise<void> {
    // Where a text was refused for good, others are refused too: what must be shown is tried all the same.
    if (this.#isRefused && !wish.isFinal) return Promise.resolve()
    this.#wish = wish
    this.#tries = 0
    if (!wish.isFinal) return Promise.resolve()
    this.#supersede.abort()
    this.#waiting ??= Promise.withResolvers()
    return this.#waiting.promise
  }

  /** Its first message, unless something is there or wished for. */
  hold(message: Message): void {
    if (this.#wish === undefined && (this.#ids?.length ?? 0) === 0) this.#reserve = message
  }

  async turn(): Promise<Turn> {
    this.#ids ??= await this.#pages.known()
    if (this.#wish === undefined) return this.#takePlace(this.#ids)
    const wish = this.#wish
    if (wish.isCurrent && !(await wish.isCurrent())) return this.#end(wish)
    // What was asked for meanwhile is newer.
    const { messages } = this.#wish ?? wish
    for (const [index, message] of messages.entries()) {
      const wanted = JSON.stringify(message)
      const id = this.#ids[index]
      if (id === undefined) {
        const posted = await this.#pages.post(index, message)
        this.#ids[index] = posted.id
        this.#standing[index] = posted.isNew ? wanted : undefined
        return this.#after('changed')
      }
      if (this.#standing[index] !== wanted) {
        await this.#pages.edit(id, message, wish.isFinal ? null : { superseded: this.#superseding() })
        this.#standing[index] = wanted
        return this.#after('edited')
      }
    }
    const surplus = this.#ids.length - 1
    const id = this.#ids[surplus]
    // A draft may grow again.
    if (wish.isFinal && surplus >= messages.length && id !== undefined) {
      await this.#pages.remove(surplus, id)
      this.#ids.length = this.#standing.length = surplus
      return this.#after('changed')
    }
    return this.#end(wish)
  }

  failed(thrown: unknown): number | null {
    const error = asFaceoffError(thrown)
    this.#tries++
    if (error.kind === 'permanent' || this.#tries >= mostTries) {
      this.#wish = this.#reserve = undefined
      this.#isRefused = error.kind === 'permanent'
      this.#waiting?.reject(error)
      this.#waiting = undefined
      this.#onDone()
      return null
    }
    return error.retryAfterMs ?? Math.min(firstPauseMs * 2 ** (this.#tries - 1), longestPauseMs)
  }

  dropped(): void {
    this.#wish = this.#reserve = undefined
    this.#waiting?.reject(new FaceoffError({ code: 'chat_down' }, { message: 'this process stops' }))
    this.#waiting = undefined
  }

  async #takePlace(ids: string[]): Promise<Turn> {
    const message = this.#reserve
    this.#reserve = undefined
    if (message !== undefined && ids[0] === undefined) {
      ids[0] = (await this.#pages.post(0, message)).id
      return 'changed'
    }
    this.#onDone()
    return 'done'
  }

  /** Aborts as soon as something final is wished for. */
  #superseding(): AbortSignal {
    this.#supersede = new AbortController()
    return this.#supersede.signal
  }

  #after(turn: Turn): Turn {
    this.#tries = 0
    return turn
  }

  #end(wish: Wish): Turn {
    // Another wish came while this one was looked at.
    if (this.#wish !== wish) return 'changed'
    this.#wish = undefined
    this.#waiting?.resolve()
    this.#waiting = undefined
    this.#onDone()
    return 'done'
  }
}
