import { isTooMuchText, problemsOfBlocks } from '../blocks.ts'
import { flag, inner, type Json, objects, string } from '../json.ts'
import type { Message, Workspace } from '../model.ts'
import { Refusal, refusal } from '../refusal.ts'
import type { State } from '../state.ts'
import {
  asJson,
  channelOf,
  type Method,
  messageOf,
  metadataOf,
  openChannelOf,
  personIn,
  type Request,
  structured,
  threadOf,
} from './request.ts'

export type Contents = { text: string; blocks: Json[] | undefined; attachments: Json[] | undefined; cut: boolean }

/** Whose message it is. */
type Where = { state: State; workspace: Workspace | undefined }

/** What a message says, checked as Slack checks it. */
export function contentsOf(where: Where, args: Json, mostText = 40_000): Contents {
  const blocks = structured(args, 'blocks')
  const attachments = structured(args, 'attachments')
  const markdown = string(args.markdown_text)
  const text = string(args.text)
  if (markdown !== '' && (text !== '' || blocks !== undefined)) throw new Refusal('markdown_text_conflict')
  if (markdown.length > 12_000) throw new Refusal('msg_too_long')
  if (attachments !== undefined && !Array.isArray(attachments)) throw new Refusal('invalid_attachments')
  if (blocks !== undefined) checkBlocks(where, blocks)
  for (const each of objects(attachments)) if (each.blocks !== undefined) checkBlocks(where, each.blocks)
  const all = markdown === '' ? blocks : [{ type: 'markdown', text: markdown }]
  const nothing = text === '' && objects(all).length === 0 && objects(attachments).length === 0
  if (nothing) throw new Refusal('no_text')
  return {
    text: text.slice(0, mostText),
    blocks: all === undefined ? undefined : objects(all),
    attachments: attachments === undefined ? undefined : objects(attachments),
    cut: text.length > mostText,
  }
}

function checkBlocks(where: Where, blocks: unknown): void {
  const problems = problemsOfBlocks(blocks, 'message')
  if (problems.length > 0) throw refusal('invalid_blocks', problems)
  if (isTooMuchText(objects(blocks))) throw new Refusal('msg_blocks_too_long')
  for (const [index, block] of objects(blocks).entries()) {
    if (block.slack_file !== undefined && !isReady(where, string(inner(block.slack_file).id))) {
      throw refusal('invalid_blocks', [`invalid slack file [json-pointer:/blocks/${index}/slack_file]`])
    }
  }
}

/** Slack works through an upload after it said that all is well: until then it knows nothing of the file. */
function isReady({ state, workspace }: Where, id: string): boolean {
  const file = state.files.get(id)
  if (file === undefined || file.team !== workspace?.id) return false
  if (file.refusals === 0) return true
  file.refusals -= 1
  return false
}

/** One of the app's own messages, whose stream is not open. */
function ownMessageOf(request: Request, otherwise: string): Message {
  const channel = channelOf(request)
  if (channel.archived) throw new Refusal('is_archived')
  const message = messageOf(request, channel, 'ts')
  if (!message.ours) throw new Refusal(otherwise)
  return message
}

/** Slack ends streams by itself; here that happens when somebody looks. */
export function isStreaming(request: Pick<Request, 'state' | 'settings'>, message: Message): boolean {
  const { stream } = message
  if (stream?.state === 'open' && request.state.clock.now - stream.startedAt >= request.settings.streamMs) {
    stream.state = 'expired'
  }
  return stream?.state === 'open'
}

const postMessage: Method = {
  scopes: ['chat:write'],
  run(request) {
    const { state, workspace, args } = request
    const channel = openChannelOf(request, true)
    const contents = contentsOf(request, args)
    const message = state.add({
      team: workspace.id,
      channel: channel.id,
      ts: state.clock.timestamp(),
      threadTs: threadOf(request, channel),
      user: workspace.botUserId,
      ours: true,
      text: contents.text,
      blocks: contents.blocks ?? [],
      attachments: contents.attachments ?? [],
      metadata: metadataOf(request),
      unfurlLinks: flag(args.unfurl_links),
      unfurlMedia: flag(args.unfurl_media),
      linkNames: flag(args.link_names) === true || args.parse === 'full',
      via: 'chat.postMessage',
    })
    return {
      channel: channel.id,
      ts: message.ts,
      message: { ...asJson(request, message), ...(message.metadata && { metadata: message.metadata }) },
      ...(contents.cut && { warning: 'message_truncated', response_metadata: { warnings: ['message_truncated'] } }),
    }
  },
}

const update: Method = {
  scopes: ['chat:write'],
  run(request) {
    const { state, args } = request
    const message = ownMessageOf(request, 'cant_update_message')
    if (isStreaming(request, message)) throw new Refusal('streaming_state_conflict')
    if (string(args.text).length > 4000) throw new Refusal('msg_too_long')
    const contents = contentsOf(request, args)
    message.text = contents.text
    message.blocks = contents.blocks ?? message.blocks
    message.attachments = contents.attachments ?? message.attachments
    message.metadata = metadataOf(request) ?? message.metadata
    if (message.stream !== undefined) {
      message.stream.text = ''
      if (contents.blocks === undefined) message.blocks = []
    }
    message.edits.push({ at: state.clock.now, text: message.text, blocks: message.blocks })
    return { channel: message.channel, ts: message.ts, text: message.text, message: asJson(request, message) }
  },
}

const remove: Method = {
  scopes: ['chat:write'],
  run(request) {
    const message = ownMessageOf(request, 'cant_delete_message')
    message.deleted = true
    return { channel: message.channel, ts: message.ts }
  },
}

const postEphemeral: Method = {
  scopes: ['chat:write'],
  run(request) {
    const { state, workspace, args } = request
    const channel = openChannelOf(request, false)
    const user = string(args.user)
    personIn(request, channel, user)
    const contents = contentsOf(request, args)
    const ts = state.clock.timestamp()
    state.ephemerals.push({
      message: state.ephemeral({
        team: workspace.id,
        channel: channel.id,
        ts,
        threadTs: threadOf(request, channel),
        user: workspace.botUserId,
        ours: true,
        text: contents.text,
        blocks: contents.blocks ?? [],
        attachments: contents.attachments ?? [],
        unfurlLinks: false,
        unfurlMedia: false,
        linkNames: flag(args.link_names) === true || args.parse === 'full',
        via: 'chat.postEphemeral',
      }),
      user,
      responseUrl: undefined,
    })
    return { message_ts: ts }
  },
}

const getPermalink: Method = {
  scopes: [],
  run(request) {
    const channel = channelOf(request)
    const message = messageOf(request, channel, 'message_ts')
    const thread = message.threadTs === undefined ? '' : `?thread_ts=${message.threadTs}&cid=${channel.id}`
    const path = `archives/${channel.id}/p${message.ts.replace('.', '')}${thread}`
    return { channel: channel.id, permalink: `https://${request.workspace.domain}.slack.com/${path}` }
  },
}

export const chat: Record<string, Method> = {
  'chat.postMessage': postMessage,
  'chat.update': update,
  'chat.delete': remove,
  'chat.postEphemeral': postEphemeral,
  'chat.getPermalink': getPermalink,
}
