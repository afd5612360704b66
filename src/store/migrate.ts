/** Brings the tables up to date: numbered SQL files, each in one transaction, applied once and in order. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import { type Migration, type MigrationProvider, Migrator } from 'kysely/migration'
import { NewerSchema } from './refusals.ts'
import type { Database } from './tables.ts'

const folder = join(import.meta.dirname, 'migrations')

/**
 * Applies what is missing. Processes that start at once wait for each other. Throws `NewerSchema` where a newer version
 * of Faceoff has been here.
 */
export async function migrate(db: Database): Promise<void> {
  await pendingMigrations(db)
  const { error } = await migratorOf(db).migrateToLatest()
  if (error !== undefined) throw error
}

/** How many there are, and how many of them `migrate` would apply. Changes nothing; throws `NewerSchema` as it does. */
export async function pendingMigrations(db: Database): Promise<{ known: number; pending: number }> {
  const migrations = await migratorOf(db).getMigrations()
  await refuseNewer(db, migrations)
  return { known: migrations.length, pending: migrations.filter(({ executedAt }) => !executedAt).length }
}

function migratorOf(db: Database): Migrator {
  return new Migrator({ db, provider: sqlFiles })
}

const sqlFiles: MigrationProvider = {
  async getMigrations() {
    const names = (await readdir(folder)).filter(name => /^\d{4}_\w+\.sql$/.test(name)).sort()
    const migrations = await Promise.all(names.map(async name => [name.slice(0, -4), await fromFile(name)] as const))
    return Object.fromEntries(migrations)
  },
}

async function fromFile(name: string): Promise<Migration> {
  const statements = await readFile(join(folder, name), 'utf8')
  return {
    up: async db => {
      await sql.raw(statements).execute(db)
    },
  }
}

async function refuseNewer(db: Database, known: readonly { name: string }[]): Promise<void> {
  const { rows } = await sql<{
    there: boolean
  }>`SELECT to_regclass('public.kysely_migration') IS NOT NULL AS there`.execute(db)
  if (!rows[0]?.there) return
  const names = known.map(({ name }) => name)
  const foreign = await sql<{ name: string }>`
    SELECT name FROM kysely_migration WHERE name <> ALL (${names}) ORDER BY name DESC LIMIT 1`.execute(db)
  const newer = foreign.rows[0]
  if (newer !== undefined) throw new NewerSchema(newer.name)
}
