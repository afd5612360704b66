import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Category, categories } from '../../src/core/comparison.ts'
import { rankText } from '../../src/core/leaderboard-text.ts'
import type { ModelId } from '../../src/core/model.ts'
import { type KeptTallies, momentsOf } from '../../src/core/rating/index.ts'
import {
  type AlikeBallots,
  type AnswerFacts,
  isQuiet,
  type Summary,
  type SummarySettings,
  summaryOf,
  type WeekFacts,
} from '../../src/core/summary.ts'
import {
  changeText,
  describeStandings,
  missedNote,
  quoteVotes,
  readSettings,
  settingsLines,
  summaryHeadline,
  summaryQuotes,
  summarySections,
  summaryTurnout,
  summaryVerdict,
  type TypedSettings,
  timeText,
  weekTitle,
} from '../../src/core/summary-text.ts'
import { type Locale, locales, textFor } from '../../src/core/text/index.ts'
import { widthOf } from '../../src/core/text/width.ts'
import { weekOf } from '../../src/core/week.ts'

const [en, de] = [textFor('en'), textFor('de')]
const [x, y, z] = ['qwen/x', 'openai/y', 'groq/z'] as const
const names: Record<string, string> = { [x]: 'Xi', [y]: 'Yotta', [z]: 'Zeta' }

/** `counts`: votes for each model, then ties, then both bad. */
function ballot(models: readonly ModelId[], counts: readonly number[], more: Partial<AlikeBallots> = {}): AlikeBallots {
  return { category: null, models, counts, times: 1, example: null, ...more }
}

/** One that may be quoted. */
function quotable(prompt: string, models: readonly ModelId[], counts: readonly number[]): AlikeBallots {
  return ballot(models, counts, { example: { comparisonId: `c-${prompt}`, prompt } })
}

function answersOf(model: ModelId, measured: Partial<AnswerFacts> = {}): AnswerFacts {
  return {
    model,
    answers: 10,
    failed: 0,
    refused: 0,
    costMicros: null,
    currency: null,
    firstTokenMs: null,
    ...measured,
  }
}

function keptFrom(ballots: readonly AlikeBallots[]): KeptTallies {
  return momentsOf({
    comparisons: ballots.map(({ models, counts, times }) => ({
      times,
      votes: [
        {
          models,
          wins: counts.slice(0, models.length),
          ties: counts[models.length] ?? 0,
          bothBad: counts[models.length + 1] ?? 0,
        },
      ],
    })),
    voters: { known: 0, busiest: null, clusters: [] },
  })
}

/** All votes are the week's own, unless `ever` and `before` say otherwise. */
function summed(
  facts: Partial<WeekFacts>,
  { ever = facts.ballots ?? [], before = [] as readonly AlikeBallots[], name = (id: string) => names[id] ?? id } = {},
): Summary {
  const week: WeekFacts = {
    asked: 8,
    askers: [],
    voters: 3,
    ballots: [],
    answers: [],
    open: { count: 0, comparisonIds: [] },
    ...facts,
  }
  return summaryOf(week, keptFrom(ever), keptFrom(before), name)
}

const headline = (...ballots: AlikeBallots[]) => {
  const summary = summed({ ballots })
  return { ...summary.headline, en: summaryHeadline(summary, en), de: summaryHeadline(summary, de) }
}

/** A model that wins so often over so many comparisons that nobody doubts it. */
const clear = (winner: ModelId, loser: ModelId) => [
  ballot([winner, loser], [1, 0, 0, 0], { times: 60 }),
  ballot([winner, loser], [0, 1, 0, 0], { times: 5 }),
]

