/** Reads what `migrations/0003_leaderboard.sql` keeps: each read is one statement, and so one look at the facts. */
import { sql } from 'kysely'
import type { Category } from '../core/comparison.ts'
import type { Currency, ModelId } from '../core/model.ts'
import type { Measured, Tallies, TallyScope } from '../core/ports.ts'
import {
  type BallotTally,
  countOf,
  inARow,
  type KeptTallies,
  positionOf,
  type Style,
  styleOf,
  type Votes,
  votersForClustering,
} from '../core/rating/index.ts'
import { countsBySpot, spotOf } from './spots.ts'
import type { Database } from './tables.ts'

export function talliesOf(db: Database): Tallies {
  return {
    read: async (scope, withVoters = true) => {
      const { rows } = await sql<Read>`
        WITH casts AS (${castByVoter(scope)})
        SELECT
          (SELECT count(*)::int FROM casts WHERE NOT ${withVoters}) AS known,
          (SELECT json_agg(json_build_array(models, comparisons, counts, products)) FROM tally WHERE ${isIn(scope)})
            AS ballots,
          (
            SELECT json_agg(json_build_array(models, voters, counts))
            FROM (
              SELECT models, array_agg(voter_id) AS voters, string_agg(array_to_string(counts, ' '), ' ') AS counts
              FROM (${votesByVoter(scope)}) AS mine
              WHERE ${withVoters} OR voter_id = (SELECT voter_id FROM casts ORDER BY cast_votes DESC, voter_id LIMIT 1)
              GROUP BY models
            ) AS alike
          ) AS voters,
          (
            SELECT json_agg(json_build_array(model, measure, buckets, answers, total))
            FROM (
              SELECT model, measure, array_agg(bucket) AS buckets, array_agg(answers) AS answers, sum(total) AS total
              FROM tally_answer WHERE ${isIn(scope)} GROUP BY model, measure
            ) AS alike
          ) AS measured`.execute(db)
      const [found] = rows
      return { ...keptFrom(found, withVoters), measured: measuredFrom(found?.measured ?? []) }
    },

    before: async (workspaceId, moment) => {
      // Whole weeks from the tallies, the rest of the last one from its ballots.
      const monday = mondayOf(new Date(moment.getTime() - ((moment.getUTCDay() + 6) % 7) * 86_400_000))
      const inWeeks = sql`
        workspace_id = ${workspaceId} AND category = '*' AND week > '-infinity' AND week < ${monday}::date`
      const afterThem = sql`
        k.workspace_id = ${workspaceId} AND k.week >= ${monday}::date AND c.closed_at < ${moment}`
      const { rows } = await sql<Omit<Read, 'measured' | 'known'>>`
        WITH rest AS (
          SELECT k.models, k.counts, count(*) AS times
          FROM counted_ballot AS k JOIN comparison AS c ON c.id = k.comparison_id
          WHERE ${afterThem} AND NOT 0 = ALL (k.counts)
          GROUP BY k.models, k.counts
        ), kept AS (
          SELECT models, comparisons, counts, products FROM tally WHERE ${inWeeks}
          UNION ALL
          SELECT models, times, faceoff_times(times, counts), faceoff_times(times, faceoff_products(counts)) FROM rest
        ), by_voter AS (
          SELECT voter_id, models, counts FROM tally_voter WHERE ${inWeeks}
          UNION ALL
          SELECT voter_id, models, (${countsBySpot})[1 : cardinality(models) + 2]
          FROM (
            SELECT v.voter_id, k.models, ${spotOf} AS spot
            FROM counted_ballot AS k
            JOIN comparison AS c ON c.id = k.comparison_id
            JOIN vote AS v ON v.comparison_id = k.comparison_id
            WHERE ${afterThem}
          ) AS votes
          WHERE spot IS NOT NULL GROUP BY voter_id, models
        )
        SELECT
          (
            SELECT json_agg(json_build_array(models, comparisons, counts, products) ORDER BY models) FROM (
              SELECT models, sum(comparisons) AS comparisons, faceoff_total(counts) AS counts,
                faceoff_total(products) AS products
              FROM kept GROUP BY models
            ) AS together
          ) AS ballots,
          (
            SELECT json_agg(json_build_array(models, voters, counts) ORDER BY models)
            FROM (
              SELECT models, array_agg(voter_id ORDER BY voter_id) AS voters,
                string_agg(array_to_string(counts, ' '), ' ' ORDER BY voter_id) AS counts
              FROM (SELECT voter_id, models, ${summedCounts} FROM by_voter GROUP BY voter_id, models) AS mine
              GROUP BY models
            ) AS alike
          ) AS voters`.execute(db)
      const [found] = rows
      return keptFrom(found, true)
    },

    weeks: async scope => {
      const { rows } = await sql<{ week: string; ballots: BallotJson[] }>`
        SELECT week::text, json_agg(json_build_array(models, comparisons, counts, products)) AS ballots
        FROM tally
        WHERE workspace_id = ${scope.workspaceId} AND category = ${scope.category ?? '*'} AND week > '-infinity'
        GROUP BY week ORDER BY week`.execute(db)
      return rows.map(({ week, ballots }) => ({
        week: new Date(`${week}T00:00:00Z`),
        ballots: ballots.map(ballotFrom),
      }))
    },

    styled: async ({ workspaceId, category, since }, limit) => {
      const { rows } = await sql<{ comparisons: StyledJson[] | null; voters: number }>`
        WITH chosen AS (
          SELECT comparison_id, labels, models, counts FROM counted_ballot AS k
          WHERE workspace_id = ${workspaceId} AND NOT 0 = ALL (counts)
            AND (${category}::text IS NULL OR category = ${category})
            AND (${mondayOf(since)}::date IS NULL OR week >= ${mondayOf(since)}::date)
          ORDER BY week DESC, comparison_id DESC
          LIMIT ${limit}
        )
        SELECT
          (
            SELECT json_agg(json_build_array(k.models, k.counts, (
              SELECT json_agg(coalesce(to_json(a.style), to_json(a.text)) ORDER BY a.label)
              FROM contestant AS a WHERE a.comparison_id = k.comparison_id AND a.label = ANY (k.labels)
            )) ORDER BY k.comparison_id)
            FROM chosen AS k
          ) AS comparisons,
          (
            SELECT count(DISTINCT v.voter_id)::int FROM chosen AS k JOIN vote AS v ON v.comparison_id = k.comparison_id
          ) AS voters`.execute(db)
      const { comparisons, voters } = rows[0] ?? { comparisons: null, voters: 0 }
      return {
        comparisons: (comparisons ?? []).map(([models, counts, styles]) => ({
          ...votesFrom(models, counts),
          styles: styles.map(styleFrom),
        })),
        voters,
      }
    },

    ballots: async (after, limit) => {
      const { rows } = await sql<CountedJson>`
        SELECT k.comparison_id AS id, nullif(k.category, '') AS category, c.closed_at AS closed, k.models, cast_votes.votes
        FROM counted_ballot AS k
        JOIN comparison AS c ON c.id = k.comparison_id
        CROSS JOIN LATERAL (
          SELECT json_agg(
            json_build_array(v.voter_id, coalesce(k.models[array_position(k.labels, v.choice)], v.choice))
            ORDER BY v.cast_at, v.voter_id
          ) AS votes
          FROM vote AS v
          WHERE v.comparison_id = k.comparison_id AND faceoff_place(k.labels, v.choice) IS NOT NULL
        ) AS cast_votes
        WHERE k.comparison_id > ${after ?? ''} AND cast_votes.votes IS NOT NULL
        ORDER BY k.comparison_id
        LIMIT ${limit}`.execute(db)
      return rows.map(({ id, category, closed, models, votes }) => ({
        comparisonId: id,
        category,
        revealedAt: closed,
        models,
        votes: votes.map(([voterId, choice]) => ({ voterId, choice })),
      }))
    },

    check: async () => {
      const { rows } = await sql<{ rows: number; wrong: number }>`
        SELECT sum(there.rows)::int AS rows, sum(there.wrong)::int AS wrong
        FROM (
          ${comparedWith('counted_ballot', 'counted_ballot_by_facts')}
          UNION ALL ${comparedWith('tally', 'tally_by_ballots')}
          UNION ALL ${comparedWith('tally_voter', 'tally_voter_by_votes')}
          UNION ALL ${comparedWith('tally_answer', 'tally_answer_by_ballots')}
        ) AS there`.execute(db)
      return rows[0] ?? { rows: 0, wrong: 0 }
    },

    rebuild: () =>
      db.transaction().execute(async transaction => {
        // Millions of votes take longer than any statement of the app's own.
        await sql`SET LOCAL statement_timeout = 0`.execute(transaction)
        await sql`SELECT faceoff_rebuild_tallies()`.execute(transaction)
      }),
  }
}

