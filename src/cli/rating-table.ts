/** Ratings as a table for a terminal. */
import {
  type ModelRating,
  type RatedTallies,
  settledComparisons,
  settledVotes,
  verdictOf,
} from '../core/rating/index.ts'
import { type Text, verdictSentence } from '../core/text/index.ts'

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

/** How many columns of a terminal a text takes: Han, Kana, Hangul and emoji take two, combining marks none. */
export function widthOf(text: string): number {
  let width = 0
  for (const { segment } of new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(text)) {
    if (/^[\p{Mn}\p{Me}\p{Cf}\p{Cc}]+$/u.test(segment)) continue
    width += wide.test(segment) ? 2 : 1
  }
  return width
}

/** The blocks that Unicode's East Asian Width calls wide or full-width, and what is drawn as an emoji. */
const wide =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6b\uff01-\uff60\uffe0-\uffe6\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}]|^\p{Emoji_Presentation}|\ufe0f/u

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