describe('the headline of a week', () => {
  test('says nothing about the models below five votes', () => {
    const summary = summed({ ballots: [ballot([x, y], [4, 0, 0, 0])] })

    expect(summary.headline).toEqual({ kind: 'quiet' })
    expect(isQuiet(summary)).toBe(true)
    expect(summaryHeadline(summary, en)).toBe(
      'A quiet week: 4 votes and 8 comparisons. That says nothing about the models yet.',
    )
    expect(summaryHeadline(summary, de)).toBe(
      'Eine ruhige Woche: 4 Stimmen und 8 Vergleiche. Das sagt noch nichts über die Modelle.',
    )
    expect(summarySections(summary, en)).toEqual([])
    expect(isQuiet(summed({ ballots: [ballot([x, y], [5, 0, 0, 0])] }))).toBe(false)
  })

  test('says so when no vote preferred one model to another', () => {
    expect(headline(ballot([x, y], [0, 0, 2, 1]), ballot([y, z], [0, 0, 1, 1]))).toEqual({
      kind: 'drawn',
      en: '5 votes this week, and none preferred one model to another.',
      de: '5 Stimmen in dieser Woche, und keine zog ein Modell einem anderen vor.',
    })
  })

  test('calls two models level that were', () => {
    expect(headline(ballot([x, y], [3, 3, 0, 0]))).toMatchObject({
      kind: 'level',
      votes: 3,
      aBetter: 0.5,
      en: expect.stringMatching(/^(Xi and Yotta|Yotta and Xi) were level this week, with 3 votes each\.$/),
      de: expect.stringMatching(/gleichauf, mit je 3 Stimmen\.$/),
    })
  })

  test('is about the two that most votes chose between', () => {
    const told = headline(ballot([x, y], [3, 0, 0, 0]), ballot([y, z], [4, 3, 0, 0]))

    expect(told).toMatchObject({ kind: 'led', a: y, b: z, wins: 4, losses: 3 })
  })

  test('is about votes that chose, where ties stand beside them', () => {
    const told = headline(ballot([x, y], [0, 0, 9, 0]), ballot([x, z], [4, 1, 0, 0]))

    expect(told).toMatchObject({ kind: 'led', a: x, b: z, wins: 4, losses: 1 })
  })

  test('is about votes that chose, though more models met where nobody chose', () => {
    const three: ModelId[] = ['a/a', 'b/b', 'c/c']

    const told = headline(ballot(three, [0, 0, 0, 3, 3]), ballot([x, y], [3, 1, 0, 0]))

    expect(told).toMatchObject({ kind: 'led', a: x, b: y, wins: 3, losses: 1 })
  })

  test('says "led" and "too close to call" of a lead that may be chance', () => {
    const told = headline(ballot([x, y], [3, 2, 0, 0]))

    expect(told).toMatchObject({ kind: 'led', a: x, b: y, wins: 3, losses: 2, settled: false })
    expect(told.en).toMatch(/^Xi led Yotta 3 to 2 this week; too close to call: \d\d % likely better\.$/)
    expect(told.de).toMatch(
      /^Xi lag .* 3 zu 2 vor Yotta; zu knapp für ein Urteil: mit \d\d % Wahrscheinlichkeit besser\.$/,
    )
  })

  test('says "beat" where the votes settle it', () => {
    const told = headline(...clear(y, x))

    expect(told).toMatchObject({ kind: 'led', a: y, b: x, wins: 60, losses: 5, settled: true })
    expect(told.en).toBe('Yotta beat Xi 60 to 5 this week: more than 99 % likely better, settled at 95 %.')
    expect(told.de).toBe(
      'Yotta schlug Xi in dieser Woche mit 60 zu 5: mit mehr als 99 % Wahrscheinlichkeit besser, auf dem 95-%-Niveau entschieden.',
    )
  })

  test('names who won the votes on both, though votes on others rate the other one higher', () => {
    const told = headline(ballot([x, y], [10, 11, 0, 0]), ballot([x, z], [16, 0, 0, 0]), ballot([y, z], [0, 16, 0, 0]))

    expect(told).toMatchObject({ kind: 'led', a: y, b: x, wins: 11, losses: 10, settled: false })
    // What tells against it is no reason to believe in it.
    expect(told.en).toBe('Yotta led Xi 11 to 10 this week; too close to call.')
    expect(told.de).toBe('Yotta lag in dieser Woche mit 11 zu 10 vor Xi; zu knapp für ein Urteil.')
  })

  test('says with how much doubt all votes until then are read', () => {
    const open = summed({ ballots: [ballot([x, y], [3, 2, 0, 0])] })
    const settled = summed({ ballots: [ballot([x, y], [3, 2, 0, 0])] }, { ever: clear(x, y) })

    expect(summaryVerdict(open, en)).toMatch(
      /^Of all votes so far: Xi is better than Yotta with \d\d % probability; .*more comparisons would settle it\.$/,
    )
    expect(settled.verdict).toMatchObject({ kind: 'settled', a: x, b: y })
    expect(summaryVerdict(settled, de)).toMatch(/^Nach allen Stimmen bisher: .*Xi/)
  })
})

