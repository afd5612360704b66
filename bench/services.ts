/** What the app needs around it: real servers, started from nothing, and a provider in a process of its own. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createDatabase } from '../test/services/database.ts'
import { startPostgres } from '../test/services/postgres.ts'
import { createRedisDatabase, startRedis } from '../test/services/redis.ts'

/** Two providers without a rate limit of their own: Qwen's is 10 runs a second, and would be all that is measured. */
export const deepseek = 'deepseek/deepseek-flash'
export const gpt = 'openai/gpt-6.1-sol'
/** DeepSeek's name for it. */
export const deepseekModel = 'deepseek-flash'
/** Runs at once of each provider, as `models.json` here says: enough for 60 answers. */
export const concurrency = 40

const waitMs = 30_000

/** Settings of an app: the stand-in as its two providers, and nothing of this machine's own. */
export function settingsFor(provider: Provider, places: { databaseUrl?: string; redisUrl?: string; dataDir?: string }) {
  const { databaseUrl, redisUrl, dataDir } = places
  return {
    ...(databaseUrl && { DATABASE_URL: databaseUrl }),
    ...(redisUrl && { REDIS_URL: redisUrl }),
    ...(dataDir && { DATA_DIR: dataDir }),
    PORT: '0',
    LOG_LEVEL: 'fatal',
    OLLAMA_DETECT: 'no',
    MODELS_FILE: join(import.meta.dirname, 'models.json'),
    DEEPSEEK_API_KEY: 'sk-bench',
    DEEPSEEK_BASE_URL: provider.url,
    OPENAI_API_KEY: 'sk-bench',
    OPENAI_BASE_URL: provider.url,
  }
}

export type Services = AsyncDisposable & {
  provider: Provider
  /** A new, empty one; gone with the services. */
  database(): Promise<string>
  redis(): Promise<string>
}

export async function startServices(): Promise<Services> {
  await using stack = new AsyncDisposableStack()
  const postgres = stack.use(await startPostgres())
  const redis = stack.use(await startRedis())
  const provider = stack.use(await startProvider())
  const running = stack.move()
  return {
    provider,
    database: async () => (await createDatabase(postgres.url)).url,
    redis: async () => (await createRedisDatabase(redis.url)).url,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

export class Provider implements AsyncDisposable {
  readonly url: string
  readonly #child: ChildProcess
  readonly #waiting = new Set<() => void>()
  #streaming = 0

  constructor(child: ChildProcess, url: string) {
    this.url = url
    this.#child = child
    child.on('message', (news: { streaming: number }) => {
      this.#streaming = news.streaming
      for (const look of this.#waiting) look()
    })
  }

  /** Resolves as soon as this many `stream` answers are under way. */
  async streams(count: number): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const look = () => {
      if (this.#streaming === count) resolve()
    }
    const timer = setTimeout(() => reject(new Error(`${this.#streaming} answers stream, not ${count}`)), waitMs)
    this.#waiting.add(look)
    look()
    await promise.finally(() => {
      clearTimeout(timer)
      this.#waiting.delete(look)
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const exit = once(this.#child, 'exit')
    this.#child.kill('SIGTERM')
    await exit
  }
}

async function startProvider(): Promise<Provider> {
  const child = fork(new URL('./provider.ts', import.meta.url), { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  const [{ url }] = (await once(child, 'message', { signal: AbortSignal.timeout(waitMs) })) as [{ url: string }]
  return new Provider(child, url)
}
