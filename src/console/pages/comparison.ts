/** A comparison as a message in the channel: who asked what, the answers side by side, the votes, and the result. */
import type { AnswerState, Ballot, Result, Results } from '../../core/ballot.ts'
import { isFinal } from '../../core/ballot.ts'
import type { ComparisonView } from '../../core/comparing.ts'
import { type Choice, choiceEmoji, type Label } from '../../core/comparison.ts'
import {
  formatClock,
  formatCount,
  formatDuration,
  formatMoment,
  formatMoney,
  formatRelative,
} from '../../core/text/format.ts'
import type { Text } from '../../core/text/index.ts'
import { sentenceFor } from '../../core/text/index.ts'
import { type Html, html, raw } from '../html.ts'
import type { Markdown } from '../markdown.ts'
import { mayLead, type Viewer } from '../viewer.ts'

/** What every rendering needs besides the facts. */
export type Frame = { markdown: Markdown; now: Date }

/** A part of an article that can be replaced by itself. */
export type Part = { id: string; content: Html }

/** Prompts longer than this are folded. */
const foldedFrom = { characters: 700, lines: 12 }

export function article(view: ComparisonView, viewer: Viewer, frame: Frame): Html {
  const { ballot } = view
  const { text } = viewer
  const id = ballot.comparisonId
  const [status, ...rest] = partsOf(view, viewer, frame)
  const answers = rest.slice(0, view.answers.length)
  const [votes, results] = rest.slice(view.answers.length)
  return html`<article class="comparison" id="c-${id}" aria-labelledby="h-${id}">
<span class="avatar hue-${hueOf(ballot.asker.id)}" aria-hidden="true">${initialsOf(ballot.asker.name)}</span>
<div class="message">
<header>
<h2 id="h-${id}">${text.ballot.asked(ballot.asker.name)}</h2>
<a class="when" href="/c/${id}" title="${text.ballot.permalink}">${moment(ballot.createdAt, viewer, frame)}</a>
${ballot.category ? html`<span class="chip">${text.categories[ballot.category]}</span>` : ''}
${ballot.blind ? '' : html`<span class="chip">${text.console.notBlind}</span>`}
<button class="quiet copy" type="button" data-copy="/c/${id}" data-copied="${text.console.copied}" hidden>${text.console.copyLink}</button>
</header>
${prompt(ballot, text, frame)}
${status?.content}
<div class="answers of-${answers.length}">${answers.map(part => part.content)}</div>
${votes?.content}
<p class="receipt" id="n-${id}" role="status"></p>
${results?.content}
</div>
</article>`
}

/** In the order in which they stand: the status, each answer, the votes, the results. */
export function partsOf(view: ComparisonView, viewer: Viewer, frame: Frame): Part[] {
  const { ballot } = view
  const winners = new Set(ballot.results?.winners)
  return [
    statusPart(ballot, viewer, frame),
    ...view.answers.map(answer => answerPart(answer, winners.has(answer.label), viewer, frame)),
    votesPart(view, viewer),
    resultsPart(ballot, viewer),
  ]
}

export function answerPart(answer: AnswerState, won: boolean, viewer: Viewer, frame: Frame): Part {
  const { text } = viewer
  const { entry } = answer
  const id = `a-${answer.comparisonId}-${answer.label}`
  const name = entry.model ? html`<span class="model">${entry.model.name}</span>` : ''
  const body = frame.markdown.render(id, answer.text)
  return {
    id,
    content: html`<section class="answer is-${entry.status}${won ? ' won' : ''}" id="${id}" aria-labelledby="${id}-h" aria-live="off">
<header><h3 id="${id}-h"><span class="label">${answer.label}</span> <span class="${entry.model ? 'hidden' : ''}">${text.ballot.answer(answer.label)}</span> ${name}</h3>
${won ? html`<span class="trophy" title="${text.console.won}">🏆<span class="hidden">${text.console.won}</span></span>` : ''}
<span class="state">${stateOf(answer, viewer)}</span></header>
${answer.text === '' ? placeholder(answer) : html`<div class="md" dir="auto">${raw(body)}</div>`}
${notes(answer, viewer)}
</section>`,
  }
}

/** What is said once when an answer is final. */
export function announcement(answer: AnswerState, { text }: Viewer): Html {
  return html`<p>${text.ballot.answer(answer.label)}: ${text.answer[answer.entry.status]}</p>`
}

