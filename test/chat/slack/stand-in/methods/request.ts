import type { Emulated } from '../emulated.ts'
import { flag, inner, isJson, type Json, parsed, string } from '../json.ts'
import { type Channel, isMember, type Message, type View, type Workspace } from '../model.ts'
import { Refusal } from '../refusal.ts'
import type { State } from '../state.ts'

/** One authorised call of a bot token. */
export type Request = {
  state: State
  workspace: Workspace
  token: string
  scopes: ReadonlySet<string>
  args: Json
  appId: string
  /** Where the front answers: `http://127.0.0.1:<port>`. */
  url: string
  settings: Settings
  emulated: Emulated
  /** Something that the app may have subscribed to. */
  emit(event: Json): void
}

export type Settings = {
  /** How long Slack keeps a stream open, by the stand-in's clock. */
  streamMs: number
  /** How many names a reaction carries unless `full` is asked for. */
  shownReactors: number
}

export type Method = {
  /** Any of these will do; none for methods that every token may call. */
  scopes: readonly string[]
  run(request: Request): Json | Promise<Json>
}

export function needed(request: Request, ...scopes: readonly string[]): void {
  if (scopes.some(scope => request.scopes.has(scope))) return
  throw new Refusal('missing_scope', { needed: scopes.join(','), provided: [...request.scopes].join(',') })
}

/** A conversation that the bot can know of; a person's id stands for the direct messages with them. */
export function channelOf(request: Request, name = 'channel'): Channel {
  const { workspace, args } = request
  const given = string(args[name])
  const user = workspace.users.get(given)
  const channel = workspace.channels.get(user?.imChannel ?? given)
  if (channel === undefined || (channel.private && !channel.bot)) throw new Refusal('channel_not_found')
  return channel
}

/** Archived channels take nothing; one the bot is not in takes posts only with `chat:write.public`. */
export function openChannelOf(request: Request, mayBeOutside: boolean): Channel {
  const channel = channelOf(request)
  if (channel.archived) throw new Refusal('is_archived')
  if (channel.im && !request.workspace.messagesTab) throw new Refusal('messages_tab_disabled')
  if (!channel.bot && !(mayBeOutside && request.scopes.has('chat:write.public'))) throw new Refusal('not_in_channel')
  return channel
}

export function messageOf(request: Request, channel: Channel, name: string): Message {
  const message = request.state.find(request.workspace.id, channel.id, string(request.args[name]))
  if (message === undefined) throw new Refusal('message_not_found')
  return message
}

/** The root of the thread that a reply goes to, if it goes to one. */
export function threadOf(request: Request, channel: Channel): string | undefined {
  const ts = string(request.args.thread_ts)
  if (ts === '') return undefined
  const root = request.state.find(request.workspace.id, channel.id, ts)
  if (root === undefined) throw new Refusal('thread_not_found')
  if (root.threadTs !== undefined && root.threadTs !== root.ts) throw new Refusal('cannot_reply_to_message')
  return ts
}

export function personIn(request: Request, channel: Channel, id: string): void {
  if (!request.workspace.users.has(id)) throw new Refusal('user_not_found')
  if (!isMember(channel, request.workspace, id)) throw new Refusal('user_not_in_channel')
}

export function asJson(request: Pick<Request, 'state' | 'workspace' | 'appId'>, message: Message): Json {
  const { workspace, appId, state } = request
  const replies = message.threadTs === undefined ? state.repliesTo(message) : []
  const edited = message.edits.length > 1
  return {
    type: 'message',
    user: message.user,
    text: message.text,
    ts: message.ts,
    team: workspace.id,
    ...(message.ours && {
      bot_id: workspace.botId,
      app_id: appId,
      bot_profile: { id: workspace.botId, app_id: appId, name: 'Faceoff', team_id: workspace.id, deleted: false },
    }),
    ...(message.blocks.length > 0 && { blocks: message.blocks.map((each, at) => ({ block_id: `b${at}`, ...each })) }),
    ...(message.attachments.length > 0 && { attachments: message.attachments }),
    ...(message.threadTs !== undefined && { thread_ts: message.threadTs }),
    ...(replies.length > 0 && {
      thread_ts: message.ts,
      reply_count: replies.length,
      reply_users: [...new Set(replies.map(each => each.user))],
      latest_reply: replies.at(-1)?.ts,
    }),
    ...(edited && {
      edited: { user: message.user, ts: `${Math.floor((message.edits.at(-1)?.at ?? 0) / 1000)}.000000` },
    }),
    ...(message.files.length > 0 && {
      files: message.files.map(({ bytes, ...file }) => ({ ...file, size: bytes.length })),
    }),
  }
}

export function withReactions(message: Message, json: Json, most: number): Json {
  if (message.reactions.length === 0) return json
  return {
    ...json,
    reactions: message.reactions.map(({ name, users }) => ({ name, users: users.slice(0, most), count: users.length })),
  }
}

export function viewAsJson(request: Pick<Request, 'workspace' | 'appId'>, view: View): Json {
  const { title, submit, close, blocks, private_metadata, callback_id, external_id, ...rest } = view.given
  return {
    id: view.id,
    team_id: view.team,
    type: view.type,
    title: title ?? { type: 'plain_text', text: 'View Title', emoji: true },
    submit: submit ?? null,
    close: close ?? null,
    blocks: withBlockIds(blocks),
    private_metadata: string(private_metadata),
    callback_id: string(callback_id),
    external_id: string(external_id),
    state: { values: view.values },
    hash: view.hash,
    clear_on_close: flag(rest.clear_on_close) ?? false,
    notify_on_close: flag(rest.notify_on_close) ?? false,
    root_view_id: view.rootId,
    previous_view_id: view.previousId ?? null,
    app_id: request.appId,
    app_installed_team_id: view.team,
    bot_id: request.workspace.botId,
  }
}

/** Slack names every block that the app left without a name. */
export function withBlockIds(blocks: unknown): Json[] {
  return Array.isArray(blocks) ? blocks.filter(isJson).map((block, at) => ({ block_id: `b${at}`, ...block })) : []
}

/** An argument that may come as JSON in a form. */
export function structured(args: Json, name: string): unknown {
  const value = args[name]
  return typeof value === 'string' && value !== '' ? (parsed(value) ?? value) : value === '' ? undefined : value
}

export function page<Item>(
  args: Json,
  items: readonly Item[],
  usual = 100,
): { items: Item[]; response_metadata: Json } {
  const from = Number(string(args.cursor).replace('next:', '')) || 0
  const to = from + (Number(args.limit) || usual)
  return { items: items.slice(from, to), response_metadata: { next_cursor: to < items.length ? `next:${to}` : '' } }
}

export function metadataOf(request: Request): Json | undefined {
  const given = structured(request.args, 'metadata')
  if (given === undefined) return undefined
  if (!isJson(given) || string(given.event_type) === '' || !isJson(given.event_payload)) {
    throw new Refusal('invalid_metadata_format')
  }
  return inner(given)
}
