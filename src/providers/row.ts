import type { FailureCode } from '../core/errors.ts'
import type { Price, Region } from '../core/model.ts'

/**
 * How one kind of refusal is read. Every field that is given must match; the first rule that matches decides.
 * `code` is tried on the refusal's code and on its type.
 */
export type FailureRule = {
  status?: number | { from: number; to: number }
  code?: RegExp
  message?: RegExp
  means: FailureCode
}

export type ModelRow = {
  /** The provider's own name for it, as sent in the request. */
  id: string
  /** For people. */
  name: string
  /** Words that give the model away: product, family, maker. They are masked in blind answers, so no everyday words. */
  aliases: readonly string[]
  contextTokens: number | null
  /** The list price; null: unknown. */
  price: Price | null
  /** Where the list price differs by region; null: unknown there. */
  priceIn?: Readonly<Partial<Record<Region, Price | null>>>
  /** Fields added to the request: the switch that keeps hidden reasoning off or cheap, where the vendor documents one. */
  body?: Readonly<Record<string, unknown>>
  /** The vendor announced that the model is switched off on this day (YYYY-MM-DD). */
  retirement?: Retirement
}

export type Retirement = { on: string; source: string }

/** `region`: where prompts are processed; null: unknown. `hosts`: endings of host names that belong to it as well. */
export type BaseUrl = { url: string; region: Region | null; hosts?: readonly string[] }

type RateLimit = { max: number; perMs: number }

export type Limits = {
  /** Requests at once. */
  concurrency: number
  /** Requests begun within a window; null: none. */
  rateLimit: RateLimit | null
}

export type ProviderRow = Limits & {
  id: string
  name: string
  /** `listed`: its models are the ones it lists itself, `demo`: built in, no network. */
  kind: 'openai-compatible' | 'listed' | 'demo'
  /** The environment variable of its key; null: it needs none. */
  keyVariable: string | null
  /** The environment variable that moves it elsewhere; null: it cannot be moved by the environment. */
  baseUrlVariable: string | null
  /** The first is the default. Empty: the base URL must be given. */
  baseUrls: readonly BaseUrl[]
  /** `models.json` moved it, and named the variable of the key that goes there. */
  moved: boolean
  /** The flagship first. */
  models: readonly ModelRow[]
  tokenLimitField: 'max_tokens' | 'max_completion_tokens'
  /** Sent in that field; null: the model's own limit stands. */
  maxAnswerTokens: number | null
  /** Open weights may write their reasoning into the answer, as a leading `<think>…</think>`. */
  thinkTags: boolean
  /** Read before the rules that hold for everybody (`failure.ts`). */
  failures: readonly FailureRule[]
}
