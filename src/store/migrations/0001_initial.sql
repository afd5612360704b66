-- The tables of the arena. What can be said as a constraint is said as one: no code path can store a wrong state.

-- Ids are made by the application (UUID v7); "C" keeps their order the same on every server.
CREATE DOMAIN faceoff_id AS text COLLATE "C" CHECK (length(VALUE) BETWEEN 1 AND 64);

CREATE TABLE workspace (
  id faceoff_id PRIMARY KEY,
  platform text NOT NULL CHECK (platform IN ('console', 'discord', 'slack')),
  external_id text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (platform, external_id),
  UNIQUE (id, platform)
);

CREATE TABLE person (
  id faceoff_id PRIMARY KEY,
  workspace_id faceoff_id NOT NULL,
  platform text NOT NULL,
  external_id text NOT NULL,
  name text NOT NULL CHECK (name <> ''),
  -- Lower case by the application: lower() depends on the server's locale and may know ASCII only.
  name_folded text NOT NULL,
  admin boolean NOT NULL DEFAULT false,
  locale text CHECK (locale IN ('en', 'de')),
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (workspace_id, external_id),
  UNIQUE (id, workspace_id),
  FOREIGN KEY (workspace_id, platform) REFERENCES workspace (id, platform)
);

-- Discord and Slack tell people of the same name apart; in the console the name is all there is.
CREATE UNIQUE INDEX person_console_name ON person (workspace_id, name_folded) WHERE platform = 'console';

CREATE TABLE comparison (
  id faceoff_id PRIMARY KEY,
  workspace_id faceoff_id NOT NULL,
  channel text NOT NULL,
  asker_id faceoff_id NOT NULL,
  prompt text NOT NULL CHECK (prompt <> ''),
  category text CHECK (
    category IN ('reasoning', 'language', 'coding', 'writing', 'translation', 'knowledge', 'other')
  ),
  blind boolean NOT NULL,
  locale text NOT NULL CHECK (locale IN ('en', 'de')),
  status text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'revealed', 'void')),
  created_at timestamptz NOT NULL,
  closes_at timestamptz NOT NULL,
  closed_at timestamptz,
  stop_requested_at timestamptz,
  UNIQUE (id, workspace_id),
  FOREIGN KEY (asker_id, workspace_id) REFERENCES person (id, workspace_id),
  CONSTRAINT comparison_closes_after_creation CHECK (closes_at >= created_at),
  CONSTRAINT comparison_closed_has_time CHECK ((status = 'open') = (closed_at IS NULL))
);

CREATE INDEX comparison_of_channel ON comparison (workspace_id, channel, created_at DESC, id DESC);
CREATE INDEX comparison_open ON comparison (closes_at) WHERE status = 'open';

CREATE TABLE contestant (
  comparison_id faceoff_id NOT NULL REFERENCES comparison ON DELETE CASCADE,
  label text NOT NULL CHECK (label IN ('A', 'B', 'C', 'D', 'E', 'F')),
  model text NOT NULL CHECK (model LIKE '_%/_%'),
  status text NOT NULL DEFAULT 'queued' CHECK (status IN ('queued', 'streaming', 'done', 'stopped', 'failed')),
  run integer NOT NULL DEFAULT 0 CHECK (run >= 0),
  text text NOT NULL DEFAULT '',
  failure text CHECK (failure <> ''),
  retry_at timestamptz,
  end_reason text CHECK (end_reason IN ('stop', 'length')),
  prompt_tokens bigint CHECK (prompt_tokens >= 0),
  completion_tokens bigint CHECK (completion_tokens >= 0),
  cost_micros bigint CHECK (cost_micros >= 0),
  currency text CHECK (currency IN ('USD', 'CNY')),
  first_token_ms bigint CHECK (first_token_ms >= 0),
  duration_ms bigint CHECK (duration_ms >= 0),
  named_itself boolean NOT NULL DEFAULT false,
  PRIMARY KEY (comparison_id, label),
  UNIQUE (comparison_id, model),
  CONSTRAINT contestant_runs CHECK (run > 0 OR status NOT IN ('streaming', 'done')),
  CONSTRAINT contestant_failure CHECK (
    CASE status WHEN 'failed' THEN failure IS NOT NULL WHEN 'queued' THEN true ELSE failure IS NULL END
  ),
  CONSTRAINT contestant_waits_for_something CHECK (retry_at IS NULL OR (status = 'queued' AND failure IS NOT NULL)),
  CONSTRAINT contestant_cost_has_currency CHECK (cost_micros IS NULL OR currency IS NOT NULL),
  CONSTRAINT contestant_unfinished_is_blank CHECK (
    status IN ('done', 'stopped', 'failed')
    OR (
      text = ''
      AND num_nonnulls(
        end_reason, prompt_tokens, completion_tokens, cost_micros, currency, first_token_ms, duration_ms
      ) = 0
      AND NOT named_itself
    )
  )
);