describe('any week', () => {
  const pool = ['a/1', 'a/2', 'b/3', 'c/4', 'd/5', 'd/6'] satisfies ModelId[]
  const count = fc.nat(5)
  const anyBallot = fc
    .record({
      category: fc.option(fc.constantFrom<Category>(...categories)),
      models: fc.shuffledSubarray<ModelId>(pool, { minLength: 2 }),
      counts: fc.array(count, { minLength: 8, maxLength: 8 }),
      times: fc.integer({ min: 1, max: 40 }),
      quoted: fc.boolean(),
    })
    .map(({ models, counts, quoted, ...rest }) => ({
      ...rest,
      models,
      counts: counts.slice(0, models.length + 2),
      quoted,
    }))
  const anyBallots = fc
    .uniqueArray(anyBallot, {
      maxLength: 8,
      selector: ({ category, models, counts }) => JSON.stringify([category, models, counts]),
    })
    .map(ballots =>
      ballots
        // Only ballots that were voted on are read.
        .filter(({ counts }) => counts.some(count => count > 0))
        .map(({ quoted, ...own }, at) => ({
          ...own,
          example: quoted ? { comparisonId: `c${at}`, prompt: `Prompt\n${at}` } : null,
        })),
    )
  const anyAnswers = fc.uniqueArray(
    fc.record({
      model: fc.constantFrom<ModelId>(...pool),
      answers: fc.integer({ min: 10, max: 99 }),
      failed: fc.integer({ min: 5, max: 10 }),
      refused: fc.nat(5),
      costMicros: fc.option(fc.nat(10_000_000)),
      currency: fc.constant('USD' as const),
      firstTokenMs: fc.option(fc.nat(90_000)),
    }),
    { selector: ({ model }) => model },
  )
  /** And the same in another order. */
  const mixed = <T>(rows: fc.Arbitrary<T[]>) =>
    rows.chain(all =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length })),
    )

  test('is told with no verb stronger than its numbers, and with numbers that are numbers', () => {
    fc.assert(
      fc.property(anyBallots, anyBallots, anyAnswers, (ballots, before, answers) => {
        const summary = summed({ ballots, answers }, { ever: [...before, ...ballots], before })
        const told = summary.headline

        for (const [text, verb] of [
          [en, ' beat '],
          [de, ' schlug '],
        ] as const) {
          const sentence = summaryHeadline(summary, text)
          expect(sentence.includes(verb)).toBe(told.kind === 'led' && told.settled)
          for (const section of summarySections(summary, text)) {
            expect(section.lines.join()).not.toMatch(/NaN|Infinity|undefined|null/)
          }
        }
        if (told.kind === 'led') {
          expect(told.wins).toBeGreaterThan(told.losses)
          if (told.settled) expect(told.aBetter).toBeGreaterThan(0.95)
        }
        if (told.kind === 'level') expect(told.votes).toBeGreaterThan(0)
        if ('aBetter' in told) {
          expect(told.aBetter).toBeGreaterThanOrEqual(0)
          expect(told.aBetter).toBeLessThanOrEqual(1)
        }
        expect(numbersIn(summary).every(Number.isFinite)).toBe(true)
        expect(JSON.parse(JSON.stringify(summary))).toEqual(summary)
      }),
    )
  })

  test('is the same, to the last digit, in whatever order its facts come', () => {
    fc.assert(
      fc.property(mixed(anyBallots), mixed(anyAnswers), ([ballots, otherBallots], [answers, otherAnswers]) => {
        const askers = ['Ada', 'Bob', 'Cem'].map(name => ({ name, asked: 2 }))
        const ever = { ever: ballots }

        const first = summed({ ballots, answers, askers }, ever)
        const again = summed({ ballots, answers, askers }, ever)
        const others = { ballots: otherBallots, answers: otherAnswers, askers: askers.toReversed() }

        expect(JSON.stringify(again)).toBe(JSON.stringify(first))
        expect(JSON.stringify(summed(others, ever))).toBe(JSON.stringify(first))
      }),
    )
  })
})

