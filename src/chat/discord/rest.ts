/** Discord's HTTP API by `@discordjs/rest`, with its errors turned into ours once and for all. */
import {
  RESTJSONErrorCodes as codes,
  DiscordAPIError,
  HTTPError,
  RateLimitError,
  type RawFile,
  REST,
  type RESTOptions,
  Routes,
} from 'discord.js'
import PQueue from 'p-queue'
import { FaceoffError } from '../../core/errors.ts'

export type RestOptions = { apiUrl: string | null; token: string }

type Call = {
  body?: unknown
  files?: RawFile[]
  query?: URLSearchParams
  /** False for an interaction's own routes, which Discord does not count among the bot's calls. */
  auth?: boolean
  signal?: AbortSignal
  /** Where calls have to wait for each other, the more urgent ones go first. */
  urgency?: keyof typeof urgencies
  /** Takes the call back, unless it was sent already: what comes later made it worthless. */
  superseded?: AbortSignal
}

const urgencies = { draft: 0, reaction: 1, usual: 2, final: 3 } as const

/**
 * Least time from call to call, in milliseconds: 36 a second. Discord takes 50, counts as they arrive, and in windows of
 * its own, so they have to be spread evenly: a burst that was held up on its way and the next one are too many.
 */
const callGapMs = 28

/** Milliseconds for one try of a call. */
const timeoutMs = 10_000

/** Discord's own names of the rights, as its settings show them in English. */
const missingAccess = 'View Channel'

/**
 * The process's own `fetch`, and not the library's own copy of undici: that one takes whatever another package has made
 * the process's agent, and then refuses to send files.
 */
export const makeRequest: RESTOptions['makeRequest'] = (url, init) =>
  fetch(url, init as RequestInit) as ReturnType<RESTOptions['makeRequest']>

/**
 * Waits and repeats by itself where Discord says so, except for edits of messages: while one waits a newer text comes, so
 * those throw `chat_down` with the time to wait, and their caller sends the newest then.
 */
export class DiscordRest {
  readonly #rest: REST
  readonly #pace = new PQueue({ intervalCap: 1, interval: callGapMs, strict: true })

  constructor({ apiUrl, token }: RestOptions) {
    this.#rest = new REST({
      version: '10',
      ...(apiUrl !== null && { api: apiUrl }),
      timeout: timeoutMs,
      makeRequest,
      rejectOnRateLimit: ({ method, route }) => method === 'PATCH' && route.endsWith('/messages/:id'),
    }).setToken(token)
  }

  get(path: `/${string}`, call: Call = {}): Promise<unknown> {
    return this.#call(call, options => this.#rest.get(path, options))
  }

  post(path: `/${string}`, call: Call = {}): Promise<unknown> {
    return this.#call(call, options => this.#rest.post(path, options))
  }

  patch(path: `/${string}`, call: Call = {}): Promise<unknown> {
    return this.#call(call, options => this.#rest.patch(path, options))
  }

  put(path: `/${string}`, call: Call = {}): Promise<unknown> {
    return this.#call(call, options => this.#rest.put(path, options))
  }

  delete(path: `/${string}`, call: Call = {}): Promise<unknown> {
    return this.#call(call, options => this.#rest.delete(path, options))
  }

  async #call<T>(
    { urgency = 'usual', superseded, ...call }: Call,
    send: (call: Omit<Call, 'urgency' | 'superseded'>) => Promise<T>,
  ): Promise<T> {
    try {
      if (call.auth === false) return await send(call)
      const waiting = new AbortController()
      const takeBack = () =>
        waiting.abort(new FaceoffError({ code: 'chat_down' }, { message: 'superseded', retryAfterMs: 0 }))
      superseded?.addEventListener('abort', takeBack)
      const act = () => {
        superseded?.removeEventListener('abort', takeBack)
        return send(call)
      }
      return await this.#pace.add(act, { priority: urgencies[urgency], signal: waiting.signal })
    } catch (error) {
      throw asOurs(error)
    }
  }

  /** Runs `act`, and once more after opening the thread again where it has been archived. */
  async inThread<T>(channelId: string, act: () => Promise<T>): Promise<T> {
    try {
      return await act()
    } catch (error) {
      if (codeOf(error) !== codes.InvalidActionOnArchivedThread) throw error
      await this.patch(Routes.channel(channelId), { body: { archived: false } })
      return act()
    }
  }
}

/** Discord's own number of what was wrong, where it gave one. */
export function codeOf(error: unknown): number | undefined {
  const cause = error instanceof FaceoffError ? error.cause : error
  return cause instanceof DiscordAPIError && typeof cause.code === 'number' ? cause.code : undefined
}

/** What `@discordjs/rest` throws, as one of our errors. */
export function asOurs(error: unknown): FaceoffError {
  if (error instanceof FaceoffError) return error
  const options = { cause: error, message: error instanceof Error ? error.message : String(error) }
  if (error instanceof RateLimitError) {
    return new FaceoffError({ code: 'chat_down' }, { ...options, retryAfterMs: error.retryAfter })
  }
  if (error instanceof HTTPError) return new FaceoffError({ code: 'chat_down' }, options)
  if (error instanceof DiscordAPIError) return ofDiscord(error, options)
  // No connection, no answer in time, or a call that was given up.
  return new FaceoffError({ code: 'chat_down' }, options)
}

function ofDiscord(error: DiscordAPIError, options: { cause: unknown; message: string }): FaceoffError {
  switch (error.code) {
    case codes.UnknownMessage:
    case codes.UnknownChannel:
    case codes.UnknownGuild:
      return new FaceoffError({ code: 'post_gone' }, options)
    case codes.MissingAccess:
      return new FaceoffError({ code: 'chat_closed', missing: missingAccess }, options)
    case codes.MissingPermissions:
    case codes.InvalidActionOnArchivedThread:
    case codes.ThreadLocked:
    case codes.UnknownWebhook:
    case codes.InvalidWebhookToken:
    case codes.UnknownInteraction:
    case codes.CannotSendMessagesToThisUser:
      return new FaceoffError({ code: 'chat_closed', missing: null }, options)
    // Edits of messages older than an hour are rare and limited apart; the sweep comes again.
    case codes.MaximumNumberOfEditsToMessagesOlderThanOneHourReached:
      return new FaceoffError({ code: 'chat_down' }, options)
    default:
      return new FaceoffError({ code: error.status >= 500 ? 'chat_down' : 'internal' }, options)
  }
}
