import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { expect, inject, test } from 'vitest'
import { openFeed } from '../../src/store/feed.ts'
import { openPool } from '../../src/store/pool.ts'
import { silence } from './silence.ts'

test('a connection that has died silently is noticed and replaced', async () => {
  await using wire = await openWire(new URL(inject('postgresUrl')))
  const { pool, close } = openPool(wire.url, { log: silence, queryTimeoutMs: 200 })
  const feed = await openFeed(pool, { log: silence, checkMs: 50 })
  const lost = new Promise<void>(resolve => feed.subscribe(event => event.kind === 'lost' && resolve()))
  const changed = new Promise<unknown>(resolve => feed.subscribe(event => event.kind !== 'lost' && resolve(event)))

  wire.goSilent()
  await lost
  await pool.query(`SELECT pg_notify('faceoff', 'nonsense'), pg_notify('faceoff', 'changed:x')`)

  expect(await changed).toEqual({ kind: 'changed', comparisonId: 'x' })
  feed.close()
  await close()
})

test('a query that gets no answer takes its connection with it', async () => {
  await using wire = await openWire(new URL(inject('postgresUrl')))
  const { pool, close } = openPool(wire.url, { log: silence, queryTimeoutMs: 200 })
  const client = await pool.connect()
  await client.query('SELECT 1')

  wire.goSilent()
  await expect(client.query('SELECT 2')).rejects.toThrow('Query read timeout')
  await expect(client.query('SELECT 3')).rejects.toThrow(/not queryable/)
  client.release()

  await expect(pool.query('SELECT 4 AS n')).resolves.toMatchObject({ rows: [{ n: 4 }] })
  await close()
})

/** A wire to the server. `goSilent`: what is connected now stays so, but nothing comes through any more. */
async function openWire(server: URL): Promise<AsyncDisposable & { url: string; goSilent(): void }> {
  const sockets = new Set<Socket>()
  const proxy = createServer(near => {
    const far = connect(Number(server.port), server.hostname)
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('error', () => {})
    }
    near.pipe(far)
    far.pipe(near)
  })
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  const address = proxy.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  const url = new URL(server)
  url.port = String(address.port)
  return {
    url: url.href,
    goSilent: () => {
      for (const socket of sockets) {
        socket.unpipe()
        socket.resume()
      }
      sockets.clear()
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy()
      proxy.close()
    },
  }
}
