/** The console on a port. */
import type { Server as HttpServer } from 'node:http'
import { serve } from '@hono/node-server'
import type { Hono } from 'hono'

export type Server = {
  /** The address it listens on, such as `http://127.0.0.1:3000`. */
  url: string
  /** Takes no more connections and resolves when the open ones have ended. */
  close(): Promise<void>
}

/** How long requests may take to end once the server closes, in milliseconds. */
const lastCallMs = 2_000

/** Port 0 takes a free one. Rejects with the system's error (`EADDRINUSE`, `EADDRNOTAVAIL`, …). */
export async function listen(options: { fetch: Hono['fetch']; host: string; port: number }): Promise<Server> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  const server = serve({ fetch: options.fetch, hostname: options.host, port: options.port }, info => resolve(info.port))
  server.once('error', reject)
  const port = await promise
  server.off('error', reject)
  const host = options.host.includes(':') ? `[${options.host}]` : options.host
  return { url: `http://${host}:${port}`, close: () => close(server as HttpServer) }
}

/** Event streams are the console's to end first; what idles is closed here, and what hangs is cut off. */
async function close(server: HttpServer): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  server.close(() => resolve())
  server.closeIdleConnections()
  const lastCall = setTimeout(() => server.closeAllConnections(), lastCallMs)
  await promise
  clearTimeout(lastCall)
}
