/**
 * What a week's votes say. Pure: the same facts give the same numbers, whenever they are counted. Nothing here is a
 * `Date`, so that the numbers can be kept as they were posted.
 */
import type { Category, Platform } from './comparison.ts'
import type { FaceoffError } from './errors.ts'
import type { Currency, ModelId } from './model.ts'
import {
  type Cluster,
  type KeptTallies,
  type RatedTallies,
  rate,
  rateKept,
  type Verdict,
  verdictOf,
} from './rating/index.ts'
import type { Locale } from './text/index.ts'
import type { Schedule, Week } from './week.ts'

// ── What it is made of ──────────────────────────────────────────────────────────────────────────────────────────────

/**
 * Ballots of one category and the same models whose votes of the week fell alike. `counts`: votes for each model, then
 * ties, then both bad. `example`: one of them, where its prompt may be quoted.
 */
export type AlikeBallots = {
  category: Category | null
  models: readonly ModelId[]
  counts: readonly number[]
  times: number
  example: { comparisonId: string; prompt: string } | null
}

/** One model's answers to the week's comparisons, as far as those are closed. Null where nothing was measured. */
export type AnswerFacts = {
  model: ModelId
  answers: number
  failed: number
  /** Of those that failed: stopped by the provider's content filter. */
  refused: number
  /** Of all answers, in millionths of the currency that most of them were paid in. */
  costMicros: number | null
  currency: Currency | null
  /** Median. */
  firstTokenMs: number | null
}

export type WeekFacts = {
  /** Comparisons asked in the week, and by whom; the busiest first. */
  asked: number
  askers: readonly { name: string; asked: number }[]
  voters: number
  ballots: readonly AlikeBallots[]
  answers: readonly AnswerFacts[]
  /** Ballots that were open when this was counted, and some that may be named, newest first. */
  open: { count: number; comparisonIds: readonly string[] }
}

// ── What it says ────────────────────────────────────────────────────────────────────────────────────────────────────

/** `aBetter`: how probable it is that a is better, by the week's votes alone, in 0…1. */
export type Headline =
  /** Too few votes to say anything. */
  | { kind: 'quiet' }
  /** No vote preferred one model to another. */
  | { kind: 'drawn' }
  | { kind: 'level'; a: ModelId; b: ModelId; votes: number; aBetter: number }
  | { kind: 'led'; a: ModelId; b: ModelId; wins: number; losses: number; aBetter: number; settled: boolean }

/** A model among those that compare, over all time. Ratings are points with their 95 % interval. */
export type SummaryStanding = {
  model: ModelId
  rank: { best: number; worst: number }
  rating: number
  lower: number
  upper: number
  provisional: boolean
  /** A week before; null where it had no votes yet, or did not compare. */
  before: { rating: number; rank: number } | null
}

/** One model's week. */
export type SummaryModel = Omit<AnswerFacts, 'failed'> & {
  votes: number
  wins: number
  ties: number
  bothBad: number
  /** Failed for another reason than a refusal. */
  failed: number
  costPerWinMicros: number | null
}

export type SummaryQuote = {
  comparisonId: string
  prompt: string
  /** Most votes first. */
  votes: { model: ModelId; votes: number }[]
  ties: number
  bothBad: number
}

export type Summary = {
  headline: Headline
  turnout: { asked: number; votes: number; voters: number; mostActive: { names: string[]; asked: number } | null }
  /** Of all time, up to the end of this week. */
  verdict: Verdict
  /** Of the largest group of models that met; `apart`: how many others there are. */
  standings: SummaryStanding[]
  apart: number
  /** In the order of the standings. */
  models: SummaryModel[]
  categories: { category: Category; votes: number; wins: { model: ModelId; wins: number }[] }[]
  divided: SummaryQuote | null
  clearest: SummaryQuote | null
  open: { count: number; comparisonIds: string[] }
  names: Record<string, string>
}

/** `missed`: earlier weeks that nobody could post. */
export type WeekSummary = { workspaceId: string; week: Week; asOf: Date; numbers: Summary; missed: string[] }

export type SummaryStatus = 'due' | 'posted' | 'missed' | 'refused' | 'skipped'

/** What a platform posts, and where: the platform's own id of the workspace and of the channel, and its own note. */
export type PostedSummary = WeekSummary & {
  id: string
  platform: Platform
  externalId: string
  channel: string
  place: string | null
  locale: Locale
}

/** `to`: the platform's id of who is told; null: whoever leads the workspace there. */
export type SummaryNotice = {
  id: string
  externalId: string
  place: string | null
  channel: string
  to: string | null
  locale: Locale
  error: FaceoffError
}

