/** The weekly summary on Slack: the post, who is told when it cannot be, and `/summary`. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { votesCast } from '../a-week.ts'
import { type ASlack, placeIn, startFaceoff } from './a-slack.ts'
import type { Message } from './stand-in/index.ts'

const wednesday = new Date('2026-11-25T12:00:00Z')
const monday = new Date('2026-11-30T08:00:00Z')

let faceoff: ASlack
let now: Date
beforeEach(async () => {
  now = wednesday
  faceoff = await startFaceoff({ limits: false, minuteMs: 600, now: () => now })
})
afterEach(() => faceoff[Symbol.asyncDispose]())

function workspace(): Promise<string> {
  return faceoff.store.people.workspace('slack', faceoff.acme.id)
}

/** Ballots of this week in #general, each with so many votes for the one model and for the other. */
async function compared(votes: readonly (readonly number[])[], prompt?: string): Promise<void> {
  const { store, general, ada } = faceoff
  await votesCast(store, {
    workspaceId: await workspace(),
    channel: general.id,
    place: placeIn(faceoff),
    at: new Date('2026-11-25T10:00:00Z'),
    votes,
    postedAs: number => `${general.id}/${ada.says(general, `ballot ${number}`).ts}`,
    ...(prompt !== undefined && { prompt }),
  })
}

function summaries(): Message[] {
  return faceoff.slack.messages().filter(message => message.ours && message.shown.includes('Weekly summary'))
}

async function catchUp(): Promise<void> {
  await faceoff.arena.summaries.catchUp(await workspace())
}

/** What the app said to somebody alone, by direct message. */
function directTo(user: string): string[] {
  const channel = faceoff.acme.users.get(user)?.imChannel
  return faceoff.slack
    .messages()
    .filter(message => message.ours && message.channel === channel)
    .map(({ shown }) => shown)
}

describe('the post', () => {
  test('has the headline, the numbers, links, and a picture with its text alternative', async () => {
    await compared([
      [3, 1],
      [2, 2],
    ])

    await catchUp()
    const early = summaries()
    now = monday
    await catchUp()
    await catchUp()

    expect(early).toEqual([])
    const [post, ...more] = summaries()
    expect(more).toEqual([])
    expect(post?.channel).toBe(faceoff.general.id)
    expect(post?.shown).toContain(
      'Quillfish One led Marblewren Two 5 to 3 this week; too close to call: 74 % likely better.',
    )
    expect(post?.shown).toContain('2 comparisons, 8 votes by 4 people. Most active: Ada (2 comparisons).')
    expect(post?.shown).toContain('Change or stop: /summary settings')
    const blocks = JSON.stringify(post?.blocks)
    expect(blocks).toMatch(/Most divided[^"]*https:\/\/acme[^"|]*\|Why is the sky blue\? 1>/)
    expect(blocks).toMatch(/<http:[^|]*\/summaries\/[0-9a-f-]{36}\|All charts and numbers>/)
    const [file] = faceoff.slack.files
    expect(post?.blocks[2]).toEqual({
      type: 'image',
      slack_file: { id: file?.id },
      alt_text: expect.stringContaining('1–2. Quillfish One: 10'),
    })
  })

  test('waits for Slack to work through the picture, and stands without it where it never does', async () => {
    await compared([[4, 1]])
    faceoff.slack.refusePictures(9)
    now = monday

    await catchUp()

    const [post, ...more] = summaries()
    expect(more).toEqual([])
    expect(post?.blocks.map(({ type }) => type)).not.toContain('image')
  })

  test('is made once by two that are at it while Slack works through the picture', async () => {
    await faceoff[Symbol.asyncDispose]()
    faceoff = await startFaceoff({ limits: false, minuteMs: 30_000, now: () => now })
    const { slack, store } = faceoff
    await compared([[4, 1]])
    slack.refusePictures(1)
    now = monday
    const first = catchUp()
    await slack.until(() => slack.calls.some(({ method }) => method === 'chat.postMessage'))
    const [row] = await store.summaries.list({ workspaceId: await workspace(), limit: 1 })

    // As if the first one had been at it for longer than a claim lasts.
    await store.summaryPosts.release(row?.id ?? '', 'post')
    await Promise.all([first, catchUp()])

    expect(summaries()).toHaveLength(1)
  })

  test('quotes a hostile prompt without its effects', async () => {
    await compared(
      [
        [4, 0],
        [3, 0],
      ],
      '<!channel> <https://thief.example|https://bank.example> & more',
    )
    now = monday

    await catchUp()

    const blocks = JSON.stringify(summaries()[0]?.blocks)
    expect(blocks).toContain('&lt;!channel&gt;')
    expect(blocks).not.toContain('<!channel>')
    expect(blocks).not.toContain('<https://thief.example')
  })
})

