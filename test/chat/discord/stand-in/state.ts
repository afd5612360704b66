/** Everything the stand-in knows, and what it does to its own state. */
import { GatewayIntentBits as intents } from 'discord.js'
import {
  checkMessage,
  ephemeral,
  listOf,
  numberOf,
  pingsOf,
  previewsOf,
  Refused,
  suppressEmbeds,
  textOf,
} from './checks.ts'
import type { Event } from './gateway.ts'
import {
  type Attachment,
  type Channel,
  channelJson,
  channelTypes,
  type Guild,
  type Json,
  type Message,
  messageJson,
  type Right,
  snowflake,
  type User,
  userJson,
} from './model.ts'

export type Upload = { filename: string; text: string; bytes: Uint8Array }
export type Request = { method: string; path: string; status: number; at: number; body: Json; fileNames: string[] }

export type Interaction = {
  id: string
  token: string
  user: User
  guild: Guild | null
  channel: Channel
  isMember: boolean
  /** Real time, for the three seconds. */
  startedAt: number
  /** The stand-in's time, for the fifteen minutes. */
  createdAt: number
  acknowledged: PromiseWithResolvers<number>
  callback: number | null
  modal: Json | null
  choices: Json[] | null
  original: Message | null
  /** Nothing but the acknowledgement stands in the reply yet. */
  isDeferred: boolean
  followUps: number
  ephemerals: Message[]
}

/** How long one nonce stands for one message, in milliseconds. */
const nonceMs = 5 * 60_000

export class State {
  readonly botId = snowflake()
  readonly applicationId = this.botId
  readonly bot: User = {
    id: this.botId,
    name: 'Faceoff',
    bot: true,
    manageMessages: false,
    manageServer: false,
    locale: 'en-US',
    dmsClosed: false,
  }
  readonly guilds = new Map<string, Guild>()
  readonly channels = new Map<string, Channel>()
  readonly messages = new Map<string, Message>()
  readonly users = new Map<string, User>([[this.botId, this.bot]])
  readonly interactions = new Map<string, Interaction>()
  readonly commands = new Map<string, Json[]>()
  readonly requests: Request[] = []
  readonly #nonces = new Map<string, { message: Message; at: number }>()
  readonly #waiting = new Set<() => void>()
  now = Date.now()
  activeThreadsFull = false
  emit: (event: Event) => void = () => {}

