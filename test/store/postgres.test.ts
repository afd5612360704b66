import { Client } from 'pg'
import { v7 as newId } from 'uuid'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import type { FeedEvent, Log, Store } from '../../src/core/ports.ts'
import { DatabaseUnreachable, NewerSchema, type OpenStore, openStore, RightsMissing } from '../../src/store/index.ts'
import { storeContract } from '../contract/store.ts'
import { createDatabase } from '../services/database.ts'
import { startPostgres } from '../services/postgres.ts'
import { silence } from './silence.ts'

function open(databaseUrl: string, log: Log = silence): Promise<OpenStore> {
  return openStore({ databaseUrl, log, onFatal: error => expect.unreachable(error.message) })
}

async function execute(url: string, statement: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(statement)).rows
  } finally {
    await client.end()
  }
}

describe('the store on a PostgreSQL server', () => {
  storeContract(async () => {
    const database = await createDatabase(inject('postgresUrl'))
    const [{ store }, { store: neighbour }] = await Promise.all([open(database.url), open(database.url)])
    return {
      store,
      neighbour,
      close: async () => {
        await Promise.all([store.close(), neighbour.close()])
        await database[Symbol.asyncDispose]()
      },
    }
  })
})

describe('opening the store', () => {
  let database: Awaited<ReturnType<typeof createDatabase>>
  beforeAll(async () => {
    database = await createDatabase(inject('postgresUrl'))
  })
  afterAll(() => database[Symbol.asyncDispose]())

  test('works for five processes that start at once on an empty database', async () => {
    await using fresh = await createDatabase(inject('postgresUrl'))

    const opened = await Promise.all(Array.from({ length: 5 }, () => open(fresh.url)))

    const settings = await Promise.all(opened.map(({ store }, n) => store.settings.initialise('owner', `${n}`)))
    expect(new Set(settings).size).toBe(1)
    await Promise.all(opened.map(({ store }) => store.close()))
  })

  test('is refused to a user who may not create tables', async () => {
    await using foreign = await createDatabase(inject('postgresUrl'))
    const name = `guest_${newId().replaceAll('-', '')}`
    await execute(foreign.url, `CREATE ROLE ${name} LOGIN`)
    const url = new URL(foreign.url)
    url.username = name

    await expect(open(url.href)).rejects.toThrow(RightsMissing)
    await execute(foreign.url, `DROP ROLE ${name}`)
  })

  test('says which server answers, and puts the queue on the search path', async () => {
    const { store, pool, kind, version } = await open(database.url)

    expect(kind).toBe('postgres')
    expect(Number.parseInt(version, 10)).toBeGreaterThanOrEqual(15)
    const { rows } = await pool.query('SHOW search_path')
    expect(rows).toEqual([{ search_path: 'public,bullmq' }])
    await store.close()
  })

  test('keeps the options that stand in the URL', async () => {
    const url = new URL(database.url)
    url.searchParams.set('options', '-c geqo=off')

    const { store, pool } = await open(url.href)

    const { rows } = await pool.query(`SELECT current_setting('geqo') AS geqo, current_setting('search_path') AS path`)
    expect(rows).toEqual([{ geqo: 'off', path: 'public,bullmq' }])
    await store.close()
  })

  test('is refused where a newer version has been', async () => {
    await using newer = await createDatabase(inject('postgresUrl'))
    const { store } = await open(newer.url)
    await store.close()
    await execute(newer.url, `INSERT INTO kysely_migration VALUES ('9999_the_future', '2030-01-01T00:00:00.000Z')`)

    const refusal = open(newer.url)

    await expect(refusal).rejects.toThrow(NewerSchema)
    await expect(refusal).rejects.toThrow(/9999_the_future.*newer version|newer version.*9999_the_future/)
  })

  test.each([
    ['nobody listens', 'postgres://me:secret-word@127.0.0.1:1/faceoff', '127.0.0.1:1/faceoff'],
    ['the name is unknown', 'postgres://me:secret-word@nowhere.invalid/faceoff', 'nowhere.invalid:5432/faceoff'],
  ])('says where it looked, but not the password, when %s', async (_, url, address) => {
    const error: unknown = await open(url).catch(thrown => thrown)

    expect(error).toBeInstanceOf(DatabaseUnreachable)
    expect(error).toMatchObject({ address })
    expect(String(error)).toContain(address)
    expect(String(error)).not.toContain('secret-word')
  })

  test('says so when the database does not exist', async () => {
    const url = new URL(database.url)
    url.pathname = 'not_there'

    await expect(open(url.href)).rejects.toThrow(/not_there.* does not exist/)
  })
})

