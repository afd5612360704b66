/** Weeks go by on a stepped clock: real rows, two processes on one database, and a platform that remembers its posts. */
import { v7 as newId } from 'uuid'
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest'
import { postOnce } from '../../src/chat/ledger.ts'
import { type Arena, createArena } from '../../src/core/arena.ts'
import { FaceoffError, type Problem } from '../../src/core/errors.ts'
import type { Chat, Parts, Person, Store } from '../../src/core/ports.ts'
import type { PostedSummary, SummaryNotice, SummarySettings } from '../../src/core/summary.ts'
import type { Schedule } from '../../src/core/week.ts'
import { type OpenStore, openStore } from '../../src/store/index.ts'
import { hold, newTeam, type Team } from '../contract/ballots.ts'
import { HereAndNow, Models, summarySchedule } from '../contract/scripted.ts'
import { createDatabase } from '../services/database.ts'
import { silence } from '../store/silence.ts'

const at = (iso: string) => new Date(iso)
const minuteMs = 60_000
const dayMs = 86_400_000

/** Monday at nine in Berlin, about the week before. */
const monday = at('2026-11-23T08:00:00Z')
const nextMonday = at('2026-11-30T08:00:00Z')
const lastWednesday = at('2026-11-18T12:00:00Z')

let stack: AsyncDisposableStack
/** Two processes with the same database. */
let one: OpenStore
let two: OpenStore
let now: Date
/** What the platform has, whoever posted it. */
let posts: { summary: PostedSummary; at: Date; externalId: string }[]
let notices: SummaryNotice[]
/** What happens to whoever posts: before it is posted, and after. */
let onPost: { before?: () => unknown; after?: () => unknown }
let onNotice: () => void
let team: Team & { people: Person[] }
let admin: Person
let workspaceId: string

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
})
afterAll(() => stack.disposeAsync())

beforeEach(async () => {
  await one.pool.query('TRUNCATE workspace, tally, tally_voter, tally_answer CASCADE')
  now = monday
  posts = []
  notices = []
  onPost = {}
  onNotice = () => {}
  team = await newTeam(one.store, 6)
  workspaceId = team.workspaceId
  await seenSince(at('2026-01-01T00:00:00Z'))
  const [someone] = team.people
  if (someone === undefined) throw new Error('there is nobody')
  admin = { ...someone, admin: true }
})

class TellingQueue extends HereAndNow {
  readonly told: (Schedule | null)[] = []

  override async schedule(_workspaceId: string, schedule: Schedule | null): Promise<void> {
    this.told.push(schedule)
  }
}

/** Posts as an adapter does. */
function chatOn(store: Store): Chat {
  return {
    platform: 'discord',
    showBallot: async () => {},
    showAnswer: async () => {},
    postSummary: async summary => {
      await postOnce({
        posts: store.summaryPosts,
        id: summary.id,
        part: 'post',
        post: async () => {
          await onPost.before?.()
          const externalId = `message-${posts.length + 1}`
          posts.push({ summary, at: now, externalId })
          await onPost.after?.()
          return externalId
        },
        find: async () => posts.find(post => post.summary.id === summary.id)?.externalId,
      })
    },
    tellAdmins: async notice => {
      await postOnce({
        posts: store.summaryPosts,
        id: notice.id,
        part: 'notice',
        post: async () => {
          onNotice()
          return `notice-${notices.push(notice)}`
        },
        find: async () => notices.find(({ id }) => id === notice.id) && 'notice',
      })
    },
  }
}

function processOn(store: Store, changes: Partial<Parts> = {}): Arena & { queue: TellingQueue } {
  const queue = new TellingQueue()
  const arena = createArena({
    store,
    queue,
    catalogue: new Models([{}, {}]),
    chats: [chatOn(store)],
    clock: { now: () => now },
    log: silence,
    newId,
    random: () => 0.5,
    votingMs: dayMs,
    summarySchedule,
    ...changes,
  })
  return { ...arena, queue }
}

const bothProcesses = (changes: Partial<Parts> = {}) => [processOn(one.store, changes), processOn(two.store, changes)]

