/** Summaries: what workspaces wish, the ledger of weeks, and what a week is made of (`migrations/0005_summary.sql`). */
import { type RawBuilder, sql } from 'kysely'
import type { Category, Platform } from '../core/comparison.ts'
import type { Currency, ModelId } from '../core/model.ts'
import type { Summaries, SummaryPlan, SummaryRow } from '../core/ports.ts'
import type { Summary, SummaryStatus, WeekFacts } from '../core/summary.ts'
import type { Locale } from '../core/text/index.ts'
import type { Weekday } from '../core/week.ts'
import { countsBySpot, spotOf } from './spots.ts'
import type { Database } from './tables.ts'

/** People that are read for "the most active", and ballots that may be named as open. */
const fewest = 5

/** Characters of a prompt that a summary quotes. */
const excerptLength = 200

export function summariesOf(db: Database): Summaries {
  const rows = async (where: RawBuilder<unknown>, limit: number) => {
    const found = await sql<RowJson>`
      SELECT s.id, s.workspace_id, w.platform, s.week, s.time_zone, s.starts_at, s.ends_at, s.locale, s.as_of, s.channel,
        s.status, s.numbers
      FROM summary AS s JOIN workspace AS w ON w.id = s.workspace_id
      WHERE ${where} ORDER BY s.week DESC, s.id DESC LIMIT ${limit}`.execute(db)
    return found.rows.map(rowFrom)
  }
  return {
    plans: async where => {
      const chosen =
        'workspaceId' in where ? sql`w.id = ${where.workspaceId}` : sql`w.platform = ANY (${[...where.platforms]})`
      const found = await sql<PlanJson>`
        SELECT w.id, w.platform, w.external_id, w.created_at, s.enabled, s.channel, s.weekday, s.minute_of_day,
          s.time_zone, s.locale, s.quiet_weeks, s.changed_at, p.external_id AS changed_by
        FROM workspace AS w
        LEFT JOIN summary_settings AS s ON s.workspace_id = w.id
        LEFT JOIN person AS p ON p.id = s.changed_by
        WHERE ${chosen} ORDER BY w.id`.execute(db)
      return found.rows.map(planFrom)
    },

    changeSettings: async (workspaceId, settings, { personId, at }) => {
      const { enabled, channel, weekday, minuteOfDay, timeZone, locale, quietWeeks } = settings
      await sql`
        INSERT INTO summary_settings (workspace_id, enabled, channel, weekday, minute_of_day, time_zone, locale,
          quiet_weeks, changed_by, changed_at)
        VALUES (${workspaceId}, ${enabled}, ${channel}, ${weekday}, ${minuteOfDay}, ${timeZone}, ${locale},
          ${quietWeeks}, ${personId}, ${at})
        ON CONFLICT (workspace_id) DO UPDATE SET enabled = excluded.enabled, channel = excluded.channel,
          weekday = excluded.weekday, minute_of_day = excluded.minute_of_day, time_zone = excluded.time_zone,
          locale = excluded.locale, quiet_weeks = excluded.quiet_weeks, changed_by = excluded.changed_by,
          changed_at = excluded.changed_at`.execute(db)
    },

    open: async (row, again) => {
      const { id, workspaceId, week, locale, asOf, channel, status, numbers } = row
      await sql`
        INSERT INTO summary AS s (id, workspace_id, week, time_zone, starts_at, ends_at, locale, as_of, channel, status,
          numbers)
        VALUES (${id}, ${workspaceId}, ${week.id}, ${week.timeZone}, ${week.start}, ${week.end}, ${locale}, ${asOf},
          ${channel}, ${status}, ${numbers === null ? null : JSON.stringify(numbers)}::jsonb)
        ON CONFLICT (workspace_id, week) DO UPDATE SET time_zone = excluded.time_zone, starts_at = excluded.starts_at,
          ends_at = excluded.ends_at, locale = excluded.locale, as_of = excluded.as_of, channel = excluded.channel,
          status = excluded.status, numbers = excluded.numbers
        WHERE ${again} AND s.status IN ('missed', 'refused', 'skipped')`.execute(db)
      const [standing] = await rows(sql`s.workspace_id = ${workspaceId} AND s.week = ${week.id}`, 1)
      if (standing === undefined) throw new Error('a summary is gone that was just there')
      return standing
    },

    settle: async (id, status) => {
      const { numAffectedRows } = await sql`
        UPDATE summary SET status = ${status} WHERE id = ${id} AND status = 'due'`.execute(db)
      return numAffectedRows === 1n
    },

    find: async where => {
      const [row] = await rows(
        'id' in where ? sql`s.id = ${where.id}` : sql`s.workspace_id = ${where.workspaceId} AND s.week = ${where.week}`,
        1,
      )
      return row
    },

    list: ({ workspaceId, status, before, limit }) =>
      rows(
        sql`(${workspaceId ?? null}::text IS NULL OR s.workspace_id = ${workspaceId ?? null})
          AND (${status ?? null}::text IS NULL OR s.status = ${status ?? null})
          AND (${before ?? null}::text IS NULL OR s.week < ${before ?? null})`,
        limit,
      ),

    facts: async ({ workspaceId, week, asOf, channel }) => {
      const asked = sql`
        c.workspace_id = ${workspaceId} AND c.created_at >= ${week.start} AND c.created_at < ${week.end}
          AND c.created_at < ${asOf}`
      const isOpen = sql`
        c.workspace_id = ${workspaceId} AND c.created_at < ${asOf} AND (c.closed_at IS NULL OR c.closed_at >= ${asOf})`
      const { rows: found } = await sql<FactsJson>`
        WITH votes AS (
          SELECT v.comparison_id, v.voter_id, ${spotOf} AS spot
          FROM vote AS v
          JOIN counted_ballot AS k ON k.comparison_id = v.comparison_id
          JOIN comparison AS c ON c.id = v.comparison_id
          WHERE v.workspace_id = ${workspaceId} AND v.cast_at >= ${week.start} AND v.cast_at < ${week.end}
            AND c.closed_at < ${asOf}
        ), ballots AS (
          SELECT comparison_id, ${countsBySpot} AS counts FROM votes WHERE spot IS NOT NULL GROUP BY comparison_id
        ), alike AS (
          -- By one text: it is hashed, where three columns of arrays would be sorted.
          SELECT json_build_array(nullif(k.category, ''), k.models, b.counts[1 : cardinality(k.models) + 2])::text AS kind,
            count(*) AS times, min(b.comparison_id) FILTER (WHERE c.channel = ${channel}) AS example
          FROM ballots AS b
          JOIN counted_ballot AS k ON k.comparison_id = b.comparison_id
          JOIN comparison AS c ON c.id = b.comparison_id
          GROUP BY kind
        ), answers AS (
          SELECT a.model, a.status, a.failure, a.first_token_ms, a.cost_micros, a.currency
          FROM comparison AS c JOIN contestant AS a ON a.comparison_id = c.id
          WHERE ${asked} AND c.closed_at < ${asOf} AND a.status IN ('done', 'stopped', 'failed')
        ), costs AS (
          SELECT DISTINCT ON (model) model, currency, total FROM (
            SELECT model, currency, sum(cost_micros) AS total, count(*) AS paid
            FROM answers WHERE cost_micros IS NOT NULL GROUP BY model, currency
          ) AS paid ORDER BY model, paid DESC, currency
        )
        SELECT
          (SELECT count(*) FROM comparison AS c WHERE ${asked})::int AS asked,
          (
            SELECT json_agg(json_build_array(name, asked) ORDER BY asked DESC, name) FROM (
              SELECT p.name, count(*) AS asked FROM comparison AS c JOIN person AS p ON p.id = c.asker_id
              WHERE ${asked} GROUP BY p.id, p.name ORDER BY asked DESC, p.name LIMIT ${fewest}
            ) AS busiest
          ) AS askers,
          (SELECT count(*) FROM (SELECT DISTINCT voter_id FROM votes WHERE spot IS NOT NULL) AS own)::int AS voters,
          (
            SELECT json_agg(json_build_array(x.kind::json, x.times, x.example, left(e.prompt, ${excerptLength})))
            FROM alike AS x LEFT JOIN comparison AS e ON e.id = x.example
          ) AS ballots,
          (
            SELECT json_agg(json_build_array(o.model, o.answers, o.failed, o.refused, o.first_token, c.total, c.currency))
            FROM (
              SELECT model, count(*) AS answers, count(*) FILTER (WHERE status = 'failed') AS failed,
                count(*) FILTER (WHERE failure = 'prompt_refused') AS refused,
                percentile_cont(0.5) WITHIN GROUP (ORDER BY first_token_ms) AS first_token
              FROM answers GROUP BY model
            ) AS o LEFT JOIN costs AS c ON c.model = o.model
          ) AS answers,
          (SELECT count(*) FROM comparison AS c WHERE ${isOpen})::int AS open,
          (
            SELECT json_agg(id) FROM (
              SELECT c.id FROM comparison AS c WHERE ${isOpen} AND c.channel = ${channel}
              ORDER BY c.created_at DESC, c.id DESC LIMIT ${fewest}
            ) AS newest
          ) AS open_ids`.execute(db)
      return factsFrom(found[0])
    },

    busiestChannel: async (workspaceId, { since, until }) => {
      const { rows: found } = await sql<{ channel: string }>`
        SELECT channel FROM comparison
        WHERE workspace_id = ${workspaceId} AND created_at >= ${since} AND created_at <= ${until}
        GROUP BY channel ORDER BY count(*) DESC, channel LIMIT 1`.execute(db)
      return found[0]?.channel
    },

    newest: async (workspaceId, channel) => {
      const { rows: found } = await sql<{ place: string | null; locale: Locale }>`
        SELECT place, locale FROM comparison
        WHERE workspace_id = ${workspaceId} AND (${channel}::text IS NULL OR channel = ${channel})
        ORDER BY created_at DESC, id DESC LIMIT 1`.execute(db)
      return found[0]
    },
  }
}

