/** Faceoff in Slack on real parts: a real database, the real rules, real Bolt, real sockets. Only the models are the test's. */
import { pino } from 'pino'
import { inject, vi } from 'vitest'
import { commands } from '../../../commands/index.ts'
import { createCharts } from '../../../src/charts/index.ts'
import { createSlack, type SlackAccess, type Slack as SlackAdapter } from '../../../src/chat/slack/index.ts'
import { placeText } from '../../../src/chat/slack/place.ts'
import { listen } from '../../../src/console/index.ts'
import { type Arena, createArena } from '../../../src/core/arena.ts'
import type { CompareRequest, ComparisonView } from '../../../src/core/comparing.ts'
import type { Model } from '../../../src/core/model.ts'
import type { Chat, Store, Person as Voter } from '../../../src/core/ports.ts'
import { openStore } from '../../../src/store/index.ts'
import { HereAndNow, Models, usual } from '../../contract/scripted.ts'
import { createDatabase } from '../../services/database.ts'
import { scopes } from './scopes.ts'
import { type Channel, type Options, type Person, type Slack, startSlack, type Workspace } from './stand-in/index.ts'

export type Way = 'http' | 'sockets' | 'oauth'

export type ASlack = AsyncDisposable & {
  /** The stand-in, and a workspace in it. */
  slack: Slack
  acme: Workspace
  general: Channel
  ada: Person
  /** Faceoff as it runs now; another one after `restart`. */
  readonly arena: Arena
  readonly chat: Chat
  readonly adapter: SlackAdapter
  readonly url: string
  store: Store
  models: Models
  /** Ends what runs, then starts it again on the same data. */
  stop(): Promise<void>
  start(): Promise<void>
  sweep(): Promise<void>
  /** Ends every answer that is still written, so that the next test finds the models idle. */
  quiet(): Promise<void>
  /** The comparison that was asked for last, once everything asked for is done. */
  newest(workspace?: Workspace): Promise<string>
  view(comparisonId: string): Promise<ComparisonView>
  until(comparisonId: string, wanted: (view: ComparisonView) => boolean): Promise<ComparisonView>
}

export type ASlackOptions = Options & {
  way?: Way
  models?: readonly Partial<Model>[]
  votingMs?: number
  tokenKeys?: readonly Buffer[]
  /** What time it is for us; Slack has its own. */
  now?: () => Date
}