describe('a server that is killed', () => {
  test('is used again when it is back, and the feed says what it missed', async () => {
    await using server = await startPostgres()
    const { store } = await open(server.url)
    const events = eventsOf(store)
    const { id, asker } = await someComparison(store)
    const run = (await store.answers.begin({ comparisonId: id, label: 'A' })) ?? 0
    await store.answers.progress({ comparisonId: id, label: 'A' }, run, 'before')
    const lost = events.next(event => event.kind === 'lost')

    await server.kill()
    // The server's processes end a moment after the one that was killed, and answer until then.
    const outcome = () => store.ping().catch(error => error)
    await expect.poll(outcome, { timeout: 5000 }).toMatchObject({ problem: { code: 'internal' } })
    await server.restart()
    await lost

    const changed = events.next(event => event.kind === 'changed' && event.comparisonId === id)
    expect(await store.votes.cast(id, asker, 'A', new Date())).toBe(true)
    await changed
    // Drafts do not survive the server, but the run goes on.
    const before = await store.comparisons.find(id)
    expect(before?.contestants[0]?.answer).toMatchObject({ status: 'streaming', text: '' })
    expect(await store.answers.progress({ comparisonId: id, label: 'A' }, run, 'and after')).toBe(true)
    const after = await store.comparisons.find(id)
    expect(after?.contestants[0]?.answer).toMatchObject({ status: 'streaming', text: 'and after' })
    await store.close()
  })

  test('ends no process that has a query under way', async () => {
    await using server = await startPostgres()
    const { store } = await open(server.url)
    const other = new Client({ connectionString: server.url })
    other.on('error', () => {})
    await other.connect()
    await other.query('BEGIN')
    await other.query('LOCK TABLE setting')
    const asked = store.settings.get('owner').catch(error => error)
    const blocked = `SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock'`
    await expect.poll(() => execute(server.url, blocked), { timeout: 5000 }).toHaveLength(1)

    await server.kill()

    expect(await asked).toMatchObject({ problem: { code: 'internal' } })
    await store.close()
  })

  test('does not come back for the feed of a closed store', async () => {
    await using server = await startPostgres()
    const { store } = await open(server.url)
    await server.kill()
    await store.close()

    await expect(store.ping()).rejects.toThrow()
  })
})

test('errors do not carry what stands in the rows', async () => {
  await using database = await createDatabase(inject('postgresUrl'))
  const { store } = await open(database.url)
  const workspaceId = await store.people.workspace('console', 'w')
  const { id: askerId } = await store.people.person(workspaceId, 'p', { name: 'Ada' })
  const createdAt = new Date()

  const error: unknown = await store.comparisons
    .create({
      id: newId(),
      workspaceId,
      channel: 'general',
      askerId,
      prompt: 'a most secret prompt',
      category: null,
      blind: true,
      locale: 'en',
      createdAt,
      closesAt: new Date(createdAt.getTime() - 1),
      contestants: [],
    })
    .catch(thrown => thrown)

  expect(error).toBeInstanceOf(Error)
  const seen = JSON.stringify(flat(error))
  expect(seen).toContain('comparison_closes_after_creation')
  expect(seen).not.toContain('a most secret prompt')
  await store.close()
})

/** An error with its causes and all their own fields, as a logger would see them. */
function flat(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  return { ...error, text: `${error.stack}`, cause: flat(error.cause) }
}

type Heard = FeedEvent | { kind: 'lost' }

function eventsOf(store: Store): { next(fits: (event: Heard) => boolean): Promise<void> } {
  return {
    next: fits =>
      new Promise(resolve => {
        const unsubscribe = store.feed.subscribe(event => {
          if (!fits(event)) return
          unsubscribe()
          resolve()
        })
      }),
  }
}

async function someComparison(store: Store): Promise<{ id: string; asker: string }> {
  const workspaceId = await store.people.workspace('console', newId())
  const { id: asker } = await store.people.person(workspaceId, newId(), { name: 'Ada' })
  const id = newId()
  await store.comparisons.create({
    id,
    workspaceId,
    channel: 'general',
    askerId: asker,
    prompt: 'What is the answer?',
    category: null,
    blind: true,
    locale: 'en',
    createdAt: new Date(),
    closesAt: new Date(Date.now() + 60_000),
    contestants: [
      { label: 'A', model: 'qwen/qwen-max' },
      { label: 'B', model: 'openai/gpt-5' },
    ],
  })
  return { id, asker }
}
