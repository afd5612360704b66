/** Ballots and answers as Discord's messages. Pure: from a state to what is sent. */
import {
  type APIActionRowComponent,
  type APIButtonComponent,
  ButtonStyle,
  ComponentType,
  MessageFlags,
  type RawFile,
} from 'discord.js'
import type { AnswerState, Ballot, Entry, Result } from '../../core/ballot.ts'
import { type Choice, choiceEmoji } from '../../core/comparison.ts'
import { formatCount, formatDuration, formatMoney } from '../../core/text/format.ts'
import { sentenceFor, type Text, textFor } from '../../core/text/index.ts'
import { discordEscape, discordMarkdown, splitMarkdown } from '../markdown/index.ts'
import type { WithoutThread } from './place.ts'

/** UTF-16 units of a message's content; Discord counts characters, of which there are never more. */
export const contentLimit = 2000

/** Messages of one answer; what is longer goes on in the attached file. */
const mostPieces = 6

/** From this many messages on the whole answer is attached as well: nobody collects it from so many. */
const piecesWithFile = 3

/** Room for an answer's heading and for the lines below it. */
const frameLimit = 220

export type Message = { content: string; components: APIActionRowComponent<APIButtonComponent>[]; file: File | null }
type File = { name: string; text: string }

/** What every message and every edit carries: nobody is pinged, and no link in it is fetched. */
export function bodyOf({ content, components, file }: Message): { body: object; files?: RawFile[] } {
  const body = {
    content,
    components,
    allowed_mentions: { parse: [] },
    flags: MessageFlags.SuppressEmbeds,
    attachments: file ? [{ id: 0, filename: file.name }] : [],
  }
  return file ? { body, files: [{ name: file.name, data: Buffer.from(file.text) }] } : { body }
}

export function plain(content: string): Message {
  return { content, components: [], file: null }
}

/** `notes`: what people should know about this place. */
export function ballotMessage(ballot: Ballot, notes: { why: WithoutThread | null; buttonsOnly: boolean }): Message {
  const text = textFor(ballot.locale)
  const isClosed = ballot.phase === 'revealed' || ballot.phase === 'void'
  const category = ballot.category === null ? '' : ` · ${text.categories[ballot.category]}`
  const title = `**${discordEscape(text.ballot.asked(ballot.asker.name))}**${category}${ballot.blind ? '' : ` · ${text.ballot.open}`}`
  const below = [
    ...(isClosed ? resultLines(ballot, text) : entryLines(ballot, text)),
    ...(isClosed ? [] : [turnoutLine(ballot, text)]),
    ...(notes.why === null ? [] : [`-# ${text.chat.place[notes.why]}`]),
    ...(notes.buttonsOnly && notes.why !== 'not_installed' && !isClosed ? [`-# ${text.chat.byButtons}`] : []),
  ].join('\n')
  const room = contentLimit - title.length - below.length - 4
  const { quoted, isWhole } = quote(ballot.prompt, Math.min(room, 900))
  return {
    content: `${title}\n${quoted}\n${below}`,
    components: rowsOf(ballot, text, isWhole),
    file: null,
  }
}

/** The answer in as many messages as it takes; the first is there from the beginning. */
export function answerMessages({ text: answer, label, entry, locale }: AnswerState): Message[] {
  const text = textFor(locale)
  const named = entry.model === null ? '' : ` · ${discordEscape(entry.model.name)}`
  const heading = `${choiceEmoji[label]} **${text.ballot.answer(label)}${named}**`
  const isFinal = entry.status !== 'queued' && entry.status !== 'streaming'
  const room = contentLimit - frameLimit
  const all = splitMarkdown(discordMarkdown(answer), room)
  const pieces = all.slice(0, mostPieces)
  const last = Math.max(0, pieces.length - 1)
  const hasFile = isFinal && all.length >= piecesWithFile
  const file = hasFile ? { name: `answer-${label.toLowerCase()}.md`, text: answer } : null
  const fileLine = all.length > mostPieces ? text.chat.restInFile : text.chat.wholeInFile
  return Array.from({ length: last + 1 }, (_, index) => {
    const head = index === 0 ? heading : `-# ${choiceEmoji[label]} ${text.chat.part(label, index + 1)}`
    const lines = index === last ? [...(hasFile ? [fileLine] : []), ...statusLines(entry, answer, text)] : []
    const below = lines.map(line => `-# ${line}`)
    const content = [head, ...(pieces[index] === undefined ? [] : [pieces[index]]), ...below].join('\n')
    return { content, components: [], file: index === last ? file : null }
  })
}

