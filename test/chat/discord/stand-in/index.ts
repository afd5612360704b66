/**
 * Discord, for tests: its HTTP API and its gateway on one loopback port, as strict as Discord where that is known.
 *
 *   await using discord = await startDiscord()
 *   const guild = discord.guild()
 *   const general = discord.textChannel(guild, 'general')
 *   const ada = discord.person('Ada')
 *   const asked = ada.slash(general, 'compare', { prompt: 'Why?' })
 *   await asked.acknowledged
 */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { objectOf, Refused, textOf } from './checks.ts'
import { GatewayServer } from './gateway.ts'
import { everything, type Limit, Limits, limitOf } from './limits.ts'
import {
  type Channel,
  channelTypes,
  type Guild,
  type Json,
  type Message,
  type Right,
  snowflake,
  type User,
  usualRights,
} from './model.ts'
import { Person } from './person.ts'
import { createRest, nothing } from './rest.ts'
import { guildJson, State, type Upload } from './state.ts'

export type { Channel, Guild, Message } from './model.ts'
export { type Acted, Person } from './person.ts'

type Matcher = { method: string; path: RegExp }
type Fault = Matcher & { status: number; body?: Json; headers?: Record<string, string>; times?: number }
export type Gate = { open(): void; reached: Promise<void> }

export type DiscordOptions = { shards?: number; limits?: boolean }

export async function startDiscord({ shards = 1, limits = true }: DiscordOptions = {}): Promise<Discord> {
  const http = createServer()
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  return new Discord(http, shards, limits)
}

export class Discord {
  readonly token = 'MTIzNDU2Nzg5MDEyMzQ1Njc4.stand-in.token'
  readonly state = new State()
  readonly #http: ReturnType<typeof createServer>
  readonly #gateway: GatewayServer
  readonly #answer: ReturnType<typeof createRest>
  readonly #limits: Limits | null
  readonly #faults: Fault[] = []
  readonly #lost: (Matcher & { times: number })[] = []
  readonly #gates = new Set<Matcher & { opened: Promise<void>; reach: () => void }>()

