-- What the leaderboard reads: votes counted together, kept in the transaction that changes them (docs/decisions/0009).
--
--   comparison, contestant, vote ──trigger──▶ counted_ballot ──trigger──▶ tally, tally_answer
--                                └──────────────trigger────────────────▶ tally_voter
--
-- A ballot counts once it is revealed, if it was blind. Every row is kept for four scopes: of all categories or one, of all
-- time or one week. The views at the end say the same from the facts alone: they rebuild the tallies, and check them.

-- Of an answer's text: tokens, headers, list items, bold (core/rating/style.ts). Null where nobody counted: read the text.
ALTER TABLE contestant ADD COLUMN style integer[] CHECK (cardinality(style) = 4);

-- One row per ballot that counts. `labels`: the answers that could be read when it was revealed; the other arrays go by
-- them. `counts`: votes for each label, then ties, then "both bad".
CREATE TABLE counted_ballot (
  comparison_id faceoff_id PRIMARY KEY REFERENCES comparison ON DELETE CASCADE,
  workspace_id faceoff_id NOT NULL,
  -- '' where none was chosen.
  category text NOT NULL,
  -- The Monday (UTC) of the week in which it was revealed.
  week date NOT NULL,
  labels text[] NOT NULL,
  models text[] COLLATE "C" NOT NULL,
  counts bigint[] NOT NULL,
  first_token_ms bigint[] NOT NULL,
  cost_micros bigint[] NOT NULL,
  currency text[] NOT NULL
);

CREATE INDEX counted_ballot_of_workspace ON counted_ballot (workspace_id, week DESC, comparison_id DESC);

-- In all tallies: category '*' is every category, week '-infinity' all time.

-- Comparisons with at least one vote, by their models in the order of the labels. `products`: the sums over comparisons of
-- count i × count j, i ≤ j, row by row: all that an interval clustered by comparison needs to know.
CREATE TABLE tally (
  workspace_id faceoff_id NOT NULL,
  category text NOT NULL,
  week date NOT NULL,
  models text[] COLLATE "C" NOT NULL,
  comparisons bigint NOT NULL,
  counts bigint[] NOT NULL,
  products bigint[] NOT NULL,
  PRIMARY KEY (workspace_id, category, week, models)
);

CREATE TABLE tally_voter (
  workspace_id faceoff_id NOT NULL,
  category text NOT NULL,
  week date NOT NULL,
  voter_id faceoff_id NOT NULL,
  models text[] COLLATE "C" NOT NULL,
  counts bigint[] NOT NULL,
  PRIMARY KEY (workspace_id, category, week, voter_id, models)
);

-- What was measured of the answers: `first_token` in buckets of one percent (ms, round(100·ln(ms + 1))), for medians;
-- `cost USD`, `cost CNY` in bucket 0. `total` is the sum of what was measured.
CREATE TABLE tally_answer (
  workspace_id faceoff_id NOT NULL,
  category text NOT NULL,
  week date NOT NULL,
  model text COLLATE "C" NOT NULL,
  measure text NOT NULL,
  bucket integer NOT NULL,
  answers bigint NOT NULL,
  total bigint NOT NULL,
  PRIMARY KEY (workspace_id, category, week, model, measure, bucket)
);

CREATE FUNCTION faceoff_plus(a bigint[], b bigint[]) RETURNS bigint[] LANGUAGE sql IMMUTABLE STRICT
  RETURN (SELECT array_agg(one + other ORDER BY place) FROM unnest(a, b) WITH ORDINALITY AS pair (one, other, place));

CREATE FUNCTION faceoff_times(factor bigint, a bigint[]) RETURNS bigint[] LANGUAGE sql IMMUTABLE STRICT
  RETURN (SELECT array_agg(factor * one ORDER BY place) FROM unnest(a) WITH ORDINALITY AS single (one, place));

CREATE FUNCTION faceoff_products(counts bigint[]) RETURNS bigint[] LANGUAGE sql IMMUTABLE STRICT
  RETURN (
    SELECT array_agg(a.n * b.n ORDER BY a.place, b.place)
    FROM unnest(counts) WITH ORDINALITY AS a (n, place) JOIN unnest(counts) WITH ORDINALITY AS b (n, place)
      ON a.place <= b.place
  );

