/** The thread of a comparison: who holds which place in it, and what is sent there. */
import type { AnswerState } from '../../core/ballot.ts'
import { type Label, labels } from '../../core/comparison.ts'
import { asFaceoffError, FaceoffError } from '../../core/errors.ts'
import type { Posts } from '../../core/ports.ts'
import { textFor } from '../../core/text/index.ts'
import { postOnce } from '../ledger.ts'
import { isDraft, type Piece, type Thread } from './answers.ts'
import type { SlackApi, Urgency } from './api.ts'
import { type Block, pieceMessage, waitingPiece } from './messages.ts'
import { type Place, placeOf } from './place.ts'
import { codeOf } from './refusals.ts'

/** What no message may do, on any path. */
export const quiet = { unfurl_links: false, unfurl_media: false } as const

/** What a post is found by, when nobody knows whether it was made. */
export function keyOf(comparisonId: string, part: string) {
  return { event_type: 'faceoff_post', event_payload: { key: `${comparisonId}/${part}` } }
}

/** A recorded post: its channel, its timestamp, and for an answer whether it was begun as a stream. */
type Posted = { channel: string; ts: string; streamed: boolean }

export function postedAs(externalId: string): Posted {
  const [channel = '', ts = '', mode] = externalId.split('/')
  return { channel, ts, streamed: mode === 'stream' }
}

export class SlackThread implements Thread {
  readonly #api: SlackApi
  readonly #posts: Posts
  /** By comparison: places are taken one after the other, so that answers stand in the order of their labels. */
  readonly #taking = new Map<string, Promise<unknown>>()
  /** Workspaces where Slack's streaming is not to be had. */
  readonly #withoutStreams = new Set<string>()

  constructor(parts: { api: SlackApi; posts: Posts }) {
    this.#api = parts.api
    this.#posts = parts.posts
  }

  open(answer: AnswerState, index: number, piece: string, urgency: Urgency): Promise<Piece> {
    const { comparisonId } = answer
    const before = this.#taking.get(comparisonId) ?? Promise.resolve()
    const opened = before.then(() => this.#open(answer, index, piece, urgency))
    const settled = opened.catch(() => {})
    this.#taking.set(comparisonId, settled)
    void settled.then(() => {
      if (this.#taking.get(comparisonId) === settled) this.#taking.delete(comparisonId)
    })
    return opened
  }

  async append(answer: AnswerState, piece: Piece, markdown: string): Promise<void> {
    const place = placeOf(answer.place)
    const { channel } = place
    await this.#api.call(place, {
      method: 'chat.appendStream',
      urgency: 'may',
      ask: client => client.chat.appendStream({ channel, ts: piece.ts, markdown_text: markdown }),
    })
  }

  async stop(answer: AnswerState, piece: Piece, markdown: string, more: Block[]): Promise<void> {
    const place = placeOf(answer.place)
    await this.#stop(place, piece.ts, markdown, more)
  }

