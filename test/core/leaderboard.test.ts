import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { claimResultsOf } from '../../src/core/claims.ts'
import { leaderboardModes, periods, ratingHistoryOf, sinceOf } from '../../src/core/leaderboard.ts'
import {
  leaderboardBasis,
  leaderboardLines,
  leaderboardNotes,
  leaderboardTitle,
  leaderboardVerdict,
  rankText,
} from '../../src/core/leaderboard-text.ts'
import type { ModelId } from '../../src/core/model.ts'
import { momentsOf, styleOf, tallyOf, type Vote } from '../../src/core/rating/index.ts'
import { locales, textFor } from '../../src/core/text/index.ts'
import { widthOf } from '../../src/core/text/width.ts'
import { boardFrom, boardParts, someVotes } from './a-board.ts'

const models: ModelId[] = ['qwen/max', 'openai/sol', 'groq/llama']
const names = { 'qwen/max': 'Qwen3.8 Max', 'openai/sol': 'GPT-6.1 Sol', 'groq/llama': 'Llama 3.3 70B' }

function on(pair: readonly string[], choice: Vote['choice'], times = 1): Vote[] {
  return Array.from({ length: times }, () => ({ models: pair, choice, comparison: null, voter: null }))
}

const won = (pair: readonly string[], winner: string, times: number) => on(pair, { winner }, times)

describe('a leaderboard', () => {
  test('has a line for each model, with the range of places it may have', async () => {
    const measured = [{ model: models[0] ?? 'x/y', firstTokenMs: 640, costMicros: 4_100, currency: 'USD' as const }]
    const {
      islands,
      names: shown,
      verdict,
      votes,
    } = await boardFrom({ votes: someVotes(models, 150, 9), measured }, {}, names)

    expect(islands).toHaveLength(1)
    expect(islands[0]?.map(({ name, rank }) => [name, rank])).toEqual([
      ['Qwen3.8 Max', { best: 1, worst: 1 }],
      ['GPT-6.1 Sol', { best: 2, worst: 3 }],
      ['Llama 3.3 70B', { best: 2, worst: 3 }],
    ])
    expect(islands[0]?.[0]).toMatchObject({ firstTokenMs: 640, costMicros: 4_100, currency: 'USD' })
    expect(islands[0]?.[1]).toMatchObject({ firstTokenMs: null, costMicros: null })
    expect(shown['groq/llama']).toBe('Llama 3.3 70B')
    expect(verdict.kind).toBe('settled')
    expect(votes).toBeGreaterThan(300)
  })

  test('names nobody who voted', async () => {
    const board = await boardFrom({ votes: someVotes(models, 60, 3) })

    expect(board.busiest).toEqual({
      votes: expect.any(Number),
      share: expect.any(Number),
      changesOrder: expect.any(Boolean),
    })
    expect(JSON.stringify(board)).not.toMatch(/"v[0-2]"/)
  })

  test('tells models of one name apart', async () => {
    const twins = { 'groq/llama': 'Llama', 'together/llama': 'Llama' }
    const { islands } = await boardFrom({ votes: won(['groq/llama', 'together/llama'], 'groq/llama', 3) }, {}, twins)

    expect(islands[0]?.map(({ name }) => name)).toEqual(['Llama (groq)', 'Llama (together)'])
  })

  test('holds style equal where that is asked for', async () => {
    const long = styleOf(`${'word '.repeat(300)}`)
    const short = styleOf('A short answer.')
    const styled = Array.from({ length: 40 }, (_, at) => ({
      models: at % 2 === 0 ? ['a/x', 'b/y'] : ['b/y', 'a/x'],
      wins: at % 2 === 0 ? [at % 8 === 0 ? 0 : 1, at % 8 === 0 ? 1 : 0] : [0, 1],
      ties: 0,
      bothBad: 0,
      styles: at % 2 === 0 ? [long, short] : [short, long],
    }))

    const board = await boardFrom({ votes: [], styled }, { mode: 'style' })

    expect(board.styleEffects?.tokens?.effect).toBeGreaterThan(0)
    expect(board.busiest).toBeNull()
    expect(board.newestOnly).toBeNull()
    expect(board.islands[0]?.[0]?.model).toBe('a/x')
  })
})

