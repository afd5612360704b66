/**
 * The console as a platform. Its pages show the rows, so a ballot needs no posting. Texts that are still being written
 * go two ways: at once to the pages of this process, and by the row to everybody else's.
 */
import type { AnswerState } from '../core/ballot.ts'
import type { AnswerRef } from '../core/comparison.ts'
import type { Answers, Chat } from '../core/ports.ts'
import type { Log } from '../log.ts'
import { Paced } from './paced.ts'

/** A reader elsewhere sees text at least this often, in milliseconds, as long as the database keeps up. */
const leastPauseMs = 120

/** Where answers appear the moment they change. */
export type Screen = {
  showDraft(answer: AnswerState): void
  showFinal(answer: AnswerState): Promise<void>
}

type Draft = { run: number; writes: Paced<string> }

export class ConsoleChat implements Chat {
  readonly platform = 'console'
  readonly #answers: Pick<Answers, 'progress'>
  readonly #screen: Screen
  readonly #log: Log
  readonly #drafts = new Map<string, Draft>()

  constructor(parts: { answers: Pick<Answers, 'progress'>; screen: Screen; log: Log }) {
    this.#answers = parts.answers
    this.#screen = parts.screen
    this.#log = parts.log
  }

  /** Nothing to do: the row is the post, and the feed tells the pages. */
  async showBallot(): Promise<void> {}

  /** Nothing to do either: the page of the week is the post. */
  async postSummary(): Promise<void> {}

  /** There is no channel here that could be closed to us. */
  async tellAdmins(): Promise<void> {}

  async showAnswer(answer: AnswerState): Promise<void> {
    if (answer.entry.status === 'streaming') this.#showDraft(answer)
    else await this.#showFinal(answer)
  }

  #showDraft(answer: AnswerState): void {
    const key = keyOf(answer)
    const known = this.#drafts.get(key)
    if (known && known.run > answer.run) return
    const draft = known?.run === answer.run ? known : this.#begin(key, answer)
    draft.writes.push(answer.text)
    this.#screen.showDraft(answer)
  }

  async #showFinal(answer: AnswerState): Promise<void> {
    const key = keyOf(answer)
    const draft = this.#drafts.get(key)
    if (draft && draft.run <= answer.run) {
      this.#drafts.delete(key)
      await draft.writes.end()
    }
    await this.#screen.showFinal(answer)
  }

  #begin(key: string, { comparisonId, label, run }: AnswerState): Draft {
    void this.#drafts.get(key)?.writes.end()
    let tookMs = 0
    const write = async (text: string) => {
      const startedAt = performance.now()
      await this.#write({ comparisonId, label }, run, text)
      tookMs = performance.now() - startedAt
    }
    const draft: Draft = { run, writes: new Paced(write, () => Math.max(leastPauseMs, 2 * tookMs)) }
    this.#drafts.set(key, draft)
    return draft
  }

  /** A draft that cannot be written is no reason to stop the stream: the final text is written by the core. */
  async #write(ref: AnswerRef, run: number, text: string): Promise<void> {
    try {
      if (await this.#answers.progress(ref, run, text)) return
      // A newer run owns the row: this one has nothing to say any more.
      const draft = this.#drafts.get(keyOf(ref))
      if (draft?.run === run) void draft.writes.end()
    } catch (error) {
      this.#log.warn({ err: error, ...ref, run }, 'draft not written')
    }
  }
}

function keyOf(ref: AnswerRef): string {
  return `${ref.comparisonId}-${ref.label}`
}