/** What holds a place in the thread until the answer begins. */
export function waitingMessage(ballot: Ballot, entry: Entry): Message {
  const { comparisonId, locale, place } = ballot
  const [message] = answerMessages({ comparisonId, place, label: entry.label, run: 0, text: '', entry, locale })
  return message ?? plain('…')
}

/** The result in one line: who won, if anybody did. */
function resultTitle({ phase, results, entries }: Ballot, text: Text): string {
  if (phase === 'void' || results === null) return text.ballot.phase.void
  const votes = results.byLabel.reduce((sum, result) => sum + result.votes, results.ties + results.bothBad)
  if (votes === 0) return text.results.noVotes
  const names = results.winners.map(label => {
    const entry = entries.find(candidate => candidate.label === label)
    return discordEscape(entry?.model?.name ?? label)
  })
  if (names.length === 0) return text.results.undecided
  return names.length === 1 ? text.results.winner(names.join()) : text.results.tied(names.join(', '))
}

function resultLines(ballot: Ballot, text: Text): string[] {
  const { results, entries } = ballot
  const lines = entries.map(entry => {
    const result = results?.byLabel.find(({ label }) => label === entry.label)
    const name = `${choiceEmoji[entry.label]} **${discordEscape(entry.model?.name ?? entry.label)}**`
    return result === undefined || entry.failure !== null
      ? `${name}: ${statusOf(entry, text)}`
      : `${name}: ${resultParts(result, text).join(' · ')}`
  })
  const others = [
    ...(results && results.ties > 0 ? [`${choiceEmoji.tie} ${text.chat.ties(results.ties)}`] : []),
    ...(results && results.bothBad > 0 ? [`${choiceEmoji.both_bad} ${text.chat.bothBad(results.bothBad)}`] : []),
  ]
  return [
    `**${text.chat.result(resultTitle(ballot, text))}**`,
    ...lines,
    ...(others.length > 0 ? [others.join(' · ')] : []),
  ]
}

function resultParts(result: Result, text: Text): string[] {
  return [
    text.results.votes(result.votes),
    result.costMicros === null
      ? `${text.results.cost} ${text.results.unknown}`
      : formatMoney(result.costMicros, result.currency, text),
    ...(result.completionTokens === null ? [] : [text.chat.tokens(formatCount(result.completionTokens, text))]),
    ...(result.firstTokenMs === null ? [] : [text.chat.firstToken(formatDuration(result.firstTokenMs, text))]),
    ...(result.durationMs === null ? [] : [text.chat.total(formatDuration(result.durationMs, text))]),
  ]
}

function entryLines({ entries, phase }: Ballot, text: Text): string[] {
  return [
    `**${text.ballot.phase[phase]}**`,
    ...entries.map(entry => {
      const named = entry.model === null ? '' : ` **${discordEscape(entry.model.name)}**`
      return `${choiceEmoji[entry.label]}${named} ${statusOf(entry, text)}`
    }),
  ]
}

function turnoutLine({ voted, closesAt }: Ballot, text: Text): string {
  // Discord shows each reader their own time.
  return `-# ${text.ballot.voted(voted)} · ${text.ballot.until(`<t:${Math.floor(closesAt.getTime() / 1000)}:R>`)}`
}

