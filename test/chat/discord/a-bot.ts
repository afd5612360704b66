/** Our Discord adapter on real parts, talking to the stand-in by the real discord.js. Only the models are the test's own. */
import { pino } from 'pino'
import { commands } from '../../../commands/index.ts'
import { createCharts } from '../../../src/charts/index.ts'
import { createDiscord } from '../../../src/chat/discord/index.ts'
import { type Arena, createArena } from '../../../src/core/arena.ts'
import type { Model } from '../../../src/core/model.ts'
import type { Chat, Store } from '../../../src/core/ports.ts'
import { openStore } from '../../../src/store/index.ts'
import { HereAndNow, Models, usual } from '../../contract/scripted.ts'
import { createDatabase } from '../../services/database.ts'
import type { Acted, Discord, Message } from './stand-in/index.ts'

export type ABot = AsyncDisposable & {
  arena: Arena
  chat: Chat
  store: Store
  models: Models
  /** The id of the comparison that came of a command. */
  comparisonOf(acted: Acted): Promise<string>
  /** Every message of a comparison, the ballot first, as they are now. */
  messagesOf(ballot: Message): Message[]
}

export type BotOptions = {
  discord: Discord
  postgresUrl: string
  databaseUrl?: string
  models?: readonly Partial<Model>[] | Models
  /** Where commands are registered; null: everywhere. */
  guildId?: string | null
  now?: () => Date
}

export async function startBot(options: BotOptions): Promise<ABot> {
  await using stack = new AsyncDisposableStack()
  const { discord } = options
  const log = pino({ level: process.env.TEST_LOG ?? 'silent' })
  const databaseUrl = options.databaseUrl ?? stack.use(await createDatabase(options.postgresUrl)).url
  const { store } = await openStore({ databaseUrl, log, onFatal: () => {} })
  stack.defer(() => store.close())
  const given = options.models ?? [{ name: 'Quillfish One' }, { name: 'Marblewren Two' }]
  const models = given instanceof Models ? given : new Models(given)
  const queue = new HereAndNow()
  stack.defer(() => queue.close())
  const chats: Chat[] = []
  const clock = { now: options.now ?? (() => new Date()) }
  const arena = createArena({ store, queue, catalogue: models, chats, clock, log, ...usual })
  await queue.work(run => arena.run(run))
  const charts = createCharts()
  stack.defer(() => charts.close())
  const bot = createDiscord({
    arena,
    commands,
    catalogue: models,
    charts,
    store,
    token: discord.token,
    apiUrl: discord.url,
    guildId: options.guildId ?? null,
    consoleUrl: 'https://faceoff.example.org',
    log,
  })
  chats.push(bot.chat)
  const before = discord.connections
  bot.open()
  stack.defer(() => bot.close())
  await discord.until(() => discord.connections > before, 'the bot connects')

  const started = stack.move()
  return {
    arena,
    chat: bot.chat,
    store,
    models,
    comparisonOf: async acted => {
      await discord.until(() => idIn(acted.reply) !== undefined, 'a ballot')
      return idIn(acted.reply) ?? ''
    },
    messagesOf: ballot => [ballot, ...(discord.threadOf(ballot)?.messages ?? [])],
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  }
}

/** The id in the buttons under a ballot. */
function idIn(message: Message | undefined): string | undefined {
  return /"custom_id":"\w+:(?:\w+:)?([0-9a-f-]{36})"/.exec(JSON.stringify(message?.components ?? []))?.[1]
}

/** What everybody can read in these messages: an answer's pieces one after another, without what stands between them. */
export function textOf(messages: readonly Message[]): string {
  const labelOf = ({ content }: Message) => /^(?:-# )?([🇦-🇫])/u.exec(content)?.[1] ?? ''
  const inOrder = messages.toSorted(
    (a, b) => labelOf(a).localeCompare(labelOf(b)) || Number(BigInt(a.id) - BigInt(b.id)),
  )
  return inOrder
    .map(({ content }) => content.replace(/^-# [🇦-🇫] Answer \w, part \d+\n/u, ''))
    .map(content => content.replaceAll('\u200b', '').replace(/\\([^\w\s])/g, '$1'))
    .join('\n')
}
