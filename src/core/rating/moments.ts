/**
 * Votes counted together to the second power: all that a fit and its interval need to know of a million comparisons.
 *
 * A comparison's votes are a vector c: votes for each model, ties, both bad. The score of a comparison is linear in c, so
 * the sum over comparisons of score × score needs nothing but the sum of c·cᵀ, and everything else needs Σ c. Both are
 * whole numbers, exact in any order, and a changed vote changes them by a small difference: a database keeps one row per
 * kind of ballot, however many comparisons there were.
 */
import { type Cluster, compare, countOf, type Tallies, type Votes } from './votes.ts'

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
 * Votes by voter, in rows of numbers: with many voters there are many, and each fit goes through all of them. A voter's
 * votes on ballots with the same models are one entry, whatever they chose; what they chose is summed by model.
 */
export type VoterVotes = {
  /** By voter (or by voters alike): how many they are, and where their entries and their credits end. */
  times: Float64Array
  ends: Int32Array
  creditEnds: Int32Array
  /** By entry: which ballot, and how many votes. */
  kinds: Int32Array
  cast: Float64Array
  /** By voter and model: the votes for it, and an equal part of those for none on its ballots. */
  creditModels: Int32Array
  credits: Float64Array
  /** Models by number, and the numbers of those on a kind of ballot. */
  names: readonly string[]
  ballots: readonly (readonly number[])[]
}

/** What a leaderboard is made of. */
export type KeptTallies = {
  ballots: readonly BallotTally[]
  position: PositionTally
  voters: Pick<Tallies['voters'], 'known' | 'busiest'> & { votes: VoterVotes }
}

type BallotSums = { models: readonly string[]; comparisons: number; counts: number[]; products: number[] }

/** Groups what was grouped by comparison already. A comparison's votes are all on the same models, in any order. */
export function momentsOf({ comparisons, voters }: Tallies): KeptTallies {
  const ballots = new Map<string, BallotSums>()
  const sumsOf = byModels((models, key) => {
    const size = models.length + 2
    const sums = ballots.get(key) ?? {
      models,
      comparisons: 0,
      counts: new Array<number>(size).fill(0),
      products: new Array<number>((size * (size + 1)) / 2).fill(0),
    }
    ballots.set(key, sums)
    return sums
  })
  const position = { comparisons: 0, first: 0, second: 0, firstSquared: 0, firstBySecond: 0, secondSquared: 0 }
  for (const { times, votes } of comparisons) {
    const [some] = votes
    if (some === undefined || votes.every(row => countOf(row) === 0)) continue
    const { models } = some
    const { known } = sumsOf(models)
    const size = models.length + 2
    const own = new Array<number>(size).fill(0)
    for (const row of votes) {
      const { places } = sumsOf(row.models)
      for (let at = 0; at < places.length; at++) {
        const place = places[at] ?? 0
        own[place] = (own[place] ?? 0) + (row.wins[at] ?? 0)
      }
      own[size - 2] = (own[size - 2] ?? 0) + row.ties
      own[size - 1] = (own[size - 1] ?? 0) + row.bothBad
    }
    known.comparisons += times
    let at = 0
    for (let i = 0; i < size; i++) {
      const one = times * (own[i] ?? 0)
      known.counts[i] = (known.counts[i] ?? 0) + one
      for (let j = i; j < size; j++) {
        known.products[at] = (known.products[at] ?? 0) + one * (own[j] ?? 0)
        at++
      }
    }
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

/** Voters' clusters in a row. */
export function inARow(clusters: readonly Cluster[]): VoterVotes {
  const numbers = new Map<string, number>()
  const ballots: number[][] = []
  const kinds = new Map<string, number>()
  const kindOf = byModels((models, key) => {
    const known = kinds.get(key)
    if (known !== undefined) return known
    for (const model of models) if (!numbers.has(model)) numbers.set(model, numbers.size)
    kinds.set(key, ballots.length)
    return ballots.push(models.map(model => numbers.get(model) ?? 0)) - 1
  })
  const times: number[] = []
  const [entries, ends]: [Sums, number[]] = [new Sums(), []]
  const [credits, creditEnds]: [Sums, number[]] = [new Sums(), []]
  for (const { times: alike, votes } of clusters) {
    for (const { models, wins, ties, bothBad } of votes) {
      const { known: kind, places } = kindOf(models)
      const ballot = ballots[kind] ?? []
      const draws = ties + bothBad
      let sum = draws
      for (let at = 0; at < places.length; at++) {
        const won = wins[at] ?? 0
        sum += won
        credits.add(ballot[places[at] ?? 0] ?? 0, won + draws / places.length)
      }
      entries.add(kind, sum)
    }
    times.push(alike)
    ends.push(entries.close())
    creditEnds.push(credits.close())
  }
  return {
    times: Float64Array.from(times),
    ends: Int32Array.from(ends),
    creditEnds: Int32Array.from(creditEnds),
    kinds: Int32Array.from(entries.numbers),
    cast: Float64Array.from(entries.sums),
    creditModels: Int32Array.from(credits.numbers),
    credits: Float64Array.from(credits.sums),
    names: [...numbers.keys()],
    ballots,
  }
}

/** Sums by number, one stretch after another. */
class Sums {
  readonly numbers: number[] = []
  readonly sums: number[] = []
  /** Where the sum of a number stands, if that is in the open stretch. */
  private readonly places: number[] = []
  private start = 0

  add(number: number, value: number): void {
    const place = this.places[number]
    if (place !== undefined && place >= this.start) {
      this.sums[place] = (this.sums[place] ?? 0) + value
      return
    }
    this.places[number] = this.numbers.length
    this.numbers.push(number)
    this.sums.push(value)
  }

  /** Ends the stretch; returns where. */
  close(): number {
    this.start = this.numbers.length
    return this.start
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

/**
 * What is known of the models of a ballot, whatever their order, and where each of them stands among them in the order of
 * `compare`. Rows of one origin mostly share their list of models, and a list is known again faster than what is in it.
 */
function byModels<Known>(find: (sorted: readonly string[], key: string) => Known) {
  const byList = new Map<readonly string[], { known: Known; places: readonly number[] }>()
  return (models: readonly string[]) => {
    const before = byList.get(models)
    if (before) return before
    const sorted = [...models].sort(compare)
    const found = { known: find(sorted, JSON.stringify(sorted)), places: models.map(model => sorted.indexOf(model)) }
    byList.set(models, found)
    return found
  }
}

/** Models in the order of `compare`. */
export function sortedModels(ballots: readonly BallotTally[]): string[] {
  return [...new Set(ballots.flatMap(({ models }) => models))].sort(compare)
}
