/**
 * PostgreSQL inside this process (PGlite), behind the face of a pool.
 *
 * There is one session. A hidden `pg.Client` talks to it, so that results, types and errors are the ones of a server;
 * the pool's clients take turns with it. A turn lasts for one query, or from `BEGIN` until the transaction has ended.
 * Whoever asks for a second client inside a transaction would wait for itself: that is an error at once.
 *
 * The clients share what belongs to a session: settings, and the channels that any of them listens on.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import { EventEmitter } from 'node:events'
import { PGlite } from '@electric-sql/pglite'
import { createPgConfig } from '@electric-sql/pglite/node-postgres'
import pg from 'pg'
import { takeFolder } from './folder.ts'
import { type Opened, type Pool, searchPath } from './pool.ts'

/** Longer than any statement or transaction here takes. */
const turnTimeoutMs = 30_000

/**
 * A server clears away dead rows by itself, the embedded database does not: a streaming answer leaves about half a
 * megabyte of old drafts. Doing it takes about 0.1 s, in which this process does nothing else.
 */
const vacuumEveryMs = 600_000

/**
 * Opens the database in the folder, creating it the first time (a few seconds). `onFatal` is told when PostgreSQL has
 * died inside the process: nothing works any more, and the process should end and be started again.
 */
export async function openEmbedded(
  dataDir: string,
  options: { onFatal: (error: Error) => void; vacuumEveryMs?: number },
): Promise<Opened> {
  using stack = new DisposableStack()
  const folder = stack.use(takeFolder(dataDir))
  if (folder.isNew) {
    const created = await PGlite.create(folder.prepare())
    await created.close()
    folder.adopt()
  }
  const database = await PGlite.create(folder.database)
  const session = new Session(await connected(database), options.onFatal)
  const pool = new EmbeddedPool(session)
  const vacuum = setInterval(() => {
    // What is wrong with the database shows in the next real query; a missed turn comes again.
    pool.query('VACUUM (ANALYZE)').catch(() => {})
  }, options.vacuumEveryMs ?? vacuumEveryMs).unref()
  const held = stack.move()
  return {
    kind: 'embedded',
    // `pg`'s types overload `query` for callbacks, cursors and arrays of rows, which nobody here asks for.
    pool: pool as unknown as Pool,
    close: async () => {
      clearInterval(vacuum)
      await session.end()
      // A dead database would not answer, and its write-ahead log holds what is needed.
      if (!session.isDead) await database.close()
      held.dispose()
    },
  }
}

async function connected(database: PGlite): Promise<pg.Client> {
  // The configuration carries the connection itself, which `pg` takes and its published types do not know.
  const client = new pg.Client(createPgConfig(database) as unknown as pg.ClientConfig)
  await client.connect()
  await client.query(`SET search_path = ${searchPath}`)
  return client
}

/** Somebody who can have the turn. */
type Holder = { readonly inTransaction: boolean }

type Waiting = { holder: Holder; begin: () => void }

/** The one session, and whose turn it is. First come, first served. */
class Session {
  /** Which client's transaction the running code is part of, as far as its asynchronous context tells. */
  readonly context = new AsyncLocalStorage<Holder>()
  readonly #client: pg.Client
  readonly #onFatal: (error: Error) => void
  readonly #waiting: Waiting[] = []
  #holder: Holder | undefined
  #death: Error | undefined
  #ended = false

