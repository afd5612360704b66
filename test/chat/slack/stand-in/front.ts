/** The one loopback port: Slack's Web API, `response_url`s, uploads, the OAuth page, Socket Mode. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { inner, isJson, type Json, parsed } from './json.ts'
import { allow, authorizePage } from './oauth.ts'
import { respond } from './response-url.ts'
import { answer, type Parts, type Reply, recorded } from './web-api.ts'

export async function startFront(parts: Parts): Promise<{ port: number; close(): Promise<void> }> {
  const sockets = new Set<Socket>()
  const server = createServer((request, response) => {
    response.on('error', () => undefined)
    serve(parts, request).then(
      reply => {
        if (reply === undefined) request.socket.resetAndDestroy()
        else write(response, reply)
      },
      (thrown: unknown) => write(response, { status: 500, headers: {}, body: `stand-in: ${String(thrown)}` }),
    )
  })
  server.keepAliveTimeout = 60_000
  server.on('connection', socket => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  server.on('upgrade', (request, socket, head) => parts.delivery.upgrade(request, socket, head))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      if (!server.listening) return
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

function write(response: ServerResponse, { status, headers, body }: Reply): void {
  if (response.destroyed) return
  response.writeHead(status, headers)
  response.end(body)
}

async function serve(parts: Parts, request: IncomingMessage): Promise<Reply | undefined> {
  const address = new URL(request.url ?? '/', parts.url())
  const pieces: Buffer[] = []
  for await (const piece of request) pieces.push(piece)
  const body = Buffer.concat(pieces)
  const [, area, first = '', second = ''] = address.pathname.split('/')
  const type = request.headers['content-type'] ?? ''
  if (area === 'api') {
    const args = { ...Object.fromEntries(address.searchParams), ...argsOf(type, body) }
    return answer(parts, first, args, request.headers.authorization ?? '')
  }
  if (area === 'commands') {
    const args = inner(parsed(String(body)))
    const target = `${parts.url()}${address.pathname}`
    return recorded(parts, { method: 'response_url', args, token: '' }, async () => respond(parts, target, args))
  }
  if (area === 'upload') {
    return recorded(parts, { method: 'upload', args: { file: second }, token: '' }, () =>
      upload(parts, first, second, type, body),
    )
  }
  if (address.pathname === '/oauth/v2/authorize') return authorizePage(parts, address.searchParams)
  if (address.pathname === '/oauth/v2/authorize/callback') {
    return allow(parts, address.searchParams.get('team') ?? '', new URLSearchParams(String(body)))
  }
  return { status: 404, headers: {}, body: 'not found' }
}

async function upload(
  { state, emulated }: Parts,
  team: string,
  file: string,
  type: string,
  body: Buffer,
): Promise<Reply> {
  const workspace = state.workspaces.get(team)
  if (workspace === undefined) return { status: 404, headers: {}, body: 'not found' }
  const { status, text } = await emulated.upload(workspace, file, type, body)
  return { status, headers: {}, body: text }
}

function argsOf(type: string, body: Buffer): Json {
  const text = String(body)
  if (!type.includes('application/json')) return Object.fromEntries(new URLSearchParams(text))
  const json = parsed(text)
  return isJson(json) ? json : {}
}
