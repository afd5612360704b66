import type { Tallies, Vote } from '../../../src/core/rating/index.ts'

/** `'ab:a ab:tie abc:c'`: each letter a model, each word a vote on the models before the colon, by unknown voters. */
export function votesFrom(words: string): Vote[] {
  return words.split(/\s+/).map(word => {
    const [models = '', choice = ''] = word.split(':')
    return {
      models: [...models],
      choice: choice === 'tie' ? 'tie' : choice === 'bad' ? 'both_bad' : { winner: choice },
      comparison: null,
      voter: null,
    }
  })
}

/** Random numbers in [0, 1) that are the same in every run (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Five comparisons of two to four models, 71 votes. */
export const fiveBallots: Tallies = {
  comparisons: [
    { times: 1, votes: [{ models: ['m0', 'm1'], wins: [9, 4], ties: 1, bothBad: 1 }] },
    { times: 1, votes: [{ models: ['m1', 'm2'], wins: [6, 7], ties: 1, bothBad: 0 }] },
    { times: 1, votes: [{ models: ['m0', 'm1', 'm2'], wins: [5, 3, 4], ties: 3, bothBad: 0 }] },
    { times: 1, votes: [{ models: ['m2', 'm3'], wins: [8, 2], ties: 0, bothBad: 0 }] },
    { times: 1, votes: [{ models: ['m0', 'm1', 'm2', 'm3'], wins: [6, 2, 3, 1], ties: 2, bothBad: 2 }] },
  ],
  voters: { known: 0, busiest: null, clusters: [] },
}
