import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  rate,
  rateStyled,
  type StyledVotes,
  styleFeatures,
  styleOf,
  tallyOf,
  type Vote,
} from '../../../src/core/rating/index.ts'

type Row = [a: number, b: number, styles: [number[], number[]], winner: 'a' | 'b' | 'tie']

const fixture: { ratings: number[]; effects: number[]; votes: Row[] } = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../fixtures/rating/style-votes.json'), 'utf8'),
)

describe('style of an answer', () => {
  test('counts headers, list items and bold text outside of fenced code', () => {
    const answer = [
      '# Title',
      '#no header',
      '- one',
      '  * two',
      '+ three',
      '10. ten',
      'some **bold** and __bold too__, **not\nthis**',
      '```md',
      '# code',
      '- code **code**',
      '```',
      '###### deep',
    ].join('\n')
    expect(styleOf(answer)).toMatchObject({ headers: 2, listItems: 4, bold: 2 })
  })

  test('counts words, numbers, signs and single Han characters as tokens, code included', () => {
    expect(styleOf('Two words, 12345!').tokens).toBe(6)
    expect(styleOf('我是 Qwen。').tokens).toBe(4)
    expect(styleOf('```\nx\n```').tokens).toBe(3)
    expect(styleOf('')).toEqual({ tokens: 0, headers: 0, listItems: 0, bold: 0 })
  })
})

describe('ratings with style held equal', () => {
  const votes = fixture.votes.map(
    ([a, b, styles, winner]): StyledVotes => ({
      models: [`m${a}`, `m${b}`],
      wins: [winner === 'a' ? 1 : 0, winner === 'b' ? 1 : 0],
      ties: winner === 'tie' ? 1 : 0,
      bothBad: 0,
      styles: styles.map(([tokens = 0, headers = 0, listItems = 0, bold = 0]) => ({
        tokens,
        headers,
        listItems,
        bold,
      })),
    }),
  )

  test('match the minimum of FastChat’s loss that scipy found', () => {
    const { models, effects } = rateStyled(votes, 0)
    for (const { model, rating } of models) {
      expect(rating).toBeCloseTo(fixture.ratings[Number(model.slice(1))] ?? Number.NaN, 3)
    }
    styleFeatures.forEach((feature, index) => {
      expect(effects[feature]?.effect).toBeCloseTo(fixture.effects[index] ?? Number.NaN, 5)
    })
  })

  test('take a lead for length away from the model that has it by length alone', () => {
    const style = (tokens: number) => ({ tokens, headers: 0, listItems: 0, bold: 0 })
    // Whoever writes the longer answer wins, most of the time; a mostly does.
    const long = Array.from({ length: 120 }, (_, index): StyledVotes => {
      const aIsLong = index % 4 !== 0
      const longWins = index % 5 !== 0
      const aWins = aIsLong === longWins
      const [a, b] = [
        { model: 'a', won: aWins ? 1 : 0, style: style(aIsLong ? 500 : 100) },
        { model: 'b', won: aWins ? 0 : 1, style: style(aIsLong ? 100 : 500) },
      ]
      const labels = index < 60 ? [a, b] : [b, a]
      return {
        models: labels.map(({ model }) => model),
        wins: labels.map(({ won }) => won),
        ties: 0,
        bothBad: 0,
        styles: labels.map(answer => answer.style),
      }
    })
    const { pairs, effects } = rateStyled(long, 0)
    expect(rate(tallyOf(long.flatMap(singleVotes)), 'team').pairs[0]).toMatchObject({ a: 'a', settled: true })
    expect(pairs[0]?.settled).toBe(false)
    expect(Math.abs(pairs[0]?.difference ?? 0)).toBeLessThan(40)
    expect(effects.tokens?.lower).toBeGreaterThan(0)
    expect(effects.headers).toEqual({ effect: 0, lower: expect.any(Number), upper: expect.any(Number) })
  })

  test('are finite for ballots of three, one vote, and none', () => {
    const style = { tokens: 3, headers: 1, listItems: 0, bold: 2 }
    const three = { models: ['a', 'b', 'c'], wins: [1, 0, 0], ties: 0, bothBad: 0, styles: [style, style, style] }
    expect(rateStyled([three], 0).models.every(({ upper }) => Number.isFinite(upper))).toBe(true)
    expect(rateStyled([], 0)).toMatchObject({ votes: 0, models: [], effects: {} })
  })
})

function singleVotes({ models, wins }: StyledVotes): Vote[] {
  const winner = models[wins.indexOf(1)] ?? ''
  return [{ models, choice: { winner }, comparison: null, voter: null }]
}
