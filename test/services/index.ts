/**
 * Vitest's global setup: one real PostgreSQL and one real Redis for the whole run. A test file takes its own part of
 * them by `createDatabase(inject('postgresUrl'))` and `createRedisDatabase(inject('redisUrl'))`.
 */
import type { TestProject } from 'vitest/node'
import { startPostgres } from './postgres.ts'
import { startRedis } from './redis.ts'

declare module 'vitest' {
  interface ProvidedContext {
    postgresUrl: string
    redisUrl: string
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await using started = new AsyncDisposableStack()
  project.provide('postgresUrl', started.use(await startPostgres()).url)
  project.provide('redisUrl', started.use(await startRedis()).url)
  const servers = started.move()
  return () => servers.disposeAsync()
}
