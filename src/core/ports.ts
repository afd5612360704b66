/**
 * The outside world on one page. The core talks to these types only; `src/app.ts` fills them in. Each port has one
 * contract suite in `test/contract/`, run on the fake and on the real thing.
 */
import type { AnswerState, Ballot } from './ballot.ts'
import type { Answer, AnswerRef, Category, Choice, Comparison, Label, Platform } from './comparison.ts'
import type { FailureCode } from './errors.ts'
import type { HistoryWish } from './history.ts'
import type { Currency, Model, ModelId } from './model.ts'
import type { KeptTallies, StyledVotes } from './rating/index.ts'
import type { BallotTally } from './rating/moments.ts'
import type { PostedSummary, Summary, SummaryNotice, SummarySettings, SummaryStatus, WeekFacts } from './summary.ts'
import type { Locale } from './text/index.ts'
import type { Schedule, Week } from './week.ts'

export type Clock = { now(): Date }

/** The part of a logger that the core uses: metadata first, then a constant message. */
export type Log = {
  info(meta: object, message: string): void
  warn(meta: object, message: string): void
  error(meta: object, message: string): void
}

/** All of them together, with what else the rules need from outside. */
export type Parts = {
  store: Store
  queue: Queue
  catalogue: Catalogue
  /** One per platform that is connected. */
  chats: readonly Chat[]
  clock: Clock
  log: Log
  /** A new, time-ordered, unique id (UUID v7). */
  newId(): string
  /** A number in [0, 1), for the order of the labels. */
  random(): number
  /** How long a ballot stays open, in milliseconds. */
  votingMs: number
  /** When a workspace gets its summary that has not said otherwise. */
  summarySchedule: Schedule
}

// ── Chat ────────────────────────────────────────────────────────────────────────────────────────────────────────────

/**
 * A platform. It is given states, not instructions, and alone knows characters, seconds, emoji, edits and streams.
 * Both methods may be called again with the same state and must end the same: nothing is posted twice.
 */
export type Chat = {
  readonly platform: Platform
  /** Shows the ballot as it is now: posts it and opens its thread the first time, edits it afterwards. */
  showBallot(ballot: Ballot): Promise<void>
  /**
   * Shows an answer's whole text so far in the ballot's thread. While the answer streams, the newest text wins and
   * texts in between may be skipped; the call may return before the text is visible. A final text (any other status
   * than `streaming`) is visible when the promise resolves.
   */
  showAnswer(answer: AnswerState): Promise<void>
  /** The votes that the platform itself holds on this ballot, where people vote by reaction. */
  reactions?(ballot: Ballot): Promise<Reaction[]>
  /** Posts a summary in its channel. Called again with the same summary it posts nothing. */
  postSummary(summary: PostedSummary): Promise<void>
  /** Tells who leads the workspace, in private where the platform can; each `notice.id` once. */
  tellAdmins(notice: SummaryNotice): Promise<void>
}

/** Bots and the app itself are not among the voters. */
export type Reaction = { voter: { externalId: string; name: string }; choice: Choice }

// ── Provider ────────────────────────────────────────────────────────────────────────────────────────────────────────

export type AnswerRequest = { model: Model; prompt: string; signal: AbortSignal }

/** `thinking` carries no text: hidden reasoning is never shown, it only proves that the model is at work. */
export type AnswerPart =
  | { type: 'thinking' }
  | { type: 'text'; text: string }
  | { type: 'usage'; promptTokens: number; completionTokens: number }
  /** Always the last part of a complete answer. `length`: cut at the token limit. */
  | { type: 'end'; reason: 'stop' | 'length' }

/**
 * `offered`: the provider's own names of the models it lists (what stands after the first slash of a `ModelId`), null
 * where it has no list. A model that is missing in a list is not offered by the provider, or not to this key.
 */
export type Health = { ok: true; offered: readonly string[] | null } | { ok: false; failure: FailureCode }

