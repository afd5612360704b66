-- What chat platforms need: where a comparison is shown, what was posted there, what people voted with their reactions,
-- and what is still to be shown.

-- The platform's own note of where the ballot belongs; nobody else reads it.
ALTER TABLE comparison ADD COLUMN place text;

-- The ledger of posts: claimed, posted, recorded. Without an external id nobody knows whether it was posted.
CREATE TABLE post (
  comparison_id faceoff_id NOT NULL REFERENCES comparison ON DELETE CASCADE,
  part text NOT NULL CHECK (part <> ''),
  external_id text CHECK (external_id <> ''),
  claimed_at timestamptz NOT NULL,
  PRIMARY KEY (comparison_id, part)
);

CREATE INDEX post_external ON post (external_id);

-- Votes by reaction. One person may leave several; `vote` holds the one that counts.
CREATE TABLE reaction (
  comparison_id faceoff_id NOT NULL,
  voter_id faceoff_id NOT NULL,
  workspace_id faceoff_id NOT NULL,
  choice text NOT NULL CHECK (choice IN ('A', 'B', 'C', 'D', 'E', 'F', 'tie', 'both_bad')),
  seen_at timestamptz NOT NULL,
  PRIMARY KEY (comparison_id, voter_id, choice),
  FOREIGN KEY (comparison_id, workspace_id) REFERENCES comparison (id, workspace_id) ON DELETE CASCADE,
  FOREIGN KEY (voter_id, workspace_id) REFERENCES person (id, workspace_id)
);

CREATE INDEX reaction_of_voter ON reaction (voter_id, workspace_id);

ALTER TABLE vote ADD COLUMN by_reaction boolean NOT NULL DEFAULT false;

-- What a platform has to show and perhaps has not: written with the change itself, taken off once it is on show.
-- `closed`: it has to be seen as it is after the ballot closed.
CREATE TABLE unshown (
  comparison_id faceoff_id NOT NULL REFERENCES comparison ON DELETE CASCADE,
  part text NOT NULL CHECK (part IN ('ballot', 'A', 'B', 'C', 'D', 'E', 'F')),
  closed boolean NOT NULL,
  since timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (comparison_id, part)
);

CREATE FUNCTION faceoff_owe(of_comparison text, parts text[], is_closed boolean) RETURNS void LANGUAGE sql AS $$
  INSERT INTO unshown (comparison_id, part, closed)
  SELECT c.id, p.part, is_closed
  FROM comparison AS c
  -- The console's pages are the rows themselves.
  JOIN workspace AS w ON w.id = c.workspace_id AND w.platform <> 'console'
  CROSS JOIN unnest(parts) AS p (part)
  WHERE c.id = of_comparison
  ON CONFLICT (comparison_id, part) DO UPDATE
  SET closed = unshown.closed OR excluded.closed, since = excluded.since
$$;

CREATE FUNCTION faceoff_owe_answer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM faceoff_owe(NEW.comparison_id, ARRAY ['ballot', NEW.label], false);
  RETURN NULL;
END $$;

CREATE FUNCTION faceoff_owe_closing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM faceoff_owe(
    NEW.id,
    (SELECT array_agg(label) FROM contestant WHERE comparison_id = NEW.id) || ARRAY ['ballot'],
    true
  );
  RETURN NULL;
END $$;

CREATE TRIGGER contestant_unshown AFTER UPDATE ON contestant FOR EACH ROW
  WHEN (OLD.status IN ('queued', 'streaming') AND NEW.status IN ('done', 'stopped', 'failed'))
  EXECUTE FUNCTION faceoff_owe_answer();
CREATE TRIGGER comparison_unshown AFTER UPDATE ON comparison FOR EACH ROW
  WHEN (OLD.status = 'open' AND NEW.status <> 'open')
  EXECUTE FUNCTION faceoff_owe_closing();
