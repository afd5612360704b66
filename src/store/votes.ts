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
        ON CONFLICT (comparison_id, voter_id)
          DO UPDATE SET choice = excluded.choice, cast_at = excluded.cast_at, by_reaction = false
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

    react: (comparisonId, voterId, choice, at) =>
      onOpenBallot(db, comparisonId, async ballot => {
        if (await remember(ballot, voterId, choice, at)) await count(ballot, voterId, choice, at)
      }).then(result => result !== false),

    unreact: (comparisonId, voterId, choice) =>
      onOpenBallot(db, comparisonId, ballot => forget(ballot, voterId, choice)).then(result => result !== false),

    reconcile: (comparisonId, reactions, at) =>
      onOpenBallot(db, comparisonId, async ballot => {
        const known = await ballot.db
          .selectFrom('reaction')
          .select(['voter_id', 'choice'])
          .where('comparison_id', '=', comparisonId)
          .execute()
        const present = new Set(reactions.map(({ voterId, choice }) => `${voterId} ${choice}`))
        const undecided: string[] = []
        for (const [voterId, own] of Map.groupBy(reactions, reaction => reaction.voterId)) {
          const fresh: Choice[] = []
          for (const { choice } of own) if (await remember(ballot, voterId, choice, at)) fresh.push(choice)
          const [only] = fresh
          if (fresh.length > 1) undecided.push(voterId)
          else if (only !== undefined) await count(ballot, voterId, only, at)
        }
        // After the new ones: whoever changed their mind while nobody looked keeps a vote throughout.
        for (const { voter_id, choice } of known) {
          if (!present.has(`${voter_id} ${choice}`)) await forget(ballot, voter_id, choice)
        }
        return { undecided }
      }),

    reactions: async (comparisonId, voterId) => {
      const rows = await db
        .selectFrom('reaction')
        .select('choice')
        .where('comparison_id', '=', comparisonId)
        .where('voter_id', '=', voterId)
        .orderBy('seen_at', 'desc')
        .execute()
      return rows.map(({ choice }) => choice)
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

/** An open ballot that nobody else changes until the transaction ends. */
type Ballot = { db: Database; id: string; workspaceId: string }

async function onOpenBallot<T>(
  db: Database,
  comparisonId: string,
  change: (ballot: Ballot) => Promise<T>,
): Promise<T | false> {
  return db.transaction().execute(async transaction => {
    const row = await transaction
      .selectFrom('comparison')
      .select('workspace_id')
      .where('id', '=', comparisonId)
      .where('status', '=', 'open')
      .forNoKeyUpdate()
      .executeTakeFirst()
    if (row === undefined) return false
    return change({ db: transaction, id: comparisonId, workspaceId: row.workspace_id })
  })
}

/** True when this reaction was not known before. */
async function remember({ db, id, workspaceId }: Ballot, voterId: string, choice: Choice, at: Date): Promise<boolean> {
  const row = await db
    .insertInto('reaction')
    .values({ comparison_id: id, voter_id: voterId, workspace_id: workspaceId, choice, seen_at: at })
    .onConflict(conflict => conflict.columns(['comparison_id', 'voter_id', 'choice']).doNothing())
    .returning('choice')
    .executeTakeFirst()
  return row !== undefined
}

async function forget(ballot: Ballot, voterId: string, choice: Choice): Promise<void> {
  const { db, id } = ballot
  const gone = await db
    .deleteFrom('reaction')
    .where('comparison_id', '=', id)
    .where('voter_id', '=', voterId)
    .where('choice', '=', choice)
    .returning('choice')
    .executeTakeFirst()
  if (gone === undefined) return
  const vote = await db
    .deleteFrom('vote')
    .where('comparison_id', '=', id)
    .where('voter_id', '=', voterId)
    .where('choice', '=', choice)
    .where('by_reaction', '=', true)
    .returning('cast_at')
    .executeTakeFirst()
  if (vote === undefined) return
  const left = await db
    .selectFrom('reaction')
    .select(['choice', 'seen_at'])
    .where('comparison_id', '=', id)
    .where('voter_id', '=', voterId)
    .orderBy('seen_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (left) await count(ballot, voterId, left.choice, left.seen_at)
}

async function count({ db, id, workspaceId }: Ballot, voterId: string, choice: Choice, at: Date): Promise<void> {
  const vote = { choice, cast_at: at, by_reaction: true }
  await db
    .insertInto('vote')
    .values({ comparison_id: id, voter_id: voterId, workspace_id: workspaceId, ...vote })
    .onConflict(conflict => conflict.columns(['comparison_id', 'voter_id']).doUpdateSet(vote))
    .execute()
}

/** The counts by choice of the comparison `c`, and null while it is open: there is no other way to the counts. */
export const sealedTally = sql<Tally | null>`(
  CASE WHEN c.status <> 'open' THEN coalesce(
    (SELECT json_object_agg(counted.choice, counted.votes)
     FROM (SELECT v.choice, count(*) AS votes FROM vote AS v WHERE v.comparison_id = c.id GROUP BY v.choice) AS counted),
    '{}'::json
  ) END
)`
