/** The leaderboard of a workspace: what every platform shows, each in its own way. */
import type { Category } from './comparison.ts'
import type { Currency, ModelId } from './model.ts'
import { namesById } from './model-names.ts'
import type { Measured, Parts, TallyScope, WeekOfVotes } from './ports.ts'
import {
  type BallotTally,
  type Influence,
  inARow,
  type PairRating,
  positionOf,
  type Rate,
  type Ratings,
  rateKept,
  rateStyled,
  type StyledRatings,
  type Verdict,
  verdictOf,
} from './rating/index.ts'

/** `all` time, or so many whole weeks from Monday (UTC) on, this week among them. */
export const periods = ['all', 'year', 'quarter', 'month', 'week'] as const
export type Period = (typeof periods)[number]

/** `team`: intervals for few votes; `arena`: LMArena's numbers; `style`: length and formatting held equal. */
export const leaderboardModes = ['team', 'arena', 'style'] as const
export type LeaderboardMode = (typeof leaderboardModes)[number]

export type LeaderboardWish = {
  workspaceId: string
  category: Category | null
  period: Period
  mode: LeaderboardMode
}

/** One model's line. Ratings are points on the Elo scale with their 95 % interval; rates are in 0…1. */
export type Standing = {
  model: ModelId
  name: string
  /** The places it may have among the models it can be compared with: from 1 + those that are better, settled at 95 %. */
  rank: { best: number; worst: number }
  rating: number
  lower: number
  upper: number
  votes: number
  comparisons: number
  wins: number
  winRate: Rate | null
  bothBadRate: Rate
  /** Median, in milliseconds. */
  firstTokenMs: number | null
  /** Of one answer, in millionths of `currency`. */
  costMicros: number | null
  currency: Currency | null
  provisional: boolean
}

/** Two models that can be compared; `a` stands higher. Votes on ballots that held both are counted from a's side. */
export type Duel = Omit<PairRating, 'a' | 'b'> & { a: ModelId; b: ModelId }

export type Leaderboard = LeaderboardWish & {
  at: Date
  /** The Monday from which on ballots count; null: all. */
  since: Date | null
  votes: number
  comparisons: number
  voters: number
  /** Groups of models that met, directly or through others, largest first, best model first: one, or none, or islands. */
  islands: Standing[][]
  duels: Duel[]
  /** What people call a model. */
  names: Readonly<Record<string, string>>
  verdict: Verdict
  /** Pull of the first of two answers. */
  position: Ratings['position']
  /** Nobody is named: who voted is nobody's business. */
  busiest: Pick<Influence, 'votes' | 'share' | 'changesOrder'> | null
  /** What a standard deviation more of each does to the odds of being chosen, in logits; `style` only. */
  styleEffects: StyledRatings['effects'] | null
  /** `style` reads comparisons one by one, and older ones than so many are left out; null: none was. */
  newestOnly: number | null
}

/** Ratings after each week, oldest first: all votes of the category until then. */
export type RatingHistory = { week: Date; models: Pick<Standing, 'model' | 'name' | 'rating' | 'lower' | 'upper'>[] }[]

const weekMs = 7 * 86_400_000
const weeksIn: Record<Exclude<Period, 'all'>, number> = { year: 52, quarter: 13, month: 4, week: 1 }

/** More comparisons than these are not rated one by one. */
const mostStyled = 20_000

/** Weeks that a history shows at most. */
const weeksShown = 26

type LeaderboardParts = Pick<Parts, 'store' | 'catalogue' | 'clock'>

export async function leaderboardOf(parts: LeaderboardParts, wish: LeaderboardWish): Promise<Leaderboard> {
  const at = parts.clock.now()
  const since = sinceOf(wish.period, at)
  const scope: TallyScope = { workspaceId: wish.workspaceId, category: wish.category, since }
  const { measured, ...kept } = await parts.store.tallies.read(scope, wish.mode === 'team')
  if (wish.mode !== 'style') {
    const rated = rateKept(kept, wish.mode)
    return { ...shown(parts, wish, rated, measured), at, since, busiest: unnamed(rated.busiest) }
  }
  const { comparisons, voters } = await parts.store.tallies.styled(scope, mostStyled)
  const rated = rateStyled(comparisons, voters)
  return {
    ...shown(parts, wish, rated, measured),
    at,
    since,
    styleEffects: rated.effects,
    newestOnly: comparisons.length === mostStyled ? mostStyled : null,
  }
}

