import { inject } from 'vitest'
import type { CompareRequest } from '../../../src/core/comparing.ts'
import { type ChatHarness, chatContract, contractModels, type Seen, summaryDue } from '../../contract/chat.ts'
import { startBot, textOf } from './a-bot.ts'
import { type Message, startDiscord } from './stand-in/index.ts'

chatContract('Discord', async (): Promise<ChatHarness> => {
  await using stack = new AsyncDisposableStack()
  const discord = stack.use(await startDiscord())
  const guild = discord.guild()
  const astrid = discord.person('Astrid')
  const bot = stack.use(await startBot({ discord, postgresUrl: inject('postgresUrl'), models: contractModels }))
  const workspaceId = await bot.store.people.workspace('discord', guild.id)
  const ballots = new Map<string, Message>()

  /** A ballot on Discord begins with a command. Each has a channel of its own, so that no test waits for another. */
  async function compare({ prompt }: CompareRequest) {
    const acted = astrid.slash(discord.textChannel(guild), 'compare', { prompt })
    const id = await bot.comparisonOf(acted)
    if (acted.reply) ballots.set(id, acted.reply)
    return (await bot.arena.view(id, null)).ballot
  }

  const all = stack.move()
  return {
    arena: { ...bot.arena, compare },
    chat: bot.chat,
    models: bot.models,
    asker: await bot.store.people.person(workspaceId, astrid.id, { name: 'Astrid' }),
    where: { workspaceId, platform: 'discord', channel: 'any' },
    read: async id => {
      const ballot = ballots.get(id)
      if (ballot === undefined) throw new Error(`no ballot of ${id}`)
      const inChannel = discord.state.channel(ballot.channelId).messages
      return seen(bot.messagesOf(ballot), inChannel.length)
    },
    dueSummary: () => {
      const { id: channel } = discord.textChannel(guild)
      return summaryDue(bot, { workspaceId, platform: 'discord', externalId: guild.id, channel, place: null })
    },
    summaryPosts: async ({ channel }) => discord.state.channel(channel).messages.length,
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  }
})

function seen(messages: readonly Message[], posts: number): Seen {
  return {
    posts,
    text: textOf(messages),
    raw: JSON.stringify(messages.map(({ content, components, attachments }) => ({ content, components, attachments }))),
    acting: messages.flatMap(({ content, pings, previews }) => [...pings, ...previews, ...disguisedLinks(content)]),
  }
}

/** Links whose words name another place than they lead to. */
function disguisedLinks(content: string): string[] {
  return [...content.matchAll(/(?<!\\)\[([^\]]*)\]\((\S+?)\)( \((\S+)\))?/g)]
    .filter(([, , href = '', , host]) => !/^(https?|mailto):/.test(href) || new URL(href).host !== host)
    .map(([link]) => link)
}
