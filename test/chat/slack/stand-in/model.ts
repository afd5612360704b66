/** What Slack remembers: workspaces, channels, people, messages, views. Plain records; the rules are in `methods/`. */
import { inner, type Json, objects, string } from './json.ts'
import { type Content, disguisedIn, type Link, linksIn, type Ping, pingsIn, previewsOf } from './markup.ts'

export type Channel = {
  id: string
  name: string
  private: boolean
  archived: boolean
  im: boolean
  /** Whether the app's bot is a member. */
  bot: boolean
  /** Ids; `everyone` for a channel that all people of the workspace are in. */
  members: Set<string> | 'everyone'
}

export type User = {
  id: string
  name: string
  locale: string
  admin: boolean
  /** Another app's. */
  bot: boolean
  tz: string
  imChannel: string
}

export type Workspace = {
  readonly id: string
  readonly name: string
  readonly domain: string
  /** Set on an Enterprise organisation; `install` when the app is installed on the organisation as a whole. */
  readonly enterprise: { id: string; name: string; install?: boolean } | undefined
  readonly botUserId: string
  readonly botId: string
  /** Of the newest installation; empty while the app is not installed. */
  botToken: string
  /** What the bot token may do. A change counts from the next call on. */
  scopes: Set<string>
  /** Whether the app has a tab for messages in its home: without it nobody gets a direct message from it. */
  messagesTab: boolean
  readonly channels: Map<string, Channel>
  readonly users: Map<string, User>
}

export type Token = {
  team: string
  kind: 'bot' | 'app'
  state: 'active' | 'token_revoked' | 'account_inactive'
  /** Of its own, when the token was not issued with the workspace's scopes. */
  scopes: Set<string> | undefined
}

export type Stream = {
  state: 'open' | 'stopped' | 'expired'
  startedAt: number
  text: string
  /** Each start, append and stop, with the stand-in's time. */
  pieces: { at: number; text: string }[]
  recipientUser: string
  recipientTeam: string
}

export type StoredFile = { id: string; name: string; title: string; mimetype: string; bytes: Buffer }

export type MessageFields = {
  team: string
  channel: string
  ts: string
  threadTs?: string | undefined
  user: string
  /** Whether the app posted it. */
  ours: boolean
  text: string
  blocks?: Json[]
  attachments?: Json[]
  metadata?: Json | undefined
  files?: StoredFile[]
  unfurlLinks?: boolean | undefined
  unfurlMedia?: boolean | undefined
  linkNames?: boolean
  /** A method's name, `response_url`, `ack`, or `person`. */
  via: string
}

export class Message {
  readonly team: string
  readonly channel: string
  readonly ts: string
  readonly threadTs: string | undefined
  readonly user: string
  readonly ours: boolean
  readonly via: string
  text: string
  blocks: Json[]
  attachments: Json[]
  metadata: Json | undefined
  readonly files: StoredFile[]
  readonly reactions: { name: string; users: string[] }[] = []
  /** What each edit put in place, with the stand-in's time; the first entry is what was posted. */
  readonly edits: { at: number; text: string; blocks: Json[] }[] = []
  readonly unfurlLinks: boolean | undefined
  readonly unfurlMedia: boolean | undefined
  readonly #linkNames: boolean
  stream: Stream | undefined
  deleted = false

  constructor(fields: MessageFields) {
    this.team = fields.team
    this.channel = fields.channel
    this.ts = fields.ts
    this.threadTs = fields.threadTs
    this.user = fields.user
    this.ours = fields.ours
    this.via = fields.via
    this.text = fields.text
    this.blocks = fields.blocks ?? []
    this.attachments = fields.attachments ?? []
    this.metadata = fields.metadata
    this.files = fields.files ?? []
    this.unfurlLinks = fields.unfurlLinks
    this.unfurlMedia = fields.unfurlMedia
    this.#linkNames = fields.linkNames ?? false
  }

  /** What people read: the stream's text, then the blocks' words; the text where there is neither. */
  get shown(): string {
    const words = [this.stream?.text ?? '', ...this.blocks.map(wordsOf)].filter(each => each !== '')
    return words.length > 0 ? words.join('\n') : this.text
  }

  get pings(): Ping[] {
    return pingsIn(this.#content)
  }

  get links(): Link[] {
    return linksIn(this.#content)
  }

  get disguisedLinks(): Link[] {
    return disguisedIn(this.#content)
  }

  get previews(): string[] {
    return this.ours ? previewsOf(this.#content, this.unfurlLinks, this.unfurlMedia) : []
  }

  get #content(): Content {
    return {
      text: this.text,
      blocks: this.blocks,
      attachments: this.attachments,
      streamed: this.stream?.text ?? '',
      linkNames: this.#linkNames,
    }
  }
}

/** Seen by one person only. */
export type Ephemeral = {
  message: Message
  /** Whom it is shown to. */
  user: string
  /** When it answers something a person did: whose response_url it came by. */
  responseUrl: string | undefined
}

export type View = {
  id: string
  team: string
  user: string
  type: 'modal' | 'home'
  /** As the app sent it. */
  given: Json
  hash: string
  rootId: string
  previousId: string | undefined
  /** By block id, then action id, as Slack writes them into `view.state.values`. */
  values: Record<string, Record<string, Json>>
  /** How often it was opened, updated, pushed or published. */
  versions: number
  open: boolean
  triggerId: string | undefined
}

export type Trigger = { team: string; user: string; at: number; used: boolean; viewId: string | undefined }

export type ResponseUrl = {
  team: string
  user: string
  channel: string
  threadTs: string | undefined
  at: number
  uses: number
  /** The message whose button was pressed. */
  original: Message | undefined
}

function wordsOf(block: Json): string {
  if (block.type === 'markdown') return string(block.text)
  if (block.type === 'actions') return ''
  if (block.type === 'rich_text') return richWords(block)
  const own = string(inner(block.text).text)
  const more = [...objects(block.fields), ...objects(block.elements)].map(each => string(each.text)).filter(Boolean)
  return [own, ...more].filter(each => each !== '').join('\n')
}

function richWords(value: Json): string {
  return string(value.text) + objects(value.elements).map(richWords).join('')
}

export function isMember(channel: Channel, workspace: Workspace, user: string): boolean {
  if (user === workspace.botUserId) return channel.bot
  return channel.members === 'everyone' || channel.members.has(user)
}
