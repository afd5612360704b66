/**
 * The one writer of an answer: it brings the newest text into the thread, as Slack's own stream where that works, by
 * posting and editing where it does not, and changes from the one to the other at any moment.
 */
import { setTimeout as pause } from 'node:timers/promises'
import type { AnswerState } from '../../core/ballot.ts'
import { asFaceoffError, type FaceoffError } from '../../core/errors.ts'
import type { Answers } from '../../core/ports.ts'
import type { Urgency } from './api.ts'
import { answerPieces, type Block, fileButton } from './messages.ts'

/** One message of an answer, as far as this process knows. */
export type Piece = {
  readonly ts: string
  /** Whether Slack may still take appends. */
  streaming: boolean
  /** What stands there; undefined when another process wrote it. */
  shown: string | undefined
}

/** How messages get there. All throw `FaceoffError`s. */
export type Thread = {
  /** The message that holds the place of this piece; made, and those of the labels before it, where there is none. */
  open(answer: AnswerState, index: number, piece: string, urgency: Urgency): Promise<Piece>
  append(answer: AnswerState, piece: Piece, markdown: string): Promise<void>
  /** Ends the stream with the last of its text. */
  stop(answer: AnswerState, piece: Piece, markdown: string, more: Block[]): Promise<void>
  edit(answer: AnswerState, piece: Piece, markdown: string, more: Block[], urgency: Urgency): Promise<void>
}

/** Tries of what must be shown; with their pauses about two minutes. After that the sweep comes again. */
const mostTries = 8
const firstPauseMs = 500
const longestPauseMs = 30_000

export class AnswerWriter {
  readonly #thread: Thread
  readonly #answers: Pick<Answers, 'progress'>
  readonly #gapMs: (elapsedMs: number) => number
  readonly #onIdle: () => void
  readonly #signal: AbortSignal
  readonly #pieces: Piece[] = []
  #wish: AnswerState | undefined
  #running = false
  #wake: () => void = () => {}
  #waiting: PromiseWithResolvers<void> | undefined
  #startedAt: number | undefined

  /** `gapMs`: the pause between two writes, by how long this answer has been written for. */
  constructor(parts: {
    thread: Thread
    answers: Pick<Answers, 'progress'>
    gapMs: (elapsedMs: number) => number
    onIdle: () => void
    /** The process stops: what is not there yet is left to the sweep. */
    signal: AbortSignal
  }) {
    this.#thread = parts.thread
    this.#answers = parts.answers
    this.#gapMs = parts.gapMs
    this.#onIdle = parts.onIdle
    this.#signal = parts.signal
  }

