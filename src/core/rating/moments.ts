/**
 * Votes counted together to the second power: all that a fit and its interval need to know of a million comparisons.
 *
 * A comparison's votes are a vector c: votes for each model, ties, both bad. The score of a comparison is linear in c, so
 * the sum over comparisons of score × score needs nothing but the sum of c·cᵀ, and everything else needs Σ c. Both are
 * whole numbers, exact in any order, and a changed vote changes them by a small difference: a database keeps one row per
 * kind of ballot, however many comparisons there were.
 */
import { type Cluster, canonical, compare, countOf, type Tallies, type Votes } from './votes.ts'

/** Comparisons of the same models, each with one vote at least. */
export type BallotTally = {
  /** In the order of the labels. */
  models: readonly string[]
  comparisons: number
  /** Σ c: votes for each model, then ties, then both bad. */
  counts: readonly number[]
  /** Σ cᵢ·cⱼ over the comparisons, i ≤ j, row by row. */
  products: readonly number[]
}

/** Votes for the first and the second of two answers, and their squares and product summed over `comparisons`. */
export type PositionTally = {
  comparisons: number
  first: number
  second: number
  firstSquared: number
  firstBySecond: number
  secondSquared: number
}

/**
 * Votes by voter, in a row of numbers: with many voters there are many, and each fit goes through all of them. A voter's
 * votes on ballots with the same models are one entry.
 */
export type VoterVotes = {
  /** By voter (or by voters alike): how many they are, and where their entries end. */
  times: Float64Array
  ends: Int32Array
  /** By entry: which ballot. */
  kinds: Int32Array
  /** Entry after entry: the credit of each model of the ballot (its votes, and a part of those for none), then all votes. */
  credits: Float64Array
  /** Models in the order of `compare`. */
  ballots: readonly (readonly string[])[]
}

/** What a leaderboard is made of. */
export type KeptTallies = {
  ballots: readonly BallotTally[]
  position: PositionTally
  voters: Pick<Tallies['voters'], 'known' | 'busiest'> & { votes: VoterVotes }
}

/** Groups what was grouped by comparison already. A comparison's votes are all on the same models, in any order. */
export function momentsOf({ comparisons, voters }: Tallies): KeptTallies {
  const ballots = new Map<
    string,
    { models: readonly string[]; comparisons: number; counts: number[]; products: number[] }
  >()
  const position = { comparisons: 0, first: 0, second: 0, firstSquared: 0, firstBySecond: 0, secondSquared: 0 }
  for (const { times, votes } of comparisons) {
    const total = joined(votes)
    if (total === null || countOf(total) === 0) continue
    const { models } = total
    const key = JSON.stringify(models)
    const size = models.length + 2
    const known = ballots.get(key) ?? {
      models,
      comparisons: 0,
      counts: new Array<number>(size).fill(0),
      products: new Array<number>((size * (size + 1)) / 2).fill(0),
    }
    ballots.set(key, known)
    known.comparisons += times
    const counts = [...total.wins, total.ties, total.bothBad]
    let at = 0
    counts.forEach((one, i) => {
      known.counts[i] = (known.counts[i] ?? 0) + times * one
      for (let j = i; j < size; j++) {
        known.products[at] = (known.products[at] ?? 0) + times * one * (counts[j] ?? 0)
        at++
      }
    })
    if (models.length !== 2) continue
    const first = votes.reduce((sum, { wins }) => sum + (wins[0] ?? 0), 0)
    const second = votes.reduce((sum, { wins }) => sum + (wins[1] ?? 0), 0)
    position.comparisons += times
    position.first += times * first
    position.second += times * second
    position.firstSquared += times * first * first
    position.firstBySecond += times * first * second
    position.secondSquared += times * second * second
  }
  const { known, busiest, clusters } = voters
  return { ballots: [...ballots.values()], position, voters: { known, busiest, votes: inARow(clusters) } }
}

type Kind = { number: number; models: readonly string[] }