  constructor(client: pg.Client, onFatal: (error: Error) => void) {
    this.#client = client
    this.#onFatal = onFatal
    client.on('error', error => this.#die(error))
  }

  get isDead(): boolean {
    return this.#death !== undefined
  }

  get inTransaction(): boolean {
    return this.#client.getTransactionStatus() !== 'I'
  }

  isHeldBy(holder: Holder): boolean {
    return this.#holder === holder
  }

  onNotification(listener: (notification: pg.Notification) => void): void {
    this.#client.on('notification', listener)
  }

  /** Only for the holder of the turn. */
  async run(query: string | pg.QueryConfig, values?: unknown[]): Promise<pg.QueryResult> {
    if (this.#death) throw this.#death
    try {
      return await this.#client.query(query, values)
    } catch (error) {
      // After these PostgreSQL ends its process; here it would leave the next query without an answer for ever.
      if (error instanceof Error && /\b(?:PANIC|FATAL)\b/.test(severityOf(error))) this.#die(error)
      throw error
    }
  }

  async take(holder: Holder): Promise<void> {
    if (this.#holder === holder) return
    if (this.#ended) throw new Error('Cannot use a pool after calling end on the pool')
    const outer = this.context.getStore()
    if (outer !== undefined && outer !== holder && outer === this.#holder && outer.inTransaction) {
      throw new Error('The embedded database has one session: inside a transaction, use the client that began it')
    }
    if (this.#holder === undefined) {
      this.#holder = holder
      return
    }
    await this.#wait(holder)
  }

  give(): void {
    const next = this.#waiting.shift()
    this.#holder = next?.holder
    next?.begin()
  }

  /** Waits for those who are in line, and then lets nobody in. */
  async end(): Promise<void> {
    if (this.#ended) return
    const last: Holder = { inTransaction: false }
    await this.take(last)
    this.#ended = true
    this.give()
    if (!this.isDead) await this.#client.end()
  }

  #wait(holder: Holder): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        holder,
        begin: () => {
          clearTimeout(timer)
          resolve()
        },
      }
      const timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1)
        reject(new Error(`The embedded database was busy with somebody else's transaction for ${turnTimeoutMs} ms`))
      }, turnTimeoutMs)
      this.#waiting.push(waiting)
    })
  }

  #die(error: Error): void {
    if (this.#death) return
    this.#death = new Error('The embedded database has died', { cause: error })
    this.#onFatal(this.#death)
  }
}

function severityOf(error: Error): string {
  return 'severity' in error ? String(error.severity) : ''
}

/** As much of `pg.Pool` as Kysely and BullMQ use. */
class EmbeddedPool extends EventEmitter {
  /** Nothing can be lost between two parts of one process; BullMQ would poll for it every 10 s otherwise. */
  readonly options = { keepAlive: true }
  readonly #session: Session
  readonly #clients = new Set<EmbeddedClient>()

  constructor(session: Session) {
    super()
    // BullMQ adds a listener per queue and worker.
    this.setMaxListeners(0)
    this.#session = session
    session.onNotification(notification => {
      for (const client of this.#clients) client.emit('notification', notification)
    })
  }

  async connect(): Promise<EmbeddedClient> {
    const client = new EmbeddedClient(this.#session, () => this.#clients.delete(client))
    this.#clients.add(client)
    this.emit('connect', client)
    return client
  }

  async query(query: string | pg.QueryConfig, values?: unknown[]): Promise<pg.QueryResult> {
    const client = new EmbeddedClient(this.#session, () => {})
    try {
      return await client.ask(query, values)
    } finally {
      client.release()
    }
  }

  end(): Promise<void> {
    return this.#session.end()
  }
}

class EmbeddedClient extends EventEmitter implements Holder {
  readonly #session: Session
  readonly #onRelease: () => void
  /** The client's queries run one after the other, as on a connection. */
  #last: Promise<unknown> = Promise.resolve()
  #inTransaction = false
  #released = false

  constructor(session: Session, onRelease: () => void) {
    super()
    this.setMaxListeners(0)
    this.#session = session
    this.#onRelease = onRelease
  }

  get inTransaction(): boolean {
    return this.#inTransaction
  }

  query(query: string | pg.QueryConfig, values?: unknown[]): Promise<pg.QueryResult> {
    if (this.#released) return Promise.reject(new Error('Client has already been released'))
    const answer = this.#last.then(() => this.ask(query, values))
    this.#last = answer.catch(() => {})
    // Before anything is awaited, so that it holds for the caller's code from here on.
    this.#session.context.enterWith(this)
    return answer
  }

  async ask(query: string | pg.QueryConfig, values?: unknown[]): Promise<pg.QueryResult> {
    await this.#session.take(this)
    try {
      return await this.#session.run(query, values)
    } finally {
      this.#inTransaction = this.#session.inTransaction
      if (!this.#inTransaction) this.#session.give()
    }
  }

  /** A transaction that was left open is rolled back. */
  release(_destroy?: boolean | Error): void {
    if (this.#released) return
    this.#released = true
    this.#onRelease()
    this.#last = this.#last.then(() => this.#rollBack())
  }

  async #rollBack(): Promise<void> {
    if (!this.#inTransaction) return
    this.#inTransaction = false
    await this.#session.run('ROLLBACK').catch(() => {})
    this.#session.give()
  }
}