export type Provider = {
  readonly id: string
  /**
   * Streams one answer. Throws a `FaceoffError` (`retryable` or `permanent`) and nothing else; never retries by itself.
   * A stream that ends without an `end` part threw. When `signal` aborts, the iteration throws `signal.reason`.
   */
  answer(request: AnswerRequest): AsyncIterable<AnswerPart>
  /** Asks the provider for its list of models; remembers the outcome for a minute. Never throws. */
  health(): Promise<Health>
}

/** What may be compared in this installation, by the keys that are set, `models.json` and `MODELS`. */
export type Catalogue = {
  models(): readonly Model[]
  /** What a bare `/compare` uses: two or more models. */
  defaults(): readonly ModelId[]
  provider(id: string): Provider | undefined
}

// ── Queue ───────────────────────────────────────────────────────────────────────────────────────────────────────────

/** One run of a prompt job. */
export type PromptRun = {
  ref: AnswerRef
  /** True when a retryable error now would not be tried again. */
  lastAttempt: boolean
  /** Aborts when this process must let go of the job (shutdown, lock lost). */
  signal: AbortSignal
}

/** Throws to be run again later (honouring `retryAfterMs`), returns to be done with the job. */
export type PromptHandler = (run: PromptRun) => Promise<void>

/** The schedule of a workspace has come. Whether there is something to do the rows say. */
export type WakeHandler = (workspaceId: string) => Promise<void>

export type Queue = {
  /** Adds the job of one contestant to its provider's queue; adding a job that exists changes nothing. */
  add(provider: string, refs: readonly AnswerRef[]): Promise<void>
  /** Of these, the ones that have a job: waiting, delayed or running. */
  having(provider: string, refs: readonly AnswerRef[]): Promise<AnswerRef[]>
  /**
   * From now on some process is woken for this workspace by this schedule; null: no more. The same once more changes
   * nothing. A time that nobody was there for may be left out.
   */
  schedule(workspaceId: string, schedule: Schedule | null): Promise<void>
  /** Starts taking jobs, from every provider's queue. */
  work(handler: PromptHandler): Promise<void>
  /** Starts being woken by schedules. */
  wake(handler: WakeHandler): Promise<void>
  /** Throws when the backend cannot be reached. */
  ping(): Promise<void>
  /** Takes no more jobs, lets running ones finish for `graceMs`, then aborts their signals and closes. */
  close(graceMs: number): Promise<void>
}

// ── Store ───────────────────────────────────────────────────────────────────────────────────────────────────────────

export type Store = {
  comparisons: Comparisons
  answers: Answers
  votes: Votes
  tallies: Tallies
  people: People
  settings: Settings
  posts: Posts
  summaries: Summaries
  summaryPosts: Ledger
  unshown: Unshown
  installations: Installations
  budgets: Budgets
  wishes: Wishes
  feed: Feed
  /** Throws when the database cannot be reached. */
  ping(): Promise<void>
  close(): Promise<void>
}

export type NewComparison = {
  id: string
  workspaceId: string
  channel: string
  askerId: string
  prompt: string
  category: Category | null
  blind: boolean
  locale: Locale
  createdAt: Date
  closesAt: Date
  place?: string
  contestants: readonly { label: Label; model: ModelId }[]
}

export type Comparisons = {
  /** The row and its queued contestants, in one transaction. A second call with the same id changes nothing. */
  create(comparison: NewComparison): Promise<void>
  find(id: string): Promise<Comparison | undefined>
  /** A channel's newest comparisons, or a whole workspace's, newest first; `before` pages on from the oldest one seen. */
  recent(where: { workspaceId: string; channel?: string; before?: string; limit: number }): Promise<Comparison[]>
  /** Past comparisons, newest first, as `HistoryWish` says. */
  search(wish: HistoryWish): Promise<Comparison[]>
  /** Ends an open ballot, and stops what is still under way as `stop` does. True for the one call that did it. */
  close(id: string, outcome: 'revealed' | 'void', at: Date): Promise<boolean>
  /** Open ballots whose voting time is over. */
  due(now: Date): Promise<string[]>
  /** Every open ballot of a platform, newest first. */
  open(platform: Platform): Promise<string[]>
  /** Asks the runs of this comparison to stop; answers still queued end as `stopped` at once. */
  stop(id: string, at: Date): Promise<void>
}