/** Rows of a table or view, numbers as numbers. `[models, comparisons, counts, products]` */
type BallotJson = [string[], number, number[], number[]]
/** `[models, voters, counts]`: the counts of one voter after the other, with blanks between, are half the work of arrays. */
type VotersJson = [string[], string[], string]
/** `[models, counts, styles or texts]` */
type StyledJson = [string[], number[], (number[] | string)[]]
/** `[model, measure, buckets, answers in each, total]`; a bucket may come once for every week. */
type MeasuredJson = [ModelId, string, number[], number[], number]

type CountedJson = {
  id: string
  category: Category | null
  closed: Date
  models: ModelId[]
  votes: [string, ModelId | 'tie' | 'both_bad'][]
}

type Read = {
  /** How many voters; counted only where not all of their rows are read. */
  known: number
  ballots: BallotJson[] | null
  voters: VotersJson[] | null
  measured: MeasuredJson[] | null
}

/** The rows of a scope: one sum of all time, or the weeks since a Monday. */
function isIn({ workspaceId, category, since }: TallyScope) {
  const weeks = since === null ? sql`week = '-infinity'` : sql`week >= ${mondayOf(since)}::date`
  return sql`workspace_id = ${workspaceId} AND category = ${category ?? '*'} AND ${weeks}`
}

