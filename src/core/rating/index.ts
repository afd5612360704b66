/**
 * Ratings: Bradley–Terry strengths on the Elo scale with honest intervals. Pure and deterministic: no random numbers,
 * and the order of votes changes at most a last digit.
 *
 *     votes ─▶ votes.ts      grouped: equal votes, and clusters that fell alike, counted together
 *           ─▶ moments.ts    counted together to the second power: what a database keeps
 *           ─▶ strengths.ts  by group of models that met (graph.ts): one fit (choice.ts) and how sure it is (evidence.ts)
 *           ─▶ ratings.ts    points, intervals, ranks, "is A better than B?", what would settle it
 *           ─▶ verdict.ts    the one sentence under it
 *
 * `style.ts` is the same with length and formatting held equal.
 */
import { type BallotTally, inARow, type KeptTallies, momentsOf, votesOn } from './moments.ts'
import { type Ratings, ratingsOf } from './ratings.ts'
import { indexed, orderOf, type RatingMode, strengthsOf } from './strengths.ts'
import { lessVotes, votesIn } from './tables.ts'
import { countOf, type Tallies } from './votes.ts'

export { votersForClustering } from './evidence.ts'
export { type BallotTally, inARow, type KeptTallies, momentsOf, positionOf } from './moments.ts'
export { normalBelow, type Rate, wilson } from './normal.ts'
export { type ModelRating, type PairRating, type Ratings, settledComparisons, settledVotes } from './ratings.ts'
export type { RatingMode } from './strengths.ts'
export { rateStyled, type Style, type StyledRatings, type StyledVotes, styleFeatures, styleOf } from './style.ts'
export { headToHead } from './tables.ts'
export { type Verdict, verdictOf } from './verdict.ts'
export { type Cluster, countOf, type Tallies, tallyOf, type Vote, type Votes } from './votes.ts'

/** How much one person shapes the result. */
export type Influence = {
  voter: string
  votes: number
  /** Of all votes, in 0…1. */
  share: number
  /** The models in the order they would have without this voter; those only this voter met are missing. */
  orderWithout: string[]
  /** That order differs from the one with this voter. */
  changesOrder: boolean
}

export type RatedTallies = Ratings & { mode: RatingMode; busiest: Influence | null }

/**
 * Rates grouped votes. Points: 1000 + θ·400/ln 10, the mean of each component at 1000; intervals at 95 %.
 *
 * - `team`: normal prior of sd 200 points, intervals that allow for votes on the same answers, and from 20 voters on for
 *   one voter's votes, being alike. A rank is 1 + the models whose difference to this one has an interval above 0.
 * - `arena`: LMArena's numbers: no prior, votes count as independent, a rank is 1 + the models whose interval lies above
 *   this one's. A component without a maximum (`maximumExists`) has no such numbers and is rated as in team mode.
 *
 * Every number is finite for any votes. A model that met nobody has 1000 points, give or take the prior.
 */
export function rate(tallies: Tallies, mode: RatingMode): RatedTallies {
  return rateKept(momentsOf(tallies), mode)
}

/** The same from tallies as they are kept. */
export function rateKept({ ballots, position, voters }: KeptTallies, mode: RatingMode): RatedTallies {
  const votes = indexed(ballots, mode === 'team' ? voters.votes : inARow([]))
  const ratings = ratingsOf(
    { ...votes, ballots, position, voters: voters.known },
    group => strengthsOf(votes, group, mode),
    mode === 'arena' ? 'by interval' : 'by difference',
  )
  return { mode, ...ratings, busiest: influence(ballots, voters.busiest, ratings, mode) }
}

function influence(
  ballots: readonly BallotTally[],
  busiest: Tallies['voters']['busiest'],
  ratings: Ratings,
  mode: RatingMode,
): Influence | null {
  if (busiest === null) return null
  const { voter, votes } = busiest
  // The order needs strengths alone, and those do not depend on how votes are clustered.
  const rest = momentsOf({
    comparisons: lessVotes(ballots.map(votesOn), votes).map(row => ({ times: 1, votes: [row] })),
    voters: { known: 0, busiest: null, clusters: [] },
  })
  const without = orderOf(indexed(rest.ballots, rest.voters.votes), mode)
  const own = votes.reduce((sum, row) => sum + countOf(row), 0)
  const left = new Set(without)
  const order = ratings.models.map(({ model }) => model).filter(model => left.has(model))
  return {
    voter,
    votes: own,
    share: own / Math.max(1, votesIn(ballots)),
    orderWithout: without,
    changesOrder: order.some((model, at) => model !== without[at]),
  }
}
