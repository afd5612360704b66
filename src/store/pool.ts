/** The one face of a database that the store and the queue share: a server's pool, or the embedded database. */
import pg from 'pg'
import type { Log } from '../core/ports.ts'

/** What a client of a pool can do, on a server and embedded. */
export type Client = Pick<pg.PoolClient, 'query' | 'release' | 'on' | 'removeListener' | 'removeAllListeners'>

/** The part of `pg.Pool` that Kysely and BullMQ use. `public` and `bullmq` are on every client's search path. */
export type Pool = Pick<pg.Pool, 'query' | 'end'> & {
  readonly options: { readonly keepAlive?: boolean | undefined; readonly max?: number | undefined }
  connect(): Promise<Client>
  on(event: 'error', listener: (error: Error) => void): Pool
  on(event: 'connect', listener: (client: Client) => void): Pool
  removeAllListeners(event?: string): Pool
}

export type Opened = { readonly kind: 'postgres' | 'embedded'; readonly pool: Pool; close(): Promise<void> }

/** Where names are looked up: our tables first, then the queue's, which BullMQ keeps in a schema of its own. */
export const searchPath = 'public,bullmq'

/**
 * Connections are opened as they are needed. Each BullMQ worker and each listener for its events keeps one for its
 * notifications, so the limit must leave room for a worker per provider; PostgreSQL's own default is 100 for everybody.
 */
const mostConnections = 40

/** Every statement here is short. The server gives up first; where it cannot say so, the client does. */
const statementTimeoutMs = 15_000
const queryTimeoutMs = 20_000
const connectTimeoutMs = 10_000

/** A pool of connections to a server. Nothing is connected yet. `queryTimeoutMs` bounds every query. */
export function openPool(url: string, options: { log: Log; queryTimeoutMs?: number }): Opened {
  const { connectionString, extra } = splitOptions(url)
  const pool = new pg.Pool({
    connectionString,
    // Compiling a query (jit) pays from seconds on; ours take milliseconds, and would wait for it.
    options: `${extra} -c search_path=${searchPath} -c jit=off`.trim(),
    application_name: 'faceoff',
    max: mostConnections,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    connectionTimeoutMillis: connectTimeoutMs,
    statement_timeout: statementTimeoutMs,
    idle_in_transaction_session_timeout: 60_000,
    query_timeout: options.queryTimeoutMs ?? queryTimeoutMs,
  })
  // Without a listener the error of an idle connection ends the process. The pool replaces the connection by itself.
  pool.on('error', error => options.log.warn({ err: error }, 'database connection lost'))
  pool.on('connect', client => {
    // The pool listens while a connection idles. In use, whoever asked hears of its end by the query that failed.
    client.on('error', () => {})
    endAfterTimeout(client)
  })
  // BullMQ adds a listener per queue and worker.
  pool.setMaxListeners(0)
  return { kind: 'postgres', pool, close: () => pool.end() }
}

/** `host:port/database`, for people: an address without its user and password. */
export function addressOf(url: string): string {
  const { hostname, port, pathname } = new URL(url)
  return `${hostname || 'localhost'}:${port || 5432}${pathname}`
}

/** `options` in the URL would replace ours as a whole. */
function splitOptions(url: string): { connectionString: string; extra: string } {
  const parsed = new URL(url)
  const extra = parsed.searchParams.get('options') ?? ''
  parsed.searchParams.delete('options')
  return { connectionString: parsed.href, extra }
}

/**
 * A query that ran into its timeout still occupies its connection, which is probably dead: whatever is asked next would
 * wait behind it. `end` on a busy client cuts the socket, and the pool then drops the client.
 */
function endAfterTimeout(client: pg.PoolClient): void {
  const query: (...args: unknown[]) => unknown = client.query.bind(client)
  const watched = (...args: unknown[]) => {
    const result = query(...args)
    if (result instanceof Promise) {
      result.catch(error => {
        if (error instanceof Error && error.message === 'Query read timeout') client.end().catch(() => {})
      })
    }
    return result
  }
  Object.assign(client, { query: watched })
}
