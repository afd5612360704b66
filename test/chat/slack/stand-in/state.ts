import { randomBytes } from 'node:crypto'
import { Clock } from './clock.ts'
import type { Json } from './json.ts'
import {
  type Channel,
  type Ephemeral,
  Message,
  type MessageFields,
  type ResponseUrl,
  type StoredFile,
  type Token,
  type Trigger,
  type View,
  type Workspace,
} from './model.ts'

export type Call = {
  /** `chat.postMessage`; `response_url` and `upload` for what goes to those addresses. */
  method: string
  /** The workspace's id, empty while the token is not known. */
  team: string
  token: string
  /** Real time, milliseconds. */
  at: number
  args: Json
  /** 0 while under way, and for an answer that was lost. */
  status: number
  error: string | undefined
  response: unknown
}

/** Everything the stand-in knows, and who waits for it to change. */
export class State {
  readonly clock = new Clock()
  readonly workspaces = new Map<string, Workspace>()
  readonly tokens = new Map<string, Token>()
  readonly messages: Message[] = []
  readonly ephemerals: Ephemeral[] = []
  readonly views: View[] = []
  readonly triggers = new Map<string, Trigger>()
  readonly responseUrls = new Map<string, ResponseUrl>()
  readonly calls: Call[] = []
  /** By id: what was uploaded, and how many messages with it are refused before it is worked through. */
  readonly files = new Map<string, StoredFile & { team: string; refusals: number }>()
  refusalsPerFile = 1
  readonly #byTs = new Map<string, Message>()
  readonly #waiting = new Set<() => void>()
  #ids = 0

  id(prefix: string): string {
    this.#ids += 1
    return `${prefix}0${String(this.#ids).padStart(4, '0')}${randomBytes(3).toString('hex').toUpperCase()}`
  }

  add(fields: MessageFields): Message {
    const message = new Message(fields)
    this.messages.push(message)
    this.#byTs.set(`${message.team}/${message.channel}/${message.ts}`, message)
    message.edits.push({ at: this.clock.now, text: message.text, blocks: message.blocks })
    return message
  }

  /** Not in the channel's history: nobody can react to it, reply to it or look it up. */
  ephemeral(fields: MessageFields): Message {
    return new Message(fields)
  }

  find(team: string, channel: string, ts: string): Message | undefined {
    const message = this.#byTs.get(`${team}/${channel}/${ts}`)
    return message?.deleted ? undefined : message
  }

  repliesTo(root: Message): Message[] {
    return this.messages.filter(
      each => each.team === root.team && each.channel === root.channel && each.threadTs === root.ts && !each.deleted,
    )
  }

  channelOf(message: Message): Channel | undefined {
    return this.workspaces.get(message.team)?.channels.get(message.channel)
  }

  trigger(team: string, user: string, viewId?: string): string {
    const id = `${this.#ids++}.${Date.now()}.${randomBytes(16).toString('hex')}`
    this.triggers.set(id, { team, user, at: this.clock.now, used: false, viewId })
    return id
  }

  changed(): void {
    for (const look of this.#waiting) look()
  }

  onChange(look: () => void): () => void {
    this.#waiting.add(look)
    return () => this.#waiting.delete(look)
  }
}
