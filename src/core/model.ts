/** A model's full name: its provider's id, a slash, and the provider's own name for it (which may hold slashes). */
export type ModelId = `${string}/${string}`

/** ISO 4217 codes that providers bill in. */
export type Currency = 'USD' | 'CNY'

/**
 * Price of uncached tokens, in units of `currency` per million tokens. `asOf` (YYYY-MM-DD) and `source` say when and
 * where it was read: prices age.
 */
export type Price = { input: number; output: number; currency: Currency; asOf: string; source: string }

/** Where the provider processes prompts: a country or `local`; `various` where the provider routes on; null: unknown. */
export type Region = 'cn' | 'sg' | 'us' | 'eu' | 'hk' | 'jp' | 'various' | 'local'

export type Model = {
  id: ModelId
  /** The id of its provider: what stands before the first slash. */
  provider: string
  /** For people: `Qwen3.8 Max`. */
  name: string
  /** Words that give this model away when it says them of itself: product, maker, assistant names. */
  aliases: readonly string[]
  contextTokens: number | null
  /** null: unknown, and shown as unknown. Models that run on the team's own machine cost 0. */
  price: Price | null
  region: Region | null
}

export type Usage = { promptTokens: number; completionTokens: number }

/**
 * What an answer cost, in millionths of the price's currency: tokens × price per million tokens is exactly that unit.
 * Null when the price or the usage is unknown. Rounded half up to a whole micro-unit.
 */
export function costMicros(price: Price | null, usage: Usage | null): number | null {
  if (price === null || usage === null) return null
  return Math.round(usage.promptTokens * price.input + usage.completionTokens * price.output)
}

/** The provider's id of a model's full name. */
export function providerOf(model: ModelId): string {
  return model.slice(0, model.indexOf('/'))
}
