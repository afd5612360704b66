/** What can be counted without a model of strength: rates by model, results by pair, and the pull of the position. */
import { type BallotTally, type PositionTally, votesOn } from './moments.ts'
import { type Rate, wilson } from './normal.ts'
import { canonical, countOf, type Votes } from './votes.ts'

export type Counts = {
  votes: number
  comparisons: number
  wins: number
  /** Votes that called the ballot a tie; `bothBad` are not among them. */
  ties: number
  bothBad: number
  /** Share of votes won, a draw counting as 1/N of a win on a ballot of N. Null when it met nobody. */
  winRate: Rate | null
  /** Share of its votes that found all answers bad. */
  bothBadRate: Rate
}

/** Votes on ballots that held both: for the one, for the other, for neither. */
export type HeadToHead = { wins: number; losses: number; draws: number }

/** Counts by model. */
export function countsByModel(ballots: readonly BallotTally[]): Map<string, Counts> {
  const counts = new Map<string, Omit<Counts, 'winRate' | 'bothBadRate'> & { credit: number; met: number }>()
  for (const ballot of ballots) {
    const { models, wins, ties, bothBad } = votesOn(ballot)
    const votes = sum(ballot.counts, count => count)
    models.forEach((model, at) => {
      const known = counts.get(model) ?? { votes: 0, comparisons: 0, wins: 0, ties: 0, bothBad: 0, credit: 0, met: 0 }
      counts.set(model, known)
      known.votes += votes
      known.comparisons += ballot.comparisons
      known.wins += wins[at] ?? 0
      known.ties += ties
      known.bothBad += bothBad
      if (models.length < 2) return
      known.met += votes
      known.credit += (wins[at] ?? 0) + (ties + bothBad) / models.length
    })
  }
  return new Map(
    [...counts].map(([model, { credit, met, ...known }]) => [
      model,
      {
        ...known,
        winRate: met === 0 ? null : wilson(credit, met),
        bothBadRate: wilson(known.bothBad, known.votes),
      },
    ]),
  )
}

/**
 * How often the first of two answers is chosen over the second, with a 95 % interval; null without such votes. Labels
 * are shuffled, so a share away from ½ is the pull of the position. Draws and larger ballots do not count. Votes on the
 * same answers agree, so the interval is Wilson's for as many independent votes as have the variance found between
 * comparisons (Kish's effective sample size), and never more than there are.
 */
export function positionBias(tally: PositionTally): (Rate & { first: number; second: number }) | null {
  const { first, second, comparisons } = tally
  const votes = first + second
  if (votes === 0) return null
  const rate = first / votes
  // Σ (first − rate·(first + second))² over comparisons
  const squares =
    (1 - rate) ** 2 * tally.firstSquared - 2 * rate * (1 - rate) * tally.firstBySecond + rate ** 2 * tally.secondSquared
  const between = comparisons < 2 ? 0 : ((comparisons / (comparisons - 1)) * Math.max(0, squares)) / votes ** 2
  const effective = Math.min(votes, between < 1e-12 ? comparisons : (rate * (1 - rate)) / between)
  return { ...wilson(rate * effective, effective), rate, first, second }
}

/** The results of every pair that shared a ballot, read by `(a, b)` from a's side. */
export function headToHead(ballots: readonly BallotTally[]): (a: string, b: string) => HeadToHead {
  const wins = new Map<string, Map<string, number>>()
  const draws = new Map<string, Map<string, number>>()
  for (const row of ballots.map(votesOn)) {
    row.models.forEach((model, at) => {
      for (const other of row.models) {
        if (other === model) continue
        count(wins, model, other, row.wins[at] ?? 0)
        count(draws, model, other, row.ties + row.bothBad)
      }
    })
  }
  const read = (counts: Map<string, Map<string, number>>, a: string, b: string) => counts.get(a)?.get(b) ?? 0
  return (a, b) => ({ wins: read(wins, a, b), losses: read(wins, b, a), draws: read(draws, a, b) })
}

/** How many votes. */
export function votesIn(ballots: readonly BallotTally[]): number {
  return sum(ballots, ({ counts }) => sum(counts, count => count))
}

/** How many comparisons. */
export function sizeOf(ballots: readonly BallotTally[]): number {
  return sum(ballots, ({ comparisons }) => comparisons)
}

/** `votes` less the votes in `without`, set of models by set of models. */
export function lessVotes(votes: readonly Votes[], without: readonly Votes[]): Votes[] {
  const byBallot = new Map<string, Votes>()
  for (const [sign, rows] of [
    [1, votes],
    [-1, without],
  ] as const) {
    for (const row of rows.map(canonical)) {
      const key = JSON.stringify(row.models)
      const known = byBallot.get(key) ?? { models: row.models, wins: row.models.map(() => 0), ties: 0, bothBad: 0 }
      byBallot.set(key, {
        models: row.models,
        wins: known.wins.map((wins, at) => wins + sign * (row.wins[at] ?? 0)),
        ties: known.ties + sign * row.ties,
        bothBad: known.bothBad + sign * row.bothBad,
      })
    }
  }
  return [...byBallot.values()].filter(row => countOf(row) > 0)
}

function count(counts: Map<string, Map<string, number>>, a: string, b: string, votes: number): void {
  const row = counts.get(a) ?? new Map<string, number>()
  counts.set(a, row)
  row.set(b, (row.get(b) ?? 0) + votes)
}

function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0)
}
