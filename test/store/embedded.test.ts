import { AsyncLocalStorage } from 'node:async_hooks'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { watch } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface, type Interface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { Kysely, PostgresDialect, sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest'
import { openEmbedded } from '../../src/store/embedded.ts'
import {
  DataFolderInUse,
  DataFolderUnusable,
  DataFolderVersion,
  type OpenStore,
  openStore,
} from '../../src/store/index.ts'
import { type Opened, openPool, type Pool } from '../../src/store/pool.ts'
import { storeContract } from '../contract/store.ts'
import { silence } from './silence.ts'

const onFatal = (error: Error) => expect.unreachable(error.message)

let scratch: string
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'faceoff-embedded-'))
})
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

function folder(name: string): string {
  return join(scratch, name)
}

function open(dataDir: string): Promise<OpenStore> {
  return openStore({ dataDir, log: silence, onFatal })
}

describe('the store on the embedded database', () => {
  storeContract(async () => {
    const { store } = await open(folder('contract'))
    return { store, neighbour: store, close: () => store.close() }
  })
})

describe('the face of a pool', () => {
  let opened: Opened
  let pool: Pool
  beforeAll(async () => {
    opened = await openEmbedded(folder('pool'), { onFatal })
    pool = opened.pool
    await pool.query('CREATE TABLE thing (n int PRIMARY KEY)')
  })
  afterAll(() => opened.close())

  const things = async () => (await pool.query<{ n: number }>('SELECT n FROM thing ORDER BY n')).rows.map(({ n }) => n)

  test('returns the values, counts and errors of a server', async () => {
    const server = openPool(inject('postgresUrl'), { log: silence })
    onTestFinished(() => server.close())
    const values = `SELECT 9007199254740993::bigint AS big, 1.50::numeric AS exact, 1.5::float8 AS float, 7 AS small,
      '2026-11-23T12:00:00.123Z'::timestamptz AS at, '{"a":[1,null]}'::json AS json, '[true]'::jsonb AS jsonb,
      ARRAY['x','y,"z']::text[] AS texts, ARRAY[1,2]::int8[] AS bigs, NULL::text AS nothing, 'ü'::text AS text,
      true AS yes, '\\x00ff'::bytea AS bytes, 'name'::name AS name`
    const parameters = [12n, new Date(0), { a: 1 }, ['p', 'q'], null, true]
    const echo =
      'SELECT $1::bigint AS a, $2::timestamptz AS b, $3::jsonb AS c, $4::text[] AS d, $5::text AS e, $6::bool AS f'
    const failure = (on: Pool, statement: string) =>
      on.query(statement).catch(({ code, message }) => ({ code, message }))

    for (const [statement, given] of [
      [values, []],
      [echo, parameters],
    ] as const) {
      const [here, there] = await Promise.all([pool, server.pool].map(on => on.query(statement, [...given])))
      expect(here?.rows).toEqual(there?.rows)
      expect([here?.command, here?.rowCount]).toEqual([there?.command, there?.rowCount])
    }
    for (const statement of ['SELECT 1/0', 'SELECT nothing', 'SELEC', `SELECT 'x'::int`]) {
      expect(await failure(pool, statement)).toEqual(await failure(server.pool, statement))
    }
  })

  test('puts the queue on the search path', async () => {
    const { rows } = await pool.query('SHOW search_path')
    expect(rows[0].search_path.replaceAll(' ', '')).toBe('public,bullmq')
  })

  test('keeps a transaction to the client that began it', async () => {
    const outside = AsyncLocalStorage.snapshot()
    const client = await pool.connect()
    await client.query('BEGIN')
    await client.query('INSERT INTO thing VALUES (1)')
    const seen = outside(things)
    await client.query('ROLLBACK')
    client.release()

    expect(await seen).not.toContain(1)
  })

  test('refuses a second client inside a transaction, which would wait for itself', async () => {
    const client = await pool.connect()
    await client.query('BEGIN')

    await expect(pool.query('SELECT 1')).rejects.toThrow(/one session/)
    const second = await pool.connect()
    await expect(second.query('SELECT 1')).rejects.toThrow(/one session/)

    await client.query('COMMIT')
    await expect(pool.query('SELECT 1')).resolves.toMatchObject({ rowCount: 1 })
    await expect(second.query('SELECT 1')).resolves.toMatchObject({ rowCount: 1 })
    client.release()
    second.release()
  })

  test("refuses it inside Kysely's transactions too", async () => {
    const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) })

    const nested = db.transaction().execute(async transaction => {
      await sql`INSERT INTO thing VALUES (2)`.execute(transaction)
      await sql`SELECT 1`.execute(db)
    })

    await expect(nested).rejects.toThrow(/one session/)
    expect(await things()).not.toContain(2)
  })

  test('lets many transactions take turns', async () => {
    await pool.query('CREATE TABLE counter AS SELECT 0 AS n')

    await Promise.all(
      Array.from({ length: 20 }, async () => {
        const client = await pool.connect()
        await client.query('BEGIN')
        const { rows } = await client.query('SELECT n FROM counter')
        await client.query('UPDATE counter SET n = $1', [rows[0].n + 1])
        await client.query('COMMIT')
        client.release()
      }),
    )

    expect((await pool.query('SELECT n FROM counter')).rows).toEqual([{ n: 20 }])
  })

  test('rolls back what a client left open, and a failed transaction gives the turn back', async () => {
    const forgetful = await pool.connect()
    await forgetful.query('BEGIN')
    await forgetful.query('INSERT INTO thing VALUES (3)')
    forgetful.release()
    const failing = await pool.connect()
    await failing.query('BEGIN')
    await expect(failing.query('SELECT 1/0')).rejects.toThrow('division by zero')
    await expect(failing.query('SELECT 1')).rejects.toThrow(/aborted/)
    expect((await failing.query('COMMIT')).command).toBe('ROLLBACK')
    failing.release()

    expect(await things()).not.toContain(3)
    await expect(failing.query('SELECT 1')).rejects.toThrow(/released/)
  })

  test('brings notifications to its clients once they are committed', async () => {
    const listener = await pool.connect()
    await listener.query('LISTEN news')
    const heard = new Promise(resolve => listener.on('notification', ({ payload }) => resolve(payload)))
    const sender = await pool.connect()
    await sender.query('BEGIN')
    await sender.query(`NOTIFY news, 'first, but rolled back'`)
    await sender.query('ROLLBACK')
    await sender.query(`NOTIFY news, 'second'`)

    expect(await heard).toBe('second')
    sender.release()
    listener.release()
  })
})

