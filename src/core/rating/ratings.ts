/** From strengths to what people read: ratings, ranks, "is A better than B?", and what the evidence does not say yet. */
import { chances } from './choice.ts'
import { type Covariances, largest, variance, varianceOfDifference } from './evidence.ts'
import { components, type Meetings, outcomeOf } from './graph.ts'
import type { BallotTally, PositionTally } from './moments.ts'
import { normalBelow, type Rate, z95 } from './normal.ts'
import { byPoints, pointsOf, pointsPerLogit, priorPoints, type Strengths } from './strengths.ts'
import { type Counts, countsByModel, type HeadToHead, headToHead, positionBias, sizeOf, votesIn } from './tables.ts'

/** A model is provisional until it has this many votes in this many comparisons (and its group's maximum exists). */
export const settledVotes = 30
export const settledComparisons = 10

/** More than this many comparisons nobody collects: "too close to call" says it better. */
const mostComparisons = 10_000

export type ModelRating = Counts & {
  model: string
  /** Points of the Elo scale; the mean of the models in the same component is 1000. */
  rating: number
  /** The 95 % interval, in points. */
  lower: number
  upper: number
  /** Within its component: 1 + the number of models that are better, see `rate`. Equal ranks are common. */
  rank: number
  provisional: boolean
  /** Index in `components`. Ratings of different components do not compare. */
  component: number
  /** Never lost nor drew, in a component of two or more. */
  undefeated: boolean
  /** In its component the likelihood has a maximum; otherwise only a prior keeps the rating finite. */
  maximumExists: boolean
}

/** Two models of the same component; `a` is the one with the higher rating. */
export type PairRating = HeadToHead & {
  a: string
  b: string
  /** The probability that a is better than b, Φ(difference/se), in 0…1. */
  aBetter: number
  /** Rating of a less rating of b, with its 95 % interval, in points. */
  difference: number
  lower: number
  upper: number
  /** The 95 % interval of the difference leaves 0 out. */
  settled: boolean
  /**
   * About how many more comparisons between these two would settle it; 0: none, null: too close to tell. An estimate: it
   * takes today's difference for the true one and tomorrow's comparisons to be like today's.
   */
  moreComparisons: number | null
}

export type Ratings = {
  votes: number
  comparisons: number
  /** Known voters. */
  voters: number
  /** By component, then by rating, best first. */
  models: ModelRating[]
  /** By component, then in the order of the models. */
  pairs: PairRating[]
  /** Groups of models that met, largest first; each by rating, best first. */
  components: string[][]
  /** Pull of the first position; null without a decided vote on two answers. */
  position: (Rate & { first: number; second: number }) | null
}

export type Sources = {
  names: readonly string[]
  meetings: readonly Meetings[]
  ballots: readonly BallotTally[]
  position: PositionTally
  /** How many are known. */
  voters: number
}

/** Rates each group with `strengths` and adds all that can be said beside. `rank` says what makes a rank. */
export function ratingsOf(
  { names, meetings, ballots, position, voters }: Sources,
  strengths: (group: readonly number[]) => Strengths,
  rank: 'by interval' | 'by difference',
): Ratings {
  const counts = countsByModel(ballots)
  const results = headToHead(ballots)
  const groups = components(names.length, meetings).map((group, component) => {
    const fitted = strengths(group)
    const settling = settlingOf(group, ballots, names)
    const { hasMaximum: known, undefeated } = outcomeOf(group, meetings)
    const unbeaten = new Set(undefeated)
    const places = group
      .map((number, at) => ({ number, at, name: names[number] ?? '', points: pointsOf(fitted.theta[at]) }))
      .sort(byPoints)
    const pairs = places.flatMap((a, index) =>
      places.slice(index + 1).map(b => ({ ...results(a.name, b.name), ...pairOf(a, b, fitted, settling) })),
    )
    const models = places.flatMap(({ number, at, name, points }): ModelRating[] => {
      const own = counts.get(name)
      if (!own) return []
      const reach = group.length === 1 ? z95 * priorPoints : reachOf(fitted.covariances, at)
      const enough = own.votes >= settledVotes && own.comparisons >= settledComparisons
      return [
        {
          model: name,
          rating: points,
          lower: points - reach,
          upper: points + reach,
          rank: 1,
          ...own,
          provisional: !known || !enough,
          component,
          undefeated: unbeaten.has(number),
          maximumExists: known,
        },
      ]
    })
    return { models: ranked(models, pairs, rank), pairs }
  })
  return {
    votes: votesIn(ballots),
    comparisons: sizeOf(ballots),
    voters,
    models: groups.flatMap(({ models }) => models),
    pairs: groups.flatMap(({ pairs }) => pairs),
    components: groups.map(({ models }) => models.map(({ model }) => model)),
    position: positionBias(position),
  }
}

type Place = { at: number; name: string; points: number }

/** Of one group: how many votes a comparison brings. */
type Settling = { votesPerComparison: number }

function pairOf(
  a: Place,
  b: Place,
  { theta, covariances }: Strengths,
  settling: Settling,
): Omit<PairRating, keyof HeadToHead> {
  const difference = a.points - b.points
  const logits = difference / pointsPerLogit
  const found = largest(covariances, matrix => varianceOfDifference(matrix, a.at, b.at))
  const reach = z95 * Math.sqrt(found) * pointsPerLogit
  const settled = difference > reach
  const designEffect = found / varianceOfDifference(covariances.naive, a.at, b.at)
  const [chance = 0] = chances({ models: [a.at, b.at], styles: null }, theta, theta.length)
  const perComparison = (settling.votesPerComparison * chance * (1 - chance)) / designEffect
  return {
    a: a.name,
    b: b.name,
    aBetter: found > 0 ? normalBelow(logits / Math.sqrt(found)) : logits > 0 ? 1 : 0.5,
    difference,
    lower: difference - reach,
    upper: difference + reach,
    settled,
    moreComparisons: settled ? 0 : moreComparisons(logits, found, perComparison),
  }
}

/**
 * m comparisons between a and b add m·i to the precision of their difference (Sherman–Morrison: exact for information
 * along a − b), i the information one brings: votes × p(1 − p), divided by how much wider than naive the evidence
 * made the interval. Solved for the precision at which the 95 % interval leaves 0 out.
 */
function moreComparisons(difference: number, found: number, perComparison: number): number | null {
  if (difference === 0 || !(perComparison > 0)) return null
  const missing = (z95 / difference) ** 2 - 1 / found
  const more = Math.max(1, Math.ceil(missing / perComparison))
  return more > mostComparisons ? null : more
}

function settlingOf(group: readonly number[], ballots: readonly BallotTally[], names: readonly string[]): Settling {
  const own = new Set(group.map(number => names[number]))
  const mine = ballots.filter(({ models }) => own.has(models[0]))
  return { votesPerComparison: votesIn(mine) / Math.max(1, sizeOf(mine)) }
}

function ranked(
  models: readonly ModelRating[],
  pairs: readonly PairRating[],
  rank: 'by interval' | 'by difference',
): ModelRating[] {
  return models.map(own => {
    const better =
      rank === 'by interval'
        ? models.filter(other => other.lower > own.upper)
        : pairs.filter(pair => pair.b === own.model && pair.settled)
    return { ...own, rank: 1 + better.length }
  })
}

function reachOf(covariances: Covariances, at: number): number {
  return z95 * Math.sqrt(largest(covariances, matrix => variance(matrix, at))) * pointsPerLogit
}
