/** The ballots in their channels: posted once, then edited to what the rows say at that moment. */
import { setTimeout as pause } from 'node:timers/promises'
import type { Ballot } from '../../core/ballot.ts'
import { asFaceoffError } from '../../core/errors.ts'
import type { Posts } from '../../core/ports.ts'
import type { Log } from '../../log.ts'
import { postOnce } from '../ledger.ts'
import type { SlackApi } from './api.ts'
import { ballotMessage, isClosed, type Message } from './messages.ts'
import { type Place, placeOf } from './place.ts'
import { keyOf, postedAs, quiet } from './thread.ts'

/** Pause after an edit that failed for no known time, in milliseconds. */
const failedPauseMs = 2_000

/** Tries of the last edit; with Slack's own waits several minutes. */
const mostTries = 8

export type BallotEvents = {
  /** The ballot as the rows have it now. */
  fresh(comparisonId: string): Promise<Ballot>
  /** Somebody deleted its message. */
  gone(comparisonId: string): Promise<void>
  /** Shown as open for the first time, by whoever showed it. */
  opened(ballot: Ballot, at: { channel: string; ts: string }): Promise<void>
}

type Edits = { isWanted: boolean; running: Promise<void>; wake: () => void; shown: string | undefined }

export class Ballots {
  readonly #api: SlackApi
  readonly #posts: Posts
  readonly #events: BallotEvents
  readonly #gapMs: number
  readonly #log: Log
  readonly #edits = new Map<string, Edits>()
  readonly #opening = new Map<string, Promise<void>>()
  #isClosing = false

  /** `gapMs`: the least time between two edits of one ballot that people still vote on. */
  constructor(parts: { api: SlackApi; posts: Posts; events: BallotEvents; gapMs: number; log: Log }) {
    this.#api = parts.api
    this.#posts = parts.posts
    this.#events = parts.events
    this.#gapMs = parts.gapMs
    this.#log = parts.log
  }

  /**
   * Resolves when the ballot is posted and, once it is closed, when its result is on show. Votes and states in between
   * are brought up to date meanwhile: nobody waits for an edit that Slack allows later.
   */
  async show(ballot: Ballot): Promise<void> {
    const { comparisonId } = ballot
    const place = placeOf(ballot.place)
    // Refused at the first try: there is nobody who waits for a result there.
    if (ballot.phase === 'void' && !(await this.#posts.of(comparisonId)).has('ballot')) return
    const message = ballotMessage(ballot)
    let isNew = false
    const externalId = await postOnce({
      posts: this.#posts,
      id: comparisonId,
      part: 'ballot',
      post: async () => {
        isNew = true
        return this.#post(ballot, place, message)
      },
      find: async () => (await this.#find(place, ballot)) ?? undefined,
    })
    const edits = this.#editsOf(comparisonId)
    if (isNew) edits.shown = JSON.stringify(message)
    if (isNew && ballot.phase === 'running') return
    await this.#edit(ballot, place, postedAs(externalId).ts, edits)
  }

  /** Where the answer was lost, it is looked for and sent once more; where we may not look, nobody can know. */
  async #post(ballot: Ballot, place: Place, message: Message, isAgain = false): Promise<string> {
    const { channel, thread } = place
    try {
      const posted = await this.#api.call(place, {
        method: 'chat.postMessage',
        channel,
        urgency: 'must',
        ask: client =>
          client.chat.postMessage({
            channel,
            ...(thread !== null && { thread_ts: thread }),
            ...message,
            metadata: keyOf(ballot.comparisonId, 'ballot'),
            ...quiet,
          }),
      })
      return `${channel}/${posted.ts}`
    } catch (thrown) {
      if (asFaceoffError(thrown).problem.code !== 'chat_down' || isAgain) throw thrown
      const found = await this.#find(place, ballot)
      if (found === null) throw thrown
      return found ?? this.#post(ballot, place, message, true)
    }
  }

