/** Ballots and answers as Slack's messages. Pure: from a state to what is sent. */
import type { types } from '@slack/bolt'
import type { AnswerState, Ballot, Entry, Result } from '../../core/ballot.ts'
import type { Choice } from '../../core/comparison.ts'
import { formatCount, formatDuration, formatMoney } from '../../core/text/format.ts'
import { sentenceFor, type Text, textFor } from '../../core/text/index.ts'
import { slackEscape, slackMarkdown, splitMarkdown } from '../markdown/index.ts'
import { messageLimit, promptShown } from './limits.ts'

export type Block = types.KnownBlock

/** What a message carries. `text` stands in notifications and where blocks cannot be shown. */
export type Message = { text: string; blocks: Block[] }

/** Messages of one answer; what is longer is in the file. */
const mostPieces = 6

/** From this many messages on people are offered the whole answer as a file. */
const piecesWithFile = 2

/** Room for an answer's heading and for the lines below it. */
const frameLimit = 500

export function ballotMessage(ballot: Ballot): Message {
  const text = textFor(ballot.locale)
  const title = text.ballot.asked(ballot.asker.name)
  const { shown, isWhole } = shortened(ballot.prompt, promptShown)
  const facts = [
    ...(ballot.category === null ? [] : [text.categories[ballot.category]]),
    ...(ballot.blind ? [] : [text.ballot.open]),
  ]
  return {
    text: slackEscape(title),
    blocks: [
      section(`*${slackEscape(title)}*${facts.length === 0 ? '' : ` · ${facts.join(' · ')}`}`),
      // Rich text is shown as it is: nothing in a prompt is a mention, a link or a format.
      {
        type: 'rich_text',
        elements: [{ type: 'rich_text_quote', elements: [{ type: 'text', text: isWhole ? shown : `${shown} …` }] }],
      },
      ...(isClosed(ballot) ? resultBlocks(ballot, text) : openBlocks(ballot, text)),
      ...actions(ballot, text, isWhole),
    ],
  }
}

/** A closed ballot changes no more. */
export function isClosed({ phase }: Pick<Ballot, 'phase'>): boolean {
  return phase === 'revealed' || phase === 'void'
}

/**
 * An answer in as many messages as it takes, each as Markdown. What is streamed and what an edit puts there are the same
 * text, so that nobody sees the one turn into the other.
 */
export function answerPieces({ text: answer, label, entry, locale }: AnswerState): string[] {
  const text = textFor(locale)
  const heading = headingOf(label, entry, text)
  const all = splitMarkdown(slackMarkdown(answer), messageLimit - frameLimit)
  const pieces = all.slice(0, mostPieces)
  const last = Math.max(0, pieces.length - 1)
  return Array.from({ length: last + 1 }, (_, index) => {
    const head = index === 0 ? heading : `_${text.chat.part(label, index + 1)}_`
    const lines = index === last ? statusLines(entry, all.length > mostPieces, text) : []
    const body = index === last && entry.status === 'streaming' ? settled(pieces[index] ?? '') : pieces[index]
    return [head, ...(body ? [body] : []), ...lines.map(line => `_${line}_`)].join('\n\n')
  })
}

/**
 * What a stream can be given of a text that still grows, since nothing in a stream can be taken back: not the end of a
 * block of code that is only closed because it ends here, and not a link that may become another one once it is whole.
 */
