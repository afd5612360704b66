/** Ratings as a table for a terminal. */
import {
  type ModelRating,
  type RatedTallies,
  settledComparisons,
  settledVotes,
  verdictOf,
} from '../core/rating/index.ts'
import { type Text, verdictSentence } from '../core/text/index.ts'
import { widthOf } from '../core/text/width.ts'

/** One table per component, then the one sentence and what puts it in perspective. */
export function ratingTable(rated: RatedTallies, text: Text): string {
  const groups = rated.components.map((_, component) => {
    const rows = rated.models.filter(model => model.component === component).map(model => cells(model, text))
    const title = rated.components.length > 1 ? [text.rating.group(component + 1)] : []
    return [...title, table([heads(text), ...rows])].join('\n')
  })
  const share = (value: number) => percent(value, text)
  const { position, busiest } = rated
  const notes = [
    verdictSentence(verdictOf(rated), text),
    ...(rated.models.some(({ provisional }) => provisional)
      ? [text.rating.provisional(settledVotes, settledComparisons)]
      : []),
    ...(position ? [text.rating.position(share(position.rate), share(position.lower), share(position.upper))] : []),
    ...(busiest ? [text.rating.busiest(busiest.voter, share(busiest.share), busiest.changesOrder)] : []),
  ]
  return [...groups, notes.map(printable).join('\n')].join('\n\n')
}

function heads({ rating }: Text): string[] {
  const { rank, model, interval, votes, comparisons, winRate, bothBad } = rating
  return [rank, model, rating.rating, interval, votes, comparisons, winRate, bothBad]
}

function cells(model: ModelRating, text: Text): string[] {
  const number = (value: number) => new Intl.NumberFormat(text.locale).format(value)
  return [
    number(model.rank),
    `${model.model}${model.provisional ? '*' : ''}`,
    Math.round(model.rating).toString(),
    `${Math.round(model.lower)} – ${Math.round(model.upper)}`,
    number(model.votes),
    number(model.comparisons),
    model.winRate ? percent(model.winRate.rate, text) : '–',
    percent(model.bothBadRate.rate, text),
  ]
}

/** Names to the left, numbers to the right. */
function table(rows: readonly (readonly string[])[]): string {
  const clean = rows.map(row => row.map(printable))
  const widths = (clean[0] ?? []).map((_, column) => Math.max(...clean.map(row => widthOf(row[column] ?? ''))))
  return clean
    .map(row =>
      row
        .map((cell, column) => {
          const gap = ' '.repeat((widths[column] ?? 0) - widthOf(cell))
          return column === 1 ? cell + gap : gap + cell
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** Names come from a file: what could move a cursor or turn the line around is shown as a sign of its own. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '\ufffd')
}

function percent(share: number, { locale }: Text): string {
  return `${new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }).format(100 * share)} %`
}