export function votesPart({ ballot, ownChoice }: ComparisonView, viewer: Viewer): Part {
  const { text } = viewer
  const id = ballot.comparisonId
  const isOpen = ballot.phase === 'running' || ballot.phase === 'open'
  if (!isOpen) {
    const own = ownChoice ? text.ballot.yourVote(choiceName(ownChoice, text)) : ''
    return { id: `v-${id}`, content: html`<div class="votes is-closed" id="v-${id}">${own}</div>` }
  }
  const voting = html`<form class="ballot" method="post" action="/c/${id}/vote" hx-post="/c/${id}/vote" hx-swap="none" aria-label="${text.console.voteHere}">
${ballot.choices.map(choice => voteButton(id, choice, choice === ownChoice, text))}
</form>`
  return {
    id: `v-${id}`,
    content: html`<div class="votes" id="v-${id}">
${ballot.choices.length > 0 ? voting : ''}
${mayLead(viewer, ballot) ? leading(ballot, text) : ''}
</div>`,
  }
}

export function choiceName(choice: Choice, text: Text): string {
  return choice === 'tie' || choice === 'both_bad' ? text.ballot.choice[choice] : text.ballot.answer(choice)
}

/** A time in the viewer's zone, whole on hover. */
export function moment(date: Date, { text, timeZone }: Viewer, { now }: Frame): Html {
  return html`<time datetime="${date.toISOString()}">${formatMoment(date, now, text, timeZone)}</time>`
}

/** One of eight colours, the same for the same person. */
export function hueOf(id: string): number {
  return [...id].reduce((sum, character) => (sum * 31 + character.charCodeAt(0)) % 4093, 7) % 8
}

export function initialsOf(name: string): string {
  const words = name.split(/[\s_-]+/).filter(word => word !== '')
  const first = [...(words[0] ?? '?')][0] ?? '?'
  const last = words.length > 1 ? ([...(words.at(-1) ?? '')][0] ?? '') : ''
  return `${first}${last}`.toUpperCase()
}

function prompt(ballot: Ballot, text: Text, { markdown }: Frame): Html {
  const whole = html`<div class="md" dir="auto">${raw(markdown.render(`p-${ballot.comparisonId}`, ballot.prompt))}</div>`
  const lines = ballot.prompt.split('\n')
  if (ballot.prompt.length <= foldedFrom.characters && lines.length <= foldedFrom.lines) {
    return html`<div class="prompt">${whole}</div>`
  }
  const beginning = lines.slice(0, 3).join(' ').slice(0, 240)
  return html`<details class="prompt fold"><summary><span class="beginning" dir="auto">${beginning} …</span> <span class="more">${text.ballot.showPrompt}</span></summary>${whole}</details>`
}

function statusPart(ballot: Ballot, viewer: Viewer, { now }: Frame): Part {
  const { text } = viewer
  const isOpen = ballot.phase === 'running' || ballot.phase === 'open'
  const phase = ballot.stopping && ballot.phase === 'running' ? text.ballot.stopping : text.ballot.phase[ballot.phase]
  const until = html`<time datetime="${ballot.closesAt.toISOString()}">${text.ballot.until(formatRelative(ballot.closesAt, now, text))}</time>`
  return {
    id: `s-${ballot.comparisonId}`,
    content: html`<p class="status is-${ballot.phase}" id="s-${ballot.comparisonId}"><span class="phase">${phase}</span>${
      ballot.phase === 'void' ? '' : html`<span>${text.ballot.voted(ballot.voted)}</span>`
    }${isOpen ? html`<span>${until}</span>` : ''}</p>`,
  }
}

function stateOf({ entry, text: answer }: AnswerState, { text }: Viewer): string {
  return entry.status === 'streaming' && answer === '' ? text.answer.thinking : text.answer[entry.status]
}

function placeholder({ entry }: AnswerState): Html {
  if (isFinal(entry)) return html``
  return html`<div class="waiting" aria-hidden="true"><i></i><i></i><i></i></div>`
}

function notes({ entry }: AnswerState, { text, timeZone }: Viewer): Html {
  const reason = entry.failure === null ? '' : sentenceFor({ code: entry.failure }, text)
  const retry = entry.retryAt ? text.console.at(formatClock(entry.retryAt, text, timeZone)) : text.console.shortly
  const sentences = [
    entry.status === 'failed' ? reason : '',
    entry.status === 'queued' && reason !== '' ? text.answer.retrying(reason, retry) : '',
    entry.cut ? text.answer.cut : '',
    isFinal(entry) && entry.namedItself ? text.answer.namedItself : '',
  ]
  return html`${sentences.filter(sentence => sentence !== '').map(sentence => html`<p class="note">${sentence}</p>`)}`
}

