/** Discord's HTTP API by `@discordjs/rest`, with its errors turned into ours once and for all. */
import {
  RESTJSONErrorCodes as codes,
  DiscordAPIError,
  HTTPError,
  RateLimitError,
  type RawFile,
  REST,
  Routes,
} from 'discord.js'
import { FaceoffError } from '../../core/errors.ts'

export type RestOptions = { apiUrl: string | null; token: string }

type Call = { body?: unknown; files?: RawFile[]; query?: URLSearchParams; auth?: boolean; signal?: AbortSignal }

/** Milliseconds for one try of a call. */
const timeoutMs = 10_000

/** Discord's own names of the rights, as its settings show them in English. */
const missingAccess = 'View Channel'

/**
 * Waits and repeats by itself where Discord says so, except for edits of messages: while one waits a newer text comes, so
 * those throw `chat_down` with the time to wait, and their caller sends the newest then.
 */
export class DiscordRest {
  readonly #rest: REST

  constructor({ apiUrl, token }: RestOptions) {
    this.#rest = new REST({
      version: '10',
      ...(apiUrl !== null && { api: apiUrl }),
      timeout: timeoutMs,
      // Interaction routes are free of Discord's 50 a second; leaving some room keeps everything else from waiting long.
      globalRequestsPerSecond: 45,
      rejectOnRateLimit: ({ method, route }) => method === 'PATCH' && route.endsWith('/messages/:id'),
    }).setToken(token)
  }

  get(path: `/${string}`, call: Call = {}): Promise<unknown> {
    return ours(() => this.#rest.get(path, call))
  }

  post(path: `/${string}`, call: Call = {}): Promise<unknown> {
    return ours(() => this.#rest.post(path, call))
  }

  patch(path: `/${string}`, call: Call = {}): Promise<unknown> {
    return ours(() => this.#rest.patch(path, call))
  }

  put(path: `/${string}`, call: Call = {}): Promise<unknown> {
    return ours(() => this.#rest.put(path, call))
  }

  delete(path: `/${string}`, call: Call = {}): Promise<unknown> {
    return ours(() => this.#rest.delete(path, call))
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

async function ours<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    throw asOurs(error)
  }
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