async function sweepAt(moment: string | Date, processes: readonly Arena[] = bothProcesses()): Promise<void> {
  now = new Date(moment)
  await Promise.all(processes.map(arena => arena.sweep()))
}

/** All workspaces, which the database dates by its own clock. */
async function seenSince(moment: Date): Promise<void> {
  await one.pool.query('UPDATE workspace SET created_at = $1', [moment])
}

/** A ballot with so many votes, closed at once. */
function compare(moment: Date, votes = 6, channel = 'general'): Promise<string> {
  return hold(team, {
    models: ['test/model-1', 'test/model-2'],
    channel,
    at: moment,
    votes: Array.from({ length: votes }, (_, by) => ({ by, choice: by < votes - 1 ? 'A' : 'B' })),
  })
}

const settings: SummarySettings = {
  ...summarySchedule,
  enabled: true,
  channel: null,
  locale: 'en',
  quietWeeks: 'post',
}

async function changed(changes: Partial<SummarySettings>, moment = at('2026-11-01T00:00:00Z')): Promise<void> {
  now = moment
  await processOn(one.store).summaries.change(workspaceId, admin, { ...settings, ...changes })
}

const rowOf = (week: string) => two.store.summaries.find({ workspaceId, week })
const postedWeeks = () => posts.map(({ summary }) => summary.week.id)

const refuse = (problem: Problem) => () => {
  throw new FaceoffError(problem)
}

describe('eight weeks with two processes that start anew every week, and a change of the clocks', () => {
  const spring = ['02', '09', '16', '23', '30']
    .map(day => `2026-03-${day}`)
    .concat('2026-04-06', '2026-04-13', '2026-04-20')
  const autumn = ['05', '12', '19', '26']
    .map(day => `2026-10-${day}`)
    .concat('2026-11-02', '2026-11-09', '2026-11-16', '2026-11-23')
  const times = (before: string, after: string, change: number) => [
    ...Array<string>(change).fill(before),
    ...Array<string>(8 - change).fill(after),
  ]

  test.each([
    ['Europe/Berlin', 'spring', spring, times('08:00', '07:00', 4)],
    ['Europe/Berlin', 'autumn', autumn, times('07:00', '08:00', 3)],
    ['America/New_York', 'spring', spring, times('14:00', '13:00', 1)],
    ['America/New_York', 'autumn', autumn, times('13:00', '14:00', 4)],
    ['Asia/Kolkata', 'spring', spring, times('03:30', '03:30', 4)],
    ['Asia/Kolkata', 'autumn', autumn, times('03:30', '03:30', 4)],
  ])(
    '%s in %s: one post each Monday at nine, to the minute',
    async (timeZone, _, mondays, clock) => {
      const due = mondays.map((day, week) => at(`${day}T${clock[week]}:00Z`))
      await seenSince(new Date((due[0]?.getTime() ?? 0) - 6 * dayMs))
      // Each week has its own number of votes: the Wednesday before holds what the post is to say.
      for (const [week, moment] of due.entries()) {
        const wednesday = new Date(moment.getTime() - 5 * dayMs)
        await compare(wednesday)
        if (week > 0) await compare(wednesday, week % 6)
      }

      for (const moment of due) {
        const processes = bothProcesses({ summarySchedule: { ...summarySchedule, timeZone } })
        for (const step of stepsAround(moment)) await sweepAt(step, processes)
      }

      expect(posts.map(post => post.at.toISOString())).toEqual(due.map(moment => moment.toISOString()))
      expect(posts.map(({ summary }) => summary.numbers.turnout.votes)).toEqual(due.map((_, week) => 6 + (week % 6)))
      expect(posts.map(({ summary }) => [summary.missed, summary.asOf])).toEqual(due.map(moment => [[], moment]))
      expect(new Set(postedWeeks()).size).toBe(8)
      expect(await one.store.summaries.list({ workspaceId, status: 'posted', limit: 99 })).toHaveLength(8)
    },
    120_000,
  )

  test.each([
    ['is left out', '2026-03-29', '2026-03-29T01:30:00.000Z'],
    ['comes twice', '2026-10-25', '2026-10-25T00:30:00.000Z'],
  ])('a time of day that %s is one time', async (_, day, expected) => {
    const processes = bothProcesses({ summarySchedule: { weekday: 7, minuteOfDay: 150, timeZone: 'Europe/Berlin' } })
    await compare(new Date(at(`${day}T12:00:00Z`).getTime() - 5 * dayMs))

    const midnight = at(`${day}T00:00:00Z`).getTime() - 2 * 60 * minuteMs
    for (let minute = 0; minute < 6 * 60; minute += 10) await sweepAt(new Date(midnight + minute * minuteMs), processes)

    expect(posts.map(post => post.at.toISOString())).toEqual([expected])
  })
})