function settled(piece: string): string {
  const open = piece.replace(/\n\s*(`{3,}|~{3,})\s*$/, '')
  const line = open.lastIndexOf('\n') + 1
  const begun = /(?:!?\[|<)[^\]>]*$|!?\[[^\]]*\]\(?[^)]*$|!$/.exec(open.slice(line))
  return begun ? open.slice(0, line + begun.index) : open
}

/** What stands in an answer's first message before there is anything to read. */
export function waitingPiece({ locale }: Pick<AnswerState, 'locale'>, label: string): string {
  return `**${textFor(locale).ballot.answer(label)}**`
}

/** Below the last message of an answer that is long: the whole of it, for whoever wants it. */
export function fileButton(answer: AnswerState, pieces: number): Block[] {
  const { status } = answer.entry
  if (pieces < piecesWithFile || status === 'queued' || status === 'streaming') return []
  const text = textFor(answer.locale)
  return [
    {
      type: 'actions',
      elements: [button(`file:${answer.label}`, text.slack.wholeAsFile, answer.comparisonId)],
    },
  ]
}

/** One piece of Markdown as a message that is posted or edited. */
export function pieceMessage(piece: string, fallback: string, more: Block[]): Message {
  return { text: fallback, blocks: [{ type: 'markdown', text: piece }, ...more] }
}

/** What people call a choice. */
export function nameOf(choice: Choice, text: Text): string {
  return choice === 'tie' || choice === 'both_bad' ? text.ballot.choice[choice] : text.ballot.answer(choice)
}

/** The result in one line: who won, if anybody did. Plain text. */
export function resultTitle({ phase, results, entries }: Ballot, text: Text): string {
  if (phase === 'void' || results === null) return text.ballot.phase.void
  const votes = results.byLabel.reduce((sum, result) => sum + result.votes, results.ties + results.bothBad)
  if (votes === 0) return text.results.noVotes
  const names = results.winners.map(label => entries.find(entry => entry.label === label)?.model?.name ?? label)
  if (names.length === 0) return text.results.undecided
  return names.length === 1 ? text.results.winner(names.join()) : text.results.tied(names.join(', '))
}

export function section(mrkdwn: string): types.SectionBlock {
  return { type: 'section', text: { type: 'mrkdwn', text: mrkdwn, verbatim: true } }
}

export function context(mrkdwn: string): types.ContextBlock {
  return { type: 'context', elements: [{ type: 'mrkdwn', text: mrkdwn, verbatim: true }] }
}

export function button(actionId: string, label: string, value: string): types.Button {
  return {
    type: 'button',
    action_id: actionId,
    text: { type: 'plain_text', text: label.slice(0, 75), emoji: true },
    value,
  }
}

/** A moment in the reader's own time zone and language. */
export function moment(date: Date, style: string): string {
  return `<!date^${Math.floor(date.getTime() / 1000)}^${style}|${date.toISOString().slice(0, 16).replace('T', ' ')} UTC>`
}

/** At most `limit` characters, whole graphemes, and few lines. */
export function shortened(text: string, limit: number, lines = 14): { shown: string; isWhole: boolean } {
  const few = text.split('\n').slice(0, lines).join('\n')
  if (text.length <= limit && few === text) return { shown: text, isWhole: true }
  const parts = Array.from(new Intl.Segmenter().segment(few.slice(0, limit)), part => part.segment)
  return { shown: (few.length > limit ? parts.slice(0, -1) : parts).join('').trimEnd(), isWhole: false }
}

function headingOf(label: string, entry: Entry, text: Text): string {
  const named = entry.model === null ? '' : ` · ${slackMarkdown(entry.model.name)}`
  return `**${text.ballot.answer(label)}${named}**`
}

function openBlocks(ballot: Ballot, text: Text): Block[] {
  const { entries, phase, voted, closesAt } = ballot
  const lines = entries.map(entry => {
    const named = entry.model === null ? '' : ` ${slackEscape(entry.model.name)}`
    return `*${entry.label}*${named}: ${statusOf(entry, text)}`
  })
  const turnout = `${text.ballot.voted(voted)} · ${text.ballot.until(moment(closesAt, '{date_short_pretty} {time}'))}`
  return [section(`*${text.ballot.phase[phase]}*\n${lines.join('\n')}`), context(turnout)]
}

function resultBlocks(ballot: Ballot, text: Text): Block[] {
  const { results, entries } = ballot
  const lines = entries.map(entry => {
    const result = results?.byLabel.find(({ label }) => label === entry.label)
    const name = `*${entry.label} · ${slackEscape(entry.model?.name ?? entry.label)}*`
    return result === undefined || entry.failure !== null
      ? `${name}: ${statusOf(entry, text)}`
      : `${name}: ${resultParts(result, text).join(' · ')}`
  })
  const others = [
    ...(results && results.ties > 0 ? [`🤝 ${text.chat.ties(results.ties)}`] : []),
    ...(results && results.bothBad > 0 ? [`👎 ${text.chat.bothBad(results.bothBad)}`] : []),
  ]
  return [
    section(`*${text.chat.result(slackEscape(resultTitle(ballot, text)))}*\n${lines.join('\n')}`),
    ...(others.length > 0 ? [context(others.join(' · '))] : []),
  ]
}

function resultParts(result: Result, text: Text): string[] {
  return [
    text.results.votes(result.votes),
    formatMoney(result.costMicros, result.currency, text),
    ...(result.completionTokens === null ? [] : [text.chat.tokens(formatCount(result.completionTokens, text))]),
    ...(result.firstTokenMs === null ? [] : [text.chat.firstToken(formatDuration(result.firstTokenMs, text))]),
    text.chat.total(formatDuration(result.durationMs, text)),
  ]
}

/** For a ballot: mrkdwn. */
function statusOf(entry: Entry, text: Text): string {
  if (entry.status === 'queued' && entry.failure) {
    const when = entry.retryAt === null ? text.console.shortly : moment(entry.retryAt, '{time_secs}')
    return text.answer.retrying(sentenceFor({ code: entry.failure }, text), when)
  }
  return plainStatus(entry, text)
}

function plainStatus(entry: Entry, text: Text): string {
  if (entry.failure === null) return text.answer[entry.status]
  const reason = sentenceFor({ code: entry.failure }, text)
  return entry.status === 'failed' ? `${text.answer.failed}: ${reason}` : reason
}

function statusLines(entry: Entry, goesOn: boolean, text: Text): string[] {
  const isWorthSaying = entry.status === 'failed' || entry.status === 'stopped' || entry.failure !== null
  return [
    ...(goesOn ? [text.slack.moreInFile] : []),
    ...(isWorthSaying ? [plainStatus(entry, text)] : []),
    ...(entry.cut ? [text.answer.cut] : []),
    ...(entry.namedItself ? [text.answer.namedItself] : []),
  ]
}

function actions(ballot: Ballot, text: Text, isWhole: boolean): Block[] {
  const { comparisonId: id, phase, choices } = ballot
  const whole = isWhole ? [] : [button('prompt', text.ballot.showPrompt, id)]
  const votes = isClosed(ballot)
    ? []
    : choices.map(choice => button(`vote:${choice}`, choice.length === 1 ? choice : emojiName(choice, text), id))
  const lead = isClosed(ballot)
    ? []
    : [
        ...(phase === 'running' ? [button('stop', text.ballot.stop, id)] : []),
        ...(choices.includes('tie')
          ? [{ ...button('reveal', text.ballot.reveal, id), style: 'primary' as const }]
          : []),
      ]
  return [votes, [...lead, ...whole]].flatMap(elements =>
    elements.length === 0 ? [] : [{ type: 'actions', elements }],
  )
}

function emojiName(choice: Choice, text: Text): string {
  return `${choice === 'tie' ? '🤝' : '👎'} ${nameOf(choice, text)}`
}
