/** One week: its page, and what `/summary` shows of it in the channel. */
import { type Chart, describe, isWorthDrawing } from '../../charts/index.ts'
import type { Platform } from '../../core/comparison.ts'
import { rankText } from '../../core/leaderboard-text.ts'
import type { PostOutcome, SummaryPage } from '../../core/summarising.ts'
import type { Summary, SummaryModel, SummaryStanding, WeekSummary } from '../../core/summary.ts'
import {
  changeText,
  missedNote,
  momentText,
  quoteVotes,
  shareOf,
  standingLines,
  summaryHeadline,
  summaryQuotes,
  summarySections,
  summaryTurnout,
  summaryVerdict,
  weekTitle,
} from '../../core/summary-text.ts'
import { formatCount, formatDuration, formatMoney, formatPoints } from '../../core/text/format.ts'
import type { Text } from '../../core/text/index.ts'
import { shortened } from '../../core/text/width.ts'
import { type Html, html } from '../html.ts'
import { chartFiles, picture } from './picture.ts'

/** Where the week that is not over has its page. */
export const soFarPath = '/summaries/so-far'

/** As the platforms call themselves. */
const platformNames: Record<Platform, string> = { console: 'Faceoff', discord: 'Discord', slack: 'Slack' }

/** A ballot that was open, as far as this console may show it. */
export type OpenBallot = { comparisonId: string; prompt: string; isOpen: boolean }

export type ShownWeek = {
  page: SummaryPage
  /** Of this console: its comparisons and its leaderboard can be linked to. */
  isOwn: boolean
  open: readonly OpenBallot[]
  feed: string
  /** What became of the wish to post it, if that has just been uttered. */
  outcome: PostOutcome['outcome'] | null
  text: Text
}

type Week = { summary: WeekSummary; path: string; isOwn: boolean; text: Text }

export function weekPage({ page, isOwn, open, feed, outcome, text }: ShownWeek): Html {
  const { row, now, missed } = page
  const say = text.summary.page
  const { id, workspaceId, week, asOf, numbers, platform, channel } = row
  const title = weekTitle(week, text)
  const summary = { workspaceId, week, asOf, numbers, missed }
  const path = `/summaries/${id}`
  const hasLate = !hasSameVotes(numbers, now)
  return html`<div class="board week">
<p class="back"><a href="/summaries">${text.summary.all}</a></p>
<h1>${title}${isOwn ? '' : html` ${platformChip(platform, text)}`}</h1>
${outcome === null ? '' : html`<p class="receipt" role="status">${text.summary[outcome](`#${channel}`, title)}</p>`}
${said(summary, text)}
<p class="actions">${isOwn ? html`<a href="/leaderboard">${say.live}</a>` : ''}<a href="${feed}" title="${say.feedHint}">${say.feed}</a><button data-copy="${path}" data-copied="${text.console.copied}" hidden>${text.console.copyLink}</button><button data-print hidden>${say.print}</button></p>
<section><h2>${say.asPosted}</h2>
<p class="basis">${say.asPostedHint(momentText(asOf, week.timeZone, text))} ${hasLate ? html`<a href="#now">${say.late}</a>` : say.same}</p>
${numbersOf({ summary, path, isOwn, text })}
${numbers.open.count === 0 ? '' : html`<h3>${text.summary.sections.open}</h3><p>${say.wasOpen(numbers.open.count)}</p>${openList(open, text)}`}
</section>
${
  hasLate
    ? html`<section id="now"><h2>${say.now}</h2><p class="basis">${say.nowHint}</p>
<p class="verdict">${summaryHeadline(now, text)}</p>
<p class="basis">${summaryTurnout(now, text)}</p>
${weekTable(now, `${text.summary.sections.week}: ${say.now}`, weekColumns(text), text)}</section>`
    : ''
}
</div>`
}

/** The week that is not over, as it stands. */
export function soFarPage(summary: WeekSummary, open: readonly OpenBallot[], text: Text): Html {
  const { count } = summary.numbers.open
  return html`<div class="board week">
<p class="back"><a href="/summaries">${text.summary.all}</a></p>
<h1>${text.summary.soFar}: ${weekTitle(summary.week, text)}</h1>
${said(summary, text)}
${numbersOf({ summary, path: soFarPath, isOwn: true, text })}
${count === 0 ? '' : html`<h3>${text.summary.sections.open}</h3><p>${text.summary.open(count)}</p>${openList(open, text)}`}
</div>`
}

