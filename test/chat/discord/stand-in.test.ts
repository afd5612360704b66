/** The stand-in is as strict as Discord, and the real library takes it for Discord. */
import {
  Client,
  DiscordAPIError,
  Events,
  GatewayIntentBits,
  type Interaction,
  MessageFlags,
  Partials,
  REST,
  Routes,
} from 'discord.js'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Channel, type Discord, type Message, type Person, startDiscord } from './stand-in/index.ts'

let discord: Discord
let general: Channel
let ada: Person
let rest: REST
let clients: Client[] = []

beforeEach(async () => {
  discord = await startDiscord()
  general = discord.textChannel(discord.guild())
  ada = discord.person('Ada')
  rest = new REST({ api: discord.url, version: '10' }).setToken(discord.token)
})
afterEach(async () => {
  for (const client of clients) await client.destroy()
  clients = []
  await discord[Symbol.asyncDispose]()
})

describe('the gateway', () => {
  test('lets in by the token alone', async () => {
    await expect(client([]).login('wrong.token.here')).rejects.toThrow()
  })

  test('tells of reactions on uncached messages to who asked for them, and to nobody else', async () => {
    const message = post('Hello')
    const [hearing, deaf] = [await ready([GatewayIntentBits.GuildMessageReactions]), await ready([])]
    const heard: string[] = []
    hearing.on(Events.MessageReactionAdd, ({ emoji }, user) => heard.push(`+${emoji.name} ${user.id}`))
    hearing.on(Events.MessageReactionRemove, ({ emoji }, user) => heard.push(`-${emoji.name} ${user.id}`))
    deaf.on(Events.MessageReactionAdd, () => heard.push('deaf'))

    const removed = new Promise(resolve => hearing.once(Events.MessageReactionRemove, resolve))
    ada.react(message, '🇦')
    ada.unreact(message, '🇦')
    await removed

    expect(heard).toEqual([`+🇦 ${ada.id}`, `-🇦 ${ada.id}`])
  })

  test('replays what was missed when a session is resumed, and not when it begins afresh', async () => {
    const message = post('Hello')
    const bot = await ready([GatewayIntentBits.GuildMessageReactions])
    const heard: string[] = []
    bot.on(Events.MessageReactionAdd, ({ emoji }) => heard.push(emoji.name ?? ''))

    const resumed = new Promise(resolve => bot.once(Events.ShardResume, resolve))
    discord.dropGateway({ resumable: true })
    ada.react(message, '🇦')
    await resumed
    const again = new Promise(resolve => bot.once(Events.ShardReady, resolve))
    discord.dropGateway({ resumable: false })
    ada.react(message, '🇧')
    await again

    expect(heard).toEqual(['🇦'])
  }, 60_000)
})

describe('an interaction', () => {
  test('is acknowledged once, within three seconds', async () => {
    const { interaction, acted } = await asked()

    await interaction.deferReply()

    await expect(acted.acknowledged).resolves.toBeLessThan(3000)
    const again = rest.post(Routes.interactionCallback(interaction.id, interaction.token), {
      auth: false,
      body: { type: 5 },
    })
    await expect(again).rejects.toMatchObject({ code: 40060 })
  })

  test('gives its first follow-up to the acknowledgement, unless that was deleted', async () => {
    const [first, second] = [await asked(), await asked()]
    await first.interaction.deferReply()
    await second.interaction.deferReply()

    await first.interaction.followUp({ content: 'For all', flags: MessageFlags.Ephemeral })
    await second.interaction.deleteReply()
    await second.interaction.followUp({ content: 'For one', flags: MessageFlags.Ephemeral })

    expect(first.acted.reply?.content).toBe('For all')
    expect(second.acted.reply).toBeUndefined()
    expect(second.acted.ephemerals.map(({ content }) => content)).toEqual(['For one'])
  })

  test('is over after fifteen minutes', async () => {
    const { interaction } = await asked()
    await interaction.deferReply()

    discord.advance(15 * 60_000 + 1)

    await expect(interaction.editReply('Late')).rejects.toMatchObject({ code: 50027 })
  })
})

describe('messages', () => {
  test.each<[string, object, number]>([
    ['with nothing in them', { content: '' }, 50006],
    ['over 2,000 characters', { content: 'x'.repeat(2001) }, 50035],
    ['with a nonce over 25 characters', { content: 'x', nonce: 'n'.repeat(26) }, 50035],
    ['with six buttons in a row', { content: 'x', components: [row(6)] }, 50035],
    ['with two buttons of one id', { content: 'x', components: [row(1), row(1)] }, 50035],
  ])('%s are refused', async (_, body, code) => {
    await expect(rest.post(Routes.channelMessages(general.id), { body })).rejects.toMatchObject({ code })
  })

  test('under one nonce are one message, for some minutes', async () => {
    const send = async () => {
      const body = { content: 'Once', nonce: 'the-nonce', enforce_nonce: true }
      return (await rest.post(Routes.channelMessages(general.id), { body })) as { id: string }
    }

    const [first, second] = [await send(), await send()]
    discord.advance(10 * 60_000)
    const third = await send()

    expect(second.id).toBe(first.id)
    expect(third.id).not.toBe(first.id)
  })

  test('ping unless told not to, also when they are edited', async () => {
    const id = await sent({ content: 'Hello @everyone', allowed_mentions: { parse: [] } })

    await rest.patch(Routes.channelMessage(general.id, id), { body: { content: '@everyone and <@1>' } })

    expect(general.messages[0]?.pings).toEqual(['@everyone', '<@1>'])
  })

  test('have previews fetched unless told not to', async () => {
    await sent({ content: 'https://example.org/a' })
    await sent({ content: 'https://example.org/a', flags: MessageFlags.SuppressEmbeds })
    await sent({ content: '<https://example.org/a> `https://example.org/b`' })

    expect(general.messages.map(({ previews }) => previews)).toEqual([['https://example.org/a'], [], []])
  })

  test('of others cannot be edited, and in archived threads none', async () => {
    const foreign = ada.write(general, 'Mine')
    const thread = discord.thread(general)
    const own = (await rest.post(Routes.channelMessages(thread.id), { body: { content: 'x' } })) as { id: string }
    discord.archive(thread)

    const edits = [Routes.channelMessage(general.id, foreign.id), Routes.channelMessage(thread.id, own.id)].map(route =>
      rest.patch(route, { body: { content: 'y' } }).catch(codeOf),
    )

    expect(await Promise.all(edits)).toEqual([50005, 50083])
  })
})