describe('a channel that is closed', () => {
  test('is told to who set it, once, with what to do; a later post works', async () => {
    const { slack, acme, arena, store } = faceoff
    const boss = slack.person(acme, 'boss', { admin: true })
    await compared([[4, 1]])
    const news = slack.channel(acme, 'news', { bot: false })
    const id = await workspace()
    const setter = { ...(await store.people.person(id, boss.id, { name: 'boss' })), admin: true }
    const { settings } = await arena.summaries.setup(id)
    await arena.summaries.change(id, setter, { ...settings, channel: news.id })
    now = monday

    await catchUp()
    await catchUp()

    expect(directTo(boss.id)).toEqual([
      `I could not post the weekly summary in <#${news.id}>. I am not in this channel, so I cannot post here. Type /invite @faceoff and ask again. The settings stay as they are. Change the channel with /summary settings, or let me in and use /summary post.`,
    ])
    expect((await arena.summaries.setup(id)).settings.channel).toBe(news.id)
    news.bot = true
    await arena.summaries.post(id, setter)
    expect(summaries().map(({ channel }) => channel)).toEqual([news.id])
  })

  test('is told to an admin of the workspace where nobody set it', async () => {
    const { slack, acme, general } = faceoff
    const boss = slack.person(acme, 'boss', { admin: true })
    await compared([[4, 1]])
    general.archived = true
    now = monday

    await catchUp()

    expect(directTo(boss.id)).toEqual([expect.stringContaining('This channel is archived')])
  })
})

test('where nobody can be told by direct message, a closed channel is not tried again', async () => {
  const { slack, acme, general, store } = faceoff
  const boss = slack.person(acme, 'boss', { admin: true })
  await compared([[4, 1]])
  general.archived = true
  acme.messagesTab = false
  now = monday

  await catchUp()
  await catchUp()

  const row = await store.summaries.find({ workspaceId: await workspace(), week: '2026-W48' })
  expect(row?.status).toBe('refused')
  expect(directTo(boss.id)).toEqual([])
})

describe('/summary', () => {
  test('shows the week so far to the asker alone, in their language, with the picture after the words', async () => {
    const { slack, acme, general } = faceoff
    await compared([[3, 2]])
    const asked = await slack.person(acme, 'eve', { locale: 'de-DE' }).slash(general, '/summary')

    await slack.until(() => asked.ephemerals.length === 2)

    expect(asked.ephemerals[0]?.shown).toContain('Quillfish One lag in dieser Woche mit 3 zu 2 vor Marblewren Two')
    expect(asked.ephemerals[1]?.blocks.map(({ type }) => type)).toEqual(['image'])
    expect(summaries()).toEqual([])
  })

  test('posts for admins, once a week, and for nobody else', async () => {
    const { slack, acme, general, ada } = faceoff
    const boss = slack.person(acme, 'boss', { admin: true })
    await compared([[4, 1]])

    const refused = await ada.slash(general, '/summary', 'post')
    await slack.until(() => refused.ephemerals.length > 0)
    const first = await boss.slash(general, '/summary', 'post')
    await slack.until(() => first.ephemerals.length > 0)
    const second = await boss.slash(general, '/summary', 'post')
    await slack.until(() => second.ephemerals.length > 0)

    expect(refused.ephemerals[0]?.shown).toBe('Only an admin can do that.')
    expect(first.ephemerals[0]?.shown).toMatch(/^Posted in <#\w+>: Week 48.*Next: Mon, Dec 7/)
    expect(second.ephemerals[0]?.shown).toContain('there is one a week')
    expect(summaries()).toHaveLength(1)
  })

  test('shows the settings, and an admin changes them by a form', async () => {
    const { slack, acme, general, arena } = faceoff
    const boss = slack.person(acme, 'boss', { admin: true })
    const news = slack.channel(acme, 'news')
    const asked = await boss.slash(general, '/summary', 'settings')
    const [shown] = await slack.until(() => asked.ephemerals.length > 0 && asked.ephemerals)
    const pressed = await boss.press(shown as Message, 'summary')
    const [form] = await slack.until(() => pressed.views.length > 0 && pressed.views)
    if (!form) throw new Error('no form')

    const wrong = await boss.submit(form, { zone: 'Mars/Olympus' })
    const sent = await boss.submit(form, {
      channel: news.id,
      day: '5',
      time: '16:30',
      zone: 'Asia/Kolkata',
      language: 'de',
      quiet: 'skip',
    })

    expect(shown?.shown).toContain('Every Monday at 09:00 (Europe/Berlin)')
    expect(wrong.errors).toEqual({ zone: expect.stringContaining('no time zone “Mars/Olympus”') })
    expect(sent.status).toBe(200)
    expect(JSON.stringify(form.given)).toContain('Every Friday at 16:30 (Asia/Kolkata)')
    const { settings } = await arena.summaries.setup(await workspace())
    expect(settings).toMatchObject({ channel: news.id, weekday: 5, minuteOfDay: 990, locale: 'de', quietWeeks: 'skip' })
  })

  test('gives nobody else the form', async () => {
    const { slack, general, ada } = faceoff

    const asked = await ada.slash(general, '/summary', 'settings')
    const [shown] = await slack.until(() => asked.ephemerals.length > 0 && asked.ephemerals)

    expect(shown?.shown).toContain('An admin can change this.')
    expect(JSON.stringify(shown?.blocks)).not.toContain('"actions"')
  })
})
