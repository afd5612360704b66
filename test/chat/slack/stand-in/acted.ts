import type { Delivered } from './delivery.ts'
import type { SentEvent } from './events.ts'
import { inner, type Json, string } from './json.ts'
import type { Message, View } from './model.ts'
import type { State } from './state.ts'

type Fields = {
  state: State
  team: string
  user: string
  channel: string
  triggerId?: string
  responseUrl?: string
}

/** Something that a person did, and what came of it so far: the lists grow while the app works on. */
export class Acted {
  readonly triggerId: string | undefined
  readonly responseUrl: string | undefined
  /** How the app answered. */
  delivered: Delivered = { status: 0, ackMs: 0, body: '', json: {}, late: false, failure: 'not sent' }
  /** The event, when Slack told the app of one. */
  event: SentEvent | undefined
  /** What is wrong with a view that the app answered a submission with. */
  problems: string[] = []
  readonly #fields: Fields
  readonly #before: number

  constructor(fields: Fields) {
    this.#fields = fields
    this.triggerId = fields.triggerId
    this.responseUrl = fields.responseUrl
    this.#before = fields.state.ephemerals.length
  }

  get status(): number {
    return this.delivered.status
  }

  get ackMs(): number {
    return this.delivered.ackMs
  }

  get late(): boolean {
    return this.delivered.late
  }

  get body(): string {
    return this.delivered.body
  }

  get json(): Json {
    return this.delivered.json
  }

  /** By block id, of a submission that the app refused. */
  get errors(): Record<string, string> {
    const errors = this.json.response_action === 'errors' ? inner(this.json.errors) : {}
    return Object.fromEntries(Object.entries(errors).map(([block, text]) => [block, string(text)]))
  }

  /** Shown to this person alone: by this `response_url`, and by `chat.postEphemeral` in this channel since. */
  get ephemerals(): Message[] {
    const { state, user, channel, team } = this.#fields
    return state.ephemerals
      .filter(({ message, user: to, responseUrl }, at) =>
        message.deleted
          ? false
          : responseUrl !== undefined
            ? responseUrl === this.responseUrl
            : at >= this.#before && to === user && message.channel === channel && message.team === team,
      )
      .map(({ message }) => message)
  }

  /** Opened or pushed with this trigger. */
  get views(): View[] {
    return this.#fields.state.views.filter(view => view.triggerId !== undefined && view.triggerId === this.triggerId)
  }
}
