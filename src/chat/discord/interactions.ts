/**
 * Commands, forms and buttons. Discord gives three seconds: whatever comes is acknowledged first, before anything that
 * could wait, and answered afterwards through the interaction, which lives for 15 minutes.
 */
import {
  type APIComponentInLabel,
  type APILabelComponent,
  type APIModalInteractionResponseCallbackData,
  ApplicationIntegrationType,
  type AutocompleteInteraction,
  type ButtonInteraction,
  ChannelType,
  type ChatInputCommandInteraction,
  ComponentType,
  type Interaction,
  InteractionContextType,
  type MessageContextMenuCommandInteraction,
  MessageFlags,
  type ModalSubmitInteraction,
  PermissionFlagsBits,
  TextInputStyle,
} from 'discord.js'
import type { Charts } from '../../charts/index.ts'
import type { Arena } from '../../core/arena.ts'
import type { Ballot } from '../../core/ballot.ts'
import { type Command, findCommand, type Input } from '../../core/command.ts'
import { labels } from '../../core/comparison.ts'
import { asFaceoffError, FaceoffError } from '../../core/errors.ts'
import type { Leaderboard } from '../../core/leaderboard.ts'
import type { Catalogue, Person, Store } from '../../core/ports.ts'
import { formatPrice } from '../../core/text/format.ts'
import { type Locale, localeFor, sentenceFor, type Text, textFor } from '../../core/text/index.ts'
import type { Log } from '../../log.ts'
import { discordEscape } from '../markdown/index.ts'
import type { DiscordChat } from './chat.ts'
import { bodyOf, contentLimit, nameOf } from './messages.ts'
import { ballotLink, type Place, placeText, workspaceName } from './place.ts'
import { messageCommand } from './registration.ts'
import { type Answerable, privately, replyTexts } from './replies.ts'
import type { DiscordSummaries } from './summaries.ts'
import { summaryForm } from './summary-form.ts'
import { SummaryInteractions } from './summary-interactions.ts'

/** Discord's limits: suggestions at once, characters of their names and values, characters of a form's text. */
const mostSuggestions = 25
const suggestionLimit = 100
const formTextLimit = 4000

/** Messages that follow an interaction where the app is not installed, hence answers of one comparison. */
const mostWithoutMembership = 5

const form = 'compare'

/** What everybody in the channel may see; everything else is for the one who asked. */
const publicCommands: ReadonlySet<string> = new Set(['compare', 'leaderboard'])

/** Discord's limit for the description of a file, in characters. */
const altLimit = 1024

export type InteractionParts = {
  arena: Arena
  commands: readonly Command[]
  catalogue: Pick<Catalogue, 'models' | 'defaults'>
  people: Store['people']
  posts: Store['posts']
  charts: Pick<Charts, 'post'>
  summaries: DiscordSummaries
  votes: Pick<Store['votes'], 'reactions' | 'own'>
  chat: DiscordChat
  log: Log
}

export class Interactions {
  readonly #parts: InteractionParts
  readonly #summaries: SummaryInteractions

