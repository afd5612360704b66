import { flag, type Json, string } from '../json.ts'
import { type Channel, isMember, type Message } from '../model.ts'
import { Refusal } from '../refusal.ts'
import { asJson, channelOf, type Method, needed, page, type Request, withReactions } from './request.ts'

const kindOf = (channel: Channel) => (channel.im ? 'im' : channel.private ? 'groups' : 'channels')

function channelAsJson({ workspace }: Request, channel: Channel): Json {
  const user = [...workspace.users.values()].find(each => each.imChannel === channel.id)
  return {
    id: channel.id,
    ...(channel.im ? { user: user?.id, is_open: true } : { name: channel.name, name_normalized: channel.name }),
    is_channel: !channel.im && !channel.private,
    is_group: channel.private && !channel.im,
    is_im: channel.im,
    is_mpim: false,
    is_private: channel.private,
    is_archived: channel.archived,
    is_member: channel.bot,
    context_team_id: workspace.id,
  }
}

/** The channels of the asked types that the token may list. */
function listed(request: Request, mine: boolean): Channel[] {
  const types = (string(request.args.types) || 'public_channel').split(',').map(each => each.trim())
  const scopes: Record<string, string> = {
    public_channel: 'channels:read',
    private_channel: 'groups:read',
    im: 'im:read',
  }
  for (const type of types) needed(request, scopes[type] ?? 'mpim:read')
  const typeOf = (channel: Channel) => (channel.im ? 'im' : channel.private ? 'private_channel' : 'public_channel')
  return [...request.workspace.channels.values()].filter(
    channel =>
      types.includes(typeOf(channel)) &&
      (channel.bot || (!mine && !channel.private)) &&
      !(flag(request.args.exclude_archived) === true && channel.archived),
  )
}

function history(request: Request, messages: Message[]): Json {
  const { args, settings } = request
  const { items, response_metadata } = page(args, messages)
  return {
    messages: items.map(message => ({
      ...withReactions(message, asJson(request, message), settings.shownReactors),
      ...(flag(args.include_all_metadata) === true && message.metadata && { metadata: message.metadata }),
    })),
    has_more: response_metadata.next_cursor !== '',
    response_metadata,
  }
}

function readable(request: Request): Channel {
  const channel = channelOf(request)
  needed(request, `${kindOf(channel)}:history`)
  if (!channel.bot) throw new Refusal('not_in_channel')
  return channel
}

const isWithin = (args: Json, message: Message) =>
  (string(args.oldest) === '' || message.ts >= string(args.oldest)) &&
  (string(args.latest) === '' || message.ts <= string(args.latest))

const all = (request: Request, channel: Channel) =>
  request.state.messages.filter(
    each =>
      each.team === request.workspace.id &&
      each.channel === channel.id &&
      !each.deleted &&
      isWithin(request.args, each),
  )

export const conversations: Record<string, Method> = {
  'conversations.info': {
    scopes: [],
    run(request) {
      const channel = channelOf(request)
      needed(request, `${kindOf(channel)}:read`)
      return { channel: channelAsJson(request, channel) }
    },
  },
  'conversations.list': {
    scopes: [],
    run(request) {
      const { items, response_metadata } = page(request.args, listed(request, false))
      return { channels: items.map(channel => channelAsJson(request, channel)), response_metadata }
    },
  },
  'users.conversations': {
    scopes: [],
    run(request) {
      const { items, response_metadata } = page(request.args, listed(request, true))
      return { channels: items.map(channel => channelAsJson(request, channel)), response_metadata }
    },
  },
  'conversations.members': {
    scopes: [],
    run(request) {
      const { workspace, args } = request
      const channel = channelOf(request)
      needed(request, `${kindOf(channel)}:read`)
      const ids = [...workspace.users.keys(), workspace.botUserId].filter(id => isMember(channel, workspace, id))
      const { items, response_metadata } = page(args, ids)
      return { members: items, response_metadata }
    },
  },
  'conversations.open': {
    scopes: ['im:write'],
    run(request) {
      const user = request.workspace.users.get(string(request.args.users))
      if (user === undefined) throw new Refusal('user_not_found')
      return { channel: { id: user.imChannel } }
    },
  },
  'conversations.history': {
    scopes: [],
    run(request) {
      const channel = readable(request)
      const roots = all(request, channel).filter(each => each.threadTs === undefined)
      return history(request, roots.reverse())
    },
  },
  'conversations.replies': {
    scopes: [],
    run(request) {
      const channel = readable(request)
      const root = request.state.find(request.workspace.id, channel.id, string(request.args.ts))
      if (root === undefined) throw new Refusal('thread_not_found')
      const replies = request.state.repliesTo(root).filter(each => isWithin(request.args, each))
      return history(request, [root, ...replies])
    },
  },
}
