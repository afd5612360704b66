/** `/summary` on Discord: the week so far, the settings, and the form that changes them. */
import { type ButtonInteraction, MessageFlags, type ModalSubmitInteraction } from 'discord.js'
import type { Arena } from '../../core/arena.ts'
import { FaceoffError } from '../../core/errors.ts'
import type { Person } from '../../core/ports.ts'
import type { SummarySetup } from '../../core/summarising.ts'
import type { WeekSummary } from '../../core/summary.ts'
import { settingsLines } from '../../core/summary-text.ts'
import { localeFor, type Text, textFor } from '../../core/text/index.ts'
import { type Answerable, privately } from './replies.ts'
import { type DiscordSummaries, fileName } from './summaries.ts'
import { changeButton, settingsIn, summaryModal } from './summary-form.ts'

type Parts = {
  arena: Pick<Arena, 'summaries'>
  summaries: DiscordSummaries
  personOf: (interaction: Answerable | ButtonInteraction) => Promise<Person>
  sentenceOf: (thrown: unknown, text: Text) => string
}

export class SummaryInteractions {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** In the reply that was deferred. */
  async show(interaction: Answerable, summary: WeekSummary): Promise<void> {
    const locale = localeFor(interaction.locale)
    const { guildId, channelId } = interaction
    const shown = { text: textFor(locale), locale, guildId, channel: channelId ?? '', url: null, isPost: false }
    const { content, embeds, picture } = await this.#parts.summaries.messageOf(summary, shown)
    const files = picture ? [{ name: fileName, attachment: picture.data, description: picture.alt }] : []
    await interaction.editReply({ content, embeds, files, allowedMentions: { parse: [] } })
  }

  /** In the reply that was deferred; whoever may change them is given a button. */
  async showSettings(
    interaction: Answerable,
    { setup, mayChange, saved = false }: { setup: SummarySetup; mayChange: boolean; saved?: boolean },
  ): Promise<void> {
    const text = textFor(localeFor(interaction.locale))
    const { settings: words } = text.summary
    const lines = settingsLines(setup, channel => `<#${channel}>`, text).map(({ name, value }) =>
      name === '' ? value : `**${name}**: ${value}`,
    )
    const content = [...(saved ? [words.saved] : []), ...lines, ...(mayChange ? [] : [words.adminsChange])].join('\n')
    await interaction.editReply({ ...privately(content, false), components: mayChange ? [changeButton(text)] : [] })
  }

  /** A form has to be the first answer to a button, so nothing slow comes before it. */
  async openForm(interaction: ButtonInteraction): Promise<void> {
    const text = textFor(localeFor(interaction.locale))
    try {
      const person = await this.#parts.personOf(interaction)
      if (!person.admin) throw new FaceoffError({ code: 'admins_only' })
      await interaction.showModal(summaryModal(await this.#parts.arena.summaries.settings(person.workspaceId), text))
    } catch (thrown) {
      await interaction.reply(privately(this.#parts.sentenceOf(thrown, text)))
    }
  }

  async change(interaction: ModalSubmitInteraction): Promise<void> {
    const { arena, personOf, sentenceOf } = this.#parts
    await interaction.deferReply({ flags: MessageFlags.Ephemeral })
    try {
      const person = await personOf(interaction)
      const wished = settingsIn(interaction.fields, await arena.summaries.settings(person.workspaceId))
      const setup = await arena.summaries.change(person.workspaceId, person, wished)
      await this.showSettings(interaction, { setup, mayChange: true, saved: true })
    } catch (thrown) {
      await interaction.editReply(privately(sentenceOf(thrown, textFor(localeFor(interaction.locale))), false))
    }
  }
}