  async edit(answer: AnswerState, piece: Piece, markdown: string, more: Block[], urgency: Urgency): Promise<void> {
    const place = placeOf(answer.place)
    const { channel } = place
    const edit = () =>
      this.#api.call(place, {
        method: 'chat.update',
        urgency,
        ask: client =>
          client.chat.update({ channel, ts: piece.ts, ...pieceMessage(markdown, fallbackOf(answer), more) }),
      })
    if (piece.streaming) await this.#endStream(place, piece.ts)
    try {
      await edit()
    } catch (thrown) {
      // Another process began this stream, and is not there any more to end it.
      if (codeOf(thrown) !== 'streaming_state_conflict') throw thrown
      await this.#endStream(place, piece.ts)
      await edit()
    }
  }

  async #open(answer: AnswerState, index: number, piece: string, urgency: Urgency): Promise<Piece> {
    const { comparisonId, label } = answer
    const place = placeOf(answer.place)
    const known = await this.#posts.of(comparisonId)
    const ballot = known.get('ballot')
    if (ballot === undefined) throw new FaceoffError({ code: 'chat_closed', missing: null }, { message: 'no ballot' })
    const root = place.thread ?? postedAs(ballot).ts
    if (index === 0) {
      for (const other of labels.slice(0, labels.indexOf(label))) {
        if (known.has(other)) continue
        await this.#take(place, root, {
          answer,
          part: other,
          piece: waitingPiece(answer, other),
          asStream: true,
          urgency,
        })
      }
    }
    const part = index === 0 ? label : `${label}:${index + 1}`
    const taken = await this.#take(place, root, { answer, part, piece, asStream: isDraft(answer), urgency })
    // Whoever comes later has to know whether more than the heading stands there.
    const begun = `${part}~`
    if (!taken.isNew && known.has(begun)) return { ts: taken.ts, streaming: taken.streamed, shown: undefined }
    await this.#posts.record(comparisonId, begun, '1')
    const shown = taken.isNew ? piece : index === 0 ? waitingPiece(answer, label) : undefined
    return { ts: taken.ts, streaming: taken.streamed, shown }
  }

  async #take(
    place: Place,
    root: string,
    what: { answer: AnswerState; part: string; piece: string; asStream: boolean; urgency: Urgency },
  ): Promise<Posted & { isNew: boolean }> {
    const { answer, part, piece, asStream, urgency } = what
    const { comparisonId } = answer
    let isNew = false
    const externalId = await postOnce({
      posts: this.#posts,
      id: comparisonId,
      part,
      post: async () => {
        isNew = true
        const stream = asStream ? await this.#startStream(place, root, piece, urgency) : undefined
        if (stream !== undefined) return `${place.channel}/${stream}/stream`
        const { channel } = place
        const posted = await this.#api.call(place, {
          method: 'chat.postMessage',
          channel,
          urgency: 'must',
          ask: client =>
            client.chat.postMessage({
              channel,
              thread_ts: root,
              ...pieceMessage(piece, fallbackOf(answer, part), []),
              metadata: keyOf(comparisonId, part),
              ...quiet,
            }),
        })
        return `${channel}/${posted.ts}/post`
      },
      find: () => this.#find(place, root, answer, part),
    })
    return { ...postedAs(externalId), isNew }
  }

  /** Undefined where a post has to do: streams are dear, or not to be had here. */
  async #startStream(place: Place, root: string, piece: string, urgency: Urgency): Promise<string | undefined> {
    const { channel, team, user } = place
    if (this.#withoutStreams.has(team)) return undefined
    try {
      const started = await this.#api.call(place, {
        method: 'chat.startStream',
        urgency: urgency === 'must' ? 'may' : urgency,
        ask: client =>
          client.chat.startStream({
            channel,
            thread_ts: root,
            recipient_team_id: team,
            recipient_user_id: user,
            markdown_text: piece,
          }),
      })
      return started.ts
    } catch (thrown) {
      const error = asFaceoffError(thrown)
      const code = codeOf(error)
      if (code === 'unknown_method' || code === 'missing_scope') this.#withoutStreams.add(team)
      // Not sent, or refused: a post in its stead is no second one. After anything else nobody knows.
      if (error.retryAfterMs !== undefined || (code !== undefined && error.problem.code !== 'chat_down'))
        return undefined
      throw error
    }
  }

  async #endStream(place: Place, ts: string): Promise<void> {
    try {
      await this.#stop(place, ts, '', [])
    } catch (thrown) {
      // Slack ends streams by itself, five minutes after they began.
      if (codeOf(thrown) !== 'message_not_in_streaming_state') throw thrown
    }
  }

  async #stop(place: Place, ts: string, markdown: string, more: Block[]): Promise<void> {
    const { channel } = place
    await this.#api.call(place, {
      method: 'chat.stopStream',
      urgency: 'must',
      ask: client =>
        client.chat.stopStream({
          channel,
          ts,
          ...(markdown !== '' && { markdown_text: markdown }),
          ...(more.length > 0 && { blocks: more }),
        }),
    })
  }

  /** Needs a right to read history that not every workspace gives; without it a post in doubt is made again. */
  async #find(place: Place, root: string, answer: AnswerState, part: string): Promise<string | undefined> {
    const { channel } = place
    const key = keyOf(answer.comparisonId, part).event_payload.key
    const begins =
      part.length === 1 ? [waitingPiece(answer, part), `*${textFor(answer.locale).ballot.answer(part)}*`] : []
    try {
      const { messages = [] } = await this.#api.call(place, {
        method: 'conversations.replies',
        urgency: 'must',
        ask: client => client.conversations.replies({ channel, ts: root, include_all_metadata: true, limit: 200 }),
      })
      const recorded = new Set([...(await this.#posts.of(answer.comparisonId)).values()].map(id => postedAs(id).ts))
      const ours = messages.filter(({ ts, bot_id, files }) => bot_id && !files && ts !== undefined && !recorded.has(ts))
      const found =
        ours.find(({ metadata }) => isRecord(metadata?.event_payload) && metadata.event_payload.key === key) ??
        ours.find(({ text = '' }) => begins.some(begin => text.startsWith(begin))) ??
        // A stream that was not ended says nothing of itself. One reply is made after the other: it can be this one only.
        ours.find(({ text = '', metadata }) => text === '' && metadata === undefined)
      return found?.ts === undefined ? undefined : `${channel}/${found.ts}/post`
    } catch (thrown) {
      if (asFaceoffError(thrown).problem.code === 'chat_closed') return undefined
      throw thrown
    }
  }
}

function fallbackOf({ locale, label }: AnswerState, part: string = label): string {
  return textFor(locale).ballot.answer(part.charAt(0) as Label)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
