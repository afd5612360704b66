import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Grouping } from '../../src/cli/grouping.ts'
import { BadVote, type ReadVote, readVote } from '../../src/cli/vote-json.ts'
import { VoteLines } from '../../src/cli/vote-lines.ts'
import { type Cluster, type Tallies, tallyOf, type Vote } from '../../src/core/rating/index.ts'

const encoder = new TextEncoder()

describe('a line', () => {
  test.each([
    ['{"model_a":"x","model_b":"y","winner":"model_a"}', ['x', 'y'], { winner: 'x' }],
    ['{"model_a":"x","model_b":"y","winner":"model_b"}', ['x', 'y'], { winner: 'y' }],
    ['{"model_a":"x","model_b":"y","winner":"tie"}', ['x', 'y'], 'tie'],
    ['{"winner":"tie (bothbad)","model_b":"y","model_a":"x","turn":1,"anony":true}', ['x', 'y'], 'both_bad'],
    [' { "model_a" : "x\\u00e9" , "model_b" : "日本", "winner" : "model_a" } \r', ['xé', '日本'], { winner: 'xé' }],
    ['{"models":["x","y","z"],"winner":"z"}', ['x', 'y', 'z'], { winner: 'z' }],
    ['{"models":["x","y","z"],"winner":"model_c"}', ['x', 'y', 'z'], { winner: 'z' }],
    ['{"models":["model_b","y"],"winner":"model_b"}', ['model_b', 'y'], { winner: 'model_b' }],
    ['{"models":["x","y","z"],"winner":"tie (bothbad)"}', ['x', 'y', 'z'], 'both_bad'],
    ['{"model_a":"x","model_b":"x","winner":"model_b"}', ['x'], { winner: 'x' }],
    ['{"models":["x"],"winner":"x"}', ['x'], { winner: 'x' }],
  ] as const)('%s', (line, models, choice) => {
    const expected = tallyOf([{ models, choice, comparison: null, voter: null }])
    expect(canonical(read(line).tallies)).toEqual(canonical(expected))
  })

  test.each([
    ['x', 'not_json', ''],
    ['{"model_a":"x","model_b":"y","winner":"tie"', 'not_json', ''],
    ['["x"]', 'not_an_object', ''],
    ['null', 'not_an_object', ''],
    ['{"model_b":"y","winner":"tie"}', 'field_missing', 'model_a'],
    ['{"model_a":"x","model_b":"y"}', 'field_missing', 'winner'],
    ['{"model_a":7,"model_b":"y","winner":"tie"}', 'not_a_name', 'model_a'],
    ['{"model_a":"x","model_b":"","winner":"tie"}', 'not_a_name', 'model_b'],
    ['{"model_a":"x","model_b":"y","winner":"Tie"}', 'winner_unknown', 'Tie'],
    ['{"model_a":"x","model_b":"y","winner":["model_a"]}', 'winner_unknown', '["model_a"]'],
    ['{"model_a":"x","model_b":"y","winner":"tie","judge":["gpt"]}', 'not_a_name', 'judge'],
    ['{"model_a":"x","model_b":"y","winner":"tie","question_id":12345678901234567890}', 'not_exact', 'question_id'],
    ['{"models":["x","y","x"],"winner":"y"}', 'model_twice', 'x'],
    ['{"models":["x","y"],"winner":"model_c"}', 'winner_unknown', 'model_c'],
    ['{"models":[],"winner":"tie"}', 'models_empty', ''],
    ['{"models":"x","winner":"tie"}', 'not_a_name', 'models'],
  ])('%s is named as %s', (line, code, what) => {
    const { lines } = read(`{"model_a":"x","model_b":"y","winner":"tie"}\n${line}`)
    expect(lines.bad).toEqual([{ line: 2, problem: { code, what } }])
  })

  test('that is not UTF-8 is named too', () => {
    const lines = new VoteLines(new Grouping())
    lines.push(Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x7d, 0x0a))
    expect(lines.bad).toEqual([{ line: 1, problem: { code: 'not_utf8', what: '' } }])
  })

  test('of white space is no vote and no mistake', () => {
    const { lines, tallies } = read('\n  \n\r\n{"model_a":"x","model_b":"y","winner":"tie"}\n\n')
    expect(lines.badCount).toBe(0)
    expect(tallies.comparisons).toHaveLength(1)
  })

  test('the first ten bad lines are named, all are counted', () => {
    const { lines } = read('{}\n'.repeat(12))
    expect(lines.badCount).toBe(12)
    expect(lines.bad.map(({ line }) => line)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  })

  test('repeats no more than a little of the file in a message', () => {
    const { lines } = read(`{"model_a":"x","model_b":"y","winner":"${'z'.repeat(999)}"}`)
    expect(lines.bad[0]?.problem.what).toHaveLength(41)
  })
})

