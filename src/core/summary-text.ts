/** A summary in words: what every platform says, each with its own marks. */
import { FaceoffError } from './errors.ts'
import { rankText } from './leaderboard-text.ts'
import type { SummarySetup } from './summarising.ts'
import {
  isQuiet,
  type Summary,
  type SummaryModel,
  type SummaryNotice,
  type SummaryQuote,
  type SummarySettings,
  type SummaryStanding,
  type WeekSummary,
} from './summary.ts'
import { formatDuration, formatMoney, formatPoints, formatShare } from './text/format.ts'
import { sentenceFor, type Text, verdictSentence } from './text/index.ts'
import { shortened } from './text/width.ts'
import { isTimeZone, type Week, type Weekday, weekdays } from './week.ts'

/** Models of a list in a chat; the console's page has them all. */
const mostModels = 8

/** One part of a post: lines, which a phone breaks where it has to, as it could not break those of a table. */
export type SummarySection = {
  about: 'week' | 'standings' | 'categories' | 'measured'
  title: string
  lines: string[]
}

/** "Week 48, Nov 23 – 29, 2026" */
export function weekTitle(week: Week, text: Text): string {
  const number = Number(week.id.slice(-2))
  // A moment before the next Monday begins: the week's last day.
  const last = new Date(week.end.getTime() - 1)
  const format = new Intl.DateTimeFormat(text.locale, { dateStyle: 'medium', timeZone: week.timeZone })
  return text.summary.week(number, format.formatRange(week.start, last))
}

/** "Weekly summary: Week 48, Nov 23 – 29, 2026" */
export function summaryTitle({ week }: Pick<WeekSummary, 'week'>, text: Text): string {
  return `${text.summary.title}: ${weekTitle(week, text)}`
}

/** Only as strong as the numbers. */
export function summaryHeadline({ headline, turnout, names }: Summary, text: Text): string {
  const { headline: say } = text.summary
  const name = (model: string) => names[model] ?? model
  switch (headline.kind) {
    case 'quiet':
      return say.quiet(turnout.votes, turnout.asked)
    case 'drawn':
      return say.drawn(turnout.votes)
    case 'level':
      return say.level(name(headline.a), name(headline.b), headline.votes)
    case 'led': {
      const { a, b, wins, losses, aBetter, settled } = headline
      return settled
        ? say.settled(name(a), wins, name(b), losses, aBetter)
        : say.open(name(a), wins, name(b), losses, aBetter)
    }
  }
}

/** What all votes say, until this week's end. */
export function summaryVerdict({ verdict, names }: Summary, text: Text): string {
  return `${text.summary.overall} ${verdictSentence(verdict, text, model => names[model] ?? model)}`
}

export function summaryTurnout({ turnout }: Summary, text: Text): string {
  const { asked, votes, voters, mostActive } = turnout
  const said = text.summary.turnout(asked, votes, voters)
  return mostActive === null
    ? said
    : `${said} ${text.summary.mostActive(mostActive.names.join(', '), mostActive.asked)}`
}

/** What a post says under its headline, each on a line of its own: a quiet week says nothing about the models. */
export function summaryFacts(summary: WeekSummary, text: Text): string[] {
  const { numbers } = summary
  const missed = missedNote(summary, text)
  return [
    ...(isQuiet(numbers) ? [] : [summaryVerdict(numbers, text)]),
    summaryTurnout(numbers, text),
    ...(missed === null ? [] : [missed]),
  ]
}

/** Everything under the headline and the turnout, but for the quotes. Empty in a quiet week. */
export function summarySections(summary: Summary, text: Text): SummarySection[] {
  if (isQuiet(summary)) return []
  const { sections } = text.summary
  const all: SummarySection[] = [
    { about: 'week', title: sections.week, lines: weekLines(summary, text) },
    {
      about: 'standings',
      title: sections.standings,
      lines: [...ratingLines(summary, text), ...standingLines(summary, text)],
    },
    { about: 'categories', title: sections.categories, lines: categoryLines(summary, text) },
    { about: 'measured', title: sections.measured, lines: measuredLines(summary, text) },
  ]
  return all.filter(({ lines }) => lines.length > 0)
}

/** "Qwen3.8 Max 4, GPT-6.1 Sol 3, 1 tie" */
export function quoteVotes({ votes, ties, bothBad }: SummaryQuote, { names }: Summary, text: Text): string {
  const shares = votes.map(({ model, votes }) => text.summary.winsOf(names[model] ?? model, votes)).join(', ')
  return text.summary.quoteVotes(shares, ties, bothBad)
}

