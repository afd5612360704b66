/**
 * Slack, for tests: the Web API, events, commands, interactions, Socket Mode and OAuth on one loopback port, as strict as
 * Slack where that is known. `emulate` answers what it answers well (`emulated.ts`); the rest is here.
 *
 *   await using slack = await startSlack()
 *   const acme = slack.workspace({ name: 'Acme' })
 *   const general = slack.channel(acme, 'general')
 *   const ada = slack.person(acme, 'ada', { locale: 'de-DE' })
 *   const app = new App({ token: acme.botToken, signingSecret: slack.app.signingSecret, clientOptions: { slackApiUrl: slack.apiUrl } })
 *   slack.app.requestUrl = 'http://127.0.0.1:3000/slack/events'  // or 'sockets', which it is from the start
 *   const asked = await ada.slash(general, '/compare', 'Why?')
 *   await slack.until(() => asked.ephemerals.length > 0)
 */
import { randomBytes } from 'node:crypto'
import type { App } from './app.ts'
import { type Delivered, Delivery, type PostOptions } from './delivery.ts'
import { Emulated } from './emulated.ts'
import { Events, type SentEvent } from './events.ts'
import { type Fault, Faults, type Gate } from './faults.ts'
import { startFront } from './front.ts'
import type { Json } from './json.ts'
import { Budget, type Limits, slacksLimits } from './limits.ts'
import type { Channel, Message, StoredFile, User, Workspace } from './model.ts'
import { install } from './oauth.ts'
import { Person } from './person.ts'
import { type Call, State } from './state.ts'
import type { Parts } from './web-api.ts'

export { Message } from './model.ts'
export { Person } from './person.ts'
export type { Call, Channel, Delivered, Fault, Gate, Json, SentEvent, Workspace }

export type Options = {
  /** Scopes that new workspaces install the app with. */
  scopes?: readonly string[]
  /** Event types the app is subscribed to. */
  events?: readonly string[]
  /** How long the minute of the rate limits is; 60,000 unless given. */
  minuteMs?: number
  /** Other numbers a minute; `false` for no limits at all. */
  limits?: Limits | false
  /** How many posts a channel takes at once before it is one a second. */
  burst?: number
  /** How long a stream stays open; 300,000 unless given, by the stand-in's clock. */
  streamMs?: number
  /** How many names `reactions.get` gives without `full`. */
  shownReactors?: number
}

export const usualScopes = [
  'commands',
  'chat:write',
  'app_mentions:read',
  'reactions:read',
  'reactions:write',
  'files:write',
] as const

export const usualEvents = [
  'app_mention',
  'reaction_added',
  'reaction_removed',
  'app_home_opened',
  'app_uninstalled',
  'tokens_revoked',
] as const

const untilMs = 10_000

export async function startSlack(options: Options = {}): Promise<Slack> {
  const slack = new Slack(options)
  await slack.start()
  return slack
}

export class Slack {
  readonly app: App
  readonly #options: Options
  readonly #state = new State()
  readonly #faults = new Faults()
  readonly #delivery: Delivery
  readonly #events: Events
  readonly #emulated: Emulated
  readonly #parts: Parts
  #front: { port: number; close(): Promise<void> } | undefined

