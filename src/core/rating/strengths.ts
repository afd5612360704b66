/** From grouped votes to strengths: one fit per group of models that met. */
import { type Ballots, type ChoiceModel, type Credited, chances, mostLikely } from './choice.ts'
import {
  type Covariances,
  clusteredVotes,
  independentVotes,
  type Scatter,
  type ScoredBallot,
  scatterOfBallots,
  votersForClustering,
} from './evidence.ts'
import { components, type Meetings, outcomeOf } from './graph.ts'
import { Matrix } from './linear.ts'
import { type BallotTally, creditProducts, sortedModels, type VoterVotes, votesOn } from './moments.ts'
import { compare } from './votes.ts'

/** LMArena's arithmetic, or ours for few votes by people who know each other. */
export type RatingMode = 'team' | 'arena'

/** Points of the Elo scale per logit. */
export const pointsPerLogit = 400 / Math.LN10

/** Team mode's prior: mean-centred ratings are normal with this standard deviation, in points. */
export const priorPoints = 200

/** The prior's precision in 1/logit²: (173.72/200)² = 0.7544. */
export const priorPrecision = (pointsPerLogit / priorPoints) ** 2

/** Votes on ballots of one kind, by the numbers of their models. */
export type Meeting = Meetings & Credited & ScoredBallot

/** Votes by the numbers of their models, in an order that does not depend on the order of the votes. */
export type Indexed = {
  names: readonly string[]
  meetings: readonly Meeting[]
  voters: VoterVotes
  numbers: ReadonlyMap<string, number>
}

/** Strengths of the models of one group, in the group's order: θ in logits with mean 0, and how sure they are. */
export type Strengths = { theta: Float64Array; covariances: Covariances }

/** Models by name, ascending; every ballot once, whatever the order of its labels. */
export function indexed(ballots: readonly BallotTally[], voters: VoterVotes): Indexed {
  const names = sortedModels(ballots)
  const numbers = new Map(names.map((name, number) => [name, number]))
  const ballotOf = ballotFinder(numbers)
  const kinds = new Map<Ballots, { wins: number[]; draws: number; comparisons: number; products: number[][] }>()
  for (const tally of ballots) {
    const { ballots: kind, places } = ballotOf(tally.models)
    const known = kinds.get(kind) ?? {
      wins: places.map(() => 0),
      draws: 0,
      comparisons: 0,
      products: places.map(() => places.map(() => 0)),
    }
    kinds.set(kind, known)
    const { wins, ties, bothBad } = votesOn(tally)
    const products = creditProducts(tally)
    known.wins = known.wins.map((count, at) => count + (wins[places[at] ?? 0] ?? 0))
    known.draws += ties + bothBad
    known.comparisons += tally.comparisons
    known.products = known.products.map((row, i) =>
      row.map((product, j) => product + (products[places[i] ?? 0]?.[places[j] ?? 0] ?? 0)),
    )
  }
  const meetings = [...kinds]
    .map(([kind, row]) => ({ ...row, ...credited(kind, row), models: kind.models }))
    .sort((a, b) => compareNumbers(a.models, b.models))
  return { names, meetings, voters, numbers }
}

type Found = { ballots: Ballots; places: readonly number[] }

/** The ballot that holds these models, and in the order of its models their places in the list given. */
function ballotFinder(numbers: ReadonlyMap<string, number>): (models: readonly string[]) => Found {
  const byNumbers = new Map<string, Ballots>()
  // Rows of one origin mostly share their list of models, and lists are compared faster than their contents.
  const byList = new Map<readonly string[], Found>()
  return models => {
    const known = byList.get(models)
    if (known) return known
    const order = models.map((name, place) => ({ number: numbers.get(name) ?? 0, place }))
    order.sort((a, b) => a.number - b.number)
    const sorted = order.map(({ number }) => number)
    const ballots = byNumbers.get(sorted.join()) ?? { models: sorted, styles: null }
    byNumbers.set(sorted.join(), ballots)
    const found = { ballots, places: order.map(({ place }) => place) }
    byList.set(models, found)
    return found
  }
}

/** The strengths of one group of models that met, and how sure they are. */
export function strengthsOf(all: Indexed, group: readonly number[], mode: RatingMode): Strengths {
  const { model, meetings, theta, byMaximum } = fitOf(all, group, mode)
  if (byMaximum) {
    const { naive, candidates } = independentVotes(model, theta, meetings)
    // Where every vote is a draw the fit leaves no residual and the sandwich would call that certainty.
    const decided = meetings.some(({ wins }) => wins.some(count => count > 0))
    return { theta, covariances: { naive, candidates: decided ? candidates : [naive] } }
  }
  const byComparison = scatterOfBallots(model, theta, meetings)
  const byVoter = scatterOfVoters(model, theta, all, group)
  const enough = byVoter.clusters >= votersForClustering
  return { theta, covariances: clusteredVotes(model, theta, enough ? [byComparison, byVoter] : [byComparison]) }
}

/** The models in the order of their ratings, group by group: what takes the fit alone. */
export function orderOf(all: Indexed, mode: RatingMode): string[] {
  return components(all.names.length, all.meetings).flatMap(group => {
    const { theta } = fitOf(all, group, mode)
    return group
      .map((number, at) => ({ name: all.names[number] ?? '', points: pointsOf(theta[at]) }))
      .sort(byPoints)
      .map(({ name }) => name)
  })
}

