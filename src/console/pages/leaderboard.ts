/** The leaderboard: the page, and the reply to `/leaderboard`. */
import { type Chart, describe, isWorthDrawing } from '../../charts/index.ts'
import { categories } from '../../core/comparison.ts'
import {
  type Duel,
  type Leaderboard,
  type LeaderboardWish,
  leaderboardModes,
  periods,
  type RatingHistory,
  type Standing,
} from '../../core/leaderboard.ts'
import {
  leaderboardBasis,
  leaderboardNotes,
  leaderboardTitle,
  leaderboardVerdict,
  rankText,
} from '../../core/leaderboard-text.ts'
import { styleFeatures } from '../../core/rating/index.ts'
import { formatCount, formatDuration, formatMoney, formatPoints, formatShare } from '../../core/text/format.ts'
import { type Text, verdictSentence } from '../../core/text/index.ts'
import { type Html, html, raw } from '../html.ts'
import { type ChartFile, chartFiles, picture } from './picture.ts'

const sortKeys = ['rank', 'name', 'rating', 'won', 'votes', 'comparisons', 'bad', 'speed', 'cost'] as const
export type SortKey = (typeof sortKeys)[number]

export type Sort = { key: SortKey; reversed: boolean }

type Shown = {
  board: Leaderboard
  history: RatingHistory
  sort: Sort
  /** The two models that were chosen to be compared, as an address may claim. */
  duel: { a: string | null; b: string | null }
  text: Text
}

export function isSortKey(given: string): given is SortKey {
  return sortKeys.some(key => key === given)
}

/** The filters as the end of an address, without what is the default; `more` in front of it. */
export function boardQuery(
  wish: Pick<LeaderboardWish, 'category' | 'period' | 'mode'>,
  more: Record<string, string> = {},
): string {
  const query = new URLSearchParams(more)
  if (wish.category !== null) query.set('category', wish.category)
  if (wish.period !== 'all') query.set('period', wish.period)
  if (wish.mode !== 'team') query.set('mode', wish.mode)
  return query.size === 0 ? '' : `?${query}`
}

export function leaderboardPage(shown: Shown): Html {
  const { board, history, sort, text } = shown
  const { page, title } = text.leaderboard
  const charts: Chart[] = [
    { kind: 'intervals', board },
    { kind: 'matrix', board },
    { kind: 'cost', board },
    { kind: 'speed', board },
    { kind: 'history', history },
  ]
  return html`<div class="board">
<h1>${title}</h1>
${filters(board, text)}
<p class="verdict">${leaderboardVerdict(board, text)}</p>
<p class="basis">${leaderboardBasis(board, text)}. <a href="/method">${page.howItWorks}</a> · <a href="/claims">${text.claims.title}</a></p>
${board.islands.map((island, number) => islandTable(board, island, number, sort, text))}
${notes(board, text)}
${board.styleEffects === null || board.votes === 0 ? '' : effects(board, text)}
<p class="downloads">${downloads(board, text)}</p>
${charts.filter(isWorthDrawing).map(chart => html`${figure(chart, board, text)}${chart.kind === 'matrix' ? duelPicker(shown) : ''}`)}
</div>`
}

/** In a chat: the table and its sentences, with the way to the page. */
export function leaderboardReply(board: Leaderboard, text: Text): Html {
  return html`<div class="board"><h2>${text.leaderboard.title}</h2>
<p class="basis">${leaderboardTitle(board, text)}: ${leaderboardBasis(board, text)}</p>
${board.islands.map((island, number) => islandTable(board, island, number, null, text))}
<p class="verdict">${leaderboardVerdict(board, text)}</p>
${notes(board, text)}
<p><a class="button plain" href="/leaderboard${boardQuery(board)}">${text.leaderboard.page.wholePage}</a></p></div>`
}

function filters(wish: LeaderboardWish, text: Text): Html {
  const { leaderboard } = text
  const options = (values: readonly string[], chosen: string, name: (value: string) => string) =>
    values.map(
      value => html`<option value="${value}"${value === chosen ? raw(' selected') : ''}>${name(value)}</option>`,
    )
  const names: Readonly<Record<string, string>> = { '': leaderboard.allCategories, ...text.categories }
  const periodNames: Readonly<Record<string, string>> = leaderboard.periods
  const modeNames: Readonly<Record<string, string>> = leaderboard.modes
  return html`<form class="filters" action="/leaderboard">
<label>${leaderboard.category}<select name="category">${options(['', ...categories], wish.category ?? '', value => names[value] ?? value)}</select></label>
<label>${leaderboard.period}<select name="period">${options(periods, wish.period, value => periodNames[value] ?? value)}</select></label>
<label>${leaderboard.mode}<select name="mode">${options(leaderboardModes, wish.mode, value => modeNames[value] ?? value)}</select></label>
<button class="primary">${leaderboard.page.show}</button>
</form>`
}

