/**
 * Team mode on simulated teams, where the truth is known: true strengths are drawn, votes follow from them, and votes on
 * the same answers agree (residual correlation 0.33, as on MT-bench's human votes).
 */
import { beforeAll, describe, expect, test } from 'vitest'
import { type RatingMode, rate, tallyOf, type Vote } from '../../../src/core/rating/index.ts'
import { seeded } from './votes.ts'

type Condition = { models: number; votes: number; perComparison: number; spread: number; ballot: number }

const conditions: readonly Condition[] = [2, 4, 8].flatMap(models =>
  [10, 30, 100, 500].flatMap(votes =>
    [1, 4].flatMap(perComparison =>
      [100, 200].map(spread => ({
        models,
        votes,
        perComparison,
        spread,
        ballot: models === 8 && spread === 100 ? 3 : 2,
      })),
    ),
  ),
)
const agreement = 0.33

describe('team mode over 48 kinds of team', () => {
  let outcomes: ({ condition: Condition } & ReturnType<typeof simulated>)[] = []
  beforeAll(() => {
    outcomes = conditions.map((condition, index) => ({ condition, ...simulated(condition, 1000 + index, 'team') }))
  }, 180_000)

  test('the 95 % interval holds the truth in at least 90 % of cases, in every one of them', () => {
    const low = outcomes.filter(({ coverage }) => coverage < 0.9)
    expect(low.map(({ condition, coverage }) => ({ ...condition, coverage }))).toEqual([])
  })

  test('fewer than 2 % of pairs are called settled the wrong way round, in every one of them', () => {
    const high = outcomes.filter(({ wrong }) => wrong >= 0.02)
    expect(high.map(({ condition, wrong }) => ({ ...condition, wrong }))).toEqual([])
  })

  test('it does not get there by saying nothing', () => {
    const rich = outcomes.filter(({ condition }) => condition.votes === 500 && condition.models === 2)
    for (const { claimed } of rich) expect(claimed).toBeGreaterThan(0.4)
  })

  test('the same seed gives the same bytes', () => {
    const [condition] = conditions
    expect(condition).toBeDefined()
    if (!condition) return
    const bytes = () => JSON.stringify(rate(tallyOf(arena(condition, seeded(7)).votes), 'team'))
    expect(bytes()).toBe(bytes())
  })
})

test('arena mode covers less where four people vote on the same answers: that is why there are two modes', () => {
  const condition = { models: 4, votes: 500, perComparison: 4, spread: 100, ballot: 2 }
  expect(simulated(condition, 5, 'arena').coverage).toBeLessThan(0.88)
  expect(simulated(condition, 5, 'team').coverage).toBeGreaterThan(0.9)
})

/** Shares: of ratings whose interval held the truth, of pairs called settled, and of pairs called so wrongly. */
function simulated(condition: Condition, seed: number, mode: RatingMode) {
  const random = seeded(seed)
  let [held, ratings, claimed, wrong, pairs] = [0, 0, 0, 0, 0]
  const arenas = condition.votes < 500 ? 400 : 150
  for (let run = 0; run < arenas; run++) {
    const { votes, truth } = arena(condition, random)
    const rated = rate(tallyOf(votes), mode)
    for (const component of rated.components) {
      // Ratings count from the mean of their component, so the truth has to.
      const mean = component.reduce((sum, model) => sum + (truth.get(model) ?? 0), 0) / component.length
      for (const { model, lower, upper } of rated.models.filter(({ model }) => component.includes(model))) {
        const right = 1000 + (truth.get(model) ?? 0) - mean
        ratings++
        if (lower <= right && right <= upper) held++
      }
    }
    for (const { a, b, settled } of rated.pairs) {
      pairs++
      if (!settled) continue
      claimed++
      if ((truth.get(a) ?? 0) <= (truth.get(b) ?? 0)) wrong++
    }
  }
  return { coverage: held / ratings, claimed: claimed / pairs, wrong: wrong / pairs }
}

/** One team's votes, and the true strengths in points. */
function arena({ models, votes, perComparison, spread, ballot }: Condition, random: () => number) {
  const names = Array.from({ length: models }, (_, index) => `m${index}`)
  const truth = new Map(names.map(name => [name, spread * normal(random)]))
  const cast: Vote[] = []
  for (let comparison = 0; cast.length < votes; comparison++) {
    const shown = [...names].map(name => ({ name, place: random() })).sort((a, b) => a.place - b.place)
    const contestants = shown.slice(0, ballot).map(({ name }) => name)
    // A vote follows the comparison's common draw with chance √ρ: two votes both do with chance ρ, their correlation.
    const common = choice(contestants, truth, random)
    for (let voter = 0; voter < perComparison && cast.length < votes; voter++) {
      const winner = random() < Math.sqrt(agreement) ? common : choice(contestants, truth, random)
      cast.push({ models: contestants, choice: { winner }, comparison: `c${comparison}`, voter: `v${voter}` })
    }
  }
  return { votes: cast, truth }
}

function choice(contestants: readonly string[], truth: ReadonlyMap<string, number>, random: () => number): string {
  const weights = contestants.map(name => 10 ** ((truth.get(name) ?? 0) / 400))
  let left = random() * weights.reduce((sum, weight) => sum + weight, 0)
  const place = weights.findIndex(weight => {
    left -= weight
    return left < 0
  })
  return contestants.at(place) ?? ''
}

/** Box–Muller. */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}
