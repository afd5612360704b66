/**
 * The one likelihood behind every rating: of the models on a ballot, how probable was the one that was chosen?
 *
 *     P(i | S) = e^uᵢ / Σ_S e^u,   uᵢ = θᵢ + β·xᵢ
 *
 * which is Bradley–Terry for two models (Luce 1959, McFadden 1974). θ is a model's strength in logits, x the style of
 * its answer (absent unless style is controlled). A vote that names nobody shares its credit among all on the ballot:
 * for two models that is the half win of LMArena. A ballot of four is one vote of four, not three of two: the ratings
 * would be the same, the standard errors a third too small.
 *
 * Parameters stand in one vector: θ by model, then β by feature.
 */
import { cholesky, Matrix, solve } from './linear.ts'

/** Ballots with the same models, and the same styles where those count. */
export type Ballots = {
  /** Rows of the models in the parameter vector. */
  models: readonly number[]
  /** Features of each model's answer, in the same order; null: style does not count. */
  styles: readonly (readonly number[])[] | null
}

/** Votes on one kind of ballot: `credit` by model (a vote's credits sum to 1), and how many votes. */
export type Credited = { ballots: Ballots; credit: readonly number[]; votes: number }

export type ChoiceModel = {
  /** How many models are rated. */
  rated: number
  /** Length of the parameter vector. */
  size: number
  choices: readonly Credited[]
  /** The precision of a normal prior around 0 for each parameter, in 1/logit²; all zeros: plain maximum likelihood. */
  penalty: Float64Array
}

/** At some parameters: the log-likelihood less the penalty, its gradient, and its negative second derivative. */
export type Derivatives = { value: number; gradient: Float64Array; information: Matrix }

const mostSteps = 200
/** In logits: a change of a rating by 2·10⁻⁸ points. */
const smallestStep = 1e-10

/** The chance of each model on the ballot. */
export function chances({ models, styles }: Ballots, parameters: Float64Array, rated: number): number[] {
  const chance: number[] = []
  let highest = Number.NEGATIVE_INFINITY
  for (let at = 0; at < models.length; at++) {
    let utility = parameters[models[at] ?? 0] ?? 0
    styles?.[at]?.forEach((feature, index) => {
      utility += feature * (parameters[rated + index] ?? 0)
    })
    chance.push(utility)
    highest = Math.max(highest, utility)
  }
  let total = 0
  for (let at = 0; at < chance.length; at++) {
    const weight = Math.exp((chance[at] ?? 0) - highest)
    chance[at] = weight
    total += weight
  }
  for (let at = 0; at < chance.length; at++) chance[at] = (chance[at] ?? 0) / total
  return chance
}

/** Adds Σ (credit − votes·P)·∂u to `score`. */
export function addScore(
  score: Float64Array,
  { ballots: { models, styles }, credit, votes }: Credited,
  chance: readonly number[],
  rated: number,
): void {
  for (let at = 0; at < models.length; at++) {
    const model = models[at] ?? 0
    const residual = (credit[at] ?? 0) - votes * (chance[at] ?? 0)
    score[model] = (score[model] ?? 0) + residual
    styles?.[at]?.forEach((feature, index) => {
      score[rated + index] = (score[rated + index] ?? 0) + residual * feature
    })
  }
}

export function derivatives(model: ChoiceModel, parameters: Float64Array): Derivatives {
  const gradient = new Float64Array(model.size)
  const information = new Matrix(model.size)
  let value = 0
  for (const credited of model.choices) {
    const chance = chances(credited.ballots, parameters, model.rated)
    value += logLikelihood(credited, chance)
    addScore(gradient, credited, chance, model.rated)
    addInformation(information, credited, chance, model.rated)
  }
  model.penalty.forEach((precision, row) => {
    const parameter = parameters[row] ?? 0
    value -= (precision * parameter ** 2) / 2
    gradient[row] = (gradient[row] ?? 0) - precision * parameter
    information.add(row, row, precision)
  })
  return { value, gradient, information }
}

/**
 * The parameters that maximise the penalised likelihood, by Newton's method with halved steps, from 0. Without a penalty
 * the maximum must exist (see `graph.ts`), and the θ sum to 0.
 */
export function mostLikely(model: ChoiceModel): Float64Array {
  let parameters = new Float64Array(model.size)
  let here = derivatives(model, parameters)
  for (let step = 0; step < mostSteps; step++) {
    const lower = cholesky(pinned(here.information, model))
    if (lower === null) return parameters
    const direction = solve(lower, here.gradient)
    let length = 1
    let next = moved(parameters, direction, length)
    let there = derivatives(model, next)
    // Rounding alone may lower the value close to the top, hence the slack.
    while (there.value < here.value - 1e-12 * Math.abs(here.value) && length > 1e-9) {
      length /= 2
      next = moved(parameters, direction, length)
      there = derivatives(model, next)
    }
    parameters = next
    here = there
    if (Math.max(...direction.map(Math.abs)) * length < smallestStep) return parameters
  }
  return parameters
}

/**
 * Without a prior the likelihood knows differences only, and its information matrix has no inverse. A ridge along
 * "all θ up by the same" gives it one and leaves every difference as it is: scores have no part in that direction.
 */
export function pinned(information: Matrix, model: ChoiceModel): Matrix {
  const { rated } = model
  if (rated === 0 || (model.penalty[0] ?? 0) > 0) return information
  const pinnedDown = information.copy()
  let trace = 0
  for (let row = 0; row < rated; row++) trace += information.at(row, row)
  for (let row = 0; row < rated; row++) {
    for (let column = 0; column < rated; column++) pinnedDown.add(row, column, trace / rated ** 2)
  }
  return pinnedDown
}

function logLikelihood({ credit }: Credited, chance: readonly number[]): number {
  let sum = 0
  for (let at = 0; at < credit.length; at++) {
    const share = credit[at] ?? 0
    if (share !== 0) sum += share * Math.log(chance[at] ?? 1)
  }
  return sum
}

/** votes · Σᵢ Pᵢ (∂uᵢ − ∂ū)(∂uᵢ − ∂ū)ᵀ: diag(P) − PPᵀ in the models' rows. */
function addInformation(
  information: Matrix,
  { ballots: { models, styles }, votes }: Credited,
  chance: readonly number[],
  rated: number,
): void {
  for (let i = 0; i < models.length; i++) {
    for (let j = 0; j < models.length; j++) {
      const [row, column] = [models[i] ?? 0, models[j] ?? 0]
      const weight = votes * (chance[i] ?? 0) * ((i === j ? 1 : 0) - (chance[j] ?? 0))
      information.add(row, column, weight)
      const [left, right] = [styles?.[i], styles?.[j]]
      if (!left || !right) continue
      right.forEach((feature, index) => {
        information.add(row, rated + index, weight * feature)
        information.add(rated + index, row, weight * feature)
        left.forEach((other, at) => {
          information.add(rated + at, rated + index, weight * other * feature)
        })
      })
    }
  }
}

function moved(from: Float64Array, direction: Float64Array, length: number): Float64Array<ArrayBuffer> {
  return Float64Array.from(from, (value, row) => value + length * (direction[row] ?? 0))
}
