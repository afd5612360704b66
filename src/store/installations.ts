import { sql } from 'kysely'
import type { Installations } from '../core/ports.ts'
import type { Database } from './tables.ts'

export function installationsOf(db: Database): Installations {
  return {
    save: async (platform, externalId, sealed) => {
      await sql`
        INSERT INTO installation (platform, external_id, sealed) VALUES (${platform}, ${externalId}, ${sealed})
        ON CONFLICT (platform, external_id) DO UPDATE SET sealed = excluded.sealed, installed_at = now()`.execute(db)
    },

    find: async (platform, externalId) => {
      const { rows } = await sql<{ sealed: string }>`
        SELECT sealed FROM installation WHERE platform = ${platform} AND external_id = ${externalId}`.execute(db)
      return rows[0]?.sealed
    },

    remove: async (platform, externalId) => {
      await sql`DELETE FROM installation WHERE platform = ${platform} AND external_id = ${externalId}`.execute(db)
    },
  }
}