  changed(): void {
    for (const check of [...this.#waiting]) check()
  }

  async until(predicate: () => unknown, what = String(predicate), timeoutMs = 40_000): Promise<void> {
    if (predicate()) return
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const timer = setTimeout(() => reject(new Error(`not seen in time: ${what}\n${this.dump()}`)), timeoutMs)
    const check = () => {
      if (predicate()) resolve()
    }
    this.#waiting.add(check)
    await promise.finally(() => {
      clearTimeout(timer)
      this.#waiting.delete(check)
    })
  }

  dump(): string {
    const requests = this.requests.slice(-40).map(({ method, path, status }) => `${status} ${method} ${path}`)
    const messages = [...this.messages.values()]
      .slice(-12)
      .map(({ channelId, content }) => `${channelId}: ${content.slice(0, 300)}`)
    return [...requests, ...messages].join('\n')
  }

  channel(id: string): Channel {
    const channel = this.channels.get(id)
    if (!channel) throw new Refused(404, 10003, 'Unknown Channel')
    return channel
  }

  /** As a bot sees it: refuses where it may not do one of these. */
  allowed(id: string, ...rights: Right[]): Channel {
    const channel = this.channel(id)
    if (channel.guild && (!channel.guild.installed || !channel.rights.has('ViewChannel'))) {
      throw new Refused(403, 50001, 'Missing Access')
    }
    if (channel.guild && rights.some(right => !channel.rights.has(right))) {
      throw new Refused(403, 50013, 'Missing Permissions')
    }
    return channel
  }

  message(channelId: string, id: string): Message {
    const message = this.messages.get(id)
    if (!message || message.deleted || message.channelId !== channelId || message.ephemeralFor !== null) {
      throw new Refused(404, 10008, 'Unknown Message')
    }
    return message
  }

  jsonOf(message: Message): Json {
    const author = this.users.get(message.authorId) ?? this.bot
    return messageJson(message, userJson(author), this.botId)
  }

  post(
    channel: Channel,
    authorId: string,
    body: Json,
    uploads: readonly Upload[],
    how: { byInteraction?: boolean; ephemeralFor?: string | null; isDeferred?: boolean } = {},
  ): Message {
    if (!how.isDeferred) checkMessage(body, uploads.length > 0)
    const nonce = body.enforce_nonce === true ? `${channel.id} ${textOf(body.nonce)}` : null
    const known = nonce === null ? undefined : this.#nonces.get(nonce)
    if (known && this.now - known.at < nonceMs) return known.message
    const message: Message = {
      id: snowflake(),
      channelId: channel.id,
      guildId: channel.guild?.id ?? null,
      authorId,
      content: textOf(body.content),
      components: listOf(body.components),
      embeds: embedsOf(body),
      attachments: attachmentsOf(uploads, body),
      flags: numberOf(body.flags),
      reactions: new Map(),
      edits: [],
      ephemeralFor: how.ephemeralFor ?? null,
      pings: pingsOf(textOf(body.content), body.allowed_mentions, how.byInteraction ?? false),
      previews: previewsOf(textOf(body.content), numberOf(body.flags)),
      createdAt: this.now,
      postedAt: performance.now(),
      deleted: false,
    }
    this.messages.set(message.id, message)
    if (message.ephemeralFor === null) channel.messages.push(message)
    if (nonce !== null) this.#nonces.set(nonce, { message, at: this.now })
    if (message.ephemeralFor === null)
      this.#tell('MESSAGE_CREATE', this.jsonOf(message), channel, intents.GuildMessages)
    return message
  }

  edit(message: Message, body: Json, uploads: readonly Upload[], byInteraction: boolean): void {
    const content = 'content' in body ? textOf(body.content) : message.content
    const kept = 'attachments' in body ? listOf(body.attachments).map(({ id }) => String(id)) : null
    const attachments = [
      ...message.attachments.filter(({ id }) => kept === null || kept.includes(id)),
      ...attachmentsOf(uploads, body),
    ]
    const components = 'components' in body ? listOf(body.components) : message.components
    if ('embeds' in body) message.embeds = embedsOf(body)
    checkMessage({ ...body, content, components }, attachments.length > 0)
    const flags = 'flags' in body ? (numberOf(body.flags) & ~ephemeral) | (message.flags & ephemeral) : message.flags
    Object.assign(message, { content, attachments, components, flags })
    message.edits.push({ at: performance.now(), content })
    // Edits are parsed again, with the defaults where nothing is said.
    message.pings.push(...pingsOf(content, body.allowed_mentions, byInteraction))
    message.previews.push(...previewsOf(content, flags))
  }

  remove(message: Message): void {
    message.deleted = true
    const channel = this.channels.get(message.channelId)
    if (!channel) return
    channel.messages = channel.messages.filter(({ id }) => id !== message.id)
    this.#tell('MESSAGE_DELETE', { id: message.id, channel_id: channel.id }, channel, intents.GuildMessages)
  }

  openThread(parent: Channel, id: string, name: string): Channel {
    const thread: Channel = {
      id,
      guild: parent.guild,
      type: channelTypes.thread,
      name,
      parentId: parent.id,
      messages: [],
      archived: false,
      locked: false,
      rights: parent.rights,
      recipientId: null,
    }
    this.channels.set(id, thread)
    this.#tell('THREAD_CREATE', { ...channelJson(thread), newly_created: true }, thread, intents.Guilds)
    return thread
  }

  closeThread(thread: Channel): void {
    this.channels.delete(thread.id)
    const { id, type, parentId } = thread
    this.#tell('THREAD_DELETE', { id, type, parent_id: parentId, guild_id: thread.guild?.id }, thread, intents.Guilds)
  }

  changeThread(thread: Channel): void {
    this.#tell('THREAD_UPDATE', channelJson(thread), thread, intents.Guilds)
  }

  react(message: Message, user: User, emoji: string): void {
    const users = message.reactions.get(emoji) ?? new Set()
    if (!message.reactions.has(emoji) && message.reactions.size >= 20) {
      throw new Refused(400, 30010, 'Maximum number of reactions reached (20)')
    }
    message.reactions.set(emoji, users)
    if (users.has(user.id)) return
    users.add(user.id)
    const member = message.guildId === null ? {} : { member: memberOf(user) }
    this.#tellReaction('MESSAGE_REACTION_ADD', message, { user_id: user.id, ...emojiJson(emoji), ...member })
  }

  unreact(message: Message, userId: string, emoji: string): void {
    if (!message.reactions.get(emoji)?.delete(userId)) return
    this.#tellReaction('MESSAGE_REACTION_REMOVE', message, { user_id: userId, ...emojiJson(emoji) })
  }

  clearReactions(message: Message, emoji: string | null): void {
    if (emoji === null) {
      message.reactions.clear()
      this.#tellReaction('MESSAGE_REACTION_REMOVE_ALL', message, {})
      return
    }
    message.reactions.delete(emoji)
    this.#tellReaction('MESSAGE_REACTION_REMOVE_EMOJI', message, emojiJson(emoji))
  }

  #tellReaction(name: string, message: Message, data: Json): void {
    const { id, channelId, guildId } = message
    const where = { message_id: id, channel_id: channelId, ...(guildId !== null && { guild_id: guildId }) }
    const event = { ...where, type: 0, burst: false, ...data }
    this.#tell(name, event, this.channel(channelId), intents.GuildMessageReactions)
  }

  /** Where the app is no member nothing is heard. */
  #tell(name: string, data: Json, { guild }: Channel, intent: number): void {
    if (guild && !guild.installed) return
    this.emit({ name, data: { guild_id: guild?.id, ...data }, guildId: guild?.id ?? null, intent })
    this.changed()
  }
}

