/** Discord's rate limits, in real time: windows that begin with their first request. */
type Window = { startedAt: number; used: number }
export type Limit = { bucket: string; limit: number; perMs: number }

export class Limits {
  readonly #windows = new Map<string, Window>()

  /** Takes one from the bucket; `allowed: false` where it was empty. */
  take(major: string, { bucket, limit, perMs }: Limit): { allowed: boolean; headers: Record<string, string> } {
    const now = performance.now()
    const key = `${bucket} ${major}`
    const known = this.#windows.get(key)
    const window = known && now - known.startedAt < perMs ? known : { startedAt: now, used: 0 }
    this.#windows.set(key, window)
    const allowed = window.used < limit
    if (allowed) window.used++
    const resetAfter = (window.startedAt + perMs - now) / 1000
    const headers = {
      'x-ratelimit-bucket': bucket,
      'x-ratelimit-limit': String(limit),
      'x-ratelimit-remaining': String(limit - window.used),
      'x-ratelimit-reset': (Date.now() / 1000 + resetAfter).toFixed(3),
      'x-ratelimit-reset-after': resetAfter.toFixed(3),
      ...(allowed ? {} : { 'retry-after': resetAfter.toFixed(3), 'x-ratelimit-scope': 'user' }),
    }
    return { allowed, headers }
  }
}

export const everything: Limit = { bucket: 'global', limit: 50, perMs: 1000 }

/** The limit of a route, and what it counts by. Unpublished: five messages, five edits, four reactions, as was seen. */
export function limitOf(method: string, path: string): { limit: Limit; major: string } | undefined {
  const channel = /^\/channels\/(\d+)\/messages(.*)$/.exec(path)
  if (channel) {
    const [, id = '', rest = ''] = channel
    if (rest.includes('/reactions/') && method !== 'GET') {
      return { limit: { bucket: 'reactions', limit: 1, perMs: 250 }, major: id }
    }
    if (method === 'POST' && rest === '') return { limit: { bucket: 'messages', limit: 5, perMs: 5000 }, major: id }
    if (method === 'PATCH') return { limit: { bucket: 'edits', limit: 5, perMs: 5000 }, major: id }
  }
  const webhook = /^\/webhooks\/\d+\/([^/]+)/.exec(path)
  if (webhook) return { limit: { bucket: 'webhook', limit: 5, perMs: 2000 }, major: webhook[1] ?? '' }
  return undefined
}