/** Voters' clusters in a row. */
export function inARow(clusters: readonly Cluster[]): VoterVotes {
  const kinds = new Map<string, Kind>()
  // Rows of one origin mostly share their list of models, and a list is known again faster than what is in it.
  const byList = new Map<readonly string[], { kind: Kind; places: readonly number[] }>()
  const kindOf = (models: readonly string[]) => {
    const known = byList.get(models)
    if (known) return known
    const sorted = [...models].sort(compare)
    const key = JSON.stringify(sorted)
    let kind = kinds.get(key)
    if (kind === undefined) {
      kind = { number: kinds.size, models: sorted }
      kinds.set(key, kind)
    }
    const found = { kind, places: models.map(model => sorted.indexOf(model)) }
    byList.set(models, found)
    return found
  }
  const times: number[] = []
  const ends: number[] = []
  const entries: number[] = []
  const credits: number[] = []
  for (const { times: alike, votes } of clusters) {
    const own = new Map<Kind, number[]>()
    for (const { models, wins, ties, bothBad } of votes) {
      const { kind, places } = kindOf(models)
      const sum = own.get(kind) ?? new Array<number>(models.length + 1).fill(0)
      own.set(kind, sum)
      for (let at = 0; at < places.length; at++) {
        const place = places[at] ?? 0
        sum[place] = (sum[place] ?? 0) + (wins[at] ?? 0)
      }
      sum[places.length] = (sum[places.length] ?? 0) + ties + bothBad
    }
    for (const [kind, sum] of own) {
      entries.push(kind.number)
      const draws = sum[kind.models.length] ?? 0
      let votes = draws
      for (let place = 0; place < kind.models.length; place++) {
        votes += sum[place] ?? 0
        credits.push((sum[place] ?? 0) + draws / kind.models.length)
      }
      credits.push(votes)
    }
    times.push(alike)
    ends.push(entries.length)
  }
  return {
    times: Float64Array.from(times),
    ends: Int32Array.from(ends),
    kinds: Int32Array.from(entries),
    credits: Float64Array.from(credits),
    ballots: [...kinds.values()].map(({ models }) => models),
  }
}

/** Of ballots in the order of their labels, as they are kept. */
export function positionOf(ballots: readonly BallotTally[]): PositionTally {
  const sum = { comparisons: 0, first: 0, second: 0, firstSquared: 0, firstBySecond: 0, secondSquared: 0 }
  for (const { models, comparisons, counts, products } of ballots) {
    if (models.length !== 2) continue
    // Of four counts the rows begin at 0, 4, 7, 9.
    const [firstSquared = 0, firstBySecond = 0, , , secondSquared = 0] = products
    sum.comparisons += comparisons
    sum.first += counts[0] ?? 0
    sum.second += counts[1] ?? 0
    sum.firstSquared += firstSquared
    sum.firstBySecond += firstBySecond
    sum.secondSquared += secondSquared
  }
  return sum
}

/** The votes of all comparisons of one kind. */
export function votesOn({ models, counts }: BallotTally): Votes {
  const size = models.length
  return { models, wins: counts.slice(0, size), ties: counts[size] ?? 0, bothBad: counts[size + 1] ?? 0 }
}

/**
 * Σ k·kᵀ over the comparisons, k the credit of each model in the order of `models`: its votes and an equal part of the ties
 * and of "both bad".
 */
export function creditProducts({ models, products }: BallotTally): number[][] {
  const size = models.length
  const width = size + 2
  const product = (a: number, b: number) => {
    const [i, j] = a <= b ? [a, b] : [b, a]
    return products[i * width - (i * (i - 1)) / 2 + j - i] ?? 0
  }
  const draws = [size, size + 1]
  const withDraws = models.map((_, i) => draws.reduce((sum, draw) => sum + product(i, draw), 0))
  const drawsSquared = draws.reduce((sum, a) => sum + draws.reduce((inner, b) => inner + product(a, b), 0), 0)
  return models.map((_, i) =>
    models.map((_, j) => {
      const mixed = ((withDraws[i] ?? 0) + (withDraws[j] ?? 0)) / size
      return product(i, j) + mixed + drawsSquared / size ** 2
    }),
  )
}

/** A comparison's votes in one row, its models by name. */
function joined(votes: Cluster['votes']): Votes | null {
  const [first, ...rest] = votes.map(canonical)
  if (first === undefined) return null
  return rest.reduce<Votes>(
    (sum, row) => ({
      models: sum.models,
      wins: sum.wins.map((wins, at) => wins + (row.wins[at] ?? 0)),
      ties: sum.ties + row.ties,
      bothBad: sum.bothBad + row.bothBad,
    }),
    first,
  )
}

/** Models in the order of `compare`. */
export function sortedModels(ballots: readonly BallotTally[]): string[] {
  return [...new Set(ballots.flatMap(({ models }) => models))].sort(compare)
}
