/** The routes of Discord's HTTP API that a bot like ours uses, and their refusals. */
import { checkCommands, checkModal, ephemeral, invalid, listOf, numberOf, objectOf, Refused, textOf } from './checks.ts'
import { type Channel, channelJson, channelTypes, type Json, type Message, snowflake, userJson } from './model.ts'
import { guildJson, type Interaction, memberOf, type State, type Upload } from './state.ts'

export type Call = {
  method: string
  path: string
  query: URLSearchParams
  body: unknown
  uploads: Upload[]
  isBot: boolean
}
type Handler = (call: Call & { ids: string[]; json: Json }) => unknown

const acknowledgeMs = 3000
const tokenMs = 15 * 60_000

/** What `answer` returns for 204. */
export const nothing = Symbol('nothing')

export function createRest(state: State, gatewayUrl: () => string, shards: number): (call: Call) => unknown {
  const routes: [string, RegExp, Handler][] = []
  const route = (method: string, path: string, handler: Handler) => {
    routes.push([method, new RegExp(`^${path.replaceAll('*', '([^/]+)')}$`), handler])
  }

  route('GET', '/gateway/bot', () => ({
    url: gatewayUrl(),
    shards,
    session_start_limit: { total: 1000, remaining: 1000, reset_after: 0, max_concurrency: 1 },
  }))
  route('GET', '/users/@me', () => userJson(state.bot))
  route('GET', '/applications/@me', () => ({ id: state.applicationId, name: state.bot.name, bot: userJson(state.bot) }))
  route('GET', '/users/@me/guilds', () =>
    [...state.guilds.values()].filter(({ installed }) => installed).map(({ id, name }) => ({ id, name })),
  )
  route('GET', '/guilds/*', ({ ids: [id = ''] }) => {
    if (!/^\d+$/.test(id)) throw new Refused(400, 50035, 'Invalid Form Body')
    const guild = state.guilds.get(id)
    if (!guild?.installed) throw new Refused(404, 10004, 'Unknown Guild')
    return guildJson(guild, state.channels.values(), state.bot)
  })
  route('GET', '/guilds/*/members/*', ({ ids: [, id = ''] }) => {
    const user = state.users.get(id)
    if (!user) throw new Refused(404, 10007, 'Unknown Member')
    return memberOf(user)
  })
  route('POST', '/users/@me/channels', ({ json }) => {
    const recipientId = textOf(json.recipient_id)
    const known = [...state.channels.values()].find(channel => channel.recipientId === recipientId)
    return channelJson(known ?? direct(state, recipientId))
  })

  // ── Commands ────────────────────────────────────────────────────────────────────────────────────────────────────
  for (const path of ['/applications/*/commands', '/applications/*/guilds/*/commands']) {
    route('GET', path, ({ ids: [, guild = ''], query }) =>
      (state.commands.get(guild) ?? []).map(command =>
        query.get('with_localizations') === 'true' ? command : { ...command, name_localizations: undefined },
      ),
    )
    route('PUT', path, ({ ids: [, guild = ''], body }) => {
      const commands = listOf(body)
      checkCommands(commands, guild === '')
      const kept = commands.map(command => ({ description: '', ...command, id: snowflake(), version: snowflake() }))
      state.commands.set(guild, kept)
      return kept
    })
  }

  // ── Interactions ────────────────────────────────────────────────────────────────────────────────────────────────
  route('POST', '/interactions/*/*/callback', ({ ids: [id, token = ''], json, uploads }) => {
    const interaction = state.interactions.get(token)
    if (!interaction || interaction.id !== id || performance.now() - interaction.startedAt > acknowledgeMs) {
      throw new Refused(404, 10062, 'Unknown interaction')
    }
    if (interaction.callback !== null) throw new Refused(400, 40060, 'Interaction has already been acknowledged.')
    const data = objectOf(json.data)
    call(interaction, numberOf(json.type), data, uploads)
    interaction.callback = numberOf(json.type)
    interaction.acknowledged.resolve(performance.now() - interaction.startedAt)
    return nothing
  })

  const call = (interaction: Interaction, type: number, data: Json, uploads: Upload[]) => {
    const isPrivate = (numberOf(data.flags) & ephemeral) !== 0
    const how = { byInteraction: true, ephemeralFor: isPrivate ? interaction.user.id : null }
    switch (type) {
      case 4:
        interaction.original = state.post(interaction.channel, state.botId, data, uploads, how)
        keep(interaction, interaction.original)
        return
      case 5:
        interaction.original = state.post(interaction.channel, state.botId, data, [], { ...how, isDeferred: true })
        interaction.isDeferred = true
        keep(interaction, interaction.original)
        return
      case 6:
        if (interaction.original === null) throw invalid('type')
        return
      case 7:
        if (interaction.original === null) throw invalid('type')
        state.edit(interaction.original, data, uploads, true)
        return
      case 8:
        interaction.choices = listOf(data.choices)
        if (interaction.choices.length > 25) throw invalid('choices: 25 at most')
        for (const { name, value } of interaction.choices) {
          if (textOf(name).length < 1 || textOf(name).length > 100) throw invalid('choice name: 1 to 100')
          if (textOf(value).length < 1 || textOf(value).length > 100) throw invalid('choice value: 1 to 100')
        }
        return
      case 9:
        checkModal(data)
        interaction.modal = data
        return
      default:
        throw invalid('type')
    }
  }

  const living = (token: string): Interaction => {
    const interaction = state.interactions.get(token)
    if (!interaction || interaction.callback === null) throw new Refused(404, 10015, 'Unknown Webhook')
    if (state.now - interaction.createdAt > tokenMs) throw new Refused(401, 50027, 'Invalid Webhook Token')
    return interaction
  }
  const ofInteraction = (token: string, id: string): Message => {
    const interaction = living(token)
    const message = id === '@original' ? interaction.original : state.messages.get(id)
    if (!message || message.deleted) throw new Refused(404, 10008, 'Unknown Message')
    return message
  }
  route('POST', '/webhooks/*/*', ({ ids: [, token = ''], json, uploads }) => {
    const interaction = living(token)
    const { original } = interaction
    if (interaction.isDeferred && original && !original.deleted) {
      // The first follow-up to an acknowledgement takes its place, and its visibility.
      state.edit(original, json, uploads, true)
      interaction.isDeferred = false
      return state.jsonOf(original)
    }
    if (!interaction.isMember && interaction.followUps >= 5) {
      throw new Refused(400, 40094, 'Maximum number of follow-up messages reached')
    }
    interaction.followUps++
    const isPrivate = (numberOf(json.flags) & ephemeral) !== 0
    const how = { byInteraction: true, ephemeralFor: isPrivate ? interaction.user.id : null }
    const message = state.post(interaction.channel, state.botId, json, uploads, how)
    keep(interaction, message)
    return state.jsonOf(message)
  })
  route('GET', '/webhooks/*/*/messages/*', ({ ids: [, token = '', id = ''] }) => state.jsonOf(ofInteraction(token, id)))
  route('PATCH', '/webhooks/*/*/messages/*', ({ ids: [, token = '', id = ''], json, uploads }) => {
    const message = ofInteraction(token, id)
    state.edit(message, json, uploads, true)
    const interaction = living(token)
    if (message === interaction.original) interaction.isDeferred = false
    return state.jsonOf(message)
  })
  route('DELETE', '/webhooks/*/*/messages/*', ({ ids: [, token = '', id = ''] }) => {
    state.remove(ofInteraction(token, id))
    return nothing
  })

  // ── Channels and messages ───────────────────────────────────────────────────────────────────────────────────────
  route('GET', '/channels/*', ({ ids: [id = ''] }) => channelJson(state.allowed(id)))
  route('PATCH', '/channels/*', ({ ids: [id = ''], json }) => {
    const channel = state.allowed(id)
    if (channel.type !== channelTypes.thread) state.allowed(id, 'ManageThreads')
    if (channel.locked) state.allowed(id, 'ManageThreads')
    if (typeof json.archived === 'boolean') channel.archived = json.archived
    state.changeThread(channel)
    return channelJson(channel)
  })
  route('GET', '/channels/*/messages', ({ ids: [id = ''], query }) => {
    const channel = state.allowed(id, 'ReadMessageHistory')
    const limit = Number(query.get('limit') ?? 50)
    if (limit < 1 || limit > 100) throw invalid('limit: 1 to 100')
    const after = BigInt(query.get('after') ?? 0)
    const found = channel.messages.filter(message => BigInt(message.id) > after)
    return (query.has('after') ? found.slice(0, limit) : found.slice(-limit))
      .toReversed()
      .map(message => state.jsonOf(message))
  })
  route('POST', '/channels/*/messages', ({ ids: [id = ''], json, uploads }) => {
    const channel = state.channel(id)
    const right = channel.type === channelTypes.thread ? 'SendMessagesInThreads' : 'SendMessages'
    state.allowed(id, right, ...(uploads.length > 0 ? (['AttachFiles'] as const) : []))
    if (channel.recipientId !== null && state.users.get(channel.recipientId)?.dmsClosed) {
      throw new Refused(403, 50007, 'Cannot send messages to this user')
    }
    if (channel.locked) throw new Refused(403, 160005, 'Thread is locked')
    const message = state.post(channel, state.botId, json, uploads)
    channel.archived = false
    return state.jsonOf(message)
  })
  const open = (channelId: string): Channel => {
    const channel = state.allowed(channelId)
    if (channel.archived) throw new Refused(400, 50083, 'Thread is archived')
    return channel
  }
  route('GET', '/channels/*/messages/*', ({ ids: [channel = '', id = ''] }) => {
    state.allowed(channel, 'ReadMessageHistory')
    return state.jsonOf(state.message(channel, id))
  })
  route('PATCH', '/channels/*/messages/*', ({ ids: [channel = '', id = ''], json, uploads }) => {
    open(channel)
    const message = state.message(channel, id)
    if (message.authorId !== state.botId)
      throw new Refused(403, 50005, 'Cannot edit a message authored by another user')
    state.edit(message, json, uploads, false)
    return state.jsonOf(message)
  })
  route('DELETE', '/channels/*/messages/*', ({ ids: [channel = '', id = ''] }) => {
    const message = state.message(channel, id)
    if (message.authorId !== state.botId) state.allowed(channel, 'ManageMessages')
    state.remove(message)
    return nothing
  })
  route('POST', '/channels/*/messages/*/threads', ({ ids: [channelId = '', id = ''], json }) => {
    const channel = state.allowed(channelId, 'CreatePublicThreads')
    state.message(channelId, id)
    if (channel.type !== channelTypes.text) throw new Refused(400, 50024, 'Cannot execute action on this channel type')
    if (state.channels.has(id)) throw new Refused(400, 160004, 'A thread has already been created for this message')
    if (state.activeThreadsFull) throw new Refused(400, 160006, 'Maximum number of active threads reached')
    const name = textOf(json.name)
    if (name.length < 1 || name.length > 100) throw invalid('name: Must be between 1 and 100 in length.')
    return channelJson(state.openThread(channel, id, name))
  })

  // ── Reactions ───────────────────────────────────────────────────────────────────────────────────────────────────
  const reaction = '/channels/*/messages/*/reactions/*'
  route('PUT', `${reaction}/@me`, ({ ids: [channel = '', id = '', emoji = ''] }) => {
    const message = state.message(channel, id)
    state.allowed(channel, 'ReadMessageHistory')
    open(channel)
    if (!message.reactions.has(emoji)) state.allowed(channel, 'AddReactions')
    state.react(message, state.bot, emoji)
    return nothing
  })
  route('DELETE', `${reaction}/*`, ({ ids: [channel = '', id = '', emoji = '', user = ''] }) => {
    const message = state.message(channel, id)
    if (user !== '@me' && user !== state.botId) state.allowed(channel, 'ManageMessages')
    state.unreact(message, user === '@me' ? state.botId : user, emoji)
    return nothing
  })
  route('GET', reaction, ({ ids: [channel = '', id = '', emoji = ''], query }) => {
    state.allowed(channel, 'ReadMessageHistory')
    const limit = Number(query.get('limit') ?? 25)
    if (limit < 1 || limit > 100) throw invalid('limit: 1 to 100')
    const after = BigInt(query.get('after') ?? 0)
    const users = query.get('type') === '1' ? [] : [...(state.message(channel, id).reactions.get(emoji) ?? [])]
    return users
      .filter(user => BigInt(user) > after)
      .toSorted((a, b) => Number(BigInt(a) - BigInt(b)))
      .slice(0, limit)
      .map(user => userJson(state.users.get(user) ?? { id: user, name: `user${user}`, bot: false }))
  })

  return given => {
    if (!given.isBot && !/^\/(interactions|webhooks)\//.test(given.path)) throw new Refused(401, 0, '401: Unauthorized')
    for (const [method, path, handler] of routes) {
      const match = method === given.method ? path.exec(given.path) : null
      if (match) return handler({ ...given, ids: match.slice(1).map(decodeURIComponent), json: objectOf(given.body) })
    }
    throw new Refused(404, 0, `404: Not Found: ${given.method} ${given.path}`)
  }
}

function keep(interaction: Interaction, message: Message): void {
  if (message.ephemeralFor !== null) interaction.ephemerals.push(message)
}

function direct(state: State, recipientId: string): Channel {
  if (!state.users.has(recipientId)) throw new Refused(400, 50033, 'Invalid Recipient(s)')
  const channel: Channel = {
    id: snowflake(),
    guild: null,
    type: channelTypes.dm,
    name: '',
    parentId: null,
    messages: [],
    archived: false,
    locked: false,
    rights: new Set(),
    recipientId,
  }
  state.channels.set(channel.id, channel)
  return channel
}
