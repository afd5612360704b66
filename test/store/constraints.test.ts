import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { type OpenStore, openStore } from '../../src/store/index.ts'
import { createDatabase } from '../services/database.ts'
import { silence } from './silence.ts'

/** What no code path can store, because the tables refuse it: each statement goes past the store, straight to them. */
describe('the tables refuse', () => {
  let database: Awaited<ReturnType<typeof createDatabase>>
  let opened: OpenStore
  beforeAll(async () => {
    database = await createDatabase(inject('postgresUrl'))
    opened = await openStore({ databaseUrl: database.url, log: silence, onFatal: () => {} })
    await opened.pool.query(`
      INSERT INTO workspace (id, platform, external_id) VALUES ('w', 'console', 'w'), ('other', 'slack', 'other');
      INSERT INTO person (id, workspace_id, platform, external_id, name, name_folded) VALUES
        ('ada', 'w', 'console', 'ada', 'Ada', 'ada'), ('bob', 'w', 'console', 'bob', 'Bob', 'bob'),
        ('foreigner', 'other', 'slack', 'x', 'Ada', 'ada');
      BEGIN;
      INSERT INTO comparison (id, workspace_id, channel, asker_id, prompt, blind, locale, created_at, closes_at) VALUES
        ('open', 'w', 'c', 'ada', 'Why?', true, 'en', now(), now()),
        ('running', 'w', 'c', 'ada', 'Why?', true, 'en', now(), now());
      INSERT INTO comparison (id, workspace_id, channel, asker_id, prompt, blind, locale, created_at, closes_at, status,
        closed_at) VALUES ('closed', 'w', 'c', 'ada', 'Why?', true, 'en', now(), now(), 'revealed', now());
      INSERT INTO contestant (comparison_id, label, model) SELECT id, label, 'demo/' || label
        FROM comparison, unnest(ARRAY['A', 'B']) AS label;
      COMMIT;
      UPDATE contestant SET status = 'streaming', run = 1 WHERE comparison_id = 'running';
      UPDATE contestant SET status = 'failed', failure = 'internal' WHERE comparison_id = 'closed';
      ${summary} ('posted', 'w', '2026-W47', 'UTC', '2026-11-16', '2026-11-23', 'en', now(), 'c', 'posted', '{}');`)
  })
  afterAll(async () => {
    await opened.store.close()
    await database[Symbol.asyncDispose]()
  })

  const comparison = `INSERT INTO comparison (id, workspace_id, channel, asker_id, prompt, blind, locale, created_at,
    closes_at) VALUES`
  const contestant = 'INSERT INTO contestant (comparison_id, label, model) VALUES'
  const vote = 'INSERT INTO vote (comparison_id, workspace_id, voter_id, choice, cast_at) VALUES'
  const summarySettings = `INSERT INTO summary_settings (workspace_id, enabled, weekday, minute_of_day, time_zone, locale,
    quiet_weeks, changed_by, changed_at) VALUES`
  const queued = (changes: string) => `UPDATE contestant SET ${changes} WHERE comparison_id = 'open' AND label = 'A'`
  const streaming = (changes: string) =>
    `UPDATE contestant SET ${changes} WHERE comparison_id = 'running' AND label = 'A'`

  test.each([
    ['an unknown platform', `INSERT INTO workspace (id, platform, external_id) VALUES ('x', 'irc', 'x')`],
    ['a workspace twice', `INSERT INTO workspace (id, platform, external_id) VALUES ('x', 'console', 'w')`],
    ['an empty id', `INSERT INTO workspace (id, platform, external_id) VALUES ('', 'console', 'x')`],
    ['a person twice', person('x', 'w', 'console', 'ada', 'Eve')],
    ['a name twice in the console', person('x', 'w', 'console', 'x', 'Ada')],
    ["a person of another platform than their workspace's", person('x', 'w', 'slack', 'x', 'Eve')],
    ['a person without a name', person('x', 'w', 'console', 'x', '')],
    ['a comparison without contestants', `${comparison} ('x', 'w', 'c', 'ada', 'Why?', true, 'en', now(), now())`],
    ['a comparison without a prompt', `${comparison} ('x', 'w', 'c', 'ada', '', true, 'en', now(), now())`],
    ['an asker of another workspace', `${comparison} ('x', 'w', 'c', 'foreigner', 'Why?', true, 'en', now(), now())`],
    ['an unknown language', `${comparison} ('x', 'w', 'c', 'ada', 'Why?', true, 'fr', now(), now())`],
    [
      'an end before the beginning',
      `${comparison} ('x', 'w', 'c', 'ada', 'Why?', true, 'en', now(), now() - interval '1 s')`,
    ],
    ['an unknown category', `UPDATE comparison SET category = 'gossip' WHERE id = 'open'`],
    ['a closed ballot without a time', `UPDATE comparison SET status = 'revealed' WHERE id = 'open'`],
    ['an open ballot with the time of its closing', `UPDATE comparison SET closed_at = now() WHERE id = 'open'`],
    ['a closed ballot opened again', `UPDATE comparison SET status = 'open', closed_at = NULL WHERE id = 'closed'`],
    ['a revealed ballot made void', `UPDATE comparison SET status = 'void' WHERE id = 'closed'`],
    ['a single contestant left', `DELETE FROM contestant WHERE comparison_id = 'open' AND label = 'B'`],
    [
      'a contestant moved away',
      `UPDATE contestant SET comparison_id = 'closed', label = 'C', model = 'demo/x'
      WHERE comparison_id = 'open' AND label = 'B'`,
    ],
    ['a seventh label', `${contestant} ('open', 'G', 'demo/g')`],
    ['a label twice', `${contestant} ('open', 'A', 'demo/g')`],
    ['a model twice in one comparison', `${contestant} ('open', 'C', 'demo/A')`],
    ['a model without a provider', `${contestant} ('open', 'C', 'gpt')`],
    ['a contestant of nothing', `${contestant} ('x', 'A', 'demo/a')`],
    ['an unknown status', queued(`status = 'lost'`)],
    ['streaming without a run', queued(`status = 'streaming'`)],
    ['an answer without a run', queued(`status = 'done', text = 'Because.'`)],
    ['text of an answer that waits', queued(`text = 'Because.'`)],
    ['a cost of an answer that waits', queued(`cost_micros = 1, currency = 'USD'`)],
    ['a failure without a reason', queued(`status = 'failed'`)],
    ['an empty reason', queued(`status = 'failed', failure = ''`)],
    ['a time to wait for without a reason', queued('retry_at = now()')],
    ['final text of an answer that streams', streaming(`text = 'Because.'`)],
    ['a reason of an answer that streams', streaming(`failure = 'internal'`)],
    ['a reason of an answer that is done', streaming(`status = 'done', failure = 'internal'`)],
    ['a cost without a currency', streaming(`status = 'done', cost_micros = 1`)],
    ['an unknown currency', streaming(`status = 'done', cost_micros = 1, currency = 'XXX'`)],
    ['a negative cost', streaming(`status = 'done', cost_micros = -1, currency = 'USD'`)],
    ['negative tokens', streaming(`status = 'done', completion_tokens = -1`)],
    ['a negative time', streaming(`status = 'done', duration_ms = -1`)],
    ['an unknown end', streaming(`status = 'done', end_reason = 'tired'`)],
    ['NUL in a text', streaming(`status = 'done', text = E'\\x00'`)],
    ['a final answer changed', `UPDATE contestant SET text = 'Because.' WHERE comparison_id = 'closed'`],
    ['a draft of nothing', `INSERT INTO draft VALUES ('open', 'F', 1, '')`],
    ['an unknown choice', `${vote} ('open', 'w', 'ada', 'maybe', now())`],
    ['a vote for a label that is not there', `${vote} ('open', 'w', 'ada', 'C', now())`],
    ['a vote from another workspace', `${vote} ('open', 'w', 'foreigner', 'A', now())`],
    ['a vote in the name of another workspace', `${vote} ('open', 'other', 'foreigner', 'A', now())`],
    ['a second vote of one voter', `${vote} ('open', 'w', 'ada', 'A', now()), ('open', 'w', 'ada', 'B', now())`],
    ['a posted summary changed', `UPDATE summary SET numbers = '{"apart":1}' WHERE id = 'posted'`],
    ['a posted summary due again', `UPDATE summary SET status = 'due' WHERE id = 'posted'`],
    ['a week twice', weekly(`'2026-W47'`, `'missed', NULL`)],
    ['a week that is none', weekly(`'2026-47'`, `'missed', NULL`)],
    ['an unknown fate of a summary', weekly(`'2026-W48'`, `'lost', '{}'`)],
    ['a summary that is due without numbers', weekly(`'2026-W48'`, `'due', NULL`)],
    ['a weekday that is none', `${summarySettings} ('w', true, 8, 540, 'UTC', 'en', 'post', 'ada', now())`],
    ['a minute that is none', `${summarySettings} ('w', true, 1, 1440, 'UTC', 'en', 'post', 'ada', now())`],
    ['settings by a stranger', `${summarySettings} ('w', true, 1, 540, 'UTC', 'en', 'post', 'foreigner', now())`],
    ['a post of no summary', `INSERT INTO summary_post VALUES ('x', 'post', NULL, now())`],
  ])('%s', async (_, statement) => {
    const refusal: unknown = await opened.pool.query(statement).catch(error => error)

    // Integrity constraint violations are class 23, data that cannot be stored is class 22.
    expect(refusal).toMatchObject({ code: expect.stringMatching(/^2[23]/) })
  })

  test('nothing that is right', async () => {
    await opened.pool.query(`${vote} ('open', 'w', 'ada', 'A', now()), ('open', 'w', 'bob', 'tie', now())`)
    await opened.pool.query(`${contestant} ('open', 'C', 'demo/org/c')`)
    await opened.pool.query(streaming(`status = 'done', text = 'Because.', cost_micros = 1, currency = 'USD'`))
    await opened.pool.query(`${summarySettings} ('w', true, 7, 1439, 'UTC', 'en', 'post', 'ada', now())`)
    await opened.pool.query(weekly(`'2026-W48'`, `'missed', NULL`))
    await opened.pool.query(`DELETE FROM vote; DELETE FROM comparison WHERE id = 'running'`)
  })
})

const summary = `INSERT INTO summary (id, workspace_id, week, time_zone, starts_at, ends_at, locale, as_of, channel, status,
  numbers) VALUES`

/** `fate`: status and numbers. */
function weekly(week: string, fate: string): string {
  return `${summary} ('x', 'w', ${week}, 'UTC', '2026-11-23', '2026-11-30', 'en', now(), 'c', ${fate})`
}

function person(id: string, workspace: string, platform: string, externalId: string, name: string): string {
  return `INSERT INTO person (id, workspace_id, platform, external_id, name, name_folded)
    VALUES ('${id}', '${workspace}', '${platform}', '${externalId}', '${name}', '${name.toLowerCase()}')`
}
