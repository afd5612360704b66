-- The weekly summary: what a workspace wishes, the ledger that decides what is posted, and the ledger of the posts.

-- Votes of a week are found by when they were cast.
CREATE INDEX vote_of_week ON vote (workspace_id, cast_at);
CREATE INDEX comparison_of_week ON comparison (workspace_id, created_at);

-- A workspace without a row goes by the installation's defaults.
CREATE TABLE summary_settings (
  workspace_id faceoff_id PRIMARY KEY REFERENCES workspace ON DELETE CASCADE,
  enabled boolean NOT NULL,
  -- Null: where most comparisons happen.
  channel text CHECK (channel <> ''),
  -- Monday is 1, as ISO 8601 has it.
  weekday smallint NOT NULL CHECK (weekday BETWEEN 1 AND 7),
  minute_of_day smallint NOT NULL CHECK (minute_of_day BETWEEN 0 AND 1439),
  time_zone text NOT NULL CHECK (time_zone <> ''),
  locale text NOT NULL CHECK (locale IN ('en', 'de')),
  quiet_weeks text NOT NULL CHECK (quiet_weeks IN ('post', 'skip')),
  changed_by faceoff_id NOT NULL,
  changed_at timestamptz NOT NULL,
  FOREIGN KEY (changed_by, workspace_id) REFERENCES person (id, workspace_id)
);

--   (no row) ──▶ due ──▶ posted
--      │          ├────▶ missed   its day was over before it could be posted
--      │          └────▶ refused  the platform will not have it there
--      ├──▶ missed                nobody was up on its day
--      └──▶ skipped               a quiet week, and the team wants nothing then
--
-- Whoever asks for a summary by hand makes a `missed`, `refused` or `skipped` one due again.
CREATE TABLE summary (
  id faceoff_id PRIMARY KEY,
  workspace_id faceoff_id NOT NULL REFERENCES workspace ON DELETE CASCADE,
  week text NOT NULL CHECK (week ~ '^[0-9]{4}-W[0-9]{2}$'),
  time_zone text NOT NULL,
  starts_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL,
  locale text NOT NULL CHECK (locale IN ('en', 'de')),
  -- Ballots that were closed by then are in the numbers, and no others.
  as_of timestamptz NOT NULL,
  channel text CHECK (channel <> ''),
  status text NOT NULL CHECK (status IN ('due', 'posted', 'missed', 'refused', 'skipped')),
  -- What was counted then: the post says this for good, whatever is counted later.
  numbers jsonb,
  UNIQUE (workspace_id, week),
  CONSTRAINT summary_of_a_week CHECK (ends_at > starts_at),
  CONSTRAINT summary_has_numbers CHECK (status NOT IN ('due', 'posted') OR (numbers IS NOT NULL AND channel IS NOT NULL))
);

CREATE INDEX summary_due ON summary (workspace_id) WHERE status = 'due';

-- What was posted stays posted.
CREATE TRIGGER summary_final BEFORE UPDATE ON summary FOR EACH ROW
  WHEN (OLD.status = 'posted' AND OLD IS DISTINCT FROM NEW)
  EXECUTE FUNCTION faceoff_refuse_change();

-- As `post`, for summaries.
CREATE TABLE summary_post (
  summary_id faceoff_id NOT NULL REFERENCES summary ON DELETE CASCADE,
  part text NOT NULL CHECK (part <> ''),
  external_id text CHECK (external_id <> ''),
  claimed_at timestamptz NOT NULL,
  PRIMARY KEY (summary_id, part)
);