/** A week from two days before: by the minute near the moment, by hours elsewhere. */
function stepsAround(moment: Date): Date[] {
  const steps: number[] = []
  for (let hour = -48; hour < 120; hour += 3) steps.push(hour * 60)
  for (let minute = -3; minute <= 3; minute++) steps.push(minute)
  // An hour early or late is what a forgotten change of the clocks looks like.
  steps.push(-60, 60)
  return [...new Set(steps)].sort((a, b) => a - b).map(minutes => new Date(moment.getTime() + minutes * minuteMs))
}

/** From then on a workspace waits for its summaries. */
async function firstPosted(): Promise<void> {
  await compare(new Date(lastWednesday.getTime() - 7 * dayMs))
  await sweepAt('2026-11-16T08:00:00Z')
}

describe('a process that was down at the time', () => {
  test('and is back the same day posts at its next sweep, with the numbers of the time', async () => {
    await compare(lastWednesday)
    await hold(team, {
      models: ['test/model-1', 'test/model-2'],
      at: at('2026-11-22T12:00:00Z'),
      votes: [{ by: 0, choice: 'A' }],
      closedAt: monday,
    })

    await sweepAt('2026-11-23T15:47:30Z')

    expect(posts).toHaveLength(1)
    expect(posts[0]?.summary).toMatchObject({
      week: { id: '2026-W47' },
      asOf: monday,
      numbers: { turnout: { votes: 6, asked: 2 } },
    })
  })

  test('and is back another day does not post; the next post names the week', async () => {
    await firstPosted()
    await compare(lastWednesday)
    await compare(at('2026-11-25T12:00:00Z'))

    await sweepAt('2026-11-23T23:00:00Z')
    await sweepAt(nextMonday)

    expect(await rowOf('2026-W47')).toMatchObject({ status: 'missed', numbers: null })
    expect(posts.map(({ summary }) => [summary.week.id, summary.missed])).toEqual([
      ['2026-W46', []],
      ['2026-W48', ['2026-W47']],
    ])
  })

  test('and had never posted owes nobody anything', async () => {
    await compare(lastWednesday)
    await compare(at('2026-11-25T12:00:00Z'))

    await sweepAt('2026-11-24T12:00:00Z')
    await sweepAt(nextMonday)

    expect(posts.map(({ summary }) => [summary.week.id, summary.missed])).toEqual([['2026-W48', []]])
  })

  test('for weeks has all of them named, but not those in which the team was silent', async () => {
    await compare(at('2026-09-02T12:00:00Z'))
    await sweepAt('2026-09-07T07:00:00Z')
    await compare(at('2026-11-04T12:00:00Z'))
    await compare(at('2026-11-25T12:00:00Z'))

    await sweepAt(nextMonday)

    expect(posts.map(({ summary }) => [summary.week.id, summary.missed])).toEqual([
      ['2026-W36', []],
      ['2026-W48', ['2026-W45', '2026-W46', '2026-W47']],
    ])
  })

  test('does not name the weeks in which summaries were off', async () => {
    await firstPosted()
    for (const week of [0, 1, 2]) await compare(new Date(lastWednesday.getTime() + week * 7 * dayMs))
    await changed({ enabled: false }, at('2026-11-17T12:00:00Z'))
    await sweepAt(monday)
    await sweepAt(nextMonday)
    await changed({}, at('2026-12-01T12:00:00Z'))

    await sweepAt('2026-12-07T08:00:00Z')

    expect(posts.map(({ summary }) => [summary.week.id, summary.missed])).toEqual([
      ['2026-W46', []],
      ['2026-W49', []],
    ])
  })

  test('names a week once', async () => {
    await firstPosted()
    for (const week of [0, 1, 2]) await compare(new Date(lastWednesday.getTime() + week * 7 * dayMs))

    await sweepAt('2026-11-24T12:00:00Z')
    await sweepAt(nextMonday)
    await sweepAt('2026-12-07T08:00:00Z')

    expect(posts.map(({ summary }) => summary.missed)).toEqual([[], ['2026-W47'], []])
  })
})

