import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { glyphsOf } from '../../src/charts/glyphs.ts'
import { type Chart, type Charts, createCharts, describe as inWords, isWorthDrawing } from '../../src/charts/index.ts'
import type { Leaderboard } from '../../src/core/leaderboard.ts'
import type { ModelId } from '../../src/core/model.ts'
import { momentsOf, tallyOf } from '../../src/core/rating/index.ts'
import { summaryOf, type WeekSummary } from '../../src/core/summary.ts'
import { textFor } from '../../src/core/text/index.ts'
import { weekOf } from '../../src/core/week.ts'
import { boardFrom, someVotes } from '../core/a-board.ts'

const models: ModelId[] = ['qwen/max', 'openai/sol', 'groq/llama', 'x/han']
const names = {
  'qwen/max': 'Qwen & <Max>',
  'openai/sol': 'GPT-6.1 Sol',
  'groq/llama': 'Llama 3.3 70B',
  'x/han': 'Łódź "čš"',
}

let charts: Charts
let board: Leaderboard
let all: Chart[]
beforeAll(async () => {
  charts = createCharts()
  const measured = models.map((model, n) => ({
    model,
    firstTokenMs: 300 + 700 * n,
    costMicros: 900 * n,
    currency: 'USD' as const,
  }))
  board = await boardFrom({ votes: someVotes(models, 120, 8), measured }, {}, names)
  const rated = (board.islands[0] ?? []).map(({ model, name, rating, lower, upper }) => ({
    model,
    name,
    rating,
    lower,
    upper,
  }))
  const history = [0, 1, 2].map(week => ({ week: new Date(Date.UTC(2026, 10, 2 + 7 * week)), models: rated }))
  all = [
    ...(['intervals', 'matrix', 'cost', 'speed', 'post'] as const).map((kind): Chart => ({ kind, board })),
    { kind: 'history', history },
    { kind: 'summary', summary: aWeek() },
  ]
})
afterAll(() => charts.close())

function aWeek(): WeekSummary {
  const kept = momentsOf(tallyOf(someVotes(models, 120, 8)))
  const week = weekOf(new Date('2026-11-25T12:00:00Z'), 'Europe/Berlin')
  const facts = {
    asked: 3,
    askers: [],
    voters: 4,
    ballots: [{ category: null, models: models.slice(0, 2), counts: [5, 3, 1, 0], times: 1, example: null }],
    answers: [],
    open: { count: 0, comparisonIds: [] },
  }
  const numbers = summaryOf(facts, kept, kept, model => names[model as keyof typeof names])
  return { workspaceId: 'w', week, asOf: week.end, numbers, missed: [] }
}

