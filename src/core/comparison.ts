import type { FailureCode } from './errors.ts'
import type { Currency, ModelId } from './model.ts'
import type { Locale } from './text/index.ts'

export type Platform = 'console' | 'discord' | 'slack'

export const labels = ['A', 'B', 'C', 'D', 'E', 'F'] as const
export type Label = (typeof labels)[number]

/** Fewer answers than this are no comparison. */
export const contestantsNeeded = 2

export const categories = ['reasoning', 'language', 'coding', 'writing', 'translation', 'knowledge', 'other'] as const
export type Category = (typeof categories)[number]

export type Choice = Label | 'tie' | 'both_bad'

/** What people see of a choice, and vote with where they vote by emoji. */
export const choiceEmoji: Readonly<Record<Choice, string>> = {
  A: '🇦',
  B: '🇧',
  C: '🇨',
  D: '🇩',
  E: '🇪',
  F: '🇫',
  tie: '🤝',
  both_bad: '👎',
}

export type AnswerRef = { comparisonId: string; label: Label }

export type AnswerStatus = 'queued' | 'streaming' | 'done' | 'stopped' | 'failed'

/** What a contestant wrote. Numbers are null while unknown, and stay null where the provider did not say. */
export type Answer = {
  status: AnswerStatus
  /** Fencing token of the latest run; 0 before the first. */
  run: number
  /** As the model wrote it. Whoever shows it to people goes through `ballot.ts`, which masks names until the reveal. */
  text: string
  /** `failed`: why. `queued`: what it waits for before the next try. */
  failure: FailureCode | null
  retryAt: Date | null
  endReason: 'stop' | 'length' | null
  promptTokens: number | null
  completionTokens: number | null
  /** Millionths of `currency`. */
  costMicros: number | null
  currency: Currency | null
  /** From the request to the first text, in milliseconds. */
  firstTokenMs: number | null
  /** From the request to the end, in milliseconds. */
  durationMs: number | null
  /** The answer held one of the model's own names. */
  namedItself: boolean
}

export type Contestant = { label: Label; model: ModelId; answer: Answer }

export type Tally = Partial<Record<Choice, number>>

export type Comparison = {
  id: string
  workspaceId: string
  platform: Platform
  channel: string
  asker: { id: string; name: string }
  prompt: string
  category: Category | null
  blind: boolean
  locale: Locale
  /** `revealed` and `void` are final. */
  status: 'open' | 'revealed' | 'void'
  createdAt: Date
  closesAt: Date
  closedAt: Date | null
  stopRequestedAt: Date | null
  /** Where the platform shows it, in the platform's own words; nobody else reads them. */
  place: string | null
  /** By label. */
  contestants: Contestant[]
  /** How many people have a vote on this ballot. */
  voted: number
  /** Null until the ballot is closed. */
  tally: Tally | null
}
