/** One run of one contestant: from the provider's stream to the stored answer. */
import { type AnswerState, draftStates, namesItself } from './ballot.ts'
import type { AnswerRef, Comparison, Contestant } from './comparison.ts'
import { asFaceoffError, FaceoffError, type FailureCode, isFailureCode } from './errors.ts'
import { costMicros, type Model, type Usage } from './model.ts'
import type { AnswerOutcome, Parts, PromptRun } from './ports.ts'
import { settle } from './reveal.ts'
import { chatFor, contestantOf, existing, showAnswerOf, showBallot, showBallotOf } from './showing.ts'

/** Runs after which an answer is given up: more than its retries need, fewer than a prompt that kills its worker wants. */
const mostRuns = 12

/**
 * The handler of the prompt job. Returns when the answer is final, or handed back because the process stops; throws the
 * retryable error when the job shall be run again. Running twice, or late, ends the same: every write carries this
 * run's fencing token.
 */
export async function runContestant(parts: Parts, { ref, lastAttempt, signal }: PromptRun): Promise<void> {
  const run = await parts.store.answers.begin(ref)
  if (run === undefined) {
    // Final already. A crash may have come between the row and the page, so what is final is shown once more.
    await showAnswer(parts, ref)
    await settle(parts, ref.comparisonId)
    return
  }
  // Subscribed before the row is read, so that no stop falls between the two.
  using stop = stopOf(parts, ref.comparisonId)
  const comparison = await existing(parts, ref.comparisonId)
  await showBallotOf(parts, comparison)
  const contestant = contestantOf(comparison, ref)
  const attempt = new Attempt(parts, comparison, contestant, run)
  const model = parts.catalogue.models().find(({ id }) => id === contestant.model)
  if (model === undefined) return attempt.fail('provider_off')
  if (comparison.stopRequestedAt !== null) return attempt.finish(model, 'stopped')
  if (run > mostRuns) return attempt.fail('gave_up')

  try {
    await attempt.stream(model, AbortSignal.any([signal, stop.signal]))
    await attempt.finish(model, 'done')
  } catch (thrown) {
    if (stop.signal.aborted) return attempt.finish(model, 'stopped')
    if (signal.aborted) return attempt.handBack()
    const error = asFaceoffError(thrown)
    const { code } = error.problem
    const failure = isFailureCode(code) ? code : 'internal'
    parts.log.warn({ err: error, ...ref, model: model.id, run, failure, lastAttempt }, 'run failed')
    if (lastAttempt || !error.isWorthRepeating) return attempt.fail(failure)
    await attempt.waitAgain(failure, error.retryAfterMs)
    throw error
  }
}

class Attempt {
  readonly #parts: Parts
  readonly #comparison: Comparison
  readonly #contestant: Contestant
  readonly #run: number
  readonly #startedAt: number
  readonly #draft: (text: string) => AnswerState
  #text = ''
  #usage: Usage | null = null
  #firstTokenMs: number | null = null
  #endReason: 'stop' | 'length' | null = null

  constructor(parts: Parts, comparison: Comparison, contestant: Contestant, run: number) {
    this.#parts = parts
    this.#comparison = comparison
    this.#contestant = contestant
    this.#run = run
    this.#startedAt = parts.clock.now().getTime()
    this.#draft = draftStates(comparison, contestant, parts.catalogue, run)
  }

  async stream(model: Model, signal: AbortSignal): Promise<void> {
    const provider = this.#parts.catalogue.provider(model.provider)
    if (provider === undefined) throw new FaceoffError({ code: 'provider_off' })
    for await (const part of provider.answer({ model, prompt: this.#comparison.prompt, signal })) {
      switch (part.type) {
        case 'text':
          this.#firstTokenMs ??= this.#elapsed()
          this.#text += part.text
          await this.#showDraft()
          break
        case 'usage':
          this.#usage = part
          break
        case 'end':
          this.#endReason = part.reason
          break
        case 'thinking':
          break
      }
    }
    signal.throwIfAborted()
  }

  async finish(model: Model, status: 'done' | 'stopped'): Promise<void> {
    await this.#end({
      ...this.#measured(),
      status,
      failure: null,
      costMicros: costMicros(model.price, this.#usage),
      currency: model.price?.currency ?? null,
      namedItself: namesItself(this.#text, model),
    })
  }

  /** A failed contestant shows its reason and no text: half an answer would be voted on as if it were one. */
  async fail(failure: FailureCode): Promise<void> {
    await this.#end({
      ...this.#measured(),
      text: '',
      status: 'failed',
      failure,
      costMicros: null,
      currency: null,
      namedItself: false,
    })
  }

  async waitAgain(failure: FailureCode, retryAfterMs: number | undefined): Promise<void> {
    const retryAt = retryAfterMs === undefined ? null : new Date(this.#parts.clock.now().getTime() + retryAfterMs)
    await this.#parts.store.answers.waitAgain(this.#ref, this.#run, { failure, retryAt })
    await showAnswer(this.#parts, this.#ref)
    await showBallot(this.#parts, this.#comparison.id)
  }

  /** The job ends here; the sweep of whoever runs next adds it again. */
  async handBack(): Promise<void> {
    await this.#parts.store.answers.waitAgain(this.#ref, this.#run, null)
  }

  get #ref(): AnswerRef {
    return { comparisonId: this.#comparison.id, label: this.#contestant.label }
  }

  /** Milliseconds; a clock that is set back in between costs the measurement, not the answer. */
  #elapsed(): number {
    return Math.max(0, this.#parts.clock.now().getTime() - this.#startedAt)
  }

  #measured() {
    return {
      text: this.#text,
      endReason: this.#endReason,
      promptTokens: this.#usage?.promptTokens ?? null,
      completionTokens: this.#usage?.completionTokens ?? null,
      firstTokenMs: this.#firstTokenMs,
      durationMs: this.#elapsed(),
    }
  }

  async #showDraft(): Promise<void> {
    await chatFor(this.#parts, this.#comparison.platform).showAnswer(this.#draft(this.#text))
  }

  async #end(outcome: AnswerOutcome): Promise<void> {
    if (!(await this.#parts.store.answers.finish(this.#ref, this.#run, outcome))) return
    await showAnswer(this.#parts, this.#ref)
    await settle(this.#parts, this.#comparison.id)
  }
}

async function showAnswer(parts: Parts, ref: AnswerRef): Promise<void> {
  const comparison = await existing(parts, ref.comparisonId)
  await showAnswerOf(parts, comparison, contestantOf(comparison, ref))
}

/** A signal that aborts when somebody asks to stop this comparison, whichever process they ask. */
function stopOf({ store, log }: Parts, comparisonId: string): Disposable & { signal: AbortSignal } {
  const controller = new AbortController()
  const unsubscribe = store.feed.subscribe(event => {
    if (event.kind === 'stop' && event.comparisonId === comparisonId) controller.abort()
    if (event.kind !== 'lost') return
    // News may have been missed: the row knows.
    store.comparisons
      .find(comparisonId)
      .then(comparison => comparison?.stopRequestedAt && controller.abort())
      .catch(error => log.warn({ err: error, comparisonId }, 'stop not looked up'))
  })
  return { signal: controller.signal, [Symbol.dispose]: unsubscribe }
}