describe('a drawing', () => {
  test('needs no style sheet, no script and nothing from elsewhere', async () => {
    for (const chart of all) {
      const svg = await charts.svg(chart, { locale: 'en', theme: 'light', width: 720 })

      expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" width="720" height="[\d.]+"/)
      expect(svg).not.toMatch(/<style|<script|\bstyle="|href=|url\(|var\(|NaN|undefined|Infinity/)
    }
  })

  test('writes names as text, whatever is in them', async () => {
    const svg = await charts.svg({ kind: 'intervals', board }, { locale: 'en', theme: 'light', width: 720 })

    expect(svg).toContain('Qwen &amp; &lt;Max&gt;')
    expect(svg).not.toContain('<Max>')
  })

  test('has the numbers and words of its language', async () => {
    const [english, german] = await Promise.all(
      (['en', 'de'] as const).map(locale => charts.svg({ kind: 'cost', board }, { locale, theme: 'dark', width: 720 })),
    )

    expect(english).toContain('$0.002')
    expect(english).toContain('Cost of an answer')
    expect(german).toContain('0,002&#160;$')
    expect(german).toContain('Kosten einer Antwort')
  })

  test('is the same twice, and another one in the dark', async () => {
    const look = { locale: 'en', theme: 'light', width: 360 } as const
    const [first, second, dark] = await Promise.all([
      charts.svg({ kind: 'intervals', board }, look),
      charts.svg({ kind: 'intervals', board }, look),
      charts.svg({ kind: 'intervals', board }, { ...look, theme: 'dark' }),
    ])

    expect(first).toBe(second)
    expect(first).not.toBe(dark)
  })

  test('is told in words as well', () => {
    for (const locale of ['en', 'de'] as const) {
      for (const chart of all) {
        const words = inWords(chart, textFor(locale))
        expect(words).toContain('GPT-6.1 Sol')
        expect(words).not.toMatch(/NaN|undefined/)
      }
    }
  })
})

describe('a picture', () => {
  test('is a PNG of the size that was asked for', async () => {
    for (const chart of all) {
      const png = await charts.png(chart, { locale: 'de', theme: 'dark', width: 360 }, 2)

      const view = new DataView(png.buffer)
      expect([...png.slice(0, 4)]).toEqual([0x89, 0x50, 0x4e, 0x47])
      expect(view.getUint32(16)).toBe(720)
      expect(png.length).toBeGreaterThan(4_000)
    }
  })

  test('for a post comes with its text', async () => {
    const post = await charts.post(board, { locale: 'de', theme: 'light' })

    expect(post?.alt).toContain('GPT-6.1 Sol')
    expect(post?.png.length).toBeGreaterThan(4_000)
  })
})

describe('a name that the font of pictures cannot draw', () => {
  const han = '通义千问 Max'
  const look = { locale: 'en', theme: 'light', width: 720 } as const
  const called = (name: string) =>
    all.map((chart): Chart => {
      const renamed = (text: string) => text.replaceAll('Qwen & <Max>', name)
      if (chart.kind === 'history') {
        const history = chart.history.map(week => ({
          ...week,
          models: week.models.map(one => ({ ...one, name: renamed(one.name) })),
        }))
        return { ...chart, history }
      }
      if (chart.kind === 'summary') {
        const { numbers } = chart.summary
        const names = Object.fromEntries(Object.entries(numbers.names).map(([model, text]) => [model, renamed(text)]))
        return { ...chart, summary: { ...chart.summary, numbers: { ...numbers, names } } }
      }
      const islands = chart.board.islands.map(island => island.map(one => ({ ...one, name: renamed(one.name) })))
      const entries = Object.entries(chart.board.names).map(([model, text]) => [model, renamed(text)])
      return { ...chart, board: { ...chart.board, islands, names: Object.fromEntries(entries) } }
    })

  test('is the id there, less the provider, in every chart', async () => {
    for (const [at, chart] of called(han).entries()) {
      const byId = called('max')[at] ?? chart
      expect(await charts.png(chart, look, 1), chart.kind).toEqual(await charts.png(byId, look, 1))
    }
  })

  test('stays on a page, which has the fonts of its reader, and in the words beside a picture', async () => {
    for (const chart of called(han)) expect(await charts.svg(chart, look), chart.kind).toContain(han)
    const [chart] = called(han)
    if (chart === undefined || !('board' in chart)) throw new Error('no chart of a leaderboard')
    expect((await charts.post(chart.board, look))?.alt).toContain(han)
  })

  test('of a person leaves the picture of a week without who was most active', async () => {
    const week = aWeek()
    const by = (names: string[] | null) => {
      const turnout = { ...week.numbers.turnout, mostActive: names && { names, asked: 2 } }
      return { kind: 'summary', summary: { ...week, numbers: { ...week.numbers, turnout } } } as const
    }

    expect(await charts.png(by(['Ada', han]), look, 1)).toEqual(await charts.png(by(null), look, 1))
    expect(await charts.svg(by([han]), look)).toContain(han)
  })

  test('is no name in Latin, Greek or Cyrillic letters, with accents or signs', async () => {
    const font = readFileSync(fileURLToPath(import.meta.resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf')))
    const canDraw = glyphsOf(font)

    expect(
      ['Łódź "čš"', 'Qwen & <Max>', 'Ωμέγα', 'ЯндексGPT', 'model–α² …', ''].filter(name => !canDraw(name)),
    ).toEqual([])
    expect(['通义', 'カナ', '한글', 'x🦙'].filter(canDraw)).toEqual([])
  })
})

test('where there is nothing to see, nothing is drawn', async () => {
  const empty = await boardFrom({ votes: [] })

  expect(
    (['intervals', 'matrix', 'cost', 'speed', 'post'] as const).map(kind => isWorthDrawing({ kind, board: empty })),
  ).toEqual(new Array(5).fill(false))
  expect(isWorthDrawing({ kind: 'history', history: [] })).toBe(false)
  expect(await charts.post(empty, { locale: 'en', theme: 'light' })).toBeNull()
})

test('after its thread has ended, the next chart starts another', async () => {
  const own = createCharts()
  const look = { locale: 'en', theme: 'light', width: 720 } as const
  const before = await own.svg({ kind: 'intervals', board }, look)
  await own.close()

  expect(await own.svg({ kind: 'intervals', board }, look)).toBe(before)
  await own.close()
})
