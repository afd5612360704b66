/** The weekly summary on Slack: one message of blocks, with its picture among them where Slack takes it. */
import type { Charts } from '../../charts/index.ts'
import { asFaceoffError } from '../../core/errors.ts'
import type { Ledger } from '../../core/ports.ts'
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
import { slackEscape } from '../markdown/index.ts'
import type { SlackApi } from './api.ts'
import { sectionLimit } from './limits.ts'
import type { Links } from './links.ts'
import { type Block, context, type Message, section } from './messages.ts'
import type { Picture, Pictures } from './pictures.ts'
import { placeOf, type Team } from './place.ts'
import { codeOf } from './refusals.ts'
import type { Telling } from './telling.ts'
import { keyOf, quiet } from './thread.ts'

export type SummaryParts = {
  api: SlackApi
  ledger: Ledger
  charts: Pick<Charts, 'post'>
  pictures: Pictures
  links: Links
  telling: Pick<Telling, 'sentence'>
  /** Where the console is, if people can reach it. */
  consoleUrl: string | null
  log: Log
}

/** `url`: of its page in the console. */
type Shown = { team: Team; text: Text; url: string | null; isPost: boolean }

export class SlackSummaries {
  readonly #parts: SummaryParts

  constructor(parts: SummaryParts) {
    this.#parts = parts
  }

  /** Throws `chat_closed` where we may not post, or `chat_down`. */
  async post(summary: PostedSummary): Promise<void> {
    const { ledger, consoleUrl, pictures } = this.#parts
    const { id, locale } = summary
    const team = teamOf(summary)
    if ((await ledger.of(id)).has('post')) return
    const text = textFor(locale)
    const url = consoleUrl === null ? null : `${consoleUrl}/summaries/${id}`
    const { text: fallback, blocks } = await this.messageOf(summary, { team, text, url, isPost: true })
    const picture = await this.pictureOf(summary, locale)
    // A claim lapses before Slack may have taken a picture: each try has its own, and nothing slow is within it.
    const send = (all: Block[]) =>
      postOnce({
        posts: ledger,
        id,
        part: 'post',
        post: () => this.#send(team, summary, { text: fallback, blocks: all }),
        find: () => this.#find(team, summary),
      })
    const withPicture = picture && (await pictures.show(team, picture, block => send(withBlock(blocks, block))))
    if (withPicture === null) await send(blocks)
  }

