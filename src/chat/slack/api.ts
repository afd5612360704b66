/**
 * Slack's Web API by workspace: one client for what people wait for and one for everything that can wait, so that a 429
 * on an edit never delays a modal; and a budget per workspace and method, which slows down instead of failing.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { webApi } from '@slack/bolt'
import { asFaceoffError, FaceoffError } from '../../core/errors.ts'
import type { Budgets } from '../../core/ports.ts'
import { limits, postsPerChannel } from './limits.ts'
import type { Team } from './place.ts'
import { asRefusal } from './refusals.ts'

type Client = InstanceType<typeof webApi.WebClient>

/**
 * How urgent a call is. `now`: somebody looks at a spinner; it takes no turn and does not wait. `must`: it has to be made,
 * and waits for its turn. `may`: it is not worth waiting for; there is newer text soon.
 */
export type Urgency = 'now' | 'must' | 'may'

export type Call<T> = {
  method: string
  /** Posts have a budget per channel. */
  channel?: string
  urgency: Urgency
  ask: (client: Client) => Promise<T>
}

/** Milliseconds until a call is given up. */
const timeoutMs = 10_000

/** Slack's clock starts when a call arrives there, and one call may be faster than another; in milliseconds. */
const travelMs = 200

/** Of a method's budget, what calls that need not be made leave to those that must. */
const shareOfMay = 0.8

export class SlackApi {
  readonly #tokenOf: (team: Team) => Promise<string | undefined>
  readonly #budgets: Budgets
  readonly #options: webApi.WebClientOptions
  readonly #minuteMs: number
  readonly #clients = new Map<string, { now: Client; later: Client }>()
  /** By budget: whoever has to wait stands in line, so that only one of them asks the database. */
  readonly #lines = new Map<string, Promise<unknown>>()
  readonly #end = new AbortController()

  constructor(parts: {
    tokenOf: (team: Team) => Promise<string | undefined>
    budgets: Budgets
    apiUrl: string
    /** How long Slack's minute is; shorter in tests. */
    minuteMs: number
    logger: webApi.Logger
  }) {
    this.#tokenOf = parts.tokenOf
    this.#budgets = parts.budgets
    this.#minuteMs = parts.minuteMs
    this.#options = {
      slackApiUrl: parts.apiUrl,
      logger: parts.logger,
      timeout: timeoutMs,
      // What was sent and not answered may have been done: whoever calls knows whether to do it again.
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
    }
  }

  /** Calls that wait, wait no longer. */
  close(): void {
    this.#end.abort()
  }

  /** Throws a `FaceoffError`: `chat_down` (with what there is to wait), `chat_closed`, `post_gone` or `internal`. */
  async call<T>(team: Team, { method, channel, urgency, ask }: Call<T>): Promise<T> {
    const client = await this.#clientFor(team, urgency)
    const budget = budgetOf(team, method, channel)
    for (;;) {
      if (urgency !== 'now') await this.#turn(budget, method, urgency)
      try {
        return await ask(client)
      } catch (thrown) {
        const error = asRefusal(thrown)
        if (error.retryAfterMs === undefined) throw error
        const waitMs = Math.min(error.retryAfterMs, this.#minuteMs)
        await this.#budgets.block(budget, waitMs)
        if (urgency !== 'must') throw new FaceoffError({ code: 'chat_down' }, { retryAfterMs: waitMs, cause: thrown })
      }
    }
  }

  async #turn(budget: string, method: string, urgency: 'must' | 'may'): Promise<void> {
    const { most, withinMs } = this.#limitOf(method)
    if (urgency === 'may') {
      // Whoever must is first.
      const waitMs = this.#lines.has(budget)
        ? this.#minuteMs / 60
        : await this.#budgets.take(budget, Math.max(1, Math.floor(most * shareOfMay)), withinMs)
      if (waitMs > 0) throw new FaceoffError({ code: 'chat_down' }, { retryAfterMs: waitMs })
      return
    }
    const before = this.#lines.get(budget)
    const own = this.#wait(budget, most, withinMs, before)
    const line = own.catch(() => {})
    this.#lines.set(budget, line)
    try {
      await own
    } finally {
      if (this.#lines.get(budget) === line) this.#lines.delete(budget)
    }
  }

  async #wait(budget: string, most: number, withinMs: number, before: Promise<unknown> | undefined): Promise<void> {
    await before
    for (;;) {
      if (this.#end.signal.aborted) throw new FaceoffError({ code: 'chat_down' }, { message: 'closing' })
      const waitMs = await this.#budgets.take(budget, most, withinMs)
      if (waitMs <= 0) return
      await pause(waitMs, undefined, { signal: this.#end.signal }).catch(() => {})
    }
  }

  #limitOf(method: string): { most: number; withinMs: number } {
    if (method === 'chat.postMessage') {
      return { most: postsPerChannel.most, withinMs: (postsPerChannel.seconds * this.#minuteMs) / 60 + travelMs }
    }
    return { most: limits[method] ?? 50, withinMs: this.#minuteMs + travelMs }
  }

  async #clientFor(team: Team, urgency: Urgency): Promise<Client> {
    const token = await this.#tokenOf(team).catch(error => Promise.reject(asFaceoffError(error)))
    if (token === undefined) {
      throw new FaceoffError({ code: 'chat_closed', missing: null }, { message: 'not installed there' })
    }
    let clients = this.#clients.get(token)
    if (clients === undefined) {
      const make = () => new webApi.WebClient(token, this.#options)
      clients = { now: make(), later: make() }
      this.#clients.set(token, clients)
    }
    return urgency === 'now' ? clients.now : clients.later
  }
}

function budgetOf({ team }: Team, method: string, channel: string | undefined): string {
  return method === 'chat.postMessage' ? `slack/${team}/${method}/${channel ?? ''}` : `slack/${team}/${method}`
}