type RowJson = {
  id: string
  workspace_id: string
  platform: Platform
  week: string
  time_zone: string
  starts_at: Date
  ends_at: Date
  locale: Locale
  as_of: Date
  channel: string | null
  status: SummaryStatus
  numbers: Summary | null
}

function rowFrom(row: RowJson): SummaryRow {
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    platform: row.platform,
    week: { id: row.week, start: row.starts_at, end: row.ends_at, timeZone: row.time_zone },
    locale: row.locale,
    asOf: row.as_of,
    channel: row.channel,
    status: row.status,
    numbers: row.numbers,
  }
}

type PlanJson = { id: string; platform: Platform; external_id: string; created_at: Date } & (
  | { enabled: null }
  | {
      enabled: boolean
      channel: string | null
      weekday: Weekday
      minute_of_day: number
      time_zone: string
      locale: Locale
      quiet_weeks: 'post' | 'skip'
      changed_at: Date
      changed_by: string
    }
)

function planFrom(row: PlanJson): SummaryPlan {
  return {
    workspaceId: row.id,
    platform: row.platform,
    externalId: row.external_id,
    createdAt: row.created_at,
    settings:
      row.enabled === null
        ? null
        : {
            enabled: row.enabled,
            channel: row.channel,
            weekday: row.weekday,
            minuteOfDay: row.minute_of_day,
            timeZone: row.time_zone,
            locale: row.locale,
            quietWeeks: row.quiet_weeks,
            changedAt: row.changed_at,
            changedBy: row.changed_by,
          },
  }
}

/** Arrays in the order of the query. */
type FactsJson = {
  asked: number
  askers: [string, number][] | null
  voters: number
  ballots: [[Category | null, ModelId[], number[]], number, string | null, string | null][] | null
  answers: [ModelId, number, number, number, number | null, number | null, Currency | null][] | null
  open: number
  open_ids: string[] | null
}

function factsFrom(found: FactsJson | undefined): WeekFacts {
  return {
    asked: found?.asked ?? 0,
    askers: (found?.askers ?? []).map(([name, asked]) => ({ name, asked })),
    voters: found?.voters ?? 0,
    ballots: (found?.ballots ?? []).map(([[category, models, counts], times, comparisonId, prompt]) => ({
      category,
      models,
      counts,
      times,
      example: comparisonId === null || prompt === null ? null : { comparisonId, prompt },
    })),
    answers: (found?.answers ?? []).map(([model, answers, failed, refused, firstTokenMs, costMicros, currency]) => ({
      model,
      answers,
      failed,
      refused,
      firstTokenMs,
      costMicros,
      currency,
    })),
    open: { count: found?.open ?? 0, comparisonIds: found?.open_ids ?? [] },
  }
}