describe('a process that dies', () => {
  beforeEach(() => compare(lastWednesday))

  test('between posting and noting it leaves one post', async () => {
    onPost.after = () => {
      throw new Error('connection reset')
    }
    await sweepAt(monday, [processOn(one.store)])
    const left = await rowOf('2026-W47')
    onPost = {}

    await sweepAt('2026-11-23T08:00:30Z')
    await sweepAt('2026-11-23T08:01:00Z')

    expect(left?.status).toBe('due')
    expect(posts).toHaveLength(1)
    expect((await rowOf('2026-W47'))?.status).toBe('posted')
  })

  test('between noting the post and settling the week leaves one post, another day too', async () => {
    const deaf: Store = { ...one.store, summaries: { ...one.store.summaries, settle: () => new Promise(() => {}) } }
    const posted = Promise.withResolvers<void>()
    const chat = chatOn(deaf)
    const chats: Chat[] = [
      {
        ...chat,
        postSummary: async summary => {
          await chat.postSummary(summary)
          posted.resolve()
        },
      },
    ]
    now = monday
    void processOn(deaf, { chats }).sweep()
    await posted.promise

    await sweepAt('2026-11-25T12:00:00Z', [processOn(two.store)])

    expect(posts).toHaveLength(1)
    expect((await rowOf('2026-W47'))?.status).toBe('posted')
  })

  test('with the claim taken and nothing posted delays the post, and loses nothing', async () => {
    const claimed = Promise.withResolvers<void>()
    onPost.before = () => {
      claimed.resolve()
      return new Promise(() => {})
    }
    now = monday
    void processOn(one.store).sweep()
    await claimed.promise
    onPost = {}
    // As it looks after the 15 s for which a claim is good.
    await one.pool.query("UPDATE summary_post SET claimed_at = claimed_at - interval '15 s'")

    await sweepAt('2026-11-23T08:00:30Z', [processOn(two.store)])
    await sweepAt('2026-11-23T08:01:00Z')

    expect(posts.map(post => post.at)).toEqual([at('2026-11-23T08:00:30Z')])
    expect((await rowOf('2026-W47'))?.status).toBe('posted')
  })
})

