/** Any provider that speaks OpenAI's Chat Completions, through the `openai` client. */
import OpenAI from 'openai'
import { Stream } from 'openai/core/streaming'
import { z } from 'zod'
import { type FailureCode, isFailureCode } from '../core/errors.ts'
import type { Usage } from '../core/model.ts'
import type { AnswerPart, AnswerRequest, Clock, Health, Provider } from '../core/ports.ts'
import { AnswerText } from './answer-text.ts'
import { connect, startOf } from './connection.ts'
import { Failures, readRefusal } from './failure.ts'
import type { FailureRule, ModelRow } from './row.ts'
import { type TimeLimits, usualTimeLimits, Watchdog } from './watchdog.ts'

export type OpenAiCompatibleOptions = {
  id: string
  baseUrl: string
  /** Null: no `Authorization` header is sent. */
  key: string | null
  tokenLimitField: 'max_tokens' | 'max_completion_tokens'
  maxAnswerTokens: number | null
  thinkTags: boolean
  failures: readonly FailureRule[]
  models: readonly Pick<ModelRow, 'id' | 'body'>[]
  timeLimits?: Partial<TimeLimits>
  clock: Clock
}

const healthMemoryMs = 60_000

/** What the many dialects agree on in a chunk of a stream. */
const chunkShape = z.object({
  choices: z
    .array(
      z.object({
        delta: z
          .object({
            content: z.string().nullish(),
            refusal: z.string().nullish(),
            reasoning_content: z.string().nullish().catch(null),
            reasoning: z.string().nullish().catch(null),
          })
          .nullish(),
        finish_reason: z.string().nullish(),
      }),
    )
    .nullish(),
  usage: z
    .object({ prompt_tokens: z.int().nonnegative(), completion_tokens: z.int().nonnegative() })
    .transform(usage => ({ promptTokens: usage.prompt_tokens, completionTokens: usage.completion_tokens }))
    .nullish()
    .catch(null),
})

/** How an answer ends, by `finish_reason`; one that is not here ends it like `stop`. */
const endings: ReadonlyMap<string, 'stop' | 'length' | FailureCode> = new Map([
  ['length', 'length'],
  ['max_tokens', 'length'],
  ['content_filter', 'prompt_refused'],
  ['sensitive', 'prompt_refused'],
  ['insufficient_system_resource', 'provider_busy'],
  ['error', 'provider_down'],
  ['tool_calls', 'bad_response'],
  ['function_call', 'bad_response'],
])

const modelList = z
  .union([z.object({ data: z.array(z.unknown()) }).transform(({ data }) => data), z.array(z.unknown())])
  .transform(rows => rows.map(row => z.object({ id: z.string() }).safeParse(row).data?.id))
  .transform(ids => ids.filter(id => id !== undefined))

export class OpenAiCompatible implements Provider {
  readonly id: string
  readonly #options: OpenAiCompatibleOptions
  readonly #limits: TimeLimits
  readonly #client: OpenAI
  readonly #failures: Failures
  #health: { at: number; outcome: Promise<Health> } | undefined

  constructor(options: OpenAiCompatibleOptions) {
    this.id = options.id
    this.#options = options
    this.#limits = { ...usualTimeLimits, ...options.timeLimits }
    this.#client = connect({ baseUrl: options.baseUrl, key: options.key, timeoutMs: this.#limits.totalMs })
    this.#failures = new Failures(options.id, options.failures, options.key)
  }

