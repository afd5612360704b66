/** The composition root: every concrete thing is made and wired here. Tests replace parts through `overrides`. */
import { randomBytes } from 'node:crypto'
import { setInterval as every } from 'node:timers/promises'
import { v7 as uuidV7 } from 'uuid'
import { commands } from '../commands/index.ts'
import { createCharts } from './charts/index.ts'
import {
  createDiscord,
  type Discord as DiscordAdapter,
  type DiscordIdentity,
  DiscordRest,
  discordIdentity,
} from './chat/discord/index.ts'
import {
  createSlack,
  type SlackAccess,
  type Slack as SlackAdapter,
  SlackUnusable,
  slackManifest,
} from './chat/slack/index.ts'
import { type Config, ConfigError } from './config.ts'
import { connectProviders } from './connect-providers.ts'
import { type Connections, createConsole, listen } from './console/index.ts'
import { type Arena, createArena } from './core/arena.ts'
import { contestantsNeeded } from './core/comparison.ts'
import { providerOf } from './core/model.ts'
import type { Chat, Clock } from './core/ports.ts'
import { type Text, textFor } from './core/text/index.ts'
import { createLog, type Log } from './log.ts'
import type { ProviderCatalogue } from './providers/index.ts'
import { createQueue, type QueueTiming } from './queue/bullmq.ts'
import { lacksRights, type OpenStore, openDoor, openStore, StoreRefusal, sentenceOf } from './store/index.ts'

/** How often the sweep looks for what a crash left behind, in milliseconds. */
const sweepMs = 30_000

/**
 * How long running answers may go on once the process is asked to stop, in milliseconds. Handing back and closing come on
 * top, and all of it stays under 20 s.
 */
const graceMs = 10_000

export type Overrides = {
  log?: Log
  clock?: Clock
  queueTiming?: Partial<QueueTiming>
  sweepMs?: number
  graceMs?: number
  /** Milliseconds between two words of a demo answer. */
  demoWordMs?: number
  /** Told when this process cannot go on, such as when the embedded database has died. */
  onFatal?: (error: Error) => void
}

export type App = AsyncDisposable & {
  arena: Arena
  /** Where the console listens; null without the role `console`. */
  url: string | null
  /** Makes whoever uses it first an admin of the console; null without the role `console`. */
  ownerUrl: string | null
  /** What a person reads at start, in the operator's language: what is set up, what is missing, where to go. */
  banner: string[]
}

/**
 * Makes everything, starts it, and returns when it is ready. When a later part fails, the earlier ones are closed again.
 * Throws a `ConfigError`, whose sentences an operator can act on, for whatever a setting can mend.
 */
export async function startApp(config: Config, overrides: Overrides = {}): Promise<App> {
  await using started = new AsyncDisposableStack()
  const text = textFor(config.locale)
  const log = overrides.log ?? createLog(config.logLevel)
  const clock = overrides.clock ?? { now: () => new Date() }

  const discordIs = await identifyDiscord(config, text)
  const catalogue = await connectProviders(config, { text, log, clock, demoWordMs: overrides.demoWordMs })
  const { store, pool } = await openDatabase(config, text, log, overrides)
  started.defer(() => store.close())
  // After the queue, whose last answers it shows.
  let slack: SlackAdapter | null = null
  started.defer(async () => slack?.close())
  let discord: DiscordAdapter | null = null
  started.defer(async () => discord?.close())
  const queue = await createQueue({
    backend:
      config.secrets.redisUrl === null ? { kind: 'postgres', pool } : { kind: 'redis', url: config.secrets.redisUrl },
    providers: catalogue.connected().map(id => ({ id, ...catalogue.limits(id) })),
    log,
    timing: overrides.queueTiming ?? {},
  }).catch(error => Promise.reject(lacksRights(error) ? new ConfigError([text.start.lacksRights]) : error))
  started.defer(() => queue.close(overrides.graceMs ?? graceMs))
  await queue.ping().catch(() => {
    throw new ConfigError([text.start.noRedis])
  })

  // The console needs the rules and the rules need the console's chat: the list is filled before anything runs.
  const chats: Chat[] = []
  const arena = createArena({
    store,
    queue,
    catalogue,
    chats,
    clock,
    log,
    newId: uuidV7,
    random: Math.random,
    votingMs: config.votingMs,
    summarySchedule: config.summarySchedule,
  })
  const charts = createCharts()
  started.defer(() => charts.close())
  const localToken = randomBytes(32).toString('base64url')
  const ownerToken = randomBytes(24).toString('base64url')
  const console = createConsole({
    arena,
    commands,
    store,
    catalogue,
    connections: () => connectionsOf(config, catalogue, discordIs),
    readiness: async () => {
      await Promise.all([store.ping(), queue.ping()])
    },
    publicUrl: config.http.publicUrl,
    password: config.secrets.consolePassword,
    ownerToken,
    cookieSecret: await store.settings.initialise('console.cookie_secret', randomBytes(32).toString('base64url')),
    allowedHosts: [config.http.host],
    charts,
    localToken,
    clock,
    log,
  })
  chats.push(console.chat)
  discord = createDiscordFor(config, { arena, commands, catalogue, charts, store, log })
  if (discord) chats.push(discord.chat)
  slack = await createSlackFor(config, text, { arena, commands, catalogue, charts, store, log })
  if (slack) chats.push(slack.chat)
  const server = listens(config) ? await serve(config, text, routes(config, console.fetch, slack)) : null
  if (server) started.defer(() => server.close())
  // Before the server, which waits for the pages' event streams to end.
  started.defer(() => console.close())
  const url = config.roles.has('console') ? (server?.url ?? null) : null
  if (url !== null && config.database.kind === 'embedded') {
    started.use(openDoor(config.database.dataDir, { url, token: localToken }))
  }
  if (config.roles.has('worker')) {
    await queue.work(run => arena.run(run))
    await queue.wake(workspaceId => arena.summaries.catchUp(workspaceId))
    started.use(sweeping(arena, log, overrides.sweepMs ?? sweepMs))
  }
  if (config.roles.has('gateway')) {
    discord?.open()
    await slack?.start().catch(error => Promise.reject(slackRefusal(error, text)))
  }

  const running = started.move()
  const ownerUrl = url === null ? null : `${config.http.publicUrl ?? url}/owner/${ownerToken}`
  return {
    arena,
    url,
    ownerUrl,
    banner: bannerOf(config, catalogue, text, { url, ownerUrl, discordIs, slackIs: (await slack?.name()) ?? null }),
    [Symbol.asyncDispose]: () => {
      log.info({ graceMs }, 'stopping, running answers may finish')
      return running.disposeAsync()
    },
  }
}