describe('bad input', () => {
  const cases: readonly [string, Vote[], string][] = [
    ['no votes', [], 'no_votes'],
    ['one model', won(['a/x'], 'a/x', 3), 'one_model'],
    ['nothing but ties', [...on(['a/x', 'b/y'], 'tie', 5), ...on(['a/x', 'b/y'], 'both_bad', 2)], 'all_drawn'],
    ['an undefeated model', won(['a/x', 'b/y'], 'a/x', 4), 'undefeated'],
    [
      'models that never lost to the others',
      [...won(['a/x', 'b/y'], 'a/x', 2), ...won(['a/x', 'b/y'], 'b/y', 2), ...won(['b/y', 'c/z'], 'b/y', 3)],
      'one_sided',
    ],
    ['islands', [...won(['a/x', 'b/y'], 'a/x', 2), ...won(['c/z', 'd/u'], 'd/u', 2)], 'islands'],
  ]

  test.each(cases)('%s: finite numbers and a sentence in both languages', async (_, votes, verdict) => {
    for (const mode of ['team', 'arena'] as const) {
      const board = await boardFrom({ votes }, { mode })

      expect(board.verdict.kind).toBe(verdict)
      expect(
        JSON.stringify(board, (_key, value) => (Number.isFinite(value) || typeof value !== 'number' ? value : 'BAD')),
      ).not.toContain('BAD')
      for (const locale of locales) {
        const text = textFor(locale)
        expect(leaderboardVerdict(board, text)).toMatch(/^[^{}]+\.$/)
        expect(leaderboardNotes(board, text).every(note => /\.\)?$/.test(note))).toBe(true)
        expect(leaderboardLines(board, text).every(line => widthOf(line) <= 36)).toBe(true)
      }
    }
  })

  test('islands are set apart, with a note', async () => {
    const board = await boardFrom({ votes: cases[5]?.[1] ?? [] })

    expect(board.islands.map(island => island.map(({ model }) => model))).toEqual([
      ['a/x', 'b/y'],
      ['d/u', 'c/z'],
    ])
    expect(leaderboardNotes(board, textFor('en')).join()).toContain('different groups never met')
    expect(leaderboardLines(board, textFor('en')).filter(line => line.startsWith('Group'))).toEqual([
      'Group 1',
      'Group 2',
    ])
  })
})

describe('in words', () => {
  test('says what it shows, from how many votes, since when', async () => {
    const wish = { category: 'coding', period: 'month', mode: 'arena' } as const
    const board = await boardFrom({ votes: won(['a/x', 'b/y'], 'a/x', 2) }, wish)

    expect(leaderboardTitle(board, textFor('en'))).toBe('Coding · Last 4 weeks · Arena')
    expect(leaderboardTitle(board, textFor('de'))).toBe('Programmieren · Letzte 4 Wochen · Arena')
    expect(leaderboardBasis(board, textFor('en'))).toBe('2 votes by 0 people on 2 comparisons, since Nov 2, 2026')
    expect(leaderboardBasis(board, textFor('de'))).toBe('2 Stimmen von 0 Personen zu 2 Vergleichen, seit 02.11.2026')
  })

  test('fits a phone: no line is wider than 36 columns, whatever the models are called', async () => {
    const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
    await fc.assert(
      fc.asyncProperty(fc.tuple(name, name, name), async ([a, b, c]) => {
        const called = { 'qwen/max': a, 'openai/sol': b, 'groq/llama': c }
        const measured = models.map(model => ({
          model,
          firstTokenMs: 61_000,
          costMicros: 1_234_567,
          currency: 'CNY' as const,
        }))
        const board = await boardFrom({ votes: someVotes(models, 60, 5), measured }, {}, called)
        for (const locale of locales) {
          for (const line of leaderboardLines(board, textFor(locale))) expect(widthOf(line)).toBeLessThanOrEqual(36)
        }
      }),
      { numRuns: 40 },
    )
  })

  test('shows ten models and counts the rest', async () => {
    const many = Array.from({ length: 13 }, (_, n): ModelId => `p/m${n}`)
    const lines = leaderboardLines(await boardFrom({ votes: someVotes(many, 400, 9) }), textFor('en'))

    expect(lines.filter(line => /^\d/.test(line))).toHaveLength(10)
    expect(lines.at(-1)).toBe('… and 3 more models')
  })

  test('writes a clear place as one number', async () => {
    const [best] = (
      await boardFrom({ votes: won(['a/x', 'b/y'], 'a/x', 60).concat(won(['a/x', 'b/y'], 'b/y', 5)) })
    ).islands.flat()
    expect(best && rankText(best)).toBe('1')
  })
})

