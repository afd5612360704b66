/** Leaderboards without a database: from votes made up here. */
import { type Leaderboard, type LeaderboardWish, leaderboardOf } from '../../src/core/leaderboard.ts'
import type { Model, ModelId } from '../../src/core/model.ts'
import type { Catalogue, Clock, Measured, Store } from '../../src/core/ports.ts'
import { momentsOf, type StyledVotes, tallyOf, type Vote } from '../../src/core/rating/index.ts'
import { seeded } from './rating/votes.ts'

export const wednesday = new Date('2026-11-25T12:00:00Z')

export type Votes = { votes: readonly Vote[]; measured?: readonly Measured[]; styled?: readonly StyledVotes[] }

export function boardParts({ votes, measured = [], styled = [] }: Votes, names: Readonly<Record<string, string>> = {}) {
  const store = {
    tallies: {
      read: async () => ({ ...momentsOf(tallyOf(votes)), measured: [...measured] }),
      styled: async () => ({ comparisons: [...styled], voters: 0 }),
      weeks: async () => [],
    } satisfies Partial<Store['tallies']>,
  }
  const models = Object.entries(names).map(([id, name]) => ({ id, name }) as Model)
  return {
    // What is not here is not asked for.
    store: store as unknown as Store,
    catalogue: { models: () => models } as Pick<Catalogue, 'models'> as Catalogue,
    clock: { now: () => wednesday } satisfies Clock,
  }
}

export function boardFrom(
  given: Votes,
  wish: Partial<LeaderboardWish> = {},
  names: Readonly<Record<string, string>> = {},
): Promise<Leaderboard> {
  return leaderboardOf(boardParts(given, names), {
    workspaceId: 'w',
    category: null,
    period: 'all',
    mode: 'team',
    ...wish,
  })
}

/** Votes by `voters` people, several on each comparison, on models whose strengths are 60 points apart. */
export function someVotes(models: readonly ModelId[], comparisons: number, voters: number, seed = 1): Vote[] {
  const random = seeded(seed)
  return Array.from({ length: comparisons }, (_, comparison) => {
    const a = Math.floor(random() * models.length)
    const b = (a + 1 + Math.floor(random() * (models.length - 1))) % models.length
    const [first, second] = [models[a] ?? '', models[b] ?? '']
    return Array.from({ length: 1 + Math.floor(random() * 4) }, (): Vote => {
      const drawn = random()
      const wins = random() < 1 / (1 + 10 ** ((a - b) * 0.15))
      return {
        models: [first, second],
        choice: drawn < 0.12 ? 'tie' : drawn < 0.2 ? 'both_bad' : { winner: wins ? first : second },
        comparison: String(comparison),
        voter: `v${Math.floor(random() * voters)}`,
      }
    })
  }).flat()
}
