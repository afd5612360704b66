import { sql } from 'kysely'
import type { Claim, Posts } from '../core/ports.ts'
import type { Database } from './tables.ts'

/** How long somebody who claimed a post may take before others look whether it is there, in milliseconds. */
const claimMs = 15_000

export function postsOf(db: Database): Posts {
  return {
    claim: async (comparisonId, part) => {
      // The clock is the database's own: processes on machines with different clocks compare their claims.
      const { rows } = await sql<{ external_id: string | null; outcome: Claim['kind']; doubt: boolean }>`
        WITH known AS (
          SELECT external_id, claimed_at < clock_timestamp() - ${claimMs} * interval '1 millisecond' AS lapsed
          FROM post WHERE comparison_id = ${comparisonId} AND part = ${part}
        ), claimed AS (
          INSERT INTO post (comparison_id, part, claimed_at) VALUES (${comparisonId}, ${part}, clock_timestamp())
          ON CONFLICT (comparison_id, part) DO UPDATE SET claimed_at = excluded.claimed_at
          WHERE post.external_id IS NULL
            AND post.claimed_at < clock_timestamp() - ${claimMs} * interval '1 millisecond'
          RETURNING 1
        )
        SELECT
          (SELECT external_id FROM known) AS external_id,
          CASE
            WHEN EXISTS (SELECT FROM known WHERE external_id IS NOT NULL) THEN 'posted'
            WHEN EXISTS (SELECT FROM claimed) THEN 'mine'
            ELSE 'theirs'
          END AS outcome,
          EXISTS (SELECT FROM known) AS doubt`.execute(db)
      const [row] = rows
      if (row?.outcome === 'posted' && row.external_id !== null) return { kind: 'posted', externalId: row.external_id }
      return row?.outcome === 'mine' ? { kind: 'mine', inDoubt: row.doubt } : { kind: 'theirs' }
    },

    record: async (comparisonId, part, externalId) => {
      await sql`
        INSERT INTO post (comparison_id, part, external_id, claimed_at)
        VALUES (${comparisonId}, ${part}, ${externalId}, clock_timestamp())
        ON CONFLICT (comparison_id, part) DO UPDATE SET external_id = excluded.external_id`.execute(db)
    },

    release: async (comparisonId, part) => {
      await sql`
        UPDATE post SET claimed_at = '-infinity'
        WHERE comparison_id = ${comparisonId} AND part = ${part} AND external_id IS NULL`.execute(db)
    },

    forget: async (comparisonId, part) => {
      await db.deleteFrom('post').where('comparison_id', '=', comparisonId).where('part', '=', part).execute()
    },

    of: async comparisonId => {
      const rows = await db
        .selectFrom('post')
        .select(['part', 'external_id'])
        .where('comparison_id', '=', comparisonId)
        .where('external_id', 'is not', null)
        .execute()
      return new Map(rows.flatMap(({ part, external_id }) => (external_id === null ? [] : [[part, external_id]])))
    },

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
