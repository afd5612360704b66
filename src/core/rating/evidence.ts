/** How sure a fit is: covariances of its parameters that stay right when votes depend on each other. */
import { addScore, type Ballots, type ChoiceModel, type Credited, chances, derivatives, pinned } from './choice.ts'
import { cholesky, inverse, Matrix } from './linear.ts'

/** `times` clusters of votes with the same summed score. */
export type ScoredCluster = { times: number; votes: readonly Credited[] }

/** Comparisons of one kind: how many, and Σ k·kᵀ over them, k the credit of each model of the ballot. */
export type ScoredBallot = { ballots: Ballots; comparisons: number; products: readonly (readonly number[])[] }

/** Σ s·sᵀ over so many clusters, s the summed score of a cluster's votes. */
export type Scatter = { clusters: number; squares: Matrix }

/**
 * Several defensible covariances of the same parameters, in logits². Whoever asks for a variance gets the largest;
 * `naive` is the one that takes every vote as independent.
 */
export type Covariances = { naive: Matrix; candidates: readonly Matrix[] }

/** From this many voters on, a sum over voters says something about how much voters differ. */
export const votersForClustering = 20

/** Votes on one kind of ballot by what was chosen: for each model, and for none. */
export type Chosen = { ballots: Ballots; wins: readonly number[]; draws: number }

/**
 * Arena mode: V = H⁺BH⁺ with H = Σ n·(diag P − PPᵀ) and B = Σ s·sᵀ over single votes, s = credit − P. As arena-rank
 * (lmarena/arena-rank, 3900eae6) computes it for pairs: B = Σ (y − p)²·xxᵀ.
 */
export function independentVotes(model: ChoiceModel, parameters: Float64Array, votes: readonly Chosen[]): Covariances {
  const { information } = derivatives(model, parameters)
  const lower = cholesky(pinned(information, model))
  if (lower === null) return { naive: new Matrix(model.size), candidates: [] }
  const pseudoInverse = centred(inverse(lower), model.rated)
  const meat = scatterOfVotes(model, parameters, votes)
  return { naive: pseudoInverse, candidates: [pseudoInverse.times(meat).times(pseudoInverse)] }
}

/**
 * Team mode. With A = H + Λ (Λ the prior's precision), C the centring of the ratings and s a cluster's summed score:
 *
 *     V_L = C·A⁻¹·C                                      the posterior's, right when votes are independent
 *     V_R = C·A⁻¹·(G/(G−1)·Σ s·sᵀ + Λ)·A⁻¹·C             right when the votes of a cluster depend on each other
 *
 * V_R is computed over comparisons and, from 20 voters on, over voters. With few clusters V_R is itself uncertain and
 * often too small, with many V_L is: the larger of them kept 91 to 100 % coverage in simulation (test/core/rating).
 */
export function clusteredVotes(
  model: ChoiceModel,
  parameters: Float64Array,
  scatters: readonly Scatter[],
): Covariances {
  const { information } = derivatives(model, parameters)
  const lower = cholesky(information)
  if (lower === null) return { naive: new Matrix(model.size), candidates: [] }
  const bread = inverse(lower)
  const naive = centred(bread, model.rated)
  const robust = scatters.flatMap(({ clusters, squares }) => {
    if (clusters < 2) return []
    const scaled = new Matrix(model.size)
    for (let row = 0; row < model.size; row++) {
      for (let column = 0; column < model.size; column++) {
        scaled.set(row, column, (clusters / (clusters - 1)) * squares.at(row, column))
      }
      scaled.add(row, row, model.penalty[row] ?? 0)
    }
    return [centred(bread.times(scaled).times(bread), model.rated)]
  })
  return { naive, candidates: [naive, ...robust] }
}

/** The variance of one parameter, in logits². */
export function variance(matrix: Matrix, row: number): number {
  return Math.max(0, matrix.at(row, row))
}

/** The variance of the difference of two parameters, their covariance included. */
export function varianceOfDifference(matrix: Matrix, a: number, b: number): number {
  return Math.max(0, matrix.at(a, a) + matrix.at(b, b) - matrix.at(a, b) - matrix.at(b, a))
}

