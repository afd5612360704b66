/** The weekly summary on Discord: the post, who is told when it cannot be, and `/summary`. */
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest'
import { votesCast } from '../a-week.ts'
import { type ABot, startBot } from './a-bot.ts'
import { type Channel, type Discord, type Guild, type Message, type Person, startDiscord } from './stand-in/index.ts'

let discord: Discord
let bot: ABot
let guild: Guild
let channel: Channel
let admin: Person
let now: Date

beforeAll(async () => {
  discord = await startDiscord()
  bot = await startBot({ discord, postgresUrl: inject('postgresUrl'), now: () => now })
})
afterAll(async () => {
  await bot[Symbol.asyncDispose]()
  await discord[Symbol.asyncDispose]()
})
beforeEach(() => {
  now = new Date('2026-11-25T12:00:00Z')
  guild = discord.guild()
  channel = discord.textChannel(guild, 'models')
  admin = discord.person('Mod', { manageServer: true })
})

/** Ballots of this week, each with so many votes for the one model and for the other. */
async function compared(
  votes: readonly (readonly number[])[],
  prompt = 'Why is the sky blue?',
  workspaceId?: string,
): Promise<void> {
  const place = {
    channelId: channel.id,
    mode: 'thread',
    why: null,
    applicationId: discord.state.applicationId,
    token: 'gone',
  }
  await votesCast(bot.store, {
    workspaceId: workspaceId ?? (await workspace()),
    channel: channel.id,
    place: JSON.stringify(place),
    at: new Date('2026-11-25T10:00:00Z'),
    prompt,
    votes,
    postedAs: number => `10${number}`,
  })
}

function workspace(): Promise<string> {
  return bot.store.people.workspace('discord', guild.id)
}

function summariesIn(where: Channel): Message[] {
  return where.messages.filter(({ embeds }) => embeds.length > 0)
}

/** What the app said to somebody alone. */
function directMessages({ id }: Person): Message[] {
  return [...discord.state.channels.values()]
    .filter(({ recipientId }) => recipientId === id)
    .flatMap(({ messages }) => messages)
}

/** `Intl` writes spaces of several widths. */
function plain(text = ''): string {
  return text.replace(/[\u2009\u202f]/g, ' ')
}

/** Everything an embed says. */
function textOf({ content, embeds }: Message): string {
  return [content, ...embeds.map(embed => JSON.stringify(embed))].join('\n')
}

describe('the post', () => {
  test('has the headline, the numbers, links, and a picture with its text alternative', async () => {
    await compared([
      [3, 1],
      [2, 2],
    ])

    await bot.arena.summaries.catchUp(await workspace())
    const early = summariesIn(channel)
    now = new Date('2026-11-30T08:00:00Z')
    await bot.arena.summaries.catchUp(await workspace())

    expect(early).toEqual([])
    const [post, ...more] = summariesIn(channel)
    if (!post) throw new Error('no post')
    expect(more).toEqual([])
    expect(post.content).toBe(
      '**Quillfish One led Marblewren Two 5 to 3 this week; too close to call: 74 % likely better.**',
    )
    const [embed] = post.embeds
    expect(embed).toMatchObject({
      title: expect.stringMatching(/^Weekly summary: Week 48, Nov 23\s–\s29, 2026$/),
      url: expect.stringContaining('https://faceoff.example.org/summaries/'),
      image: { url: 'attachment://summary.png' },
    })
    expect(post.embeds[1]).toMatchObject({ footer: { text: 'Change or stop: /summary settings' } })
    expect(textOf(post)).toContain('2 comparisons, 8 votes by 4 people. Most active: Ada (2 comparisons).')
    expect(textOf(post)).toMatch(/Most divided.*https:\/\/discord\.com\/channels\/\d+\/\d+\/\d+/)
    expect(post.attachments[0]?.description).toContain('Quillfish One: 10')
    expect(post.attachments[0]?.bytes.subarray(1, 4)).toEqual(new Uint8Array([0x50, 0x4e, 0x47]))
    expect(post.pings).toEqual([])
  })

  test('quotes a hostile prompt without its effects', async () => {
    await compared(
      [
        [4, 0],
        [3, 0],
      ],
      '@everyone [bank](https://thief.example) <@&1>',
    )

    now = new Date('2026-11-30T08:00:00Z')
    await bot.arena.summaries.catchUp(await workspace())

    const [post] = summariesIn(channel)
    expect(post?.pings).toEqual([])
    expect(textOf(post as Message)).not.toContain('](https://thief.example)')
  })

  test('is made once, also when nobody heard that it was', async () => {
    await compared([[4, 1]])
    now = new Date('2026-11-30T08:00:00Z')
    discord.loseAnswer({ method: 'POST', path: new RegExp(`^/channels/${channel.id}/messages$`) })

    await bot.arena.summaries.catchUp(await workspace())
    await bot.arena.summaries.catchUp(await workspace())
    await bot.arena.summaries.catchUp(await workspace())

    expect(summariesIn(channel)).toHaveLength(1)
    expect(await bot.arena.summaries.list({ workspaceId: await workspace(), limit: 5 })).toHaveLength(1)
  })
})

