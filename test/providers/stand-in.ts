/**
 * A provider of the tests' own: a real HTTP server that speaks OpenAI's Chat Completions and misbehaves on demand. What
 * a reply does, and when, is a script; a script waits for promises of the test, never for a clock.
 *
 *   await using standIn = await startStandIn()
 *   standIn.always(says('Hello'))                        // every request
 *   standIn.alwaysFor('qwen3.8-max', says('Hi'))         // every request for one model
 *   standIn.next(refuses(429, { error: … }), says('Hi')) // the next requests, in order, before the above
 */
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

export type SeenRequest = {
  method: string
  /** Below the base URL: `/chat/completions`. */
  path: string
  headers: IncomingHttpHeaders
  /** The parsed JSON body; an empty object when there was none. */
  body: Record<string, unknown>
  /** As the request names it. */
  model: string
  /** The text of the last message. */
  prompt: string
}

/** Over when it returns, or when the promise that it returns resolves; what else it returns is nobody's business. */
export type Script = (reply: Reply) => unknown

export type StandIn = {
  /** What a provider's base URL variable is set to: `http://127.0.0.1:<port>/v1`. */
  readonly url: string
  /** Every request so far, `/models` included. */
  readonly requests: readonly SeenRequest[]
  /** The requests for answers. */
  chats(): SeenRequest[]
  next(...scripts: readonly Script[]): void
  always(script: Script): void
  alwaysFor(model: string, script: Script): void
  /** How `GET /models` answers: these ids, or a script. */
  lists(models: readonly string[] | Script): void
  /** Resolves once `count` requests for answers have come in. */
  chatsReach(count: number): Promise<void>
  /** The process of the provider is gone: every connection breaks. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** One reply under way; its methods can be chained. Everything that writes opens the event stream first, unless headers were sent already. */
export class Reply {
  readonly request: SeenRequest
  /** Resolves when the client has gone, or the reply is over. */
  readonly closed: Promise<void>
  readonly #response: ServerResponse

  constructor(request: SeenRequest, response: ServerResponse) {
    this.request = request
    this.#response = response
    this.closed = new Promise(resolve => response.once('close', () => resolve()))
  }

  /** Sends the headers of an event stream. */
  open(headers: Record<string, string> = {}): this {
    if (this.#response.headersSent) return this
    this.#response.writeHead(200, { 'content-type': 'text/event-stream', 'x-request-id': 'req_stand-in', ...headers })
    this.#response.flushHeaders()
    return this
  }

  /** Bytes as they are. */
  raw(bytes: string | Uint8Array): this {
    this.open()
    this.#response.write(bytes)
    return this
  }

  /** One event with this JSON. */
  chunk(data: unknown): this {
    return this.raw(`data: ${JSON.stringify(data)}\n\n`)
  }

  delta(delta: Record<string, unknown>, finishReason: string | null = null): this {
    return this.chunk({
      id: 'chatcmpl-stand-in',
      object: 'chat.completion.chunk',
      created: 0,
      model: this.request.model,
      choices: [{ index: 0, delta, finish_reason: finishReason }],
    })
  }

  text(text: string): this {
    return this.delta({ content: text })
  }

  reasoning(text: string, field: 'reasoning_content' | 'reasoning' = 'reasoning_content'): this {
    return this.delta({ [field]: text })
  }

  finish(reason = 'stop'): this {
    return this.delta({}, reason)
  }

  /** The usage as most send it: in a chunk of its own, without a choice. */
  usage(promptTokens: number, completionTokens: number): this {
    const usage = {
      prompt_tokens: promptTokens,
      completion_tokens: completionTokens,
      total_tokens: promptTokens + completionTokens,
    }
    return this.chunk({ id: 'chatcmpl-stand-in', object: 'chat.completion.chunk', choices: [], usage })
  }

  /** A keep-alive comment, as DeepSeek and OpenRouter send while a request waits. */
  comment(text = 'keep-alive'): this {
    return this.raw(`: ${text}\n\n`)
  }

  done(): this {
    return this.raw('data: [DONE]\n\n').end()
  }

  /** A clean end of the stream, whatever was sent before. */
  end(): this {
    this.open()
    this.#response.end()
    return this
  }

  /** The connection breaks. */
  cut(): void {
    this.#response.socket?.resetAndDestroy()
  }

  /** A whole reply that is not a stream. */
  whole(status: number, body: string, headers: Record<string, string> = {}): void {
    this.#response.writeHead(status, headers)
    this.#response.end(body)
  }

  json(status: number, body: unknown, headers: Record<string, string> = {}): void {
    this.whole(status, JSON.stringify(body), { 'content-type': 'application/json', ...headers })
  }
}

/** A good answer in these pieces, with usage. */
export function says(pieces: string | readonly string[], usage: [prompt: number, completion: number] = [7, 5]): Script {
  return reply => {
    for (const piece of typeof pieces === 'string' ? [pieces] : pieces) reply.text(piece)
    reply
      .finish()
      .usage(...usage)
      .done()
  }
}

/** A refusal with a JSON body. */
export function refuses(status: number, body: unknown, headers: Record<string, string> = {}): Script {
  return reply => reply.json(status, body, headers)
}

/** Keeps the connection alive with comments, as long as the client stays, and never says anything after `pieces`. */
export function stallsBehindComments(...pieces: readonly string[]): Script {
  return async reply => {
    reply.open()
    for (const piece of pieces) reply.text(piece)
    const beat = setInterval(() => reply.comment(), 5)
    await reply.closed
    clearInterval(beat)
  }
}

/** A gate for scripts: they wait for `opened`, the test calls `open`. */
export function gate(): { opened: Promise<void>; open: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { opened: promise, open: resolve }
}

export async function startStandIn(): Promise<StandIn> {
  const requests: SeenRequest[] = []
  const queued: Script[] = []
  const byModel = new Map<string, Script>()
  const sockets = new Set<Socket>()
  const waiting = new Set<() => void>()
  let usual: Script = says('An answer.')
  let list: Script = reply => reply.json(200, { object: 'list', data: [] })

  const chats = () => requests.filter(request => request.path === '/chat/completions')

  async function serve(incoming: IncomingMessage, response: ServerResponse): Promise<unknown> {
    const request = await seen(incoming)
    requests.push(request)
    for (const look of waiting) look()
    const reply = new Reply(request, response)
    if (request.path === '/models') return list(reply)
    if (request.path !== '/chat/completions') return reply.json(404, { error: { message: 'no such path' } })
    return (queued.shift() ?? byModel.get(request.model) ?? usual)(reply)
  }

  const server = createServer((incoming, response) => {
    // A client may leave at any time; a script that then writes on changes nothing.
    response.on('error', () => undefined)
    serve(incoming, response).catch((thrown: unknown) => response.destroy(thrown instanceof Error ? thrown : undefined))
  })
  server.on('connection', socket => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo

  async function close(): Promise<void> {
    if (!server.listening) return
    const closed = once(server, 'close')
    server.close()
    for (const socket of sockets) socket.destroy()
    await closed
  }

  return {
    url: `http://127.0.0.1:${port}/v1`,
    requests,
    chats,
    next: (...scripts) => void queued.push(...scripts),
    always: script => {
      usual = script
    },
    alwaysFor: (model, script) => void byModel.set(model, script),
    lists: models => {
      list =
        typeof models === 'function'
          ? models
          : reply => reply.json(200, { object: 'list', data: models.map(id => ({ id, object: 'model' })) })
    },
    chatsReach: count =>
      new Promise(resolve => {
        const look = () => {
          if (chats().length < count) return
          waiting.delete(look)
          resolve()
        }
        waiting.add(look)
        look()
      }),
    close,
    [Symbol.asyncDispose]: close,
  }
}

async function seen(incoming: IncomingMessage): Promise<SeenRequest> {
  let text = ''
  for await (const piece of incoming.setEncoding('utf8')) text += piece
  const body: Record<string, unknown> = text === '' ? {} : JSON.parse(text)
  return {
    method: incoming.method ?? '',
    path: (incoming.url ?? '').replace(/^\/v1/, ''),
    headers: incoming.headers,
    body,
    model: typeof body.model === 'string' ? body.model : '',
    prompt: lastMessage(body.messages),
  }
}

function lastMessage(messages: unknown): string {
  const last: unknown = Array.isArray(messages) ? messages.at(-1) : undefined
  return typeof last === 'object' && last !== null && 'content' in last ? String(last.content) : ''
}
