/** What commands answer, as messages. */
import type { ModelEntry } from '../../core/arena.ts'
import type { Command, Option } from '../../core/command.ts'
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
import type { PostOutcome, SummarySetup } from '../../core/summarising.ts'
import { momentText, weekTitle } from '../../core/summary-text.ts'
import { formatContext, formatPrice } from '../../core/text/format.ts'
import { sentenceFor, type Text } from '../../core/text/index.ts'
import { slackEscape } from '../markdown/index.ts'
import { type Block, button, type Message, section } from './messages.ts'
import { settingsMrkdwn, summaryForm } from './summary-form.ts'

/** Blocks of a message, less what stands around the models. */
const mostModels = 45

export function modelsMessage(entries: readonly ModelEntry[], text: Text): Message {
  return { text: text.models.title, blocks: modelBlocks(entries, text) }
}

export function boardMessage(board: Leaderboard, text: Text): Message {
  return { text: text.leaderboard.title, blocks: boardBlocks(board, text) }
}

/** `links`: to ballots by comparison id, where Slack gave one. */
export function historyMessage(history: History, links: ReadonlyMap<string, string>, text: Text): Message {
  return { text: text.history.title, blocks: historyBlocks(history, links, text) }
}

export function postedMessage({ outcome, week, channel, next }: PostOutcome, text: Text): Message {
  const { summary } = text
  const say = outcome === 'posted' ? summary.posted : summary.already
  const sentence = slackEscape(say(channel, weekTitle(week, text))).replace(channel, `<#${channel}>`)
  const more = next === null ? '' : ` ${slackEscape(summary.next(momentText(next, week.timeZone, text)))}`
  return { text: summary.title, blocks: [section(`${sentence}${more}`)] }
}

/** Whoever may change them is given a button. */
export function settingsMessage(
  { setup, mayChange }: { setup: SummarySetup; mayChange: boolean },
  text: Text,
): Message {
  const { title, settings } = text.summary
  const lines = [...settingsMrkdwn(setup, text), ...(mayChange ? [] : [settings.adminsChange])]
  return {
    text: title,
    blocks: [
      section(lines.join('\n')),
      ...(mayChange
        ? [{ type: 'actions' as const, elements: [button(summaryForm, settings.change, 'settings')] }]
        : []),
    ],
  }
}

export function helpMessage(commands: readonly Command[], text: Text): Message {
  return { text: text.appName, blocks: helpBlocks(commands, text) }
}

function modelBlocks(entries: readonly ModelEntry[], text: Text): Block[] {
  const { models } = text
  return [
    { type: 'header', text: { type: 'plain_text', text: models.title } },
    ...entries.slice(0, mostModels).map(({ model, health, byDefault }) => {
      const where = model.region === null ? text.results.unknown : models.regions[model.region]
      const state = health.ok ? models.healthy : sentenceFor({ code: health.failure }, text)
      const facts = [
        `${models.price}: ${formatPrice(model.price, text)}`,
        `${models.context}: ${formatContext(model.contextTokens, text)}`,
        `${models.region} ${where}`,
        state,
      ]
      const name = `*${slackEscape(model.name)}* \`${slackEscape(model.id)}\`${byDefault ? ` · ${models.byDefault}` : ''}`
      return section(`${name}\n${slackEscape(facts.join(' · '))}`)
    }),
  ]
}

function boardBlocks(board: Leaderboard, text: Text): Block[] {
  const table = leaderboardLines(board, text)
  const notes = [text.leaderboard.legend, ...leaderboardNotes(board, text)]
  return [
    { type: 'header', text: { type: 'plain_text', text: text.leaderboard.title } },
    section(`*${slackEscape(leaderboardTitle(board, text))}* · ${slackEscape(leaderboardBasis(board, text))}`),
    ...(table.length > 0 ? [section(`\`\`\`${slackEscape(table.join('\n'))}\`\`\``)] : []),
    section(slackEscape(leaderboardVerdict(board, text))),
    { type: 'context', elements: [{ type: 'mrkdwn', text: slackEscape(notes.join('\n')) }] },
  ]
}

function historyBlocks({ entries, more }: History, links: ReadonlyMap<string, string>, text: Text): Block[] {
  if (entries.length === 0) return [section(text.history.nothing)]
  return [
    { type: 'header', text: { type: 'plain_text', text: text.history.title } },
    ...entries.map(entry => {
      const url = links.get(entry.comparisonId)
      const link = url === undefined ? '' : ` · <${url}|${text.slack.home.toBallot}>`
      return section(`${slackEscape(entry.prompt)}\n_${slackEscape(historyFacts(entry, text))}_${link}`)
    }),
    ...(more === null ? [] : [section(text.history.moreInChat)]),
  ]
}

function helpBlocks(commands: readonly Command[], text: Text): Block[] {
  const { help } = text
  const options = commands.flatMap(command => command.options.filter(option => option.kind !== 'text'))
  return [
    section(slackEscape(help.intro)),
    section(commands.map(({ name, summary }) => `\`/${name}\` ${slackEscape(summary(text))}`).join('\n')),
    section(`\`\`\`${slackEscape(help.example)}\n\n${slackEscape(help.exampleFull)}\`\`\``),
    section(`*${help.optionsTitle}*\n${options.map(option => optionLine(option, text)).join('\n')}`),
    section(`*${help.votingTitle}*\n${slackEscape(help.voting)}`),
  ]
}

function optionLine({ name, summary, choices }: Option, text: Text): string {
  const values = choices ? ` (${choices.map(choice => choice.value).join(', ')})` : ''
  return `\`--${name}\` ${slackEscape(`${summary(text)}${values}`)}`
}