describe('turnout', () => {
  const turnout = (askers: WeekFacts['askers']) => {
    const summary = summed({ asked: 12, voters: 1, askers, ballots: [ballot([x, y], [5, 1, 0, 0], { times: 2 })] })
    return { ...summary.turnout, en: summaryTurnout(summary, en), de: summaryTurnout(summary, de) }
  }

  test('counts comparisons, votes and people, and names who asked most', () => {
    expect(
      turnout([
        { name: 'Ada', asked: 7 },
        { name: 'Bob', asked: 5 },
      ]),
    ).toEqual({
      asked: 12,
      votes: 12,
      voters: 1,
      mostActive: { names: ['Ada'], asked: 7 },
      en: '12 comparisons, 12 votes by 1 person. Most active: Ada (7 comparisons).',
      de: '12 Vergleiche, 12 Stimmen von 1 Person. Am aktivsten: Ada (7 Vergleiche).',
    })
  })

  test('names all of up to three who asked as much as each other', () => {
    const asked = (...names: string[]) => names.map(name => ({ name, asked: 4 }))

    expect(turnout([...asked('Cem', 'Ada', 'Bob'), { name: 'Dee', asked: 1 }]).mostActive).toEqual({
      names: ['Ada', 'Bob', 'Cem'],
      asked: 4,
    })
    expect(turnout(asked('Ada', 'Bob', 'Cem', 'Dee'))).toMatchObject({
      mostActive: null,
      en: '12 comparisons, 12 votes by 1 person.',
    })
    expect(turnout([]).mostActive).toBeNull()
  })
})

describe('the prompt that divided most', () => {
  const divided = (...ballots: AlikeBallots[]) => summed({ ballots }).divided?.prompt ?? null

  test('is the one with the smallest lead, and of those the one with most votes', () => {
    expect(
      divided(
        quotable('close', [x, y], [3, 2, 0, 0]),
        quotable('even', [x, y], [2, 2, 0, 0]),
        quotable('even, by more', [x, y], [3, 3, 0, 0]),
        quotable('clear', [x, y], [6, 1, 0, 0]),
      ),
    ).toBe('even, by more')
  })

  test('needs three votes for answers, for two answers, with a lead of no more than a third', () => {
    expect(divided(quotable('two votes', [x, y], [1, 1, 5, 5]))).toBeNull()
    expect(divided(quotable('one answer', [x, y], [3, 0, 5, 0]))).toBeNull()
    expect(divided(quotable('too far apart', [x, y], [3, 1, 0, 0]))).toBeNull()
    expect(divided(quotable('a third', [x, y], [2, 1, 0, 0]))).toBe('a third')
  })

  test('is not told where it may not be quoted', () => {
    expect(divided(ballot([x, y], [3, 3, 0, 0]))).toBeNull()
    expect(divided(ballot([x, y], [3, 3, 0, 0]), quotable('quoted', [x, y], [2, 1, 0, 0]))).toBe('quoted')
  })

  test('is quoted with its votes, most first', () => {
    const summary = summed({ ballots: [quotable('why', [x, y, z], [1, 3, 3, 2, 1])] })

    expect(summary.divided).toEqual({
      comparisonId: 'c-why',
      prompt: 'why',
      votes: [
        { model: y, votes: 3 },
        { model: z, votes: 3 },
        { model: x, votes: 1 },
      ],
      ties: 2,
      bothBad: 1,
    })
    expect(summary.divided && quoteVotes(summary.divided, summary, en)).toBe(
      'Yotta 3, Zeta 3, Xi 1, 2 ties, 1 × all bad',
    )
    expect(summary.divided && quoteVotes(summary.divided, summary, de)).toBe(
      'Yotta 3, Zeta 3, Xi 1, 2 × unentschieden, 1 × alle schlecht',
    )
  })
})

