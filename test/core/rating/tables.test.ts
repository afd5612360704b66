import { describe, expect, test } from 'vitest'
import { headToHead, momentsOf, normalBelow, rate, tallyOf, wilson } from '../../../src/core/rating/index.ts'
import { votesFrom } from './votes.ts'

describe('Wilson’s interval', () => {
  test.each([
    // From scipy's binomtest(…).proportion_ci(method='wilson').
    [0, 10, 0, 0.27753279986288926],
    [5, 10, 0.236593090512564, 0.7634069094874361],
    [10, 10, 0.7224672001371109, 1],
    [81, 263, 0.2552885198782742, 0.36620957698280004],
  ])('of %i in %i', (hits, trials, lower, upper) => {
    const rate = wilson(hits, trials)
    expect(rate.lower).toBeCloseTo(lower, 5)
    expect(rate.upper).toBeCloseTo(upper, 5)
  })

  test('says nothing about nothing', () => {
    expect(wilson(0, 0)).toEqual({ rate: 0.5, lower: 0, upper: 1 })
  })
})

test.each([
  [-6, 9.865876450376946e-10],
  [-3.5, 0.00023262907903552502],
  [-3, 0.0013498980316300933],
  [-1.2, 0.11506967022170822],
  [0, 0.5],
  [0.3, 0.6179114221889526],
  [2.9999, 0.998649658717045],
  [5, 0.9999997133484281],
  [Number.POSITIVE_INFINITY, 1],
])('Φ(%d)', (x, below) => {
  expect(Math.abs(normalBelow(x) / below - 1)).toBeLessThan(1e-13)
})

describe('rates of a model', () => {
  test('count a draw as its share of a win, and both-bad by itself', () => {
    const { models } = rate(tallyOf(votesFrom('ab:a ab:tie ab:bad abc:c abc:tie abc:bad')), 'team')
    const a = models.find(({ model }) => model === 'a')
    expect(a).toMatchObject({ votes: 6, wins: 1, ties: 2, bothBad: 2 })
    expect(a?.winRate?.rate).toBeCloseTo((1 + 2 / 2 + 2 / 3) / 6)
    expect(a?.bothBadRate).toEqual(wilson(2, 6))
  })
})

test('head to head counts the ballots that held both, from either side', () => {
  const results = headToHead(momentsOf(tallyOf(votesFrom('ab:a ba:b ab:tie abc:c abc:a abc:bad'))).ballots)
  expect(results('a', 'b')).toEqual({ wins: 2, losses: 1, draws: 2 })
  expect(results('b', 'a')).toEqual({ wins: 1, losses: 2, draws: 2 })
  expect(results('a', 'nobody')).toEqual({ wins: 0, losses: 0, draws: 0 })
})

describe('position', () => {
  test('is the share of the first among decided votes on two answers', () => {
    const { position } = rate(tallyOf(votesFrom('ab:a ab:a ba:b ab:b ab:tie abc:c')), 'team')
    expect(position).toMatchObject({ rate: 0.75, first: 3, second: 1 })
  })

  test('is unknown without such votes', () => {
    expect(rate(tallyOf(votesFrom('ab:tie abc:a')), 'team').position).toBeNull()
  })

  test('is less certain where votes on the same answers agree', () => {
    const votes = Array.from({ length: 40 }, (_, index) => ({
      models: ['a', 'b'],
      choice: { winner: index % 8 < 4 ? 'a' : 'b' },
      comparison: `c${Math.floor(index / 4)}`,
      voter: null,
    }))
    const together = rate(tallyOf(votes), 'team').position
    const apart = rate(tallyOf(votes.map(vote => ({ ...vote, comparison: null }))), 'team').position
    const width = (of: typeof together) => (of?.upper ?? 0) - (of?.lower ?? 0)
    expect(together?.rate).toBe(0.5)
    expect(width(together) / width(apart)).toBeGreaterThan(1.6)
  })
})

describe('the busiest voter', () => {
  test('is named with their share and the order there would be without them', () => {
    const by = (voter: string, words: string) => votesFrom(words).map(vote => ({ ...vote, voter }))
    const { models, busiest } = rate(
      tallyOf([...by('Ada', 'ab:a ab:a ab:a ab:a ab:b'), ...by('Ben', 'ab:b ab:b'), ...by('Cem', 'ab:b ab:a')]),
      'team',
    )
    expect(models.map(({ model }) => model)).toEqual(['a', 'b'])
    expect(busiest).toEqual({ voter: 'Ada', votes: 5, share: 5 / 9, orderWithout: ['b', 'a'], changesOrder: true })
  })

  test('leaves out of that order the models nobody else met', () => {
    const votes = [...votesFrom('cd:c ab:a ab:a').map(vote => ({ ...vote, voter: 'Ada' })), ...votesFrom('ab:a')]
    expect(rate(tallyOf(votes), 'team').busiest).toMatchObject({ orderWithout: ['a', 'b'], changesOrder: false })
  })

  test('is unknown when no voter is', () => {
    expect(rate(tallyOf(votesFrom('ab:a')), 'team').busiest).toBeNull()
  })
})

describe('what would settle a pair', () => {
  const votes = (a: number, b: number) => ({
    comparisons: [
      { times: a, votes: [{ models: ['a', 'b'], wins: [1, 0], ties: 0, bothBad: 0 }] },
      { times: b, votes: [{ models: ['a', 'b'], wins: [0, 1], ties: 0, bothBad: 0 }] },
    ],
    voters: { known: 0, busiest: null, clusters: [] },
  })

  test('nothing more when its interval leaves 0 out', () => {
    expect(rate(votes(40, 10), 'team').pairs[0]).toMatchObject({ settled: true, moreComparisons: 0 })
  })

  test('about as many comparisons as bring the interval there, if they are like the ones before', () => {
    const [pair] = rate(votes(30, 20), 'arena').pairs
    const more = pair?.moreComparisons ?? 0
    const factor = (50 + more) / 50
    expect(rate(votes(30 * factor, 20 * factor), 'arena').pairs[0]?.settled).toBe(true)
    expect(rate(votes(30 * 0.97 * factor, 20 * 0.97 * factor), 'arena').pairs[0]?.settled).toBe(false)
  })

  test('too many to say when the difference is next to nothing', () => {
    expect(rate(votes(500, 499), 'team').pairs[0]).toMatchObject({ settled: false, moreComparisons: null })
  })
})