/** The quotes that there are, each with its title; on one line, as a list has it. */
export function summaryQuotes({ divided, clearest }: Summary, text: Text): { title: string; quote: SummaryQuote }[] {
  const { summary } = text
  const all = [
    { title: summary.divided, quote: divided },
    { title: summary.clearest, quote: clearest },
  ]
  return all.flatMap(({ title, quote }) =>
    quote === null ? [] : [{ title, quote: { ...quote, prompt: shortened(quote.prompt.replace(/\s+/g, ' '), 120) } }],
  )
}

/** Null where none was missed. */
export function missedNote({ missed }: Pick<WeekSummary, 'missed'>, text: Text): string | null {
  if (missed.length === 0) return null
  return text.summary.missed(missed.map(id => id.replace(/^(\d+)-W0?(\d+)$/, '$2/$1')).join(', '))
}

/** "+12", "−3", "±0"; "new" where there was no rating a week before. */
export function changeText({ rating, before }: SummaryStanding, text: Text): string {
  if (before === null) return text.summary.isNew
  const change = Math.round(rating) - Math.round(before.rating)
  return change === 0 ? '±0' : `${change > 0 ? '+' : ''}${formatPoints(change, text)}`
}

/** The picture's text alternative. */
export function describeStandings(summary: Summary, text: Text): string {
  const { standings, names } = summary
  return [
    `${text.summary.pictureTitle}:`,
    ...standings.map(one => {
      const [rating, lower, upper] = [one.rating, one.lower, one.upper].map(Math.round)
      const change = one.before === null ? '' : changeText(one, text)
      return text.summary.picture(
        rankText(one),
        names[one.model] ?? one.model,
        rating ?? 0,
        lower ?? 0,
        upper ?? 0,
        change,
      )
    }),
  ].join(' ')
}

/** Why there is no summary, in the platform's own words where it has some, and what to do: for whoever can change it. */
export function noticeText({ error }: SummaryNotice, channelName: string, text: Text, why?: string): string {
  const { notice } = text.summary
  const gone = error.problem.code === 'post_gone' ? notice.gone : undefined
  return `${notice.cannotPost(channelName)} ${gone ?? why ?? sentenceFor(error.problem, text)} ${notice.keep}`
}

/** Settings as lines: what stands, and when the next one comes. `channelName`: as the platform writes it. */
export function settingsLines(
  { settings, channel, next }: SummarySetup,
  channelName: (channel: string) => string,
  text: Text,
): { name: string; value: string }[] {
  const { settings: say } = text.summary
  const { enabled, weekday, minuteOfDay, timeZone, locale, quietWeeks } = settings
  const where =
    settings.channel !== null
      ? channelName(settings.channel)
      : channel === null
        ? say.busiest
        : say.busiestIs(channelName(channel))
  return [
    {
      name: text.summary.title,
      value: enabled ? say.on(weekdayName(weekday, text), timeText(minuteOfDay), timeZone) : say.off,
    },
    ...(enabled
      ? [
          { name: say.channel, value: where },
          { name: say.language, value: new Intl.DisplayNames(text.locale, { type: 'language' }).of(locale) ?? locale },
          { name: say.quietWeeks, value: say.quiet[quietWeeks] },
        ]
      : []),
    ...(next === null ? [] : [{ name: '', value: text.summary.next(momentText(next, timeZone, text)) }]),
  ]
}

/** "Mon, Nov 30, 9:00 AM" */
export function momentText(moment: Date, timeZone: string, text: Text): string {
  return new Intl.DateTimeFormat(text.locale, {
    weekday: 'short',
    month: 'short',
    day: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    timeZone,
  }).format(moment)
}

export function weekdayName(weekday: Weekday, text: Text): string {
  // 5 January 1970 was a Monday.
  const day = new Date(Date.UTC(1970, 0, 4 + weekday))
  return new Intl.DateTimeFormat(text.locale, { weekday: 'long', timeZone: 'UTC' }).format(day)
}

/** "09:00", which is also how it is typed. */
export function timeText(minuteOfDay: number): string {
  const two = (number: number) => String(number).padStart(2, '0')
  return `${two(Math.floor(minuteOfDay / 60))}:${two(minuteOfDay % 60)}`
}

/** What a form was filled in with, as people type it. */
export type TypedSettings = {
  /** `never`, or a weekday's number. */
  day: string
  time: string
  timeZone: string
  channel: string
  locale: string
  quietWeeks: string
}