describe('a comparison', () => {
  const vote = (rest: string, models = '"model_a":"x","model_b":"y"') => `{${models},"winner":"tie"${rest}}\n`
  const comparisons = (text: string) => read(text).tallies.comparisons.reduce((sum, { times }) => sum + times, 0)

  test.each([
    ['a question and its models', vote(',"question_id":1') + vote(',"question_id":1'), 1],
    ['whatever their order', vote(',"question_id":1') + vote(',"question_id":1', '"model_a":"y","model_b":"x"'), 1],
    ['other models are another', vote(',"question_id":1') + vote(',"question_id":1', '"models":["x","y","z"]'), 2],
    [
      'the battle goes before the question',
      vote(',"battle":1,"question_id":1') + vote(',"battle":2,"question_id":1'),
      2,
    ],
    ['7 and "7" are the same', vote(',"question_id":7') + vote(',"question_id":"7"'), 1],
    ['7 and 7.5 are not', vote(',"question_id":7') + vote(',"question_id":7.5'), 2],
    ['nothing named: each vote by itself', vote('') + vote(',"question_id":null') + vote(',"question_id":""'), 3],
    ['an empty battle is none', vote(',"battle":"","question_id":1').repeat(3), 1],
  ])('%s', (_, text, count) => {
    expect(comparisons(text)).toBe(count)
  })
})

describe('the fast way through the bytes', () => {
  const name = fc.oneof(
    fc.constantFrom(
      'gpt',
      'qwen/qwen-max',
      'a',
      'abcd',
      'model_a',
      'ü',
      '模型',
      'x"y',
      'back\\slash',
      'tie',
      'e\u0301',
    ),
    fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' }),
  )
  const id = fc.oneof(
    fc.nat(20),
    fc.constantFrom('1', '07', 'q-1', '', 'ß', '12345'),
    fc.constant(1.5),
    fc.constant(null),
  )
  const winner = fc.constantFrom('model_a', 'model_b', 'tie', 'tie (bothbad)')
  const other = fc.oneof(
    fc.double({ noNaN: true }),
    fc.boolean(),
    fc.constant(null),
    fc.string(),
    fc.constant([1, { a: 2 }]),
  )
  const object = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record(
        { model_a: name, model_b: name, winner, judge: id, question_id: id },
        { requiredKeys: ['model_a', 'model_b', 'winner'] },
      ),
    },
    {
      weight: 2,
      arbitrary: fc.record({ extra: other, battle: id, winner, model_b: name, tstamp: other, model_a: name }),
    },
    {
      weight: 1,
      arbitrary: fc
        .uniqueArray(name, { minLength: 1, maxLength: 4 })
        .map(models => ({ models, winner: models.at(-1), judge: 'J' })),
    },
  )
  const written = fc.tuple(object, fc.constantFrom(0, 0, 0, 1)).map(([value, spaced]) => {
    const json = JSON.stringify(value)
    return spaced ? json.replaceAll('":', '": ').replaceAll(',"', ', "') : json
  })
  /** Mostly lines of one layout in a row: that is when the fast way is taken. */
  const blocks = fc
    .array(fc.tuple(written, fc.integer({ min: 1, max: 4 })), { maxLength: 12 })
    .map(lines => lines.flatMap(([line, times]) => Array<string>(times).fill(line)))
  const damaged = fc
    .tuple(
      blocks,
      fc.array(
        fc.tuple(
          fc.nat(),
          fc.nat(),
          fc.constantFrom('"', '\\', '}', ',', '0', '1', 'e', '-', ' ', 'a', '\u0001', 'é', ''),
        ),
      ),
    )
    .map(([lines, damages]) => {
      const result = [...lines]
      for (const [at, place, sign] of damages) {
        const index = at % Math.max(1, result.length)
        const line = result[index]
        if (line === undefined) continue
        const cut = place % line.length
        // A sign cut in half could not be written to a file.
        result[index] = `${line.slice(0, cut)}${sign}${line.slice(cut + 1)}`.toWellFormed()
      }
      return result
    })

  test('reads what JSON.parse reads, however the chunks are cut', () => {
    fc.assert(
      fc.property(blocks, fc.integer({ min: 1, max: 300 }), (lines, chunk) => {
        const found = read(lines.join('\n'), chunk)
        expect(found.lines.bad).toEqual([])
        expect(canonical(found.tallies)).toEqual(canonical(slowly(lines).tallies))
      }),
      { seed: 1, numRuns: 400 },
    )
  })

  test('refuses what JSON.parse refuses, and reads the rest', () => {
    fc.assert(
      fc.property(damaged, lines => {
        const found = read(lines.join('\n'))
        const right = slowly(lines)
        expect(found.lines.bad.map(({ line }) => line)).toEqual(right.bad.slice(0, 10))
        expect(found.lines.badCount).toBe(right.bad.length)
        expect(canonical(found.tallies)).toEqual(canonical(right.tallies))
      }),
      { seed: 2, numRuns: 1000 },
    )
  })

  test.each([
    '01',
    '-1',
    '1.',
    '1e',
    '.5',
    '1e5',
    '0',
    '00',
    '999999999999999',
    '9999999999999999',
    'true',
    'nul',
    '""',
    '+1',
  ])('takes %s for an id and for any other value as JSON does', value => {
    const line = (given: string) =>
      `{"model_a":"x","model_b":"y","winner":"tie","question_id":${given},"other":${given}}`
    const lines = [line('1'), line(value), line('1'), line(value)]
    const right = slowly(lines)
    const found = read(lines.join('\n'))
    expect(found.lines.badCount).toBe(right.bad.length)
    expect(canonical(found.tallies)).toEqual(canonical(right.tallies))
  })
})