type Column = {
  key: SortKey
  label: string
  cell: (one: Standing) => Html | string
  value: (one: Standing) => number | string
}

/** What sorts last: nothing is known. */
const unknown = Number.POSITIVE_INFINITY

function columnsOf(island: readonly Standing[], text: Text): Column[] {
  const { rating, leaderboard } = text
  const number = (value: number) => formatCount(value, text)
  const low = Math.min(...island.map(({ lower }) => lower))
  const high = Math.max(...island.map(({ upper }) => upper))
  return [
    { key: 'rank', label: rating.rank, cell: rankText, value: one => one.rank.best * 1000 + one.rank.worst },
    {
      key: 'name',
      label: rating.model,
      cell: one =>
        html`${one.name}${one.provisional ? html` <span class="chip" title="${leaderboard.provisional}">${leaderboard.provisional}</span>` : ''}`,
      value: one => one.name,
    },
    {
      key: 'rating',
      label: `${rating.rating} (${rating.interval})`,
      cell: one =>
        html`<b>${formatPoints(one.rating, text)}</b> <span class="interval">${formatPoints(one.lower, text)} – ${formatPoints(one.upper, text)}</span>${bar(one, low, high)}`,
      value: one => -one.rating,
    },
    {
      key: 'won',
      label: rating.winRate,
      cell: one => (one.winRate ? formatShare(one.winRate.rate, text, 0) : '–'),
      value: one => -(one.winRate?.rate ?? -unknown),
    },
    { key: 'votes', label: rating.votes, cell: one => number(one.votes), value: one => -one.votes },
    {
      key: 'comparisons',
      label: rating.comparisons,
      cell: one => number(one.comparisons),
      value: one => -one.comparisons,
    },
    {
      key: 'bad',
      label: rating.bothBad,
      cell: ({ bothBadRate: { rate, lower, upper } }) =>
        html`${formatShare(rate, text, 0)} <span class="interval">${formatShare(lower, text, 0)} – ${formatShare(upper, text, 0)}</span>`,
      value: one => one.bothBadRate.rate,
    },
    {
      key: 'speed',
      label: leaderboard.firstToken,
      cell: one => formatDuration(one.firstTokenMs === null ? null : Math.round(one.firstTokenMs), text),
      value: one => one.firstTokenMs ?? unknown,
    },
    {
      key: 'cost',
      label: leaderboard.cost,
      cell: one => formatMoney(one.costMicros, one.currency, text),
      value: one => one.costMicros ?? unknown,
    },
  ]
}

