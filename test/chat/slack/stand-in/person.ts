/** A person at Slack's client. Every act resolves when the app has answered, or Slack would have stopped waiting. */
import { Acted } from './acted.ts'
import { problemsOfOptions, problemsOfView } from './blocks.ts'
import type { Kind } from './delivery.ts'
import { type Choice, elementOf, elementsOf, initial, isEmpty, written } from './elements.ts'
import { flag, inner, type Json, objects } from './json.ts'
import { addReaction, reactionEvent, removeReaction } from './methods/reactions.ts'
import { asJson, viewAsJson, withReactions } from './methods/request.ts'
import { openView, replaceView } from './methods/views.ts'
import { type Channel, isMember, Message, type User, type View, type Workspace } from './model.ts'
import { show } from './response-url.ts'
import type { Parts } from './web-api.ts'

export class Person {
  readonly workspace: Workspace
  readonly user: User
  readonly #parts: Parts
  /** By view id: what a `block_suggestion` offered. */
  readonly #offered = new Map<string, Json[]>()

  constructor(parts: Parts, workspace: Workspace, user: User) {
    this.#parts = parts
    this.workspace = workspace
    this.user = user
  }

  get id(): string {
    return this.user.id
  }

  /** Everything shown to this person alone. */
  get ephemerals(): Message[] {
    const { ephemerals } = this.#parts.state
    return ephemerals.filter(each => each.user === this.id && !each.message.deleted).map(each => each.message)
  }

  /** The open modals, the topmost last. */
  get views(): View[] {
    return this.#parts.state.views.filter(view => view.user === this.id && view.type === 'modal' && view.open)
  }

  get home(): View | undefined {
    return this.#parts.state.views.find(view => view.user === this.id && view.type === 'home')
  }

  /** The direct messages with the app. */
  get im(): Channel {
    const channel = this.workspace.channels.get(this.user.imChannel)
    if (channel === undefined) throw new Error('no direct messages')
    return channel
  }

  /** Writes a message as people do; the app hears of it only when it is mentioned. */
  says(channel: Channel, text: string, options: { thread?: Message } = {}): Message {
    const { state } = this.#parts
    const message = state.add({
      team: this.workspace.id,
      channel: channel.id,
      ts: state.clock.timestamp(),
      threadTs: options.thread && (options.thread.threadTs ?? options.thread.ts),
      user: this.id,
      ours: false,
      text,
      via: 'person',
    })
    state.changed()
    return message
  }

  async slash(channel: Channel, command: string, text = ''): Promise<Acted> {
    const acted = this.#acted(channel, { trigger: true, responseUrl: true })
    await this.#send(acted, 'slash_commands', this.slashPayload(channel, command, text, acted))
    if (acted.status === 200) this.#showAck(acted)
    return acted
  }

  /** The form of a slash command, for `server.post`. */
  slashPayload(
    channel: Channel,
    command: string,
    text: string,
    acted = this.#acted(channel, { trigger: true, responseUrl: true }),
  ): Json {
    const { enterprise } = this.workspace
    return {
      token: 'verification-token',
      team_id: this.workspace.id,
      team_domain: this.workspace.domain,
      ...(enterprise && { enterprise_id: enterprise.id, enterprise_name: enterprise.name }),
      channel_id: channel.id,
      channel_name: channel.im ? 'directmessage' : channel.private ? 'privategroup' : channel.name,
      user_id: this.id,
      user_name: this.user.name,
      command,
      text,
      api_app_id: this.#parts.app.id,
      is_enterprise_install: String(enterprise?.install ?? false),
      response_url: acted.responseUrl,
      trigger_id: acted.triggerId,
    }
  }

  /** Mentions the bot before the text, unless the text does so itself. */
  async mention(
    channel: Channel,
    text: string,
    options: { thread?: Message } = {},
  ): Promise<Acted & { message: Message }> {
    const bot = `<@${this.workspace.botUserId}>`
    const message = this.says(channel, text.includes(bot) ? text : `${bot} ${text}`, options)
    const acted = this.#acted(channel)
    if (channel.bot) {
      const { ts, threadTs, user, text: said } = message
      const thread = threadTs === undefined ? {} : { thread_ts: threadTs }
      const event = {
        type: 'app_mention',
        user,
        text: said,
        ts,
        channel: channel.id,
        team: this.workspace.id,
        ...thread,
        event_ts: ts,
      }
      await this.#tell(acted, event)
    }
    return Object.assign(acted, { message })
  }

