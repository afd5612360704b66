import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { FaceoffError } from '../../src/core/errors.ts'
import { createQueue } from '../../src/queue/bullmq.ts'
import { openPool } from '../../src/store/pool.ts'
import { newRef, recorded } from '../contract/queue.ts'
import { createDatabase } from '../services/database.ts'
import { startPostgres } from '../services/postgres.ts'
import { startRedis } from '../services/redis.ts'
import type { Server } from '../services/server.ts'
import { outages, provider, quickTakeover } from './outages.ts'
import { readableLog, silent } from './places.ts'

describe('on Redis', () => {
  let server: Server

  beforeAll(async () => {
    server = await startRedis()
  })

  afterAll(() => server.stop())

  outages(() => ({
    kind: 'redis',
    url: server.url,
    server,
    open: log =>
      createQueue({ backend: { kind: 'redis', url: server.url }, providers: [provider], log, timing: quickTakeover }),
  }))

  test('a process may start before its server', async () => {
    await server.kill()
    const backend = { kind: 'redis', url: server.url } as const
    const queue = await createQueue({ backend, providers: [provider], log: silent, timing: quickTakeover })
    onTestFinished(() => queue.close(0))
    const runs = recorded()
    await queue.work(runs.handler)
    await expect(queue.add(provider.id, [newRef()])).rejects.toThrow()

    await server.restart()

    await expect
      .poll(() => queue.add(provider.id, [newRef()]).then(() => 'added', String), { timeout: 15_000 })
      .toBe('added')
    await runs.count(1)
  })

  test('a process may end before its server has started', async () => {
    await server.kill()
    const backend = { kind: 'redis', url: server.url } as const
    const queue = await createQueue({ backend, providers: [provider], log: silent, timing: quickTakeover })
    await queue.work(async () => {})

    await queue.close(0)

    await server.restart()
  })
})

describe('on PostgreSQL', () => {
  let server: Server

  beforeAll(async () => {
    server = await startPostgres()
  })

  afterAll(() => server.stop())

  outages(() => ({
    kind: 'postgres',
    url: server.url,
    server,
    open: async log => {
      const { pool } = openPool(server.url, { log: silent })
      onTestFinished(() => pool.end())
      return createQueue({ backend: { kind: 'postgres', pool }, providers: [provider], log, timing: quickTakeover })
    },
  }))

  test('processes that start at once on a new database agree on its schema', async () => {
    await using database = await createDatabase(server.url)
    const pools = [1, 2, 3].map(() => openPool(database.url, { log: silent }).pool)

    const queues = await Promise.all(
      pools.map(pool => createQueue({ backend: { kind: 'postgres', pool }, providers: [provider], log: silent })),
    )

    for (const queue of queues) await queue.add(provider.id, [newRef()])
    await Promise.all(queues.map(queue => queue.close(0)))
    await Promise.all(pools.map(pool => pool.end()))
  })

  test('a worker that hears of nothing any more is replaced', async () => {
    await using database = await createDatabase(server.url)
    const { pool } = openPool(database.url, { log: silent })
    const listeners: { query(sql: string): Promise<unknown> }[] = []
    pool.on('connect', client => void listeners.push(client))
    const { log, messages } = readableLog()
    const backend = { kind: 'postgres', pool } as const
    const queue = await createQueue({ backend, providers: [provider], log, timing: { watchdogMs: 300 } })
    const replaced = 'worker made no progress and was replaced'
    const later = newRef()
    const runs = recorded(async ({ ref }) => {
      // A job that waits for an hour is why an idle worker sleeps for as long.
      if (ref.comparisonId === later.comparisonId)
        throw new FaceoffError({ code: 'provider_busy' }, { retryAfterMs: 3_600_000 })
    })
    await queue.work(runs.handler)
    await queue.add(provider.id, [later])
    await runs.count(1)
    await expect.poll(() => queue.having(provider.id, [later])).toEqual([later])
    // A job may still meet the worker awake, and then says nothing about one that sleeps: the next one does.
    for (let job = 2; job < 12 && !messages.includes(replaced); job++) {
      // What a connection looks like that a firewall has forgotten: open, and silent.
      await Promise.all(listeners.map(client => client.query('UNLISTEN *').catch(() => {})))
      await queue.add(provider.id, [newRef()])
      await runs.count(job)
    }

    expect(messages).toContain(replaced)
    await queue.close(0)
    await pool.end()
  })

  test('a pool that is too small for its providers is refused', async () => {
    const { pool } = openPool(server.url, { log: silent })
    const providers = Array.from({ length: 100 }, (_, index) => ({ ...provider, id: `provider-${index}` }))

    await expect(createQueue({ backend: { kind: 'postgres', pool }, providers, log: silent })).rejects.toThrow(
      'too small',
    )

    await pool.end()
  })
})