describe('/summary post', () => {
  const friday = at('2026-11-20T15:00:00Z')
  beforeEach(async () => {
    await compare(lastWednesday)
    now = friday
  })

  test('posts the week so far, and the schedule does not post it again', async () => {
    const outcome = await processOn(one.store).summaries.post(workspaceId, admin)
    await sweepAt(monday)
    await compare(at('2026-11-25T12:00:00Z'))
    await sweepAt(nextMonday)

    expect(outcome).toMatchObject({ outcome: 'posted', week: { id: '2026-W47' }, channel: 'general', next: nextMonday })
    expect(posts.map(({ summary, at }) => [summary.week.id, at])).toEqual([
      ['2026-W47', friday],
      ['2026-W48', nextMonday],
    ])
  })

  test('posts once, however often and by however many processes it is asked', async () => {
    const outcomes = await Promise.all(bothProcesses().map(({ summaries }) => summaries.post(workspaceId, admin)))
    const again = await processOn(two.store).summaries.post(workspaceId, admin)

    expect(posts).toHaveLength(1)
    expect(again).toMatchObject({ outcome: 'already', id: outcomes[0]?.id })
    expect(new Set(outcomes.map(({ id }) => id)).size).toBe(1)
  })

  test('is for admins', async () => {
    const [, member] = team.people
    const { summaries } = processOn(one.store)
    if (member === undefined) throw new Error('there is no member')

    await expect(summaries.post(workspaceId, member)).rejects.toMatchObject({ problem: { code: 'admins_only' } })
    await expect(summaries.change(workspaceId, member, settings)).rejects.toMatchObject({
      problem: { code: 'admins_only' },
    })
    expect(posts).toEqual([])
    expect(await one.store.summaries.list({ limit: 9 })).toEqual([])
  })

  test('that failed before the time of that week is no reason not to post it then', async () => {
    onPost.before = refuse({ code: 'chat_closed', missing: null })
    await expect(processOn(one.store).summaries.post(workspaceId, admin)).rejects.toMatchObject({
      problem: { code: 'chat_closed' },
    })
    const tried = (await rowOf('2026-W47'))?.status
    onPost = {}

    await sweepAt(monday)
    await sweepAt('2026-11-23T08:00:30Z')

    expect(tried).toBe('refused')
    expect(posts.map(({ summary, at }) => [summary.week.id, summary.asOf, at])).toEqual([['2026-W47', monday, monday]])
  })

  test('needs a channel', async () => {
    const elsewhere = await one.store.people.workspace('discord', 'elsewhere')

    await expect(processOn(one.store).summaries.post(elsewhere, admin)).rejects.toMatchObject({
      problem: { code: 'summary_without_channel' },
    })
  })

  test('posts where people compared, however long ago that was', async () => {
    now = at('2027-03-05T12:00:00Z')

    const { outcome, week } = await processOn(one.store).summaries.post(workspaceId, admin)

    expect([outcome, week.id]).toEqual(['posted', '2027-W09'])
  })

  test('posts a week that was skipped', async () => {
    await changed({ weekday: 5, minuteOfDay: 9 * 60, quietWeeks: 'skip' })
    await one.pool.query('DELETE FROM vote')
    await sweepAt(friday)
    const skipped = (await rowOf('2026-W47'))?.status

    const { outcome } = await processOn(one.store).summaries.post(workspaceId, admin)

    expect([skipped, outcome]).toEqual(['skipped', 'posted'])
    expect(postedWeeks()).toEqual(['2026-W47'])
  })
})

describe('nothing is posted', () => {
  test('to a team that compared nothing for four weeks', async () => {
    await compare(at('2026-10-25T12:00:00Z'))

    await sweepAt(monday)

    expect(await one.store.summaries.list({ limit: 9 })).toEqual([])
    expect(posts).toEqual([])
  })

  test('about the weeks of its silence once a team compares again', async () => {
    await compare(at('2026-09-02T12:00:00Z'))
    await sweepAt('2026-09-07T07:00:00Z')
    now = at('2026-11-23T10:00:00Z')
    await compare(now)

    await sweepAt('2026-11-23T10:00:30Z')
    await sweepAt('2026-11-24T10:00:00Z')
    await sweepAt(nextMonday)

    expect(posts.map(({ summary }) => [summary.week.id, summary.missed])).toEqual([
      ['2026-W36', []],
      ['2026-W48', []],
    ])
  })

  test('in a quiet week to a team that wants nothing then', async () => {
    await changed({ quietWeeks: 'skip' })
    await compare(lastWednesday, 4)

    await sweepAt(monday)
    await sweepAt('2026-11-23T09:00:00Z')

    expect(posts).toEqual([])
    expect((await rowOf('2026-W47'))?.status).toBe('skipped')
  })

  test('while summaries are off, and the queue is told', async () => {
    await compare(lastWednesday)
    now = at('2026-11-01T00:00:00Z')
    const process = processOn(one.store)
    const setup = await process.summaries.change(workspaceId, admin, { ...settings, enabled: false })

    const [other] = bothProcesses()
    await sweepAt(monday, other ? [process, other] : [process])

    expect(setup.next).toBeNull()
    expect(process.queue.told).toEqual([null])
    expect(other?.queue.told).toEqual([null])
    expect(posts).toEqual([])
  })

  test('for a time that was over before it was set', async () => {
    await compare(lastWednesday)
    await changed({ minuteOfDay: 8 * 60 }, at('2026-11-23T07:30:00Z'))

    await sweepAt('2026-11-23T07:31:00Z')
    await sweepAt(monday)
    await compare(at('2026-11-25T12:00:00Z'))
    await sweepAt('2026-11-30T07:00:00Z')

    expect(postedWeeks()).toEqual(['2026-W48'])
  })

  test('for a time before the workspace was first seen', async () => {
    await seenSince(at('2026-11-23T08:00:01Z'))
    await compare(lastWednesday)

    await sweepAt('2026-11-23T09:00:00Z')

    expect(posts).toEqual([])
    expect(await one.store.summaries.list({ limit: 9 })).toEqual([])
  })
})

