/** Slack's requests over HTTP, for Bolt: on whichever server there is, so that Slack and the console share a port. */
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { App, Receiver } from '@slack/bolt'
import type { Log } from '../../log.ts'
import { isMention } from './acknowledging.ts'
import type { Team } from './place.ts'

/** Older or newer than this, in seconds, and somebody may have recorded it. */
const mostAgeSeconds = 300

/** Bytes; Slack's largest payloads are well below. */
const longestBody = 2_000_000

/**
 * Slack gives 3 s. Whatever is not done by now goes on behind an empty acknowledgement, or, where Slack can send it again
 * and that is better, behind a refusal; in milliseconds.
 */
const patienceMs = 2_500

type Body = Record<string, unknown>

export class HttpReceiver implements Receiver {
  readonly #signingSecret: string
  readonly #isOurs: (team: Team) => Promise<boolean>
  readonly #now: () => number
  readonly #log: Log
  #app: App | undefined

  /** `isOurs`: whether the app is installed there. */
  constructor(parts: { signingSecret: string; isOurs: (team: Team) => Promise<boolean>; now: () => number; log: Log }) {
    this.#signingSecret = parts.signingSecret
    this.#isOurs = parts.isOurs
    this.#now = parts.now
    this.#log = parts.log
  }

  init(app: App): void {
    this.#app = app
  }

  async start(): Promise<void> {}

  async stop(): Promise<void> {}

  /** Answers 401, and nothing else happens, where the signature is wrong or old, or the workspace is not one of ours. */
  async answer(request: Request): Promise<Response> {
    if (Number(request.headers.get('content-length') ?? 0) > longestBody) return new Response(null, { status: 413 })
    const raw = await request.text()
    if (!this.#isSigned(request.headers, raw)) return new Response(null, { status: 401 })
    const body = parsed(raw, request.headers.get('content-type') ?? '')
    if (body === undefined) return new Response(null, { status: 400 })
    if (body.type === 'url_verification') return Response.json({ challenge: body.challenge })
    if (body.ssl_check !== undefined) return new Response(null, { status: 200 })
    const team = teamOf(body)
    if (team === undefined || !(await this.#isOurs(team))) return new Response(null, { status: 401 })
    return this.#process(body, request.headers)
  }

  async #process(body: Body, headers: Headers): Promise<Response> {
    const acknowledged = Promise.withResolvers<Response>()
    const status = isMention(body) ? 503 : 200
    const timer = setTimeout(() => acknowledged.resolve(new Response(null, { status })), patienceMs)
    const retryNum = headers.get('x-slack-retry-num')
    const retryReason = headers.get('x-slack-retry-reason')
    const ack = async (response?: unknown) => acknowledged.resolve(responseOf(response))
    try {
      this.#app
        ?.processEvent({
          body,
          ack,
          ...(retryNum !== null && { retryNum: Number(retryNum) }),
          ...(retryReason !== null && { retryReason }),
        })
        // Nobody wanted it: Slack need not send it again.
        .then(() => acknowledged.resolve(new Response(null, { status: 200 })))
        .catch(error => {
          this.#log.error({ err: error }, 'request from Slack failed')
          acknowledged.resolve(new Response(null, { status: 500 }))
        })
      return await acknowledged.promise
    } finally {
      clearTimeout(timer)
    }
  }

  #isSigned(headers: Headers, raw: string): boolean {
    const at = headers.get('x-slack-request-timestamp') ?? ''
    const given = Buffer.from(headers.get('x-slack-signature') ?? '')
    if (!/^\d{1,12}$/.test(at) || Math.abs(this.#now() / 1000 - Number(at)) > mostAgeSeconds) return false
    const wanted = Buffer.from(
      `v0=${createHmac('sha256', this.#signingSecret).update(`v0:${at}:${raw}`).digest('hex')}`,
    )
    return given.length === wanted.length && timingSafeEqual(given, wanted)
  }
}

/** Where a request comes from; Slack says it in a different place for each kind. */
export function teamOf(body: Body): Team | undefined {
  const [authorization] = Array.isArray(body.authorizations) ? body.authorizations : []
  const team =
    textIn(authorization, 'team_id') ??
    textIn(body.view, 'app_installed_team_id') ??
    textIn(body, 'team_id') ??
    textIn(body.team, 'id') ??
    textIn(body.user, 'team_id')
  if (team === undefined) return undefined
  const enterprise =
    textIn(body, 'enterprise_id') ?? textIn(body.enterprise, 'id') ?? textIn(body.team, 'enterprise_id') ?? null
  return { team, enterprise }
}

function textIn(value: unknown, name: string): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const found: unknown = Reflect.get(value, name)
  return typeof found === 'string' && found !== '' ? found : undefined
}

function parsed(raw: string, type: string): Body | undefined {
  try {
    if (type.startsWith('application/json')) return objectOf(raw)
    const form = new URLSearchParams(raw)
    const payload = form.get('payload')
    return payload === null ? Object.fromEntries(form) : objectOf(payload)
  } catch {
    return undefined
  }
}

function objectOf(json: string): Body | undefined {
  const value: unknown = JSON.parse(json)
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined
}

function responseOf(response: unknown): Response {
  if (response === undefined || response === '') return new Response(null, { status: 200 })
  return typeof response === 'string' ? new Response(response, { status: 200 }) : Response.json(response)
}
