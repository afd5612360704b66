import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { derivatives, mostLikely } from '../../../src/core/rating/choice.ts'
import { type RatedTallies, type RatingMode, rate, tallyOf, type Vote } from '../../../src/core/rating/index.ts'

const modes: readonly RatingMode[] = ['team', 'arena']

const vote: fc.Arbitrary<Vote> = fc
  .record({
    models: fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { minLength: 2, maxLength: 4 }),
    place: fc.nat(5),
    comparison: fc.option(fc.constantFrom('q1', 'q2', 'q3', 'q4', 'q5', 'q6')),
    voter: fc.option(fc.constantFrom('Ada', 'Ben', 'Cem')),
  })
  .map(({ models, place, comparison, voter }) => {
    const winner = models[place]
    return { models, comparison, voter, choice: winner ? { winner } : place === 4 ? 'tie' : 'both_bad' }
  })
const votes = fc.array(vote, { maxLength: 60 })

describe.each(modes)('laws of %s mode', mode => {
  test('the same votes give the same bytes', () => {
    fc.assert(
      fc.property(votes, given => {
        expect(JSON.stringify(rate(tallyOf(given), mode))).toBe(JSON.stringify(rate(tallyOf(given), mode)))
      }),
      { seed: 1, numRuns: 50 },
    )
  })

  test('the order of votes does not matter', () => {
    fc.assert(
      fc.property(
        votes.chain(given => fc.tuple(fc.constant(given), fc.shuffledSubarray(given, { minLength: given.length }))),
        ([given, shuffled]) => {
          expectSame(rate(tallyOf(shuffled), mode), rate(tallyOf(given), mode))
        },
      ),
      { seed: 2, numRuns: 100 },
    )
  })

  test('nor what the models are called', () => {
    const other: Record<string, string> = { a: 'z9', b: 'y', c: 'x/ä', d: 'wé', e: 'v' }
    const renamed = (name: string) => other[name] ?? name
    fc.assert(
      fc.property(votes, given => {
        const changed = given.map(({ models, choice, ...rest }) => ({
          ...rest,
          models: models.map(renamed),
          choice: typeof choice === 'string' ? choice : { winner: renamed(choice.winner) },
        }))
        const before = byModel(rate(tallyOf(given), mode))
        const after = byModel(rate(tallyOf(changed), mode))
        for (const [model, rating] of before) expectClose(after.get(renamed(model)), rating)
      }),
      { seed: 3, numRuns: 100 },
    )
  })

  test('the mean of each component is 1000', () => {
    fc.assert(
      fc.property(votes, given => {
        const { models, components } = rate(tallyOf(given), mode)
        components.forEach((names, component) => {
          const own = models.filter(model => model.component === component)
          const mean = own.reduce((sum, { rating }) => sum + rating, 0) / names.length
          expect(mean).toBeCloseTo(1000, 6)
        })
      }),
      { seed: 4, numRuns: 100 },
    )
  })

  test('a pair says of its difference what its models say of their ratings, and one half at a tie', () => {
    fc.assert(
      fc.property(votes, given => {
        const { models, pairs } = rate(tallyOf(given), mode)
        const ratings = new Map(models.map(({ model, rating }) => [model, rating]))
        for (const { a, b, difference, lower, upper, aBetter, settled } of pairs) {
          expect(difference).toBeCloseTo((ratings.get(a) ?? 0) - (ratings.get(b) ?? 0), 8)
          expect(difference).toBeGreaterThanOrEqual(0)
          expect(difference - lower).toBeCloseTo(upper - difference, 8)
          expect(aBetter).toBeGreaterThanOrEqual(0.5)
          expect(settled).toBe(aBetter > 0.975 && lower > 0)
        }
      }),
      { seed: 5, numRuns: 100 },
    )
  })

  test('a ballot of two is the same to the choice likelihood and to Bradley–Terry', () => {
    const { pairs } = rate(
      {
        comparisons: [{ times: 1, votes: [{ models: ['x', 'y'], wins: [14, 5], ties: 3, bothBad: 2 }] }],
        voters: { known: 0, busiest: null, clusters: [] },
      },
      'arena',
    )
    expect(pairs[0]?.difference).toBeCloseTo((400 / Math.LN10) * Math.log(16.5 / 7.5), 8)
    // (y − p)² summed over wins, losses and draws, through H = 24·p(1 − p).
    const p = 16.5 / 24
    const meat = 14 * (1 - p) ** 2 + 5 * p ** 2 + 5 * (0.5 - p) ** 2
    const se = Math.sqrt(meat) / (24 * p * (1 - p))
    expect((pairs[0]?.upper ?? 0) - (pairs[0]?.difference ?? 0)).toBeCloseTo(1.959964 * se * (400 / Math.LN10), 6)
  })
})

