import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text as allOf } from 'node:stream/consumers'
import { stripVTControlCharacters } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { widthOf } from '../../src/core/text/width.ts'

const root = join(import.meta.dirname, '../..')
const real = join(root, '../shared/data/pandalm_human.jsonl')
const fewVotes = [
  '{"model_a":"qwen","model_b":"gpt","winner":"model_a","judge":"Ada","question_id":1}',
  '{"model_a":"qwen","model_b":"gpt","winner":"model_a","judge":"Ben","question_id":1}',
  '{"model_a":"gpt","model_b":"qwen","winner":"model_a","judge":"Ada","question_id":2}',
  '{"models":["gpt","qwen","llama"],"winner":"qwen","judge":"Ada","question_id":3}',
  '{"models":["gpt","qwen","llama"],"winner":"tie (bothbad)","judge":"Ben","question_id":3}',
]

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'faceoff-rate-'))
})

afterAll(async () => {
  await rm(folder, { recursive: true })
})

describe('faceoff rate --json', () => {
  test('prints ratings, pairs and components', async () => {
    const { code, out, err } = await faceoff(['rate', await file('few', fewVotes), '--json'])

    expect({ code, err }).toEqual({ code: 0, err: '' })
    const printed = JSON.parse(out)
    expect(printed).toMatchObject({
      mode: 'team',
      votes: 5,
      comparisons: 3,
      voters: 2,
      components: [['qwen', 'llama', 'gpt']],
    })
    expect(printed.models[0]).toMatchObject({
      model: 'qwen',
      rank: 1,
      votes: 5,
      comparisons: 3,
      wins: 3,
      both_bad: 1,
      provisional: true,
    })
    expect(Object.keys(printed.models[0])).toEqual(
      expect.arrayContaining(['model', 'rating', 'lower', 'upper', 'rank', 'votes', 'provisional']),
    )
    expect(printed.pairs.map(({ a, b }: { a: string; b: string }) => [a, b])).toEqual([
      ['qwen', 'llama'],
      ['qwen', 'gpt'],
      ['llama', 'gpt'],
    ])
    expect(Object.keys(printed.pairs[0])).toEqual(['a', 'b', 'p_a_better', 'difference', 'lower', 'upper'])
    expect(printed.busiest_voter).toMatchObject({ voter: 'Ada', votes: 3, share: 0.6 })
    expect(printed.sentence).toMatch(/\.$/)
  })

  test.each(['team', 'arena'])(
    'prints the same bytes twice in %s mode, from a file and from standard input',
    async mode => {
      const path = await file('twice', fewVotes)
      const first = await faceoff(['rate', path, '--json', '--mode', mode])
      const second = await faceoff(['rate', '-', `--mode=${mode}`, '--json'], { input: fewVotes.join('\n') })
      expect(first.out).toBe(second.out)
      expect(JSON.parse(first.out).mode).toBe(mode)
    },
  )

  test('answers for no votes at all', async () => {
    const { code, out } = await faceoff(['rate', '-', '--json'], { input: '' })
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({
      votes: 0,
      models: [],
      pairs: [],
      components: [],
      sentence: expect.stringMatching(/no votes/),
    })
  })

  test.skipIf(!existsSync(real))(
    'rates the real votes in arena mode (skipped where ../shared is not beside us)',
    async () => {
      const { out } = await faceoff(['rate', real, '--mode', 'arena', '--json'])
      expect(JSON.parse(out).models[0]).toMatchObject({
        model: 'llama-7b',
        rating: 1120.805462,
        rank: 1,
        votes: 1263,
        provisional: false,
      })
    },
  )
})