/** `sort` null: in a chat, where nothing can be sorted. */
function islandTable(
  board: Leaderboard,
  island: readonly Standing[],
  number: number,
  sort: Sort | null,
  text: Text,
): Html {
  const columns = columnsOf(island, text)
  const title = board.islands.length > 1 ? text.rating.group(number + 1) : text.leaderboard.title
  const by = columns.find(({ key }) => key === sort?.key)
  const rows = by
    ? island.toSorted((a, b) => compareValues(by.value(a), by.value(b)) * (sort?.reversed ? -1 : 1))
    : island
  const head = ({ key, label }: Column) => {
    if (sort === null) return html`<th scope="col">${label}</th>`
    const isSorted = key === sort.key
    const next = isSorted && !sort.reversed ? `-${key}` : key
    const direction = isSorted ? (sort.reversed ? 'descending' : 'ascending') : 'none'
    const arrow = isSorted ? (sort.reversed ? ' ↑' : ' ↓') : ''
    return html`<th scope="col" aria-sort="${direction}"><a href="/leaderboard${boardQuery(board, { sort: next })}">${label}${arrow}</a></th>`
  }
  const cell = ({ key, label, cell: content }: Column, one: Standing) =>
    key === 'name'
      ? html`<th scope="row">${content(one)}</th>`
      : html`<td data-label="${label}" class="is-${key}">${content(one)}</td>`
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${title}"><table class="standings"><caption class="${board.islands.length > 1 ? '' : 'hidden'}">${title}</caption>
<thead><tr>${columns.map(head)}</tr></thead>
<tbody>${rows.map(one => html`<tr>${columns.map(column => cell(column, one))}</tr>`)}</tbody>
</table></div>`
}

function compareValues(a: number | string, b: number | string): number {
  if (typeof a === 'string' || typeof b === 'string') return String(a).localeCompare(String(b))
  return a === b ? 0 : a - b
}

/** The interval within all intervals of its table, as attributes: styles in line are not allowed here. */
function bar({ rating, lower, upper }: Standing, low: number, high: number): Html {
  const at = (points: number) => ((points - low) / Math.max(1, high - low)) * 116 + 2
  return html`<svg class="bar" viewBox="0 0 120 10" aria-hidden="true"><line x1="${at(lower).toFixed(1)}" x2="${at(upper).toFixed(1)}" y1="5" y2="5"/><circle cx="${at(rating).toFixed(1)}" cy="5" r="3.5"/></svg>`
}

function notes(board: Leaderboard, text: Text): Html | string {
  const sentences = leaderboardNotes(board, text)
  return sentences.length === 0
    ? ''
    : html`<ul class="notes">${sentences.map(sentence => html`<li>${sentence}</li>`)}</ul>`
}

/** Of the style: how much one standard deviation more multiplies the odds of being chosen. */
function effects({ styleEffects }: Leaderboard, text: Text): Html {
  const { page } = text.leaderboard
  const factor = (logits: number) =>
    new Intl.NumberFormat(text.locale, { maximumFractionDigits: 2, minimumFractionDigits: 2 }).format(Math.exp(logits))
  const rows = styleFeatures.flatMap(feature => {
    const effect = styleEffects?.[feature]
    return effect
      ? [
          html`<tr><th scope="row">${page.features[feature]}</th><td>× ${factor(effect.effect)}</td><td>× ${factor(effect.lower)} – ${factor(effect.upper)}</td></tr>`,
        ]
      : []
  })
  return html`<section><h2>${page.effectsTitle}</h2><p>${page.effectsHint}</p>
<div class="scroll" tabindex="0"><table><thead><tr><th scope="col">${page.feature}</th><th scope="col">${page.effect}</th><th scope="col">${text.rating.interval}</th></tr></thead><tbody>${rows}</tbody></table></div></section>`
}

function downloads(board: Leaderboard, text: Text): Html {
  const { page } = text.leaderboard
  const query = boardQuery(board)
  return html`${page.download}: <a href="/leaderboard.csv${query}">CSV</a>, <a href="/leaderboard.json${query}">JSON</a>
<button class="quiet" data-copy="/leaderboard${query}" data-copied="${text.console.copied}" hidden>${text.console.copyLink}</button>`
}

function figure(chart: Chart, board: Leaderboard, text: Text): Html {
  const { charts, page } = text.leaderboard
  const file: ChartFile = (format, theme, width) =>
    `/leaderboard/${chart.kind}.${format}${boardQuery(board, { lang: text.locale, theme, width })}`
  if (chart.kind === 'post' || chart.kind === 'summary') return html``
  const title = charts[chart.kind]
  return html`<figure class="chart ${chart.kind}"><h2>${title}</h2>
${picture(file, describe(chart, text), 'lazy')}
<figcaption>${page.captions[chart.kind]} <span class="files">${page.download}: ${chartFiles(file)}</span></figcaption></figure>`
}

/** Any two of the models that can be compared: what the matrix says, for one pair and in words. */
function duelPicker({ board, duel, text }: Shown): Html {
  const { page } = text.leaderboard
  const models = (board.islands[0] ?? []).map(({ model, name }) => ({ model, name }))
  const [first, second] = models
  const known = (given: string | null) => models.find(({ model }) => model === given)?.model
  const a = known(duel.a) ?? first?.model ?? ''
  const b = known(duel.b) ?? (a === second?.model ? first?.model : second?.model) ?? ''
  const found = board.duels.find(one => (one.a === a && one.b === b) || (one.a === b && one.b === a))
  const choice = (name: string, label: string, chosen: string) =>
    html`<label>${label}<select name="${name}">${models.map(({ model, name: modelName }) => html`<option value="${model}"${model === chosen ? raw(' selected') : ''}>${modelName}</option>`)}</select></label>`
  const hidden = [...new URLSearchParams(boardQuery(board))].map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  )
  return html`<section class="duel" id="duel"><h2>${page.duelTitle}</h2>
<form class="filters" action="/leaderboard#duel">${hidden}${choice('a', page.duelFirst, a)}${choice('b', page.duelSecond, b)}<button>${page.show}</button></form>
<p>${found ? duelSentences(found, board, text) : page.duelNone}</p></section>`
}

function duelSentences(
  { a, b, aBetter, settled, moreComparisons, ...duel }: Duel,
  board: Leaderboard,
  text: Text,
): string {
  const { page } = text.leaderboard
  const name = (model: string) => board.names[model] ?? model
  const verdict = verdictSentence(
    settled ? { kind: 'settled', a, b, aBetter } : { kind: 'open', a, b, aBetter, moreComparisons },
    text,
    name,
  )
  const points = (value: number) => formatPoints(value, text)
  return [
    page.duelCounts(name(a), duel.wins, name(b), duel.losses, duel.draws),
    page.duelDifference(points(duel.difference), points(duel.lower), points(duel.upper)),
    verdict,
  ].join(' ')
}
