/** The `Chat` port on Discord: from states to messages, each posted once, edits paced, the newest text always last. */
import { createHash } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { type APIMessage, type APIThreadChannel, type APIUser, RESTJSONErrorCodes as codes, Routes } from 'discord.js'
import type { AnswerState, Ballot } from '../../core/ballot.ts'
import { type Choice, choiceEmoji, type Label } from '../../core/comparison.ts'
import { asFaceoffError, FaceoffError } from '../../core/errors.ts'
import type { Answers, Chat, Posts, Reaction } from '../../core/ports.ts'
import type { PostedSummary, SummaryNotice } from '../../core/summary.ts'
import type { Log } from '../../log.ts'
import { InOrder } from '../in-order.ts'
import { Lanes } from '../lanes.ts'
import { postOnce } from '../ledger.ts'
import { threadName } from '../markdown/index.ts'
import { choiceOf } from './emoji.ts'
import { answerMessages, ballotMessage, bodyOf, type Message, plain, waitingMessage } from './messages.ts'
import { type Place, placeOf } from './place.ts'
import { codeOf, type DiscordRest } from './rest.ts'
import { type Pages, Shown } from './shown.ts'
import type { DiscordSummaries } from './summaries.ts'

/** Least time between two edits in a channel, in milliseconds: Discord was seen to take five in five seconds. */
const editGapMs = 1_050

/** Least time between two reactions in a channel, in milliseconds: Discord was seen to take four a second. */
const reactionGapMs = 300

/** Closing a ballot waits for its reactions; in milliseconds. */
const reactionsMs = 8_000

const pageSize = 100

/** What was refused is not asked for again so soon, in milliseconds: Discord bans who is refused too often. */
const refusedMs = 10 * 60_000

/** Parts of a comparison in the ledger of posts, besides `<label>.<number>` for an answer's messages. */
export const parts = { ballot: 'ballot', thread: 'thread', seeds: 'seeds' } as const

/** What the ledger holds for the reactions we offer: there is no message to name. */
const seeded = 'there'
const refused = 'refused'

export type DiscordChatParts = {
  rest: DiscordRest
  posts: Posts
  answers: Pick<Answers, 'progress'>
  summaries: DiscordSummaries
  log: Log
  /** Told once the reactions to vote with are there: some people were faster. */
  onSeeded: (comparisonId: string) => void
}

/** What this process has under way of one comparison. */
type View = {
  comparisonId: string
  place: Place
  ballot: Shown
  answers: Map<Label, Shown>
  /** The newest ballot seen, for the thread's name and for showing it again. */
  state: Ballot | undefined
  /** Where the answers stand, once that is settled. */
  home: string | undefined
  homeComing: Promise<string> | undefined
  buttonsOnly: boolean
  isSeeding: boolean
  /** Messages that were removed: a nonce must not bring one back. */
  removals: number
}

export class DiscordChat implements Chat {
  readonly platform = 'discord'
  readonly #rest: DiscordRest
  readonly #posts: Posts
  readonly #answers: Pick<Answers, 'progress'>
  readonly #summaries: DiscordSummaries
  readonly #log: Log
  readonly #onSeeded: (comparisonId: string) => void
  readonly #lanes = new Lanes({ gapMs: editGapMs })
  /** By channel: its reactions have a limit of their own. */
  readonly #seeding = new InOrder()
  /** When a channel last refused to let us take a reaction away. */
  readonly #refusedAt = new Map<string, number>()
  readonly #views = new Map<string, View>()
  readonly #background = new Set<Promise<void>>()
  #me: Promise<string> | undefined

  constructor(given: DiscordChatParts) {
    this.#rest = given.rest
    this.#posts = given.posts
    this.#answers = given.answers
    this.#summaries = given.summaries
    this.#log = given.log
    this.#onSeeded = given.onSeeded
  }

  async showBallot(ballot: Ballot): Promise<void> {
    const view = this.#viewOf(ballot.comparisonId, ballot.place)
    view.state = ballot
    await this.#postBallot(view, ballot)
    if (ballot.phase === 'running') this.#takePlaces(view, ballot)
    const isClosed = ballot.phase === 'revealed' || ballot.phase === 'void'
    const shown = this.#wantBallot(view, isClosed)
    if (ballot.phase === 'open') this.#run(this.#seed(view, ballot))
    await shown
  }

