/** What commands answer to one person, as Discord's text. */
import {
  type ChatInputCommandInteraction,
  type MessageContextMenuCommandInteraction,
  MessageFlags,
  type ModalSubmitInteraction,
} from 'discord.js'
import type { ModelEntry } from '../../core/arena.ts'
import type { Command, Reply } from '../../core/command.ts'
import type { History } from '../../core/history.ts'
import { historyFacts } from '../../core/history-text.ts'
import type { Leaderboard } from '../../core/leaderboard.ts'
import {
  leaderboardBasis,
  leaderboardLines,
  leaderboardNotes,
  leaderboardTitle,
  leaderboardVerdict,
} from '../../core/leaderboard-text.ts'
import type { PostOutcome } from '../../core/summarising.ts'
import { momentText, weekTitle } from '../../core/summary-text.ts'
import { formatContext, formatPrice } from '../../core/text/format.ts'
import { sentenceFor, type Text } from '../../core/text/index.ts'
import { discordEscape, splitMarkdown } from '../markdown/index.ts'
import { contentLimit } from './messages.ts'

/** What is answered by a message. */
export type Answerable = ChatInputCommandInteraction | MessageContextMenuCommandInteraction | ModalSubmitInteraction

/** For one person's eyes; without pings, and without previews of links. */
export function privately(content: string, isPrivate = true) {
  const flags = isPrivate ? MessageFlags.Ephemeral | MessageFlags.SuppressEmbeds : MessageFlags.SuppressEmbeds
  return { content, flags, allowedMentions: { parse: [] } } as const
}

/** `linkOf`: where a past comparison stands, if it still does. */
export type ReplyContext = {
  commands: readonly Command[]
  text: Text
  linkOf: (comparisonId: string) => Promise<string | null>
}

/** The reply in as many messages as it takes; a ballot shows itself. */
export async function replyTexts(
  reply: Exclude<Reply, { kind: 'ballot' | 'summary' | 'summary_settings' }>,
  context: ReplyContext,
): Promise<string[]> {
  const { commands, text } = context
  switch (reply.kind) {
    case 'leaderboard':
      return paged(boardLines(reply.leaderboard, text))
    case 'history':
      return paged(await historyLines(reply.history, context))
    case 'models':
      return paged(modelLines(reply.entries, text))
    case 'summary_posted':
      return [postedLine(reply.posted, text)]
    case 'help':
      return paged(helpLines(commands, text))
  }
}

function paged(lines: readonly string[]): string[] {
  return splitMarkdown(lines.join('\n'), contentLimit)
}

function postedLine({ outcome, week, channel, next }: PostOutcome, text: Text): string {
  const { summary } = text
  const said = (outcome === 'posted' ? summary.posted : summary.already)(`<#${channel}>`, weekTitle(week, text))
  return next === null ? said : `${said} ${summary.next(momentText(next, week.timeZone, text))}`
}

function boardLines(board: Leaderboard, text: Text): string[] {
  const table = leaderboardLines(board, text)
  return [
    `## ${text.leaderboard.title}`,
    `**${leaderboardTitle(board, text)}** · ${leaderboardBasis(board, text)}`,
    ...(table.length > 0 ? ['```', ...table, '```'] : []),
    discordEscape(leaderboardVerdict(board, text)),
    `-# ${text.leaderboard.legend}`,
    ...leaderboardNotes(board, text).map(note => `-# ${discordEscape(note)}`),
  ]
}

async function historyLines({ entries, more }: History, { text, linkOf }: ReplyContext): Promise<string[]> {
  if (entries.length === 0) return [text.history.nothing]
  const lines = entries.map(async entry => {
    const prompt = discordEscape(entry.prompt)
    const link = await linkOf(entry.comparisonId)
    return `- ${link === null ? prompt : `[${prompt.replace(/[[\]\\]/g, '')}](${link})`}\n  -# ${discordEscape(historyFacts(entry, text))}`
  })
  return [
    `## ${text.history.title}`,
    ...(await Promise.all(lines)),
    ...(more === null ? [] : [`-# ${text.history.moreInChat}`]),
  ]
}

function modelLines(entries: readonly ModelEntry[], text: Text): string[] {
  const { models } = text
  if (entries.length === 0) return [text.start.comparingNothing]
  return [
    `## ${models.title}`,
    ...entries.map(({ model, health, byDefault }) => {
      const region = model.region === null ? text.results.unknown : models.regions[model.region]
      const facts = [
        ...(byDefault ? [`**${models.byDefault}**`] : []),
        `${formatPrice(model.price, text)}`,
        region,
        ...(model.contextTokens === null ? [] : [`${models.context} ${formatContext(model.contextTokens, text)}`]),
        healthOf({ model, health }, text),
      ]
      return `- **${discordEscape(model.name)}** \`${model.id}\`\n  ${facts.join(' · ')}`
    }),
    `-# ${models.price} · ${models.region} …`,
  ]
}

function healthOf({ model, health }: Pick<ModelEntry, 'model' | 'health'>, text: Text): string {
  if (!health.ok) return `⚠️ ${sentenceFor({ code: health.failure }, text)}`
  const name = model.id.slice(model.provider.length + 1)
  if (health.offered !== null && !health.offered.includes(name)) return `⚠️ ${text.models.notOffered}`
  return `✅ ${text.models.healthy}`
}

function helpLines(commands: readonly Command[], text: Text): string[] {
  const { help } = text
  const named = (name: string) => text.chat.names[name] ?? name
  return [
    help.intro,
    ...commands.map(command => `- \`/${named(command.name)}\` ${command.summary(text)}`),
    `### ${help.optionsTitle}`,
    ...commands.flatMap(({ options }) => options).map(option => `- \`${named(option.name)}\` ${option.summary(text)}`),
    `### ${help.votingTitle}`,
    help.voting,
  ]
}
