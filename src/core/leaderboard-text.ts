/** A leaderboard in words: the sentences that go with it everywhere, and a table for where characters have one width. */
import type { Leaderboard, LeaderboardWish, Standing } from './leaderboard.ts'
import { settledComparisons, settledVotes } from './rating/index.ts'
import { formatCount, formatDate, formatDuration, formatMoney, formatShare } from './text/format.ts'
import { type Text, verdictSentence } from './text/index.ts'
import { fitted, shortened } from './text/width.ts'

/** Columns that a phone shows of a code block without scrolling. */
const phoneColumns = 32

/** Models in a table of lines; more follow as a number. */
const mostModels = 10

/** "Reasoning · last 4 weeks · style-controlled" */
export function leaderboardTitle({ category, period, mode }: LeaderboardWish, text: Text): string {
  const { leaderboard } = text
  return [
    category ? text.categories[category] : leaderboard.allCategories,
    leaderboard.periods[period],
    leaderboard.modes[mode],
  ].join(' · ')
}

/** "240 votes by 12 people on 80 comparisons", with the first day of the period. */
export function leaderboardBasis({ votes, voters, comparisons, since }: Leaderboard, text: Text): string {
  const { basis, sinceDay } = text.leaderboard
  const counted = basis(votes, voters, comparisons)
  return since === null ? counted : `${counted}, ${sinceDay(formatDate(since, text))}`
}

/** The one honest sentence. */
export function leaderboardVerdict({ verdict, names }: Leaderboard, text: Text): string {
  return verdictSentence(verdict, text, model => names[model] ?? model)
}

/** What puts the numbers in perspective, each a sentence. */
export function leaderboardNotes(board: Leaderboard, text: Text): string[] {
  const { rating, leaderboard } = text
  const { position, busiest, islands, newestOnly } = board
  const share = (value: number) => formatShare(value, text)
  return [
    ...(islands.length > 1 ? [leaderboard.islandsNote] : []),
    ...(islands.flat().some(({ provisional }) => provisional)
      ? [leaderboard.provisionalNote(settledVotes, settledComparisons)]
      : []),
    ...(position ? [rating.position(share(position.rate), share(position.lower), share(position.upper))] : []),
    ...(busiest ? [leaderboard.busiestNote(share(busiest.share), busiest.changesOrder)] : []),
    ...(newestOnly === null ? [] : [leaderboard.newestOnly(formatCount(newestOnly, text))]),
  ]
}

/** "1–3", or "2" where the place is clear. */
export function rankText({ rank }: Pick<Standing, 'rank'>): string {
  return rank.best === rank.worst ? String(rank.best) : `${rank.best}–${rank.worst}`
}

/**
 * A table for a code block, at most 32 columns wide: three lines a model, the islands one under the other. Empty without
 * votes. Sentences are not in it: they wrap better outside of a code block.
 */
export function leaderboardLines(board: Leaderboard, text: Text): string[] {
  const { islands } = board
  let left = mostModels
  const lines = islands.flatMap((island, number) => {
    const listed = island.slice(0, left)
    left -= listed.length
    if (listed.length === 0) return []
    const title = islands.length > 1 ? [text.rating.group(number + 1)] : []
    return [...title, ...listed.flatMap(standing => linesOf(standing, text))]
  })
  const more = islands.flat().length - (mostModels - left)
  return [...lines, ...(more > 0 ? [text.leaderboard.more(more)] : [])].map(line =>
    shortened(line, phoneColumns).trimEnd(),
  )
}

const rankColumns = 5
const nameColumns = 15

function linesOf(standing: Standing, text: Text): string[] {
  const { rating, lower, upper, provisional, winRate, bothBadRate, votes, comparisons } = standing
  const { leaderboard } = text
  const name = `${standing.name}${provisional ? '*' : ''}`
  const points = `${Math.round(rating)}`
  // "±" says it in fewer columns than both ends.
  const reach = `±${Math.round((upper - lower) / 2)}`
  const inset = ' '.repeat(rankColumns)
  const speed =
    standing.firstTokenMs === null ? [] : [formatDuration(Math.round(standing.firstTokenMs), text, 'narrow')]
  const cost = standing.costMicros === null ? [] : [formatMoney(standing.costMicros, standing.currency, text)]
  return [
    `${fitted(rankText(standing), rankColumns - 1)} ${fitted(name, nameColumns)} ${fitted(points, 5, 'right')} ${fitted(reach, 5, 'right')}`,
    `${inset}${[...(winRate ? [leaderboard.won(formatShare(winRate.rate, text, 0))] : []), leaderboard.votesShort(votes, comparisons)].join(', ')}`,
    `${inset}${[leaderboard.bad(formatShare(bothBadRate.rate, text, 0)), ...speed, ...cost].join(', ')}`,
  ]
}
