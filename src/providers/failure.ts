/**
 * What a provider's refusal means, decided in one table. Codes decide before statuses, a provider's own rules before
 * the common ones: the same words mean opposite things at different vendors.
 */
import OpenAI from 'openai'
import { z } from 'zod'
import { FaceoffError, type FailureCode } from '../core/errors.ts'
import type { FailureRule } from './row.ts'

/** What a provider said about why there is no answer. `message` is read here and goes no further: it may quote the prompt. */
export type Refusal = { status?: number | undefined; code: string; type: string; message: string }

const commonRules: readonly FailureRule[] = [
  {
    code: /^(data_?inspection_?failed|content_filter|content_policy_violation|unsafe_request)$/i,
    means: 'prompt_refused',
  },
  {
    code: /^(arrearage|accountoverdueerror|insufficient_(quota|balance)|billing_.*|.*freetieronly)$/i,
    means: 'no_credit',
  },
  { message: /credit balance is too low|insufficient balance/i, means: 'no_credit' },
  {
    code: /^(model_?not_?found|invalid_model|deploymentnotfound|model_(not_supported|not_available|decommissioned))$/i,
    means: 'model_missing',
  },
  { code: /^(context_length_exceeded|tokens_too_long|string_above_max_length)$/i, means: 'context_exceeded' },
  { status: 413, means: 'context_exceeded' },
  {
    status: 400,
    message: /context (length|window)|range of input length|(prompt|input) is too long|maximum .*tokens/i,
    means: 'context_exceeded',
  },
  {
    code: /^(rate_?limit.*|[rt]pm_rate_limit_exceeded|throttling.*|overloaded_error|engine_overloaded.*|server_busy|insufficient_system_resource)$/i,
    means: 'provider_busy',
  },
  { code: /^(invalid_api_key|invalid_iam_token|authentication(_?error)?)$/i, means: 'key_rejected' },
  { code: /^(server_error|internal_(server_)?error|internalerror|upstream_error)$/i, means: 'provider_down' },
  { status: { from: 300, to: 399 }, means: 'request_rejected' },
  { status: 401, means: 'key_rejected' },
  { status: 402, means: 'no_credit' },
  { status: 403, means: 'key_rejected' },
  { status: 404, means: 'model_missing' },
  { status: 408, means: 'provider_silent' },
  { status: 409, means: 'provider_busy' },
  { status: 425, means: 'provider_busy' },
  { status: 429, means: 'provider_busy' },
  { status: { from: 400, to: 499 }, means: 'request_rejected' },
  { status: 503, means: 'provider_busy' },
  { status: 529, means: 'provider_busy' },
  { status: { from: 500, to: 599 }, means: 'provider_down' },
]

/** Undefined when no rule knows it. */
function classify(refusal: Refusal, own: readonly FailureRule[] = []): FailureCode | undefined {
  return [...own, ...commonRules].find(rule => matches(rule, refusal))?.means
}

function matches(rule: FailureRule, { status, code, type, message }: Refusal): boolean {
  if (rule.status !== undefined) {
    const { from, to } = typeof rule.status === 'number' ? { from: rule.status, to: rule.status } : rule.status
    if (status === undefined || status < from || status > to) return false
  }
  if (rule.code && !rule.code.test(code) && !rule.code.test(type)) return false
  return !rule.message || rule.message.test(message)
}

const word = z.union([z.string(), z.number()]).transform(String).catch('')
const saying = z
  .object({ code: word, type: word, status: word, message: word, error_code: word, error_msg: word, msg: word })
  .transform(said => ({
    code: said.code || said.error_code,
    type: said.type || said.status,
    message: said.message || said.msg || said.error_msg,
  }))
const body = z.union([
  z.object({ error: saying }).transform(({ error }) => error),
  z.object({ error: z.string() }).transform(({ error }) => ({ code: '', type: '', message: error })),
  saying,
])

/**
 * The refusal in a body: `{error: {code, type, message}}`, the same in a list (Gemini), `{error: "…"}` (Ollama), or flat
 * as `{code, msg}` (Qianfan, older). Whatever else it is, HTML included, says nothing.
 */