  constructor(given: InteractionParts) {
    this.#parts = given
    this.#summaries = new SummaryInteractions({
      arena: given.arena,
      summaries: given.summaries,
      personOf: interaction => this.#personOf(interaction),
      sentenceOf: (thrown, text) => this.#sentence(thrown, text),
    })
  }

  /** Never throws: what went wrong is told to the person, and logged where it is ours. */
  async handle(interaction: Interaction): Promise<void> {
    try {
      if (interaction.isAutocomplete()) await this.#suggest(interaction)
      else if (interaction.isChatInputCommand()) await this.#slash(interaction)
      else if (interaction.isMessageContextMenuCommand()) await this.#compareMessage(interaction)
      else if (interaction.isModalSubmit()) await this.#submitted(interaction)
      else if (interaction.isButton()) await this.#pressed(interaction)
    } catch (error) {
      // Not acknowledged in time, or gone: Discord has told the person itself, and nothing was begun.
      this.#parts.log.warn({ err: error, interaction: interaction.id }, 'interaction lost')
    }
  }

  // ── Commands ──────────────────────────────────────────────────────────────────────────────────────────────────────

  async #slash(interaction: ChatInputCommandInteraction): Promise<void> {
    const command = findCommand(interaction.commandName, this.#parts.commands)
    const input = inputOf(interaction)
    const free = command.options.find(({ kind, required }) => kind === 'text' && required)
    if (free && (input[free.name] ?? '').trim() === '') {
      await this.#ask(interaction, input)
      return
    }
    await this.#run(interaction, command, input)
  }

  async #compareMessage(interaction: MessageContextMenuCommandInteraction): Promise<void> {
    if (interaction.commandName !== messageCommand) return
    const prompt = interaction.targetMessage.content
    if (prompt.trim() === '') {
      await interaction.reply(privately(textFor(localeFor(interaction.locale)).chat.noText))
      return
    }
    await this.#run(interaction, findCommand('compare', this.#parts.commands), { prompt })
  }

  async #submitted(interaction: ModalSubmitInteraction): Promise<void> {
    if (interaction.customId === summaryForm) return this.#summaries.change(interaction)
    if (interaction.customId !== form) return
    const { fields } = interaction
    await this.#run(interaction, findCommand('compare', this.#parts.commands), {
      prompt: fields.getTextInputValue('prompt'),
      models: fields.getTextInputValue('models'),
      category: fields.getStringSelectValues('category')[0] ?? '',
      blind: fields.getStringSelectValues('blind')[0] ?? '',
    })
  }

  async #run(interaction: Answerable, command: Command, input: Input): Promise<void> {
    const locale = localeFor(interaction.locale)
    const isPublic = publicCommands.has(command.name)
    await interaction.deferReply(isPublic ? {} : { flags: MessageFlags.Ephemeral })
    try {
      const place = placeFor(interaction)
      const given = (input.models ?? '').split(',').filter(name => name.trim() !== '').length
      if (command.name === 'compare' && place.mode === 'reply' && given > mostWithoutMembership) {
        throw new FaceoffError({ code: 'too_many_models', given, limit: mostWithoutMembership })
      }
      const person = await this.#personOf(interaction)
      const reply = await command.run(
        {
          arena: this.#parts.arena,
          person,
          workspaceId: person.workspaceId,
          platform: 'discord',
          channel: place.channelId,
          place: placeText(place),
          locale,
        },
        input,
      )
      if (reply.kind === 'ballot') return
      if (reply.kind === 'summary') return await this.#summaries.show(interaction, reply.summary)
      if (reply.kind === 'summary_settings') return await this.#summaries.showSettings(interaction, reply)
      const linkOf = (id: string) => this.#linkOf(id, interaction.guildId)
      const [first = '', ...rest] = await replyTexts(reply, {
        commands: this.#parts.commands,
        text: textFor(locale),
        linkOf,
      })
      const picture = reply.kind === 'leaderboard' ? await this.#pictureOf(reply.leaderboard, locale) : []
      await interaction.editReply({ ...privately(first, false), files: picture })
      for (const text of rest) await interaction.followUp(privately(text, !isPublic))
    } catch (thrown) {
      await this.#refuse(interaction, thrown, isPublic)
    }
  }

  /** A picture is an addition: without it everything is said all the same. */
  async #pictureOf(board: Leaderboard, locale: Locale) {
    try {
      const picture = await this.#parts.charts.post(board, { locale, theme: 'dark' })
      return picture
        ? [
            {
              attachment: Buffer.from(picture.png),
              name: 'leaderboard.png',
              description: picture.alt.slice(0, altLimit),
            },
          ]
        : []
    } catch (error) {
      this.#parts.log.warn({ err: error }, 'leaderboard not drawn')
      return []
    }
  }

  async #linkOf(comparisonId: string, guildId: string | null): Promise<string | null> {
    const { ballot } = await this.#parts.arena.view(comparisonId, null)
    return ballotLink(this.#parts.posts, comparisonId, { guildId, channel: ballot.channel })
  }

  /** The form for a long prompt, with what was given already. */
  async #ask(interaction: ChatInputCommandInteraction, input: Input): Promise<void> {
    const text = textFor(localeFor(interaction.locale))
    const { form: words } = text.chat
    const category = this.#optionOf('category')
    const defaults = this.#parts.catalogue.defaults().join(', ')
    const modal: APIModalInteractionResponseCallbackData = {
      custom_id: form,
      title: words.title,
      components: [
        labelled(words.prompt, {
          type: ComponentType.TextInput,
          custom_id: 'prompt',
          style: TextInputStyle.Paragraph,
          max_length: formTextLimit,
          required: true,
        }),
        labelled(words.models, {
          type: ComponentType.TextInput,
          custom_id: 'models',
          style: TextInputStyle.Short,
          required: false,
          placeholder: words.modelsHint(defaults).slice(0, suggestionLimit),
          ...(input.models !== undefined && { value: input.models.slice(0, formTextLimit) }),
        }),
        labelled(words.category, {
          type: ComponentType.StringSelect,
          custom_id: 'category',
          required: false,
          options: (category?.choices ?? []).map(choice => ({
            label: choice.name(text),
            value: choice.value,
            default: choice.value === input.category,
          })),
        }),
        labelled(words.blind, {
          type: ComponentType.StringSelect,
          custom_id: 'blind',
          required: false,
          options: (['yes', 'no'] as const).map(value => ({
            label: text[value],
            value,
            default: value === (input.blind ?? 'yes'),
          })),
        }),
      ],
    }
    await interaction.showModal(modal)
  }

  /** Completes the last of the names, from what is in memory: nothing here waits. */
  async #suggest(interaction: AutocompleteInteraction): Promise<void> {
    const text = textFor(localeFor(interaction.locale))
    const given = interaction.options.getFocused().split(',')
    const begun = (given.pop() ?? '').trim().toLowerCase()
    const before = given.map(name => name.trim()).filter(name => name !== '')
    const matches = this.#parts.catalogue
      .models()
      .filter(({ id, name }) => !before.includes(id) && `${id} ${name}`.toLowerCase().includes(begun))
      .map(model => {
        const region = model.region === null ? text.results.unknown : text.models.regions[model.region]
        const value = [...before, model.id].join(', ')
        const name = [...before, `${model.name} · ${formatPrice(model.price, text)} · ${region}`].join(', ')
        return { name: name.slice(0, suggestionLimit), value }
      })
      .filter(({ value }) => value.length <= suggestionLimit)
    await interaction.respond(matches.slice(0, mostSuggestions))
  }

  // ── Buttons ───────────────────────────────────────────────────────────────────────────────────────────────────────

  async #pressed(interaction: ButtonInteraction): Promise<void> {
    const [act, ...rest] = interaction.customId.split(':')
    const id = rest.pop() ?? ''
    switch (act) {
      case 'vote':
        return this.#answered(interaction, (person, text) => this.#vote(interaction, id, person, rest[0], text))
      case 'stop':
      case 'reveal':
        return this.#answered(interaction, async person => {
          const { arena } = this.#parts
          await this.#showHere(interaction, await arena[act](id, led(person, interaction)))
          return null
        })
      case 'prompt':
        return this.#showPrompt(interaction, id)
      case summaryForm:
        return this.#summaries.openForm(interaction)
    }
  }

  async #vote(
    interaction: ButtonInteraction,
    id: string,
    person: Person,
    given: string | undefined,
    text: Text,
  ): Promise<string> {
    const { arena, votes, chat } = this.#parts
    const choice = [...labels, 'tie' as const, 'both_bad' as const].find(known => known === given)
    if (choice === undefined) throw new FaceoffError({ code: 'choice_not_open', choice: given ?? '' })
    const own = (await votes.own(person.id, [id])).get(id)
    const ballot = own === choice ? await arena.withdraw(id, person) : await arena.vote(id, person, choice)
    await this.#showHere(interaction, ballot)
    // The emoji says something else now, to everybody.
    const stale = await votes.reactions(id, person.id)
    if (stale.length > 0) {
      await chat
        .removeReactions(id, ballot.place, interaction.user.id, stale)
        .catch(error => this.#parts.log.warn({ err: error, comparisonId: id }, 'reactions not removed'))
    }
    return own === choice ? text.chat.noVote : text.ballot.yourVote(nameOf(choice, text))
  }

  /** Where we are no member, only the button's own interaction can change the message it is on. */
  async #showHere(interaction: ButtonInteraction, ballot: Ballot): Promise<void> {
    if (isMember(interaction)) return
    const { body } = bodyOf(this.#parts.chat.messageOf(ballot))
    await interaction.editReply(body)
  }

  async #showPrompt(interaction: ButtonInteraction, id: string): Promise<void> {
    await interaction.deferReply({ flags: MessageFlags.Ephemeral })
    const text = textFor(localeFor(interaction.locale))
    try {
      const { ballot } = await this.#parts.arena.view(id, null)
      const whole = discordEscape(ballot.prompt)
      await interaction.editReply(
        whole.length <= contentLimit
          ? privately(whole, false)
          : { ...privately('', false), files: [{ attachment: Buffer.from(ballot.prompt), name: 'prompt.md' }] },
      )
    } catch (thrown) {
      await interaction.editReply(privately(this.#sentence(thrown, text), false))
    }
  }

  /** Acknowledges a button, does what it says, and tells the person alone what came of it. */
  async #answered(
    interaction: ButtonInteraction,
    act: (person: Person, text: Text) => Promise<string | null>,
  ): Promise<void> {
    const text = textFor(localeFor(interaction.locale))
    await interaction.deferUpdate()
    let receipt: string | null
    try {
      receipt = await act(await this.#personOf(interaction), text)
    } catch (thrown) {
      receipt = this.#sentence(thrown, text)
    }
    if (receipt !== null) await interaction.followUp(privately(receipt))
  }

  // ── People and problems ───────────────────────────────────────────────────────────────────────────────────────────

  async #personOf(interaction: Answerable | ButtonInteraction): Promise<Person> {
    const { people } = this.#parts
    const workspaceId = await people.workspace(
      'discord',
      workspaceName(interaction.guildId, interaction.channelId ?? ''),
    )
    const { member, user } = interaction
    const nick = member && 'displayName' in member ? member.displayName : member?.nick
    const person = await people.person(workspaceId, user.id, { name: nick ?? user.displayName })
    return { ...person, admin: person.admin || leads(interaction) }
  }

  /** Everybody saw that something was coming; why it did not come concerns one. */
  async #refuse(interaction: Answerable, thrown: unknown, isPublic: boolean): Promise<void> {
    const sentence = this.#sentence(thrown, textFor(localeFor(interaction.locale)))
    if (!isPublic) {
      await interaction.editReply(privately(sentence, false))
      return
    }
    await interaction.deleteReply()
    await interaction.followUp(privately(sentence))
  }

  #sentence(thrown: unknown, text: Text): string {
    const { problem, kind } = asFaceoffError(thrown)
    if (kind !== 'user') this.#parts.log.error({ err: thrown }, 'interaction failed')
    return discordEscape(sentenceFor(problem, text))
  }

  #optionOf(name: string) {
    return this.#parts.commands.flatMap(({ options }) => options).find(option => option.name === name)
  }
}

