/** What a server and our tables on it are like, found out without changing anything. */
import { Kysely, PostgresDialect, sql } from 'kysely'
import type { Log } from '../core/ports.ts'
import { versionOf } from './index.ts'
import { pendingMigrations } from './migrate.ts'
import { openPool } from './pool.ts'
import type { Tables } from './tables.ts'

export type ServerState = {
  version: string
  database: string
  user: string
  /** Numbers of migrations: `pending` of the `known` ones are not applied yet. */
  migrations: { known: number; pending: number }
  mayCreateTables: boolean
  /** True as well where the queue's schema is there already. */
  mayCreateQueue: boolean
}

/** Throws `DatabaseUnreachable`, `ServerTooOld` or `NewerSchema`, and the driver's error for whatever else goes wrong. */
export async function inspectServer(
  databaseUrl: string,
  options: { log: Log; queryTimeoutMs: number },
): Promise<ServerState> {
  const { pool, close } = openPool(databaseUrl, options)
  try {
    const version = await versionOf(pool, { databaseUrl })
    const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
    const migrations = await pendingMigrations(db)
    const { rows } = await sql<Omit<ServerState, 'version' | 'migrations'>>`
      SELECT
        current_database() AS database,
        current_user AS "user",
        coalesce(has_schema_privilege(to_regnamespace('public'), 'CREATE'), false) AS "mayCreateTables",
        to_regnamespace('bullmq') IS NOT NULL
          OR has_database_privilege(current_database(), 'CREATE') AS "mayCreateQueue"`.execute(db)
    const [found] = rows
    if (found === undefined) throw new Error('the server told nothing about itself')
    return { version, migrations, ...found }
  } finally {
    await close()
  }
}