test('a quiet week is posted as one', async () => {
  await compare(lastWednesday, 4)

  await sweepAt(monday)

  expect(posts[0]?.summary.numbers).toMatchObject({ headline: { kind: 'quiet' }, turnout: { votes: 4, asked: 1 } })
})

test('settings hold from the next time on, for every process', async () => {
  const processes = bothProcesses()
  await compare(lastWednesday)
  await compare(lastWednesday, 5, 'elsewhere')
  await sweepAt('2026-11-19T00:00:00Z', processes)
  await changed(
    { weekday: 7, minuteOfDay: 18 * 60, timeZone: 'Asia/Kolkata', channel: 'elsewhere', locale: 'de' },
    at('2026-11-19T12:00:00Z'),
  )

  await sweepAt('2026-11-22T12:29:59Z', processes)
  const early = posts.length
  await sweepAt('2026-11-22T12:30:00Z', processes)
  await sweepAt(monday, processes)

  expect(early).toBe(0)
  expect(posts).toHaveLength(1)
  expect(posts[0]?.summary).toMatchObject({
    week: { id: '2026-W47' },
    channel: 'elsewhere',
    locale: 'de',
    externalId: expect.any(String),
  })
  for (const { queue } of processes) {
    expect(queue.told).toEqual([summarySchedule, { weekday: 7, minuteOfDay: 1080, timeZone: 'Asia/Kolkata' }])
  }
})