/** How a run ended. */
export type AnswerOutcome = Pick<
  Answer,
  | 'text'
  | 'endReason'
  | 'promptTokens'
  | 'completionTokens'
  | 'costMicros'
  | 'currency'
  | 'firstTokenMs'
  | 'durationMs'
  | 'namedItself'
> &
  ({ status: 'done' | 'stopped'; failure: null } | { status: 'failed'; failure: FailureCode })

/**
 * State machine of an answer (a row of `contestant`):
 *
 *   queued ──begin──▶ streaming ──finish──▶ done | stopped | failed
 *     ▲                  │
 *     └─────waitAgain────┘
 *
 * `begin` hands out a fencing token, `run`. Every later write carries it and changes nothing when a newer run has begun
 * or the answer is final: a frozen worker that wakes up late cannot touch what its successor wrote.
 */
export type Answers = {
  /**
   * The fencing token of a new run, or undefined when the answer is final already or asked to stop. One that was asked
   * to stop, and whose run never came back to do so, ends here as `stopped` with what was drafted.
   */
  begin(ref: AnswerRef): Promise<number | undefined>
  /** The text so far, for whoever reads along. False when this run is not the current one any more. */
  progress(ref: AnswerRef, run: number, text: string): Promise<boolean>
  /**
   * Back to `queued`, without text. `failure` says what it waits for and `retryAt` until when, where the provider said
   * so; null when the run was handed back.
   */
  waitAgain(ref: AnswerRef, run: number, wait: { failure: FailureCode; retryAt: Date | null } | null): Promise<boolean>
  /** Final. False when this run is not the current one any more. */
  finish(ref: AnswerRef, run: number, outcome: AnswerOutcome): Promise<boolean>
  /** Final without a run: a contestant that cannot be run at all. False when it is final already. */
  fail(ref: AnswerRef, failure: FailureCode): Promise<boolean>
  /** Every answer that is not final, for the sweep. */
  unfinished(): Promise<{ ref: AnswerRef; model: ModelId }[]>
}

export type Votes = {
  /** Upserts the voter's one vote. False when the ballot is closed. */
  cast(comparisonId: string, voterId: string, choice: Choice, at: Date): Promise<boolean>
  /** Takes the vote back. False when the ballot is closed. */
  withdraw(comparisonId: string, voterId: string): Promise<boolean>
  /**
   * A reaction that the platform reports. One that is new counts as the voter's one vote; one that is known already
   * changes nothing. False when the ballot is closed.
   */
  react(comparisonId: string, voterId: string, choice: Choice, at: Date): Promise<boolean>
  /**
   * A reaction is gone. Where it was the voter's vote, their newest reaction that is left takes its place. False when the
   * ballot is closed.
   */
  unreact(comparisonId: string, voterId: string, choice: Choice): Promise<boolean>
  /**
   * The reactions on the ballot are these and no others. What is new counts as in `react`, what is missing as in
   * `unreact`. Nobody knows which of several new reactions of one voter came last: they change no vote, and the voter is
   * among those returned. False when the ballot is closed.
   */
  reconcile(
    comparisonId: string,
    reactions: readonly { voterId: string; choice: Choice }[],
    at: Date,
  ): Promise<{ undecided: string[] } | false>
  /** The voter's known reactions on this ballot, newest first. */
  reactions(comparisonId: string, voterId: string): Promise<Choice[]>
  /** The voter's own choices, by comparison id. */
  own(voterId: string, comparisonIds: readonly string[]): Promise<Map<string, Choice>>
}

/** Which votes: of a category (null: of all, and of none), cast on ballots revealed since a Monday (null: of all time). */
export type TallyScope = { workspaceId: string; category: Category | null; since: Date | null }

/** What was measured of a model's answers; null where nothing was. */
export type Measured = {
  model: ModelId
  /** The median, to about half a percent. */
  firstTokenMs: number | null
  /** The mean of the answers whose price is known, in the currency that most of them were paid in. */
  costMicros: number | null
  currency: Currency | null
}

/** `ballots`: the votes on ballots revealed in the week that began on `week`, a Monday, 0:00 UTC. */
export type WeekOfVotes = { week: Date; ballots: readonly BallotTally[] }