/** Points on the Elo scale. */
export function pointsOf(theta: number | undefined): number {
  return 1000 + (theta ?? 0) * pointsPerLogit
}

/** Best first. */
export function byPoints(a: { name: string; points: number }, b: { name: string; points: number }): number {
  return b.points - a.points || compare(a.name, b.name)
}

/**
 * Arena mode has no prior, so where the maximum does not exist it has no answer: such a group is rated as in team mode.
 */
function fitOf(all: Indexed, group: readonly number[], mode: RatingMode) {
  const meetings = group.length === all.names.length ? all.meetings : renumbered(all, group)
  const byMaximum = mode === 'arena' && outcomeOf(group, all.meetings).hasMaximum
  const model: ChoiceModel = {
    rated: group.length,
    size: group.length,
    choices: meetings,
    penalty: new Float64Array(group.length).fill(byMaximum ? 0 : priorPrecision),
  }
  return { model, meetings, theta: mostLikely(model), byMaximum }
}

/**
 * Σ s·sᵀ over the voters who voted within the group, s a voter's credits less what the fit expects of their ballots. There
 * may be a million entries: nothing is made for an entry.
 */
function scatterOfVoters(
  model: ChoiceModel,
  theta: Float64Array,
  { voters, numbers }: Indexed,
  group: readonly number[],
): Scatter {
  const { size } = model
  const places = new Map(group.map((number, place) => [number, place]))
  const rowOf = Int32Array.from(voters.names, name => places.get(numbers.get(name) ?? -1) ?? -1)
  // By kind of ballot: where its rows and chances begin. A kind outside the group has none.
  const starts: number[] = [0]
  const rows: number[] = []
  const chance: number[] = []
  for (const models of voters.ballots) {
    const found = models.map(name => rowOf[name] ?? -1)
    if (!found.includes(-1)) {
      rows.push(...found)
      chance.push(...chances({ models: found, styles: null }, theta, model.rated))
    }
    starts.push(rows.length)
  }
  const expected = { starts: Int32Array.from(starts), rows: Int32Array.from(rows), chance: Float64Array.from(chance) }
  const sums = new Float64Array(size * size)
  const score = new Float64Array(size)
  let clusters = 0
  for (let voter = 0; voter < voters.times.length; voter++) {
    if (!addCredits(score, voters, voter, rowOf)) continue
    lessExpected(score, voters, voter, expected)
    const alike = voters.times[voter] ?? 0
    clusters += alike
    for (let row = 0; row < size; row++) {
      const weight = alike * (score[row] ?? 0)
      if (weight === 0) continue
      for (let column = row; column < size; column++) {
        const place = row * size + column
        sums[place] = (sums[place] ?? 0) + weight * (score[column] ?? 0)
      }
    }
    score.fill(0)
  }
  const squares = new Matrix(size)
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      squares.set(row, column, sums[Math.min(row, column) * size + Math.max(row, column)] ?? 0)
    }
  }
  return { clusters, squares }
}

/** False when the voter never voted on the models that have a row. */
function addCredits(
  score: Float64Array,
  { creditEnds, creditModels, credits }: VoterVotes,
  voter: number,
  rowOf: Int32Array,
): boolean {
  let voted = false
  const end = creditEnds[voter] ?? 0
  for (let at = creditEnds[voter - 1] ?? 0; at < end; at++) {
    const row = rowOf[creditModels[at] ?? 0] ?? -1
    if (row < 0) continue
    voted = true
    score[row] = (score[row] ?? 0) + (credits[at] ?? 0)
  }
  return voted
}

function lessExpected(
  score: Float64Array,
  { ends, kinds, cast }: VoterVotes,
  voter: number,
  { starts, rows, chance }: { starts: Int32Array; rows: Int32Array; chance: Float64Array },
): void {
  const end = ends[voter] ?? 0
  for (let entry = ends[voter - 1] ?? 0; entry < end; entry++) {
    const kind = kinds[entry] ?? 0
    const votes = cast[entry] ?? 0
    const last = starts[kind + 1] ?? 0
    for (let at = starts[kind] ?? 0; at < last; at++) {
      const row = rows[at] ?? 0
      score[row] = (score[row] ?? 0) - votes * (chance[at] ?? 0)
    }
  }
}

function renumbered(all: Indexed, group: readonly number[]): Meeting[] {
  const places = new Map(group.map((number, place) => [number, place]))
  return all.meetings.flatMap(meeting => {
    const models = meeting.ballots.models.map(number => places.get(number) ?? -1)
    return models.includes(-1) ? [] : [{ ...meeting, ballots: { models, styles: null } }]
  })
}

function credited(ballots: Ballots, { wins, draws }: { wins: readonly number[]; draws: number }): Credited {
  return {
    ballots,
    credit: wins.map(count => count + draws / wins.length),
    votes: wins.reduce((sum, count) => sum + count, draws),
  }
}

function compareNumbers(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((number, place) => number !== b[place])
  return at < 0 ? a.length - b.length : (a[at] ?? 0) - (b[at] ?? -1)
}
