/** News between processes, by the database's own notifications on one connection that is kept alive. */
import type { Notification } from 'pg'
import type { Feed, FeedEvent, Log } from '../core/ports.ts'
import type { Client, Pool } from './pool.ts'

type Listener = Parameters<Feed['subscribe']>[0]

const firstRetryMs = 100
const longestRetryMs = 5_000

/** A connection can be dead without anybody saying so (a firewall that forgets it, say): now and then it is asked. */
const checkEveryMs = 15_000

export type ListeningFeed = Feed & { close(): void }

/** Resolves once it listens. A connection that is lost later is replaced, and subscribers hear `lost` after that. */
export async function openFeed(
  pool: Pool,
  { log, checkMs = checkEveryMs }: { log: Log; checkMs?: number },
): Promise<ListeningFeed> {
  const feed = new DatabaseFeed(pool, log, checkMs)
  await feed.listen()
  return feed
}

/**
 *   listening ──connection lost──▶ waiting ──listen──▶ listening (`lost` to subscribers)
 *                                  ▲     │
 *                                  └─────┘ refused: a longer wait
 */
class DatabaseFeed implements ListeningFeed {
  readonly #pool: Pool
  readonly #log: Log
  readonly #listeners = new Set<Listener>()
  readonly #check: NodeJS.Timeout
  #client: Client | undefined
  #retry: NodeJS.Timeout | undefined
  #retryMs = firstRetryMs
  #asking = false
  #closed = false

  constructor(pool: Pool, log: Log, checkMs: number) {
    this.#pool = pool
    this.#log = log
    this.#check = setInterval(() => this.#ask(), checkMs).unref()
  }

  subscribe(listener: Listener): () => void {
    // A function of its own, so that subscribing the same listener twice makes two subscriptions.
    const subscription: Listener = event => listener(event)
    this.#listeners.add(subscription)
    return () => this.#listeners.delete(subscription)
  }

  async listen(): Promise<void> {
    const client = await this.#pool.connect()
    client.on('error', error => this.#lose(client, error))
    client.on('end', () => this.#lose(client, new Error('connection ended')))
    client.on('notification', notification => this.#hear(notification))
    this.#client = client
    try {
      await client.query('LISTEN faceoff')
    } catch (error) {
      this.#drop(client)
      throw error
    }
    if (this.#closed) this.#drop(client)
  }

  close(): void {
    this.#closed = true
    clearInterval(this.#check)
    clearTimeout(this.#retry)
    if (this.#client) this.#drop(this.#client)
  }

  #hear({ channel, payload }: Notification): void {
    const event = channel === 'faceoff' && payload !== undefined ? eventOf(payload) : undefined
    if (event) this.#tell(event)
  }

  #tell(event: Parameters<Listener>[0]): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(event)
      } catch (error) {
        this.#log.error({ err: error }, 'feed listener failed')
      }
    }
  }

  async #ask(): Promise<void> {
    const client = this.#client
    if (client === undefined || this.#asking) return
    this.#asking = true
    try {
      await client.query('SELECT 1')
    } catch (error) {
      this.#lose(client, error)
    } finally {
      this.#asking = false
    }
  }

  #lose(client: Client, error: unknown): void {
    if (this.#client !== client || this.#closed) return
    this.#log.warn({ err: error }, 'feed lost its connection')
    this.#drop(client)
    this.#listenLater()
  }

  #drop(client: Client): void {
    if (this.#client === client) this.#client = undefined
    // What a dying client still says shall not end the process.
    client.removeAllListeners()
    client.on('error', () => {})
    client.release(true)
  }

  #listenLater(): void {
    this.#retry = setTimeout(async () => {
      try {
        await this.listen()
      } catch (error) {
        this.#log.warn({ err: error, retryMs: this.#retryMs }, 'feed cannot listen')
        if (!this.#closed) this.#listenLater()
        return
      }
      this.#retryMs = firstRetryMs
      this.#log.info({}, 'feed listens again')
      this.#tell({ kind: 'lost' })
    }, this.#retryMs)
    this.#retryMs = Math.min(this.#retryMs * 2, longestRetryMs)
  }
}

function eventOf(payload: string): FeedEvent | undefined {
  const [kind, comparisonId] = payload.split(':', 2)
  if ((kind !== 'changed' && kind !== 'stop') || !comparisonId) return undefined
  return { kind, comparisonId }
}
