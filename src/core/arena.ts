import type { AnswerState, Ballot } from './ballot.ts'
import type { Category, Choice, Label, Platform } from './comparison.ts'
import type { Model, ModelId } from './model.ts'
import type { Catalogue, Chat, Clock, Health, Person, PromptHandler, Queue, Store } from './ports.ts'
import type { Locale } from './text/index.ts'

/** What the rules need from outside. */
export type ArenaParts = {
  store: Store
  queue: Queue
  catalogue: Catalogue
  /** One per platform that is connected. */
  chats: readonly Chat[]
  clock: Clock
  log: CoreLog
  /** A new, time-ordered, unique id (UUID v7). */
  newId(): string
  /** A number in [0, 1), for the order of the labels. */
  random(): number
  /** How long a ballot stays open, in milliseconds. */
  votingMs: number
}

/** The part of a logger that the core uses: metadata first, then a constant message. */
export type CoreLog = {
  info(meta: object, message: string): void
  warn(meta: object, message: string): void
  error(meta: object, message: string): void
}

export type CompareRequest = {
  workspaceId: string
  platform: Platform
  channel: string
  asker: Person
  prompt: string
  /** Empty: the defaults. */
  models: readonly string[]
  category: Category | null
  blind: boolean
  locale: Locale
}

/** A comparison as one person may see it: the ballot, every answer's text, and that person's own vote. */
export type ComparisonView = { ballot: Ballot; answers: AnswerState[]; ownChoice: Choice | null }

export type ModelEntry = { model: Model; health: Health; byDefault: boolean }

/**
 * The rules, ready to use: what platforms, jobs and the clock call. Whatever a person got wrong is thrown as a
 * `FaceoffError` of kind `user`, and then nothing has changed.
 */
export type Arena = {
  /** Starts a comparison: stored, its ballot posted, one job per contestant. */
  compare(request: CompareRequest): Promise<Ballot>
  /** Casts or changes the person's vote. */
  vote(comparisonId: string, voter: Person, choice: Choice): Promise<Ballot>
  /** Takes the person's vote back; without a vote nothing changes. */
  withdraw(comparisonId: string, voter: Person): Promise<Ballot>
  /** Ends the answers that still stream or wait; what is there stays. The asker or an admin. */
  stop(comparisonId: string, person: Person): Promise<Ballot>
  /** Closes the ballot and names the models. The asker or an admin, once two answers can be read. */
  reveal(comparisonId: string, person: Person): Promise<Ballot>
  /** Throws `comparison_missing`. */
  view(comparisonId: string, viewer: Person | null): Promise<ComparisonView>
  /** A channel's newest comparisons, newest first; `before` is the id of the oldest one seen. */
  recent(
    where: { workspaceId: string; channel: string; before?: string; limit: number },
    viewer: Person | null,
  ): Promise<ComparisonView[]>
  /** Every model that can be compared, with its provider's health. */
  models(): Promise<ModelEntry[]>
  /** Runs one contestant: the handler of the prompt job. */
  run: PromptHandler
  /** Mends what a crash left between two steps, and closes ballots whose time is over. Called at start and every 30 s. */
  sweep(): Promise<void>
}

export const contestantLimits = { least: 2, most: 6 } as const

/** Characters of a prompt: about 10,000 tokens, and room in one PostgreSQL row, one job and one page. */
export const promptLimit = 40_000

export type { Label, ModelId }
