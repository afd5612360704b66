/** Calls a minute, workspace and method; posting has a bucket per channel instead. */
export type Limits = Record<string, number>

/** Slack's tiers as its reference gives them; the smallest number of each tier. */
export const slacksLimits: Limits = {
  'chat.startStream': 20,
  'chat.stopStream': 20,
  'chat.appendStream': 100,
  'chat.update': 50,
  'chat.delete': 50,
  'chat.postEphemeral': 100,
  'reactions.add': 50,
  'reactions.remove': 20,
  'reactions.get': 50,
  'views.open': 100,
  'views.update': 100,
  'views.push': 100,
  'views.publish': 100,
  'files.getUploadURLExternal': 100,
  'files.completeUploadExternal': 100,
  'conversations.replies': 50,
  'conversations.history': 50,
  'conversations.info': 50,
  'conversations.open': 50,
  'conversations.members': 100,
  'conversations.list': 20,
  'users.conversations': 50,
  'users.info': 100,
  'team.info': 50,
  'bots.info': 50,
}

export class Budget {
  readonly #limits: Limits
  readonly #minuteMs: number
  readonly #burst: number
  readonly #taken = new Map<string, number[]>()
  readonly #buckets = new Map<string, { left: number; at: number }>()

  constructor(limits: Limits, minuteMs: number, burst: number) {
    this.#limits = limits
    this.#minuteMs = minuteMs
    this.#burst = burst
  }

  /** 0 when the call may pass; otherwise the milliseconds until one may. */
  take(team: string, method: string, channel: string): number {
    const now = performance.now()
    if (method === 'chat.postMessage') return this.#fromBucket(`${team}/${channel}`, now)
    const limit = this.#limits[method]
    if (limit === undefined) return 0
    const key = `${team}/${method}`
    const taken = (this.#taken.get(key) ?? []).filter(at => at > now - this.#minuteMs)
    this.#taken.set(key, taken)
    const oldest = taken[taken.length - limit]
    if (oldest !== undefined) return oldest + this.#minuteMs - now
    taken.push(now)
    return 0
  }

  #fromBucket(key: string, now: number): number {
    const everyMs = this.#minuteMs / 60
    const bucket = this.#buckets.get(key) ?? { left: this.#burst, at: now }
    const left = Math.min(this.#burst, bucket.left + (now - bucket.at) / everyMs)
    this.#buckets.set(key, { left: left >= 1 ? left - 1 : left, at: now })
    return left >= 1 ? 0 : (1 - left) * everyMs
  }
}