/** Pressing one's own choice again takes it back: the button itself says what it will do, so a stale page does no harm. */
function voteButton(id: string, choice: Choice, isOwn: boolean, text: Text): Html {
  return html`<button class="choice" id="v-${id}-${choice}" name="choice" value="${isOwn ? 'none' : choice}" aria-pressed="${isOwn ? 'true' : 'false'}"><span class="emoji" aria-hidden="true">${choiceEmoji[choice]}</span> ${choiceName(choice, text)}</button>`
}

function leading(ballot: Ballot, text: Text): Html {
  const id = ballot.comparisonId
  const canReveal = ballot.choices.includes('tie')
  const stop = html`<form method="post" action="/c/${id}/stop" hx-post="/c/${id}/stop" hx-swap="none"><button class="plain" id="v-${id}-stop"${ballot.stopping ? raw(' disabled') : ''}>${text.ballot.stop}</button></form>`
  const reveal = html`<form method="post" action="/c/${id}/reveal" hx-post="/c/${id}/reveal" hx-swap="none"><button class="primary" id="v-${id}-reveal">${text.ballot.reveal}</button></form>`
  return html`<div class="leading">${ballot.phase === 'running' ? stop : ''}${canReveal ? reveal : ''}</div>`
}

function resultsPart(ballot: Ballot, viewer: Viewer): Part {
  const id = `r-${ballot.comparisonId}`
  const { results } = ballot
  if (results === null || ballot.phase !== 'revealed')
    return { id, content: html`<div class="results" id="${id}" hidden></div>` }
  const { text } = viewer
  const names = new Map(ballot.entries.map(entry => [entry.label, entry.model?.name ?? entry.label]))
  const total = results.byLabel.reduce((sum, { votes }) => sum + votes, results.ties + results.bothBad)
  return {
    id,
    content: html`<section class="results" id="${id}" aria-labelledby="${id}-h">
<h3 id="${id}-h">${verdict(results, total, names, text)}</h3>
<div class="scroll" tabindex="0"><table>
<thead><tr><th scope="col">${text.results.model}</th><th scope="col">${text.results.votesColumn}</th><th scope="col">${text.results.cost}</th><th scope="col">${text.results.tokens}</th><th scope="col">${text.results.firstToken}</th><th scope="col">${text.results.duration}</th></tr></thead>
<tbody>${results.byLabel.map(result => resultRow(result, results.winners.includes(result.label), total, names, text))}
${otherRow(text.ballot.choice.tie, results.ties, total, text)}${otherRow(text.ballot.choice.both_bad, results.bothBad, total, text)}</tbody>
</table></div>
</section>`,
  }
}

function verdict(results: Results, total: number, names: ReadonlyMap<Label, string>, text: Text): string {
  const winners = results.winners.map(label => names.get(label) ?? label)
  if (total === 0) return text.results.noVotes
  if (winners.length === 0) return text.results.undecided
  const listed = new Intl.ListFormat(text.locale).format(winners)
  return winners.length === 1 ? text.results.winner(listed) : text.results.tied(listed)
}

function resultRow(result: Result, won: boolean, total: number, names: ReadonlyMap<Label, string>, text: Text): Html {
  const tokens =
    result.completionTokens === null
      ? text.results.unknown
      : text.console.tokens(formatCount(result.promptTokens, text), formatCount(result.completionTokens, text))
  return html`<tr class="${won ? 'won' : ''}"><th scope="row"><span class="label">${result.label}</span> ${names.get(result.label)}</th>
<td>${tally(result.votes, total, text)}</td><td>${formatMoney(result.costMicros, result.currency, text)}</td><td>${tokens}</td><td>${formatDuration(result.firstTokenMs, text)}</td><td>${formatDuration(result.durationMs, text)}</td></tr>`
}

function otherRow(name: string, votes: number, total: number, text: Text): Html {
  if (votes === 0) return html``
  return html`<tr><th scope="row">${name}</th><td>${tally(votes, total, text)}</td><td colspan="4"></td></tr>`
}

function tally(votes: number, total: number, text: Text): Html {
  const width = total === 0 ? 0 : Math.round((votes / total) * 100)
  return html`<span class="tally"><svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect width="100" height="8" class="track"/><rect width="${width}" height="8" class="bar"/></svg> ${text.results.votes(votes)}</span>`
}
