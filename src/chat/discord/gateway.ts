/** The connection over which Discord tells us what people do: interactions, reactions, threads that go. */
import { setTimeout as pause } from 'node:timers/promises'
import {
  Client,
  Events,
  GatewayIntentBits,
  type Interaction,
  type MessageReaction,
  Options,
  type PartialMessageReaction,
  Partials,
  type PartialUser,
  type User,
} from 'discord.js'
import type { Log } from '../../log.ts'
import { makeRequest, type RestOptions } from './rest.ts'

export type Heard = {
  onInteraction(interaction: Interaction): Promise<void>
  onReaction(kind: 'added' | 'removed', reaction: ReactionEvent): Promise<void>
  /** Every reaction on this message is gone, or all of one emoji. */
  onReactionsCleared(messageId: string): Promise<void>
  onThreadDeleted(threadId: string): Promise<void>
  /** Connected, afresh or again: something may have been missed. */
  onConnected(): Promise<void>
}

export type ReactionEvent = {
  messageId: string
  emoji: string | null
  userId: string
  /** Null where Discord does not say: it does so for reactions that are taken back. */
  name: string | null
}

/** First and longest pause between attempts to log in, in milliseconds; discord.js itself reconnects after that. */
const firstRetryMs = 1_000
const longestRetryMs = 60_000

/** How long an end of the connection is waited for, in milliseconds. */
const closeMs = 2_000

/**
 * Two intents, neither of them privileged: messages are not read. With all four partials, votes on messages from before a
 * restart count, and those of people nobody has seen yet.
 */
export class Gateway {
  readonly #client: Client
  readonly #token: string
  readonly #log: Log
  readonly #handling = new Set<Promise<void>>()
  #retry: NodeJS.Timeout | undefined
  #retryMs = firstRetryMs
  #isClosed = false

  constructor({ apiUrl, token }: RestOptions, heard: Heard, log: Log) {
    this.#token = token
    this.#log = log
    this.#client = new Client({
      intents: [GatewayIntentBits.Guilds, GatewayIntentBits.GuildMessageReactions],
      partials: [Partials.Message, Partials.Reaction, Partials.Channel, Partials.User],
      shards: 'auto',
      allowedMentions: { parse: [], repliedUser: false },
      enforceNonce: true,
      rest: { version: '10', makeRequest, ...(apiUrl !== null && { api: apiUrl }) },
      // Nothing is ever read back from these.
      makeCache: Options.cacheWithLimits({
        ...Options.DefaultMakeCacheSettings,
        MessageManager: 0,
        ReactionManager: 0,
        ReactionUserManager: 0,
        PresenceManager: 0,
        VoiceStateManager: 0,
      }),
    })
    const client = this.#client
    const reacted = (kind: 'added' | 'removed') => (reaction: AnyReaction, user: User | PartialUser) => {
      const isBot = user.bot === true || user.id === client.user?.id
      if (!isBot) this.#handle(heard.onReaction(kind, eventOf(reaction, user)))
    }
    client.on(Events.InteractionCreate, interaction => this.#handle(heard.onInteraction(interaction)))
    client.on(Events.MessageReactionAdd, reacted('added'))
    client.on(Events.MessageReactionRemove, reacted('removed'))
    client.on(Events.MessageReactionRemoveAll, ({ id }) => this.#handle(heard.onReactionsCleared(id)))
    client.on(Events.MessageReactionRemoveEmoji, ({ message }) => this.#handle(heard.onReactionsCleared(message.id)))
    client.on(Events.ThreadDelete, ({ id }) => this.#handle(heard.onThreadDeleted(id)))
    client.on(Events.ShardReady, shard => {
      log.info({ shard }, 'discord connected')
      this.#handle(heard.onConnected())
    })
    client.on(Events.ShardResume, shard => {
      log.info({ shard }, 'discord connected again')
      this.#handle(heard.onConnected())
    })
    client.on(Events.ShardDisconnect, ({ code }, shard) => log.warn({ shard, code }, 'discord connection ended'))
    client.on(Events.ShardReconnecting, shard => log.info({ shard }, 'discord connection lost, connecting'))
    client.on(Events.Error, error => log.warn({ err: error }, 'discord connection failed'))
    client.on(Events.ShardError, (error, shard) => log.warn({ err: error, shard }, 'discord connection failed'))
  }

  /** Logs in, and tries again for as long as it takes. */
  open(): void {
    this.#client.login(this.#token).catch(error => {
      if (this.#isClosed) return
      this.#log.warn({ err: error, retryMs: this.#retryMs }, 'discord cannot be reached')
      this.#retry = setTimeout(() => this.open(), this.#retryMs)
      this.#retryMs = Math.min(this.#retryMs * 2, longestRetryMs)
    })
  }

  /** Hears nothing more; resolves when what was heard is dealt with. */
  async close(): Promise<void> {
    this.#isClosed = true
    clearTimeout(this.#retry)
    // A connection that is being made may never say that it has ended.
    await Promise.race([this.#client.destroy(), pause(closeMs, undefined, { ref: false })])
    await Promise.all(this.#handling)
  }

  #handle(work: Promise<void>): void {
    const done = work.catch(error => this.#log.error({ err: error }, 'discord event failed'))
    this.#handling.add(done)
    void done.finally(() => this.#handling.delete(done))
  }
}

type AnyReaction = MessageReaction | PartialMessageReaction

function eventOf({ message, emoji }: AnyReaction, user: User | PartialUser): ReactionEvent {
  const name = user.globalName ?? user.username
  return { messageId: message.id, emoji: emoji.name, userId: user.id, name: name ?? null }
}
