/** The whole app with Discord: real services, real sockets, nothing inside replaced. */
import { startWorld, type World } from '../../app/harness.ts'
import { textOf } from './a-bot.ts'
import { type Acted, type Channel, type Discord, type Guild, type Message, startDiscord } from './stand-in/index.ts'

export type DiscordWorld = AsyncDisposable & {
  discord: Discord
  world: World
  guild: Guild
  general: Channel
  /** The ballot that came of a command. */
  ballotOf(acted: Acted): Promise<Message>
  /** A ballot on which people vote, its emoji all there. */
  openBallot(acted: Acted): Promise<Message>
  /** What the thread on a ballot says. */
  threadText(ballot: Message): string
}

type Options = Parameters<typeof startWorld>[0] & { stands?: Parameters<typeof startDiscord>[0] }

export async function startDiscordWorld({ stands, ...options }: Options = {}): Promise<DiscordWorld> {
  await using stack = new AsyncDisposableStack()
  const discord = stack.use(await startDiscord(stands))
  const guild = discord.guild()
  const general = discord.textChannel(guild)
  const env = { DISCORD_TOKEN: discord.token, DISCORD_API_URL: discord.url, ...options?.env }
  const world = stack.use(await startWorld({ ...options, env, overrides: { sweepMs: 200, ...options?.overrides } }))
  await discord.until(() => discord.connections > 0, 'the gateway')
  const all = stack.move()

  const ballotOf = async (acted: Acted) => {
    await discord.until(() => acted.reply !== undefined && acted.reply.components.length > 0, 'the ballot')
    if (!acted.reply) throw new Error('no ballot')
    return acted.reply
  }
  return {
    discord,
    world,
    guild,
    general,
    ballotOf,
    openBallot: async acted => {
      const ballot = await ballotOf(acted)
      await discord.until(() => ballot.content.includes('Vote!'), 'voting')
      const hasEmoji = ballot.guildId !== null && discord.state.channel(ballot.channelId).rights.has('AddReactions')
      if (hasEmoji) await discord.until(() => ballot.reactions.has('👎'), 'the emoji')
      return ballot
    },
    threadText: ballot => textOf(discord.threadOf(ballot)?.messages ?? []),
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  }
}

export function idOf(ballot: Message): string {
  return /"custom_id":"reveal:([^"]+)"/.exec(JSON.stringify(ballot.components))?.[1] ?? ''
}