describe('the clearest win', () => {
  const clearest = (...ballots: AlikeBallots[]) => summed({ ballots }).clearest?.prompt ?? null

  test('is the one with the largest lead, and of those the one with most votes', () => {
    expect(
      clearest(
        quotable('by two', [x, y], [2, 0, 0, 0]),
        quotable('by five', [x, y], [5, 0, 0, 0]),
        quotable('by five, of more', [x, y], [6, 1, 0, 0]),
      ),
    ).toBe('by five, of more')
  })

  test('needs a lead of two, and of more than half of all votes', () => {
    expect(clearest(quotable('by one', [x, y], [1, 0, 0, 0]))).toBeNull()
    expect(clearest(quotable('half', [x, y], [3, 0, 2, 1]))).toBeNull()
    expect(clearest(quotable('more than half', [x, y], [3, 0, 1, 1]))).toBe('more than half')
  })

  test('is not told where it may not be quoted', () => {
    expect(clearest(ballot([x, y], [9, 0, 0, 0]))).toBeNull()
  })

  test('and the divided one stand on one line each, long ones cut', () => {
    const summary = summed({
      ballots: [
        quotable('two\nlines  and\ttabs', [x, y], [3, 3, 0, 0]),
        quotable('long '.repeat(100), [x, y], [5, 0, 0, 0]),
      ],
    })

    const quotes = summaryQuotes(summary, de)

    expect(quotes.map(({ title }) => title)).toEqual(['Am umstrittensten', 'Am eindeutigsten'])
    expect(quotes[0]?.quote.prompt).toBe('two lines and tabs')
    expect(widthOf(quotes[1]?.quote.prompt ?? '')).toBeLessThanOrEqual(120)
    expect(summaryQuotes(summed({}), en)).toEqual([])
  })
})