async function openDatabase(config: Config, text: Text, log: Log, { onFatal }: Overrides): Promise<OpenStore> {
  const { database, secrets } = config
  try {
    return await openStore({
      ...(database.kind === 'embedded' ? { dataDir: database.dataDir } : { databaseUrl: secrets.databaseUrl ?? '' }),
      log,
      onFatal: onFatal ?? (() => {}),
    })
  } catch (error) {
    throw error instanceof StoreRefusal ? new ConfigError([sentenceOf(error, text)]) : error
  }
}

/** Null while Discord is not connected, or cannot be asked. */
async function identifyDiscord({ discord, secrets }: Config, text: Text): Promise<DiscordIdentity> {
  if (discord === null) return null
  const identity = await discordIdentity(new DiscordRest({ apiUrl: discord.apiUrl, token: secrets.discordToken ?? '' }))
  if (identity === 'rejected') throw new ConfigError([text.start.discordRejects])
  return identity
}

type ForChat = Pick<
  Parameters<typeof createDiscord>[0],
  'arena' | 'commands' | 'catalogue' | 'charts' | 'store' | 'log'
>

function createDiscordFor({ discord, secrets, http }: Config, parts: ForChat): DiscordAdapter | null {
  return (
    discord && createDiscord({ ...parts, ...discord, consoleUrl: http.publicUrl, token: secrets.discordToken ?? '' })
  )
}

async function createSlackFor(
  config: Config,
  text: Text,
  parts: Pick<Parameters<typeof createSlack>[0], keyof ForChat>,
): Promise<SlackAdapter | null> {
  const { slack, secrets, http, votingMs } = config
  if (slack === null) return null
  const { botToken, signingSecret, appToken } = secrets.slack
  const access: SlackAccess =
    slack.way === 'oauth'
      ? { kind: 'oauth', ...secrets.slack }
      : slack.way === 'http'
        ? { kind: 'token', botToken, events: { kind: 'http', signingSecret } }
        : { kind: 'token', botToken, events: { kind: 'sockets', appToken } }
  const { apiUrl } = slack
  return createSlack({ ...parts, access, apiUrl, publicUrl: http.publicUrl, votingMs }).catch(error =>
    Promise.reject(slackRefusal(error, text)),
  )
}

function slackRefusal(error: unknown, { slack: { start } }: Text): unknown {
  if (!(error instanceof SlackUnusable)) return error
  const say = error.variable === 'SLACK_APP_TOKEN' ? start.appTokenRejected : start.slackRejects
  return new ConfigError([say(error.code)])
}

/** Slack's requests and the console's pages come to one port. */
function listens({ roles, slack }: Config): boolean {
  return roles.has('console') || (roles.has('gateway') && slack !== null && slack.way !== 'sockets')
}

type Fetch = Parameters<typeof listen>[0]['fetch']