  /** By direct message: to whoever set it, or whoever owns the workspace. */
  async tell(notice: SummaryNotice): Promise<void> {
    const { api, ledger, telling } = this.#parts
    const { id, channel, locale, error } = notice
    const team = teamOf(notice)
    const text = textFor(locale)
    const post = async () => {
      const to = notice.to ?? (await this.#ownerOf(team))
      if (to === undefined) return 'nobody'
      const why = await telling.sentence(team, error, text)
      // The channel's sign is ours, and the one thing that is not escaped.
      const mrkdwn = slackEscape(noticeText(notice, channel, text, why)).replace(channel, `<#${channel}>`)
      const message = { text: mrkdwn, blocks: [section(mrkdwn)] }
      await api.call(team, {
        method: 'chat.postMessage',
        channel: to,
        urgency: 'must',
        ask: client => client.chat.postMessage({ channel: to, ...message, ...quiet }),
      })
      return to
    }
    // Told twice, where nobody knows, is better than never.
    await postOnce({ posts: ledger, id, part: 'told', post, find: async () => undefined })
  }

  /** Without its picture. */
  async messageOf(summary: WeekSummary, { team, text, url, isPost }: Shown): Promise<Message> {
    const headline = summaryHeadline(summary.numbers, text)
    const foot = [
      ...(url === null ? [] : [`<${url}|${text.summary.wholePage}>`]),
      ...(isPost ? [slackEscape(text.summary.changeOrStop)] : []),
    ]
    return {
      text: slackEscape(headline),
      blocks: [
        { type: 'header', text: { type: 'plain_text', text: summaryTitle(summary, text) } },
        section(`*${slackEscape(headline)}*\n${slackEscape(summaryFacts(summary, text).join('\n'))}`),
        ...sectionBlocks(summary, text),
        ...(await this.#promptBlocks(summary, team, text)),
        ...(foot.length > 0 ? [context(foot.join(' · '))] : []),
      ],
    }
  }

  /** A picture is an addition: without it everything is said all the same. */
  async pictureOf(summary: WeekSummary, locale: Locale): Promise<Picture | null> {
    try {
      const picture = await this.#parts.charts.post(summary, { locale, theme: 'light' })
      return picture && { ...picture, name: 'summary.png' }
    } catch (error) {
      this.#parts.log.warn({ err: error }, 'summary not drawn')
      return null
    }
  }

  async #send(team: Team, { id, channel }: PostedSummary, message: Message): Promise<string> {
    const posted = await this.#parts.api.call(team, {
      method: 'chat.postMessage',
      channel,
      urgency: 'must',
      ask: client => client.chat.postMessage({ channel, ...message, metadata: keyOf(id, 'summary'), ...quiet }),
    })
    return `${channel}/${posted.ts}`
  }

  async #promptBlocks({ numbers }: WeekSummary, team: Team, text: Text): Promise<Block[]> {
    const quotes = summaryQuotes(numbers, text)
    const { open } = numbers
    const ids = [...quotes.map(({ quote }) => quote.comparisonId), ...open.comparisonIds]
    const links = await this.#parts.links.to(team, ids)
    const linked = (id: string, label: string) => {
      const url = links.get(id)
      return url === undefined ? slackEscape(label) : `<${url}|${slackEscape(label)}>`
    }
    const lines = quotes.map(({ title, quote }) => {
      const votes = slackEscape(quoteVotes(quote, numbers, text))
      return `*${title}*: ${linked(quote.comparisonId, quote.prompt)} (${votes})`
    })
    const named = open.comparisonIds.flatMap((id, at) =>
      links.has(id) ? [linked(id, text.summary.ballot(at + 1))] : [],
    )
    return [
      ...(lines.length > 0 ? [section(`*${text.summary.sections.prompts}*\n${lines.join('\n')}`)] : []),
      ...(open.count > 0 ? [section([text.summary.open(open.count), ...named].join(' '))] : []),
    ]
  }

  /** Needs a right to read history that not every workspace gives; without it a post in doubt is made again. */
  async #find(team: Team, { id, channel, asOf }: PostedSummary): Promise<string | undefined> {
    const { key } = keyOf(id, 'summary').event_payload
    const oldest = String(Math.floor(asOf.getTime() / 1000))
    try {
      const { messages = [] } = await this.#parts.api.call(team, {
        method: 'conversations.history',
        urgency: 'must',
        ask: client => client.conversations.history({ channel, oldest, include_all_metadata: true, limit: 200 }),
      })
      const found = messages.find(({ metadata }) => Object.values(metadata?.event_payload ?? {}).includes(key))
      return found?.ts === undefined ? undefined : `${channel}/${found.ts}`
    } catch (thrown) {
      if (asFaceoffError(thrown).problem.code === 'chat_closed') return undefined
      throw thrown
    }
  }

  /** The primary owner, or any, or an admin, of the first people that Slack lists; undefined where there is none. */
  async #ownerOf(team: Team): Promise<string | undefined> {
    const { members = [] } = await this.#parts.api
      .call(team, { method: 'users.list', urgency: 'must', ask: client => client.users.list({ limit: 200 }) })
      .catch(thrown => {
        if (codeOf(thrown) === 'missing_scope') return { members: [] }
        throw thrown
      })
    const people = members.filter(({ deleted, is_bot }) => !deleted && !is_bot)
    const leader =
      people.find(one => one.is_primary_owner) ?? people.find(one => one.is_owner) ?? people.find(one => one.is_admin)
    return leader?.id
  }
}

/** Where the picture stands: below the headline. */
function withBlock(blocks: readonly Block[], picture: Block): Block[] {
  return [...blocks.slice(0, 2), picture, ...blocks.slice(2)]
}

function sectionBlocks({ numbers }: WeekSummary, text: Text): Block[] {
  return summarySections(numbers, text).map(({ title, lines }) => {
    const words = [`*${title}*`, ...lines.map(line => slackEscape(line))].join('\n')
    return section(words.slice(0, sectionLimit))
  })
}

/** By a place there; a workspace without one is found by its own id. */
function teamOf({ place, externalId }: { place: string | null; externalId: string }): Team {
  return place === null ? { team: externalId, enterprise: null } : placeOf(place)
}