describe('a platform that', () => {
  beforeEach(() => compare(lastWednesday))

  test.each<[string, Problem]>([
    ['has closed the channel', { code: 'chat_closed', missing: 'SendMessages' }],
    ['has no such channel any more', { code: 'post_gone' }],
  ])('%s is not asked again; the admins are told once, and what was set stays', async (_, problem) => {
    await changed({ channel: 'general' })
    let asked = 0
    onPost.before = () => {
      asked++
      throw new FaceoffError(problem)
    }

    await sweepAt(monday)
    for (const minute of [1, 2, 3]) await sweepAt(new Date(monday.getTime() + minute * minuteMs))

    expect((await rowOf('2026-W47'))?.status).toBe('refused')
    expect(asked).toBeLessThanOrEqual(2)
    expect(notices).toMatchObject([{ channel: 'general', error: { problem }, to: expect.any(String) }])
    const { settings: kept } = await processOn(one.store).summaries.setup(workspaceId)
    expect(kept).toEqual({ ...settings, channel: 'general' })
  })

  test('refuses and then does not answer has its admins told at the next sweep', async () => {
    onPost.before = refuse({ code: 'chat_closed', missing: null })
    onNotice = refuse({ code: 'chat_down' })
    await sweepAt(monday)
    const untold = [...notices]
    onNotice = () => {}

    await sweepAt('2026-11-23T08:00:30Z')
    await sweepAt('2026-11-23T08:01:00Z')

    expect(untold).toEqual([])
    expect(notices).toHaveLength(1)
    expect((await rowOf('2026-W47'))?.status).toBe('refused')
  })

  test('refuses to let the admins be told either is not asked again', async () => {
    onPost.before = refuse({ code: 'chat_closed', missing: null })
    onNotice = refuse({ code: 'chat_closed', missing: null })

    await sweepAt(monday)

    expect((await rowOf('2026-W47'))?.status).toBe('refused')
  })

  test('lets us in again has the summary that it refused when an admin asks for it', async () => {
    onPost.before = refuse({ code: 'chat_closed', missing: null })
    await sweepAt(monday)
    const { summaries } = processOn(one.store)
    now = at('2026-11-23T10:00:00Z')
    await expect(summaries.post(workspaceId, admin)).rejects.toMatchObject({ problem: { code: 'chat_closed' } })
    onPost = {}

    now = at('2026-11-24T10:00:00Z')
    const outcome = await summaries.post(workspaceId, admin)
    const next = await summaries.post(workspaceId, admin)

    expect(outcome).toMatchObject({ outcome: 'posted', week: { id: '2026-W47' } })
    expect(next).toMatchObject({ outcome: 'posted', week: { id: '2026-W48' } })
    expect(posts.map(({ summary }) => [summary.week.id, summary.numbers.turnout.votes, summary.missed])).toEqual([
      ['2026-W47', 6, []],
      ['2026-W48', 0, []],
    ])
  })

  test('refused a week has it named by the next post', async () => {
    onPost.before = refuse({ code: 'chat_closed', missing: null })
    await sweepAt(monday)
    onPost = {}
    await compare(at('2026-11-25T12:00:00Z'))

    await sweepAt(nextMonday)

    expect(posts.map(({ summary }) => [summary.week.id, summary.missed])).toEqual([['2026-W48', ['2026-W47']]])
  })

  test('does not answer is asked again at the next sweep', async () => {
    onPost.before = refuse({ code: 'chat_down' })
    await sweepAt(monday)
    const waiting = (await rowOf('2026-W47'))?.status
    onPost = {}

    await sweepAt('2026-11-23T08:00:30Z')

    expect(waiting).toBe('due')
    expect(posts).toHaveLength(1)
    expect(notices).toEqual([])
  })

  test('does not answer all day long misses the week', async () => {
    onPost.before = refuse({ code: 'chat_down' })
    await sweepAt(monday)
    onPost = {}

    await sweepAt('2026-11-24T00:00:00Z')

    expect(posts).toEqual([])
    expect((await rowOf('2026-W47'))?.status).toBe('missed')
  })
})

describe('what was posted', () => {
  /** Cast in the week, on a ballot that is closed after the post. */
  async function lateVotes(): Promise<void> {
    const id = await hold(team, {
      models: ['test/model-2', 'test/model-1'],
      at: at('2026-11-22T20:00:00Z'),
      votes: [0, 1, 2].map(by => ({ by, choice: 'A' as const })),
      end: 'open',
    })
    await sweepAt(monday)
    const late = team.people[4]
    if (late) await one.store.votes.cast(id, late.id, 'A', at('2026-11-23T09:00:00Z'))
    await one.store.comparisons.close(id, 'revealed', at('2026-11-23T10:00:00Z'))
    now = at('2026-11-24T12:00:00Z')
  }

  test('stays as it was, with the votes that came late beside it', async () => {
    await compare(lastWednesday)
    await lateVotes()
    const id = (await rowOf('2026-W47'))?.id ?? ''

    const page = await processOn(two.store).summaries.page(id)

    const asPosted = posts[0]?.summary.numbers
    expect(page?.row).toMatchObject({ status: 'posted', asOf: monday })
    expect(page?.row.numbers).toEqual(asPosted)
    expect(asPosted?.turnout).toEqual({ asked: 2, votes: 6, voters: 6, mostActive: expect.anything() })
    expect(page?.now.turnout.votes).toBe(9)
    expect(page?.now.standings).toEqual(asPosted?.standings)
  })

  test('comes out the same, to the last digit, when it is counted again', async () => {
    for (const minute of [0, 1, 2, 3]) await compare(new Date(lastWednesday.getTime() + minute * minuteMs), 2 + minute)
    await compare(at('2026-11-10T12:00:00Z'))
    await sweepAt(monday)
    const row = await rowOf('2026-W47')
    await compare(at('2026-11-23T08:00:00Z'))
    now = at('2026-12-24T12:00:00Z')

    const [first, second] = await Promise.all(bothProcesses().map(({ summaries }) => summaries.page(row?.id ?? '')))

    expect(first?.now).toEqual(row?.numbers)
    expect(JSON.stringify(second?.now)).toBe(JSON.stringify(first?.now))
  })

  test('is listed, the newest weeks first', async () => {
    for (const week of [0, 1, 2]) await compare(new Date(lastWednesday.getTime() + week * 7 * dayMs))
    await sweepAt(monday)
    await sweepAt('2026-12-01T08:00:00Z')
    await sweepAt('2026-12-07T08:00:00Z')

    const { summaries } = processOn(two.store)
    const listed = await summaries.list({ workspaceId, limit: 9 })

    expect(listed.map(({ week }) => week.id)).toEqual(['2026-W49', '2026-W47'])
    expect(await summaries.list({ limit: 1 })).toHaveLength(1)
    expect(await summaries.page(newId())).toBeUndefined()
    // Nothing was counted.
    expect(await summaries.page((await rowOf('2026-W48'))?.id ?? '')).toBeUndefined()
  })
})

