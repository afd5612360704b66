/** Posting once, on a real database: two that post at once, and posts of which nobody knows whether they were made. */
import { v7 as newId } from 'uuid'
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest'
import { type Posting, postOnce } from '../../src/chat/ledger.ts'
import { FaceoffError } from '../../src/core/errors.ts'
import type { Posts } from '../../src/core/ports.ts'
import { type OpenStore, openStore } from '../../src/store/index.ts'
import { createDatabase } from '../services/database.ts'
import { silence } from '../store/silence.ts'

const part = 'ballot'
const down = new FaceoffError({ code: 'chat_down' })
const refused = new FaceoffError({ code: 'chat_closed', missing: null })

let stack: AsyncDisposableStack
/** Two processes with the same database. */
let one: OpenStore
let two: OpenStore
let comparisonId: string
/** What stands on the platform. */
let platform: string[]

beforeAll(async () => {
  stack = new AsyncDisposableStack()
  const { url: databaseUrl } = stack.use(await createDatabase(inject('postgresUrl')))
  const open = async () => {
    const opened = await openStore({ databaseUrl, log: silence, onFatal: () => {} })
    stack.defer(() => opened.store.close())
    return opened
  }
  one = await open()
  two = await open()
  await one.pool.query(`
    INSERT INTO workspace (id, platform, external_id) VALUES ('w', 'discord', 'w');
    INSERT INTO person (id, workspace_id, platform, external_id, name, name_folded)
      VALUES ('ada', 'w', 'discord', 'ada', 'Ada', 'ada');`)
})
afterAll(() => stack.disposeAsync())

beforeEach(async () => {
  comparisonId = newId()
  platform = []
  await one.pool.query(`
    BEGIN;
    INSERT INTO comparison (id, workspace_id, channel, asker_id, prompt, blind, locale, created_at, closes_at)
      VALUES ('${comparisonId}', 'w', 'c', 'ada', 'Why?', true, 'en', now(), now());
    INSERT INTO contestant (comparison_id, label, model)
      VALUES ('${comparisonId}', 'A', 'demo/a'), ('${comparisonId}', 'B', 'demo/b');
    COMMIT;`)
})

describe('a post', () => {
  test('is made once by two at once, and both are told where it is', async () => {
    const ids = await Promise.all([postOnce(posting(one)), postOnce(posting(two))])

    expect(platform).toHaveLength(1)
    expect(ids).toEqual([platform[0], platform[0]])
  })

  test('that was made is neither made nor looked for again', async () => {
    const id = await postOnce(posting(one))

    const again = await postOnce(posting(two, { post: unwanted, find: unwanted }))

    expect(again).toBe(id)
  })

  test('of one part says nothing of the others', async () => {
    const ids = [await postOnce(posting(one)), await postOnce(posting(one, { part: 'thread' }))]

    expect(platform).toEqual(ids)
    expect(Object.fromEntries(await one.store.posts.of(comparisonId))).toEqual({ [part]: ids[0], thread: ids[1] })
  })

  test('that was refused is forgotten: whoever tries next posts without looking', async () => {
    const first = postOnce(posting(one, { post: () => Promise.reject(refused) }))
    await expect(first).rejects.toBe(refused)

    const id = await postOnce(posting(two, { find: unwanted }))

    expect(platform).toEqual([id])
  })
})

describe('a post of which nobody knows whether it was made', () => {
  test('because the answer was lost is looked for at once, and not made again where it is found', async () => {
    const first = postOnce(posting(one, { post: lost }))
    await expect(first).rejects.toBe(down)

    const id = await postOnce(posting(two, { post: unwanted, find: async () => platform[0] }))

    expect(platform).toEqual([id])
    expect(await one.store.posts.of(comparisonId)).toEqual(new Map([[part, id]]))
  })

  test('is made where it is not found', async () => {
    const first = postOnce(posting(one, { post: () => Promise.reject(down) }))
    await expect(first).rejects.toBe(down)

    const id = await postOnce(posting(two))

    expect(platform).toEqual([id])
  })

  test('because its process died is looked for once the claim has lapsed', async () => {
    await one.store.posts.claim(comparisonId, part)
    platform.push('made by the dead')
    await lapse()

    const id = await postOnce(posting(two, { post: unwanted, find: async () => platform[0] }))

    expect(id).toBe('made by the dead')
  })

  test('because it could not be recorded is looked for once the claim has lapsed', async () => {
    const forgetful: Posts = { ...one.store.posts, record: () => Promise.reject(down) }
    await expect(postOnce(posting(one, { posts: forgetful }))).rejects.toBe(down)
    await lapse()

    const id = await postOnce(posting(two, { post: unwanted, find: async () => platform[0] }))

    expect(platform).toEqual([id])
  })

  test('stays in doubt when looking fails, and is looked for again at once', async () => {
    await one.store.posts.claim(comparisonId, part)
    await one.store.posts.release(comparisonId, part)
    const first = postOnce(posting(one, { post: unwanted, find: () => Promise.reject(down) }))
    await expect(first).rejects.toBe(down)

    const claim = await two.store.posts.claim(comparisonId, part)

    expect(claim).toEqual({ kind: 'mine', inDoubt: true })
  })

  test('is looked for by one of two at once', async () => {
    await one.store.posts.claim(comparisonId, part)
    await lapse()

    const ids = await Promise.all([postOnce(posting(one)), postOnce(posting(two))])

    expect(platform).toHaveLength(1)
    expect(ids).toEqual([platform[0], platform[0]])
  })
})

describe('somebody else’s claim', () => {
  test('is waited for, and what they posted is taken', async () => {
    await one.store.posts.claim(comparisonId, part)
    const looks = watched(two.store.posts)

    const waiting = postOnce(posting(two, { posts: looks.posts, post: unwanted, find: unwanted }))
    await looks.first
    await one.store.posts.record(comparisonId, part, 'theirs')

    expect(await waiting).toBe('theirs')
  })

  test('that they give up is taken over', async () => {
    await one.store.posts.claim(comparisonId, part)
    const looks = watched(two.store.posts)

    const waiting = postOnce(posting(two, { posts: looks.posts }))
    await looks.first
    await one.store.posts.forget(comparisonId, part)

    expect(await waiting).toBe(platform[0])
  })
})

/** What a process would do to have the ballot stand there. Nothing is found, unless the test says otherwise. */
function posting({ store }: OpenStore, changes: Partial<Posting> = {}): Posting {
  return { posts: store.posts, id: comparisonId, part, post: sent, find: async () => undefined, ...changes }
}

async function sent(): Promise<string> {
  const id = `message ${newId()}`
  platform.push(id)
  return id
}

/** It arrives, and the answer does not. */
async function lost(): Promise<string> {
  await sent()
  throw down
}

async function unwanted(): Promise<string> {
  throw new Error('nobody should have asked for this')
}

/** The claim becomes as old as if its owner had died a minute ago. */
async function lapse(): Promise<void> {
  const sql = `UPDATE post SET claimed_at = clock_timestamp() - interval '1 minute' WHERE comparison_id = $1`
  await one.pool.query(sql, [comparisonId])
}

/** `first`: the claim was asked for once, and answered. */
function watched(posts: Posts): { posts: Posts; first: Promise<void> } {
  const { promise: first, resolve } = Promise.withResolvers<void>()
  const claim: Posts['claim'] = async (...asked) => {
    const answer = await posts.claim(...asked)
    resolve()
    return answer
  }
  return { posts: { ...posts, claim }, first }
}
