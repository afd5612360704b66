/** A console on real parts: a real database, the real rules, a port. Only the models are the test's own. */
import { pino } from 'pino'
import { commands } from '../../commands/index.ts'
import { createCharts } from '../../src/charts/index.ts'
import { slackManifest } from '../../src/chat/slack/index.ts'
import type { Connections } from '../../src/console/index.ts'
import { type Console, createConsole, listen } from '../../src/console/index.ts'
import { type Arena, createArena } from '../../src/core/arena.ts'
import type { Model } from '../../src/core/model.ts'
import type { Chat, Store } from '../../src/core/ports.ts'
import { openStore } from '../../src/store/index.ts'
import { HereAndNow, Models, usual } from '../contract/scripted.ts'
import { createDatabase } from '../services/database.ts'

export type AConsole = AsyncDisposable & {
  url: string
  /** Where `/owner/…` is. */
  ownerUrl: string
  arena: Arena
  store: Store
  chat: Chat
  models: Models
  workspaceId: string
  /** The first step of a stop: the pages are told to go, the server still listens. */
  closePages(): Promise<void>
  /** Ends every answer that is still written, so that the next test finds the models idle. */
  quiet(): Promise<void>
}

export type ConsoleOptions = {
  /** The server on which the console gets a database of its own. */
  postgresUrl: string
  /** A database to be used instead: a console that comes back. */
  databaseUrl?: string
  models?: readonly Partial<Model>[] | Models
  password?: string
  publicUrl?: string
  connections?: Partial<Connections>
  ready?: () => boolean
  port?: number
  now?: () => Date
}

export const ownerToken = 'the-owner-s-token'
export const localToken = 'the-command-line-s-token'

export async function startConsole(options: ConsoleOptions): Promise<AConsole> {
  await using stack = new AsyncDisposableStack()
  const log = pino({ level: 'silent' })
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
  const created: Console = createConsole({
    arena,
    commands,
    store,
    catalogue: models,
    connections: () => ({
      ...noConnections,
      slackManifest: text => JSON.stringify(slackManifest(commands, options.publicUrl ?? null, text)),
      ...options.connections,
    }),
    readiness: async () => {
      if (!(options.ready?.() ?? true)) throw new Error('not ready')
    },
    publicUrl: options.publicUrl ?? null,
    password: options.password ?? null,
    ownerToken,
    cookieSecret: 'a secret of the test',
    allowedHosts: [],
    charts,
    localToken,
    clock,
    log,
  })
  chats.push(created.chat)
  const server = await listen({ fetch: created.fetch, host: '127.0.0.1', port: options.port ?? 0 })
  stack.defer(() => server.close())
  stack.defer(() => created.close())

  const started = stack.move()
  return {
    url: server.url,
    ownerUrl: `${server.url}/owner/${ownerToken}`,
    arena,
    store,
    chat: created.chat,
    models,
    workspaceId: await store.people.workspace('console', 'console'),
    closePages: () => created.close(),
    quiet: async () => {
      const running = new Set((await store.answers.unfinished()).map(({ ref }) => ref.comparisonId))
      for (const id of running) await store.comparisons.stop(id, clock.now())
      await queue.idle()
      models.clear()
    },
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  }
}

const noConnections: Omit<Connections, 'slackManifest'> = {
  database: 'postgres',
  queue: 'postgres',
  providers: [],
  platformVariables: new Set(),
  discordApplicationId: null,
  settings: [],
}
