import { sql } from 'kysely'
import type { Budgets } from '../core/ports.ts'
import type { Database } from './tables.ts'

export function budgetsOf(db: Database): Budgets {
  return {
    take: async (name, most, withinMs) => {
      const { rows } = await sql<{
        wait: number
      }>`SELECT faceoff_take_call(${name}, ${most}, ${withinMs}) AS wait`.execute(db)
      return rows[0]?.wait ?? 0
    },

    block: async (name, ms) => {
      const until = sql`clock_timestamp() + ${ms} * interval '1 millisecond'`
      await sql`
        INSERT INTO call_budget (name, blocked_until) VALUES (${name}, ${until})
        ON CONFLICT (name) DO UPDATE
        SET blocked_until = greatest(call_budget.blocked_until, excluded.blocked_until)`.execute(db)
    },
  }
}
