import { rmSync } from 'node:fs'
import { Redis } from 'ioredis'
import { programPath } from './programs.ts'
import { endProgram, freePort, newFolder, type Server, startProgram } from './server.ts'

/** Starts a new, empty Redis server on a free loopback port. It keeps nothing on disk: `kill` loses everything. */
export async function startRedis(): Promise<Server> {
  const program = programPath('redis-server', 'redis-server')
  const folder = newFolder('redis', undefined)
  const port = await freePort()
  const settings = { port: String(port), bind: '127.0.0.1', dir: folder, save: '', appendonly: 'no', databases: '4096' }
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value])
  const start = () =>
    startProgram(program, args, { cwd: folder, account: undefined, ready: 'Ready to accept connections' })
  let server = await start()
  const stop = async () => {
    await endProgram(server, 'SIGTERM')
    rmSync(folder, { recursive: true, force: true })
  }
  return {
    url: `redis://127.0.0.1:${port}`,
    get pid() {
      return server.pid ?? 0
    },
    kill: () => endProgram(server, 'SIGKILL'),
    restart: async () => {
      server = await start()
    },
    stop,
    [Symbol.asyncDispose]: stop,
  }
}

/**
 * A logical database of its own on a shared server, emptied when disposed of: its number is in the URL, so whatever
 * takes a Redis URL keeps apart without knowing.
 */
export async function createRedisDatabase(serverUrl: string): Promise<AsyncDisposable & { url: string }> {
  const counter = new Redis(serverUrl, { maxRetriesPerRequest: 1 })
  const number = await counter.incr('databases')
  await counter.quit()
  const url = `${serverUrl}/${number}`
  return {
    url,
    [Symbol.asyncDispose]: async () => {
      const client = new Redis(url, { maxRetriesPerRequest: 1 })
      await client.flushdb()
      await client.quit()
    },
  }
}
