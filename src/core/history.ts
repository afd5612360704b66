/** Past comparisons, found again. What is still blind is not found by what would end the blindness. */
import { type Ballot, type BallotPhase, ballotOf } from './ballot.ts'
import type { Category, Platform } from './comparison.ts'
import type { ModelId } from './model.ts'
import type { Parts } from './ports.ts'

export type HistoryWish = {
  workspaceId: string
  /** null: every channel of the workspace, whoever may read it. */
  channel: string | null
  /** Each has to be in the prompt, or, once the names are visible, in an answer. Empty: any. */
  words: readonly string[]
  /** A part of a model's id. Ballots that are blind and open are not found by it. */
  model: string | null
  category: Category | null
  /** A part of the asker's name. */
  person: string | null
  /** Asked on this day (UTC) or later, and on that day or earlier. */
  since: Date | null
  until: Date | null
  /** Goes on behind this comparison. */
  before: string | null
  limit: number
}

export type HistoryEntry = {
  comparisonId: string
  platform: Platform
  channel: string
  asker: { id: string; name: string }
  /** The beginning of the prompt, on one line. */
  prompt: string
  category: Category | null
  phase: BallotPhase
  createdAt: Date
  /** By label; null while hidden. */
  models: { id: ModelId; name: string }[] | null
  voted: number
  /** Models with the most votes; null before the reveal. */
  winners: string[] | null
}

/** Newest first. `more`: the `before` that goes on; null: that is all. */
export type History = { wish: HistoryWish; entries: HistoryEntry[]; more: string | null }

/** Characters of a prompt that a list shows. */
const excerptLength = 160

export async function historyOf(
  { store, catalogue }: Pick<Parts, 'store' | 'catalogue'>,
  wish: HistoryWish,
): Promise<History> {
  const found = await store.comparisons.search({ ...wish, limit: wish.limit + 1 })
  const entries = found.slice(0, wish.limit).map(comparison => entryOf(ballotOf(comparison, catalogue)))
  return { wish, entries, more: found.length > wish.limit ? (entries.at(-1)?.comparisonId ?? null) : null }
}

function entryOf(ballot: Ballot): HistoryEntry {
  const models = ballot.entries.flatMap(({ model }) => (model ? [model] : []))
  return {
    comparisonId: ballot.comparisonId,
    platform: ballot.platform,
    channel: ballot.channel,
    asker: ballot.asker,
    prompt: excerptOf(ballot.prompt),
    category: ballot.category,
    phase: ballot.phase,
    createdAt: ballot.createdAt,
    models: models.length === ballot.entries.length ? models : null,
    voted: ballot.voted,
    winners:
      ballot.results === null
        ? null
        : ballot.entries.flatMap(({ label, model }) =>
            model && ballot.results?.winners.includes(label) ? [model.name] : [],
          ),
  }
}

function excerptOf(prompt: string): string {
  const line = prompt.replace(/\s+/g, ' ').trim()
  const characters = [...line]
  return characters.length <= excerptLength ? line : `${characters.slice(0, excerptLength - 1).join('')}…`
}