CREATE INDEX contestant_unfinished ON contestant (comparison_id) WHERE status IN ('queued', 'streaming');

-- Text of answers that still stream. Worthless after a crash, so it is not worth the write-ahead log.
CREATE UNLOGGED TABLE draft (
  comparison_id faceoff_id NOT NULL,
  label text NOT NULL,
  run integer NOT NULL CHECK (run > 0),
  text text NOT NULL,
  PRIMARY KEY (comparison_id, label),
  FOREIGN KEY (comparison_id, label) REFERENCES contestant ON DELETE CASCADE
);

CREATE TABLE vote (
  comparison_id faceoff_id NOT NULL,
  voter_id faceoff_id NOT NULL,
  workspace_id faceoff_id NOT NULL,
  choice text NOT NULL CHECK (choice IN ('A', 'B', 'C', 'D', 'E', 'F', 'tie', 'both_bad')),
  -- The label that is voted for, null for the choices without one: a vote for a label that is not there cannot be stored.
  label text GENERATED ALWAYS AS (CASE WHEN length(choice) = 1 THEN choice END) STORED,
  cast_at timestamptz NOT NULL,
  PRIMARY KEY (comparison_id, voter_id),
  FOREIGN KEY (comparison_id, workspace_id) REFERENCES comparison (id, workspace_id) ON DELETE CASCADE,
  FOREIGN KEY (voter_id, workspace_id) REFERENCES person (id, workspace_id),
  CONSTRAINT vote_label_exists FOREIGN KEY (comparison_id, label) REFERENCES contestant (comparison_id, label)
);

CREATE INDEX vote_of_voter ON vote (voter_id, workspace_id);

CREATE TABLE setting (
  name text PRIMARY KEY,
  value text NOT NULL
);

-- Two to six contestants, looked at when the transaction commits: the labels allow no seventh.
CREATE FUNCTION faceoff_check_contestants() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  of_comparison text := CASE WHEN TG_TABLE_NAME = 'comparison' THEN to_jsonb(NEW) ->> 'id'
    ELSE to_jsonb(OLD) ->> 'comparison_id' END;
BEGIN
  IF EXISTS (SELECT FROM comparison WHERE id = of_comparison)
    AND (SELECT count(*) FROM contestant WHERE comparison_id = of_comparison) < 2
  THEN
    RAISE EXCEPTION 'a comparison has at least two contestants'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'comparison_contestants';
  END IF;
  RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER comparison_contestants AFTER INSERT ON comparison
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION faceoff_check_contestants();
CREATE CONSTRAINT TRIGGER comparison_contestants AFTER DELETE OR UPDATE OF comparison_id ON contestant
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION faceoff_check_contestants();

-- What is final stays as it is.
CREATE FUNCTION faceoff_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is final', TG_TABLE_NAME USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME;
END $$;

CREATE TRIGGER comparison_final BEFORE UPDATE ON comparison FOR EACH ROW
  WHEN (OLD.status <> 'open' AND ROW (OLD.status, OLD.closed_at) IS DISTINCT FROM ROW (NEW.status, NEW.closed_at))
  EXECUTE FUNCTION faceoff_refuse_change();
CREATE TRIGGER contestant_final BEFORE UPDATE ON contestant FOR EACH ROW
  WHEN (OLD.status IN ('done', 'stopped', 'failed') AND OLD IS DISTINCT FROM NEW)
  EXECUTE FUNCTION faceoff_refuse_change();

-- News for every process that listens. PostgreSQL sends equal messages of one transaction once.
CREATE FUNCTION faceoff_notify_comparison() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('faceoff', 'changed:' || NEW.id);
  RETURN NULL;
END $$;

CREATE FUNCTION faceoff_notify_part() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('faceoff', 'changed:' || CASE WHEN TG_OP = 'DELETE' THEN OLD.comparison_id ELSE NEW.comparison_id END);
  RETURN NULL;
END $$;

CREATE TRIGGER comparison_news AFTER INSERT OR UPDATE ON comparison
  FOR EACH ROW EXECUTE FUNCTION faceoff_notify_comparison();
CREATE TRIGGER contestant_news AFTER UPDATE ON contestant
  FOR EACH ROW EXECUTE FUNCTION faceoff_notify_part();
CREATE TRIGGER draft_news AFTER INSERT OR UPDATE ON draft
  FOR EACH ROW EXECUTE FUNCTION faceoff_notify_part();
CREATE TRIGGER vote_news AFTER INSERT OR UPDATE OR DELETE ON vote
  FOR EACH ROW EXECUTE FUNCTION faceoff_notify_part();
