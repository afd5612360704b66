/** What the command line does with the votes of a database: on a server, in a folder, and while the app has it open. */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text as allOf } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { type OpenStore, openStore } from '../../src/store/index.ts'
import { environment, run } from '../app/process.ts'
import { hold, newTeam } from '../contract/ballots.ts'
import { createDatabase } from '../services/database.ts'
import { silence } from '../store/silence.ts'

const root = join(import.meta.dirname, '../..')
const onFatal = (error: Error) => expect.unreachable(error.message)

let scratch: string
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'faceoff-votes-'))
})
afterAll(() => rmSync(scratch, { recursive: true }))

async function fill({ store, pool }: OpenStore): Promise<void> {
  const team = await newTeam(store, 3)
  const [x, y, z] = ['demo/x', 'demo/y', 'other/z'] as const
  await hold(team, {
    models: [x, y],
    category: 'coding',
    votes: [
      { by: 0, choice: 'B' },
      { by: 1, choice: 'tie' },
    ],
  })
  await hold(team, {
    models: [z, x, y],
    votes: [
      { by: 0, choice: 'A' },
      { by: 2, choice: 'both_bad' },
    ],
  })
  await hold(team, { models: [x, y], votes: [{ by: 0, choice: 'A' }], end: 'open' })
  await pool.query(`UPDATE tally SET comparisons = 9 WHERE category = 'coding'`)
}

const expected = [
  { model_a: 'demo/x', model_b: 'demo/y', winner: 'model_b', judge: 'voter-1', category: 'coding' },
  { model_a: 'demo/x', model_b: 'demo/y', winner: 'tie', judge: 'voter-2' },
  { models: ['other/z', 'demo/x', 'demo/y'], winner: 'model_a', judge: 'voter-1' },
  { models: ['other/z', 'demo/x', 'demo/y'], winner: 'tie (bothbad)', judge: 'voter-3' },
]

async function exportsMendsAndChecks(settings: Record<string, string>): Promise<void> {
  const wrong = await faceoff(['tallies', '--check'], settings)
  const rebuilt = await faceoff(['tallies', '--rebuild'], settings)
  const right = await faceoff(['tallies', '--check'], settings)
  const written = await faceoff(['export', '--format', 'fastchat'], settings)
  const rated = await faceoff(['rate', '-', '--json'], {}, written.out)

  expect(wrong).toMatchObject({ code: 1, out: '' })
  expect(wrong.err).toMatch(/^\d+ rows do not agree with the votes, of \d+\./)
  expect(rebuilt).toMatchObject({ code: 0, err: '', out: expect.stringMatching(/^Counted anew: \d+ rows\.\n$/) })
  expect(right).toMatchObject({ code: 0, err: '', out: expect.stringMatching(/^\d+ rows agree with the votes\.\n$/) })
  expect(written).toMatchObject({ code: 0, err: '' })
  expect(written.out.endsWith('}\n')).toBe(true)
  const lines = written.out
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line))
  expect(lines).toMatchObject(expected)
  expect(new Set(lines.map(line => line.question_id)).size).toBe(2)
  expect(JSON.parse(rated.out)).toMatchObject({ votes: 4, comparisons: 2, voters: 3 })
}

describe('votes on a server', () => {
  test('are exported, and their tallies checked and counted anew', async () => {
    await using database = await createDatabase(inject('postgresUrl'))
    const opened = await openStore({ databaseUrl: database.url, log: silence, onFatal })
    await fill(opened)

    await exportsMendsAndChecks({ DATABASE_URL: database.url })

    await opened.store.close()
  })

  test('that cannot be reached are one sentence', async () => {
    const { code, err } = await faceoff(['export'], { DATABASE_URL: 'postgres://localhost:1/nothing', LANG: 'de_DE' })

    expect({ code, err }).toEqual({
      code: 1,
      err: 'Die Datenbank in DATABASE_URL ist nicht erreichbar. Prüfe die Adresse, und ob der Server läuft.\n',
    })
  })
})

describe('votes in a folder', () => {
  test('are exported and mended, also while the app has them open', async () => {
    const folder = join(scratch, 'data')
    const opened = await openStore({ dataDir: folder, log: silence, onFatal })
    await fill(opened)
    await opened.store.close()
    await using app = await run({ DATA_DIR: folder })

    await exportsMendsAndChecks({ DATA_DIR: folder })

    expect(statSync(join(folder, 'door.json')).mode & 0o777).toBe(0o600)
    const url = `${app.url}/local/votes`
    expect((await fetch(url)).status).toBe(404)
    expect((await fetch(url, { headers: { authorization: 'Bearer guessed' } })).status).toBe(404)
    await app.stop()
    expect(await faceoff(['tallies', '--check'], { DATA_DIR: folder })).toMatchObject({ code: 0 })
  })

  test('that is not there yet are one sentence, and nothing is made', async () => {
    const folder = join(scratch, 'nothing')

    const { code, err } = await faceoff(['tallies', '--check'], { DATA_DIR: folder })

    expect({ code, err }).toEqual({
      code: 1,
      err: `There is no database in ${folder} yet: it is made when Faceoff first starts.\n`,
    })
    expect(statSync(folder, { throwIfNoEntry: false })).toBeUndefined()
  })
})

test.each([
  [['tallies'], 'Say either --check or --rebuild.'],
  [['tallies', '--check', '--rebuild'], 'Say either --check or --rebuild.'],
  [['export', '--format', 'csv'], 'no format “csv”'],
  [['export', '--out', 'x'], '“--out” is no option'],
])('%j explains itself', async (args, sentence) => {
  const { code, out, err } = await faceoff(args, {})
  expect({ code, out }).toEqual({ code: 2, out: '' })
  expect(err).toContain(sentence)
})

/** Runs the real command line, beside no `.env`. */
async function faceoff(args: readonly string[], settings: Record<string, string>, input = '') {
  const child = spawn(process.execPath, [join(root, 'src/faceoff.js'), ...args], {
    cwd: scratch,
    env: environment(settings),
  })
  child.stdin.end(input)
  const exited = new Promise<number | null>(resolve => child.once('close', resolve))
  const [out, err, code] = await Promise.all([allOf(child.stdout), allOf(child.stderr), exited])
  return { code, out, err }
}