  /** Replaces what was wished for before, unless that is newer. Resolves when it is there, if it is no draft. */
  want(answer: AnswerState): Promise<void> {
    const known = this.#wish
    const isOlder =
      known !== undefined && (known.run > answer.run || (known.run === answer.run && isOver(known, answer)))
    if (!isOlder) this.#wish = answer
    if (!isDraft(answer)) this.#waiting ??= Promise.withResolvers()
    const shown = isDraft(answer) ? Promise.resolve() : (this.#waiting?.promise ?? Promise.resolve())
    if (!this.#running) {
      this.#running = true
      void this.#run()
    }
    if (!isDraft(answer)) this.#wake()
    return shown
  }

  async #run(): Promise<void> {
    for (let tries = 0; this.#wish !== undefined; ) {
      const wish = this.#wish
      let waitMs = this.#gapMs(this.#elapsed())
      try {
        await this.#show(wish)
        tries = 0
        if (this.#wish === wish) this.#wish = undefined
        if (!isDraft(wish) && this.#wish === undefined) {
          this.#waiting?.resolve()
          this.#waiting = undefined
        }
      } catch (thrown) {
        const error = asFaceoffError(thrown)
        tries++
        if (error.kind === 'permanent' || tries >= mostTries || this.#signal.aborted) this.#giveUp(wish, error)
        waitMs = Math.max(waitMs, error.retryAfterMs ?? Math.min(firstPauseMs * 2 ** (tries - 1), longestPauseMs))
      }
      if (this.#wish !== undefined || isDraft(wish)) await this.#rest(waitMs)
    }
    this.#running = false
    this.#onIdle()
  }

  async #show(wish: AnswerState): Promise<void> {
    if (isDraft(wish)) {
      this.#startedAt ??= performance.now()
      const { comparisonId, label, run, text } = wish
      // A newer run owns the row: this one has nothing to say any more.
      if (!(await this.#answers.progress({ comparisonId, label }, run, text))) return
    }
    // What came meanwhile is newer.
    const answer = this.#wish !== undefined && this.#wish.run === wish.run ? this.#wish : wish
    const pieces = answerPieces(answer)
    for (const [index, text] of pieces.entries()) {
      const isLast = index === pieces.length - 1
      const more = isLast ? fileButton(answer, pieces.length) : []
      await this.#write(answer, index, text, { isWhole: !isLast || !isDraft(answer), more })
    }
    // An answer that began anew is shorter than what stood there.
    for (const piece of this.#pieces.slice(pieces.length)) {
      if (piece.shown !== '…') await this.#replace(answer, piece, '…', [])
    }
    if (answer !== wish && this.#wish === answer && isDraft(answer)) this.#wish = undefined
  }

  async #write(
    answer: AnswerState,
    index: number,
    text: string,
    { isWhole, more }: { isWhole: boolean; more: Block[] },
  ): Promise<void> {
    const urgency = isDraft(answer) ? 'may' : 'must'
    let piece = this.#pieces[index]
    if (piece === undefined) {
      piece = await this.#thread.open(answer, index, text, urgency)
      this.#pieces[index] = piece
    }
    if (piece.shown === text && !(isWhole && piece.streaming) && more.length === 0) return
    if (piece.streaming && piece.shown !== undefined && text.startsWith(piece.shown)) {
      const rest = text.slice(piece.shown.length)
      try {
        if (isWhole) await this.#thread.stop(answer, piece, rest, more)
        else await this.#thread.append(answer, piece, rest)
        piece.shown = text
        if (isWhole) piece.streaming = false
        return
      } catch (thrown) {
        const error = asFaceoffError(thrown)
        // Too early or too often: the same again, later. Lost on the way: nobody knows what arrived, so all of it.
        if (error.retryAfterMs !== undefined) throw error
        if (error.problem.code === 'post_gone' || error.problem.code === 'chat_closed') throw error
        piece.shown = undefined
      }
    }
    await this.#replace(answer, piece, text, more)
  }

  async #replace(answer: AnswerState, piece: Piece, text: string, more: Block[]): Promise<void> {
    await this.#thread.edit(answer, piece, text, more, isDraft(answer) ? 'may' : 'must')
    piece.streaming = false
    piece.shown = text
  }

  #giveUp(wish: AnswerState, error: FaceoffError): void {
    if (this.#wish === wish) this.#wish = undefined
    if (isDraft(wish)) return
    this.#waiting?.reject(error)
    this.#waiting = undefined
  }

  #elapsed(): number {
    return this.#startedAt === undefined ? 0 : performance.now() - this.#startedAt
  }

  /** A text that must be shown does not wait for the next edit's turn. */
  async #rest(ms: number): Promise<void> {
    const woken = Promise.withResolvers<void>()
    this.#wake = woken.resolve
    const timer = new AbortController()
    const signal = AbortSignal.any([timer.signal, this.#signal])
    await Promise.race([woken.promise, pause(ms, undefined, { signal }).catch(() => {})])
    timer.abort()
    this.#wake = () => {}
  }
}

export function isDraft({ entry }: AnswerState): boolean {
  return entry.status === 'streaming'
}

/** `known` is the end of the run that wrote `late`. */
function isOver(known: AnswerState, late: AnswerState): boolean {
  return !isDraft(known) && isDraft(late)
}
