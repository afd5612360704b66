import { sql } from 'kysely'
import type { Choice, Tally } from '../core/comparison.ts'
import { FaceoffError } from '../core/errors.ts'
import type { Votes } from '../core/ports.ts'
import { violates } from './guard.ts'
import type { Database } from './tables.ts'

/** A shared lock on the open ballot: the closing waits for it, and a vote that comes later finds no open ballot. */
const openBallot = (comparisonId: string) =>
  sql`SELECT id, workspace_id FROM comparison WHERE id = ${comparisonId} AND status = 'open' FOR SHARE`

export function votesOf(db: Database): Votes {
  return {
    cast: async (comparisonId, voterId, choice, at) => {
      const cast = sql`
        WITH ballot AS (${openBallot(comparisonId)})
        INSERT INTO vote (comparison_id, workspace_id, voter_id, choice, cast_at)
        SELECT id, workspace_id, ${voterId}, ${choice}, ${at}::timestamptz FROM ballot
        ON CONFLICT (comparison_id, voter_id) DO UPDATE SET choice = excluded.choice, cast_at = excluded.cast_at
        RETURNING 1`
      try {
        return (await cast.execute(db)).rows.length > 0
      } catch (error) {
        if (violates(error, 'vote_label_exists')) throw new FaceoffError({ code: 'choice_not_open', choice })
        throw error
      }
    },

    withdraw: async (comparisonId, voterId) => {
      const { rows } = await sql`
        WITH ballot AS (${openBallot(comparisonId)}),
          gone AS (DELETE FROM vote USING ballot WHERE vote.comparison_id = ballot.id AND vote.voter_id = ${voterId})
        SELECT 1 FROM ballot`.execute(db)
      return rows.length > 0
    },

    own: async (voterId, comparisonIds) => {
      if (comparisonIds.length === 0) return new Map()
      const rows = await db
        .selectFrom('vote')
        .select(['comparison_id', 'choice'])
        .where('voter_id', '=', voterId)
        .where('comparison_id', 'in', comparisonIds)
        .execute()
      return new Map<string, Choice>(rows.map(({ comparison_id, choice }) => [comparison_id, choice]))
    },
  }
}

/** The counts by choice of the comparison `c`, and null while it is open: there is no other way to the counts. */
export const sealedTally = sql<Tally | null>`(
  CASE WHEN c.status <> 'open' THEN coalesce(
    (SELECT json_object_agg(counted.choice, counted.votes)
     FROM (SELECT v.choice, count(*) AS votes FROM vote AS v WHERE v.comparison_id = c.id GROUP BY v.choice) AS counted),
    '{}'::json
  ) END
)`
