/** The store: PostgreSQL, on a server or inside this process, behind the port of `core/ports.ts`. All SQL is here. */
import { Kysely, PostgresDialect, sql } from 'kysely'
import type { Log, Store } from '../core/ports.ts'
import { answersOf } from './answers.ts'
import { budgetsOf } from './budgets.ts'
import { comparisonsOf } from './comparisons.ts'
import { openEmbedded } from './embedded.ts'
import { openFeed } from './feed.ts'
import { guarded } from './guard.ts'
import { installationsOf } from './installations.ts'
import { migrate } from './migrate.ts'
import { peopleOf } from './people.ts'
import { addressOf, type Opened, openPool, type Pool } from './pool.ts'
import { ledgerOf, postsOf } from './posts.ts'
import { DatabaseUnreachable, RightsMissing, ServerTooOld, StoreRefusal } from './refusals.ts'
import { settingsOf } from './settings.ts'
import { summariesOf } from './summaries.ts'
import type { Database, Tables } from './tables.ts'
import { talliesOf } from './tallies.ts'
import { unshownOf } from './unshown.ts'
import { votesOf } from './votes.ts'
import { wishesOf } from './wishes.ts'

export { openDoor } from './door.ts'
export type { Pool } from './pool.ts'
export {
  DatabaseUnreachable,
  DataFolderInUse,
  DataFolderUnusable,
  DataFolderVersion,
  NewerSchema,
  RightsMissing,
  ServerTooOld,
  StoreRefusal,
  sentenceOf,
} from './refusals.ts'

/** Where the rows live: a server, or a folder of the embedded database. */
export type Place = { databaseUrl: string } | { dataDir: string }

/** `queryTimeoutMs` bounds every query to a server, and is the app's own where it is left out. */
type Opening = { log: Log; onFatal: (error: Error) => void; queryTimeoutMs?: number }

export type OpenStore = {
  store: Store
  /** For the queue's PostgreSQL backend. Closing the store closes it: the queue goes first. */
  pool: Pool
  kind: 'postgres' | 'embedded'
  /** The server's version, such as `18.6`. */
  version: string
}

const oldestMajor = 15

/**
 * Opens the database, brings its tables up to date and listens for news. Throws a `StoreRefusal`, whose message is a
 * sentence for the operator. `onFatal` is told when the embedded database has died: the process should end.
 */
export async function openStore(place: Place & Opening): Promise<OpenStore> {
  await using stack = new AsyncDisposableStack()
  const opened = stack.adopt(await open(place), ({ close }) => close())
  const { kind, pool } = opened
  const version = await versionOf(pool, place)
  // Never destroyed: the pool is the queue's too, and `close` ends it.
  const db: Database = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
  await migrate(db).catch(error => Promise.reject(lacksRights(error) ? new RightsMissing(error) : error))
  const feed = stack.adopt(await openFeed(pool, place), feed => feed.close())
  const held = stack.move()
  const store: Store = {
    comparisons: guarded(comparisonsOf(db)),
    answers: guarded(answersOf(db)),
    votes: guarded(votesOf(db)),
    tallies: guarded(talliesOf(db)),
    people: guarded(peopleOf(db)),
    settings: guarded(settingsOf(db)),
    posts: guarded(postsOf(db)),
    summaries: guarded(summariesOf(db)),
    summaryPosts: guarded(ledgerOf(db, { table: 'summary_post', owner: 'summary_id' })),
    unshown: guarded(unshownOf(db)),
    installations: guarded(installationsOf(db)),
    budgets: guarded(budgetsOf(db)),
    wishes: guarded(wishesOf(db)),
    feed,
    ...guarded({
      ping: async () => {
        await sql`SELECT 1`.execute(db)
      },
    }),
    close: () => held.disposeAsync(),
  }
  return { store, pool, kind, version }
}

/** PostgreSQL's `insufficient_privilege`. */
export function lacksRights(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '42501'
}

async function open(place: Place & Opening): Promise<Opened> {
  if ('dataDir' in place) return openEmbedded(place.dataDir, place)
  return openPool(place.databaseUrl, place)
}

/** The server's version. Throws `ServerTooOld`, and `DatabaseUnreachable` where a server cannot be asked. */
export async function versionOf(pool: Pool, place: Place): Promise<string> {
  try {
    const { rows } = await pool.query<{ number: string; version: string }>(
      `SELECT current_setting('server_version_num') AS number, current_setting('server_version') AS version`,
    )
    const { number = '0', version = 'unknown' } = rows[0] ?? {}
    if (Number(number) < oldestMajor * 10_000) throw new ServerTooOld(version, oldestMajor)
    return version
  } catch (error) {
    if (error instanceof StoreRefusal || !('databaseUrl' in place)) throw error
    throw new DatabaseUnreachable(addressOf(place.databaseUrl), error)
  }
}
