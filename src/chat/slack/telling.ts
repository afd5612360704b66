/** What one person is told alone. */
import type { Arena } from '../../core/arena.ts'
import { FaceoffError } from '../../core/errors.ts'
import type { Posts } from '../../core/ports.ts'
import { sentenceFor, type Text, textFor } from '../../core/text/index.ts'
import { slackEscape } from '../markdown/index.ts'
import type { SlackApi } from './api.ts'
import type { Members } from './members.ts'
import type { Message } from './messages.ts'
import { placeOf, type Team } from './place.ts'
import { closedSentence, refusalOf } from './refusals.ts'
import type { Teams } from './teams.ts'
import { quiet } from './thread.ts'

export type Addressee = {
  team: Team
  user: { id: string }
  channel: string
  thread: string | null
  responseUrl?: string | null
}

type TellingParts = {
  api: SlackApi
  arena: Pick<Arena, 'view'>
  members: Members
  teams: Pick<Teams, 'find'>
  posts: Posts
}

export class Telling {
  readonly #parts: TellingParts

  constructor(parts: TellingParts) {
    this.#parts = parts
  }

  /** To one person, where they are: by the way on which they asked, which is open where the channel is closed to us. */
  async tell(to: Addressee, message: Message): Promise<void> {
    const { channel, thread, user, responseUrl } = to
    if (responseUrl && (await answer(responseUrl, message, 'ephemeral')) === 'ok') return
    await this.#parts.api.call(to.team, {
      method: 'chat.postEphemeral',
      urgency: 'now',
      ask: client =>
        client.chat.postEphemeral({
          channel,
          user: user.id,
          ...message,
          ...(thread !== null && { thread_ts: thread }),
        }),
    })
  }

  /** To everybody where somebody asked. */
  async show(to: Addressee, message: Message): Promise<void> {
    const { channel, thread, responseUrl } = to
    if (responseUrl) {
      const taken = await answer(responseUrl, message, 'in_channel')
      if (taken === 'ok') return
      // Nobody knows whether it is there: another way would show it twice.
      if (taken === undefined) throw new FaceoffError({ code: 'chat_down' }, { message: 'response_url not reached' })
      if (taken === 'invalid_blocks') throw refusalOf(taken)
    }
    await this.#parts.api.call(to.team, {
      method: 'chat.postMessage',
      channel,
      urgency: 'must',
      ask: client =>
        client.chat.postMessage({ channel, ...message, ...quiet, ...(thread !== null && { thread_ts: thread }) }),
    })
  }

  /** Once per ballot and person. */
  async once(comparisonId: string, userId: string, what: 'lastCounts' | 'undecided'): Promise<void> {
    const { posts } = this.#parts
    const { ballot } = await this.#parts.arena.view(comparisonId, null)
    const place = placeOf(ballot.place)
    const part = `told:${what}:${userId}`
    const claim = await posts.claim(comparisonId, part)
    if (claim.kind !== 'mine') return
    const locale = (await this.#parts.members.member(place, userId))?.locale ?? ballot.locale
    const sentence = textFor(locale).slack[what]
    await this.tell({ team: place, user: { id: userId }, channel: place.channel, thread: place.thread }, said(sentence))
    await posts.record(comparisonId, part, '1')
  }

  /** Why something could not be done, and what to do about it. */
  async sentence(team: Team, error: FaceoffError, text: Text): Promise<string> {
    const bot = (await this.#parts.teams.find(team).catch(() => undefined))?.botName ?? text.appName
    return closedSentence(error, text.slack, bot) ?? sentenceFor(error.problem, text)
  }
}

/** A message that says one thing, whatever is quoted in it. */
export function said(sentence: string): Message {
  const text = slackEscape(sentence)
  return { text, blocks: [{ type: 'section', text: { type: 'mrkdwn', text, verbatim: true } }] }
}

/** `ok`, or Slack's word for why not (the address may be used up, or too old); undefined where it was not to be reached. */
async function answer(
  responseUrl: string,
  message: Message,
  to: 'ephemeral' | 'in_channel',
): Promise<string | undefined> {
  try {
    const response = await fetch(responseUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ response_type: to, ...message, ...quiet }),
      signal: AbortSignal.timeout(10_000),
    })
    const said = await response.text()
    if (response.ok) return 'ok'
    return /"error":\s*"(\w+)"/.exec(said)?.[1] ?? 'unknown'
  } catch {
    return undefined
  }
}