describe('a period', () => {
  test.each([
    ['all', null],
    ['week', '2026-11-23'],
    ['month', '2026-11-02'],
    ['quarter', '2026-08-31'],
    ['year', '2025-12-01'],
  ] as const)('%s begins on a Monday, 0:00 UTC', (period, day) => {
    for (const now of ['2026-11-23T00:00:00Z', '2026-11-29T23:59:59Z']) {
      expect(sinceOf(period, new Date(now))?.toISOString().slice(0, 10) ?? null).toBe(day)
    }
  })

  test('and a mode have a name each in both languages', () => {
    for (const locale of locales) {
      const { leaderboard } = textFor(locale)
      expect(new Set(periods.map(period => leaderboard.periods[period])).size).toBe(periods.length)
      expect(new Set(leaderboardModes.map(mode => leaderboard.modes[mode])).size).toBe(leaderboardModes.length)
    }
  })
})

test('the history of ratings adds week to week', async () => {
  const parts = boardParts({ votes: [] }, names)
  const week = (day: string, votes: Vote[]) => ({ week: new Date(day), ballots: momentsOf(tallyOf(votes)).ballots })
  const pair = ['qwen/max', 'openai/sol']
  parts.store.tallies.weeks = async () => [
    week('2026-11-09', won(pair, 'qwen/max', 3)),
    week('2026-11-16', won(pair, 'openai/sol', 9)),
  ]

  const history = await ratingHistoryOf(parts, { workspaceId: 'w', category: null, mode: 'team' })

  const all = await boardFrom({ votes: [...won(pair, 'qwen/max', 3), ...won(pair, 'openai/sol', 9)] })
  expect(history.map(({ models: rated }) => rated[0]?.name)).toEqual(['Qwen3.8 Max', 'GPT-6.1 Sol'])
  expect(history[1]?.models[0]?.rating).toBeCloseTo(all.islands[0]?.[0]?.rating ?? 0, 6)
})

describe('a claim', () => {
  const qwen = 'qwen/qwen-max-2025-01-25'

  test.each([
    ['supports', won([qwen, 'openai/gpt-4o'], qwen, 40).concat(won([qwen, 'openai/gpt-4o'], 'openai/gpt-4o', 5)), true],
    [
      'contradicts',
      won(['qwen/qwen3', 'openai/gpt-6'], 'openai/gpt-6', 40).concat(
        won(['qwen/qwen3', 'openai/gpt-6'], 'qwen/qwen3', 5),
      ),
      false,
    ],
    ['open', won(['qwen/qwen3', 'openai/gpt-6'], 'qwen/qwen3', 2), false],
  ] as const)('is told what the votes say: %s', async (outcome, votes, exact) => {
    const [result] = await claimResultsOf(boardParts({ votes }), 'w')

    const [againstGpt, againstLlama] = result?.tests ?? []
    expect(againstGpt).toMatchObject({ category: 'reasoning', rival: 'GPT-4', outcome, pairs: [{ exact }] })
    expect(againstLlama).toMatchObject({ rival: 'Llama', outcome: 'untested', pairs: [] })
  })
})