  constructor(http: ReturnType<typeof createServer>, shards: number, limits: boolean) {
    this.#http = http
    this.#limits = limits ? new Limits() : null
    const { state } = this
    this.#gateway = new GatewayServer({
      http,
      token: this.token,
      shards,
      ready: shard => ({
        user: { id: state.botId, username: state.bot.name, discriminator: '0', avatar: null, bot: true },
        applicationId: state.applicationId,
        guilds: [...state.guilds.values()]
          .filter(({ id, installed }) => installed && Number((BigInt(id) >> 22n) % BigInt(shards)) === shard)
          .map(guild => guildJson(guild, state.channels.values(), state.bot)),
      }),
      changed: () => state.changed(),
    })
    this.#gateway.resumeUrl = this.#gatewayUrl
    state.emit = event => this.#gateway.send(event)
    this.#answer = createRest(state, () => this.#gatewayUrl, shards)
    http.on('request', (request, response) => {
      this.#serve(request, response).catch(error => {
        response.statusCode = 500
        response.end(String(error?.stack ?? error))
      })
    })
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}/api`
  }

  get applicationId(): string {
    return this.state.applicationId
  }

  get botId(): string {
    return this.state.botId
  }

  get requests() {
    return this.state.requests
  }

  /** Live gateway sessions. */
  get connections(): number {
    return this.#gateway.connections
  }

  /** All 429s that were answered. */
  get limited() {
    return this.requests.filter(({ status }) => status === 429)
  }

  until(predicate: () => unknown, what?: string, timeoutMs?: number): Promise<void> {
    return this.state.until(predicate, what, timeoutMs)
  }

  /** Lets the stand-in's own clock go on: tokens and nonces grow old. */
  advance(ms: number): void {
    this.state.now += ms
  }

  commands(guildId = ''): Json[] {
    return this.state.commands.get(guildId) ?? []
  }

  // ── Places and people ─────────────────────────────────────────────────────────────────────────────────────────────

  guild({ name = 'Guild', installed = true }: { name?: string; installed?: boolean } = {}): Guild {
    const guild: Guild = { id: snowflake(), name, installed, ownerId: snowflake() }
    this.state.guilds.set(guild.id, guild)
    this.state.emit({ name: 'GUILD_CREATE', data: guildJson(guild, [], this.state.bot), guildId: guild.id, intent: 1 })
    return guild
  }

  textChannel(guild: Guild, name = 'general', rights: readonly Right[] = usualRights): Channel {
    return this.#channel(guild, channelTypes.text, name, rights)
  }

  voiceChannel(guild: Guild, name = 'voice', rights: readonly Right[] = usualRights): Channel {
    return this.#channel(guild, channelTypes.voice, name, rights)
  }

  /** A thread that people opened. */
  thread(parent: Channel, name = 'thread'): Channel {
    return this.state.openThread(parent, snowflake(), name)
  }

  person(name: string, more: Partial<Omit<User, 'id' | 'name'>> = {}): Person {
    const usual = { bot: false, manageMessages: false, manageServer: false, locale: 'en-US', dmsClosed: false }
    return new Person(this.state, { id: snowflake(), name, ...usual, ...more })
  }

  /** The conversation with the app alone. */
  direct(person: Person): Channel {
    const channel: Channel = {
      id: snowflake(),
      guild: null,
      type: channelTypes.dm,
      name: '',
      parentId: null,
      messages: [],
      archived: false,
      locked: false,
      rights: new Set(),
      recipientId: person.id,
    }
    this.state.channels.set(channel.id, channel)
    return channel
  }

  threadOf(message: Message): Channel | undefined {
    return this.state.channels.get(message.id)
  }

  // ── What happens ──────────────────────────────────────────────────────────────────────────────────────────────────

  removeAllReactions(message: Message): void {
    this.state.clearReactions(message, null)
  }

  removeEmoji(message: Message, emoji: string): void {
    this.state.clearReactions(message, emoji)
  }

  deleteMessage(message: Message): void {
    this.state.remove(message)
  }

  deleteThread(thread: Channel): void {
    this.state.closeThread(thread)
  }

  archive(thread: Channel, { locked = false } = {}): void {
    Object.assign(thread, { archived: true, locked })
    this.state.changeThread(thread)
  }

  // ── Faults ────────────────────────────────────────────────────────────────────────────────────────────────────────

  dropGateway(how: { resumable: boolean }): void {
    this.#gateway.drop(how)
  }

  refuseGateway(on: boolean): void {
    this.#gateway.refuse(on)
  }

  /** A gateway that looks well: what happens meanwhile is never told. */
  loseEvents(on: boolean): void {
    this.#gateway.lose(on)
  }

  /** Answers matching requests so; for good unless `times` is given. Returns how to end it. */
  fail(fault: Fault): () => void {
    this.#faults.push(fault)
    return () => {
      const at = this.#faults.indexOf(fault)
      if (at >= 0) this.#faults.splice(at, 1)
    }
  }

  /** Keeps matching requests unanswered until it is opened. */
  hold(matcher: Matcher): Gate {
    const opened = Promise.withResolvers<void>()
    const reached = Promise.withResolvers<void>()
    const gate = { ...matcher, opened: opened.promise, reach: reached.resolve }
    this.#gates.add(gate)
    return {
      reached: reached.promise,
      open: () => {
        this.#gates.delete(gate)
        opened.resolve()
      },
    }
  }

  /** Does what is asked, and loses the answer. */
  loseAnswer(matcher: Matcher & { times?: number }): void {
    this.#lost.push({ times: 1, ...matcher })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#gateway.close()
    this.#http.closeAllConnections()
    this.#http.close()
    await once(this.#http, 'close')
  }

  // ── The server ────────────────────────────────────────────────────────────────────────────────────────────────────

  get #port(): number {
    return (this.#http.address() as AddressInfo).port
  }

  get #gatewayUrl(): string {
    return `ws://127.0.0.1:${this.#port}`
  }

  #channel(guild: Guild, type: number, name: string, rights: readonly Right[]): Channel {
    const channel: Channel = {
      id: snowflake(),
      guild,
      type,
      name,
      parentId: null,
      messages: [],
      archived: false,
      locked: false,
      rights: new Set(rights),
      recipientId: null,
    }
    this.state.channels.set(channel.id, channel)
    return channel
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://stand-in')
    const path = url.pathname.replace(/^\/api\/v10/, '')
    const method = request.method ?? 'GET'
    const { body, uploads } = await bodyOf(request)
    const isBot = request.headers.authorization === `Bot ${this.token}`
    const { status, headers, answer } = await this.#answered(method, path, { url, body, uploads, isBot })
    this.requests.push({
      method,
      path,
      status,
      at: performance.now(),
      body: objectOf(body),
      fileNames: uploads.map(({ filename }) => filename),
    })
    const lost = this.#lost.find(one => one.times > 0 && matches(one, method, path))
    if (lost) {
      lost.times--
      request.socket.destroy()
    } else {
      response.writeHead(status, answer === nothing ? headers : { 'content-type': 'application/json', ...headers })
      response.end(answer === nothing ? undefined : JSON.stringify(answer))
    }
    this.state.changed()
  }

  async #answered(
    method: string,
    path: string,
    call: { url: URL; body: unknown; uploads: Upload[]; isBot: boolean },
  ): Promise<{ status: number; headers: Record<string, string>; answer: unknown }> {
    const fault = this.#faults.find(one => (one.times ?? 1) > 0 && matches(one, method, path))
    if (fault) {
      if (fault.times !== undefined) fault.times--
      return { status: fault.status, headers: fault.headers ?? {}, answer: fault.body ?? { code: 0, message: 'fault' } }
    }
    for (const gate of this.#gates) {
      if (!matches(gate, method, path)) continue
      gate.reach()
      await gate.opened
    }
    const isInteraction = /^\/(interactions|webhooks)\//.test(path)
    const own = limitOf(method, path)
    const taken = own && this.#take(own.major, own.limit)
    if (taken && !taken.allowed) return limited(taken.headers, false)
    const global = isInteraction ? undefined : this.#take('all', everything)
    if (global && !global.allowed) return limited(global.headers, true)
    const headers = taken?.headers ?? {}
    try {
      const answer = this.#answer({ method, path, query: call.url.searchParams, ...call })
      return { status: answer === nothing ? 204 : 200, headers, answer }
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      return { status: error.status, headers, answer: { code: error.code, message: error.message } }
    }
  }

  #take(major: string, limit: Limit) {
    return this.#limits?.take(major, limit)
  }
}

