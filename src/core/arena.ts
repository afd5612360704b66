import { runContestant } from './answer.ts'
import type { Ballot } from './ballot.ts'
import { type ClaimResult, claimResultsOf } from './claims.ts'
import { type CompareRequest, type ComparisonView, recentViews, startComparison, viewOf } from './comparing.ts'
import type { Choice } from './comparison.ts'
import { type History, type HistoryWish, historyOf } from './history.ts'
import {
  type Leaderboard,
  type LeaderboardWish,
  leaderboardOf,
  type RatingHistory,
  ratingHistoryOf,
} from './leaderboard.ts'
import type { Model } from './model.ts'
import type { Health, Parts, Person, PromptHandler } from './ports.ts'
import { abandonBallot, revealBallot, stopAnswers } from './reveal.ts'
import { createSummaries, type Summaries } from './summarising.ts'
import { sweep } from './sweep.ts'
import { addReaction, castVote, reconcile, removeReaction, withdrawVote } from './vote.ts'

export type ModelEntry = { model: Model; health: Health; byDefault: boolean }

/**
 * The rules, ready to use: what platforms, jobs and the clock call. Whatever a person got wrong is thrown as a
 * `FaceoffError` of kind `user`, and then nothing has changed.
 */
export type Arena = {
  /** Starts a comparison: stored, its ballot posted, one job per contestant. */
  compare(request: CompareRequest): Promise<Ballot>
  /** Casts or changes the person's vote. */
  vote(comparisonId: string, voter: Person, choice: Choice): Promise<Ballot>
  /** Takes the person's vote back; without a vote nothing changes. */
  withdraw(comparisonId: string, voter: Person): Promise<Ballot>
  /** A reaction that the platform reports: it becomes the person's vote. */
  react(comparisonId: string, voter: Person, choice: Choice): Promise<Ballot>
  /** A reaction is gone: it is no vote any more. */
  unreact(comparisonId: string, voter: Person, choice: Choice): Promise<Ballot>
  /** Counts what the platform holds now; returns its ids of voters with several new reactions, none of which counts. */
  reconcile(comparisonId: string): Promise<string[]>
  /** Ends a ballot whose message or thread is gone. */
  abandon(comparisonId: string): Promise<void>
  /** Ends the answers that still stream or wait; what is there stays. The asker or an admin. */
  stop(comparisonId: string, person: Person): Promise<Ballot>
  /** Closes the ballot and names the models. The asker or an admin, once two answers can be read. */
  reveal(comparisonId: string, person: Person): Promise<Ballot>
  /** Throws `comparison_missing`. */
  view(comparisonId: string, viewer: Person | null): Promise<ComparisonView>
  /** A channel's newest comparisons, or a whole workspace's, newest first; `before` is the id of the oldest one seen. */
  recent(
    where: { workspaceId: string; channel?: string; before?: string; limit: number },
    viewer: Person | null,
  ): Promise<ComparisonView[]>
  /** Every model that can be compared, with its provider's health. */
  models(): Promise<ModelEntry[]>
  leaderboard(wish: LeaderboardWish): Promise<Leaderboard>
  /** How the ratings came to be, week by week. */
  ratingHistory(wish: Pick<LeaderboardWish, 'workspaceId' | 'category' | 'mode'>): Promise<RatingHistory>
  history(wish: HistoryWish): Promise<History>
  /** Vendors' claims beside the workspace's own votes. */
  claims(workspaceId: string): Promise<ClaimResult[]>
  summaries: Summaries
  /** Runs one contestant: the handler of the prompt job. */
  run: PromptHandler
  /**
   * Mends what a crash left between two steps, closes ballots whose time is over, and posts summaries that are due. Called
   * at start and every 30 s.
   */
  sweep(): Promise<void>
}

export function createArena(parts: Parts): Arena {
  const summaries = createSummaries(parts)
  return {
    summaries,
    compare: request => startComparison(parts, request),
    vote: (comparisonId, voter, choice) => castVote(parts, comparisonId, voter, choice),
    withdraw: (comparisonId, voter) => withdrawVote(parts, comparisonId, voter),
    react: (comparisonId, voter, choice) => addReaction(parts, comparisonId, voter, choice),
    unreact: (comparisonId, voter, choice) => removeReaction(parts, comparisonId, voter, choice),
    reconcile: comparisonId => reconcile(parts, comparisonId),
    abandon: comparisonId => abandonBallot(parts, comparisonId),
    stop: (comparisonId, person) => stopAnswers(parts, comparisonId, person),
    reveal: (comparisonId, person) => revealBallot(parts, comparisonId, person),
    view: (comparisonId, viewer) => viewOf(parts, comparisonId, viewer),
    recent: (where, viewer) => recentViews(parts, where, viewer),
    models: () => modelEntries(parts),
    leaderboard: wish => leaderboardOf(parts, wish),
    ratingHistory: wish => ratingHistoryOf(parts, wish),
    history: wish => historyOf(parts, wish),
    claims: workspaceId => claimResultsOf(parts, workspaceId),
    run: run => runContestant(parts, run),
    sweep: async () => {
      // One of them in trouble is no reason to leave the other undone.
      const [swept, caughtUp] = await Promise.allSettled([sweep(parts), summaries.catchUp()])
      if (swept.status === 'rejected') throw swept.reason
      if (caughtUp.status === 'rejected') throw caughtUp.reason
    },
  }
}

async function modelEntries({ catalogue }: Parts): Promise<ModelEntry[]> {
  const models = catalogue.models()
  const defaults = new Set(catalogue.defaults())
  const providers = [...new Set(models.map(model => model.provider))]
  const healths = new Map(
    await Promise.all(
      providers.map(async id => {
        const health: Health = (await catalogue.provider(id)?.health()) ?? { ok: false, failure: 'provider_off' }
        return [id, health] as const
      }),
    ),
  )
  return models.map(model => ({
    model,
    health: healths.get(model.provider) ?? { ok: false, failure: 'provider_off' },
    byDefault: defaults.has(model.id),
  }))
}