/** `models`: what could be voted for, in the order of the labels. */
export type CountedBallot = {
  comparisonId: string
  category: Category | null
  revealedAt: Date
  models: readonly ModelId[]
  votes: readonly { voterId: string; choice: ModelId | 'tie' | 'both_bad' }[]
}

/**
 * Votes counted together, kept in the transaction that changes them. What counts: votes on blind ballots, once they are
 * revealed. Weeks begin on Monday, 0:00 UTC.
 */
export type Tallies = {
  /** `withVoters`: false for arena mode, which does without the votes of each voter; there may be hundreds of thousands. */
  read(scope: TallyScope, withVoters?: boolean): Promise<KeptTallies & { measured: Measured[] }>
  /** Of all categories, on ballots that were closed before this moment: the same for ever, for a moment in the past. */
  before(workspaceId: string, moment: Date): Promise<KeptTallies>
  /** Week by week, oldest first; weeks without votes are left out. */
  weeks(scope: Omit<TallyScope, 'since'>): Promise<WeekOfVotes[]>
  /** One by one with the style of the answers, which cannot be counted together: the newest `limit` comparisons. */
  styled(scope: TallyScope, limit: number): Promise<{ comparisons: StyledVotes[]; voters: number }>
  /** The ballots that count and have votes, by id: the first `limit` behind `after`. */
  ballots(after: string | null, limit: number): Promise<CountedBallot[]>
  /** Compares all rows with the votes they stand for. */
  check(): Promise<{ rows: number; wrong: number }>
  /** Counts everything anew, while no vote can be cast and no ballot closed. */
  rebuild(): Promise<void>
}

export type Person = { id: string; workspaceId: string; name: string; admin: boolean; locale: Locale | null }

export type People = {
  /** The workspace's id, made at first sight. */
  workspace(platform: Platform, externalId: string): Promise<string>
  /**
   * The person, made at first sight; later calls bring the name up to date. In the console, where people have nothing
   * but their names, throws `name_taken` as `rename` does.
   */
  person(workspaceId: string, externalId: string, known: { name: string }): Promise<Person>
  find(id: string): Promise<Person | undefined>
  /** The person with this id on the platform, if we have met them. */
  known(workspaceId: string, externalId: string): Promise<Person | undefined>
  /** Throws `name_taken` when somebody else in the workspace has that name, whatever its case. */
  rename(id: string, name: string): Promise<void>
  makeAdmin(id: string): Promise<void>
}

export type Settings = {
  get(name: string): Promise<string | undefined>
  /** Sets it unless it is set, and returns what stands: two processes that start at once agree. */
  initialise(name: string, value: string): Promise<string>
}

/**
 * What platforms have posted, so that nothing is posted twice:
 *
 *   claim ──▶ post under a key ──▶ record
 *
 * A claim that was never recorded lapses after 15 s. Whoever takes it over is in doubt and looks on the platform first.
 */
export type Ledger = {
  /** `id`: of the comparison, or of the summary, that the post is a part of. */
  claim(id: string, part: string): Promise<Claim>
  record(id: string, part: string, externalId: string): Promise<void>
  /** Nobody knows whether it was posted: the next claim is in doubt, and need not wait for this one to lapse. */
  release(id: string, part: string): Promise<void>
  /** The post was not made, or is gone: the next claim is fresh. */
  forget(id: string, part: string): Promise<void>
  /** External ids of everything recorded, by part. */
  of(id: string): Promise<Map<string, string>>
}

export type Posts = Ledger & {
  /** The comparison that has this part there. */
  at(platform: Platform, part: string, externalId: string): Promise<string | undefined>
}

export type Claim =
  | { kind: 'posted'; externalId: string }
  | { kind: 'mine'; inDoubt: boolean }
  /** Somebody else is posting it right now. */
  | { kind: 'theirs' }

/** A workspace that may get summaries, and where things stand there. */
export type SummaryPlan = {
  workspaceId: string
  platform: Platform
  /** The platform's own id of it. */
  externalId: string
  /** Its first sight. */
  createdAt: Date
  /** Null: nobody has changed them. `changedBy`: the platform's id of who did. */
  settings: (SummarySettings & { changedAt: Date; changedBy: string }) | null
}

