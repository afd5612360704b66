import { sql } from 'kysely'
import type { ShownPart, Unshown } from '../core/ports.ts'
import type { Database } from './tables.ts'

export function unshownOf(db: Database): Unshown {
  return {
    list: async (platforms, olderMs) => {
      if (platforms.length === 0) return []
      const { rows } = await sql<{ comparison_id: string; part: ShownPart }>`
        SELECT u.comparison_id, u.part
        FROM unshown AS u
        JOIN comparison AS c ON c.id = u.comparison_id
        JOIN workspace AS w ON w.id = c.workspace_id
        WHERE w.platform = ANY (${platforms}) AND u.since <= clock_timestamp() - ${olderMs} * interval '1 millisecond'
          -- What a platform would not have for a whole day it will not have.
          AND u.since > clock_timestamp() - interval '1 day'
        ORDER BY u.since, u.part`.execute(db)
      return rows.map(({ comparison_id, part }) => ({ comparisonId: comparison_id, part }))
    },

    settle: async (comparisonId, part, closed) => {
      await sql`
        DELETE FROM unshown
        WHERE comparison_id = ${comparisonId} AND part = ${part} AND (NOT closed OR ${closed})`.execute(db)
    },
  }
}