  async showAnswer(answer: AnswerState): Promise<void> {
    const view = this.#viewOf(answer.comparisonId, answer.place)
    const slot = this.#answerSlot(view, answer.label)
    const isFinal = answer.entry.status !== 'streaming'
    const { comparisonId, label, run, text } = answer
    const shown = slot.want({
      messages: answerMessages(answer),
      isFinal,
      ...(!isFinal && { isCurrent: () => this.#answers.progress({ comparisonId, label }, run, text) }),
    })
    this.#lanes.want(this.#answerLane(view), slot)
    await shown
  }

  postSummary(summary: PostedSummary): Promise<void> {
    return this.#summaries.post(summary)
  }

  tellAdmins(notice: SummaryNotice): Promise<void> {
    return this.#summaries.tell(notice)
  }

  async reactions(ballot: Ballot): Promise<Reaction[]> {
    const { mode, channelId } = placeOf(ballot.place)
    const messageId = (await this.#posts.of(ballot.comparisonId)).get(parts.ballot)
    if (mode === 'reply' || messageId === undefined) return []
    const signal = AbortSignal.timeout(reactionsMs)
    const message = (await this.#rest.get(Routes.channelMessage(channelId, messageId), { signal })) as APIMessage
    const found: Reaction[] = []
    for (const { emoji, me, count, count_details } of message.reactions ?? []) {
      const choice = choiceOf(emoji.name)
      if (choice === undefined || (count <= 1 && me)) continue
      const route = Routes.channelMessageReaction(channelId, messageId, encodeURIComponent(emoji.name ?? ''))
      for (const type of count_details.burst > 0 ? ['0', '1'] : ['0']) {
        for await (const user of this.#pages(route, type, signal)) {
          if (user.bot !== true) found.push({ voter: { externalId: user.id, name: displayName(user) }, choice })
        }
      }
    }
    return found
  }

  /** Takes a person's reactions off the ballot. False where we may not. */
  async removeReactions(comparisonId: string, place: string | null, userId: string, choices: readonly Choice[]) {
    const { channelId } = placeOf(place)
    const messageId = (await this.#posts.of(comparisonId)).get(parts.ballot)
    if (messageId === undefined) return true
    if (performance.now() - (this.#refusedAt.get(channelId) ?? -Infinity) < refusedMs) return false
    try {
      for (const choice of choices) {
        const emoji = encodeURIComponent(choiceEmoji[choice])
        await this.#rest.delete(Routes.channelMessageUserReaction(channelId, messageId, emoji, userId))
      }
      return true
    } catch (error) {
      if (asFaceoffError(error).kind !== 'permanent') throw error
      this.#refusedAt.set(channelId, performance.now())
      return false
    }
  }

  /** Says something to one person: by direct message, else below the answers. */
  async tell(comparisonId: string, place: string | null, user: { id: string; name: string }, sentence: string) {
    try {
      const channel = (await this.#rest.post(Routes.userChannels(), { body: { recipient_id: user.id } })) as {
        id: string
      }
      await this.#rest.post(Routes.channelMessages(channel.id), bodyOf(plain(sentence)))
    } catch (error) {
      if (asFaceoffError(error).kind !== 'permanent') throw error
      const home = await this.#home(this.#viewOf(comparisonId, place))
      await this.#rest.inThread(home, () =>
        this.#rest.post(Routes.channelMessages(home), bodyOf(plain(`**${user.name}**: ${sentence}`))),
      )
    }
  }

  /** The ballot as it is sent, with what people should know about its place. */
  messageOf(ballot: Ballot): Message {
    const view = this.#viewOf(ballot.comparisonId, ballot.place)
    const hasNoThread = view.place.mode === 'thread' && view.home === view.place.channelId
    return ballotMessage(ballot, {
      why: view.place.why ?? (hasNoThread ? 'no_right' : null),
      buttonsOnly: view.buttonsOnly,
    })
  }

  /** Begins nothing more; resolves when nothing is under way. */
  async close(): Promise<void> {
    await this.#lanes.close()
    await Promise.allSettled(this.#background)
  }

  #viewOf(comparisonId: string, text: string | null): View {
    const known = this.#views.get(comparisonId)
    if (known) return known
    const place = placeOf(text)
    const view: View = {
      comparisonId,
      place,
      ballot: new Shown(this.#ballotPages(comparisonId, place), () => this.#tidy(view)),
      answers: new Map(),
      state: undefined,
      home: place.mode === 'thread' ? undefined : place.channelId,
      homeComing: undefined,
      buttonsOnly: place.mode === 'reply',
      isSeeding: false,
      removals: 0,
    }
    this.#views.set(comparisonId, view)
    return view
  }

  /** What is settled is forgotten: the ledger and the next state say all there is to know. */
  #tidy(view: View): void {
    const isSettled = view.state !== undefined && view.state.phase !== 'running' && !view.isSeeding
    if (isSettled && view.ballot.isIdle && [...view.answers.values()].every(slot => slot.isIdle)) {
      this.#views.delete(view.comparisonId)
    }
  }

  #answerSlot(view: View, label: Label): Shown {
    const known = view.answers.get(label)
    if (known) return known
    const made = new Shown(this.#answerPages(view, label), () => this.#tidy(view))
    view.answers.set(label, made)
    return made
  }

  #answerLane({ comparisonId, place }: View): string {
    if (place.mode === 'here') return `channel ${place.channelId}`
    return `${place.mode} ${comparisonId}`
  }

  // ── The ballot ────────────────────────────────────────────────────────────────────────────────────────────────────

  /** The ballot is the interaction's reply, which is there from the acknowledgement on: posting it is an edit. */
  async #postBallot(view: View, ballot: Ballot): Promise<void> {
    const known = await this.#posts.of(ballot.comparisonId)
    view.home ??= known.get(parts.thread)
    view.buttonsOnly ||= known.get(parts.seeds) === refused
    const id = known.get(parts.ballot)
    if (id !== undefined) return
    const { applicationId, token } = view.place
    const reply = Routes.webhookMessage(applicationId, token, '@original')
    const message = this.messageOf(ballot)
    let isNew = false
    const posted = await postOnce({
      posts: this.#posts,
      id: ballot.comparisonId,
      part: parts.ballot,
      post: async () => {
        isNew = true
        return ((await this.#rest.patch(reply, { ...bodyOf(message), auth: false })) as APIMessage).id
      },
      // The reply is one message, however often it is written.
      find: async () => undefined,
    })
    view.ballot.stands(posted, isNew ? message : null)
  }

  #wantBallot(view: View, isFinal: boolean): Promise<void> {
    if (view.state === undefined) return Promise.resolve()
    const shown = view.ballot.want({ messages: [this.messageOf(view.state)], isFinal })
    const { mode, channelId } = view.place
    this.#lanes.want(mode === 'reply' ? `reply ${view.comparisonId}` : `channel ${channelId}`, view.ballot)
    return shown
  }

  #ballotPages(comparisonId: string, place: Place): Pages {
    return {
      known: async () => {
        const id = (await this.#posts.of(comparisonId)).get(parts.ballot)
        return id === undefined ? [] : [id]
      },
      post: async () => {
        throw new FaceoffError({ code: 'internal' }, { message: 'a ballot is posted before it is edited' })
      },
      // A ballot's state in between is a draft too: the next one makes it worthless.
      edit: (id, message, draft) => this.#edit(place, place.channelId, id, message, draft),
      remove: async () => {},
    }
  }

  // ── The answers ───────────────────────────────────────────────────────────────────────────────────────────────────

  /** In the order of the labels, before any of them has something to say. */
  #takePlaces(view: View, ballot: Ballot): void {
    for (const entry of ballot.entries) {
      const slot = this.#answerSlot(view, entry.label)
      slot.hold(waitingMessage(ballot, entry))
      this.#lanes.want(this.#answerLane(view), slot)
    }
  }

  #answerPages(view: View, label: Label): Pages {
    const partOf = (index: number) => `${label}.${index}`
    return {
      known: async () => {
        const posts = await this.#posts.of(view.comparisonId)
        const ids: string[] = []
        for (let id = posts.get(partOf(0)); id !== undefined; id = posts.get(partOf(ids.length))) ids.push(id)
        return ids
      },
      post: (index, message) => this.#postAnswer(view, partOf(index), message),
      edit: async (id, message, draft) => {
        const home = await this.#home(view)
        try {
          await this.#edit(view.place, home, id, message, draft)
        } catch (error) {
          // Somebody took this one answer away, and had their reasons; the rest of the comparison goes on.
          if (codeOf(error) === codes.UnknownMessage) throw closed(error)
          throw error
        }
      },
      remove: async (index, id) => {
        view.removals++
        const home = await this.#home(view)
        await this.#rest
          .delete(view.place.mode === 'reply' ? this.#followUp(view.place, id) : Routes.channelMessage(home, id), {
            auth: view.place.mode !== 'reply',
          })
          .catch(error => {
            if (codeOf(error) !== codes.UnknownMessage) throw error
          })
        await this.#posts.forget(view.comparisonId, partOf(index))
      },
    }
  }

  async #postAnswer(view: View, part: string, message: Message): Promise<{ id: string; isNew: boolean }> {
    const { comparisonId, place } = view
    const home = await this.#home(view)
    const nonce = nonceOf(`${comparisonId} ${part} ${view.removals}`)
    let isNew = false
    const id = await postOnce({
      posts: this.#posts,
      id: comparisonId,
      part,
      post: async () => {
        const { body, files = [] } = bodyOf(message)
        const sent = (await (place.mode === 'reply'
          ? this.#rest.post(Routes.webhook(place.applicationId, place.token), { body, files, auth: false })
          : this.#rest.inThread(home, () =>
              this.#rest.post(Routes.channelMessages(home), { body: { ...body, nonce, enforce_nonce: true }, files }),
            ))) as APIMessage
        // Under the same nonce Discord answers with what it has.
        isNew = sent.content === message.content
        return sent.id
      },
      find: () => (place.mode === 'reply' ? Promise.resolve(undefined) : this.#findAnswer(view, home, part, message)),
    })
    return { id, isNew }
  }

  /** A message of ours with this heading, below this ballot, that the ledger gives to nobody else. */
  async #findAnswer(view: View, home: string, part: string, message: Message): Promise<string | undefined> {
    const me = await this.#whoAmI()
    const ballotId = (await this.#posts.of(view.comparisonId)).get(parts.ballot) ?? '0'
    const query = new URLSearchParams({ limit: String(pageSize), after: ballotId })
    const messages = (await this.#rest.get(Routes.channelMessages(home), { query })) as APIMessage[]
    const heading = headingOf(message.content)
    const candidates = messages
      .filter(({ author, content }) => author.id === me && headingOf(content) === heading)
      .sort((a, b) => Number(BigInt(a.id) - BigInt(b.id)))
    for (const { id } of candidates) {
      if ((await this.#posts.at('discord', part, id)) === undefined) return id
    }
    return undefined
  }

  /** The channel of the answers: a thread on the ballot, or the ballot's channel where no thread can be. */
  #home(view: View): Promise<string> {
    if (view.home !== undefined) return Promise.resolve(view.home)
    view.homeComing ??= this.#openThread(view)
      .then(home => {
        view.home = home
        // The ballot says why there is no thread.
        if (home === view.place.channelId) void this.#wantBallot(view, false)
        return home
      })
      .finally(() => {
        view.homeComing = undefined
      })
    return view.homeComing
  }

  async #openThread(view: View): Promise<string> {
    const { comparisonId, place } = view
    const ballotId = (await this.#posts.of(comparisonId)).get(parts.ballot)
    if (ballotId === undefined)
      throw new FaceoffError({ code: 'chat_down' }, { message: 'the ballot is not there yet' })
    return postOnce({
      posts: this.#posts,
      id: comparisonId,
      part: parts.thread,
      post: async () => {
        const body = { name: threadName(view.state?.prompt ?? ''), auto_archive_duration: 1440 }
        try {
          const route = Routes.threads(place.channelId, ballotId)
          return ((await this.#rest.post(route, { body })) as APIThreadChannel).id
        } catch (error) {
          // A thread on a message has the message's id.
          if (codeOf(error) === codes.ThreadAlreadyCreatedForMessage) return ballotId
          if (codeOf(error) === codes.MaximumActiveThreads) return place.channelId
          const { problem } = asFaceoffError(error)
          if (problem.code === 'chat_closed') return place.channelId
          throw error
        }
      },
      find: async () => undefined,
    })
  }

  // ── Reactions ─────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Offers the emoji to vote with, in order, once every answer is there. */
  async #seed(view: View, ballot: Ballot): Promise<void> {
    if (view.place.mode === 'reply' || view.isSeeding || view.buttonsOnly) return
    view.isSeeding = true
    try {
      const claim = await this.#posts.claim(ballot.comparisonId, parts.seeds)
      if (claim.kind !== 'mine') return
      const ballotId = (await this.#posts.of(ballot.comparisonId)).get(parts.ballot) ?? ''
      const { channelId } = view.place
      // The library learns this limit only by running into it once in each process.
      await this.#seeding.run(channelId, async () => {
        for (const choice of ballot.choices) {
          const route = Routes.channelMessageOwnReaction(channelId, ballotId, encodeURIComponent(choiceEmoji[choice]))
          await this.#rest.inThread(channelId, () => this.#rest.put(route, { urgency: 'reaction' }))
          await pause(reactionGapMs)
        }
      })
      await this.#posts.record(ballot.comparisonId, parts.seeds, seeded)
      this.#onSeeded(ballot.comparisonId)
    } catch (error) {
      if (asFaceoffError(error).problem.code !== 'chat_closed') throw error
      await this.#posts.record(ballot.comparisonId, parts.seeds, refused)
      view.buttonsOnly = true
      await this.#wantBallot(view, false)
    } finally {
      view.isSeeding = false
      this.#tidy(view)
    }
  }

  async *#pages(route: `/${string}`, type: string, signal: AbortSignal): AsyncGenerator<APIUser> {
    let after = '0'
    for (;;) {
      const query = new URLSearchParams({ limit: String(pageSize), after, type })
      const users = (await this.#rest.get(route, { query, signal })) as APIUser[]
      yield* users
      const last = users.at(-1)
      if (last === undefined || users.length < pageSize) return
      after = last.id
    }
  }

  // ── Calls ─────────────────────────────────────────────────────────────────────────────────────────────────────────

  async #edit(...[place, channelId, id, message, draft]: [Place, string, ...Parameters<Pages['edit']>]): Promise<void> {
    if (place.mode === 'reply') {
      await this.#rest.patch(this.#followUp(place, id), { ...bodyOf(message), auth: false })
      return
    }
    const urgency = draft ? 'draft' : 'final'
    const call = { ...bodyOf(message), ...draft, urgency } as const
    await this.#rest.inThread(channelId, () => this.#rest.patch(Routes.channelMessage(channelId, id), call))
  }

  #followUp({ applicationId, token }: Place, id: string): `/${string}` {
    return Routes.webhookMessage(applicationId, token, id)
  }

  #whoAmI(): Promise<string> {
    this.#me ??= this.#rest.get(Routes.user()).then(
      user => (user as APIUser).id,
      error => {
        this.#me = undefined
        throw error
      },
    )
    return this.#me
  }

  #run(work: Promise<void>): void {
    const done = work.catch(error => this.#log.warn({ err: error }, 'discord task failed'))
    this.#background.add(done)
    void done.finally(() => this.#background.delete(done))
  }
}

/** Twenty-five characters at most; the same for the same part, so that a repeated call posts nothing twice. */
function nonceOf(key: string): string {
  return createHash('sha256').update(key).digest('base64url').slice(0, 25)
}

function headingOf(content: string): string {
  return content.split('\n', 1)[0] ?? ''
}

function displayName({ global_name, username }: APIUser): string {
  return global_name ?? username
}

function closed(cause: unknown): FaceoffError {
  return new FaceoffError({ code: 'chat_closed', missing: null }, { cause, message: 'the message was deleted' })
}
