/**
 * Where a vote `v` stands among the counts of its ballot `k`, for reads of many votes: what `faceoff_place` says
 * (`migrations/0003_leaderboard.sql`), which PostgreSQL would call for each of them instead of reading it in place.
 */
import { sql } from 'kysely'

/** Null for a label that could not be voted for. */
export const spotOf = sql`
  CASE v.choice
    WHEN 'tie' THEN cardinality(k.labels) + 1
    WHEN 'both_bad' THEN cardinality(k.labels) + 2
    ELSE array_position(k.labels, v.choice)
  END`

/** No ballot has more than eight counts; those that it does not have are 0. */
export const countsBySpot = sql`
  ARRAY[
    count(*) FILTER (WHERE spot = 1), count(*) FILTER (WHERE spot = 2), count(*) FILTER (WHERE spot = 3),
    count(*) FILTER (WHERE spot = 4), count(*) FILTER (WHERE spot = 5), count(*) FILTER (WHERE spot = 6),
    count(*) FILTER (WHERE spot = 7), count(*) FILTER (WHERE spot = 8)
  ]`