function statusOf(entry: Entry, text: Text): string {
  if (entry.status === 'failed' && entry.failure) {
    return `${text.answer.failed}: ${sentenceFor({ code: entry.failure }, text)}`
  }
  if (entry.status === 'queued' && entry.failure) return retrying(entry, text)
  return text.answer[entry.status]
}

function retrying({ failure, retryAt }: Entry, text: Text): string {
  const reason = failure === null ? '' : sentenceFor({ code: failure }, text)
  const when = retryAt === null ? text.console.shortly : `<t:${Math.floor(retryAt.getTime() / 1000)}:T>`
  return text.answer.retrying(reason, when)
}

function statusLines(entry: Entry, answer: string, text: Text): string[] {
  const status =
    entry.status === 'streaming' && answer === ''
      ? text.answer.thinking
      : entry.status === 'done'
        ? null
        : statusOf(entry, text)
  return [
    ...(status === null ? [] : [status]),
    ...(entry.cut ? [text.answer.cut] : []),
    ...(entry.namedItself ? [text.answer.namedItself] : []),
  ]
}

/** The prompt as a quote of at most `limit` characters, its lines kept. */
function quote(prompt: string, limit: number): { quoted: string; isWhole: boolean } {
  const lines = discordEscape(prompt).split('\n')
  const quoted = lines.map(line => `> ${line}`).join('\n')
  if (quoted.length <= limit) return { quoted, isWhole: true }
  // Shortened before it is escaped: no escape is cut in two. Escaping at most doubles the text.
  const cut = Array.from(new Intl.Segmenter().segment(prompt.slice(0, Math.floor(limit / 2.5))), part => part.segment)
  const short = `${cut.slice(0, -1).join('').split('\n').slice(0, 12).join('\n').trimEnd()} …`
  return {
    quoted: discordEscape(short)
      .split('\n')
      .map(line => `> ${line}`)
      .join('\n'),
    isWhole: false,
  }
}

function rowsOf(ballot: Ballot, text: Text, isWhole: boolean): APIActionRowComponent<APIButtonComponent>[] {
  const { comparisonId: id, phase, entries, choices } = ballot
  const isClosed = phase === 'revealed' || phase === 'void'
  const whole = isWhole ? [] : [button(`prompt:${id}`, text.ballot.showPrompt, ButtonStyle.Secondary)]
  if (isClosed) return rows(whole)
  const all: Choice[] = [...entries.map(({ label }) => label), 'tie', 'both_bad']
  const votes = all.map(choice => ({
    ...button(`vote:${choice}:${id}`, choice.length === 1 ? choice : nameOf(choice, text), ButtonStyle.Secondary),
    emoji: { name: choiceEmoji[choice] },
    disabled: !choices.includes(choice),
  }))
  return [
    ...rows(votes),
    ...rows([
      ...(phase === 'running' ? [button(`stop:${id}`, text.ballot.stop, ButtonStyle.Secondary)] : []),
      { ...button(`reveal:${id}`, text.ballot.reveal, ButtonStyle.Primary), disabled: !choices.includes('tie') },
      ...whole,
    ]),
  ]
}

/** What people call a choice. */
export function nameOf(choice: Choice, text: Text): string {
  return choice === 'tie' || choice === 'both_bad' ? text.ballot.choice[choice] : text.ballot.answer(choice)
}

function button(id: string, label: string, style: ButtonStyle.Primary | ButtonStyle.Secondary) {
  return { type: ComponentType.Button, custom_id: id, label, style } as const
}

const buttonsInRow = 5

function rows(buttons: APIButtonComponent[]): APIActionRowComponent<APIButtonComponent>[] {
  const lines = Array.from({ length: Math.ceil(buttons.length / buttonsInRow) }, (_, index) =>
    buttons.slice(index * buttonsInRow, (index + 1) * buttonsInRow),
  )
  return lines.map(components => ({ type: ComponentType.ActionRow, components }))
}
