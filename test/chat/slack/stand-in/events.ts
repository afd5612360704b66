/** The Events API: which events the app gets, under which id, how often. */
import type { App } from './app.ts'
import type { Delivered, Delivery } from './delivery.ts'
import { type Json, string } from './json.ts'
import type { Workspace } from './model.ts'
import type { State } from './state.ts'

export type SentEvent = {
  /** `event_id`. */
  readonly id: string
  readonly team: string
  readonly type: string
  readonly payload: Json
  /** One entry for each time that it was sent. */
  readonly deliveries: Delivered[]
}

const scopeOf: Record<string, string> = {
  app_mention: 'app_mentions:read',
  reaction_added: 'reactions:read',
  reaction_removed: 'reactions:read',
}

export class Events {
  readonly sent: SentEvent[] = []
  paused = false
  readonly #app: App
  readonly #state: State
  readonly #delivery: Delivery

  constructor(app: App, state: State, delivery: Delivery) {
    this.#app = app
    this.#state = state
    this.#delivery = delivery
  }

  /** `undefined` when Slack does not tell the app: not subscribed, not allowed, not installed, or paused by the test. */
  async emit(workspace: Workspace, event: Json): Promise<SentEvent | undefined> {
    const type = string(event.type)
    const scope = scopeOf[type]
    if (this.paused || workspace.botToken === '' || !this.#app.events.has(type)) return undefined
    if (scope !== undefined && !workspace.scopes.has(scope)) return undefined
    const eventTs = this.#state.clock.timestamp()
    const organisation = workspace.enterprise
    const payload: Json = {
      token: 'verification-token',
      team_id: workspace.id,
      ...(organisation && { enterprise_id: organisation.id }),
      context_team_id: workspace.id,
      context_enterprise_id: organisation?.id ?? null,
      api_app_id: this.#app.id,
      event: { event_ts: eventTs, ...event },
      type: 'event_callback',
      event_id: this.#state.id('Ev'),
      event_time: Math.floor(Number(eventTs)),
      authorizations: [
        {
          enterprise_id: organisation?.id ?? null,
          team_id: organisation?.install ? null : workspace.id,
          user_id: workspace.botUserId,
          is_bot: true,
          is_enterprise_install: organisation?.install ?? false,
        },
      ],
      is_ext_shared_channel: false,
      event_context: this.#state.id('4-'),
    }
    const sent: SentEvent = { id: string(payload.event_id), team: workspace.id, type, payload, deliveries: [] }
    this.sent.push(sent)
    sent.deliveries.push(await this.#delivery.deliver('events_api', payload))
    this.#state.changed()
    return sent
  }

  /** As Slack does when it saw no acknowledgement in time, or thought so. */
  async redeliver(sent: SentEvent, reason = 'http_timeout'): Promise<Delivered> {
    const retry = { attempt: Math.max(1, sent.deliveries.length), reason }
    const delivered = await this.#delivery.deliver('events_api', sent.payload, retry)
    sent.deliveries.push(delivered)
    this.#state.changed()
    return delivered
  }
}