export function memberOf(user: User): Json {
  return { user: userJson(user), roles: [], joined_at: new Date(0).toISOString(), deaf: false, mute: false, flags: 0 }
}

function emojiJson(name: string): Json {
  return { emoji: { id: null, name } }
}

/** What is said of a file stands under its number. */
function attachmentsOf(uploads: readonly Upload[], body: Json): Attachment[] {
  const described = listOf(body.attachments)
  return uploads.map((upload, index) => {
    const { description } = described.find(({ id }) => String(id) === String(index)) ?? {}
    return { id: snowflake(), ...upload, description: typeof description === 'string' ? description : null }
  })
}

/** With this flag Discord shows none, not even the app's own. */
function embedsOf(body: Json): Json[] {
  return (numberOf(body.flags) & suppressEmbeds) !== 0 ? [] : listOf(body.embeds)
}

export function guildJson(guild: Guild, channels: Iterable<Channel>, bot: User): Json {
  const own = [...channels].filter(channel => channel.guild === guild)
  const everyone = {
    id: guild.id,
    name: '@everyone',
    permissions: '0',
    position: 0,
    color: 0,
    colors: {},
    hoist: false,
    managed: false,
    mentionable: false,
  }
  return {
    id: guild.id,
    name: guild.name,
    owner_id: guild.ownerId,
    unavailable: false,
    roles: [everyone],
    emojis: [],
    stickers: [],
    features: [],
    members: [memberOf(bot)],
    member_count: 1,
    channels: own.filter(({ type }) => type !== channelTypes.thread).map(channelJson),
    threads: own.filter(({ type, archived }) => type === channelTypes.thread && !archived).map(channelJson),
    presences: [],
    voice_states: [],
    stage_instances: [],
    guild_scheduled_events: [],
    preferred_locale: 'en-US',
  }
}