  react(message: Message, name: string): Promise<Acted> {
    if (!addReaction(message, name, this.id)) throw new Error(`${this.user.name} has reacted with ${name} already`)
    return this.#reacted('reaction_added', message, name)
  }

  unreact(message: Message, name: string): Promise<Acted> {
    if (!removeReaction(message, name, this.id)) throw new Error(`${this.user.name} has not reacted with ${name}`)
    return this.#reacted('reaction_removed', message, name)
  }

  /** Presses a button or chooses, in a message (ephemeral ones too), a modal or the app's home. */
  async press(target: Message | View, actionId: string, choice: Choice = ''): Promise<Acted> {
    const found = elementOf(target, actionId, choice)
    const value = written(found, choice, this.#offered.get(keyOf(target)))
    const acted = this.#acted(this.#channelOf(target), {
      trigger: true,
      ...(target instanceof Message ? { responseUrl: true, original: target } : { viewId: target.id }),
    })
    if (!(target instanceof Message) && found.element.type !== 'button') {
      target.values[found.blockId] = { ...target.values[found.blockId], [actionId]: value }
    }
    await this.#send(acted, 'interactive', {
      type: 'block_actions',
      ...this.#who(acted),
      ...this.#where(target),
      ...(target instanceof Message && { response_url: acted.responseUrl, state: { values: {} } }),
      actions: [
        { ...value, action_id: actionId, block_id: found.blockId, action_ts: this.#parts.state.clock.timestamp() },
      ],
    })
    return acted
  }

  /** Types into an external select; what the app offers can then be chosen. The options are in `json`. */
  async suggest(target: Message | View, actionId: string, typed: string): Promise<Acted> {
    const { blockId } = elementOf(target, actionId)
    const acted = this.#acted(this.#channelOf(target))
    await this.#send(acted, 'interactive', {
      type: 'block_suggestion',
      ...this.#who(acted),
      ...this.#where(target),
      action_id: actionId,
      block_id: blockId,
      value: typed,
    })
    const groups = objects(acted.json.option_groups)
    const options = [...objects(acted.json.options), ...groups.flatMap(each => objects(each.options))]
    acted.problems = options.length > 0 ? problemsOfOptions(options) : []
    this.#offered.set(keyOf(target), [...(this.#offered.get(keyOf(target)) ?? []), ...options])
    return acted
  }

  /** `values` by action id or block id; what is left out keeps what it holds. Throws where Slack's client would not submit. */
  async submit(view: View, values: Record<string, Choice> = {}): Promise<Acted> {
    if (!view.open) throw new Error('the view is closed')
    const elements = elementsOf(view)
    for (const name of Object.keys(values)) {
      if (!elements.some(each => each.actionId === name || each.blockId === name))
        throw new Error(`no such input: ${name}`)
    }
    for (const found of elements) {
      if (found.element.type === 'button') continue
      const given = values[found.actionId] ?? values[found.blockId]
      const held = view.values[found.blockId]?.[found.actionId] ?? initial(found)
      const value = given === undefined ? held : written(found, given, this.#offered.get(view.id))
      if (found.input && !found.optional && isEmpty(value))
        throw new Error(`Slack does not submit without ${found.label}`)
      view.values[found.blockId] = { ...view.values[found.blockId], [found.actionId]: value }
    }
    const acted = this.#acted(undefined, { trigger: true, viewId: view.id })
    await this.#send(acted, 'interactive', {
      type: 'view_submission',
      ...this.#who(acted),
      view: this.#viewJson(view),
      response_urls: [],
    })
    if (acted.status === 200 && !acted.late) this.#follow(view, acted)
    return acted
  }

  /** The app hears of it when the view asks for that. */
  async closeView(view: View, options: { all?: boolean } = {}): Promise<Acted> {
    const all = options.all ?? flag(view.given.clear_on_close) ?? false
    const acted = this.#acted(undefined)
    for (const each of this.views) if (each === view || (all && each.rootId === view.rootId)) each.open = false
    if (flag(view.given.notify_on_close) === true) {
      const payload = { type: 'view_closed', ...this.#who(acted), view: this.#viewJson(view), is_cleared: all }
      await this.#send(acted, 'interactive', payload)
    }
    this.#parts.state.changed()
    return acted
  }

  /** A shortcut in a message's menu. */
  async shortcut(message: Message, callbackId: string): Promise<Acted> {
    const channel = this.#channelOf(message)
    const acted = this.#acted(channel, { trigger: true, responseUrl: true, original: message })
    await this.#send(acted, 'interactive', {
      type: 'message_action',
      ...this.#who(acted),
      callback_id: callbackId,
      action_ts: this.#parts.state.clock.timestamp(),
      message_ts: message.ts,
      message: this.#messageJson(message),
      channel: { id: message.channel, name: channel?.name ?? '' },
      response_url: acted.responseUrl,
    })
    return acted
  }

  /** A shortcut that belongs to no message. */
  async globalShortcut(callbackId: string): Promise<Acted> {
    const acted = this.#acted(undefined, { trigger: true })
    const action_ts = this.#parts.state.clock.timestamp()
    await this.#send(acted, 'interactive', {
      type: 'shortcut',
      ...this.#who(acted),
      callback_id: callbackId,
      action_ts,
    })
    return acted
  }

  async openHome(): Promise<Acted> {
    const acted = this.#acted(this.im)
    const view = this.home === undefined ? {} : { view: this.#viewJson(this.home) }
    await this.#tell(acted, {
      type: 'app_home_opened',
      user: this.id,
      channel: this.user.imChannel,
      tab: 'home',
      ...view,
    })
    return acted
  }

  /**
   * Installs the app in this person's workspace, as a browser would: the app's own install page, Slack's page, "Allow",
   * back to the app. `status` and `body` are the app's last answer.
   */
  async install(installUrl: string): Promise<{ status: number; body: string; location: string }> {
    const start = await fetch(installUrl, { redirect: 'manual' })
    const cookies = start.headers
      .getSetCookie()
      .map(each => each.split(';')[0])
      .join('; ')
    const html = await start.text()
    const next = start.headers.get('location') ?? /href="([^"]*\/oauth\/v2\/authorize[^"]*)"/.exec(html)?.[1]
    if (next === undefined || next === null) return { status: start.status, body: html, location: '' }
    const authorize = new URL(next.replaceAll('&amp;', '&'))
    authorize.searchParams.set('team', this.workspace.id)
    const page = await fetch(authorize)
    const forms = (await page.text()).split('<form').slice(1)
    const form = forms.find(each => each.includes(`<span class="user-login">${this.user.name}</span>`))
    if (form === undefined) return { status: page.status, body: forms.join(), location: '' }
    const fields = [...form.matchAll(/name="(\w+)" value="([^"]*)"/g)].map(each => [
      each[1] ?? '',
      unescaped(each[2] ?? ''),
    ])
    const action = /action="([^"]+)"/.exec(form)?.[1] ?? ''
    const allowed = await fetch(new URL(action, this.#parts.url()), {
      method: 'POST',
      body: new URLSearchParams(fields),
      redirect: 'manual',
    })
    const back = allowed.headers.get('location') ?? ''
    const done = await fetch(back, { headers: { cookie: cookies }, redirect: 'manual' })
    return { status: done.status, body: await done.text(), location: done.headers.get('location') ?? '' }
  }

  #acted(
    channel: Channel | undefined,
    needs: { trigger?: boolean; responseUrl?: boolean; original?: Message; viewId?: string } = {},
  ): Acted {
    const { state, url } = this.#parts
    const fields = { state, team: this.workspace.id, user: this.id, channel: channel?.id ?? '' }
    const address = `${url()}/commands/${this.workspace.id}/${state.id('R')}`
    if (needs.responseUrl) {
      const { original } = needs
      const { team, user, channel: at } = fields
      state.responseUrls.set(address, {
        team,
        user,
        channel: at,
        threadTs: original?.threadTs,
        at: state.clock.now,
        uses: 0,
        original: original?.ours ? original : undefined,
      })
    }
    return new Acted({
      ...fields,
      ...(needs.trigger && { triggerId: state.trigger(this.workspace.id, this.id, needs.viewId) }),
      ...(needs.responseUrl && { responseUrl: address }),
    })
  }

  async #send(acted: Acted, kind: Kind, payload: Json): Promise<void> {
    acted.delivered = await this.#parts.delivery.deliver(kind, payload)
    this.#parts.state.changed()
  }

  async #tell(acted: Acted, event: Json): Promise<void> {
    acted.event = await this.#parts.events.emit(this.workspace, event)
    acted.delivered = acted.event?.deliveries[0] ?? acted.delivered
  }

  async #reacted(type: string, message: Message, name: string): Promise<Acted> {
    const channel = this.#channelOf(message)
    const acted = this.#acted(channel)
    this.#parts.state.changed()
    if (channel?.bot) await this.#tell(acted, reactionEvent(type, message, name, this.id))
    return acted
  }

  #showAck(acted: Acted): void {
    const { state } = this.#parts
    const address = acted.responseUrl ?? ''
    const target = state.responseUrls.get(address)
    const body = Object.keys(acted.json).length > 0 ? acted.json : { text: acted.body }
    if (target !== undefined && acted.body !== '') show(state, target, body, 'ack', address)
    state.changed()
  }

  /** What Slack's client does with the answer to a submission. */
  #follow(view: View, acted: Acted): void {
    const { state } = this.#parts
    const { response_action: action } = acted.json
    const given = inner(acted.json.view)
    if (action === 'errors') {
      const inputs = elementsOf(view)
        .filter(each => each.input)
        .map(each => each.blockId)
      acted.problems = Object.keys(acted.errors)
        .filter(block => !inputs.includes(block))
        .map(block => `no input ${block}`)
      return
    }
    if (action === 'update' || action === 'push') {
      acted.problems = problemsOfView(given)
      if (acted.problems.length > 0) return
      if (action === 'update') replaceView(state, view, given)
      else openView(state, { team: view.team, user: view.user, type: 'modal', given, triggerId: acted.triggerId }, view)
    } else {
      for (const each of this.views)
        if (each === view || (action === 'clear' && each.rootId === view.rootId)) each.open = false
    }
    state.changed()
  }

  #who(acted: Acted): Json {
    const { id, domain, enterprise } = this.workspace
    return {
      user: { id: this.id, username: this.user.name, name: this.user.name, team_id: id },
      api_app_id: this.#parts.app.id,
      token: 'verification-token',
      team: { id, domain, ...(enterprise && { enterprise_id: enterprise.id, enterprise_name: enterprise.name }) },
      enterprise: enterprise ? { id: enterprise.id, name: enterprise.name } : null,
      is_enterprise_install: enterprise?.install ?? false,
      ...(acted.triggerId && { trigger_id: acted.triggerId }),
    }
  }

  #where(target: Message | View): Json {
    if (!(target instanceof Message))
      return { container: { type: 'view', view_id: target.id }, view: this.#viewJson(target) }
    const ephemeral = this.#parts.state.ephemerals.some(each => each.message === target)
    return {
      container: {
        type: 'message',
        message_ts: target.ts,
        channel_id: target.channel,
        is_ephemeral: ephemeral,
        ...(target.threadTs !== undefined && { thread_ts: target.threadTs }),
      },
      channel: { id: target.channel, name: this.#channelOf(target)?.name ?? '' },
      // Slack does not say what an ephemeral message held.
      ...(!ephemeral && { message: this.#messageJson(target) }),
    }
  }

  #channelOf(target: Message | View): Channel | undefined {
    if (!(target instanceof Message)) return undefined
    const channel = this.workspace.channels.get(target.channel)
    if (target.team !== this.workspace.id || channel === undefined) throw new Error('a message of another workspace')
    if (!isMember(channel, this.workspace, this.id)) throw new Error(`${this.user.name} is not in #${channel.name}`)
    return channel
  }

  #messageJson(message: Message): Json {
    const { state, app, settings } = this.#parts
    const json = asJson({ state, workspace: this.workspace, appId: app.id }, message)
    return withReactions(message, json, settings.shownReactors)
  }

  #viewJson(view: View): Json {
    return viewAsJson({ workspace: this.workspace, appId: this.#parts.app.id }, view)
  }
}

function keyOf(target: Message | View): string {
  return target instanceof Message ? target.ts : target.id
}

function unescaped(text: string): string {
  return text.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
}
