/** How Slack reaches the app: signed requests, or envelopes over a web socket. */
import { createHmac, randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import type { App } from './app.ts'
import { inner, isJson, type Json, parsed, string } from './json.ts'

export type Kind = 'events_api' | 'slash_commands' | 'interactive'

export type Delivered = {
  /** As HTTP has it; 200 for an envelope that was acknowledged, 0 when nobody answered. */
  status: number
  ackMs: number
  /** The body of the answer, as text. */
  body: string
  /** The body, where it is a JSON object. */
  json: Json
  /** Slack had given up by then: after 3 s. */
  late: boolean
  /** Why nobody answered. */
  failure: string
}

export type Retry = { attempt: number; reason: string }

export type PostOptions = {
  /** `json` unless given; `interactive` wraps it as `payload=…`. */
  as?: 'json' | 'form' | 'interactive'
  signature?: 'right' | 'wrong' | 'missing'
  timestamp?: 'now' | 'old'
  headers?: Record<string, string>
}

const patienceMs = 10_000
const slacksPatienceMs = 3000

export class Delivery {
  readonly #app: App
  readonly #sockets = new Set<WebSocket>()
  readonly #tickets = new Set<string>()
  readonly #server = new WebSocketServer({ noServer: true })
  readonly #acks = new Map<string, (answer: Json | undefined) => void>()
  readonly #changed: () => void
  #turn = 0

  constructor(app: App, changed: () => void) {
    this.#app = app
    this.#changed = changed
  }

  get sockets(): number {
    return this.#sockets.size
  }

  deliver(kind: Kind, payload: Json, retry?: Retry): Promise<Delivered> {
    if (this.#app.requestUrl === 'sockets') return this.#bySocket(kind, payload, retry)
    const as = kind === 'events_api' ? 'json' : kind === 'slash_commands' ? 'form' : 'interactive'
    const headers: Record<string, string> = retry
      ? { 'x-slack-retry-num': String(retry.attempt), 'x-slack-retry-reason': retry.reason }
      : {}
    return this.post(payload, { as, headers })
  }

  /** Over HTTP, whatever the app's mode is. */
  async post(raw: Json | string, options: PostOptions = {}): Promise<Delivered> {
    const { as = 'json', signature = 'right', timestamp = 'now' } = options
    const body = typeof raw === 'string' ? raw : encoded(raw, as)
    const at = Math.floor(Date.now() / 1000) - (timestamp === 'old' ? 6 * 60 : 0)
    const secret = signature === 'wrong' ? 'not-the-secret' : this.#app.signingSecret
    const signed = `v0=${createHmac('sha256', secret).update(`v0:${at}:${body}`).digest('hex')}`
    const startedAt = performance.now()
    try {
      const response = await fetch(this.#app.requestUrl, {
        method: 'POST',
        headers: {
          'content-type': as === 'json' ? 'application/json' : 'application/x-www-form-urlencoded',
          'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
          'x-slack-request-timestamp': String(at),
          ...(signature !== 'missing' && { 'x-slack-signature': signed }),
          ...options.headers,
        },
        body,
        redirect: 'manual',
        signal: AbortSignal.timeout(patienceMs),
      })
      return delivered(response.status, startedAt, await response.text())
    } catch (thrown) {
      return delivered(0, startedAt, '', thrown instanceof Error ? thrown.message : String(thrown))
    }
  }

  /** A single-use address for a web socket. */
  ticket(host: string): string {
    const ticket = randomUUID()
    this.#tickets.add(ticket)
    return `ws://${host}/link/?ticket=${ticket}&app_id=${this.#app.id}`
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const ticket = new URL(request.url ?? '/', 'http://slack').searchParams.get('ticket') ?? ''
    if (!this.#tickets.delete(ticket)) {
      socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n')
      return
    }
    this.#server.handleUpgrade(request, socket, head, webSocket => this.#welcome(webSocket))
  }

  /** Slack asks clients to come back on a new connection, then closes this one. */
  disconnect(reason: 'warning' | 'refresh_requested' | 'link_disabled'): void {
    for (const socket of this.#sockets) socket.send(JSON.stringify({ type: 'disconnect', reason, debug_info: {} }))
  }

  /** Connections break without a word. */
  drop(): void {
    for (const socket of this.#sockets) socket.terminate()
  }

  #welcome(socket: WebSocket): void {
    this.#sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => {
      this.#sockets.delete(socket)
      this.#changed()
    })
    socket.on('message', data => {
      const answer = inner(parsed(String(data)))
      this.#acks.get(string(answer.envelope_id))?.(inner(answer.payload))
    })
    socket.send(
      JSON.stringify({
        type: 'hello',
        num_connections: this.#sockets.size,
        connection_info: { app_id: this.#app.id },
        debug_info: { host: 'stand-in', approximate_connection_time: 3600 },
      }),
    )
    this.#changed()
  }

  async #bySocket(kind: Kind, payload: Json, retry?: Retry): Promise<Delivered> {
    const startedAt = performance.now()
    // Slack spreads what it sends over the connections.
    const open = [...this.#sockets]
    const socket = open[this.#turn++ % Math.max(open.length, 1)]
    if (socket === undefined) return delivered(0, startedAt, '', 'no socket is connected')
    const id = randomUUID()
    const { promise, resolve } = Promise.withResolvers<Json | undefined>()
    this.#acks.set(id, resolve)
    const gone = () => resolve(undefined)
    socket.once('close', gone)
    const timer = setTimeout(gone, patienceMs)
    socket.send(
      JSON.stringify({
        envelope_id: id,
        type: kind,
        payload,
        accepts_response_payload: kind !== 'events_api',
        ...(kind === 'events_api' && { retry_attempt: retry?.attempt ?? 0, retry_reason: retry?.reason ?? '' }),
      }),
    )
    const answer = await promise
    clearTimeout(timer)
    socket.off('close', gone)
    this.#acks.delete(id)
    if (answer === undefined) return delivered(0, startedAt, '', 'not acknowledged')
    return delivered(200, startedAt, Object.keys(answer).length > 0 ? JSON.stringify(answer) : '')
  }
}

function delivered(status: number, startedAt: number, body: string, failure = ''): Delivered {
  const ackMs = performance.now() - startedAt
  const json = parsed(body)
  return { status, ackMs, body, json: isJson(json) ? json : {}, late: ackMs > slacksPatienceMs, failure }
}

function encoded(payload: Json, as: 'json' | 'form' | 'interactive'): string {
  if (as === 'json') return JSON.stringify(payload)
  if (as === 'interactive') return new URLSearchParams({ payload: JSON.stringify(payload) }).toString()
  return new URLSearchParams(Object.entries(payload).map(([key, value]) => [key, string(value)])).toString()
}