  constructor(options: Options) {
    const { minuteMs = 60_000, limits = {}, burst = 5, streamMs = 300_000, shownReactors = 3 } = options
    this.#options = options
    this.app = {
      id: this.#state.id('A'),
      clientId: `1000.${randomBytes(4).readUInt32BE()}`,
      clientSecret: randomBytes(16).toString('hex'),
      signingSecret: randomBytes(16).toString('hex'),
      appToken: `xapp-1-${randomBytes(16).toString('hex')}`,
      events: new Set(options.events ?? usualEvents),
      requestUrl: 'sockets',
    }
    this.#delivery = new Delivery(this.app, () => this.#state.changed())
    this.#events = new Events(this.app, this.#state, this.#delivery)
    this.#emulated = new Emulated(this.app)
    this.#parts = {
      app: this.app,
      state: this.#state,
      faults: this.#faults,
      budget:
        limits === false
          ? new Budget({}, minuteMs, Number.POSITIVE_INFINITY)
          : new Budget({ ...slacksLimits, ...limits }, minuteMs, burst),
      emulated: this.#emulated,
      delivery: this.#delivery,
      events: this.#events,
      settings: { streamMs, shownReactors },
      url: () => this.url,
    }
    const scopes = new Set(['connections:write'])
    this.#state.tokens.set(this.app.appToken, { team: '', kind: 'app', state: 'active', scopes })
  }

  async start(): Promise<void> {
    this.#front = await startFront(this.#parts)
  }

  get url(): string {
    return `http://127.0.0.1:${this.#front?.port}`
  }

  /** For `clientOptions.slackApiUrl`. */
  get apiUrl(): string {
    return `${this.url}/api/`
  }

  /** For `installerOptions.authorizationUrl`. */
  get authorizationUrl(): string {
    return `${this.url}/oauth/v2/authorize`
  }

  /** Milliseconds, by the clock that streams, triggers and response_urls age by. */
  get now(): number {
    return this.#state.clock.now
  }

  advance(ms: number): void {
    this.#state.clock.advance(ms)
  }

  /** Has the app installed, with a bot token, unless `installed` is false. */
  workspace(
    options: {
      name?: string
      scopes?: readonly string[]
      installed?: boolean
      enterprise?: Workspace['enterprise']
    } = {},
  ): Workspace {
    const id = this.#state.id('T')
    const name = options.name ?? `Workspace ${this.#state.workspaces.size + 1}`
    const workspace: Workspace = {
      id,
      name,
      domain: name.toLowerCase().replace(/[^a-z0-9]+/g, '-'),
      enterprise: options.enterprise,
      botUserId: this.#state.id('U'),
      botId: this.#state.id('B'),
      botToken: '',
      scopes: new Set(options.scopes ?? this.#options.scopes ?? usualScopes),
      messagesTab: true,
      channels: new Map(),
      users: new Map(),
    }
    this.#state.workspaces.set(id, workspace)
    if (options.installed ?? true) this.token(workspace)
    return workspace
  }

  /** Installs the app anew without OAuth: a fresh bot token. */
  token(workspace: Workspace): string {
    return install(this.#state, workspace, `xoxb-${workspace.id}-${randomBytes(12).toString('hex')}`)
  }

  /** The bot is a member unless `bot` is false; so are all people unless `members` says who. */
  channel(
    workspace: Workspace,
    name: string,
    options: { private?: boolean; archived?: boolean; bot?: boolean; members?: readonly Person[] } = {},
  ): Channel {
    const channel: Channel = {
      id: this.#state.id('C'),
      name,
      private: options.private ?? false,
      archived: options.archived ?? false,
      im: false,
      bot: options.bot ?? true,
      members: options.members ? new Set(options.members.map(each => each.id)) : 'everyone',
    }
    workspace.channels.set(channel.id, channel)
    return channel
  }

  person(
    workspace: Workspace,
    name: string,
    options: { locale?: string; admin?: boolean; tz?: string; bot?: boolean } = {},
  ): Person {
    const id = this.#state.id('U')
    const im: Channel = {
      id: this.#state.id('D'),
      name: '',
      private: true,
      archived: false,
      im: true,
      bot: true,
      members: new Set([id]),
    }
    const { locale = 'en-US', admin = false, tz = 'Europe/Berlin', bot = false } = options
    const user: User = { id, name, locale, admin, bot, tz, imChannel: im.id }
    workspace.channels.set(im.id, im)
    workspace.users.set(id, user)
    return new Person(this.#parts, workspace, user)
  }

  /** Every call so far, the one under way last. */
  get calls(): readonly Call[] {
    return this.#state.calls
  }

  callsOf(method: string): Call[] {
    return this.#state.calls.filter(call => call.method === method)
  }

  /** The calls that were answered 429. */
  get limited(): Call[] {
    return this.#state.calls.filter(call => call.status === 429)
  }

  /** Every message that is not deleted, in order; of one channel, of one thread. */
  messages(channel?: Channel, thread?: Message): Message[] {
    return this.#state.messages.filter(
      each =>
        !each.deleted &&
        (channel === undefined || each.channel === channel.id) &&
        (thread === undefined || each.threadTs === thread.ts),
    )
  }

  /** What was uploaded, wherever it is shown. */
  get files(): StoredFile[] {
    return [...this.#state.files.values()]
  }

  /** How many messages with a new upload are refused, until Slack has worked through it; one unless said. */
  refusePictures(times: number): void {
    this.#state.refusalsPerFile = times
  }

  /** Every event that Slack sent, with each of its deliveries. */
  get events(): readonly SentEvent[] {
    return this.#events.sent
  }

  /** Sends an event of any type, if the app is subscribed to it. */
  event(workspace: Workspace, event: Json): Promise<SentEvent | undefined> {
    return this.#events.emit(workspace, event)
  }

  redeliver(event: SentEvent, reason?: string): Promise<Delivered> {
    return this.#events.redeliver(event, reason)
  }

  /** What happens meanwhile the app never hears of. */
  pauseEvents(): void {
    this.#events.paused = true
  }

  resumeEvents(): void {
    this.#events.paused = false
  }

  /** The bot token ends with `account_inactive`; the app hears of both events. */
  async uninstall(workspace: Workspace): Promise<void> {
    await this.#end(workspace, 'account_inactive', ['tokens_revoked', 'app_uninstalled'])
  }

  async revokeTokens(workspace: Workspace): Promise<void> {
    await this.#end(workspace, 'token_revoked', ['tokens_revoked'])
  }

  /** A request to the app's address as it is, signed as asked. */
  post(raw: Json | string, options?: PostOptions): Promise<Delivered> {
    return this.#delivery.post(raw, options)
  }

  /** How many Socket Mode connections are open. */
  get sockets(): number {
    return this.#delivery.sockets
  }

  /** Every web socket breaks. */
  dropSockets(): void {
    this.#delivery.drop()
  }

  /** Slack asks the app to reconnect. */
  disconnectSockets(reason: 'warning' | 'refresh_requested' | 'link_disabled' = 'refresh_requested'): void {
    this.#delivery.disconnect(reason)
  }

  /** The next call of a method fails so. */
  fail(fault: Fault): void {
    this.#faults.fail(fault)
  }

  /** Calls of a method wait before anything is done with them. */
  hold(method: string): Gate {
    return this.#faults.hold(method)
  }

  /** Performed, and then the connection breaks before the answer. */
  loseAnswer(method: string, times?: number, when?: (call: Call) => boolean): void {
    this.#faults.loseAnswer(method, times, when)
  }

  /** Resolves once the predicate gives something; looked at after every call, event and act. */
  until<Value>(predicate: () => Value | false | undefined | null, mostMs = untilMs): Promise<Value> {
    return new Promise((resolve, reject) => {
      const end = (settle: () => void) => {
        forget()
        clearTimeout(timer)
        settle()
      }
      const look = () => {
        try {
          const value = predicate()
          if (value !== false && value !== undefined && value !== null) end(() => resolve(value))
        } catch (thrown) {
          end(() => reject(thrown))
        }
      }
      const forget = this.#state.onChange(look)
      const late = () => end(() => reject(new Error(`Slack waited in vain for: ${predicate}\n${this.dump()}`)))
      const timer = setTimeout(late, mostMs)
      look()
    })
  }

  /** The last calls, events and messages, to read. */
  dump(): string {
    const short = (value: unknown) => JSON.stringify(value).slice(0, 200)
    return [
      'calls:',
      ...this.calls.slice(-25).map(call => `  ${call.method} ${call.status} ${call.error ?? ''} ${short(call.args)}`),
      'events:',
      ...this.events.slice(-10).map(event => `  ${event.type} ${event.deliveries.map(each => each.status)}`),
      'messages:',
      ...this.messages()
        .slice(-15)
        .map(each => `  ${each.channel} ${each.ts} ${short(each.shown)}`),
      'ephemerals:',
      ...this.#state.ephemerals.slice(-10).map(each => `  to ${each.user}: ${short(each.message.shown)}`),
    ].join('\n')
  }

  async close(): Promise<void> {
    this.#delivery.drop()
    await this.#front?.close()
    await this.#emulated.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  async #end(workspace: Workspace, state: 'account_inactive' | 'token_revoked', events: string[]): Promise<void> {
    for (const token of this.#state.tokens.values()) if (token.team === workspace.id) token.state = state
    for (const type of events) {
      const tokens = type === 'tokens_revoked' ? { tokens: { oauth: [], bot: [workspace.botUserId] } } : {}
      await this.#events.emit(workspace, { type, ...tokens })
    }
    workspace.botToken = ''
  }
}