describe('a channel that is closed', () => {
  test('is told to who set it, once, by direct message; a later post works', async () => {
    await compared([[4, 1]])
    const id = await workspace()
    const setter = await bot.store.people.person(id, admin.id, { name: 'Mod' })
    const { settings } = await bot.arena.summaries.setup(id)
    const other = discord.textChannel(guild, 'news')
    await bot.arena.summaries.change(id, { ...setter, admin: true }, { ...settings, channel: other.id })
    other.rights.delete('SendMessages')
    now = new Date('2026-11-30T08:00:00Z')

    await bot.arena.summaries.catchUp(id)
    await bot.arena.summaries.catchUp(id)

    const told = directMessages(admin)
    expect(told.map(({ content }) => content)).toEqual([
      `I could not post the weekly summary in <#${other.id}>. I may not write in this channel. An admin can let me in. The settings stay as they are. Change the channel with /summary settings, or let me in and use /summary post.`,
    ])
    expect((await bot.arena.summaries.setup(id)).settings.channel).toBe(other.id)

    other.rights.add('SendMessages')
    await bot.arena.summaries.post(id, { ...setter, admin: true })
    expect(summariesIn(other)).toHaveLength(1)
  })

  test('is told to the owner of the server where nobody set it', async () => {
    await compared([[4, 1]])
    const owner = discord.person('Owner')
    guild.ownerId = owner.id
    channel.rights.delete('SendMessages')
    now = new Date('2026-11-30T08:00:00Z')

    await bot.arena.summaries.catchUp(await workspace())

    expect(directMessages(owner)[0]?.content).toContain(`in <#${channel.id}>`)
  })

  test('is told as gone where it was deleted', async () => {
    await compared([[4, 1]])
    const owner = discord.person('Owner', { locale: 'de' })
    guild.ownerId = owner.id
    discord.state.channels.delete(channel.id)
    now = new Date('2026-11-30T08:00:00Z')

    await bot.arena.summaries.catchUp(await workspace())

    expect(directMessages(owner)[0]?.content).toContain('The channel is not there any more.')
  })
})

describe('outside of servers', () => {
  const conversation = () => bot.store.people.workspace('discord', `channel ${channel.id}`)

  test('the one person there sets it, posts it and can stop it', async () => {
    const person = discord.person('Solo')
    channel = discord.direct(person)
    await compared([[4, 1]], undefined, await conversation())

    const asked = person.slash(channel, 'summary', { what: 'settings' })
    await discord.until(() => asked.ephemerals.length > 0, 'the settings')
    const opened = person.press(asked.ephemerals[0] as Message, 'summary')
    await discord.until(() => opened.modal !== null, 'the form')
    const sent = person.submit(opened, { day: 'never', time: '09:00', language: 'en', quiet: 'post' })
    await discord.until(() => sent.ephemerals.length > 0, 'the receipt')
    const posted = person.slash(channel, 'summary', { what: 'post' })
    await discord.until(() => posted.ephemerals.length > 0, 'the answer')

    expect((await bot.arena.summaries.setup(await conversation())).settings.enabled).toBe(false)
    const [post] = summariesIn(channel)
    expect(textOf(post as Message)).toContain('Why is the sky blue? 0')
    expect(textOf(post as Message)).not.toContain('https://discord.com')
  })

  test('a conversation that the app is not in is left alone after one try', async () => {
    await compared([[4, 1]], undefined, await conversation())
    channel.rights.delete('SendMessages')
    now = new Date('2026-11-30T08:00:00Z')

    await bot.arena.summaries.catchUp(await conversation())

    const row = await bot.store.summaries.find({ workspaceId: await conversation(), week: '2026-W48' })
    expect(row?.status).toBe('refused')
  })
})