describe('rights', () => {
  test('are asked for one by one', async () => {
    const id = await sent({ content: 'x' })
    ada.react(post('y'), '🇦')
    const other = general.messages[1]?.id ?? ''
    for (const right of ['AddReactions', 'CreatePublicThreads', 'AttachFiles'] as const) general.rights.delete(right)

    const codes = [
      await rest.put(Routes.channelMessageOwnReaction(general.id, id, encodeURIComponent('🇦'))).catch(codeOf),
      await rest.post(Routes.threads(general.id, id), { body: { name: 't' } }).catch(codeOf),
      await rest
        .delete(Routes.channelMessageUserReaction(general.id, other, encodeURIComponent('🇦'), ada.id))
        .catch(codeOf),
      await rest
        .post(Routes.channelMessages(general.id), { body: {}, files: [{ name: 'a.md', data: Buffer.from('a') }] })
        .catch(codeOf),
    ]
    general.rights.delete('ViewChannel')
    codes.push(await rest.get(Routes.channel(general.id)).catch(codeOf))

    expect(codes).toEqual([50013, 50013, 50013, 50013, 50001])
  })

  test('a message has one thread', async () => {
    const id = await sent({ content: 'x' })
    const open = () => rest.post(Routes.threads(general.id, id), { body: { name: 't' } })

    const thread = (await open()) as { id: string }

    expect(thread.id).toBe(id)
    await expect(open()).rejects.toMatchObject({ code: 160004 })
  })
})

test('reactions are read page by page, by user', async () => {
  const message = post('x')
  for (let index = 0; index < 130; index++) discord.person(`P${index}`).react(message, '🇦')
  const page = async (after: string) => {
    const query = new URLSearchParams({ limit: '100', after })
    const route = Routes.channelMessageReaction(general.id, message.id, encodeURIComponent('🇦'))
    return (await rest.get(route, { query })) as { id: string }[]
  }

  const first = await page('0')
  const second = await page(first.at(-1)?.id ?? '')

  expect([first.length, second.length]).toEqual([100, 30])
})

test('the sixth edit in five seconds is refused with the time to wait', async () => {
  const id = await sent({ content: 'x' })
  const edit = async () => {
    const response = await fetch(`${discord.url}/v10${Routes.channelMessage(general.id, id)}`, {
      method: 'PATCH',
      headers: { authorization: `Bot ${discord.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ content: 'y' }),
    })
    return { status: response.status, wait: Number(response.headers.get('retry-after')) }
  }

  const edits = []
  for (let index = 0; index < 6; index++) edits.push(await edit())

  expect(edits.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 429])
  expect(edits[5]?.wait).toBeGreaterThan(0)
  expect(discord.limited).toHaveLength(1)
})

function client(intents: readonly GatewayIntentBits[]): Client {
  const made = new Client({
    intents: [GatewayIntentBits.Guilds, ...intents],
    partials: [Partials.Message, Partials.Reaction, Partials.Channel, Partials.User],
    rest: { api: discord.url, version: '10' },
  })
  clients.push(made)
  return made
}

async function ready(intents: readonly GatewayIntentBits[]): Promise<Client> {
  const made = client(intents)
  const isReady = new Promise(resolve => made.once(Events.ClientReady, resolve))
  await made.login(discord.token)
  await isReady
  return made
}

async function asked() {
  const bot = await ready([])
  const { promise, resolve } = Promise.withResolvers<Interaction>()
  bot.once(Events.InteractionCreate, resolve)
  const acted = ada.slash(general, 'compare', { prompt: 'x' })
  const interaction = await promise
  if (!interaction.isChatInputCommand()) throw new Error('not a command')
  return { interaction, acted }
}

function post(content: string): Message {
  return discord.state.post(general, discord.botId, { content }, [])
}

async function sent(body: object): Promise<string> {
  return ((await rest.post(Routes.channelMessages(general.id), { body })) as { id: string }).id
}

function row(buttons: number) {
  const button = (index: number) => ({ type: 2, style: 1, label: 'x', custom_id: `b${index}` })
  return { type: 1, components: Array.from({ length: buttons }, (_, index) => button(index)) }
}

function codeOf(error: unknown): unknown {
  return error instanceof DiscordAPIError ? error.code : error
}
