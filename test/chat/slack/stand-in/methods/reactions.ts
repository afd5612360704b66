import { flag, type Json, string } from '../json.ts'
import type { Message } from '../model.ts'
import { Refusal } from '../refusal.ts'
import { asJson, channelOf, type Method, messageOf, type Request, withReactions } from './request.ts'

/** False when the person had reacted so before. */
export function addReaction(message: Message, name: string, user: string): boolean {
  let reaction = message.reactions.find(each => each.name === name)
  if (reaction === undefined) {
    reaction = { name, users: [] }
    message.reactions.push(reaction)
  }
  if (reaction.users.includes(user)) return false
  reaction.users.push(user)
  return true
}

/** False when there was no such reaction of this person. */
export function removeReaction(message: Message, name: string, user: string): boolean {
  const reaction = message.reactions.find(each => each.name === name)
  if (reaction === undefined || !reaction.users.includes(user)) return false
  reaction.users.splice(reaction.users.indexOf(user), 1)
  if (reaction.users.length === 0) message.reactions.splice(message.reactions.indexOf(reaction), 1)
  return true
}

export function reactionEvent(type: string, message: Message, reaction: string, user: string): Json {
  const item = { type: 'message', channel: message.channel, ts: message.ts }
  return { type, user, reaction, item, item_user: message.user }
}

function nameOf(request: Request): string {
  const name = string(request.args.name).replace(/^:|:$/g, '')
  if (!/^[a-z0-9_+'-]+(::skin-tone-[2-6])?$/.test(name)) throw new Refusal('invalid_name')
  return name
}

function reactableOf(request: Request): Message {
  const channel = channelOf(request)
  if (channel.archived) throw new Refusal('is_archived')
  if (!channel.bot) throw new Refusal('not_in_channel')
  if (!/^\d+\.\d+$/.test(string(request.args.timestamp))) throw new Refusal('bad_timestamp')
  return messageOf(request, channel, 'timestamp')
}

export const reactions: Record<string, Method> = {
  'reactions.add': {
    scopes: ['reactions:write'],
    run(request) {
      const name = nameOf(request)
      const message = reactableOf(request)
      if (!addReaction(message, name, request.workspace.botUserId)) throw new Refusal('already_reacted')
      request.emit(reactionEvent('reaction_added', message, name, request.workspace.botUserId))
      return {}
    },
  },
  'reactions.remove': {
    scopes: ['reactions:write'],
    run(request) {
      const name = nameOf(request)
      const message = reactableOf(request)
      if (!removeReaction(message, name, request.workspace.botUserId)) throw new Refusal('no_reaction')
      request.emit(reactionEvent('reaction_removed', message, name, request.workspace.botUserId))
      return {}
    },
  },
  'reactions.get': {
    scopes: ['reactions:read'],
    run(request) {
      const channel = channelOf(request)
      const message = messageOf(request, channel, 'timestamp')
      const most = flag(request.args.full) === true ? Number.POSITIVE_INFINITY : request.settings.shownReactors
      return { type: 'message', channel: channel.id, message: withReactions(message, asJson(request, message), most) }
    },
  },
}