export function largest({ candidates }: Covariances, varianceIn: (matrix: Matrix) => number): number {
  return candidates.reduce((most, matrix) => Math.max(most, varianceIn(matrix)), 0)
}

/** Cluster by cluster: for votes whose clusters hold ballots of several kinds, or of several styles. */
export function scatterOf(model: ChoiceModel, parameters: Float64Array, clusters: readonly ScoredCluster[]): Scatter {
  const squares = new Matrix(model.size)
  const score = new Float64Array(model.size)
  const touched = new Set<number>()
  let count = 0
  for (const { times, votes } of clusters) {
    count += times
    for (const credited of votes) {
      addScore(score, credited, chances(credited.ballots, parameters, model.rated), model.rated)
      for (const row of credited.ballots.models) touched.add(row)
      if (credited.ballots.styles) for (let row = model.rated; row < model.size; row++) touched.add(row)
    }
    const rows = [...touched]
    for (const row of rows) {
      const weight = times * (score[row] ?? 0)
      for (const column of rows) squares.add(row, column, weight * (score[column] ?? 0))
    }
    for (const row of rows) score[row] = 0
    touched.clear()
  }
  return { clusters: count, squares }
}

/** Σ s·sᵀ over single votes; those that chose alike are one product. */
function scatterOfVotes(model: ChoiceModel, parameters: Float64Array, votes: readonly Chosen[]): Matrix {
  const squares = new Matrix(model.size)
  for (const { ballots, wins, draws } of votes) {
    const { models } = ballots
    const chance = chances(ballots, parameters, model.rated)
    // The last outcome: nobody was chosen.
    for (let outcome = 0; outcome <= models.length; outcome++) {
      const times = outcome < models.length ? (wins[outcome] ?? 0) : draws
      if (times === 0) continue
      const scoreOf = (at: number) =>
        (outcome < models.length ? Number(at === outcome) : 1 / models.length) - (chance[at] ?? 0)
      for (let i = 0; i < models.length; i++) {
        const weight = times * scoreOf(i)
        for (let j = 0; j < models.length; j++) squares.add(models[i] ?? 0, models[j] ?? 0, weight * scoreOf(j))
      }
    }
  }
  return squares
}

/**
 * All comparisons of a kind at once. A comparison of n votes with credits k has the score s = k − n·P, and n = Σ k, so
 *
 *     Σ s·sᵀ = E − r·Pᵀ − P·rᵀ + (Σ r)·P·Pᵀ   with E = Σ k·kᵀ and r = E·1
 */
export function scatterOfBallots(
  model: ChoiceModel,
  parameters: Float64Array,
  kinds: readonly ScoredBallot[],
): Scatter {
  const squares = new Matrix(model.size)
  let count = 0
  for (const { ballots, comparisons, products } of kinds) {
    count += comparisons
    const chance = chances(ballots, parameters, model.rated)
    const rows = products.map(row => row.reduce((sum, product) => sum + product, 0))
    const whole = rows.reduce((sum, row) => sum + row, 0)
    const { models } = ballots
    for (let i = 0; i < models.length; i++) {
      const [pi, ri] = [chance[i] ?? 0, rows[i] ?? 0]
      for (let j = 0; j < models.length; j++) {
        const [pj, rj] = [chance[j] ?? 0, rows[j] ?? 0]
        const square = (products[i]?.[j] ?? 0) - ri * pj - rj * pi + whole * pi * pj
        squares.add(models[i] ?? 0, models[j] ?? 0, square)
      }
    }
  }
  return { clusters: count, squares }
}

/** C·M·C, C = I − 11ᵀ/K on the K rows of the ratings: ratings are measured from their mean. */
function centred(matrix: Matrix, rated: number): Matrix {
  const result = matrix.copy()
  for (const along of ['rows', 'columns'] as const) {
    for (let line = 0; line < matrix.size; line++) {
      let mean = 0
      for (let at = 0; at < rated; at++) {
        mean += (along === 'rows' ? result.at(line, at) : result.at(at, line)) / rated
      }
      for (let at = 0; at < rated; at++) {
        if (along === 'rows') result.add(line, at, -mean)
        else result.add(at, line, -mean)
      }
    }
  }
  return result
}