  /** Edits under way are made, no new ones begun. */
  async close(): Promise<void> {
    this.#isClosing = true
    for (const { wake } of this.#edits.values()) wake()
    await Promise.allSettled([...[...this.#edits.values()].map(({ running }) => running), ...this.#opening.values()])
  }

  async #edit(ballot: Ballot, place: Place, ts: string, edits: Edits): Promise<void> {
    const { comparisonId } = ballot
    const isIdle = edits.wake === asleep
    edits.isWanted = true
    if (isClosed(ballot)) edits.wake()
    if (isIdle) edits.running = this.#run(comparisonId, place, ts, edits)
    // Whoever waits hears of a failure; nobody else has to.
    edits.running.catch(() => {})
    if (isClosed(ballot)) await edits.running
  }

  async #run(comparisonId: string, place: Place, ts: string, edits: Edits): Promise<void> {
    edits.wake = () => {}
    try {
      for (let tries = 0; edits.isWanted && !this.#isClosing; ) {
        edits.isWanted = false
        const ballot = await this.#events.fresh(comparisonId)
        const isLast = isClosed(ballot)
        try {
          const isNew = await this.#update(ballot, place, ts, edits)
          if (ballot.phase === 'open') await this.#opened(ballot, { channel: place.channel, ts })
          if (isLast) break
          if (isNew) await this.#rest(this.#gapMs, edits)
        } catch (thrown) {
          const error = asFaceoffError(thrown)
          // Its end is shown by another turn, after this one.
          if (error.problem.code === 'post_gone' && !isLast) this.#gone(comparisonId)
          // What has to wait for its turn has not failed.
          if (error.retryAfterMs === undefined) tries++
          if (error.kind === 'permanent' || tries >= mostTries) throw error
          edits.isWanted = true
          await this.#rest(error.retryAfterMs ?? failedPauseMs, edits)
        }
      }
    } finally {
      edits.wake = asleep
      if (!edits.isWanted) this.#forgetOldest()
    }
  }

  #gone(comparisonId: string): void {
    this.#events.gone(comparisonId).catch(error => this.#log.warn({ err: error, comparisonId }, 'ballot not ended'))
  }

  /** True when something changed. */
  async #update(ballot: Ballot, place: Place, ts: string, edits: Edits): Promise<boolean> {
    const message = ballotMessage(ballot)
    const wanted = JSON.stringify(message)
    if (edits.shown === wanted) return false
    const { channel } = place
    await this.#api.call(place, {
      method: 'chat.update',
      urgency: isClosed(ballot) ? 'must' : 'may',
      ask: client => client.chat.update({ channel, ts, ...message }),
    })
    edits.shown = wanted
    return true
  }

  async #opened(ballot: Ballot, at: { channel: string; ts: string }): Promise<void> {
    const { comparisonId } = ballot
    if (this.#opening.has(comparisonId)) return
    const claim = await this.#posts.claim(comparisonId, 'opened')
    if (claim.kind !== 'mine') return
    const opening = this.#events
      .opened(ballot, at)
      .then(() => this.#posts.record(comparisonId, 'opened', at.ts))
      .catch(error => this.#log.warn({ err: error, comparisonId }, 'ballot not prepared for votes'))
      .finally(() => this.#opening.delete(comparisonId))
    this.#opening.set(comparisonId, opening)
  }

  /** Null where the workspace does not let us read history. */
  async #find({ channel, ...place }: Place, { comparisonId, createdAt }: Ballot): Promise<string | undefined | null> {
    const { key } = keyOf(comparisonId, 'ballot').event_payload
    const oldest = String(Math.floor(createdAt.getTime() / 1000) - 5)
    const args = { channel, oldest, include_all_metadata: true, limit: 200 }
    try {
      const { messages = [] } = await this.#api.call(place, {
        method: place.thread === null ? 'conversations.history' : 'conversations.replies',
        urgency: 'must',
        ask: client =>
          place.thread === null
            ? client.conversations.history(args)
            : client.conversations.replies({ ...args, ts: place.thread }),
      })
      const found = messages.find(({ metadata }) => Object.entries(metadata?.event_payload ?? {}).some(isKey))
      return found?.ts === undefined ? undefined : `${channel}/${found.ts}`
    } catch (thrown) {
      if (asFaceoffError(thrown).problem.code === 'chat_closed') return null
      throw thrown
    }

    function isKey([name, value]: [string, unknown]): boolean {
      return name === 'key' && value === key
    }
  }

  #editsOf(comparisonId: string): Edits {
    const known = this.#edits.get(comparisonId)
    if (known) return known
    const made: Edits = { isWanted: false, running: Promise.resolve(), wake: asleep, shown: undefined }
    this.#edits.set(comparisonId, made)
    return made
  }

  /** What is forgotten costs one edit too many, no more. */
  #forgetOldest(): void {
    for (const [comparisonId, edits] of this.#edits) {
      if (this.#edits.size <= 1_000) return
      if (edits.wake === asleep) this.#edits.delete(comparisonId)
    }
  }

  async #rest(ms: number, edits: Edits): Promise<void> {
    if (this.#isClosing) return
    const woken = Promise.withResolvers<void>()
    edits.wake = woken.resolve
    const timer = new AbortController()
    await Promise.race([woken.promise, pause(ms, undefined, { signal: timer.signal }).catch(() => {})])
    timer.abort()
    edits.wake = () => {}
  }
}

/** No edit is under way. */
function asleep(): void {}
