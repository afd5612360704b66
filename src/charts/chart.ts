/** What can be drawn, as data that goes to another thread, and the words that stand for it. */
import type { Leaderboard, RatingHistory, Standing } from '../core/leaderboard.ts'
import { leaderboardTitle, leaderboardVerdict, rankText } from '../core/leaderboard-text.ts'
import { isQuiet, type WeekSummary } from '../core/summary.ts'
import { describeStandings, summaryHeadline, weekTitle } from '../core/summary-text.ts'
import { formatDuration, formatMoney, formatShare } from '../core/text/format.ts'
import type { Locale, Text } from '../core/text/index.ts'

/** What is drawn of a week. */
export type DrawnWeek = Pick<WeekSummary, 'week' | 'numbers'>

export type Chart =
  /** Each model's rating with its interval. */
  | { kind: 'intervals'; board: Leaderboard }
  /** Who won against whom. */
  | { kind: 'matrix'; board: Leaderboard }
  /** Rating against the cost of an answer, or against the time to its first word. */
  | { kind: 'cost' | 'speed'; board: Leaderboard }
  | { kind: 'history'; history: RatingHistory }
  /** For a chat: the intervals with their title and the one sentence. */
  | { kind: 'post'; board: Leaderboard }
  /** A week: its headline, and the ratings with what has changed. `bare`: for a page that says the headline itself. */
  | { kind: 'summary'; summary: DrawnWeek; bare?: boolean }

/** `width` in CSS pixels. */
export type Look = { locale: Locale; theme: 'light' | 'dark'; width: number }

/** Models in one chart; more would be a smear. */
export const mostDrawn = 20

/** The models of the largest group that met: those whose ratings compare. */
export function drawn(board: Leaderboard): Standing[] {
  return (board.islands[0] ?? []).slice(0, mostDrawn)
}

/** True when there is something to see. */
export function isWorthDrawing(chart: Chart): boolean {
  switch (chart.kind) {
    case 'history':
      return chart.history.length > 1
    case 'summary':
      return !isQuiet(chart.summary.numbers) && chart.summary.numbers.standings.length > 1
    case 'cost':
      return (
        drawn(chart.board).filter(({ costMicros, currency }) => costMicros !== null && currency !== null).length > 1
      )
    case 'speed':
      return drawn(chart.board).filter(({ firstTokenMs }) => firstTokenMs !== null).length > 1
    case 'matrix':
      return chart.board.duels.length > 0
    default:
      return drawn(chart.board).length > 1
  }
}

/** The text alternative: the same facts in sentences. */
export function describe(chart: Chart, text: Text): string {
  const { charts } = text.leaderboard
  const points = (value: number) => Math.round(value)
  switch (chart.kind) {
    case 'intervals':
    case 'post':
      return [
        charts.intervals,
        ...drawn(chart.board).map(one =>
          charts.intervalOf(rankText(one), one.name, points(one.rating), points(one.lower), points(one.upper)),
        ),
        ...(chart.kind === 'post' ? [leaderboardTitle(chart.board, text), leaderboardVerdict(chart.board, text)] : []),
      ].join(' ')
    case 'summary': {
      const { week, numbers } = chart.summary
      if (chart.bare) return describeStandings(numbers, text)
      return [weekTitle(week, text), summaryHeadline(numbers, text), describeStandings(numbers, text)].join('. ')
    }
    case 'matrix': {
      const { duels, names } = chart.board
      const shares = duels.slice(0, 15).map(({ a, b, wins, losses, draws }) => {
        const n = wins + losses + draws
        return charts.shareOf(
          names[a] ?? a,
          names[b] ?? b,
          n === 0 ? '–' : formatShare((wins + draws / 2) / n, text, 0),
          n,
        )
      })
      return [charts.matrix, ...shares].join(' ')
    }
    case 'cost':
      return [
        charts.cost,
        ...drawn(chart.board).flatMap(({ name, rating, costMicros, currency }) =>
          costMicros === null ? [] : [charts.pointOf(name, points(rating), formatMoney(costMicros, currency, text))],
        ),
      ].join(' ')
    case 'speed':
      return [
        charts.speed,
        ...drawn(chart.board).flatMap(({ name, rating, firstTokenMs }) =>
          firstTokenMs === null
            ? []
            : [charts.pointOf(name, points(rating), formatDuration(Math.round(firstTokenMs), text))],
        ),
      ].join(' ')
    case 'history': {
      const first = chart.history[0]?.models ?? []
      const last = chart.history.at(-1)?.models ?? []
      const before = new Map(first.map(({ model, rating }) => [model, rating]))
      return [
        charts.history,
        ...last.map(({ model, name, rating }) => {
          const began = before.get(model)
          return charts.changeOf(name, began === undefined ? null : points(began), points(rating))
        }),
      ].join(' ')
    }
  }
}
