/** The one sentence under a leaderboard, as data: what the votes say, or why they do not say it yet. */
import type { Ratings } from './ratings.ts'

export type Verdict =
  | { kind: 'no_votes' }
  | { kind: 'one_model'; model: string }
  /** Groups of models that never met. */
  | { kind: 'islands'; groups: number }
  /** No vote of any preferred one model. */
  | { kind: 'all_drawn'; votes: number }
  | { kind: 'undefeated'; model: string }
  /** Some models never lost to any of the others, so that no finite rating fits best. */
  | { kind: 'one_sided' }
  | { kind: 'settled'; a: string; b: string; aBetter: number }
  | { kind: 'open'; a: string; b: string; aBetter: number; moreComparisons: number | null }

/** About the two models at the top, unless there is something that has to be said first. */
export function verdictOf(ratings: Ratings): Verdict {
  const [first] = ratings.models
  const [top] = ratings.pairs
  if (ratings.votes === 0 || !first) return { kind: 'no_votes' }
  if (ratings.models.length === 1) return { kind: 'one_model', model: first.model }
  if (ratings.components.length > 1 || !top) return { kind: 'islands', groups: ratings.components.length }
  if (ratings.models.every(({ wins }) => wins === 0)) return { kind: 'all_drawn', votes: ratings.votes }
  const unbeaten = ratings.models.find(({ undefeated }) => undefeated)
  if (unbeaten) return { kind: 'undefeated', model: unbeaten.model }
  if (!first.maximumExists) return { kind: 'one_sided' }
  const { a, b, aBetter, settled, moreComparisons } = top
  return settled ? { kind: 'settled', a, b, aBetter } : { kind: 'open', a, b, aBetter, moreComparisons }
}