export async function ratingHistoryOf(
  parts: LeaderboardParts,
  { workspaceId, category, mode }: Pick<LeaderboardWish, 'workspaceId' | 'category' | 'mode'>,
): Promise<RatingHistory> {
  const weeks = await parts.store.tallies.weeks({ workspaceId, category })
  const name = namesById(parts.catalogue)
  return sumsByWeek(weeks)
    .slice(-weeksShown)
    .map(({ week, ballots }) => ({
      week,
      models: rateKept(
        { ballots, position: positionOf(ballots), voters: unknownVoters },
        mode === 'arena' ? mode : 'team',
      )
        .models.filter(({ component }) => component === 0)
        .map(({ model, rating, lower, upper }) => ({
          model: model as ModelId,
          name: name(model),
          rating,
          lower,
          upper,
        })),
    }))
}

const unknownVoters = { known: 0, busiest: null, votes: inARow([]) }

/** Each week with all before it. */
function sumsByWeek(weeks: readonly WeekOfVotes[]): WeekOfVotes[] {
  const sums = new Map<string, BallotTally>()
  return weeks.map(({ week, ballots }) => {
    for (const ballot of ballots) {
      const key = JSON.stringify(ballot.models)
      const before = sums.get(key)
      sums.set(key, before ? added(before, ballot) : ballot)
    }
    return { week, ballots: [...sums.values()] }
  })
}

function added(a: BallotTally, b: BallotTally): BallotTally {
  const plus = (own: readonly number[], other: readonly number[]) => own.map((count, at) => count + (other[at] ?? 0))
  return {
    models: a.models,
    comparisons: a.comparisons + b.comparisons,
    counts: plus(a.counts, b.counts),
    products: plus(a.products, b.products),
  }
}

/** The Monday (UTC) with which a period begins; null: it has no beginning. */
export function sinceOf(period: Period, now: Date): Date | null {
  if (period === 'all') return null
  const day = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate())
  const monday = day - ((now.getUTCDay() + 6) % 7) * 86_400_000
  return new Date(monday - (weeksIn[period] - 1) * weekMs)
}

function shown(parts: LeaderboardParts, wish: LeaderboardWish, rated: Ratings, measured: readonly Measured[]) {
  const name = namesById(parts.catalogue)
  const byModel = new Map<string, Measured>(measured.map(own => [own.model, own]))
  const islands = rated.components.map((_, component) => {
    const group = rated.models.filter(model => model.component === component)
    return group.map((own): Standing => {
      const { firstTokenMs = null, costMicros = null, currency = null } = byModel.get(own.model) ?? {}
      const below =
        wish.mode === 'arena'
          ? group.filter(other => other.upper < own.lower)
          : rated.pairs.filter(pair => pair.a === own.model && pair.settled)
      return {
        model: own.model as ModelId,
        name: name(own.model),
        rank: { best: own.rank, worst: group.length - below.length },
        rating: own.rating,
        lower: own.lower,
        upper: own.upper,
        votes: own.votes,
        comparisons: own.comparisons,
        wins: own.wins,
        winRate: own.winRate,
        bothBadRate: own.bothBadRate,
        firstTokenMs,
        costMicros,
        currency,
        provisional: own.provisional,
      }
    })
  })
  return {
    ...wish,
    votes: rated.votes,
    comparisons: rated.comparisons,
    voters: rated.voters,
    islands,
    duels: rated.pairs.map(pair => ({ ...pair, a: pair.a as ModelId, b: pair.b as ModelId })),
    names: Object.fromEntries(rated.models.map(({ model }) => [model, name(model)])),
    verdict: verdictOf(rated),
    position: rated.position,
    busiest: null,
    styleEffects: null,
    newestOnly: null,
  }
}

function unnamed(busiest: Influence | null): Leaderboard['busiest'] {
  if (busiest === null) return null
  const { votes, share, changesOrder } = busiest
  return { votes, share, changesOrder }
}