/** No row has more than eight counts. */
const summedCounts = sql`
  (ARRAY[
    sum(counts[1]), sum(counts[2]), sum(counts[3]), sum(counts[4]),
    sum(counts[5]), sum(counts[6]), sum(counts[7]), sum(counts[8])
  ])[1 : cardinality(models) + 2] AS counts`

/** One row for a voter and a kind of ballot. */
function votesByVoter(scope: TallyScope) {
  if (scope.since === null) return sql`SELECT voter_id, models, counts FROM tally_voter WHERE ${isIn(scope)}`
  return sql`
    SELECT voter_id, models, ${summedCounts}
    FROM tally_voter WHERE ${isIn(scope)} GROUP BY voter_id, models`
}

function castByVoter(scope: TallyScope) {
  return sql`
    SELECT voter_id, sum(
      counts[1] + counts[2] + counts[3] + coalesce(counts[4], 0)
      + coalesce(counts[5], 0) + coalesce(counts[6], 0) + coalesce(counts[7], 0) + coalesce(counts[8], 0)
    ) AS cast_votes
    FROM tally_voter WHERE ${isIn(scope)} GROUP BY voter_id`
}

/** A day as PostgreSQL reads it, whatever the session's time zone. */
function mondayOf(since: Date | null): string | null {
  return since === null ? null : since.toISOString().slice(0, 10)
}

