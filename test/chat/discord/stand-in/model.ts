/** What Discord keeps, as far as we need it. */
import { PermissionFlagsBits } from 'discord.js'

export type Json = Record<string, unknown>
export type Right = keyof typeof PermissionFlagsBits

export const usualRights: readonly Right[] = [
  'ViewChannel',
  'SendMessages',
  'SendMessagesInThreads',
  'CreatePublicThreads',
  'AddReactions',
  'ReadMessageHistory',
  'EmbedLinks',
  'AttachFiles',
]

export const channelTypes = { text: 0, dm: 1, voice: 2, thread: 11 } as const

export type Guild = {
  id: string
  name: string
  /** False: people brought the app along; it is no member. */
  installed: boolean
  ownerId: string
}

export type Channel = {
  id: string
  guild: Guild | null
  type: number
  name: string
  parentId: string | null
  messages: Message[]
  archived: boolean
  locked: boolean
  /** What the app may do here; a thread shares its parent's. */
  rights: Set<Right>
  /** The person at the other end of a direct channel. */
  recipientId: string | null
}

/** `description`: what a screen reader says of it. */
export type Attachment = { id: string; filename: string; text: string; bytes: Uint8Array; description: string | null }

export type Message = {
  id: string
  channelId: string
  guildId: string | null
  authorId: string
  content: string
  components: Json[]
  embeds: Json[]
  attachments: Attachment[]
  flags: number
  /** Ids of those who reacted, by emoji. */
  reactions: Map<string, Set<string>>
  edits: { at: number; content: string }[]
  ephemeralFor: string | null
  /** Who was pinged by it, over all its edits. */
  pings: string[]
  /** Addresses whose previews Discord would fetch. */
  previews: string[]
  /** By the stand-in's own clock. */
  createdAt: number
  /** By the real one, as the times of its edits. */
  postedAt: number
  deleted: boolean
}

export type User = {
  id: string
  name: string
  bot: boolean
  manageMessages: boolean
  manageServer: boolean
  locale: string
  dmsClosed: boolean
}

let lastId = 0n

/** Unique and ordered by time. */
export function snowflake(): string {
  const made = BigInt(Date.now() - 1_420_070_400_000) << 22n
  lastId = made > lastId ? made : lastId + 1n
  return String(lastId)
}

export function bitsOf(rights: Iterable<Right>): string {
  let bits = 0n
  for (const right of rights) bits |= PermissionFlagsBits[right]
  return String(bits)
}

export function userJson(user: Pick<User, 'id' | 'name' | 'bot'>): Json {
  return {
    id: user.id,
    username: user.name.toLowerCase(),
    global_name: user.name,
    discriminator: '0',
    avatar: null,
    bot: user.bot,
  }
}

export function channelJson(channel: Channel): Json {
  const { id, type, name, parentId, guild } = channel
  if (type === channelTypes.dm) return { id, type, recipients: [] }
  const common = { id, type, name, guild_id: guild?.id, parent_id: parentId, position: 0, permission_overwrites: [] }
  if (type !== channelTypes.thread) return common
  const archive_timestamp = new Date(0).toISOString()
  return {
    ...common,
    owner_id: null,
    message_count: channel.messages.length,
    member_count: 1,
    thread_metadata: {
      archived: channel.archived,
      locked: channel.locked,
      auto_archive_duration: 1440,
      archive_timestamp,
    },
  }
}

export function messageJson(message: Message, author: Json, botId: string): Json {
  return {
    id: message.id,
    channel_id: message.channelId,
    author,
    content: message.content,
    timestamp: new Date(message.createdAt).toISOString(),
    edited_timestamp: message.edits.length > 0 ? new Date(message.createdAt).toISOString() : null,
    tts: false,
    mention_everyone: false,
    mentions: [],
    mention_roles: [],
    attachments: message.attachments.map(({ id, filename, text }) => ({
      id,
      filename,
      size: text.length,
      url: '',
      proxy_url: '',
    })),
    embeds: message.embeds,
    components: message.components,
    reactions: [...message.reactions]
      .filter(([, users]) => users.size > 0)
      .map(([name, users]) => ({
        emoji: { id: null, name },
        count: users.size,
        count_details: { burst: 0, normal: users.size },
        me: users.has(botId),
        me_burst: false,
        burst_colors: [],
      })),
    pinned: false,
    type: 0,
    flags: message.flags,
  }
}
