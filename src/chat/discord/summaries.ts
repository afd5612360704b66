/** The weekly summary on Discord: one message with an embed, whose picture is attached to it. */
import { createHash } from 'node:crypto'
import { type APIEmbed, type APIGuild, type APIMessage, type APIUser, Routes } from 'discord.js'
import type { Charts } from '../../charts/index.ts'
import type { Ledger, Posts } from '../../core/ports.ts'
import type { PostedSummary, SummaryNotice, WeekSummary } from '../../core/summary.ts'
import {
  noticeText,
  quoteVotes,
  summaryFacts,
  summaryHeadline,
  summaryQuotes,
  summarySections,
  summaryTitle,
} from '../../core/summary-text.ts'
import { type Locale, type Text, textFor } from '../../core/text/index.ts'
import type { Log } from '../../log.ts'
import { postOnce } from '../ledger.ts'
import { discordEscape } from '../markdown/index.ts'
import { ballotLink, guildOf } from './place.ts'
import type { DiscordRest } from './rest.ts'

/** Discord's limits of an embed, in characters; the last one is of all its texts together. */
const fieldLimit = 1024
const descriptionLimit = 4096
const embedLimit = 6000

/** Of the description of a file. */
const altLimit = 1024

export const fileName = 'summary.png'

/** The console's violet. */
const colour = 0x5248d6

const pageSize = 100

export type SummaryMessage = { content: string; embeds: APIEmbed[]; picture: { data: Buffer; alt: string } | null }

/** `guildId` null: nothing can be linked. `channel`: where it is shown, and whose prompts it quotes. */
type Shown = {
  text: Text
  locale: Locale
  guildId: string | null
  channel: string
  url: string | null
  isPost: boolean
}

type SummaryParts = {
  rest: DiscordRest
  posts: Posts
  ledger: Ledger
  charts: Pick<Charts, 'post'>
  /** Where the console is, if people can reach it. */
  consoleUrl: string | null
  log: Log
}

export class DiscordSummaries {
  readonly #parts: SummaryParts

  constructor(parts: SummaryParts) {
    this.#parts = parts
  }

  /** Throws `chat_closed`, `post_gone` where the channel is gone, or `chat_down`. */
  async post(summary: PostedSummary): Promise<void> {
    const { rest, ledger, consoleUrl } = this.#parts
    const { id, channel, externalId, locale } = summary
    const text = textFor(locale)
    await postOnce({
      posts: ledger,
      id,
      part: 'post',
      post: async () => {
        const url = consoleUrl === null ? null : `${consoleUrl}/summaries/${id}`
        const guildId = guildOf(externalId)
        const message = await this.messageOf(summary, { text, locale, guildId, channel, url, isPost: true })
        const { picture } = message
        const files = picture ? [{ name: fileName, data: picture.data }] : []
        const body = { ...bodyOf(message), nonce: nonceOf(id), enforce_nonce: true }
        const sent = await rest.inThread(channel, () => rest.post(Routes.channelMessages(channel), { body, files }))
        return (sent as APIMessage).id
      },
      find: () => this.#find(channel, summaryTitle(summary, text)),
    })
  }