export function readRefusal(text: string, status?: number): Refusal {
  const parsed = body.safeParse(firstOf(json(text)))
  const said = parsed.success ? parsed.data : { code: '', type: '', message: '' }
  return { ...said, status: status ?? statusIn(said.code) }
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function firstOf(value: unknown): unknown {
  return Array.isArray(value) ? value[0] : value
}

/** Error frames inside a stream carry the status as their code (OpenRouter). */
function statusIn(code: string): number | undefined {
  return /^[45]\d\d$/.test(code) ? Number(code) : undefined
}

/** Turns refusals and whatever the SDK throws into our errors, for one provider. */
export class Failures {
  readonly #provider: string
  readonly #rules: readonly FailureRule[]
  readonly #key: string | null

  constructor(provider: string, rules: readonly FailureRule[], key: string | null) {
    this.#provider = provider
    this.#rules = rules
    this.#key = key
  }

  /** An error of ours, with `detail` (fixed words, statuses, codes) as its message for the log. */
  make(code: FailureCode, detail: string, retryAfterMs?: number): FaceoffError {
    const message = `${this.#provider}: ${detail}`
    return new FaceoffError({ code }, retryAfterMs === undefined ? { message } : { message, retryAfterMs })
  }

  /** `otherwise` when no rule knows the refusal. */
  refused(refusal: Refusal, otherwise: FailureCode, headers?: Headers): FaceoffError {
    const words = [refusal.code, refusal.type, headers?.get('x-request-id') ?? '']
    const detail = [refusal.status ? `HTTP ${refusal.status}` : 'error', ...words.filter(text => this.#isPublic(text))]
    const wait = headers && retryAfterMs(headers)
    return this.make(classify(refusal, this.#rules) ?? otherwise, detail.join(', '), wait)
  }

  /** Whatever was thrown between the request and the end of the stream. `begun`: the provider had begun to answer. */
  thrown(thrown: unknown, begun: boolean): FaceoffError {
    if (thrown instanceof FaceoffError) return thrown
    if (thrown instanceof OpenAI.APIConnectionTimeoutError) return this.make('provider_silent', 'no answer in time')
    if (thrown instanceof OpenAI.APIConnectionError)
      return this.make('provider_down', `no connection${errnoOf(thrown)}`)
    if (thrown instanceof OpenAI.APIError) {
      const refusal = readRefusal(JSON.stringify({ error: thrown.error ?? {} }), thrown.status)
      return this.refused(refusal, begun ? 'provider_down' : 'bad_response', thrown.headers)
    }
    if (thrown instanceof SyntaxError) return this.make('bad_response', 'malformed event')
    // `TypeError: terminated` is how fetch says it; a TypeError without a cause would be a defect of ours.
    if (thrown instanceof TypeError && thrown.cause) return this.make('answer_cut', `connection lost${errnoOf(thrown)}`)
    return this.make('internal', thrown instanceof Error ? thrown.name : typeof thrown)
  }

  /** Codes and ids may be logged; a hostile or clumsy provider's prose, or the key it echoes, may not. */
  #isPublic(text: string): boolean {
    return /^[\w.:-]{1,64}$/.test(text) && (this.#key === null || !text.includes(this.#key))
  }
}

/** `, ECONNREFUSED` and the like, from wherever in the chain of causes it stands. */
function errnoOf(thrown: unknown): string {
  for (let error = thrown, depth = 0; error instanceof Error && depth < 5; error = error.cause, depth++) {
    if ('code' in error && typeof error.code === 'string' && /^[A-Z_]{3,40}$/.test(error.code)) return `, ${error.code}`
  }
  return ''
}

/** `retry-after-ms`, or `Retry-After` in seconds or as a date; undefined when there is none or it cannot be read. */
export function retryAfterMs(headers: Headers, now: number = Date.now()): number | undefined {
  const exact = headers.get('retry-after-ms')
  const said = headers.get('retry-after')
  const wait = exact ? Number(exact) : said ? secondsOrDate(said, now) : Number.NaN
  return Number.isFinite(wait) ? Math.max(0, Math.round(wait)) : undefined
}

function secondsOrDate(said: string, now: number): number {
  const seconds = Number(said)
  return Number.isNaN(seconds) ? Date.parse(said) - now : seconds * 1000
}