CREATE AGGREGATE faceoff_total (bigint[]) (SFUNC = faceoff_plus, STYPE = bigint[]);

-- Where a choice stands in `counts`; null for a label that is not among `labels`.
CREATE FUNCTION faceoff_place(labels text[], choice text) RETURNS integer LANGUAGE sql IMMUTABLE STRICT
  RETURN CASE choice
    WHEN 'tie' THEN cardinality(labels) + 1
    WHEN 'both_bad' THEN cardinality(labels) + 2
    ELSE array_position(labels, choice)
  END;

-- One vote as `counts`, or its removal.
CREATE FUNCTION faceoff_one(labels text[], choice text, sign bigint) RETURNS bigint[] LANGUAGE sql IMMUTABLE STRICT
  RETURN (
    SELECT array_agg(CASE WHEN place = faceoff_place(labels, choice) THEN sign ELSE 0 END ORDER BY place)
    FROM generate_series(1, cardinality(labels) + 2) AS place
  );

CREATE FUNCTION faceoff_scopes(text, date) RETURNS TABLE (category text, week date) LANGUAGE sql IMMUTABLE STRICT AS $$
  VALUES ('*', date '-infinity'), ('*', $2), ($1, date '-infinity'), ($1, $2)
$$;

-- What counts, from the facts. Answers that were stopped by the reveal and stored after it could never be voted for: the
-- labels of a row that is there already stand.
CREATE VIEW counted_ballot_by_facts AS
SELECT
  c.id AS comparison_id,
  c.workspace_id,
  coalesce(c.category, '') AS category,
  date_trunc('week', c.closed_at AT TIME ZONE 'UTC')::date AS week,
  answers.labels,
  answers.models,
  (
    SELECT (ARRAY[
      count(*) FILTER (WHERE place = 1), count(*) FILTER (WHERE place = 2), count(*) FILTER (WHERE place = 3),
      count(*) FILTER (WHERE place = 4), count(*) FILTER (WHERE place = 5), count(*) FILTER (WHERE place = 6),
      count(*) FILTER (WHERE place = 7), count(*) FILTER (WHERE place = 8)
    ])[1 : cardinality(answers.labels) + 2]
    FROM vote AS v CROSS JOIN LATERAL faceoff_place(answers.labels, v.choice) AS place
    WHERE v.comparison_id = c.id
  ) AS counts,
  answers.first_token_ms,
  answers.cost_micros,
  answers.currency
FROM comparison AS c
LEFT JOIN counted_ballot AS k ON k.comparison_id = c.id
CROSS JOIN LATERAL (
  SELECT
    array_agg(a.label ORDER BY a.label) AS labels,
    array_agg(a.model COLLATE "C" ORDER BY a.label) AS models,
    array_agg(a.first_token_ms ORDER BY a.label) AS first_token_ms,
    array_agg(a.cost_micros ORDER BY a.label) AS cost_micros,
    array_agg(a.currency ORDER BY a.label) AS currency
  FROM contestant AS a
  WHERE a.comparison_id = c.id
    AND (a.status = 'done' OR (a.status = 'stopped' AND a.text <> ''))
    AND (k.labels IS NULL OR a.label = ANY (k.labels))
) AS answers
WHERE c.status = 'revealed' AND c.blind AND cardinality(answers.labels) >= 2;

-- The tallies, from the ballots that count. Ballots whose votes fell alike are counted together first, for speed.
CREATE VIEW tally_by_ballots AS
SELECT
  alike.workspace_id,
  scope.category,
  scope.week,
  alike.models,
  sum(alike.times)::bigint AS comparisons,
  faceoff_total(faceoff_times(alike.times, alike.counts)) AS counts,
  faceoff_total(faceoff_times(alike.times, faceoff_products(alike.counts))) AS products