describe('faceoff rate', () => {
  test('prints a table whose columns stand under each other, and one sentence', async () => {
    const votes = [
      '{"models":["模型一","🦙 llama","e\u0301clair"],"winner":"🦙 llama"}',
      '{"model_a":"模型一","model_b":"🦙 llama","winner":"tie"}',
    ]
    const { out } = await faceoff(['rate', await file('wide', votes)])
    const [table = '', notes = ''] = out.split('\n\n')
    expect(new Set(table.split('\n').map(widthOf)).size).toBe(1)
    expect(table).toContain('🦙 llama*')
    expect(notes).toMatch(/^\S.*\.$/m)
  })

  test('speaks German where the environment does', async () => {
    const { out } = await faceoff(['rate', await file('few', fewVotes)], { env: { LANG: 'de_DE.UTF-8' } })
    expect(out).toMatch(/Rang +Modell +Wertung/)
    expect(out).toMatch(/vorläufig/)
  })

  test('sets islands apart', async () => {
    const votes = ['a b', 'b a', 'c d', 'd c'].map(pair => {
      const [a, b] = pair.split(' ')
      return JSON.stringify({ model_a: a, model_b: b, winner: 'model_a' })
    })
    const { out } = await faceoff(['rate', await file('islands', votes)])
    expect(out).toMatch(/Group 1\n[\s\S]*Group 2\n/)
    expect(out).toMatch(/2 groups of models that never met/)
  })

  test('shows no control characters of a file on the terminal', async () => {
    const votes = ['{"model_a":"\\u001b[2Jx","model_b":"y\\n","winner":"tie"}']
    const { out } = await faceoff(['rate', await file('control', votes)])
    expect(stripVTControlCharacters(out)).toBe(out)
    expect(out).toContain('\ufffd[2Jx*')
  })
})

describe('a file that is not all votes', () => {
  test('fails as a whole and names the bad lines by number', async () => {
    const votes = [...fewVotes, 'oops', ...fewVotes, '{"model_a":"x","model_b":"y","winner":"z"}']
    const { code, out, err } = await faceoff(['rate', await file('bad', votes), '--json'])
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(err).toContain('2 lines are no votes')
    expect(err).toMatch(/line 6: not valid JSON\n.*line 12: the winner “z”/)
  })

  test('names the first ten of many, and how many more there are', async () => {
    const { code, err } = await faceoff(['rate', '-'], { input: '{}\n'.repeat(25) })
    expect(code).toBe(1)
    expect(err.match(/line \d+:/g)).toHaveLength(10)
    expect(err).toContain('25 lines are no votes')
    expect(err).toContain('and 15 more')
  })

  test.each([
    ['a missing file', 'nowhere.jsonl', 'ENOENT'],
    ['a folder', '.', 'EISDIR'],
  ])('%s is one sentence', async (_, name, reason) => {
    const { code, err } = await faceoff(['rate', join(folder, name)])
    expect(code).toBe(1)
    expect(err).toMatch(new RegExp(`cannot be read \\(${reason}\\)\\.\n$`))
  })
})

describe('a wrong call', () => {
  test.each([
    [['rate'], 'Name one file'],
    [['rate', 'a', 'b'], 'Name one file'],
    [['rate', 'a', '--mode', 'elo'], 'no mode “elo”'],
    [['rate', 'a', '--fast'], '“--fast” is no option'],
    [['rank'], 'no command “rank”'],
    [['constructor'], 'no command “constructor”'],
    [[], 'Usage'],
  ])('%j explains itself and shows the usage', async (args, sentence) => {
    const { code, out, err } = await faceoff(args)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain(sentence)
    expect(err).toContain('Usage: npm run -s faceoff -- rate')
  })

  test.each([[['--help']], [['rate', '--help']]])('%j is none', async args => {
    const { code, out, err } = await faceoff(args)
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toContain('Usage: npm run -s faceoff -- rate')
  })
})

async function file(name: string, lines: readonly string[]): Promise<string> {
  const path = join(folder, `${name}.jsonl`)
  await writeFile(path, lines.join('\n'))
  return path
}

/** Runs the real command line, in English unless `env` says otherwise. */
async function faceoff(args: readonly string[], { input, env }: { input?: string; env?: Record<string, string> } = {}) {
  const child = spawn(process.execPath, [join(root, 'src/faceoff.js'), ...args], {
    env: { PATH: process.env.PATH, LANG: 'C', ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  child.stdin.end(input ?? '')
  const exited = new Promise<number | null>(resolve => child.once('close', resolve))
  const [out, err, code] = await Promise.all([allOf(child.stdout), allOf(child.stderr), exited])
  return { code, out, err }
}
