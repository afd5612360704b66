/** Votes by reaction: what people do on Discord, and what is heard of it late, twice or never. */
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest'
import { createDatabase } from '../../services/database.ts'
import { type ABot, startBot } from './a-bot.ts'
import { type Channel, type Discord, type Guild, type Message, type Person, startDiscord } from './stand-in/index.ts'

let stack: AsyncDisposableStack
let discord: Discord
let guild: Guild
let general: Channel
let databaseUrl: string
let bot: ABot
let ada: Person

beforeEach(async () => {
  stack = new AsyncDisposableStack()
  discord = stack.use(await startDiscord())
  guild = discord.guild()
  general = discord.textChannel(guild)
  ada = discord.person('Ada')
  databaseUrl = stack.use(await createDatabase(inject('postgresUrl'))).url
  bot = await startBot({ discord, postgresUrl: inject('postgresUrl'), databaseUrl })
  stack.defer(() => bot[Symbol.asyncDispose]())
})
afterEach(() => stack.disposeAsync())

describe('a reaction', () => {
  test('is a vote, and taken back it is none', async () => {
    const { ballot } = await opened()

    ada.react(ballot, '🇦')
    await voted(ballot, 1)
    ada.unreact(ballot, '🇦')
    await voted(ballot, 0)
  })

  test('on a message from before a restart counts, and so does taking it back', async () => {
    const { ballot } = await opened()
    await restart()

    ada.react(ballot, '🇦')
    await voted(ballot, 1)
    await restart()
    ada.unreact(ballot, '🇦')

    await voted(ballot, 0)
  })

  test('with a skin tone counts; other emoji and bots do not', async () => {
    const { ballot } = await opened()
    const robot = discord.person('Robot', { bot: true })

    robot.react(ballot, '🇦')
    discord.person('Bea').react(ballot, '🎉')
    discord.person('Cem').react(ballot, '👎🏽')

    await voted(ballot, 1)
  })

  test('replaces an earlier one, which is taken away where the bot may', async () => {
    general.rights.add('ManageMessages')
    const { id, ballot } = await opened()

    ada.react(ballot, '🇦')
    await voted(ballot, 1)
    ada.react(ballot, '🇧')
    await discord.until(() => !ballot.reactions.get('🇦')?.has(ada.id))

    expect(await choiceOf(ada, id)).toBe('B')
    expect(ballot.reactions.get('🇧')?.has(ada.id)).toBe(true)
  })

  test('where the bot may not take the other away is the last one that counts, and its voter is told once', async () => {
    const [first, second] = [await opened(), await opened()]

    for (const { ballot } of [first, second]) {
      ada.react(ballot, '🇦')
      await voted(ballot, 1)
      ada.react(ballot, '🤝')
    }
    await until(async () => (await choiceOf(ada, second.id)) === 'tie')
    await discord.until(() => directOf(ada).length > 0)
    ada.unreact(second.ballot, '🤝')
    await until(async () => (await choiceOf(ada, second.id)) === 'A')

    expect(await choiceOf(ada, first.id)).toBe('tie')
    expect(directOf(ada)).toEqual([expect.stringContaining('the last one counts')])
  })

  test('of somebody who takes no direct messages is explained below the answers', async () => {
    const shy = discord.person('Shy', { dmsClosed: true })
    const { ballot } = await opened()

    shy.react(ballot, '🇦')
    await voted(ballot, 1)
    shy.react(ballot, '🇧')

    const thread = discord.threadOf(ballot)
    await discord.until(() => thread?.messages.some(({ content }) => content.startsWith('**Shy**: You have several')))
  })

  test('makes room for a private vote by button: the emoji goes where the bot may take it away', async () => {
    general.rights.add('ManageMessages')
    const { id, ballot } = await opened()
    ada.react(ballot, '🇦')
    await voted(ballot, 1)

    const pressed = ada.press(ballot, `vote:B:${id}`)
    await discord.until(() => pressed.ephemerals.length > 0 && !ballot.reactions.get('🇦')?.has(ada.id))

    expect(await choiceOf(ada, id)).toBe('B')
  })

  test('that came before the answers counts once they are there', async () => {
    const { ballot } = await asked()
    ada.react(ballot, '🇧')

    finish()

    await voted(ballot, 1)
  })

  test('after the reveal changes nothing', async () => {
    const { id, ballot } = await opened()
    ada.react(ballot, '🇦')
    await voted(ballot, 1)
    ada.press(ballot, `reveal:${id}`)
    await discord.until(() => ballot.content.includes('Result:'))

    ada.unreact(ballot, '🇦')
    discord.person('Bea').react(ballot, '🇧')
    const later = await opened()
    discord.person('Cem').react(later.ballot, '🇦')
    await voted(later.ballot, 1)

    expect((await bot.arena.view(id, null)).ballot.results?.byLabel.map(({ votes }) => votes)).toEqual([1, 0])
  })
})