FROM (
  SELECT workspace_id, category, week, models, counts, count(*) AS times
  FROM counted_ballot
  WHERE NOT 0 = ALL (counts)
  GROUP BY workspace_id, category, week, models, counts
) AS alike
CROSS JOIN LATERAL faceoff_scopes(alike.category, alike.week) AS scope
GROUP BY alike.workspace_id, scope.category, scope.week, alike.models;

CREATE VIEW tally_voter_by_votes AS
SELECT
  k.workspace_id,
  scope.category,
  scope.week,
  v.voter_id,
  k.models,
  (ARRAY[
    count(*) FILTER (WHERE place = 1), count(*) FILTER (WHERE place = 2), count(*) FILTER (WHERE place = 3),
    count(*) FILTER (WHERE place = 4), count(*) FILTER (WHERE place = 5), count(*) FILTER (WHERE place = 6),
    count(*) FILTER (WHERE place = 7), count(*) FILTER (WHERE place = 8)
  ])[1 : cardinality(k.models) + 2] AS counts
FROM counted_ballot AS k
JOIN vote AS v ON v.comparison_id = k.comparison_id
CROSS JOIN LATERAL faceoff_place(k.labels, v.choice) AS place
CROSS JOIN LATERAL faceoff_scopes(k.category, k.week) AS scope
WHERE place IS NOT NULL
GROUP BY k.workspace_id, scope.category, scope.week, v.voter_id, k.models;

-- What one ballot brings to `tally_answer`.
CREATE FUNCTION faceoff_measured(k counted_ballot)
RETURNS TABLE (model text, measure text, bucket integer, total bigint) LANGUAGE sql IMMUTABLE AS $$
  SELECT answer.model, measured.measure, measured.bucket, measured.total
  FROM unnest(k.models, k.first_token_ms, k.cost_micros, k.currency) AS answer (model, first_token_ms, cost_micros, currency)
  CROSS JOIN LATERAL (
    VALUES
      ('first_token', round(100 * ln(answer.first_token_ms + 1))::integer, answer.first_token_ms),
      ('cost ' || answer.currency, 0, answer.cost_micros)
  ) AS measured (measure, bucket, total)
  WHERE measured.total IS NOT NULL
$$;

CREATE VIEW tally_answer_by_ballots AS
SELECT k.workspace_id, scope.category, scope.week, measured.model, measured.measure, measured.bucket,
  count(*) AS answers, sum(measured.total)::bigint AS total
FROM counted_ballot AS k
CROSS JOIN LATERAL faceoff_measured(k) AS measured
CROSS JOIN LATERAL faceoff_scopes(k.category, k.week) AS scope
GROUP BY k.workspace_id, scope.category, scope.week, measured.model, measured.measure, measured.bucket;