/** Whoever manages the server; and in the app's conversation with one person, that person. */
function leads({ memberPermissions, context }: Pick<Answerable, 'memberPermissions' | 'context'>): boolean {
  return context === InteractionContextType.BotDM || (memberPermissions?.has(PermissionFlagsBits.ManageGuild) ?? false)
}

/** Whoever may remove other people's messages here may end their ballots. */
function led(person: Person, interaction: ButtonInteraction): Person {
  const may = interaction.memberPermissions?.has(PermissionFlagsBits.ManageMessages) ?? false
  return { ...person, admin: person.admin || may }
}

function inputOf(interaction: ChatInputCommandInteraction): Input {
  const given = interaction.options.data.map(({ name, value }) => {
    const text = typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value ?? '')
    return [name, text] as const
  })
  return Object.fromEntries(given)
}

/** The app is on this server, or in a conversation of its own with this person. */
function isMember(interaction: Answerable | ButtonInteraction): boolean {
  const owners = interaction.authorizingIntegrationOwners
  return (
    owners[ApplicationIntegrationType.GuildInstall] !== undefined ||
    interaction.context === InteractionContextType.BotDM
  )
}

/** The best place for the answers that Discord allows here. */
function placeFor(interaction: Answerable): Place {
  const { channel, channelId, applicationId, token } = interaction
  const base = { channelId: channelId ?? '', applicationId, token }
  const rights = interaction.appPermissions
  if (!isMember(interaction) || !rights.has(PermissionFlagsBits.ViewChannel)) {
    return { ...base, mode: 'reply', why: 'not_installed' }
  }
  if (interaction.context === InteractionContextType.BotDM) return { ...base, mode: 'here', why: 'in_voice' }
  switch (channel?.type) {
    case ChannelType.GuildText:
    case ChannelType.GuildAnnouncement: {
      const needed = [PermissionFlagsBits.CreatePublicThreads, PermissionFlagsBits.SendMessagesInThreads]
      if (rights.has(needed)) return { ...base, mode: 'thread', why: null }
      if (rights.has(PermissionFlagsBits.SendMessages)) return { ...base, mode: 'here', why: 'no_right' }
      throw new FaceoffError({ code: 'chat_closed', missing: 'Send Messages' })
    }
    case ChannelType.PublicThread:
    case ChannelType.PrivateThread:
    case ChannelType.AnnouncementThread:
      if (rights.has(PermissionFlagsBits.SendMessagesInThreads)) return { ...base, mode: 'here', why: 'in_thread' }
      throw new FaceoffError({ code: 'chat_closed', missing: 'Send Messages in Threads' })
    default:
      if (rights.has(PermissionFlagsBits.SendMessages)) return { ...base, mode: 'here', why: 'in_voice' }
      throw new FaceoffError({ code: 'chat_closed', missing: 'Send Messages' })
  }
}

function labelled(label: string, component: APIComponentInLabel): APILabelComponent {
  return { type: ComponentType.Label, label, component }
}