test.each([
  'model_c',
  'model_a ',
  'model_',
  'model_b\\u0020',
  'mode',
  'tie ',
  'ties',
  'tie (bothbad',
  'tie (bothbad) ',
  'TIE',
  'xxxexxa',
  '',
  '\\u0074ie',
])('a winner that is nearly one is what JSON.parse says: "%s"', winner => {
  const line = (given: string) => `{"winner":"${given}","model_a":"x","model_b":"y"}`
  const lines = [line('tie'), line(winner), line('model_a')]
  const right = slowly(lines)
  const found = read(lines.join('\n'))
  expect(found.lines.bad.map(({ line }) => line)).toEqual(right.bad)
  expect(canonical(found.tallies)).toEqual(canonical(right.tallies))
})

test('groups votes on hundreds of models as the plain way does', () => {
  const votes = Array.from({ length: 1000 }, (_, index) => {
    const a = (index * 7919) % 311
    const b = (a + 1 + ((index * 31) % 200)) % 311
    return `{"model_a":"m${a}","model_b":"m${b}","winner":"model_${index % 3 === 0 ? 'a' : 'b'}","judge":"j${index % 17}","question_id":${index % 400}}`
  })
  expect(canonical(read(votes.join('\n'), 997).tallies)).toEqual(canonical(slowly(votes).tallies))
})

function read(text: string, chunkSize = 1 << 16): { lines: VoteLines; tallies: Tallies } {
  const grouping = new Grouping()
  const lines = new VoteLines(grouping)
  const bytes = encoder.encode(text)
  for (let at = 0; at < bytes.length; at += chunkSize) lines.push(bytes.subarray(at, at + chunkSize))
  lines.finish()
  return { lines, tallies: grouping.tallies(true) }
}

/** By JSON.parse and the core's own grouping. */
function slowly(lines: readonly string[]): { bad: number[]; tallies: Tallies } {
  const bad: number[] = []
  const votes = lines.flatMap((line, index): Vote[] => {
    if (line.trim() === '') return []
    try {
      return [voteOf(readVote(line))]
    } catch (error) {
      if (!(error instanceof BadVote)) throw error
      bad.push(index + 1)
      return []
    }
  })
  return { bad, tallies: tallyOf(votes) }
}

function voteOf({ models, choice, question, judge }: ReadVote): Vote {
  const winner = models[choice]
  return {
    models: [...new Set(models)],
    choice: winner !== undefined ? { winner } : choice === -1 ? 'tie' : 'both_bad',
    comparison: question,
    voter: judge,
  }
}

/** The same for equal tallies, in whatever order they were grouped. */
function canonical({ comparisons, voters }: Tallies) {
  const clusters = (given: readonly Cluster[]) =>
    given.map(({ times, votes }) => JSON.stringify([times, votes.map(row => JSON.stringify(row)).sort()])).sort()
  return {
    comparisons: clusters(comparisons),
    known: voters.known,
    busiest: voters.busiest && [voters.busiest.voter, voters.busiest.votes.map(row => JSON.stringify(row)).sort()],
    voters: clusters(voters.clusters),
  }
}