test('the week so far is told without a post, and quotes the asker’s channel only', async () => {
  await hold(team, {
    models: ['test/model-1', 'test/model-2'],
    prompt: 'A secret?',
    channel: 'board',
    at: lastWednesday,
    votes: [0, 1, 2].map(by => ({ by, choice: 'A' as const })),
  })
  await hold(team, {
    models: ['test/model-1', 'test/model-2'],
    prompt: 'In the open?',
    at: lastWednesday,
    votes: [0, 1].map(by => ({ by, choice: 'B' as const })),
  })
  now = at('2026-11-20T12:00:00Z')

  const { numbers, week } = await processOn(one.store).summaries.soFar(workspaceId, 'general')

  expect(week.id).toBe('2026-W47')
  expect(numbers.turnout).toMatchObject({ asked: 2, votes: 5 })
  expect(numbers.clearest?.prompt).toBe('In the open?')
  expect(JSON.stringify(numbers)).not.toContain('secret')
  expect(await one.store.summaries.list({ limit: 9 })).toEqual([])
})

test('one workspace in trouble is no reason to leave another without its post', async () => {
  const other = await newTeam(one.store, 6)
  await seenSince(at('2026-01-01T00:00:00Z'))
  await compare(lastWednesday)
  team = other
  await compare(lastWednesday)
  const bad = [workspaceId, other.workspaceId].toSorted()[0]
  const { facts } = one.store.summaries
  const store: Store = {
    ...one.store,
    summaries: {
      ...one.store.summaries,
      facts: async where => {
        if (where.workspaceId === bad) throw new Error('out of memory')
        return facts(where)
      },
    },
  }

  await sweepAt(monday, [processOn(store)])

  expect(posts).toHaveLength(1)
  expect(posts[0]?.summary.workspaceId).not.toBe(bad)
})

test('a queue that does not answer keeps nobody waiting who changes the settings', async () => {
  const process = processOn(one.store)
  process.queue.schedule = () => new Promise<void>(() => {})

  const setup = await process.summaries.change(workspaceId, admin, { ...settings, locale: 'de' })

  expect(setup.settings.locale).toBe('de')
})

test('a queue that does not answer is no reason not to post', async () => {
  await compare(lastWednesday)
  const process = processOn(one.store)
  process.queue.schedule = () => new Promise<void>(() => {})

  await sweepAt(monday, [process])

  expect(posts).toHaveLength(1)
})

test('a schedule that cannot be set is no reason not to post, and is tried again', async () => {
  await compare(lastWednesday)
  const process = processOn(one.store)
  const { schedule } = process.queue
  process.queue.schedule = async () => {
    throw new FaceoffError({ code: 'internal' })
  }
  await sweepAt(monday, [process])
  process.queue.schedule = schedule

  await sweepAt('2026-11-23T08:00:30Z', [process])
  await sweepAt('2026-11-23T08:01:00Z', [process])

  expect(posts).toHaveLength(1)
  expect(process.queue.told).toEqual([summarySchedule])
})
