import { v7 as newId } from 'uuid'
import { afterEach, expect, test } from 'vitest'
import type { Person } from '../../src/core/ports.ts'
import { gate, says } from '../providers/stand-in.ts'
import { startRedis } from '../services/redis.ts'
import { gpt, qwen, startWorld, statuses, type World } from './harness.ts'

let world: World

afterEach(() => world[Symbol.asyncDispose]())

test('the end of the voting time reveals the ballot by itself', async () => {
  let now = new Date('2026-11-23T12:00:00Z')
  world = await startWorld({ env: { VOTING_HOURS: '24' }, overrides: { clock: { now: () => now }, sweepMs: 20 } })
  const ada = await world.person('Ada')

  const id = await world.ask(ada)
  await world.until(id, view => view.ballot.phase === 'open')
  await world.app.arena.vote(id, ada, 'A')
  now = new Date('2026-11-24T12:00:00Z')

  const revealed = await world.until(id, view => view.ballot.phase === 'revealed')
  expect(revealed.ballot.results).toMatchObject({ winners: ['A'] })
})

test('a queue that is away keeps no ballot open', async () => {
  await using redis = await startRedis()
  let now = new Date('2026-11-23T12:00:00Z')
  const clock = { now: () => now }
  world = await startWorld({ queue: 'postgres', env: { REDIS_URL: redis.url }, overrides: { clock, sweepMs: 20 } })
  const ada = await world.person('Ada')
  const id = await world.ask(ada)
  await world.until(id, view => view.ballot.phase === 'open')
  world.providers.always(reply => reply.closed)
  const unfinished = await world.ask(ada)
  await world.until(unfinished, view => statuses(view).includes('streaming'))

  await redis.kill()
  now = new Date('2026-11-24T12:00:00Z')

  const revealed = await world.until(id, view => view.ballot.phase !== 'open')
  expect(revealed.ballot.phase).toBe('revealed')
})

test('an answer survives a clock that is set back while it is written', async () => {
  let now = Date.parse('2026-11-23T12:00:00Z')
  const clock = {
    now: () => {
      now -= 1000
      return new Date(now)
    },
  }
  world = await startWorld({ overrides: { clock } })

  const id = await world.ask(await world.person('Ada'))

  const open = await world.until(id, view => view.ballot.phase !== 'running')
  expect(statuses(open)).toEqual(['done', 'done'])
  expect(world.providers.chats()).toHaveLength(2)
})

test('a stop ends the pages’ event streams, and cuts off none', async () => {
  world = await startWorld()
  const page = await fetch(`${world.app.url}/events`)

  await world.app[Symbol.asyncDispose]()

  await expect(page.text()).resolves.toEqual(expect.any(String))
})

test('a row without a job gets one from the sweep', async () => {
  world = await startWorld({ overrides: { sweepMs: 20 } })
  const ada = await world.person('Ada')

  const id = await rowsWithoutJobs(ada)

  const open = await world.until(id, view => view.ballot.phase === 'open')
  expect(statuses(open)).toEqual(['done', 'done'])
})

test('a contestant whose provider was taken away says so', async () => {
  const held = gate()
  world = await startWorld({ overrides: { sweepMs: 20 } })
  world.providers.always(async reply => {
    await Promise.race([held.opened, reply.closed])
  })
  const id = await world.ask(await world.person('Ada'))
  await world.providers.chatsReach(2)
  const stopped = world.app[Symbol.asyncDispose]()
  held.open()
  await stopped

  delete world.env.OPENAI_API_KEY
  delete world.env.OPENAI_BASE_URL
  world.providers.always(says('Back again.'))
  await world.restart()

  const ended = await world.until(id, view => view.ballot.phase === 'void')
  expect(ended.ballot.entries.map(entry => entry.failure)).toContain('provider_off')
})

test('a comparison on a platform that is not connected any more comes to an end', async () => {
  world = await startWorld({ overrides: { sweepMs: 20 } })
  const { people } = world.store
  const asker = await people.person(await people.workspace('discord', 'a guild'), 'ada', { name: 'Ada' })

  const id = await rowsWithoutJobs(asker)

  const ended = await world.until(id, view => view.ballot.phase === 'void')
  expect(statuses(ended)).toEqual(['failed', 'failed'])
})

test('sixty answers at once arrive whole and unmixed', async () => {
  world = await startWorld({ env: { VOTING_HOURS: '1' } })
  // Each answer tells its own prompt, word by word, and all are open at the same time.
  const all = gate()
  world.providers.always(async reply => {
    const { prompt, model } = reply.request
    reply.text(`${model} on `)
    await all.opened
    for (const word of prompt.split(' ')) reply.text(`${word} `)
    reply.finish().usage(1, 1).done()
  })
  const ada = await world.person('Ada')

  const ids = await Promise.all(
    Array.from({ length: 30 }, (_, index) => world.ask(ada, { prompt: `question ${index} asks for number ${index}` })),
  )
  all.open()
  const views = await Promise.all(ids.map(id => world.until(id, view => view.ballot.phase === 'open')))

  for (const [index, view] of views.entries()) {
    const ending = `on question ${index} asks for number ${index} `
    expect(statuses(view)).toEqual(['done', 'done'])
    for (const answer of view.answers) expect(answer.text.endsWith(ending)).toBe(true)
  }
  expect(world.providers.chats()).toHaveLength(60)
})

test('a graceful stop hands back what runs, and the next start finishes it in the same place, once', async () => {
  const held = gate()
  world = await startWorld({ overrides: { graceMs: 50 } })
  world.providers.always(async reply => {
    reply.text('Half an answer')
    await Promise.race([held.opened, reply.closed])
  })
  const id = await world.ask(await world.person('Ada'))
  await world.until(id, view => view.answers.every(answer => answer.text === 'Half an answer'))

  await world.app[Symbol.asyncDispose]()
  const between = await world.store.comparisons.find(id)
  expect(between?.contestants.map(({ answer }) => [answer.status, answer.text])).toEqual([
    ['queued', ''],
    ['queued', ''],
  ])
  world.providers.always(says('A whole answer.'))
  await world.restart()

  const open = await world.until(id, view => view.ballot.phase === 'open')
  expect(open.answers.map(answer => answer.text)).toEqual(['A whole answer.', 'A whole answer.'])
})

/** What a crash leaves between the rows and their jobs. */
async function rowsWithoutJobs(asker: Person): Promise<string> {
  const id = newId()
  const createdAt = new Date()
  await world.store.comparisons.create({
    id,
    workspaceId: asker.workspaceId,
    channel: 'arena',
    askerId: asker.id,
    prompt: 'Why?',
    category: null,
    blind: true,
    locale: 'en',
    createdAt,
    closesAt: new Date(createdAt.getTime() + 3_600_000),
    contestants: [
      { label: 'A', model: qwen },
      { label: 'B', model: gpt },
    ],
  })
  return id
}
