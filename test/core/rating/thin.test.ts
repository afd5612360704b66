import { describe, expect, test } from 'vitest'
import { type RatingMode, rate, tallyOf, verdictOf } from '../../../src/core/rating/index.ts'
import { locales, textFor, verdictSentence } from '../../../src/core/text/index.ts'
import { votesFrom } from './votes.ts'

const modes: readonly RatingMode[] = ['team', 'arena']

describe.each(modes)('thin evidence in %s mode', mode => {
  const rated = (words: string) => rate(tallyOf(words === '' ? [] : votesFrom(words)), mode)

  test.each([
    ['no votes', '', 'no_votes'],
    ['one model', 'a:a a:tie', 'one_model'],
    ['all ties', 'ab:tie bc:tie abc:bad', 'all_drawn'],
    ['an undefeated model', 'ab:a ab:a bc:b bc:c', 'undefeated'],
    ['a model that never won', 'ab:a ab:b bc:b', 'one_sided'],
    ['islands', 'ab:a ab:b cd:c cd:d', 'islands'],
    ['one vote', 'ab:b', 'undefeated'],
    ['an even match', 'ab:a ab:b', 'open'],
  ] as const)('%s: everything is finite and a sentence says what it means', (_, words, kind) => {
    const result = rated(words)

    expect(numbersIn(result).every(Number.isFinite)).toBe(true)
    expect(verdictOf(result).kind).toBe(kind)
    for (const locale of locales) {
      const sentence = verdictSentence(verdictOf(result), textFor(locale))
      expect(sentence).toMatch(/^[\p{Lu}a-z].{20,}\.$/u)
      expect(sentence).not.toMatch(/undefined|NaN|Infinity|null/)
    }
  })

  test('a model alone has the mean, give or take the prior', () => {
    expect(rated('a:a').models).toMatchObject([{ rating: 1000, rank: 1, provisional: true, winRate: null }])
    expect(rated('a:a').models[0]?.upper).toBeCloseTo(1000 + 1.959964 * 200)
  })

  test('equal results give equal ratings and one rank', () => {
    const { models, pairs } = rated('ab:tie bc:tie ca:tie')
    expect(models).toMatchObject([
      { model: 'a', rating: 1000, rank: 1 },
      { model: 'b', rating: 1000, rank: 1 },
      { model: 'c', rating: 1000, rank: 1 },
    ])
    expect(pairs.map(({ aBetter, moreComparisons }) => [aBetter, moreComparisons])).toEqual([
      [0.5, null],
      [0.5, null],
      [0.5, null],
    ])
    expect(models[0]?.upper).toBeGreaterThan(1050)
  })

  test('an undefeated model leads by no more than the prior allows, and is named', () => {
    const { models } = rated('ab:a ab:a ab:a ab:a bc:b bc:c')
    expect(models[0]).toMatchObject({ model: 'a', undefeated: true, maximumExists: false, provisional: true })
    expect(models[0]?.rating).toBeLessThan(1300)
  })

  test('models that never met are in different components, and in no pair', () => {
    const { components, pairs, models } = rated('ab:a ab:b xyz:x xyz:y xyz:z')
    expect(components).toEqual([
      ['x', 'y', 'z'],
      ['a', 'b'],
    ])
    expect(pairs.map(({ a, b }) => a + b)).toEqual(['xy', 'xz', 'yz', 'ab'])
    expect(models.map(({ rank }) => rank)).toEqual([1, 1, 1, 1, 1])
    expect(models.map(({ component }) => component)).toEqual([0, 0, 0, 1, 1])
  })

  test('a model is provisional until it has 30 votes in 10 comparisons and has both won and lost', () => {
    const votes = (n: number, comparisons: number) =>
      Array.from({ length: n }, (_, index) => ({
        models: ['a', 'b'],
        choice: { winner: index % 2 === 0 ? 'a' : 'b' },
        comparison: `c${index % comparisons}`,
        voter: null,
      }))
    const provisional = (given: ReturnType<typeof votes>) => rate(tallyOf(given), mode).models[0]?.provisional
    expect(provisional(votes(30, 10))).toBe(false)
    expect(provisional(votes(29, 10))).toBe(true)
    expect(provisional(votes(30, 9))).toBe(true)
    expect(provisional(votes(30, 10).map(vote => ({ ...vote, choice: { winner: 'a' } })))).toBe(true)
  })
})

test('a circle of defeats has a maximum, however long', () => {
  const { models } = rate(tallyOf(votesFrom('ab:a bc:b cd:c da:d')), 'arena')
  expect(models.every(({ maximumExists }) => maximumExists)).toBe(true)
})

test('a lopsided group with one upset in a million converges', () => {
  const upset = {
    comparisons: [{ times: 1, votes: [{ models: ['a', 'b'], wins: [999_999, 1], ties: 0, bothBad: 0 }] }],
    voters: { known: 0, busiest: null, clusters: [] },
  }
  const { pairs } = rate(upset, 'arena')
  expect(pairs[0]?.difference).toBeCloseTo((400 / Math.LN10) * Math.log(999_999), 6)
})

function numbersIn(value: unknown): number[] {
  if (typeof value === 'number') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersIn) : []
}
