import { type RawBuilder, type Selectable, sql } from 'kysely'
import type { Answer, Comparison, Contestant, Platform, Tally } from '../core/comparison.ts'
import type { HistoryWish } from '../core/history.ts'
import type { Comparisons } from '../core/ports.ts'
import { foldedOf } from './people.ts'
import type { Database, Tables } from './tables.ts'
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
            place: comparison.place ?? null,
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
      const everywhere = sql`c.workspace_id = ${workspaceId}`
      const here = channel === undefined ? everywhere : sql`${everywhere} AND c.channel = ${channel}`
      return whole(db, before === undefined ? here : sql`${here} AND ${olderThan(before)}`, limit)
    },

    search: wish => whole(db, searched(wish), wish.limit),

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

    open: async platform => {
      const rows = await db
        .selectFrom('comparison')
        .innerJoin('workspace', 'workspace.id', 'comparison.workspace_id')
        .select('comparison.id')
        .where('comparison.status', '=', 'open')
        .where('workspace.platform', '=', platform)
        .orderBy('comparison.created_at', 'desc')
        .execute()
      return rows.map(({ id }) => id)
    },

    stop: (id, at) => db.transaction().execute(transaction => stopRuns(transaction, id, at)),
  }
}

/** What a blind ballot hides until it is closed finds it afterwards only. */
function searched({ workspaceId, channel, words, model, category, person, since, until, before }: HistoryWish) {
  const isNamed = sql`(c.status <> 'open' OR NOT c.blind)`
  const answers = (where: RawBuilder<unknown>) =>
    sql`(${isNamed} AND EXISTS (SELECT FROM contestant AS a WHERE a.comparison_id = c.id AND ${where}))`
  const conditions = [
    sql`c.workspace_id = ${workspaceId}`,
    ...(channel === null ? [] : [sql`c.channel = ${channel}`]),
    ...words.map(
      word => sql`(c.prompt ILIKE ${containing(word)} OR ${answers(sql`a.text ILIKE ${containing(word)}`)})`,
    ),
    ...(model === null ? [] : [answers(sql`a.model ILIKE ${containing(model)}`)]),
    ...(category === null ? [] : [sql`c.category = ${category}`]),
    ...(person === null ? [] : [sql`p.name_folded LIKE ${containing(foldedOf(person))}`]),
    ...(since === null ? [] : [sql`c.created_at >= ${since}`]),
    ...(until === null ? [] : [sql`c.created_at < ${new Date(until.getTime() + 86_400_000)}`]),
    ...(before === null ? [] : [olderThan(before)]),
  ]
  return sql.join(conditions, sql` AND `)
}

function olderThan(id: string) {
  return sql`(c.created_at, c.id) < (SELECT o.created_at, o.id FROM comparison o WHERE o.id = ${id})`
}

function containing(part: string): string {
  return `%${part.replaceAll('\0', '').replace(/[\\%_]/g, '\\$&')}%`
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
async function whole(db: Database, where: RawBuilder<unknown>, limit: number): Promise<Comparison[]> {
  const { rows } = await sql<ComparisonRow>`
    SELECT c.*, w.platform, p.name AS asker_name, answers.contestants, ${sealedTally} AS tally,
      (SELECT count(*)::int FROM vote AS v WHERE v.comparison_id = c.id) AS voted
    FROM comparison AS c
    JOIN workspace AS w ON w.id = c.workspace_id
    JOIN person AS p ON p.id = c.asker_id
    CROSS JOIN LATERAL (
      SELECT json_agg(
        json_build_object(
          'label', a.label,
          'model', a.model,
          'answer', json_build_object(
            'status', a.status,
            'run', a.run,
            'text', coalesce(d.text, a.text),
            'failure', a.failure,
            'retryAt', a.retry_at,
            'endReason', a.end_reason,
            'promptTokens', a.prompt_tokens,
            'completionTokens', a.completion_tokens,
            'costMicros', a.cost_micros,
            'currency', a.currency,
            'firstTokenMs', a.first_token_ms,
            'durationMs', a.duration_ms,
            'namedItself', a.named_itself
          )
        ) ORDER BY a.label
      ) AS contestants
      FROM contestant AS a
      LEFT JOIN draft AS d
        ON d.comparison_id = a.comparison_id AND d.label = a.label AND d.run = a.run AND a.status = 'streaming'
      WHERE a.comparison_id = c.id
    ) AS answers
    WHERE ${where}
    ORDER BY c.created_at DESC, c.id DESC
    LIMIT ${limit}`.execute(db)
  return rows.map(comparisonOf)
}

type ComparisonRow = Selectable<Tables['comparison']> & {
  platform: Platform
  asker_name: string
  contestants: ContestantJson[]
  voted: number
  tally: Tally | null
}

/** JSON has no dates. */
type ContestantJson = Omit<Contestant, 'answer'> & { answer: Omit<Answer, 'retryAt'> & { retryAt: string | null } }

function comparisonOf(row: ComparisonRow): Comparison {
  return {
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
    place: row.place,
    contestants: row.contestants.map(({ label, model, answer }) => ({
      label,
      model,
      answer: { ...answer, retryAt: answer.retryAt === null ? null : new Date(answer.retryAt) },
    })),
    voted: row.voted,
    tally: row.tally,
  }
}
