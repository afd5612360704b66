import type { Settings } from '../core/ports.ts'
import type { Database } from './tables.ts'

export function settingsOf(db: Database): Settings {
  return {
    get: async name => {
      const row = await db.selectFrom('setting').select('value').where('name', '=', name).executeTakeFirst()
      return row?.value
    },

    initialise: async (name, value) => {
      // Where it is set, the update changes nothing and makes the row come back, whoever was first.
      const row = await db
        .insertInto('setting')
        .values({ name, value })
        .onConflict(conflict => conflict.column('name').doUpdateSet({ name }))
        .returning('value')
        .executeTakeFirstOrThrow()
      return row.value
    },
  }
}
