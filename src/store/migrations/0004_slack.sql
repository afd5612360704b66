-- What Slack needs: who installed the app by OAuth, and how often its methods were called.

-- What Slack granted, sealed by the adapter: the database and its backups never hold a usable token.
CREATE TABLE installation (
  platform text NOT NULL CHECK (platform IN ('discord', 'slack')),
  external_id text NOT NULL CHECK (external_id <> ''),
  sealed text NOT NULL,
  installed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (platform, external_id)
);

-- Calls of the last minute, shared by every process. Worth nothing after a crash: not logged.
CREATE UNLOGGED TABLE call_budget (
  name text PRIMARY KEY,
  taken timestamptz[] NOT NULL DEFAULT '{}',
  blocked_until timestamptz NOT NULL DEFAULT '-infinity'
);

-- Takes one call where fewer than `most` were taken within the time; returns the milliseconds to wait otherwise.
CREATE FUNCTION faceoff_take_call(budget text, most int, within_ms double precision) RETURNS double precision
LANGUAGE plpgsql AS $$
DECLARE
  moment timestamptz;
  recent timestamptz[];
  blocked timestamptz;
  within interval := within_ms * interval '1 millisecond';
BEGIN
  INSERT INTO call_budget (name) VALUES (budget) ON CONFLICT DO NOTHING;
  SELECT taken, blocked_until INTO recent, blocked FROM call_budget WHERE name = budget FOR UPDATE;
  -- After the lock: whoever held it took its call before this moment.
  moment := clock_timestamp();
  IF blocked > moment THEN
    RETURN ceil(1000 * extract(epoch FROM blocked - moment));
  END IF;
  recent := ARRAY(SELECT t FROM unnest(recent) AS t WHERE t > moment - within ORDER BY t);
  IF cardinality(recent) >= most THEN
    RETURN greatest(1, ceil(1000 * extract(epoch FROM recent[cardinality(recent) - most + 1] + within - moment)));
  END IF;
  UPDATE call_budget SET taken = recent || moment WHERE name = budget;
  RETURN 0;
END $$;

-- What people asked for and was acknowledged, until it is done: Slack wants an answer before there is time to do it.
CREATE TABLE wish (
  id faceoff_id PRIMARY KEY,
  platform text NOT NULL CHECK (platform IN ('discord', 'slack')),
  body text NOT NULL,
  kept_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