export async function startFaceoff(options: ASlackOptions = {}): Promise<ASlack> {
  await using stack = new AsyncDisposableStack()
  const { way = 'http', minuteMs = 60_000 } = options
  const log = pino({ level: process.env.SLACK_TEST_LOG ?? 'silent' })
  const slack = stack.use(await startSlack({ scopes, ...options }))
  const acme = slack.workspace({ name: 'Acme', installed: way !== 'oauth' })
  const general = slack.channel(acme, 'general')
  const ada = slack.person(acme, 'ada')
  const database = stack.use(await createDatabase(inject('postgresUrl')))
  const { store } = await openStore({ databaseUrl: database.url, log, onFatal: () => {} })
  stack.defer(() => store.close())
  const models = new Models(options.models ?? [{ name: 'Quillfish One' }, { name: 'Marblewren Two' }])
  const charts = createCharts()
  stack.defer(() => charts.close())
  const clock = { now: options.now ?? (() => new Date()) }

  const run = async () => {
    await using running = new AsyncDisposableStack()
    const queue = new HereAndNow()
    const chats: Chat[] = []
    const arena = createArena({
      store,
      queue,
      catalogue: models,
      chats,
      clock,
      log,
      ...usual,
      votingMs: options.votingMs ?? usual.votingMs,
    })
    await queue.work(prompt => arena.run(prompt))
    let adapter: SlackAdapter | undefined
    const server = await listen({
      fetch: async request => (await adapter?.fetch(request)) ?? new Response(null, { status: 503 }),
      host: '127.0.0.1',
      port: 0,
    })
    running.defer(() => server.close())
    const created = await createSlack({
      access: accessOf(way, slack, acme, options.tokenKeys ?? [Buffer.alloc(32, 7)]),
      apiUrl: slack.apiUrl,
      publicUrl: server.url,
      arena,
      commands,
      charts,
      store,
      catalogue: models,
      votingMs: 86_400_000,
      log,
      minuteMs,
    })
    adapter = created
    chats.push(created.chat)
    running.defer(() => created.close())
    // Answers under way are handed back before the adapter goes.
    running.defer(() => queue.close())
    slack.app.requestUrl = way === 'sockets' ? 'sockets' : `${server.url}/slack/events`
    await created.start()
    return { arena, adapter: created, queue, url: server.url, end: running.move() }
  }
  let running = await run()
  stack.defer(() => running.end.disposeAsync())
  const all = stack.move()
  const view = (comparisonId: string) => running.arena.view(comparisonId, null)
  return {
    slack,
    acme,
    general,
    ada,
    store,
    models,
    get arena() {
      return running.arena
    },
    get chat() {
      return running.adapter.chat
    },
    get adapter() {
      return running.adapter
    },
    get url() {
      return running.url
    },
    stop: () => running.end.disposeAsync(),
    start: async () => {
      running = await run()
    },
    sweep: () => running.arena.sweep(),
    quiet: async () => {
      const unfinished = new Set((await store.answers.unfinished()).map(({ ref }) => ref.comparisonId))
      for (const id of unfinished) await store.comparisons.stop(id, clock.now())
      await running.queue.idle()
      models.clear()
    },
    newest: async (workspace = acme) => {
      // What is asked for is acknowledged first and done afterwards.
      await vi.waitUntil(async () => (await store.wishes.left('slack', 0)).length === 0, { timeout: 10_000 })
      const workspaceId = await store.people.workspace('slack', workspace.id)
      const [newest] = await running.arena.recent({ workspaceId, limit: 1 }, null)
      if (newest === undefined) throw new Error('no comparison yet')
      return newest.ballot.comparisonId
    },
    view,
    until: async (comparisonId, wanted) => {
      const { promise, resolve, reject } = Promise.withResolvers<ComparisonView>()
      const look = () => {
        view(comparisonId).then(seen => wanted(seen) && resolve(seen), reject)
      }
      const forget = store.feed.subscribe(look)
      look()
      return promise.finally(forget)
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  }
}

function accessOf(way: Way, slack: Slack, workspace: Workspace, tokenKeys: readonly Buffer[]): SlackAccess {
  const { signingSecret, appToken, clientId, clientSecret } = slack.app
  if (way === 'oauth') {
    return { kind: 'oauth', clientId, clientSecret, stateSecret: 'a secret of the test', signingSecret, tokenKeys }
  }
  return {
    kind: 'token',
    botToken: workspace.botToken,
    events: way === 'http' ? { kind: 'http', signingSecret } : { kind: 'sockets', appToken },
  }
}

/** A comparison that somebody asks for without Slack's help. */
export async function ask(faceoff: ASlack, wish: Partial<CompareRequest> = {}): Promise<string> {
  const { store, acme, general, ada } = faceoff
  const workspaceId = await store.people.workspace('slack', acme.id)
  const asker: Voter = await store.people.person(workspaceId, ada.id, { name: 'ada' })
  const ballot = await faceoff.arena.compare({
    workspaceId,
    platform: 'slack',
    channel: general.id,
    place: placeIn(faceoff),
    asker,
    prompt: 'Why is the sky blue?',
    models: [],
    category: null,
    blind: true,
    locale: 'en',
    ...wish,
  })
  return ballot.comparisonId
}

export function placeIn({ acme, general, ada }: Pick<ASlack, 'acme' | 'general' | 'ada'>): string {
  return placeText({
    team: acme.id,
    enterprise: null,
    channel: general.id,
    thread: null,
    user: ada.id,
    responseUrl: null,
  })
}