/** In a chat: what the week says, its counts and its picture, with the way to the page. */
export function soFarReply(summary: WeekSummary, text: Text): Html {
  const { week, numbers } = summary
  // The others are drawn, or have a table here.
  const lists = summarySections(numbers, text).filter(({ about }) => about === 'categories' || about === 'measured')
  return html`<div class="board week"><h2>${text.summary.soFar}: ${weekTitle(week, text)}</h2>
<p class="verdict">${summaryHeadline(numbers, text)}</p>
<p class="basis">${summaryTurnout(numbers, text)}</p>
${weekTable(numbers, text.summary.sections.week, countColumns(text), text)}
${figure({ summary, path: soFarPath, isOwn: true, text })}
${lists.map(({ title, lines }) => html`<h3>${title}</h3><ul class="notes">${lines.map(line => html`<li>${line}</li>`)}</ul>`)}
<p><a class="button plain" href="${soFarPath}">${text.summary.wholePage}</a></p></div>`
}

export function platformChip(platform: Platform, text: Text): Html {
  return html`<span class="chip">${text.summary.page.of(platformNames[platform])}</span>`
}

function said(summary: WeekSummary, text: Text): Html {
  const { numbers } = summary
  const missed = missedNote(summary, text)
  return html`<p class="verdict">${summaryHeadline(numbers, text)}</p>
<p class="basis">${summaryTurnout(numbers, text)}</p>
<p class="overall">${summaryVerdict(numbers, text)}</p>
${missed === null ? '' : html`<p class="basis">${missed}</p>`}`
}

function numbersOf(week: Week): Html {
  const { summary, text } = week
  const { numbers } = summary
  const { sections } = text.summary
  return html`${figure(week)}
${numbers.models.length === 0 ? '' : html`<h3>${sections.week}</h3>`}
${weekTable(numbers, sections.week, weekColumns(text), text)}
${numbers.models.length === 0 ? '' : html`<p class="basis">${text.summary.weekLegend}</p>`}
${numbers.standings.length === 0 ? '' : standings(numbers, text)}
${numbers.categories.length === 0 ? '' : categories(numbers, text)}
${quotes(week)}`
}

function figure({ summary, path, text }: Week): Html | string {
  const chart: Chart = { kind: 'summary', summary, bare: true }
  if (!isWorthDrawing(chart)) return ''
  const { page, pictureTitle } = text.summary
  const query = (theme: string, width: string) => new URLSearchParams({ lang: text.locale, theme, width })
  return html`<figure class="chart summary"><h3>${pictureTitle}</h3>
${picture((format, theme, width) => `${path}/chart.${format}?${query(theme, width)}&bare=yes`, describe(chart, text), 'eager')}
<figcaption>${page.caption} <span class="files">${text.leaderboard.page.download}: ${chartFiles((format, theme, width) => `${path}/chart.${format}?${query(theme, width)}`)}</span></figcaption></figure>`
}

type Column<Row> = { key: string; label: string; cell: (row: Row) => Html | string }