  async *answer(request: AnswerRequest): AsyncGenerator<AnswerPart, void, undefined> {
    using watchdog = new Watchdog(this.#limits, request.signal)
    const text = new AnswerText(this.#options)
    let written = false
    let ending: string | undefined
    let usage: Usage | undefined

    for await (const chunk of this.#chunks(request, watchdog, () => ending !== undefined)) {
      usage = chunk.usage ?? usage
      const choice = chunk.choices?.[0]
      const shown = text.push(choice?.delta?.content || choice?.delta?.refusal || '')
      const thinking = shown.thinking || Boolean(choice?.delta?.reasoning_content || choice?.delta?.reasoning)
      if (shown.text !== '' || thinking) watchdog.grant(this.#limits.betweenMs)
      if (choice?.finish_reason) {
        ending = choice.finish_reason
        watchdog.grant(this.#limits.settleMs)
      }
      if (thinking) yield { type: 'thinking' }
      if (shown.text !== '') {
        written ||= shown.text.trim() !== ''
        yield { type: 'text', text: shown.text }
      }
    }

    if (ending === undefined) throw this.#failures.make('answer_cut', 'the stream ended without a finish_reason')
    const reason = endings.get(ending) ?? 'stop'
    if (reason !== 'stop' && reason !== 'length') throw this.#failures.make(reason, 'unusable finish_reason')
    const rest = text.end()
    if (!written && rest.trim() === '') throw this.#failures.make('empty_answer', 'no text')
    if (rest !== '') yield { type: 'text', text: rest }
    if (usage) yield { type: 'usage', ...usage }
    yield { type: 'end', reason }
  }

  health(): Promise<Health> {
    const now = this.#options.clock.now().getTime()
    if (!this.#health || now - this.#health.at >= healthMemoryMs) this.#health = { at: now, outcome: this.#look() }
    return this.#health.outcome
  }

  /**
   * The stream's chunks, or one of our errors, or the caller's reason to abort. `complete`: the answer is whole, so that
   * a connection that breaks or stalls before the usage only costs the usage.
   */
  async *#chunks(request: AnswerRequest, watchdog: Watchdog, complete: () => boolean) {
    let seen = 0
    try {
      const response = await watchdog.wait(this.#request(request, watchdog))
      if (/json|html/.test(response.headers.get('content-type') ?? '')) {
        const refusal = readRefusal(await watchdog.wait(startOf(response)))
        throw this.#failures.refused(refusal, 'bad_response', response.headers)
      }
      const stream = Stream.fromSSEResponse<unknown>(response, watchdog.controller, this.#client)
      const chunks = stream[Symbol.asyncIterator]()
      for (;;) {
        const next = await watchdog.wait(chunks.next())
        if (next.done) break
        const chunk = chunkShape.safeParse(next.value)
        if (!chunk.success) throw this.#failures.make('bad_response', 'unreadable chunk')
        seen++
        yield chunk.data
      }
      // An aborted stream ends like a complete one.
      if (watchdog.controller.signal.aborted) throw watchdog.controller.signal.reason
      if (seen === 0) throw this.#failures.make('bad_response', 'a stream without a chunk')
    } catch (thrown) {
      request.signal.throwIfAborted()
      if (complete()) return
      if (watchdog.verdict === 'silent') throw this.#failures.make('provider_silent', 'no sign of life in time')
      if (watchdog.verdict === 'endless') throw this.#failures.make('provider_silent', 'no end in time')
      throw this.#failures.thrown(thrown, seen > 0)
    }
  }

  #request({ model, prompt }: AnswerRequest, watchdog: Watchdog): Promise<Response> {
    const { models, maxAnswerTokens, tokenLimitField } = this.#options
    const name = model.id.slice(model.provider.length + 1)
    const body = {
      ...models.find(({ id }) => id === name)?.body,
      ...(maxAnswerTokens === null ? {} : { [tokenLimitField]: maxAnswerTokens }),
      model: name,
      messages: [{ role: 'user' as const, content: prompt }],
      stream: true as const,
      stream_options: { include_usage: true },
    }
    return this.#client.chat.completions.create(body, { signal: watchdog.controller.signal }).asResponse()
  }

  async #look(): Promise<Health> {
    const signal = AbortSignal.timeout(this.#limits.healthMs)
    try {
      const response = await this.#client.get('/models', { signal }).asResponse()
      const list = modelList.safeParse(await response.json())
      if (!list.success) return { ok: false, failure: 'bad_response' }
      return { ok: true, offered: this.#offered(list.data) }
    } catch (thrown) {
      if (signal.aborted) return { ok: false, failure: 'provider_silent' }
      // An endpoint without a list is well all the same.
      if (thrown instanceof OpenAI.APIError && (thrown.status === 404 || thrown.status === 405)) {
        return { ok: true, offered: null }
      }
      const { code } = this.#failures.thrown(thrown, false).problem
      if (code === 'answer_cut') return { ok: false, failure: 'provider_down' }
      return { ok: false, failure: isFailureCode(code) ? code : 'internal' }
    }
  }

  /**
   * The listed names as requests write them, with the configured ones that mean a listed one: `model:cheapest` only adds
   * a choice of host, `model` is `model:latest`.
   */
  #offered(listed: readonly string[]): string[] {
    const names = new Set(listed.map(id => id.replace(/^models\//, '')))
    const meant = this.#options.models
      .map(({ id }) => id)
      .filter(id => names.has(id.replace(/:[^:/]*$/, '')) || names.has(`${id}:latest`))
    return [...new Set([...names, ...meant])]
  }
}
