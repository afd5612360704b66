import { type Expression, type SqlBool, sql } from 'kysely'
import { jsonArrayFrom } from 'kysely/helpers/postgres'
import type { Comparison, Contestant } from '../core/comparison.ts'
import type { Comparisons } from '../core/ports.ts'
import type { Database } from './tables.ts'
import { sealedTally } from './votes.ts'

export function comparisonsOf(db: Database): Comparisons {
  return {
    create: async comparison => {
      await db.transaction().execute(async transaction => {
        const { id, contestants } = comparison
        const created = await transaction
          .insertInto('comparison')
          .values({
            id,
            workspace_id: comparison.workspaceId,
            channel: comparison.channel,
            asker_id: comparison.askerId,
            prompt: comparison.prompt,
            category: comparison.category,
            blind: comparison.blind,
            locale: comparison.locale,
            created_at: comparison.createdAt,
            closes_at: comparison.closesAt,
          })
          .onConflict(conflict => conflict.column('id').doNothing())
          .returning('id')
          .executeTakeFirst()
        if (created === undefined || contestants.length === 0) return
        await transaction
          .insertInto('contestant')
          .values(contestants.map(({ label, model }) => ({ comparison_id: id, label, model })))
          .execute()
      })
    },

    find: async id => {
      const [row] = await whole(db, sql`c.id = ${id}`, 1)
      return row
    },

    recent: ({ workspaceId, channel, before, limit }) => {
      const here = sql<SqlBool>`c.workspace_id = ${workspaceId} AND c.channel = ${channel}`
      const older = sql<SqlBool>`(c.created_at, c.id) < (SELECT o.created_at, o.id FROM comparison o WHERE o.id = ${before})`
      return whole(db, before === undefined ? here : sql`${here} AND ${older}`, limit)
    },

    close: (id, outcome, at) =>
      db.transaction().execute(async transaction => {
        // Waits for votes that are being cast, and makes later ones see a closed ballot.
        const closed = await transaction
          .updateTable('comparison')
          .set({ status: outcome, closed_at: at })
          .where('id', '=', id)
          .where('status', '=', 'open')
          .returning('id')
          .executeTakeFirst()
        if (closed === undefined) return false
        if (await hasUnfinished(transaction, id)) await stopRuns(transaction, id, at)
        return true
      }),

    due: async now => {
      const rows = await db
        .selectFrom('comparison')
        .select('id')
        .where('status', '=', 'open')
        .where('closes_at', '<=', now)
        .orderBy('closes_at')
        .execute()
      return rows.map(({ id }) => id)
    },

    stop: (id, at) => db.transaction().execute(transaction => stopRuns(transaction, id, at)),
  }
}

async function hasUnfinished(db: Database, id: string): Promise<boolean> {
  const row = await db
    .selectFrom('contestant')
    .select('label')
    .where('comparison_id', '=', id)
    .where('status', 'in', ['queued', 'streaming'])
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** `begin` reads the comparison under a lock, so no run begins between these statements. */
async function stopRuns(transaction: Database, id: string, at: Date): Promise<void> {
  const stopped = await transaction
    .updateTable('comparison')
    .set({ stop_requested_at: sql`coalesce(stop_requested_at, ${at})` })
    .where('id', '=', id)
    .returning('id')
    .executeTakeFirst()
  if (stopped === undefined) return
  await transaction
    .updateTable('contestant')
    .set({ status: 'stopped', failure: null, retry_at: null })
    .where('comparison_id', '=', id)
    .where('status', '=', 'queued')
    .execute()
  await sql`SELECT pg_notify('faceoff', ${`stop:${id}`})`.execute(transaction)
}

/** Whole comparisons, newest first, in one query whatever their number: one look at the facts, not several. */
async function whole(db: Database, where: Expression<SqlBool>, limit: number): Promise<Comparison[]> {
  const rows = await db
    .selectFrom('comparison as c')
    .innerJoin('workspace as w', 'w.id', 'c.workspace_id')
    .innerJoin('person as p', 'p.id', 'c.asker_id')
    .select([
      'c.id',
      'c.workspace_id',
      'w.platform',
      'c.channel',
      'c.asker_id',
      'p.name as asker_name',
      'c.prompt',
      'c.category',
      'c.blind',
      'c.locale',
      'c.status',
      'c.created_at',
      'c.closes_at',
      'c.closed_at',
      'c.stop_requested_at',
    ])
    .select(({ selectFrom, fn }) => [
      jsonArrayFrom(
        selectFrom('contestant as a')
          .leftJoin('draft as d', join =>
            join
              .onRef('d.comparison_id', '=', 'a.comparison_id')
              .onRef('d.label', '=', 'a.label')
              .onRef('d.run', '=', 'a.run')
              .on('a.status', '=', 'streaming'),
          )
          .whereRef('a.comparison_id', '=', 'c.id')
          .orderBy('a.label')
          .select([
            'a.label',
            'a.model',
            'a.status',
            'a.run',
            fn.coalesce('d.text', 'a.text').as('text'),
            'a.failure',
            'a.retry_at',
            'a.end_reason',
            'a.prompt_tokens',
            'a.completion_tokens',
            'a.cost_micros',
            'a.currency',
            'a.first_token_ms',
            'a.duration_ms',
            'a.named_itself',
          ]),
      ).as('contestants'),
      selectFrom('vote as v')
        .whereRef('v.comparison_id', '=', 'c.id')
        .select(({ fn }) => fn.countAll<string>().as('n'))
        .as('voted'),
      sealedTally.as('tally'),
    ])
    .where(where)
    .orderBy('c.created_at', 'desc')
    .orderBy('c.id', 'desc')
    .limit(limit)
    .execute()
  return rows.map(row => ({
    id: row.id,
    workspaceId: row.workspace_id,
    platform: row.platform,
    channel: row.channel,
    asker: { id: row.asker_id, name: row.asker_name },
    prompt: row.prompt,
    category: row.category,
    blind: row.blind,
    locale: row.locale,
    status: row.status,
    createdAt: row.created_at,
    closesAt: row.closes_at,
    closedAt: row.closed_at,
    stopRequestedAt: row.stop_requested_at,
    contestants: row.contestants.map(contestantOf),
    voted: Number(row.voted),
    tally: row.tally,
  }))
}

/** JSON has no dates, and its numbers are numbers already. */
function contestantOf(row: ContestantJson): Contestant {
  return {
    label: row.label,
    model: row.model,
    answer: {
      status: row.status,
      run: row.run,
      text: row.text,
      failure: row.failure,
      retryAt: row.retry_at === null ? null : new Date(row.retry_at),
      endReason: row.end_reason,
      promptTokens: numberOf(row.prompt_tokens),
      completionTokens: numberOf(row.completion_tokens),
      costMicros: numberOf(row.cost_micros),
      currency: row.currency,
      firstTokenMs: numberOf(row.first_token_ms),
      durationMs: numberOf(row.duration_ms),
      namedItself: row.named_itself,
    },
  }
}
