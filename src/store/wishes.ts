import { sql } from 'kysely'
import type { Wishes } from '../core/ports.ts'
import type { Database } from './tables.ts'

export function wishesOf(db: Database): Wishes {
  return {
    keep: async (platform, wishes) => {
      await sql`
        INSERT INTO wish (id, platform, body)
        SELECT id, ${platform}, body
        FROM unnest(${wishes.map(({ id }) => id)}::text[], ${wishes.map(({ body }) => body)}::text[]) AS w (id, body)
        ON CONFLICT (id) DO NOTHING`.execute(db)
    },

    done: async id => {
      await sql`DELETE FROM wish WHERE id = ${id}`.execute(db)
    },

    left: async (platform, olderMs) => {
      const { rows } = await sql<{ id: string; body: string }>`
        SELECT id, body FROM wish
        WHERE platform = ${platform} AND kept_at < clock_timestamp() - ${olderMs} * interval '1 millisecond'
        ORDER BY kept_at`.execute(db)
      return rows
    },
  }
}
