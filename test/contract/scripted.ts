/** Models and a queue for tests of what comes after them: they do what the test says, when it says so. */
import { v7 as newId } from 'uuid'
import type { AnswerRef } from '../../src/core/comparison.ts'
import { FaceoffError, type FailureCode } from '../../src/core/errors.ts'
import type { Model, ModelId } from '../../src/core/model.ts'
import type {
  AnswerPart,
  AnswerRequest,
  Catalogue,
  Health,
  PromptHandler,
  Provider,
  Queue,
} from '../../src/core/ports.ts'
import type { Schedule } from '../../src/core/week.ts'

type Step = AnswerPart | { type: 'failure'; code: FailureCode }

/** Models that write what the test tells them to, when it tells them to. */
export class Models implements Catalogue {
  readonly #models: readonly Model[]
  readonly #scripts = new Map<ModelId, Script>()
  #always: string | undefined

  constructor(models: readonly Partial<Model>[]) {
    this.#models = models.map((model, index) => ({
      id: `test/model-${index + 1}`,
      provider: 'test',
      name: `Model ${index + 1}`,
      aliases: [],
      contextTokens: 128_000,
      price: { input: 2, output: 10, currency: 'USD', asOf: '2026-11-01', source: 'the test' },
      region: 'us',
      ...model,
    }))
  }

  models(): readonly Model[] {
    return this.#models
  }

  defaults(): readonly ModelId[] {
    return this.#models.slice(0, 2).map(({ id }) => id)
  }

  provider(): Provider {
    return {
      id: 'test',
      answer: request => this.#answer(request),
      health: async (): Promise<Health> => ({ ok: true, offered: null }),
    }
  }

  /** The next answer of the model with this place in the list gets this text. */
  write(place: number, text: string): void {
    this.#script(place).push({ type: 'text', text })
  }

  end(place: number, reason: 'stop' | 'length' = 'stop'): void {
    this.#script(place).push({ type: 'usage', promptTokens: 12, completionTokens: 345 })
    this.#script(place).push({ type: 'end', reason })
  }

  fail(place: number, code: FailureCode): void {
    this.#script(place).push({ type: 'failure', code })
  }

  /** Every answer from now on is this text, at once. */
  always(text: string): void {
    this.#always = text
  }

  /** Forgets what was not written yet. */
  clear(): void {
    this.#scripts.clear()
  }

  #script(place: number): Script {
    return this.#scriptOf(this.#models[place]?.id ?? 'test/none')
  }

  #scriptOf(id: ModelId): Script {
    const script = this.#scripts.get(id) ?? new Script()
    this.#scripts.set(id, script)
    return script
  }

  async *#answer({ model, signal }: AnswerRequest): AsyncGenerator<AnswerPart, void, undefined> {
    if (this.#always !== undefined) {
      yield { type: 'text', text: this.#always }
      yield { type: 'end', reason: 'stop' }
      return
    }
    const script = this.#scriptOf(model.id)
    for (;;) {
      const step = await script.next(signal)
      if (step.type === 'failure') throw new FaceoffError({ code: step.code })
      yield step
      if (step.type === 'end') return
    }
  }
}

class Script {
  readonly #steps: Step[] = []
  #wake: () => void = () => {}

  push(step: Step): void {
    this.#steps.push(step)
    this.#wake()
  }

  async next(signal: AbortSignal): Promise<Step> {
    for (;;) {
      signal.throwIfAborted()
      const step = this.#steps.shift()
      if (step) return step
      await new Promise<void>(resolve => {
        this.#wake = resolve
        signal.addEventListener('abort', () => resolve(), { once: true })
      })
    }
  }
}

/** Monday at nine, in Berlin. */
export const summarySchedule: Schedule = { weekday: 1, minuteOfDay: 540, timeZone: 'Europe/Berlin' }

/** The labels in the order in which the models were named: a test knows who is A. */
export const usual = { newId, random: () => 0.999, votingMs: 86_400_000, summarySchedule }

/** A queue whose jobs begin at once, in this process; a job that throws is over. */
export class HereAndNow implements Queue {
  readonly #end = new AbortController()
  readonly #running = new Set<Promise<void>>()
  #handler: PromptHandler = async () => {}

  async add(_provider: string, refs: readonly AnswerRef[]): Promise<void> {
    for (const ref of refs) {
      const job = this.#handler({ ref, lastAttempt: false, signal: this.#end.signal }).catch(() => {})
      this.#running.add(job)
      void job.finally(() => this.#running.delete(job))
    }
  }

  async having(): Promise<AnswerRef[]> {
    return []
  }

  async work(handler: PromptHandler): Promise<void> {
    this.#handler = handler
  }

  /** Nobody is woken here: tests look at what is due when they want to. */
  async schedule(_workspaceId: string, _schedule: Schedule | null): Promise<void> {}

  async wake(): Promise<void> {}

  async ping(): Promise<void> {}

  /** Resolves when no job runs. */
  async idle(): Promise<void> {
    await Promise.all(this.#running)
  }

  async close(): Promise<void> {
    this.#end.abort()
    await this.idle()
  }
}