describe('the data folder', () => {
  test('is refused to a second process, which is told who has it', async () => {
    const { store } = await open(folder('shared'))

    const second = start('shared')
    const [code] = await once(second.process, 'exit')

    expect(code).toBe(1)
    expect(await second.errors).toContain(`${folder('shared')} is in use by process ${process.pid}`)
    await expect(open(folder('shared'))).rejects.toThrow(DataFolderInUse)
    await store.ping()
    await store.close()
    const { store: next } = await open(folder('shared'))
    await next.close()
  })

  test('keeps every acknowledged row through kill -9, and is free again at once', async () => {
    const acknowledged: string[] = []
    for (const round of ['first', 'second', 'third', 'fourth']) {
      const child = start('killed', round)
      for await (const line of child.lines) {
        if (line !== 'open') acknowledged.push(line)
        if (line === `${round}-25`) child.process.kill('SIGKILL')
      }
    }

    const { store } = await open(folder('killed'))

    expect(acknowledged.length).toBeGreaterThanOrEqual(4 * 26)
    const values = await Promise.all(acknowledged.map(name => store.settings.get(name)))
    expect(new Set(values)).toEqual(new Set(['stored']))
    await store.close()
  })

  test.each([1, 30, 60])('opens after kill -9 in the very first start, %d changes in', async changesSeen => {
    const name = `interrupted-${changesSeen}`
    mkdirSync(folder(name))
    const watching = new AbortController()
    const child = start(name)
    const gone = once(child.process, 'exit')

    // A busy machine may miss changes; by the time the child has opened the folder there are no more to come.
    const opened = once(child.lines, 'line')
    await Promise.race([seesChanges(folder(name), changesSeen, watching.signal), opened])
    watching.abort()
    child.process.kill('SIGKILL')
    await gone

    const { store } = await open(folder(name))
    await store.ping()
    await store.close()
  })

  test('works below a folder of mode 700, and lets nobody else in', async () => {
    mkdirSync(folder('private'))
    chmodSync(folder('private'), 0o700)

    const { store } = await open(folder('private/data'))

    expect(statSync(folder('private/data')).mode & 0o777).toBe(0o700)
    await store.close()
  })

  test('that the system does not let us use is refused with its code', async () => {
    writeFileSync(folder('file'), '')

    const refusal = open(folder('file'))

    await expect(refusal).rejects.toThrow(DataFolderUnusable)
    await expect(refusal).rejects.toMatchObject({ folder: folder('file'), code: 'EEXIST' })
  })

  test('of another major version is refused with what to do', async () => {
    const { store, version } = await open(folder('old'))
    await store.close()
    writeFileSync(folder('old/database/PG_VERSION'), '17\n')

    const refusal = open(folder('old'))

    await expect(refusal).rejects.toThrow(DataFolderVersion)
    await expect(refusal).rejects.toThrow(`PostgreSQL 17, and this version of Faceoff has PostgreSQL ${major(version)}`)
    writeFileSync(folder('old/database/PG_VERSION'), `${major(version)}\n`)
    const again = await open(folder('old'))
    await again.store.close()
  })
})

