import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { type OpenStore, openStore } from '../../src/store/index.ts'
import { createDatabase } from '../services/database.ts'
import { silence } from './silence.ts'

const onFatal = (error: Error) => expect.unreachable(error.message)

/** Whoever writes, and by whatever statement: each goes past the store, straight to the tables. */
describe.each(['a server', 'the embedded database'])('tallies on %s', place => {
  let opened: OpenStore
  let close: () => Promise<void>
  beforeAll(async () => {
    if (place === 'a server') {
      const database = await createDatabase(inject('postgresUrl'))
      opened = await openStore({ databaseUrl: database.url, log: silence, onFatal })
      close = () => opened.store.close().then(() => database[Symbol.asyncDispose]())
    } else {
      const folder = mkdtempSync(join(tmpdir(), 'faceoff-tallies-'))
      opened = await openStore({ dataDir: folder, log: silence, onFatal })
      close = () => opened.store.close().then(() => rmSync(folder, { recursive: true }))
    }
    await opened.pool.query(`
      INSERT INTO workspace (id, platform, external_id) VALUES ('w', 'discord', 'w');
      INSERT INTO person (id, workspace_id, platform, external_id, name, name_folded)
        SELECT id, 'w', 'discord', id, id, id FROM unnest(ARRAY['ada', 'bob', 'cem']) AS id;`)
    await arrive('one', 'revealed', { ada: 'A', bob: 'A', cem: 'tie' })
    await arrive('two', 'revealed', { ada: 'B' })
    await arrive('three', 'open', { ada: 'A', bob: 'B' })
  })
  afterAll(() => close())

  /** A comparison with its answers and votes, in one transaction, as from a backup. */
  async function arrive(id: string, status: string, votes: Record<string, string>): Promise<void> {
    const closedAt = status === 'open' ? 'NULL' : `'2026-11-23T12:00:00Z'`
    await opened.pool.query(`
      BEGIN;
      INSERT INTO comparison (id, workspace_id, channel, asker_id, prompt, blind, locale, created_at, closes_at, status,
        closed_at) VALUES ('${id}', 'w', 'c', 'ada', 'Why?', true, 'en', '2026-11-23', '2026-11-24', '${status}', ${closedAt});
      INSERT INTO contestant (comparison_id, label, model, status, run, text, first_token_ms)
        SELECT '${id}', label, 'demo/' || lower(label), 'done', 1, 'Because.', 120 FROM unnest(ARRAY['A', 'B']) AS label;
      INSERT INTO vote (comparison_id, workspace_id, voter_id, choice, cast_at)
        SELECT '${id}', 'w', key, value, now() FROM jsonb_each_text('${JSON.stringify(votes)}');
      COMMIT;`)
  }

  const counts = async () => {
    const { ballots } = await opened.store.tallies.read({ workspaceId: 'w', category: null, since: null })
    return ballots.map(({ comparisons, counts }) => [comparisons, ...counts])
  }

  test('count what arrives closed, with its contestants and votes', async () => {
    expect(await counts()).toEqual([[2, 2, 1, 1, 0]])
    expect(await opened.store.tallies.check()).toMatchObject({ wrong: 0 })
  })

  test.each([
    [
      'a vote is changed',
      `UPDATE vote SET choice = 'B' WHERE comparison_id = 'one' AND voter_id = 'ada'`,
      [2, 1, 2, 1, 0],
    ],
    ['a vote is withdrawn', `DELETE FROM vote WHERE comparison_id = 'one' AND voter_id = 'bob'`, [2, 0, 2, 1, 0]],
    [
      'a ballot closes',
      `UPDATE comparison SET status = 'revealed', closed_at = '2026-11-23' WHERE id = 'three'`,
      [3, 1, 3, 1, 0],
    ],
    [
      'a vote is cast late',
      `INSERT INTO vote (comparison_id, voter_id, workspace_id, choice, cast_at) VALUES ('three', 'cem', 'w', 'both_bad', now())`,
      [3, 1, 3, 1, 1],
    ],
    ['a category is put right', `UPDATE comparison SET category = 'coding' WHERE id = 'one'`, [3, 1, 3, 1, 1]],
    ['a voter is forgotten', `DELETE FROM vote WHERE voter_id = 'ada'`, [2, 0, 1, 1, 1]],
    ['a comparison is deleted', `DELETE FROM comparison WHERE id = 'one'`, [1, 0, 1, 0, 1]],
    ['it turns out not to have been blind', `UPDATE comparison SET blind = false WHERE id = 'three'`, undefined],
  ])('are right when %s', async (_, statement, expected) => {
    await opened.pool.query(statement)

    expect(await counts()).toEqual(expected ? [expected] : [])
    expect(await opened.store.tallies.check()).toMatchObject({ wrong: 0 })
  })

  test('notice a row that is wrong, and are rebuilt from the votes', async () => {
    await arrive('four', 'revealed', { ada: 'A', bob: 'B' })
    await opened.pool.query(`UPDATE tally SET comparisons = 7 WHERE category = '*'; DELETE FROM tally_voter`)
    const { wrong } = await opened.store.tallies.check()

    await opened.store.tallies.rebuild()

    expect(wrong).toBeGreaterThan(2)
    expect(await opened.store.tallies.check()).toMatchObject({ wrong: 0 })
    expect(await counts()).toEqual([[1, 1, 1, 0, 0]])
  })

  test('are empty when all votes are gone at once', async () => {
    await opened.pool.query('TRUNCATE vote')

    expect(await counts()).toEqual([])
    expect(await opened.store.tallies.check()).toMatchObject({ wrong: 0 })
  })
})

test('a vote that is being written while its ballot closes is counted, by whichever comes last', async () => {
  await using database = await createDatabase(inject('postgresUrl'))
  const { store, pool } = await openStore({ databaseUrl: database.url, log: silence, onFatal })
  await pool.query(`
    INSERT INTO workspace (id, platform, external_id) VALUES ('w', 'discord', 'w');
    INSERT INTO person (id, workspace_id, platform, external_id, name, name_folded) VALUES ('ada', 'w', 'discord', 'a', 'A', 'a');
    BEGIN;
    INSERT INTO comparison (id, workspace_id, channel, asker_id, prompt, blind, locale, created_at, closes_at)
      VALUES ('c', 'w', 'c', 'ada', 'Why?', true, 'en', now(), now());
    INSERT INTO contestant (comparison_id, label, model, status, run, text)
      SELECT 'c', label, 'demo/' || label, 'done', 1, 'x' FROM unnest(ARRAY['A', 'B']) AS label;
    COMMIT;`)
  const client = await pool.connect()
  await client.query('BEGIN')
  await client.query(
    `INSERT INTO vote (comparison_id, voter_id, workspace_id, choice, cast_at) VALUES ('c', 'ada', 'w', 'A', now())`,
  )

  const closing = store.comparisons.close('c', 'revealed', new Date())
  await client.query('COMMIT')
  client.release()
  await closing

  const { ballots } = await store.tallies.read({ workspaceId: 'w', category: null, since: null })
  expect(ballots).toMatchObject([{ comparisons: 1, counts: [1, 0, 0, 0] }])
  expect((await store.tallies.check()).wrong).toBe(0)
  await store.close()
})
