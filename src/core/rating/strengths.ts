/** From grouped votes to strengths: one fit per group of models that met. */
import { type Ballots, type ChoiceModel, type Credited, mostLikely } from './choice.ts'
import {
  type Covariances,
  clusteredVotes,
  independentVotes,
  type ScoredCluster,
  votersForClustering,
} from './evidence.ts'
import { hasMaximum, type Meetings } from './graph.ts'
import { type Cluster, compare } from './votes.ts'

/** LMArena's arithmetic, or ours for few votes by people who know each other. */
export type RatingMode = 'team' | 'arena'

/** Points of the Elo scale per logit. */
export const pointsPerLogit = 400 / Math.LN10

/** Team mode's prior: mean-centred ratings are normal with this standard deviation, in points. */
export const priorPoints = 200

/** The prior's precision in 1/logit²: (173.72/200)² = 0.7544. */
export const priorPrecision = (pointsPerLogit / priorPoints) ** 2

/** Votes by the numbers of their models, in an order that does not depend on the order of the votes. */
export type Indexed = {
  names: readonly string[]
  meetings: readonly (Meetings & Credited)[]
  comparisons: readonly ScoredCluster[]
  voters: readonly ScoredCluster[]
}

/** Strengths of the models of one group, in the group's order: θ in logits with mean 0, and how sure they are. */
export type Strengths = { theta: Float64Array; covariances: Covariances }

/** Models by name, ascending; every ballot once, whatever the order of its labels. */
export function indexed(comparisons: readonly Cluster[], voters: readonly Cluster[]): Indexed {
  const names = [...new Set(comparisons.flatMap(({ votes }) => votes.flatMap(({ models }) => models)))].sort(compare)
  const numbers = new Map(names.map((name, number) => [name, number]))
  const ballots = new Map<string, Ballots>()
  const totals = new Map<Ballots, { wins: number[]; draws: number }>()

  /** A cluster's votes by ballot, each ballot's models ascending. */
  const sorted = ({ votes }: Cluster): Map<Ballots, { wins: number[]; draws: number }> => {
    const rows = new Map<Ballots, { wins: number[]; draws: number }>()
    for (const row of votes) {
      const order = row.models
        .map((name, at) => ({ number: numbers.get(name) ?? 0, wins: row.wins[at] ?? 0 }))
        .sort((a, b) => a.number - b.number)
      const key = order.map(({ number }) => number).join()
      const ballot = ballots.get(key) ?? { models: order.map(({ number }) => number), styles: null }
      ballots.set(key, ballot)
      addTo(rows, ballot, { wins: order.map(({ wins }) => wins), draws: row.ties + row.bothBad }, 1)
    }
    return rows
  }

  const scored = (clusters: readonly Cluster[], count: boolean): ScoredCluster[] => {
    const alike = new Map<string, { times: number; votes: Credited[] }>()
    for (const cluster of clusters) {
      const rows = [...sorted(cluster)].sort(([a], [b]) => compareNumbers(a.models, b.models))
      if (count) for (const [ballot, row] of rows) addTo(totals, ballot, row, cluster.times)
      const key = rows.map(([{ models }, { wins, draws }]) => `${models.join()}:${wins.join()}:${draws}`).join(';')
      const known = alike.get(key)
      if (known) known.times += cluster.times
      else alike.set(key, { times: cluster.times, votes: rows.map(([ballot, row]) => credited(ballot, row)) })
    }
    return [...alike].sort(([a], [b]) => compare(a, b)).map(([, cluster]) => cluster)
  }

  const byComparison = scored(comparisons, true)
  const byVoter = scored(voters, false)
  const meetings = [...totals]
    .map(([ballot, row]) => ({ ...row, ...credited(ballot, row), models: ballot.models }))
    .sort((a, b) => compareNumbers(a.models, b.models))
  return { names, meetings, comparisons: byComparison, voters: byVoter }
}

/**
 * The strengths of one group of models that met. Arena mode has no prior, so where the maximum does not exist it has no
 * answer: such a group is rated as in team mode.
 */
export function strengthsOf(all: Indexed, group: readonly number[], mode: RatingMode): Strengths {
  const part = groupOf(all, group)
  const byMaximum = mode === 'arena' && hasMaximum(group, all.meetings)
  const model: ChoiceModel = {
    rated: group.length,
    size: group.length,
    choices: part.meetings,
    penalty: new Float64Array(group.length).fill(byMaximum ? 0 : priorPrecision),
  }
  const theta = mostLikely(model)
  if (byMaximum) {
    const { naive, candidates } = independentVotes(model, theta, part.single)
    // Where every vote is a draw the fit leaves no residual and the sandwich would call that certainty.
    return { theta, covariances: { naive, candidates: part.decided ? candidates : [naive] } }
  }
  const enough = part.voters.reduce((sum, { times }) => sum + times, 0) >= votersForClustering
  const covariances = clusteredVotes(model, theta, enough ? [part.comparisons, part.voters] : [part.comparisons])
  return { theta, covariances }
}

/** The votes among one group, its models renumbered from 0. */
function groupOf(all: Indexed, group: readonly number[]) {
  const places = new Map(group.map((number, place) => [number, place]))
  const moved = new Map<Ballots, Ballots>()
  for (const { ballots } of all.meetings) {
    if (!places.has(ballots.models[0] ?? -1)) continue
    moved.set(ballots, { models: ballots.models.map(number => places.get(number) ?? 0), styles: null })
  }
  const within = (votes: readonly Credited[]): Credited[] =>
    votes.flatMap(row => {
      const ballots = moved.get(row.ballots)
      return ballots === undefined ? [] : [{ ...row, ballots }]
    })
  const clusters = (scored: readonly ScoredCluster[]): ScoredCluster[] =>
    scored.map(({ times, votes }) => ({ times, votes: within(votes) })).filter(({ votes }) => votes.length > 0)
  const mine = all.meetings.filter(({ ballots }) => moved.has(ballots))
  return {
    meetings: within(mine),
    decided: mine.some(({ wins }) => wins.some(count => count > 0)),
    single: mine.flatMap(({ ballots, wins, draws }) => within(singleOutcomes(ballots, wins, draws))),
    comparisons: clusters(all.comparisons),
    voters: clusters(all.voters),
  }
}

/** Votes on one ballot by what was chosen: all that sandwiches over single votes need to know. */
function singleOutcomes(ballots: Ballots, wins: readonly number[], draws: number): Credited[] {
  const none = wins.map(() => 0)
  const outcomes = wins.map((count, winner) => ({
    ballots,
    credit: none.with(winner, count),
    votes: count,
  }))
  return [...outcomes, credited(ballots, { wins: none, draws })].filter(({ votes }) => votes > 0)
}

function credited(ballots: Ballots, { wins, draws }: { wins: readonly number[]; draws: number }): Credited {
  return {
    ballots,
    credit: wins.map(count => count + draws / wins.length),
    votes: wins.reduce((sum, count) => sum + count, draws),
  }
}

function addTo(
  rows: Map<Ballots, { wins: number[]; draws: number }>,
  ballot: Ballots,
  { wins, draws }: { wins: readonly number[]; draws: number },
  times: number,
): void {
  const known = rows.get(ballot) ?? { wins: wins.map(() => 0), draws: 0 }
  rows.set(ballot, {
    wins: known.wins.map((count, at) => count + times * (wins[at] ?? 0)),
    draws: known.draws + times * draws,
  })
}

function compareNumbers(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((number, place) => number !== b[place])
  return at < 0 ? a.length - b.length : (a[at] ?? 0) - (b[at] ?? -1)
}
