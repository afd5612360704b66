import { sql } from 'kysely'
import type { AnswerRef } from '../core/comparison.ts'
import type { Answers } from '../core/ports.ts'
import { styleFeatures, styleOf } from '../core/rating/style.ts'
import type { Database } from './tables.ts'

/**
 * Every method is one statement, so that no crash and no other process comes between its check and its write.
 *
 * A draft row belongs to one run: a late runner's token does not match it. Drafts are not in the write-ahead log and
 * are gone after a crash of the server, so `progress` inserts the row where it is missing.
 */
export function answersOf(db: Database): Answers {
  return {
    begin: async ref => {
      // The lock on the comparison puts a stop either before (no run begins) or after (the run hears of it).
      const { rows } = await sql<{ run: number }>`
        WITH asked AS (
          SELECT id, stop_requested_at IS NOT NULL AS to_stop FROM comparison WHERE id = ${ref.comparisonId} FOR SHARE
        ), abandoned AS (
          UPDATE contestant AS a SET
            status = 'stopped', run = a.run + 1, failure = NULL, retry_at = NULL,
            text = coalesce(
              (SELECT d.text FROM draft AS d WHERE d.comparison_id = a.comparison_id AND d.label = a.label AND d.run = a.run),
              ''
            )
          FROM asked
          WHERE asked.to_stop AND a.comparison_id = asked.id AND ${isUnfinished(ref)}
          RETURNING a.comparison_id, a.label
        ), gone AS (${deleteDraftsOf('abandoned')}), begun AS (
          UPDATE contestant AS a SET status = 'streaming', run = a.run + 1, failure = NULL, retry_at = NULL
          FROM asked
          WHERE NOT asked.to_stop AND a.comparison_id = asked.id AND ${isUnfinished(ref)}
          RETURNING a.comparison_id, a.label, a.run
        ), blank AS (
          INSERT INTO draft (comparison_id, label, run, text) SELECT comparison_id, label, run, '' FROM begun
          ON CONFLICT (comparison_id, label) DO UPDATE SET run = excluded.run, text = excluded.text
        )
        SELECT run FROM begun`.execute(db)
      return rows[0]?.run
    },

    progress: async (ref, run, text) => {
      const { rows } = await sql`
        INSERT INTO draft (comparison_id, label, run, text)
        SELECT comparison_id, label, run, ${storable(text)} FROM contestant WHERE ${isCurrent(ref, run)}
        ON CONFLICT (comparison_id, label) DO UPDATE SET text = excluded.text WHERE draft.run = excluded.run
        RETURNING 1`.execute(db)
      return rows.length > 0
    },

    waitAgain: async (ref, run, wait) => {
      const { rows } = await sql`
        WITH waiting AS (
          UPDATE contestant
          SET status = 'queued', failure = ${wait?.failure ?? null}, retry_at = ${wait?.retryAt ?? null}
          WHERE ${isCurrent(ref, run)}
          RETURNING comparison_id, label
        ), gone AS (${deleteDraftsOf('waiting')})
        SELECT 1 FROM waiting`.execute(db)
      return rows.length > 0
    },

    finish: async (ref, run, outcome) => {
      const { rows } = await sql`
        WITH ended AS (
          UPDATE contestant SET
            status = ${outcome.status}, text = ${storable(outcome.text)}, failure = ${outcome.failure},
            end_reason = ${outcome.endReason}, prompt_tokens = ${outcome.promptTokens},
            completion_tokens = ${outcome.completionTokens}, cost_micros = ${outcome.costMicros},
            currency = ${outcome.currency}, first_token_ms = ${outcome.firstTokenMs},
            duration_ms = ${outcome.durationMs}, named_itself = ${outcome.namedItself}, style = ${styleIn(outcome.text)}
          WHERE ${isCurrent(ref, run)}
          RETURNING comparison_id, label
        ), gone AS (${deleteDraftsOf('ended')})
        SELECT 1 FROM ended`.execute(db)
      return rows.length > 0
    },

    fail: async (ref, failure) => {
      const { rows } = await sql`
        WITH ended AS (
          UPDATE contestant SET status = 'failed', failure = ${failure}, retry_at = NULL
          WHERE ${isUnfinished(ref)}
          RETURNING comparison_id, label
        ), gone AS (${deleteDraftsOf('ended')})
        SELECT 1 FROM ended`.execute(db)
      return rows.length > 0
    },

    unfinished: async () => {
      const rows = await db
        .selectFrom('contestant')
        .select(['comparison_id', 'label', 'model'])
        .where('status', 'in', ['queued', 'streaming'])
        .orderBy('comparison_id')
        .orderBy('label')
        .execute()
      return rows.map(({ comparison_id, label, model }) => ({
        ref: { comparisonId: comparison_id, label },
        model,
      }))
    },
  }
}

function isCurrent(ref: AnswerRef, run: number) {
  return sql`comparison_id = ${ref.comparisonId} AND label = ${ref.label} AND run = ${run} AND status = 'streaming'`
}

function isUnfinished(ref: AnswerRef) {
  return sql`comparison_id = ${ref.comparisonId} AND label = ${ref.label} AND status IN ('queued', 'streaming')`
}

function deleteDraftsOf(rows: 'waiting' | 'ended' | 'abandoned') {
  const changed = sql.table(rows)
  return sql`
    DELETE FROM draft USING ${changed}
    WHERE draft.comparison_id = ${changed}.comparison_id AND draft.label = ${changed}.label`
}

/** Counted once, for the leaderboard that holds style equal. */
function styleIn(text: string): number[] {
  const style = styleOf(text)
  return styleFeatures.map(feature => style[feature])
}

/** PostgreSQL stores no NUL, and models have been seen to write one. */
function storable(text: string): string {
  return text.replaceAll('\0', '')
}