function comparedWith(kept: string, truth: string) {
  const [a, b] = [sql.table(kept), sql.table(truth)]
  return sql`
    SELECT (SELECT count(*) FROM ${a}) AS rows, count(*) AS wrong
    FROM ((TABLE ${a} EXCEPT ALL TABLE ${b}) UNION ALL (TABLE ${b} EXCEPT ALL TABLE ${a})) AS different`
}

function keptFrom(
  found: (Pick<Read, 'ballots' | 'voters'> & { known?: number }) | undefined,
  withVoters: boolean,
): KeptTallies {
  const ballots = (found?.ballots ?? []).map(ballotFrom)
  const voters = votersFrom(found?.voters ?? [])
  const known = withVoters ? voters.length : (found?.known ?? 0)
  const cast = ({ votes }: { votes: readonly Votes[] }) => votes.reduce((sum, row) => sum + countOf(row), 0)
  // Of equally busy ones the first by id, as `tallyOf` has it.
  const [first, ...others] = voters
  const busiest = first && others.reduce((most, one) => (cast(one) > cast(most) ? one : most), first)
  return {
    ballots,
    position: positionOf(ballots),
    voters: {
      known,
      busiest: busiest ?? null,
      votes: inARow(!withVoters || known < votersForClustering ? [] : voters.map(({ votes }) => ({ times: 1, votes }))),
    },
  }
}

function ballotFrom([models, comparisons, counts, products]: BallotJson): BallotTally {
  return { models, comparisons, counts, products }
}

/** By id. Rows of one kind share their list of models: the arithmetic knows a list again faster than what is in it. */
function votersFrom(kinds: readonly VotersJson[]): { voter: string; votes: Votes[] }[] {
  const byVoter = new Map<string, Votes[]>()
  for (const [models, voters, counts] of kinds) {
    const numbers = counts.split(' ')
    const size = models.length
    voters.forEach((voter, at) => {
      const first = at * (size + 2)
      const own = byVoter.get(voter) ?? []
      byVoter.set(voter, own)
      own.push(votesFrom(models, numbers.slice(first, first + size + 2).map(Number)))
    })
  }
  return [...byVoter].map(([voter, votes]) => ({ voter, votes })).sort((a, b) => (a.voter < b.voter ? -1 : 1))
}

function votesFrom(models: readonly string[], counts: readonly number[]): Votes {
  const size = models.length
  return { models, wins: counts.slice(0, size), ties: counts[size] ?? 0, bothBad: counts[size + 1] ?? 0 }
}

function styleFrom(style: number[] | string): Style {
  if (typeof style === 'string') return styleOf(style)
  const [tokens = 0, headers = 0, listItems = 0, bold = 0] = style
  return { tokens, headers, listItems, bold }
}

function measuredFrom(rows: readonly MeasuredJson[]): Measured[] {
  const byModel = Map.groupBy(rows, ([model]) => model)
  return [...byModel].map(([model, own]) => {
    const costs = own.flatMap(([, measure, , answers, total]) =>
      measure.startsWith('cost ') ? [{ currency: measure.slice('cost '.length), answers: sum(answers), total }] : [],
    )
    const [paid] = costs.sort((a, b) => b.answers - a.answers)
    const firstToken = own.find(([, measure]) => measure === 'first_token')
    return {
      model,
      // Bucket b holds what rounds to e^(b/100) − 1 milliseconds.
      firstTokenMs: firstToken ? Math.exp(medianIn(firstToken[2], firstToken[3]) / 100) - 1 : null,
      costMicros: paid ? paid.total / paid.answers : null,
      currency: paid ? (paid.currency as Currency) : null,
    }
  })
}

/** The first bucket with half of the answers in it or below. */
function medianIn(buckets: readonly number[], answers: readonly number[]): number {
  const order = buckets.map((_, at) => at).sort((a, b) => (buckets[a] ?? 0) - (buckets[b] ?? 0))
  const half = sum(answers) / 2
  let seen = 0
  const middle = order.find(at => {
    seen += answers[at] ?? 0
    return seen >= half
  })
  return buckets[middle ?? 0] ?? 0
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