describe('by model and category', () => {
  test('votes are won, tied and all bad, each model by its own ballots', () => {
    const { models } = summed({
      ballots: [ballot([x, y], [3, 1, 1, 0], { times: 2 }), ballot([y, z, x], [1, 0, 1, 0, 2])],
    })

    const counted = models.map(({ model, votes, wins, ties, bothBad }) => [model, votes, wins, ties, bothBad])
    expect(counted.toSorted()).toEqual(
      [
        [x, 14, 7, 2, 2],
        [y, 14, 3, 2, 2],
        [z, 4, 0, 0, 2],
      ].toSorted(),
    )
  })

  test('categories come by votes, the models in them by wins; what has no category is in none', () => {
    const summary = summed({
      ballots: [
        ballot([x, y], [1, 1, 0, 0], { category: 'writing' }),
        ballot([x, y], [2, 1, 0, 0], { category: 'coding', times: 2 }),
        ballot([y, z], [4, 0, 0, 0], { category: 'coding' }),
        ballot([x, y], [9, 0, 0, 0]),
      ],
    })

    expect(summary.categories).toEqual([
      {
        category: 'coding',
        votes: 10,
        wins: [
          { model: y, wins: 6 },
          { model: x, wins: 4 },
          { model: z, wins: 0 },
        ],
      },
      {
        category: 'writing',
        votes: 2,
        wins: [
          { model: y, wins: 1 },
          { model: x, wins: 1 },
        ],
      },
    ])
    expect(sectionOf(summary, 'en', en.summary.sections.categories)?.lines[0]).toBe(
      `${en.categories.coding}: Yotta 6, Xi 4, Zeta 0 (10 votes)`,
    )
  })

  test('a cost is told with what a win cost, where there were wins', () => {
    const summary = summed({
      ballots: [ballot([x, y], [6, 0, 0, 0])],
      answers: [
        answersOf(x, { costMicros: 3_000_000, currency: 'USD' }),
        answersOf(y, { costMicros: 70_000, currency: 'CNY' }),
        answersOf(z),
      ],
    })

    const perWin = Object.fromEntries(summary.models.map(({ model, costPerWinMicros }) => [model, costPerWinMicros]))
    expect(perWin).toEqual({ [x]: 500_000, [y]: null, [z]: null })
    expect(sectionOf(summary, 'en', en.summary.sections.measured)?.lines).toEqual([
      'Xi: $3.00, $0.5 per win',
      'Yotta: CN¥0.07',
      'Zeta: unknown',
    ])
    expect(sectionOf(summary, 'de', de.summary.sections.measured)?.lines[0]).toMatch(
      /^Xi: 3,00\s\$, 0,5\s\$ je gewonnener Stimme$/,
    )
  })

  test('failures and refusals are told apart', () => {
    const summary = summed({
      ballots: [ballot([x, y], [6, 0, 0, 0])],
      answers: [answersOf(x, { answers: 20, failed: 3, refused: 1, firstTokenMs: 640.4 }), answersOf(y)],
    })

    expect(summary.models.find(({ model }) => model === x)).toMatchObject({ answers: 20, failed: 2, refused: 1 })
    expect(sectionOf(summary, 'en', en.summary.sections.measured)?.lines).toEqual([
      'Xi: first token 640 ms, failed 10\u00a0%, refused 5\u00a0%',
      'Yotta: unknown',
    ])
    expect(sectionOf(summary, 'de', de.summary.sections.measured)?.lines[0]).toBe(
      'Xi: erstes Token 640 ms, ausgefallen 10\u00a0%, verweigert 5\u00a0%',
    )
  })

  test('a model without a vote in the week is told of too, as far as it was measured', () => {
    const { models, names } = summed({ ballots: [ballot([x, y], [6, 0, 0, 0])], answers: [answersOf('demo/new')] })

    expect(models.at(-1)).toMatchObject({ model: 'demo/new', votes: 0, wins: 0, answers: 10 })
    expect(names).toEqual({ [x]: 'Xi', [y]: 'Yotta', 'demo/new': 'demo/new' })
  })
})

describe('standings', () => {
  test('are of all time, with the change in a week', () => {
    const week = [ballot([x, y], [0, 1, 0, 0], { times: 80 })]
    const summary = summed({ ballots: week }, { ever: [...clear(x, y), ...week], before: clear(x, y) })

    const [first, second] = summary.standings
    expect([first?.model, second?.model]).toEqual([y, x])
    expect(first?.before).toMatchObject({ rank: 2 })
    expect(second?.before).toMatchObject({ rank: 1 })
    expect(first && changeText(first, en)).toMatch(/^\+\d+$/)
    expect(second && changeText(second, en)).toMatch(/^−\d+$/)
    expect(describeStandings(summary, en)).toMatch(/^Ratings with 95 % intervals: 1(–2)?\. Yotta: \d+ \(\d+ to \d+\)/)
  })

  test('tell whose place changed, and that none did', () => {
    const few = [ballot([x, y], [3, 3, 0, 0])]
    const moved = summed({ ballots: few }, { ever: clear(x, y), before: few })
    const same = summed({ ballots: few }, { ever: clear(x, y), before: clear(x, y) })

    expect(sectionOf(moved, 'en', en.summary.sections.standings)?.lines.slice(2)).toEqual([
      'Yotta went from place 1 to 2.',
    ])
    expect(sectionOf(moved, 'de', de.summary.sections.standings)?.lines.slice(2)).toEqual([
      'Yotta kam von Platz 1 auf 2.',
    ])
    expect(sectionOf(same, 'en', en.summary.sections.standings)?.lines.slice(2)).toEqual([
      'No model changed its place.',
    ])
    expect(same.standings.map(one => changeText(one, en))).toEqual(['±0', '±0'])
  })

  test('call a model new that was not rated a week before', () => {
    const before = [ballot([x, y], [5, 5, 0, 0])]
    const { standings } = summed({}, { ever: [...before, ballot([x, z], [5, 5, 0, 0])], before })

    expect(standings.find(({ model }) => model === z)?.before).toBeNull()
    expect(standings.find(({ model }) => model === x)?.before).not.toBeNull()
    expect(standings.filter(one => changeText(one, de) === 'neu').map(({ model }) => model)).toEqual([z])
  })

  test('give the places that a model may have', () => {
    const { standings } = summed({}, { ever: [...clear(x, z), ...clear(y, z), ballot([x, y], [3, 3, 0, 0])] })

    expect(standings.map(one => [one.model, rankText(one)]).toSorted()).toEqual(
      [
        [x, '1–2'],
        [y, '1–2'],
        [z, '3'],
      ].toSorted(),
    )
  })

  test('leave models apart that never met the others', () => {
    const apart = ballot(['demo/a', 'demo/b'], [9, 9, 0, 0])
    const both = summed({ ballots: [ballot([x, y, z], [3, 2, 1, 0, 0]), apart] })

    expect(both.standings.map(({ model }) => model).toSorted()).toEqual([x, y, z].toSorted())
    expect(both.apart).toBe(2)
    expect(sectionOf(both, 'en', en.summary.sections.standings)?.lines.at(-1)).toMatch(/^2 more models never met/)
    expect(sectionOf(both, 'de', de.summary.sections.standings)?.lines.at(-1)).toMatch(/^2 weitere Modelle/)
  })

  test('are none where nobody was rated', () => {
    expect(summed({})).toMatchObject({ standings: [], apart: 0, models: [], verdict: { kind: 'no_votes' } })
  })
})

