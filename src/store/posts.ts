import { sql } from 'kysely'
import type { Ledger, Posts } from '../core/ports.ts'
import type { Database } from './tables.ts'

/** How long somebody who claimed a post may take before others look whether it is there, in milliseconds. */
const claimMs = 15_000

/** The tables that are ledgers of posts, and whose posts they hold. */
type Kind = { table: 'post'; owner: 'comparison_id' } | { table: 'summary_post'; owner: 'summary_id' }

export function ledgerOf(db: Database, kind: Kind): Ledger {
  const [table, owner] = [sql.table(kind.table), sql.ref(kind.owner)]
  return {
    claim: async (id, part) => {
      // The clock is the database's own: processes on machines with different clocks compare their claims.
      const { rows } = await sql<{ external_id: string | null; claimed: boolean; fresh: boolean | null }>`
        WITH known AS (
          SELECT external_id FROM ${table} WHERE ${owner} = ${id} AND part = ${part}
        ), claimed AS (
          INSERT INTO ${table} AS post (${owner}, part, claimed_at) VALUES (${id}, ${part}, clock_timestamp())
          ON CONFLICT (${owner}, part) DO UPDATE SET claimed_at = excluded.claimed_at
          WHERE post.external_id IS NULL
            AND post.claimed_at < clock_timestamp() - ${claimMs} * interval '1 millisecond'
          -- No transaction has updated a row that was inserted just now.
          RETURNING (xmax = 0) AS fresh
        )
        SELECT
          (SELECT external_id FROM known) AS external_id,
          EXISTS (SELECT FROM claimed) AS claimed,
          (SELECT fresh FROM claimed) AS fresh`.execute(db)
      const [row] = rows
      if (row === undefined) return { kind: 'theirs' }
      if (row.external_id !== null) return { kind: 'posted', externalId: row.external_id }
      return row.claimed ? { kind: 'mine', inDoubt: row.fresh !== true } : { kind: 'theirs' }
    },

    record: async (id, part, externalId) => {
      await sql`
        INSERT INTO ${table} (${owner}, part, external_id, claimed_at)
        VALUES (${id}, ${part}, ${externalId}, clock_timestamp())
        ON CONFLICT (${owner}, part) DO UPDATE SET external_id = excluded.external_id`.execute(db)
    },

    release: async (id, part) => {
      await sql`
        UPDATE ${table} SET claimed_at = '-infinity'
        WHERE ${owner} = ${id} AND part = ${part} AND external_id IS NULL`.execute(db)
    },

    forget: async (id, part) => {
      await sql`DELETE FROM ${table} WHERE ${owner} = ${id} AND part = ${part}`.execute(db)
    },

    of: async id => {
      const { rows } = await sql<{ part: string; external_id: string }>`
        SELECT part, external_id FROM ${table} WHERE ${owner} = ${id} AND external_id IS NOT NULL`.execute(db)
      return new Map(rows.map(({ part, external_id }) => [part, external_id]))
    },
  }
}

export function postsOf(db: Database): Posts {
  return {
    ...ledgerOf(db, { table: 'post', owner: 'comparison_id' }),

    at: async (platform, part, externalId) => {
      const row = await db
        .selectFrom('post')
        .innerJoin('comparison', 'comparison.id', 'post.comparison_id')
        .innerJoin('workspace', 'workspace.id', 'comparison.workspace_id')
        .select('post.comparison_id')
        .where('workspace.platform', '=', platform)
        .where('post.part', '=', part)
        .where('post.external_id', '=', externalId)
        .executeTakeFirst()
      return row?.comparison_id
    },
  }
}
