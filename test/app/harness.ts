/**
 * The whole app on real services: PostgreSQL or PGlite, Redis or not, and a stand-in for every provider, over real
 * sockets. Nothing inside is replaced.
 */
import { v7 as newId } from 'uuid'
import { inject } from 'vitest'
import { type App, type Overrides, startApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import type { CompareRequest, ComparisonView } from '../../src/core/comparing.ts'
import type { Person } from '../../src/core/ports.ts'
import { createLog } from '../../src/log.ts'
import { type OpenStore, openStore } from '../../src/store/index.ts'
import { type StandIn, startStandIn } from '../providers/stand-in.ts'
import { createDatabase } from '../services/database.ts'
import { createRedisDatabase } from '../services/redis.ts'

export type World = AsyncDisposable & {
  app: App
  /** Qwen's and GPT's addresses both lead here. */
  providers: StandIn
  /** A second look at the same database, as another process would have. */
  store: OpenStore['store']
  env: Record<string, string>
  /** Starts the app again on the same data, after it was stopped. */
  restart(overrides?: Overrides): Promise<App>
  /** Somebody new, whose name begins with `name`. */
  person(name: string): Promise<Person>
  ask(asker: Person, wish?: Partial<CompareRequest>): Promise<string>
  /** Resolves with the first view that satisfies `wanted`, as the database's feed brings news. */
  until(comparisonId: string, wanted: (view: ComparisonView) => boolean): Promise<ComparisonView>
}

export const qwen = 'qwen/qwen3.8-max'
export const gpt = 'openai/gpt-6.1-sol'

/** Retries without their pauses. */
const impatient = { firstRetryMs: 20 }

export async function startWorld(
  options: { queue?: 'redis' | 'postgres'; env?: Record<string, string>; overrides?: Overrides } = {},
): Promise<World> {
  await using stack = new AsyncDisposableStack()
  const providers = stack.use(await startStandIn())
  const database = stack.use(await createDatabase(inject('postgresUrl')))
  const redis = options.queue === 'postgres' ? null : stack.use(await createRedisDatabase(inject('redisUrl')))
  const env = {
    DATABASE_URL: database.url,
    ...(redis ? { REDIS_URL: redis.url } : {}),
    PORT: '0',
    LOG_LEVEL: 'fatal',
    OLLAMA_DETECT: 'no',
    MODELS_FILE: '/nonexistent/models.json',
    DASHSCOPE_API_KEY: 'sk-test-qwen',
    DASHSCOPE_BASE_URL: providers.url,
    OPENAI_API_KEY: 'sk-test-gpt',
    OPENAI_BASE_URL: providers.url,
    ...options.env,
  }
  const start = (overrides: Overrides = {}) =>
    startApp(readConfig(env), { queueTiming: impatient, ...options.overrides, ...overrides })
  let app = await start()
  stack.defer(() => app[Symbol.asyncDispose]())
  const { store } = await openStore({ databaseUrl: database.url, log: createLog('silent'), onFatal: () => {} })
  stack.defer(() => store.close())
  const workspaceId = await store.people.workspace('console', 'console')
  const all = stack.move()

  const view = (comparisonId: string) => app.arena.view(comparisonId, null)
  return {
    get app() {
      return app
    },
    providers,
    store,
    env,
    restart: async overrides => {
      app = await start(overrides)
      return app
    },
    person: name => {
      const externalId = newId()
      return store.people.person(workspaceId, externalId, { name: `${name} ${externalId}` })
    },
    ask: async (asker, wish = {}) => {
      const ballot = await app.arena.compare({
        workspaceId,
        platform: 'console',
        channel: 'arena',
        asker,
        prompt: 'Why is the sky blue?',
        models: [],
        category: null,
        blind: true,
        locale: 'en',
        ...wish,
      })
      return ballot.comparisonId
    },
    until: (comparisonId, wanted) => untilView(store.feed, () => view(comparisonId), wanted),
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  }
}

/** Looks at once, then whenever the feed has news: nothing is polled. */
async function untilView(
  feed: World['store']['feed'],
  look: () => Promise<ComparisonView>,
  wanted: (view: ComparisonView) => boolean,
): Promise<ComparisonView> {
  const { promise, resolve, reject } = Promise.withResolvers<ComparisonView>()
  const check = () => {
    look().then(view => wanted(view) && resolve(view), reject)
  }
  const unsubscribe = feed.subscribe(check)
  check()
  return promise.finally(unsubscribe)
}

export function statuses(view: ComparisonView): string[] {
  return view.ballot.entries.map(({ status }) => status)
}
