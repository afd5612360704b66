/** The `Chat` port on Slack: from states to messages, each posted once, the newest text always last. */
import type { Arena } from '../../core/arena.ts'
import type { AnswerState, Ballot } from '../../core/ballot.ts'
import { asFaceoffError } from '../../core/errors.ts'
import type { Answers, Chat, Posts, Reaction } from '../../core/ports.ts'
import type { PostedSummary, SummaryNotice } from '../../core/summary.ts'
import type { Log } from '../../log.ts'
import { AnswerWriter, isDraft } from './answers.ts'
import type { SlackApi } from './api.ts'
import { Ballots } from './ballots.ts'
import { choiceOf, namesOf } from './emoji.ts'
import type { Members } from './members.ts'
import { type Place, placeOf } from './place.ts'
import { codeOf } from './refusals.ts'
import type { SlackSummaries } from './summaries.ts'
import type { Teams } from './teams.ts'
import { postedAs, SlackThread } from './thread.ts'

/** Shares of Slack's minute, so that a test's shorter minute shortens them all. */
const ballotGap = 1 / 40

/** Answers that are written at the same moment; beyond that the oldest ones' state is forgotten. */
const mostWriters = 1_000

export type ChatParts = {
  api: SlackApi
  posts: Posts
  answers: Pick<Answers, 'progress'>
  arena: Pick<Arena, 'view' | 'abandon' | 'reconcile'>
  members: Members
  teams: Teams
  summaries: Pick<SlackSummaries, 'post' | 'tell'>
  minuteMs: number
  log: Log
  /** Tells people whose reactions leave open what they mean. */
  tellUndecided: (ballot: Ballot, userIds: readonly string[]) => Promise<void>
}

export class SlackChat implements Chat {
  readonly platform = 'slack'
  readonly #parts: ChatParts
  readonly #thread: SlackThread
  readonly #ballots: Ballots
  readonly #writers = new Map<string, AnswerWriter>()
  readonly #end = new AbortController()
  /** By workspace: which of the letters' names is the first that it has. */
  readonly #alphabets = new Map<string, number>()
  /** Told once the comparison with this id is stored. */
  readonly #stored = new Map<string, () => void>()

  constructor(parts: ChatParts) {
    const { api, posts, arena, log, minuteMs } = parts
    this.#parts = parts
    this.#thread = new SlackThread({ api, posts })
    this.#ballots = new Ballots({
      api,
      posts,
      log,
      gapMs: minuteMs * ballotGap,
      events: {
        fresh: async id => (await arena.view(id, null)).ballot,
        gone: id => arena.abandon(id),
        opened: async (ballot, at) => {
          await parts.tellUndecided(ballot, await arena.reconcile(ballot.comparisonId))
          await this.#seed(ballot, at)
        },
      },
    })
  }

  /** The rules show a ballot the moment it is stored: then Slack can be told that all is well. */
  whenStored(comparisonId: string, tell: () => void): Disposable {
    this.#stored.set(comparisonId, tell)
    return { [Symbol.dispose]: () => this.#stored.delete(comparisonId) }
  }

  async showBallot(ballot: Ballot): Promise<void> {
    this.#stored.get(ballot.comparisonId)?.()
    await this.#ballots.show(ballot)
  }

  async showAnswer(answer: AnswerState): Promise<void> {
    const key = `${answer.comparisonId}/${answer.label}`
    const known = this.#writers.get(key)
    const writer = known ?? this.#writerOf(key)
    const shown = writer.want(answer)
    if (isDraft(answer)) return
    try {
      await shown
    } finally {
      if (this.#writers.get(key) === writer) this.#writers.delete(key)
    }
  }

  postSummary(summary: PostedSummary): Promise<void> {
    return this.#parts.summaries.post(summary)
  }

  tellAdmins(notice: SummaryNotice): Promise<void> {
    return this.#parts.summaries.tell(notice)
  }

  async reactions(ballot: Ballot): Promise<Reaction[]> {
    const place = placeOf(ballot.place)
    const posted = (await this.#parts.posts.of(ballot.comparisonId)).get('ballot')
    if (posted === undefined) return []
    const { channel, ts } = postedAs(posted)
    const [access, { message }] = await Promise.all([
      this.#parts.teams.find(place),
      this.#parts.api.call(place, {
        method: 'reactions.get',
        urgency: 'must',
        ask: client => client.reactions.get({ channel, timestamp: ts, full: true }),
      }),
    ])
    const found: Reaction[] = []
    const seen = new Set<string>()
    for (const { name = '', users = [] } of message?.reactions ?? []) {
      const choice = choiceOf(name)
      if (choice === undefined) continue
      for (const user of users) {
        // One in two skin tones is one.
        if (user === access?.botUserId || seen.has(`${user}/${choice}`)) continue
        seen.add(`${user}/${choice}`)
        const member = await this.#parts.members.member(place, user)
        if (member?.bot) continue
        found.push({ voter: { externalId: user, name: member?.name ?? user }, choice })
      }
    }
    return found
  }

  async close(): Promise<void> {
    this.#end.abort()
    await this.#ballots.close()
  }

  #writerOf(key: string): AnswerWriter {
    const writer = new AnswerWriter({
      thread: this.#thread,
      answers: this.#parts.answers,
      gapMs: elapsedMs => gapOf(elapsedMs, this.#parts.minuteMs),
      onIdle: () => this.#forgetOldest(),
      signal: this.#end.signal,
    })
    this.#writers.set(key, writer)
    return writer
  }

  /** What is forgotten is read from the ledger again, and then written by edits. */
  #forgetOldest(): void {
    for (const key of this.#writers.keys()) {
      if (this.#writers.size <= mostWriters) return
      this.#writers.delete(key)
    }
  }

  /** What people can vote with, one click away. Without the right to react there are the buttons. */
  async #seed(ballot: Ballot, at: { channel: string; ts: string }): Promise<void> {
    const place = placeOf(ballot.place)
    for (const choice of ballot.choices) {
      const names = namesOf(choice)
      const first = names.length === 1 ? 0 : (this.#alphabets.get(place.team) ?? 0)
      for (const [index, name] of names.entries()) {
        if (index < first || !(await this.#react(place, at, name))) continue
        if (names.length > 1) this.#alphabets.set(place.team, index)
        break
      }
    }
  }

  /** False where the workspace has no such emoji. */
  async #react(place: Place, { channel, ts }: { channel: string; ts: string }, name: string): Promise<boolean> {
    try {
      await this.#parts.api.call(place, {
        method: 'reactions.add',
        urgency: 'must',
        ask: client => client.reactions.add({ channel, timestamp: ts, name }),
      })
      return true
    } catch (thrown) {
      const code = codeOf(asFaceoffError(thrown))
      if (code === 'invalid_name') return false
      if (code === 'already_reacted' || code === 'too_many_emoji' || code === 'too_many_reactions') return true
      throw thrown
    }
  }
}

/** Quick while people see an answer begin, slower once it is long: calls are few, and a minute has 60 seconds. */
function gapOf(elapsedMs: number, minuteMs: number): number {
  return elapsedMs < minuteMs / 12 ? minuteMs / 60 : minuteMs / 20
}
