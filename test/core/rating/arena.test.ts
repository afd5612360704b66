import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { rate, tallyOf } from '../../../src/core/rating/index.ts'
import { fiveBallots, votesFrom } from './votes.ts'

const data = join(import.meta.dirname, '../../../../shared/data')
const given = existsSync(data)

describe('arena mode', () => {
  test.skipIf(!given)('matches the reference on 2,997 real votes (skipped where ../shared is not beside us)', () => {
    const expected = JSON.parse(readFileSync(join(data, 'pandalm_human.expected.json'), 'utf8'))
    const votes = readFileSync(join(data, 'pandalm_human.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map(line => JSON.parse(line))
      .map(({ model_a, model_b, winner, judge, question_id }) => ({
        models: [model_a, model_b],
        choice: winner === 'tie' ? ('tie' as const) : { winner: winner === 'model_a' ? model_a : model_b },
        comparison: String(question_id),
        voter: judge,
      }))

    const rated = rate(tallyOf(votes), 'arena')

    expect(rated.votes).toBe(2997)
    expect(rated.models.map(({ model }) => model).sort()).toEqual(Object.keys(expected.arena_mode).sort())
    for (const { model, rating, lower, upper, rank } of rated.models) {
      const { [model]: right } = expected.arena_mode
      expect(Math.abs(rating - right.rating), `rating of ${model}`).toBeLessThan(expected.tolerance.rating)
      expect(Math.abs(lower - right.lower), `lower end of ${model}`).toBeLessThan(expected.tolerance.interval_end)
      expect(Math.abs(upper - right.upper), `upper end of ${model}`).toBeLessThan(expected.tolerance.interval_end)
      expect(rank, `rank of ${model}`).toBe(expected.rank_ub[model])
    }
  })

  test('matches the optimum and the sandwich that numpy found for ballots of two, three and four', () => {
    const rated = rate(fiveBallots, 'arena')

    expectRatings(rated.models, {
      m0: [1106.8874908035782, 80.69485568045431],
      m1: [999.1001170871131, 76.55784901681149],
      m2: [1042.3474731447382, 70.65666470327584],
      m3: [851.6649189645707, 131.15024865541167],
    })
  })

  test('takes votes on the same answers for independent', () => {
    const votes = votesFrom('ab:a ab:a ab:b ab:tie')
    const together = rate(tallyOf(votes.map(vote => ({ ...vote, comparison: 'one' }))), 'arena')
    const apart = rate(tallyOf(votes), 'arena')
    expect(together.models.map(({ rating, upper }) => [rating, upper])).toEqual(
      apart.models.map(({ rating, upper }) => [rating, upper]),
    )
  })

  test('ranks by 1 + the models whose interval lies above', () => {
    const { models } = rate(fiveBallots, 'arena')
    for (const own of models) {
      expect(own.rank).toBe(1 + models.filter(other => other.lower > own.upper).length)
    }
  })
})

describe('team mode', () => {
  test('matches the optimum and the larger of two covariances that numpy found', () => {
    const rated = rate(fiveBallots, 'team')

    expectRatings(rated.models, {
      m0: [1096.0730297514199, 83.30114162416216],
      m1: [992.4850854422521, 80.3209545657214],
      m2: [1037.7565264843154, 74.18713699591841],
      m3: [873.6853583220112, 127.94158968075331],
    })
    const pair = rated.pairs.find(({ a, b }) => a === 'm0' && b === 'm1')
    expect((pair?.upper ?? 0) - (pair?.difference ?? 0)).toBeCloseTo(111.36218884612553, 6)
  })

  test('widens the interval when the votes on the same answers agree', () => {
    const votes = Array.from({ length: 30 }, (_, comparison) =>
      votesFrom(comparison % 3 === 0 ? 'ab:b ab:b ab:b ab:b' : 'ab:a ab:a ab:a ab:a').map(vote => ({
        ...vote,
        comparison: `c${comparison}`,
      })),
    ).flat()
    const width = (rated: ReturnType<typeof rate>) => (rated.pairs[0]?.upper ?? 0) - (rated.pairs[0]?.lower ?? 0)

    const together = width(rate(tallyOf(votes), 'team'))
    const apart = width(rate(tallyOf(votes.map(vote => ({ ...vote, comparison: null }))), 'team'))

    // Four votes that always agree are worth one: twice the standard error, but for the prior.
    expect(together / apart).toBeGreaterThan(1.7)
    expect(together / apart).toBeLessThan(2.1)
  })

  test('widens it too when each of 20 voters always votes alike, and not when they are 19', () => {
    const votes = (voters: number) =>
      Array.from({ length: 10 * voters }, (_, index) => {
        const voter = index % voters
        return {
          models: ['a', 'b'],
          choice: { winner: voter % 3 === 0 ? 'b' : 'a' },
          comparison: null,
          voter: `v${voter}`,
        }
      })
    const growth = (voters: number) => {
      const known = rate(tallyOf(votes(voters)), 'team').pairs[0]
      const unknown = rate(tallyOf(votes(voters).map(vote => ({ ...vote, voter: null }))), 'team').pairs[0]
      return ((known?.upper ?? 0) - (known?.lower ?? 0)) / ((unknown?.upper ?? 0) - (unknown?.lower ?? 0))
    }
    expect(growth(20)).toBeGreaterThan(1.5)
    expect(growth(19)).toBe(1)
  })
})

function expectRatings(
  models: ReturnType<typeof rate>['models'],
  right: Record<string, readonly [rating: number, reach: number]>,
): void {
  expect(models).toHaveLength(Object.keys(right).length)
  for (const { model, rating, lower, upper } of models) {
    const [middle = 0, reach = 0] = right[model] ?? []
    expect(rating, model).toBeCloseTo(middle, 6)
    expect(upper, model).toBeCloseTo(middle + reach, 5)
    expect(lower, model).toBeCloseTo(middle - reach, 5)
  }
}