test('dead rows are cleared away from time to time', async () => {
  const { pool, close } = await openEmbedded(folder('vacuumed'), { onFatal, vacuumEveryMs: 20 })
  await pool.query('CREATE TABLE thing AS SELECT n FROM generate_series(1, 10000) AS n')
  const size = async () => (await pool.query(`SELECT pg_relation_size('thing')::int AS bytes`)).rows[0].bytes

  await pool.query('DELETE FROM thing')

  await expect.poll(size, { timeout: 10_000 }).toBe(0)
  await close()
})

test('the death of the database is told, and nobody waits for a dead one', async () => {
  const deaths: Error[] = []
  const { pool, close } = await openEmbedded(folder('dying'), { onFatal: error => deaths.push(error) })
  await pool.query('CREATE TABLE thing (n int)')
  rmSync(folder('dying/database/pg_wal'), { recursive: true })

  await pool.query('SELECT pg_switch_wal()').catch(() => {})
  await pool.query('INSERT INTO thing VALUES (1)').catch(() => {})

  expect(deaths).toHaveLength(1)
  await expect(pool.query('SELECT 1')).rejects.toThrow('has died')
  await close()
})

function major(version: string): string {
  return version.split('.')[0] ?? ''
}

/** Another process that opens the folder and writes to it. It is killed when the test is over. */
function start(name: string, prefix = 'row'): { process: ChildProcess; lines: Interface; errors: Promise<string> } {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'embedded.child.ts'), folder(name), prefix], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  return { process: child, lines: createInterface(child.stdout), errors: text(child.stderr) }
}

async function seesChanges(path: string, wanted: number, signal: AbortSignal): Promise<void> {
  let seen = 0
  try {
    for await (const { filename } of watch(path, { recursive: true, signal })) {
      if (filename?.startsWith('database.new') && ++seen === wanted) return
    }
  } catch (error) {
    if (!signal.aborted) throw error
  }
}