/** Throws `time_bad`, `time_zone_unknown` or `option_bad`. What is not a choice at all stays as `now` has it. */
export function readSettings(typed: TypedSettings, now: SummarySettings): SummarySettings {
  const [, hours, minutes] = /^(\d{1,2})[:.h]?(\d{2})?$/.exec(typed.time.trim()) ?? []
  const minuteOfDay = Number(hours) * 60 + Number(minutes ?? 0)
  if (hours === undefined || Number(hours) > 23 || Number(minutes ?? 0) > 59) {
    throw new FaceoffError({ code: 'time_bad', time: typed.time.slice(0, 40) })
  }
  const timeZone = typed.timeZone.trim()
  if (!isTimeZone(timeZone)) throw new FaceoffError({ code: 'time_zone_unknown', timeZone: timeZone.slice(0, 60) })
  const weekday = weekdays.find(day => String(day) === typed.day)
  if (weekday === undefined && typed.day !== 'never') {
    throw new FaceoffError({ code: 'option_bad', option: 'day', value: typed.day.slice(0, 40) })
  }
  return {
    enabled: weekday !== undefined,
    weekday: weekday ?? now.weekday,
    minuteOfDay,
    timeZone,
    channel: typed.channel.trim() === '' ? null : typed.channel.trim(),
    locale: typed.locale === 'de' || typed.locale === 'en' ? typed.locale : now.locale,
    quietWeeks: typed.quietWeeks === 'post' || typed.quietWeeks === 'skip' ? typed.quietWeeks : now.quietWeeks,
  }
}

function weekLines({ models, names }: Summary, text: Text): string[] {
  return models
    .filter(({ votes }) => votes > 0)
    .slice(0, mostModels)
    .map(({ model, wins, ties, bothBad, votes }) =>
      text.summary.weekOf(names[model] ?? model, wins, ties, bothBad, votes),
    )
}

/** "1–2 Qwen3.8 Max: 1032 ± 27 (+1)" */
function ratingLines({ standings, names }: Summary, text: Text): string[] {
  return standings.slice(0, mostModels).map(one => {
    const name = `${names[one.model] ?? one.model}${one.provisional ? '*' : ''}`
    const reach = Math.round((one.upper - one.lower) / 2)
    return `${rankText(one)}  ${name}: ${Math.round(one.rating)} ± ${reach} (${changeText(one, text)})`
  })
}

/** Who changed places, and who does not compare. */
export function standingLines({ standings, names, apart }: Summary, text: Text): string[] {
  const moved = standings.flatMap(({ model, rank, before }) =>
    before === null || before.rank === rank.best
      ? []
      : [text.summary.rankChange(names[model] ?? model, before.rank, rank.best)],
  )
  return [
    ...(standings.length === 0 ? [] : moved.length > 0 ? moved : [text.summary.noRankChange]),
    ...(apart > 0 && standings.length > 0 ? [text.summary.apart(apart)] : []),
  ]
}

function categoryLines({ categories, names }: Summary, text: Text): string[] {
  return categories.map(({ category, votes, wins }) => {
    const best = wins.slice(0, 3).map(({ model, wins }) => text.summary.winsOf(names[model] ?? model, wins))
    return text.summary.category(text.categories[category], best.join(', '), votes)
  })
}

/** What a model cost, how soon it began, and how often nothing came: one line each. */
function measuredLines({ models, names }: Summary, text: Text): string[] {
  const { summary } = text
  return models
    .filter(({ answers }) => answers > 0)
    .slice(0, mostModels)
    .map(one => {
      const { costMicros, costPerWinMicros, currency, firstTokenMs, failed, refused } = one
      const money = (micros: number) => formatMoney(Math.round(micros), currency, text)
      const facts = [
        ...(costMicros === null ? [] : [money(costMicros)]),
        ...(costPerWinMicros === null ? [] : [summary.costPerWin(money(costPerWinMicros))]),
        ...(firstTokenMs === null ? [] : [text.chat.firstToken(formatDuration(Math.round(firstTokenMs), text))]),
        ...(failed === 0 ? [] : [summary.failed(shareOf(one, failed, text))]),
        ...(refused === 0 ? [] : [summary.refused(shareOf(one, refused, text))]),
      ]
      return `${names[one.model] ?? one.model}: ${facts.length > 0 ? facts.join(', ') : text.results.unknown}`
    })
}

export function shareOf({ answers }: SummaryModel, part: number, text: Text): string {
  return formatShare(part / answers, text, 0)
}