/** `channel` null: where most comparisons happen. */
export type SummarySettings = Schedule & {
  enabled: boolean
  channel: string | null
  locale: Locale
  quietWeeks: 'post' | 'skip'
}

/** Fewer votes than this are a quiet week: whatever they say, the next two would say otherwise. */
export const quietBelow = 5

/** People who are named as the most active; more than that are everybody. */
const mostNamed = 3

/** Votes for answers below which a prompt divides nobody. */
const votesToDivide = 3

export function isQuiet({ headline }: Summary): boolean {
  return headline.kind === 'quiet'
}

/** `rated` and `ratedBefore`: all votes until the end of this week, and of the one before. */
export function summaryOf(
  facts: WeekFacts,
  rated: KeptTallies,
  ratedBefore: KeptTallies,
  name: (model: ModelId) => string,
): Summary {
  const now = rateKept(rated, 'team')
  const standings = standingsOf(now, rateKept(ratedBefore, 'team'))
  const models = modelsOf(facts, standings)
  const votes = votesIn(facts)
  const known = new Set([...models, ...now.models].map(({ model }) => model as ModelId))
  return {
    headline: headlineOf(facts, votes),
    turnout: { asked: facts.asked, votes, voters: facts.voters, mostActive: mostActiveOf(facts) },
    verdict: verdictOf(now),
    standings,
    apart: now.models.length - standings.length,
    models,
    categories: categoriesOf(facts),
    divided: dividedOf(facts),
    clearest: clearestOf(facts),
    open: { count: facts.open.count, comparisonIds: [...facts.open.comparisonIds] },
    names: Object.fromEntries([...known].sort().map(model => [model, name(model)])),
  }
}

function votesIn({ ballots }: WeekFacts): number {
  return ballots.reduce((sum, { counts, times }) => sum + times * total(counts), 0)
}

/** The two that most votes of the week chose between: of those there is most to say. Of several pairs the best placed. */
function headlineOf({ ballots }: WeekFacts, votes: number): Headline {
  if (votes < quietBelow) return { kind: 'quiet' }
  const inOrder = [...ballots].sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1))
  const comparisons = inOrder.map(clusterOf)
  const { pairs } = rate({ comparisons, voters: { known: 0, busiest: null, clusters: [] } }, 'team')
  const [duel] = pairs
    .filter(({ wins, losses }) => wins + losses > 0)
    .sort((one, other) => other.wins + other.losses - (one.wins + one.losses))
  if (duel === undefined) return { kind: 'drawn' }
  const [a, b] = [duel.a as ModelId, duel.b as ModelId]
  const { wins, losses, aBetter, settled } = duel
  if (wins === losses) return { kind: 'level', a, b, votes: wins, aBetter }
  if (wins > losses) return { kind: 'led', a, b, wins, losses, aBetter, settled }
  // By the votes on both of them the other one was ahead; what it did against others does not outweigh that in a headline.
  return { kind: 'led', a: b, b: a, wins: losses, losses: wins, aBetter: 1 - aBetter, settled: false }
}

/** One order for the same ballots: it decides a last digit. */
function keyOf({ models, counts }: AlikeBallots): string {
  return `${models.join()} ${counts.join()}`
}

/** Ballots that fell alike, as `rating/` counts them. */
function clusterOf({ models, counts, times }: AlikeBallots): Cluster {
  const wins = counts.slice(0, models.length)
  const [ties = 0, bothBad = 0] = counts.slice(models.length)
  return { times, votes: [{ models, wins, ties, bothBad }] }
}

function standingsOf(now: RatedTallies, before: RatedTallies): SummaryStanding[] {
  const earlier = new Map(before.models.filter(({ component }) => component === 0).map(one => [one.model, one]))
  const group = now.models.filter(({ component }) => component === 0)
  // One that met nobody compares with nobody.
  if (group.length < 2) return []
  return group.map(({ model, rank, rating, lower, upper, provisional }) => {
    const known = earlier.get(model)
    const below = now.pairs.filter(pair => pair.a === model && pair.settled).length
    return {
      model: model as ModelId,
      rank: { best: rank, worst: group.length - below },
      rating,
      lower,
      upper,
      provisional,
      before: known === undefined || earlier.size < 2 ? null : { rating: known.rating, rank: known.rank },
    }
  })
}

