/** People on Discord: what they type, press and react with, and what comes back to them. */
import { ApplicationCommandOptionType as kinds } from 'discord.js'
import { listOf, objectOf, textOf } from './checks.ts'
import { bitsOf, type Channel, channelJson, type Json, type Message, snowflake, type User, userJson } from './model.ts'
import { type Interaction, memberOf, type State } from './state.ts'

/** What became of something a person did. */
export class Acted {
  readonly #interaction: Interaction

  constructor(interaction: Interaction) {
    this.#interaction = interaction
  }

  /** Milliseconds until it was acknowledged; rejects after three seconds. */
  get acknowledged(): Promise<number> {
    return this.#interaction.acknowledged.promise
  }

  get token(): string {
    return this.#interaction.token
  }

  get modal(): Json | null {
    return this.#interaction.modal
  }

  get choices(): { name: string; value: string }[] {
    return (this.#interaction.choices ?? []).map(({ name, value }) => ({ name: textOf(name), value: textOf(value) }))
  }

  /** What everybody sees as the reply. */
  get reply(): Message | undefined {
    const { original } = this.#interaction
    return original && !original.deleted && original.ephemeralFor === null ? original : undefined
  }

  /** What only this person sees, as it is now. */
  get ephemerals(): Message[] {
    return this.#interaction.ephemerals.filter(
      ({ deleted, content, attachments, embeds }) =>
        !deleted && (content !== '' || attachments.length > 0 || embeds.length > 0),
    )
  }

  get interaction(): Interaction {
    return this.#interaction
  }
}

type Options = Readonly<Record<string, string | boolean>>

export class Person {
  readonly user: User
  readonly #state: State

  constructor(state: State, user: User) {
    this.#state = state
    this.user = user
    state.users.set(user.id, user)
  }

  get id(): string {
    return this.user.id
  }

  slash(channel: Channel, name: string, options: Options = {}): Acted {
    return this.#command(2, channel, name, { options: optionsOf(options) })
  }

  /** Types into the option `focused`, and is offered something. */
  autocomplete(channel: Channel, name: string, options: Options, focused: string): Acted {
    const given = optionsOf(options).map(option => ({ ...option, ...(option.name === focused && { focused: true }) }))
    return this.#command(4, channel, name, { options: given })
  }

  messageCommand(channel: Channel, message: Message, name: string): Acted {
    const resolved = { messages: { [message.id]: this.#state.jsonOf(message) } }
    return this.#command(2, channel, name, { type: 3, target_id: message.id, resolved })
  }

  press(message: Message, customId: string): Acted {
    const button = message.components
      .flatMap(row => listOf(row.components))
      .find(({ custom_id }) => custom_id === customId)
    if (!button || button.disabled === true) throw new Error(`there is no button ${customId} to press`)
    const channel = this.#state.channel(message.channelId)
    const acted = this.#act(
      3,
      channel,
      { component_type: 2, custom_id: customId },
      { message: this.#state.jsonOf(message) },
    )
    acted.interaction.original = message
    return acted
  }

  /** Sends the form that was opened; `fields` by custom id, what is not named as it stood there. */
  submit(opened: Acted, fields: Readonly<Record<string, string>>): Acted {
    const modal = objectOf(opened.modal)
    const channels: Record<string, Json> = {}
    const components = listOf(modal.components).map(label => {
      const field = objectOf(label.component)
      const id = textOf(field.custom_id)
      const chosen = listOf(field.options).find(option => option.default === true)
      const [preset] = listOf(field.default_values)
      const value = fields[id] ?? (textOf(field.value) || textOf(chosen?.value) || textOf(preset?.id))
      if (field.required !== false && value === '') throw new Error(`${id} is required`)
      const isChosen = field.type === 3 || field.type === 8
      if (field.type === 8 && value !== '') channels[value] = channelJson(this.#state.channel(value))
      const answer = isChosen ? { values: value === '' ? [] : [value] } : { value }
      return { type: 18, id: 1, component: { type: field.type, id: 2, custom_id: id, ...answer } }
    })
    const resolved = { channels }
    return this.#act(5, opened.interaction.channel, { custom_id: modal.custom_id, components, resolved })
  }

  react(message: Message, emoji: string): void {
    this.#state.react(message, this.user, emoji)
  }

  unreact(message: Message, emoji: string): void {
    this.#state.unreact(message, this.user.id, emoji)
  }

  write(channel: Channel, content: string): Message {
    return this.#state.post(channel, this.user.id, { content, allowed_mentions: { parse: [] }, flags: 4 }, [])
  }

  #command(type: number, channel: Channel, name: string, data: Json): Acted {
    return this.#act(type, channel, { id: snowflake(), type: 1, name, ...data })
  }

  #act(type: number, channel: Channel, data: Json, more: Json = {}): Acted {
    const state = this.#state
    const { guild } = channel
    const isMember = guild ? guild.installed : channel.recipientId === this.user.id
    const interaction: Interaction = {
      id: snowflake(),
      token: `token-${snowflake()}`,
      user: this.user,
      guild,
      channel,
      isMember,
      startedAt: performance.now(),
      createdAt: state.now,
      acknowledged: Promise.withResolvers(),
      callback: null,
      modal: null,
      choices: null,
      original: null,
      isDeferred: false,
      followUps: 0,
      ephemerals: [],
    }
    interaction.acknowledged.promise.catch(() => {})
    const timer = setTimeout(() => {
      interaction.acknowledged.reject(new Error('the application did not respond'))
      state.changed()
    }, 3000)
    void interaction.acknowledged.promise.finally(() => clearTimeout(timer)).catch(() => {})
    state.interactions.set(interaction.token, interaction)
    const permissions = bitsOf([
      'ViewChannel',
      ...(this.user.manageMessages ? (['ManageMessages'] as const) : []),
      ...(this.user.manageServer ? (['ManageGuild'] as const) : []),
    ])
    const who = guild
      ? { member: { ...memberOf(this.user), permissions }, guild_id: guild.id }
      : { user: userJson(this.user) }
    const appPermissions =
      isMember && guild ? bitsOf(channel.rights) : bitsOf(['SendMessages', 'EmbedLinks', 'AttachFiles'])
    state.emit({
      name: 'INTERACTION_CREATE',
      guildId: guild?.id ?? null,
      intent: 0,
      data: {
        id: interaction.id,
        application_id: state.applicationId,
        type,
        token: interaction.token,
        version: 1,
        data,
        channel_id: channel.id,
        channel: channelJson(channel),
        locale: this.user.locale,
        guild_locale: guild ? 'en-US' : undefined,
        app_permissions: appPermissions,
        entitlements: [],
        attachment_size_limit: 10_485_760,
        authorizing_integration_owners: isMember && guild ? { 0: guild.id } : { 1: this.user.id },
        context: guild ? 0 : isMember ? 1 : 2,
        ...who,
        ...more,
      },
    })
    return new Acted(interaction)
  }
}

function optionsOf(options: Options): Json[] {
  return Object.entries(options).map(([name, value]) => ({
    name,
    value,
    type: typeof value === 'boolean' ? kinds.Boolean : kinds.String,
  }))
}
