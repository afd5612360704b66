import { Client } from 'pg'
import { expect, inject, test } from 'vitest'
import { openStore } from '../src/store/index.ts'
import { createDatabase } from './services/database.ts'
import { silence } from './store/silence.ts'
test('x', async () => {
  await using database = await createDatabase(inject('postgresUrl'))
  const { store } = await openStore({ databaseUrl: database.url, log: silence, onFatal: () => {} })
  const other = new Client({ connectionString: database.url })
  await other.connect()
  await other.query("BEGIN; LOCK TABLE setting IN ACCESS EXCLUSIVE MODE")
  const waiting = store.settings.get('x').then(() => 'fine', e => e.problem.code)
  await expect.poll(async () => (await other.query("SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")).rows[0].n).toBe(1)
  await other.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
  expect(await waiting).toBe('internal')
  await other.query('ROLLBACK')
  await other.end()
  await store.settings.get('x')
  await store.close()
})