-- Adds a ballot that counts, or takes it away. Rows are taken in one order, so that two reveals cannot wait for each other.
CREATE FUNCTION faceoff_tally_ballot(k counted_ballot, sign bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF NOT 0 = ALL (k.counts) THEN
    INSERT INTO tally AS t (workspace_id, category, week, models, comparisons, counts, products)
    SELECT k.workspace_id, scope.category, scope.week, k.models, sign, faceoff_times(sign, k.counts),
      faceoff_times(sign, faceoff_products(k.counts))
    FROM faceoff_scopes(k.category, k.week) AS scope
    ORDER BY scope.category, scope.week
    ON CONFLICT (workspace_id, category, week, models) DO UPDATE SET
      comparisons = t.comparisons + excluded.comparisons,
      counts = faceoff_plus(t.counts, excluded.counts),
      products = faceoff_plus(t.products, excluded.products);
    DELETE FROM tally AS t USING faceoff_scopes(k.category, k.week) AS scope
    WHERE sign < 0 AND t.workspace_id = k.workspace_id AND t.category = scope.category AND t.week = scope.week
      AND t.models = k.models AND t.comparisons = 0;
  END IF;
  INSERT INTO tally_answer AS t (workspace_id, category, week, model, measure, bucket, answers, total)
  SELECT k.workspace_id, scope.category, scope.week, measured.model, measured.measure, measured.bucket, sign,
    sign * measured.total
  FROM faceoff_measured(k) AS measured CROSS JOIN faceoff_scopes(k.category, k.week) AS scope
  ORDER BY scope.category, scope.week, measured.model, measured.measure, measured.bucket
  ON CONFLICT (workspace_id, category, week, model, measure, bucket) DO UPDATE SET
    answers = t.answers + excluded.answers,
    total = t.total + excluded.total;
  DELETE FROM tally_answer AS t USING faceoff_measured(k) AS measured, faceoff_scopes(k.category, k.week) AS scope
  WHERE sign < 0 AND t.workspace_id = k.workspace_id AND t.category = scope.category AND t.week = scope.week
    AND t.model = measured.model AND t.measure = measured.measure AND t.bucket = measured.bucket AND t.answers = 0;
END $$;

-- Adds votes of a ballot that counts, or takes them away: of one voter, or of all who have a vote now (null).
CREATE FUNCTION faceoff_tally_voters(k counted_ballot, of_voter text, of_choice text, sign bigint) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO tally_voter AS t (workspace_id, category, week, voter_id, models, counts)
  SELECT k.workspace_id, scope.category, scope.week, cast_vote.voter_id, k.models,
    faceoff_one(k.labels, cast_vote.choice, sign)
  FROM (
    SELECT of_voter AS voter_id, of_choice AS choice WHERE of_voter IS NOT NULL
    UNION ALL
    SELECT v.voter_id, v.choice FROM vote AS v WHERE of_voter IS NULL AND v.comparison_id = k.comparison_id
  ) AS cast_vote
  CROSS JOIN faceoff_scopes(k.category, k.week) AS scope
  WHERE faceoff_place(k.labels, cast_vote.choice) IS NOT NULL
  ORDER BY scope.category, scope.week, cast_vote.voter_id
  ON CONFLICT (workspace_id, category, week, voter_id, models) DO UPDATE SET
    counts = faceoff_plus(t.counts, excluded.counts);
  DELETE FROM tally_voter AS t USING faceoff_scopes(k.category, k.week) AS scope
  WHERE sign < 0 AND t.workspace_id = k.workspace_id AND t.category = scope.category AND t.week = scope.week
    AND t.models = k.models AND 0 = ALL (t.counts)
    AND (t.voter_id = of_voter OR of_voter IS NULL AND EXISTS (
      SELECT FROM vote AS v WHERE v.comparison_id = k.comparison_id AND v.voter_id = t.voter_id
    ));
END $$;

CREATE FUNCTION faceoff_ballot_counted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    PERFORM faceoff_tally_ballot(OLD, -1);
  END IF;
  IF TG_OP <> 'DELETE' THEN
    PERFORM faceoff_tally_ballot(NEW, 1);
  END IF;
  IF TG_OP = 'DELETE' OR (TG_OP = 'UPDATE' AND (OLD.category, OLD.week) IS DISTINCT FROM (NEW.category, NEW.week)) THEN
    PERFORM faceoff_tally_voters(OLD, NULL, NULL, -1);
  END IF;
  IF TG_OP = 'INSERT' OR (TG_OP = 'UPDATE' AND (OLD.category, OLD.week) IS DISTINCT FROM (NEW.category, NEW.week)) THEN
    PERFORM faceoff_tally_voters(NEW, NULL, NULL, 1);
  END IF;
  RETURN NULL;
END $$;

-- A comparison is revealed; or what decides whether and where it counts is put right later.
CREATE FUNCTION faceoff_count_comparison() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT (NEW.status = 'revealed' AND NEW.blind) THEN
    DELETE FROM counted_ballot WHERE comparison_id = NEW.id;
    RETURN NULL;
  END IF;
  INSERT INTO counted_ballot SELECT * FROM counted_ballot_by_facts AS f WHERE f.comparison_id = NEW.id
  ON CONFLICT (comparison_id) DO UPDATE SET category = excluded.category, week = excluded.week;
  RETURN NULL;
END $$;

-- Before its votes go with it: afterwards nobody could tell whose they were.
CREATE FUNCTION faceoff_uncount_comparison() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM counted_ballot WHERE comparison_id = OLD.id;
  RETURN OLD;
END $$;

CREATE FUNCTION faceoff_count_vote(comparison text, voter text, choice text, sign bigint) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  counted counted_ballot;
BEGIN
  -- Waits for a closing under way, and makes a later one wait: a vote is seen either by it or by the row it makes.
  PERFORM FROM comparison AS c WHERE c.id = comparison FOR SHARE;
  SELECT * INTO counted FROM counted_ballot AS k WHERE k.comparison_id = comparison FOR UPDATE;
  IF NOT FOUND OR faceoff_place(counted.labels, choice) IS NULL THEN
    RETURN;
  END IF;
  UPDATE counted_ballot AS k SET counts = faceoff_plus(k.counts, faceoff_one(k.labels, choice, sign))
  WHERE k.comparison_id = comparison;
  PERFORM faceoff_tally_voters(counted, voter, choice, sign);
END $$;

CREATE FUNCTION faceoff_vote_counted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    PERFORM faceoff_count_vote(OLD.comparison_id, OLD.voter_id, OLD.choice, -1);
  END IF;
  IF TG_OP <> 'DELETE' THEN
    PERFORM faceoff_count_vote(NEW.comparison_id, NEW.voter_id, NEW.choice, 1);
  END IF;
  RETURN NULL;
END $$;

-- From the facts, with all writers kept out.
CREATE FUNCTION faceoff_rebuild_tallies() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  LOCK TABLE comparison, contestant, vote, counted_ballot, tally, tally_voter, tally_answer IN SHARE ROW EXCLUSIVE MODE;
  PERFORM set_config('faceoff.rebuilding', 'yes', true);
  DELETE FROM counted_ballot AS k
  WHERE NOT EXISTS (SELECT FROM counted_ballot_by_facts AS f WHERE f.comparison_id = k.comparison_id);
  INSERT INTO counted_ballot SELECT * FROM counted_ballot_by_facts
  ON CONFLICT (comparison_id) DO UPDATE SET
    workspace_id = excluded.workspace_id, category = excluded.category, week = excluded.week, models = excluded.models,
    labels = excluded.labels, counts = excluded.counts, first_token_ms = excluded.first_token_ms,
    cost_micros = excluded.cost_micros, currency = excluded.currency;
  PERFORM set_config('faceoff.rebuilding', '', true);
  DELETE FROM tally;
  DELETE FROM tally_voter;
  DELETE FROM tally_answer;
  INSERT INTO tally SELECT * FROM tally_by_ballots;
  INSERT INTO tally_voter SELECT * FROM tally_voter_by_votes;
  INSERT INTO tally_answer SELECT * FROM tally_answer_by_ballots;
END $$;

CREATE FUNCTION faceoff_recount() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM faceoff_rebuild_tallies();
  RETURN NULL;
END $$;

CREATE TRIGGER ballot_counted AFTER INSERT OR UPDATE OR DELETE ON counted_ballot
  FOR EACH ROW WHEN (current_setting('faceoff.rebuilding', true) IS DISTINCT FROM 'yes')
  EXECUTE FUNCTION faceoff_ballot_counted();
CREATE TRIGGER comparison_counted AFTER UPDATE OF status, closed_at, category, blind ON comparison
  FOR EACH ROW WHEN (NEW.status <> 'open') EXECUTE FUNCTION faceoff_count_comparison();
-- What arrives closed, as from a backup, is looked at when its contestants are there too.
CREATE CONSTRAINT TRIGGER comparison_counted_late AFTER INSERT ON comparison
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.status <> 'open') EXECUTE FUNCTION faceoff_count_comparison();
CREATE TRIGGER comparison_uncounted BEFORE DELETE ON comparison
  FOR EACH ROW EXECUTE FUNCTION faceoff_uncount_comparison();
CREATE TRIGGER vote_counted AFTER INSERT OR UPDATE OR DELETE ON vote
  FOR EACH ROW EXECUTE FUNCTION faceoff_vote_counted();
CREATE TRIGGER vote_counted_truncate AFTER TRUNCATE ON vote
  FOR EACH STATEMENT EXECUTE FUNCTION faceoff_recount();

SELECT faceoff_rebuild_tallies();