describe('/summary', () => {
  test('shows the week so far to the asker alone, in their language', async () => {
    await compared([[3, 1]])
    const asker = discord.person('Bea', { locale: 'de' })

    const asked = asker.slash(channel, 'summary')
    await discord.until(() => asked.ephemerals.length > 0, 'the summary')

    const [shown] = asked.ephemerals
    expect(shown?.content).toContain('Eine ruhige Woche: 4 Stimmen und 1 Vergleich.')
    expect(summariesIn(channel)).toEqual([])
  })

  test('posts for those who manage the server, once a week', async () => {
    await compared([[4, 1]])

    const first = admin.slash(channel, 'summary', { what: 'post' })
    await discord.until(() => first.ephemerals.length > 0, 'the first answer')
    const second = admin.slash(channel, 'summary', { what: 'post' })
    await discord.until(() => second.ephemerals.length > 0, 'the second answer')

    expect(plain(first.ephemerals[0]?.content)).toBe(
      `Posted in <#${channel.id}>: Week 48, Nov 23 – 29, 2026. Next: Mon, Dec 7, 9:00 AM.`,
    )
    expect(second.ephemerals[0]?.content).toContain('there is one a week')
    expect(summariesIn(channel)).toHaveLength(1)
  })

  test('posts for nobody else', async () => {
    const asker = discord.person('Bea')

    const asked = asker.slash(channel, 'summary', { what: 'post' })
    await discord.until(() => asked.ephemerals.length > 0, 'the answer')

    expect(asked.ephemerals[0]?.content).toBe('Only an admin can do that.')
  })

  test('shows the settings, and an admin changes them by a form', async () => {
    const news = discord.textChannel(guild, 'news')
    const asked = admin.slash(channel, 'summary', { what: 'settings' })
    await discord.until(() => asked.ephemerals.length > 0, 'the settings')
    const [shown] = asked.ephemerals
    if (!shown) throw new Error('no settings')
    const opened = admin.press(shown, 'summary')
    await discord.until(() => opened.modal !== null, 'the form')

    const sent = admin.submit(opened, {
      channel: news.id,
      day: '5',
      time: '16:30 Asia/Kolkata',
      language: 'de',
      quiet: 'skip',
    })
    await discord.until(() => sent.ephemerals.length > 0, 'the receipt')

    expect(shown.content).toContain('Every Monday at 09:00 (Europe/Berlin)')
    expect(sent.ephemerals[0]?.content).toContain('Every Friday at 16:30 (Asia/Kolkata)')
    expect(plain(sent.ephemerals[0]?.content)).toContain('Next: Fri, Nov 27, 4:30 PM.')
    const { settings } = await bot.arena.summaries.setup(await workspace())
    expect(settings).toMatchObject({
      enabled: true,
      channel: news.id,
      weekday: 5,
      minuteOfDay: 990,
      timeZone: 'Asia/Kolkata',
      locale: 'de',
      quietWeeks: 'skip',
    })
  })

  test('says what a form got wrong, and changes nothing', async () => {
    const asked = admin.slash(channel, 'summary', { what: 'settings' })
    await discord.until(() => asked.ephemerals.length > 0, 'the settings')
    const opened = admin.press(asked.ephemerals[0] as Message, 'summary')
    await discord.until(() => opened.modal !== null, 'the form')

    const sent = admin.submit(opened, { time: '25:00 Europe/Berlin' })
    await discord.until(() => sent.ephemerals.length > 0, 'the answer')

    expect(sent.ephemerals[0]?.content).toBe('“25:00” is no time of day. Write it as 09:00.')
    expect((await bot.arena.summaries.setup(await workspace())).settings.minuteOfDay).toBe(540)
  })

  test('gives nobody else the form', async () => {
    const asker = discord.person('Bea')

    const asked = asker.slash(channel, 'summary', { what: 'settings' })
    await discord.until(() => asked.ephemerals.length > 0, 'the settings')

    expect(asked.ephemerals[0]?.content).toContain('An admin can change this.')
    expect(asked.ephemerals[0]?.components).toEqual([])
  })
})