/** One week of a workspace in the ledger. `numbers`: as they were counted for the post; null where nothing was. */
export type SummaryRow = {
  id: string
  workspaceId: string
  platform: Platform
  week: Week
  locale: Locale
  asOf: Date
  channel: string | null
  status: SummaryStatus
  numbers: Summary | null
}

export type Summaries = {
  /** Every workspace of these platforms, or this one. */
  plans(where: { platforms: readonly Platform[] } | { workspaceId: string }): Promise<SummaryPlan[]>
  changeSettings(workspaceId: string, settings: SummarySettings, by: { personId: string; at: Date }): Promise<void>
  /**
   * Puts a week on the ledger unless it is there already, and returns what stands. One that is there as `missed`,
   * `refused` or `skipped` gives way where `again` is true.
   */
  open(row: Omit<SummaryRow, 'platform'>, again: boolean): Promise<SummaryRow>
  /** From `due` to what became of it. True for the one call that did it. */
  settle(id: string, status: Exclude<SummaryStatus, 'due'>): Promise<boolean>
  find(where: { id: string } | { workspaceId: string; week: string }): Promise<SummaryRow | undefined>
  /** Of a workspace, or of all; the newest weeks first, `before` a week such as `2026-W48`. */
  list(where: { workspaceId?: string; status?: SummaryStatus; before?: string; limit: number }): Promise<SummaryRow[]>
  /** What one week is made of. `asOf`: votes on ballots that were closed before; `channel`: whose prompts may be quoted. */
  facts(where: { workspaceId: string; week: Week; asOf: Date; channel: string | null }): Promise<WeekFacts>
  /** The channel with the most comparisons between two moments. */
  busiestChannel(workspaceId: string, between: { since: Date; until: Date }): Promise<string | undefined>
  /** Of the newest comparison in this channel, or anywhere in the workspace: the platform's note of where, its language. */
  newest(workspaceId: string, channel: string | null): Promise<{ place: string | null; locale: Locale } | undefined>
}

export type ShownPart = 'ballot' | Label

/**
 * What platforms other than the console still have to show: an answer that became final, a ballot that closed. Written
 * in the transaction that made it so.
 */
export type Unshown = {
  /** What is due on these platforms for longer than `olderMs` milliseconds. */
  list(platforms: readonly Platform[], olderMs: number): Promise<{ comparisonId: string; part: ShownPart }[]>
  /** It was shown as it is while the ballot is open, or after it closed. */
  settle(comparisonId: string, part: ShownPart, closed: boolean): Promise<void>
}

/** What workspaces granted that installed the app themselves, by the platform's id of who installed it. */
export type Installations = {
  /** `sealed`: encrypted by the adapter, which alone can read it. Replaces what was granted before. */
  save(platform: Platform, externalId: string, sealed: string): Promise<void>
  find(platform: Platform, externalId: string): Promise<string | undefined>
  remove(platform: Platform, externalId: string): Promise<void>
}

/** How often something may be done, counted over all processes. */
export type Budgets = {
  /** Takes one call where fewer than `most` were taken within the time: 0, or the milliseconds to wait. */
  take(name: string, most: number, withinMs: number): Promise<number>
  /** Nothing can be taken for this long. */
  block(name: string, ms: number): Promise<void>
}

/** What people asked for and was acknowledged, until it is done. Doing it twice ends the same: its id is the comparison's. */
export type Wishes = {
  keep(platform: Platform, wishes: readonly { id: string; body: string }[]): Promise<void>
  done(id: string): Promise<void>
  /** Those that nobody did for longer than `olderMs` milliseconds. */
  left(platform: Platform, olderMs: number): Promise<{ id: string; body: string }[]>
}

export type FeedEvent = { comparisonId: string; kind: 'changed' | 'stop' }

/** News from every process, sent by the database when the rows change. A hint to look again, never a fact by itself. */
export type Feed = {
  /** Calls `listener` for every event until the returned function is called. `lost`: events may have been missed. */
  subscribe(listener: (event: FeedEvent | { kind: 'lost' }) => void): () => void
}
