import { problemsOfBlocks } from '../blocks.ts'
import { type Json, objects, string } from '../json.ts'
import type { Message, Stream } from '../model.ts'
import { Refusal, refusal } from '../refusal.ts'
import { isStreaming } from './chat.ts'
import {
  channelOf,
  type Method,
  messageOf,
  metadataOf,
  openChannelOf,
  type Request,
  structured,
  threadOf,
} from './request.ts'

const mostCharacters = 12_000

/** The Markdown of one call, from either argument. */
function pieceOf(args: Json): string {
  if (string(args.text) !== '') throw new Refusal('markdown_text_conflict')
  const chunks = structured(args, 'chunks')
  if (chunks !== undefined && !Array.isArray(chunks)) throw new Refusal('invalid_chunks')
  const known = ['markdown_text', 'task_update', 'plan_update', 'blocks']
  if (objects(chunks).some(chunk => !known.includes(string(chunk.type)))) throw new Refusal('invalid_chunks')
  const fromChunks = objects(chunks).filter(chunk => chunk.type === 'markdown_text')
  const piece = string(args.markdown_text) + fromChunks.map(chunk => string(chunk.text)).join('')
  if (piece.length > mostCharacters) throw new Refusal('msg_too_long')
  return piece
}

function append(request: Request, stream: Stream, piece: string): void {
  if (stream.text.length + piece.length > mostCharacters) throw new Refusal('msg_too_long')
  if (piece === '') return
  stream.text += piece
  stream.pieces.push({ at: request.state.clock.now, text: piece })
}

function openStreamOf(request: Request): { message: Message; stream: Stream } {
  const channel = channelOf(request)
  const message = messageOf(request, channel, 'ts')
  if (!message.ours) throw new Refusal('message_not_owned_by_app')
  if (!isStreaming(request, message) || message.stream === undefined)
    throw new Refusal('message_not_in_streaming_state')
  return { message, stream: message.stream }
}

const startStream: Method = {
  scopes: ['chat:write'],
  run(request) {
    const { state, workspace, args } = request
    const channel = openChannelOf(request, true)
    if (string(args.thread_ts) === '') throw new Refusal('invalid_arguments')
    const threadTs = threadOf(request, channel)
    const recipientUser = string(args.recipient_user_id)
    const recipientTeam = string(args.recipient_team_id)
    if (!channel.im) {
      if (recipientUser === '') throw new Refusal('missing_recipient_user_id')
      if (recipientTeam === '') throw new Refusal('missing_recipient_team_id')
      if (!workspace.users.has(recipientUser)) throw new Refusal('user_not_found')
      if (recipientTeam !== workspace.id) throw new Refusal('team_not_found')
    }
    const piece = pieceOf(args)
    const message = state.add({
      team: workspace.id,
      channel: channel.id,
      ts: state.clock.timestamp(),
      threadTs,
      user: workspace.botUserId,
      ours: true,
      text: '',
      // The method has no such flags; whether Slack previews links of streams is not known.
      unfurlLinks: false,
      unfurlMedia: false,
      via: 'chat.startStream',
    })
    const startedAt = state.clock.now
    message.stream = { state: 'open', startedAt, text: '', pieces: [], recipientUser, recipientTeam }
    append(request, message.stream, piece)
    return { channel: channel.id, ts: message.ts }
  },
}

const appendStream: Method = {
  scopes: ['chat:write'],
  run(request) {
    const { args } = request
    const { message, stream } = openStreamOf(request)
    if (args.blocks !== undefined) throw new Refusal('invalid_arguments')
    const piece = pieceOf(args)
    if (piece === '' && args.chunks === undefined) throw new Refusal('no_text')
    append(request, stream, piece)
    return { channel: message.channel, ts: message.ts }
  },
}

const stopStream: Method = {
  scopes: ['chat:write'],
  run(request) {
    const { args } = request
    const { message, stream } = openStreamOf(request)
    const blocks = structured(args, 'blocks')
    if (blocks !== undefined) {
      const problems = problemsOfBlocks(blocks, 'message')
      if (problems.length > 0) throw refusal('invalid_blocks', problems)
    }
    const metadata = metadataOf(request)
    append(request, stream, pieceOf(args))
    stream.state = 'stopped'
    message.text = stream.text
    message.blocks = objects(blocks)
    message.metadata = metadata
    return {
      channel: message.channel,
      ts: message.ts,
      message: { text: message.text, ts: message.ts, type: 'message' },
    }
  },
}

export const streams: Record<string, Method> = {
  'chat.startStream': startStream,
  'chat.appendStream': appendStream,
  'chat.stopStream': stopStream,
}