describe('reactions that are cleared', () => {
  test.each<[string, (ballot: Message) => void]>([
    ['all at once', ballot => discord.removeAllReactions(ballot)],
    ['all of one emoji', ballot => discord.removeEmoji(ballot, '🇦')],
  ])('%s are no votes any more', async (_, clear) => {
    const { ballot } = await opened()
    ada.react(ballot, '🇦')
    await voted(ballot, 1)

    clear(ballot)

    await voted(ballot, 0)
  })
})

describe('what was not heard of', () => {
  test('because the gateway was away is found after it is connected afresh', async () => {
    const { ballot } = await opened()
    ada.react(ballot, '🇦')
    const bea = discord.person('Bea')
    bea.react(ballot, '🇦')
    await voted(ballot, 2)

    discord.refuseGateway(true)
    discord.dropGateway({ resumable: false })
    ada.unreact(ballot, '🇦')
    bea.unreact(ballot, '🇦')
    bea.react(ballot, '🇧')
    discord.refuseGateway(false)

    await voted(ballot, 1)
  })

  test('because the gateway only looked well counts at the reveal', async () => {
    const { id, ballot } = await opened()
    discord.loseEvents(true)
    ada.react(ballot, '🇦')
    discord.loseEvents(false)

    ada.press(ballot, `reveal:${id}`)
    await discord.until(() => ballot.content.includes('Result:'))

    expect((await bot.arena.view(id, null)).ballot.results?.winners).toEqual(['A'])
  })

  test('of more than a hundred people is read page by page', async () => {
    const { ballot } = await opened()
    await bot[Symbol.asyncDispose]()
    for (let index = 0; index < 230; index++) discord.person(`Voter ${index}`).react(ballot, '🇦')

    bot = await startBot({ discord, postgresUrl: inject('postgresUrl'), databaseUrl })

    await voted(ballot, 230)
  })

  test('when somebody left several: none counts, and they are told', async () => {
    const { id, ballot } = await opened()
    await bot[Symbol.asyncDispose]()
    ada.react(ballot, '🇦')
    ada.react(ballot, '🇧')

    bot = await startBot({ discord, postgresUrl: inject('postgresUrl'), databaseUrl })
    await discord.until(() => directOf(ada).length > 0)

    expect(directOf(ada)).toEqual([expect.stringContaining('count none')])
    expect(await choiceOf(ada, id)).toBeUndefined()
  })
})

describe('a comparison whose', () => {
  test('thread is deleted ends', async () => {
    const { ballot } = await opened()
    const thread = discord.threadOf(ballot)
    if (!thread) throw new Error('no thread')

    discord.deleteThread(thread)

    await discord.until(() => ballot.content.includes('Result:'))
  })

  test('ballot is deleted ends when somebody looks', async () => {
    const { id, ballot } = await opened()
    const pressed = ada.press(ballot, `vote:A:${id}`)
    await discord.until(() => pressed.ephemerals.length > 0)
    await voted(ballot, 1)

    discord.deleteMessage(ballot)
    await bot.arena.reconcile(id)

    await until(async () => (await bot.arena.view(id, null)).ballot.phase === 'revealed')
  })
})

type Opened = { id: string; ballot: Message }

async function asked(): Promise<Opened> {
  const acted = ada.slash(general, 'compare', { prompt: 'Why?' })
  const id = await bot.comparisonOf(acted)
  if (!acted.reply) throw new Error('no ballot')
  return { id, ballot: acted.reply }
}

function finish(): void {
  for (const place of [0, 1]) {
    bot.models.write(place, 'An answer.')
    bot.models.end(place)
  }
}

/** A ballot on which people vote. */
async function opened(): Promise<Opened> {
  const made = await asked()
  finish()
  await discord.until(() => made.ballot.reactions.has('👎') && made.ballot.content.includes('Vote!'), 'the emoji')
  return made
}

async function restart(): Promise<void> {
  await bot[Symbol.asyncDispose]()
  bot = await startBot({ discord, postgresUrl: inject('postgresUrl'), databaseUrl })
}

async function voted(ballot: Message, count: number): Promise<void> {
  const words = count === 0 ? 'Nobody has voted' : count === 1 ? '1 person has voted' : `${count} people have voted`
  await discord.until(() => ballot.content.includes(words), words, 30_000)
}

async function choiceOf(person: Person, id: string): Promise<string | undefined> {
  const workspaceId = await bot.store.people.workspace('discord', guild.id)
  const voter = await bot.store.people.known(workspaceId, person.id)
  return voter && (await bot.store.votes.own(voter.id, [id])).get(id)
}

/** Direct messages from the bot. */
function directOf(person: Person): string[] {
  const channels = [...discord.state.channels.values()].filter(({ recipientId }) => recipientId === person.id)
  return channels.flatMap(({ messages }) => messages.map(({ content }) => content))
}

/** Looks again whenever something happened on Discord. */
async function until(check: () => Promise<boolean>): Promise<void> {
  await expect.poll(check).toBe(true)
}