describe('lines about models', () => {
  test('say how votes fell, and what the ratings are', () => {
    const summary = summed({ ballots: [ballot([x, y], [3, 2, 1, 1])] })

    expect(sectionOf(summary, 'en', en.summary.sections.week)?.lines[0]).toBe('Xi: won 3 of 7, 1 tied, 1 all bad')
    expect(sectionOf(summary, 'de', de.summary.sections.week)?.lines[0]).toBe(
      'Xi: 3 von 7 gewonnen, 1 unentschieden, 1 alle schlecht',
    )
    expect(sectionOf(summary, 'en', en.summary.sections.standings)?.lines[0]).toMatch(
      /^1–2 {2}Xi\*: 1\d\d\d ± \d+ \(new\)$/,
    )
  })

  test('are no more than a chat can hold', () => {
    const many = ['a/1', 'a/2', 'a/3', 'a/4', 'a/5', 'a/6', 'a/7', 'a/8', 'a/9', 'a/10'] as const
    const ballots = many.slice(1).map((model, at) => ballot([many[at] ?? x, model], [2, 1, 1, 1]))

    const summary = summed({ ballots })

    expect(sectionOf(summary, 'en', en.summary.sections.week)?.lines).toHaveLength(8)
  })
})

describe('words', () => {
  const week = weekOf(new Date('2026-11-25T12:00:00Z'), 'Europe/Berlin')

  test('name the week by its number and days', () => {
    expect(weekTitle(week, en)).toMatch(/^Week 48, Nov 23\s–\s29, 2026$/)
    expect(weekTitle(week, de)).toMatch(/^Woche 48, 23\.–29\.11\.2026$/)
  })

  test('own up to weeks that were missed', () => {
    expect(missedNote({ missed: [] }, en)).toBeNull()
    expect(missedNote({ missed: ['2026-W09', '2026-W10'] }, en)).toContain('9/2026, 10/2026')
    expect(missedNote({ missed: ['2026-W09'] }, de)).toContain('Für 9/2026 gab es keine')
  })

  test('say what is set, and when the next one comes', () => {
    const setup = { settings, channel: 'general', next: new Date('2026-11-30T08:00:00Z') }
    const lines = (changes: Partial<SummarySettings>, more = {}) =>
      settingsLines({ ...setup, ...more, settings: { ...settings, ...changes } }, id => `#${id}`, en)

    expect(lines({}).map(({ name, value }) => `${name}: ${value}`.replaceAll('\u202f', ' '))).toEqual([
      'Weekly summary: Every Monday at 09:00 (Europe/Berlin)',
      'Channel: where most comparisons happen, at the moment #general',
      'Language: English',
      'In a quiet week: Post a short, honest line',
      ': Next: Mon, Nov 30, 9:00 AM.',
    ])
    expect(lines({ channel: 'models' })[1]?.value).toBe('#models')
    expect(lines({}, { channel: null })[1]?.value).toBe('where most comparisons happen')
    expect(lines({ enabled: false }, { next: null })).toEqual([{ name: 'Weekly summary', value: 'Off' }])
    expect(timeText(5)).toBe('00:05')
  })

  test('are there in every language', () => {
    const summary = summed({ ballots: [ballot([x, y], [3, 2, 1, 1], { category: 'coding' })], answers: [answersOf(x)] })

    for (const locale of locales) {
      const text = textFor(locale)
      const titles = summarySections(summary, text).map(({ title }) => title)
      expect(titles).toEqual(
        ['week', 'standings', 'categories', 'measured'].map(key => text.summary.sections[key as 'week']),
      )
    }
  })
})