function limited(headers: Record<string, string>, global: boolean) {
  const answer = { message: 'You are being rate limited.', retry_after: Number(headers['retry-after']), global }
  const scope = global ? { 'x-ratelimit-global': 'true', 'x-ratelimit-scope': 'global' } : {}
  return { status: 429, headers: { ...headers, ...scope }, answer }
}

function matches({ method, path }: Matcher, givenMethod: string, givenPath: string): boolean {
  return method === givenMethod && path.test(givenPath)
}

async function bodyOf(request: IncomingMessage): Promise<{ body: unknown; uploads: Upload[] }> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  const raw = Buffer.concat(chunks)
  if (raw.length === 0) return { body: {}, uploads: [] }
  const type = request.headers['content-type'] ?? ''
  if (!type.startsWith('multipart/')) return { body: JSON.parse(raw.toString()), uploads: [] }
  const form = await new Response(raw, { headers: { 'content-type': type } }).formData()
  const uploads: Upload[] = []
  for (const [name, value] of form) {
    if (name.startsWith('files[') && typeof value !== 'string') {
      const bytes = await value.bytes()
      uploads.push({ filename: value.name, text: Buffer.from(bytes).toString(), bytes })
    }
  }
  return { body: JSON.parse(textOf(form.get('payload_json')) || '{}'), uploads }
}