function modelsOf({ ballots, answers }: WeekFacts, standings: readonly SummaryStanding[]): SummaryModel[] {
  const byModel = new Map<ModelId, Pick<SummaryModel, 'votes' | 'wins' | 'ties' | 'bothBad'>>()
  for (const { models, counts, times } of ballots) {
    models.forEach((model, at) => {
      const known = byModel.get(model) ?? { votes: 0, wins: 0, ties: 0, bothBad: 0 }
      byModel.set(model, known)
      known.votes += times * total(counts)
      known.wins += times * (counts[at] ?? 0)
      known.ties += times * (counts[models.length] ?? 0)
      known.bothBad += times * (counts[models.length + 1] ?? 0)
    })
  }
  const measured = new Map(answers.map(one => [one.model, one]))
  const place = new Map(standings.map(({ model }, at) => [model, at]))
  const placeOf = (model: ModelId) => place.get(model) ?? standings.length
  return [...new Set([...byModel.keys(), ...measured.keys()])]
    .sort((a, b) => placeOf(a) - placeOf(b) || (a < b ? -1 : 1))
    .map(model => {
      const votes = byModel.get(model) ?? { votes: 0, wins: 0, ties: 0, bothBad: 0 }
      const own = measured.get(model) ?? unmeasured
      const { costMicros, failed, refused } = own
      return {
        ...own,
        model,
        ...votes,
        failed: failed - refused,
        costPerWinMicros: costMicros === null || votes.wins === 0 ? null : costMicros / votes.wins,
      }
    })
}

const unmeasured = { answers: 0, failed: 0, refused: 0, costMicros: null, currency: null, firstTokenMs: null }

function mostActiveOf({ askers }: WeekFacts): Summary['turnout']['mostActive'] {
  const most = Math.max(0, ...askers.map(({ asked }) => asked))
  const names = askers.filter(({ asked }) => asked === most).map(({ name }) => name)
  return most === 0 || names.length > mostNamed ? null : { names: names.sort(), asked: most }
}

function categoriesOf({ ballots }: WeekFacts): Summary['categories'] {
  const byCategory = new Map<Category, { votes: number; wins: Map<ModelId, number> }>()
  for (const { category, models, counts, times } of ballots) {
    if (category === null) continue
    const known = byCategory.get(category) ?? { votes: 0, wins: new Map() }
    byCategory.set(category, known)
    known.votes += times * total(counts)
    models.forEach((model, at) => {
      known.wins.set(model, (known.wins.get(model) ?? 0) + times * (counts[at] ?? 0))
    })
  }
  return [...byCategory]
    .map(([category, { votes, wins }]) => ({
      category,
      votes,
      wins: [...wins]
        .map(([model, wins]) => ({ model, wins }))
        .sort((a, b) => b.wins - a.wins || (a.model < b.model ? -1 : 1)),
    }))
    .sort((a, b) => b.votes - a.votes || (a.category < b.category ? -1 : 1))
}

/** How the votes for answers fell: the best, the second, all of them, and all votes. */
function splitOf({ models, counts }: AlikeBallots) {
  const [first = 0, second = 0] = counts.slice(0, models.length).sort((a, b) => b - a)
  return { first, second, decided: total(counts.slice(0, models.length)), all: total(counts) }
}

type Quotable = AlikeBallots & { example: NonNullable<AlikeBallots['example']> }

/** The prompt on which people agreed least: two answers with almost as many votes, and the more votes the better. */
function dividedOf(facts: WeekFacts): SummaryQuote | null {
  const divided = quotable(facts).filter(ballot => {
    const { first, second, decided } = splitOf(ballot)
    return decided >= votesToDivide && second > 0 && first - second <= decided / 3
  })
  const gap = (ballot: Quotable) => (splitOf(ballot).first - splitOf(ballot).second) / splitOf(ballot).decided
  return quoteOf(divided.sort((a, b) => gap(a) - gap(b) || splitOf(b).decided - splitOf(a).decided || byId(a, b))[0])
}

/** The prompt on which one answer won by the most votes, and by more than half of all. */
function clearestOf(facts: WeekFacts): SummaryQuote | null {
  const clear = quotable(facts).filter(ballot => {
    const { first, second, all } = splitOf(ballot)
    return first - second >= 2 && first - second > all / 2
  })
  const lead = (ballot: Quotable) => splitOf(ballot).first - splitOf(ballot).second
  return quoteOf(clear.sort((a, b) => lead(b) - lead(a) || splitOf(b).all - splitOf(a).all || byId(a, b))[0])
}

function quotable({ ballots }: WeekFacts): Quotable[] {
  return ballots.filter((ballot): ballot is Quotable => ballot.example !== null)
}

function byId(a: Quotable, b: Quotable): number {
  return a.example.comparisonId < b.example.comparisonId ? -1 : 1
}

function quoteOf(ballot: Quotable | undefined): SummaryQuote | null {
  if (ballot === undefined) return null
  const { models, counts, example } = ballot
  return {
    ...example,
    votes: models.map((model, at) => ({ model, votes: counts[at] ?? 0 })).sort((a, b) => b.votes - a.votes),
    ties: counts[models.length] ?? 0,
    bothBad: counts[models.length + 1] ?? 0,
  }
}

function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0)
}