function routes({ roles }: Config, pages: Fetch, slack: SlackAdapter | null): Fetch {
  return (request, ...rest) => {
    const isSlacks = new URL(request.url).pathname.startsWith('/slack/')
    if (slack && isSlacks && roles.has('gateway')) return slack.fetch(request)
    return roles.has('console') ? pages(request, ...rest) : new Response(null, { status: 404 })
  }
}

async function serve(config: Config, text: Text, fetch: Fetch): ReturnType<typeof listen> {
  const { host, port } = config.http
  try {
    return await listen({ fetch, host, port })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'EADDRINUSE') throw new ConfigError([text.start.portTaken(port)])
    if (code === 'EACCES') throw new ConfigError([text.start.portForbidden(port)])
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EAI_AGAIN')
      throw new ConfigError([text.start.hostUnusable(host)])
    throw error
  }
}

/** Sweeps at once, then again and again until it is disposed of; one sweep at a time. */
function sweeping(arena: Arena, log: Log, pauseMs: number): AsyncDisposable {
  const end = new AbortController()
  const sweepOnce = () => arena.sweep().catch(error => log.error({ err: error }, 'sweep failed'))
  const loop = async () => {
    await sweepOnce()
    for await (const _ of every(pauseMs, undefined, { signal: end.signal })) await sweepOnce()
  }
  const done = loop().catch(() => {})
  return {
    [Symbol.asyncDispose]: () => {
      end.abort()
      return done
    },
  }
}

function connectionsOf(config: Config, catalogue: ProviderCatalogue, discordIs: DiscordIdentity): Connections {
  return {
    database: config.database.kind,
    queue: config.queue.kind,
    providers: catalogue.providers(),
    platformVariables: config.platformVariables,
    discordApplicationId: config.discordApplicationId ?? discordIs?.applicationId ?? null,
    slackManifest: text => JSON.stringify(slackManifest(commands, config.http.publicUrl, text), null, 2),
    settings: [
      { variable: 'MODELS', value: config.models?.join(', ') ?? null },
      { variable: 'DEFAULT_CONTESTANTS', value: config.defaultContestants?.join(', ') ?? null },
      { variable: 'VOTING_HOURS', value: String(config.votingMs / 3_600_000) },
      { variable: 'SUMMARY_CRON', value: cronText(config) },
      { variable: 'SUMMARY_TZ', value: config.summarySchedule.timeZone },
      { variable: 'PUBLIC_URL', value: config.http.publicUrl },
    ],
  }
}

function cronText({ summarySchedule: { weekday, minuteOfDay } }: Config): string {
  return `${minuteOfDay % 60} ${Math.floor(minuteOfDay / 60)} * * ${weekday}`
}

function bannerOf(
  config: Config,
  catalogue: ProviderCatalogue,
  text: Text,
  {
    url,
    ownerUrl,
    discordIs,
    slackIs,
  }: Pick<App, 'url' | 'ownerUrl'> & {
    discordIs: DiscordIdentity
    slackIs: string | null
  },
): string[] {
  const { start } = text
  const { database, queue, http, platformVariables } = config
  const defaults = catalogue.defaults()
  const connect = `${http.publicUrl ?? url ?? ''}/connect`
  const missing = [
    { platform: 'Discord', variable: 'DISCORD_TOKEN' },
    ...(config.slack === null ? [{ platform: 'Slack', variable: 'SLACK_BOT_TOKEN' }] : []),
  ].filter(({ variable }) => !platformVariables.has(variable))
  return [
    database.kind === 'embedded' ? start.embedded(database.dataDir) : start.postgres,
    queue.kind === 'redis' ? start.queueOnRedis : start.queueOnDatabase,
    defaults.length < contestantsNeeded ? start.comparingNothing : start.comparing(defaults.join(', ')),
    ...(defaults.some(id => providerOf(id) === 'demo') ? [start.demo] : []),
    ...(config.discord === null
      ? []
      : [discordIs ? start.connectedAs('Discord', discordIs.name) : start.unreachablePlatform('Discord')]),
    ...(config.slack === null ? [] : [slackLine(config, text, slackIs)]),
    ...(url === null ? [] : missing.map(({ platform, variable }) => start.notConnected(platform, variable, connect))),
    ...(ownerUrl === null ? [] : [start.ownerLink(ownerUrl)]),
    ...(url === null ? [] : [start.ready(http.publicUrl ?? url)]),
  ]
}

function slackLine({ slack, http }: Config, { start, slack: words }: Text, slackIs: string | null): string {
  if (slack?.way === 'oauth') return words.start.install(`${http.publicUrl ?? ''}/slack/install`)
  return slackIs === null ? start.unreachablePlatform('Slack') : start.connectedAs('Slack', slackIs)
}