const settings: SummarySettings = {
  enabled: true,
  channel: null,
  weekday: 1,
  minuteOfDay: 540,
  timeZone: 'Europe/Berlin',
  locale: 'en',
  quietWeeks: 'post',
}

describe('settings as they are typed', () => {
  const typed: TypedSettings = {
    day: '5',
    time: '16:30',
    timeZone: 'Asia/Kolkata',
    channel: 'models',
    locale: 'de',
    quietWeeks: 'skip',
  }
  const read = (changes: Partial<TypedSettings>) => readSettings({ ...typed, ...changes }, settings)

  test('are read', () => {
    expect(read({})).toEqual({
      enabled: true,
      weekday: 5,
      minuteOfDay: 990,
      timeZone: 'Asia/Kolkata',
      channel: 'models',
      locale: 'de',
      quietWeeks: 'skip',
    })
  })

  test.each([
    ['9', 540],
    ['09:00', 540],
    ['9.05', 545],
    ['9h30', 570],
    ['0930', 570],
    [' 23:59 ', 1439],
    ['0:00', 0],
  ])('%j is a time', (time, minuteOfDay) => {
    expect(read({ time }).minuteOfDay).toBe(minuteOfDay)
  })

  test.each(['', '24:00', '9:60', '9:5', 'nine', '-1', '9 am', '12345', '9:00:00'])('%j is none', time => {
    expect(() => read({ time })).toThrow(expect.objectContaining({ problem: { code: 'time_bad', time } }))
  })

  test.each(['Europe/Atlantis', '', '+01:00', 'Berlin; DROP TABLE'])('%j is no time zone', timeZone => {
    expect(() => read({ timeZone })).toThrow(
      expect.objectContaining({ problem: { code: 'time_zone_unknown', timeZone } }),
    )
  })

  test.each(['0', '8', 'Monday', ''])('%j is no day', day => {
    expect(() => read({ day })).toThrow(
      expect.objectContaining({ problem: { code: 'option_bad', option: 'day', value: day } }),
    )
  })

  test('can be never, and then the day stays for later', () => {
    expect(read({ day: 'never' })).toMatchObject({ enabled: false, weekday: 1 })
  })

  test('that are no choice stay as they were; no channel is the busiest one', () => {
    expect(read({ locale: 'fr', quietWeeks: 'perhaps', channel: '  ' })).toMatchObject({
      locale: 'en',
      quietWeeks: 'post',
      channel: null,
    })
  })
})

function sectionOf(summary: Summary, locale: Locale, title: string) {
  return summarySections(summary, textFor(locale)).find(section => section.title === title)
}

function numbersIn(value: unknown): number[] {
  if (typeof value === 'number') return [value]
  if (value === null || typeof value !== 'object') return []
  return Object.values(value).flatMap(numbersIn)
}