  /** By direct message; throws `chat_closed` for somebody who takes none. */
  async tell(notice: SummaryNotice): Promise<void> {
    const { rest, ledger } = this.#parts
    const { id, externalId, channel, locale } = notice
    const content = noticeText(notice, `<#${channel}>`, textFor(locale))
    const post = async () => {
      const to = notice.to ?? (await this.#ownerOf(externalId))
      if (to === null) return 'nobody'
      const direct = (await rest.post(Routes.userChannels(), { body: { recipient_id: to } })) as { id: string }
      await rest.post(Routes.channelMessages(direct.id), { body: { content, allowed_mentions: { parse: [] } } })
      return to
    }
    // Told twice, where nobody knows, is better than never.
    await postOnce({ posts: ledger, id, part: 'told', post, find: async () => undefined })
  }

  /** As it is posted, or shown to one person. */
  async messageOf(summary: WeekSummary, shown: Shown): Promise<SummaryMessage> {
    const { text, locale, url, isPost } = shown
    const { numbers } = summary
    const picture = await this.#pictureOf(summary, locale)
    const description = summaryFacts(summary, text)
      .map(fact => discordEscape(fact))
      .join('\n')
    const head: APIEmbed = {
      title: summaryTitle(summary, text),
      description: description.slice(0, descriptionLimit),
      color: colour,
      ...(url !== null && { url }),
      ...(picture && { image: { url: `attachment://${fileName}` } }),
    }
    const fields = [...fieldsOf(summary, text), ...(await this.#promptFields(summary, shown))]
    const footer = isPost ? { footer: { text: text.summary.changeOrStop } } : {}
    return {
      content: `**${discordEscape(summaryHeadline(numbers, text))}**`,
      // An embed shows its picture last, and the picture says most: so the rest is in a second one.
      embeds:
        fields.length === 0
          ? [{ ...head, ...footer }]
          : [head, shortenedTo(embedLimit - lengthOf(head), { color: colour, fields, ...footer })],
      picture: picture && { data: Buffer.from(picture.png), alt: picture.alt.slice(0, altLimit) },
    }
  }

  /** A picture is an addition: without it everything is said all the same. */
  async #pictureOf(summary: WeekSummary, locale: Locale) {
    try {
      return await this.#parts.charts.post(summary, { locale, theme: 'dark' })
    } catch (error) {
      this.#parts.log.warn({ err: error }, 'summary not drawn')
      return null
    }
  }

  async #promptFields({ numbers }: WeekSummary, { guildId, channel, text }: Shown): Promise<Field[]> {
    const linkOf = (id: string) => ballotLink(this.#parts.posts, id, { guildId, channel })
    const quotes = await Promise.all(
      summaryQuotes(numbers, text).map(async ({ title, quote }) => {
        const prompt = discordEscape(quote.prompt)
        const link = await linkOf(quote.comparisonId)
        const linked = link === null ? text.summary.quoted(prompt) : `[${prompt.replace(/[[\]\\]/g, '')}](${link})`
        return `**${title}**: ${linked} (${discordEscape(quoteVotes(quote, numbers, text))})`
      }),
    )
    const links = await Promise.all(
      numbers.open.comparisonIds.map(async (id, at) => {
        const link = await linkOf(id)
        return link === null ? [] : [`[${text.summary.ballot(at + 1)}](${link})`]
      }),
    )
    const { sections } = text.summary
    return [
      ...(quotes.length > 0 ? [fieldOf(sections.prompts, quotes)] : []),
      ...(numbers.open.count > 0
        ? [fieldOf(sections.open, [[text.summary.open(numbers.open.count), ...links.flat()].join(' ')])]
        : []),
    ]
  }

  /** One of ours with this title: there is one week of that name. */
  async #find(channel: string, title: string): Promise<string | undefined> {
    const { rest } = this.#parts
    const query = new URLSearchParams({ limit: String(pageSize) })
    const [me, messages] = (await Promise.all([
      rest.get(Routes.user()),
      rest.get(Routes.channelMessages(channel), { query }),
    ])) as [APIUser, APIMessage[]]
    return messages.find(({ author, embeds }) => author.id === me.id && embeds.some(embed => embed.title === title))?.id
  }

  /** A conversation has none. */
  async #ownerOf(externalId: string): Promise<string | null> {
    const guildId = guildOf(externalId)
    if (guildId === null) return null
    return ((await this.#parts.rest.get(Routes.guild(guildId))) as APIGuild).owner_id
  }
}

/** What is sent: nobody is pinged, and the picture says what it shows. */
function bodyOf({ content, embeds, picture }: SummaryMessage) {
  const attachments = picture ? [{ id: 0, filename: fileName, description: picture.alt }] : []
  return { content, embeds, allowed_mentions: { parse: [] }, attachments }
}

type Field = { name: string; value: string }

function fieldsOf({ numbers }: WeekSummary, text: Text): Field[] {
  return summarySections(numbers, text).map(({ title, lines }) =>
    fieldOf(
      title,
      lines.map(line => discordEscape(line)),
    ),
  )
}

/** As many of the lines as fit. */
function fieldOf(name: string, lines: readonly string[]): Field {
  let value = ''
  for (const line of lines) {
    const longer = value === '' ? line : `${value}\n${line}`
    if (longer.length > fieldLimit) break
    value = longer
  }
  return { name, value: value === '' ? '–' : value }
}

/** Without its last fields, where it would be too long. */
function shortenedTo(limit: number, embed: APIEmbed): APIEmbed {
  const { fields = [], footer } = embed
  let left = limit - (footer?.text.length ?? 0)
  const kept = fields.filter(({ name, value }) => {
    left -= name.length + value.length
    return left >= 0
  })
  return { ...embed, fields: kept }
}

function lengthOf({ title = '', description = '' }: APIEmbed): number {
  return title.length + description.length
}

/** Twenty-five characters at most; the same for the same summary, so that a repeated call posts nothing twice. */
function nonceOf(id: string): string {
  return createHash('sha256').update(`summary ${id}`).digest('base64url').slice(0, 25)
}