test('in arena mode four times the votes halve the interval and leave the ratings', () => {
  fc.assert(
    fc.property(votes, given => {
      const once = byModel(rate(tallyOf(given), 'arena'))
      const tallies = tallyOf(given)
      const often = rate(
        { ...tallies, comparisons: tallies.comparisons.map(({ times, votes }) => ({ times: 4 * times, votes })) },
        'arena',
      )
      for (const { model, rating, upper, maximumExists } of often.models) {
        const before = once.get(model)
        if (!maximumExists || !before) continue
        expectClose([rating], [before[0] ?? 0])
        expectClose([upper - rating], [((before[2] ?? 0) - (before[0] ?? 0)) / 2])
      }
    }),
    { seed: 6, numRuns: 100 },
  )
})

test('grouped tallies hold every vote, once by comparison and once by voter', () => {
  fc.assert(
    fc.property(votes, given => {
      const { comparisons, voters } = tallyOf(given)
      const count = (clusters: typeof comparisons) =>
        clusters.reduce(
          (sum, { times, votes: rows }) =>
            sum +
            times * rows.reduce((all, row) => all + row.ties + row.bothBad + row.wins.reduce((a, b) => a + b, 0), 0),
          0,
        )
      expect(count(comparisons)).toBe(given.length)
      expect(count(voters.clusters)).toBe(given.filter(({ voter }) => voter !== null).length)
    }),
    { seed: 7, numRuns: 100 },
  )
})

describe('the likelihood', () => {
  const finite = (min: number, max: number) => fc.double({ min, max, noNaN: true })
  const model = fc.record({
    theta: fc.array(finite(-3, 3), { minLength: 6, maxLength: 6 }),
    credit: fc.array(fc.array(finite(0, 9), { minLength: 3, maxLength: 3 }), { minLength: 3, maxLength: 3 }),
    styles: fc.array(fc.array(finite(-2, 2), { minLength: 2, maxLength: 2 }), { minLength: 3, maxLength: 3 }),
  })
  const made = ({ credit, styles }: { credit: number[][]; styles: number[][] }) => ({
    rated: 4,
    size: 6,
    penalty: Float64Array.of(0.7, 0.7, 0.7, 0.7, 0.5, 0.5),
    choices: [
      [0, 1, 2],
      [1, 2, 3],
      [3, 0, 1],
    ].map((models, at) => {
      const own = credit[at] ?? []
      return {
        ballots: { models, styles: at === 1 ? null : styles },
        credit: own,
        votes: own.reduce((a, b) => a + b, 0),
      }
    }),
  })

  test('has the gradient and the curvature that differences of its values show', () => {
    fc.assert(
      fc.property(model, given => {
        const choiceModel = made(given)
        const at = (theta: number[]) => derivatives(choiceModel, Float64Array.from(theta))
        const step = 1e-5
        const { gradient, information } = at(given.theta)
        for (let row = 0; row < 6; row++) {
          const up = at(given.theta.with(row, (given.theta[row] ?? 0) + step))
          const down = at(given.theta.with(row, (given.theta[row] ?? 0) - step))
          expect((up.value - down.value) / (2 * step)).toBeCloseTo(gradient[row] ?? Number.NaN, 4)
          for (let column = 0; column < 6; column++) {
            const slope = ((up.gradient[column] ?? 0) - (down.gradient[column] ?? 0)) / (2 * step)
            expect(slope).toBeCloseTo(-information.at(row, column), 4)
          }
        }
      }),
      { seed: 8, numRuns: 50 },
    )
  })

  test('is at its top where Newton stops', () => {
    fc.assert(
      fc.property(model, given => {
        const choiceModel = made(given)
        const top = mostLikely(choiceModel)
        expect(Math.max(...derivatives(choiceModel, top).gradient.map(Math.abs))).toBeLessThan(1e-7)
      }),
      { seed: 9, numRuns: 50 },
    )
  })
})

function byModel({ models }: RatedTallies): Map<string, number[]> {
  return new Map(models.map(({ model, rating, lower, upper }) => [model, [rating, lower, upper]]))
}

function expectSame(left: RatedTallies, right: RatedTallies): void {
  const after = byModel(left)
  expect([...after.keys()].sort()).toEqual([...byModel(right).keys()].sort())
  for (const [model, rating] of byModel(right)) expectClose(after.get(model), rating)
  expect(left.components.map(names => [...names].sort())).toEqual(right.components.map(names => [...names].sort()))
  expect(left.busiest?.voter).toBe(right.busiest?.voter)
}

/** To a millionth of a point. */
function expectClose(found: readonly number[] | undefined, right: readonly number[]): void {
  right.forEach((value, at) => {
    expect(Math.abs((found?.[at] ?? Number.NaN) - value)).toBeLessThan(1e-6 * Math.max(1, Math.abs(value) / 1e3))
  })
}
