/** A mention is acknowledged once it is kept, by each way in which events come: until then Slack would send it again. */
import { afterEach, describe, expect, test, vi } from 'vitest'
import { type ASlack, startFaceoff } from './a-slack.ts'

let faceoff: ASlack
afterEach(async () => {
  vi.restoreAllMocks()
  await faceoff[Symbol.asyncDispose]()
})

/** The next wish waits at the database. */
function holdKeeping(): { arrived: Promise<void>; open: () => void } {
  const { wishes } = faceoff.store
  const keep = wishes.keep
  const [arrived, opened] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  vi.spyOn(wishes, 'keep').mockImplementationOnce(async (...kept) => {
    arrived.resolve()
    await opened.promise
    return keep(...kept)
  })
  return { arrived: arrived.promise, open: opened.resolve }
}

function ballotsOf(prompt: string): number {
  return faceoff.slack.messages().filter(message => message.ours && message.shown.includes(prompt)).length
}

describe.each(['http', 'sockets'] as const)('a mention over %s', way => {
  test('is acknowledged when it is kept, not before', async () => {
    faceoff = await startFaceoff({ way, limits: false, minuteMs: 2_000 })
    const { slack, general, ada } = faceoff
    const held = holdKeeping()
    let isAcknowledged = false

    const asking = ada.mention(general, 'Is it kept?').then(asked => {
      isAcknowledged = true
      return asked
    })
    await held.arrived
    // What comes later is acknowledged meanwhile.
    const home = await ada.openHome()
    const early = isAcknowledged
    held.open()
    const asked = await asking

    expect(home.status).toBe(200)
    expect(early).toBe(false)
    expect(asked).toMatchObject({ status: 200, late: false })
    await slack.until(() => ballotsOf('Is it kept?') === 1)
  })

  test('that could not be kept is asked when Slack sends it again', async () => {
    faceoff = await startFaceoff({ way, limits: false, minuteMs: 2_000 })
    const { slack, general, ada, store } = faceoff
    const failed = Promise.withResolvers<void>()
    vi.spyOn(store.wishes, 'keep').mockImplementationOnce(async () => {
      failed.resolve()
      throw new Error('no database')
    })

    const asking = ada.mention(general, 'Will you send it again?')
    await failed.promise
    if (way === 'sockets') {
      // Nobody says no on a socket: Slack waits, and here for the connection only.
      await ada.openHome()
      slack.dropSockets()
    }
    const asked = await asking
    if (asked.event === undefined) throw new Error('not told')
    if (way === 'sockets') await slack.until(() => slack.sockets > 0)
    const again = await slack.redeliver(asked.event)

    expect(asked.status).toBe(way === 'http' ? 500 : 0)
    expect(again.status).toBe(200)
    await slack.until(() => ballotsOf('Will you send it again?') === 1)
  })
})

test('a mention that the database takes too long for is refused in time, and asked once', async () => {
  faceoff = await startFaceoff({ limits: false, minuteMs: 2_000 })
  const { slack, general, ada } = faceoff
  const held = holdKeeping()

  const asked = await ada.mention(general, 'Are you slow today?')
  if (asked.event === undefined) throw new Error('not told')
  const again = slack.redeliver(asked.event)
  held.open()

  expect(asked).toMatchObject({ status: 503, late: false })
  expect((await again).status).toBe(200)
  await faceoff.newest()
  expect(ballotsOf('Are you slow today?')).toBe(1)
})

test('the leaderboard for all is not shown twice where Slack sends the mention twice', async () => {
  faceoff = await startFaceoff({ limits: false, minuteMs: 2_000 })
  const { slack, general, ada, store } = faceoff
  const asked = await ada.mention(general, 'leaderboard')
  await slack.until(() => ballotsOf('Leaderboard') === 1)
  await vi.waitUntil(async () => (await store.wishes.left('slack', 0)).length === 0)

  if (asked.event === undefined) throw new Error('not told')
  const again = await slack.redeliver(asked.event)
  await faceoff.stop()

  expect(again.status).toBe(200)
  expect(await store.wishes.left('slack', 0)).toEqual([])
  expect(ballotsOf('Leaderboard')).toBe(1)
})
