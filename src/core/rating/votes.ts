/**
 * Votes in the grouped form that ratings are computed from.
 *
 * A fit needs nothing of a vote but which models stood on the ballot and which one was chosen, so equal votes can be
 * counted together. An honest interval also needs to know which votes belong together, because votes on the same
 * answers agree more than chance allows. So votes are grouped in clusters (one comparison, or one voter), and clusters
 * whose votes fell exactly alike are counted together: the sum of scores of each cluster stays exact, yet ten million
 * votes in comparisons of their own become a few hundred rows.
 */

/** Votes on ballots that held the same models in the same order. All numbers are counts of votes. */
export type Votes = {
  /** In the order of the labels: the first is A. Each model once. */
  models: readonly string[]
  /** Votes for each model, in the same order. */
  wins: readonly number[]
  ties: number
  bothBad: number
}

/** `times` comparisons (or voters) whose votes fell exactly like `votes`. A comparison's are all on the same models. */
export type Cluster = { times: number; votes: readonly Votes[] }

export type Tallies = {
  /** Every vote once, by comparison. */
  comparisons: readonly Cluster[]
  voters: {
    /** How many different voters are known. */
    known: number
    /** The one with the most votes; null where none is known. */
    busiest: { voter: string; votes: readonly Votes[] } | null
    /** The same votes by voter. Team mode asks for them from 20 voters on; otherwise they may be left out. */
    clusters: readonly Cluster[]
  }
}

/** One vote. `comparison` and `voter` may be any string; null: a comparison of its own, an unknown voter. */
export type Vote = {
  models: readonly string[]
  choice: { winner: string } | 'tie' | 'both_bad'
  comparison: string | null
  voter: string | null
}

/** Groups votes; of two voters with equally many votes, the one whose name sorts first counts as the busiest. */
export function tallyOf(votes: Iterable<Vote>): Tallies {
  const comparisons = new Map<string, Vote[]>()
  const voters = new Map<string, Vote[]>()
  const alone: Vote[][] = []
  for (const vote of votes) {
    if (vote.comparison === null) alone.push([vote])
    else group(comparisons, JSON.stringify([vote.comparison, ...[...vote.models].sort()]), vote)
    if (vote.voter !== null) group(voters, vote.voter, vote)
  }
  let busiest: Tallies['voters']['busiest'] = null
  let most = 0
  for (const [voter, own] of [...voters].sort(([a], [b]) => compare(a, b))) {
    if (own.length <= most) continue
    most = own.length
    busiest = { voter, votes: countsOf(own) }
  }
  return {
    comparisons: alike([...comparisons.values(), ...alone]),
    voters: { known: voters.size, busiest, clusters: alike([...voters.values()]) },
  }
}

/** How many votes. */
export function countOf(votes: Votes): number {
  return votes.wins.reduce((sum, wins) => sum + wins, votes.ties + votes.bothBad)
}

/** The same votes with the models in the order of `compare`. */
export function canonical(votes: Votes): Votes {
  const { models, wins } = votes
  if (models.every((model, at) => at === 0 || compare(models[at - 1] ?? '', model) < 0)) return votes
  const places = models.map((_, place) => place).sort((a, b) => compare(models[a] ?? '', models[b] ?? ''))
  return {
    models: places.map(place => models[place] ?? ''),
    wins: places.map(place => wins[place] ?? 0),
    ties: votes.ties,
    bothBad: votes.bothBad,
  }
}

/** The order of code units: the same on every machine, whatever its language. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function group(groups: Map<string, Vote[]>, key: string, vote: Vote): void {
  const members = groups.get(key)
  if (members) members.push(vote)
  else groups.set(key, [vote])
}

function alike(groups: readonly (readonly Vote[])[]): Cluster[] {
  const found = new Map<string, { times: number; votes: Votes[] }>()
  for (const votes of groups.map(countsOf)) {
    const key = JSON.stringify(votes.map(({ models, wins, ties, bothBad }) => [models, wins, ties, bothBad]))
    const known = found.get(key)
    if (known) known.times++
    else found.set(key, { times: 1, votes })
  }
  return [...found.values()]
}

function countsOf(votes: readonly Vote[]): Votes[] {
  const rows = new Map<string, { models: readonly string[]; wins: number[]; ties: number; bothBad: number }>()
  for (const { models, choice } of votes) {
    const key = JSON.stringify(models)
    const row = rows.get(key) ?? { models, wins: models.map(() => 0), ties: 0, bothBad: 0 }
    rows.set(key, row)
    if (choice === 'tie') row.ties++
    else if (choice === 'both_bad') row.bothBad++
    else row.wins = row.wins.map((wins, at) => (models[at] === choice.winner ? wins + 1 : wins))
  }
  return [...rows].sort(([a], [b]) => compare(a, b)).map(([, row]) => row)
}