/** On a phone every row is a card, whose cells say their labels themselves. */
function table<Row>(caption: string, columns: readonly Column<Row>[], rows: readonly Row[]): Html {
  const cell = ({ key, label, cell: content }: Column<Row>, row: Row) =>
    key === 'name'
      ? html`<th scope="row">${content(row)}</th>`
      : html`<td data-label="${label}" class="is-${key}">${content(row)}</td>`
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table class="standings"><caption class="hidden">${caption}</caption>
<thead><tr>${columns.map(({ label }) => html`<th scope="col">${label}</th>`)}</tr></thead>
<tbody>${rows.map(row => html`<tr>${columns.map(column => cell(column, row))}</tr>`)}</tbody></table></div>`
}

function weekTable(
  { models, names }: Summary,
  caption: string,
  columns: readonly Column<SummaryModel>[],
  text: Text,
): Html | string {
  if (models.length === 0) return ''
  const name: Column<SummaryModel> = {
    key: 'name',
    label: text.rating.model,
    cell: ({ model }) => names[model] ?? model,
  }
  return table(caption, [name, ...columns], models)
}

function countColumns(text: Text): Column<SummaryModel>[] {
  const { summary } = text
  const number = (count: number) => formatCount(count, text)
  return [
    { key: 'votes', label: summary.votes, cell: one => number(one.votes) },
    { key: 'won', label: summary.won, cell: one => number(one.wins) },
    { key: 'tied', label: summary.tied, cell: one => number(one.ties) },
    { key: 'all-bad', label: summary.allBad, cell: one => number(one.bothBad) },
  ]
}

function weekColumns(text: Text): Column<SummaryModel>[] {
  const { summary } = text
  const money = (micros: number | null, { currency }: SummaryModel) =>
    formatMoney(micros === null ? null : Math.round(micros), currency, text)
  const part = (one: SummaryModel, count: number) =>
    count === 0 ? '0' : `${formatCount(count, text)} (${shareOf(one, count, text)})`
  return [
    ...countColumns(text),
    { key: 'costs', label: summary.cost, cell: one => money(one.costMicros, one) },
    {
      key: 'per-win',
      label: summary.perWin,
      cell: one => (one.costPerWinMicros === null ? '–' : money(one.costPerWinMicros, one)),
    },
    {
      key: 'speed',
      label: text.leaderboard.firstToken,
      cell: one => formatDuration(one.firstTokenMs === null ? null : Math.round(one.firstTokenMs), text),
    },
    { key: 'failed', label: summary.failedTitle, cell: one => part(one, one.failed) },
    { key: 'refused', label: summary.refusedTitle, cell: one => part(one, one.refused) },
  ]
}

function standings(numbers: Summary, text: Text): Html {
  const { rating, leaderboard, summary } = text
  const points = (value: number) => formatPoints(value, text)
  const columns: Column<SummaryStanding>[] = [
    { key: 'rank', label: rating.rank, cell: rankText },
    {
      key: 'name',
      label: rating.model,
      cell: one =>
        html`${numbers.names[one.model] ?? one.model}${one.provisional ? html` <span class="chip">${leaderboard.provisional}</span>` : ''}`,
    },
    { key: 'points', label: rating.rating, cell: one => html`<b>${points(one.rating)}</b>` },
    { key: 'reach', label: rating.interval, cell: one => `${points(one.lower)} – ${points(one.upper)}` },
    { key: 'change', label: summary.change, cell: one => changeText(one, text) },
  ]
  return html`<h3>${summary.sections.standings}</h3>
${table(summary.sections.standings, columns, numbers.standings)}
<ul class="notes">${standingLines(numbers, text).map(line => html`<li>${line}</li>`)}</ul>`
}

function categories(numbers: Summary, text: Text): Html {
  const { summary, leaderboard } = text
  const columns: Column<Summary['categories'][number]>[] = [
    { key: 'name', label: leaderboard.category, cell: one => text.categories[one.category] },
    { key: 'votes', label: summary.votes, cell: one => formatCount(one.votes, text) },
    {
      key: 'wins',
      label: summary.won,
      cell: ({ wins }) => wins.map(one => summary.winsOf(numbers.names[one.model] ?? one.model, one.wins)).join(', '),
    },
  ]
  return html`<h3>${summary.sections.categories}</h3>${table(summary.sections.categories, columns, numbers.categories)}`
}

function quotes({ summary: { numbers }, isOwn, text }: Week): Html | string {
  const found = summaryQuotes(numbers, text)
  if (found.length === 0) return ''
  const prompt = (quote: { comparisonId: string; prompt: string }) =>
    isOwn
      ? html`<a href="/c/${quote.comparisonId}" dir="auto">${quote.prompt}</a>`
      : html`<b dir="auto">${quote.prompt}</b>`
  return html`<h3>${text.summary.sections.prompts}</h3>
<ul class="history">${found.map(({ title, quote }) => html`<li><p class="basis">${title}</p>${prompt(quote)}<p class="basis">${quoteVotes(quote, numbers, text)}</p></li>`)}</ul>`
}

function openList(open: readonly OpenBallot[], text: Text): Html | string {
  if (open.length === 0) return ''
  return html`<ul class="history">${open.map(({ comparisonId, prompt, isOpen }) => html`<li><a href="/c/${comparisonId}" dir="auto">${shortened(prompt.replace(/\s+/g, ' '), 120)}</a>${isOpen ? html` <span class="chip">${text.ballot.phase.open}</span>` : ''}</li>`)}</ul>`
}

/** Whether nothing that the week's table counts has come since; names, and what is open, may have changed. */
function hasSameVotes(posted: Summary, now: Summary): boolean {
  const counted = ({ turnout, models }: Summary) =>
    JSON.stringify([
      turnout.asked,
      turnout.voters,
      models
        .map(one => [one.model, one.votes, one.wins, one.ties, one.bothBad, one.answers, one.failed, one.refused])
        .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
    ])
  return counted(posted) === counted(now)
}
