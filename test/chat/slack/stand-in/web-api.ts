/** Slack's Web API: who calls, whether they may, whether it is too much, and what a test wants to go wrong. */
import type { App } from './app.ts'
import type { Delivery } from './delivery.ts'
import type { Emulated } from './emulated.ts'
import type { Events } from './events.ts'
import type { Faults } from './faults.ts'
import { type Json, string } from './json.ts'
import type { Budget } from './limits.ts'
import { chat } from './methods/chat.ts'
import { conversations } from './methods/conversations.ts'
import { files } from './methods/files.ts'
import { reactions } from './methods/reactions.ts'
import { type Method, needed, type Request, type Settings } from './methods/request.ts'
import { streams } from './methods/streams.ts'
import { team } from './methods/team.ts'
import { views } from './methods/views.ts'
import { grant } from './oauth.ts'
import { Refusal } from './refusal.ts'
import type { Call, State } from './state.ts'

export type Reply = { status: number; headers: Record<string, string>; body: string }

const methods: Record<string, Method> = {
  ...chat,
  ...streams,
  ...reactions,
  ...conversations,
  ...views,
  ...files,
  ...team,
}

export type Parts = {
  app: App
  state: State
  faults: Faults
  budget: Budget
  emulated: Emulated
  delivery: Delivery
  events: Events
  settings: Settings
  /** `http://127.0.0.1:<port>` */
  url(): string
}

/** Records a call and lets faults strike. `undefined`: the answer is lost. */
export async function recorded(
  { state, faults }: Parts,
  fields: Pick<Call, 'method' | 'args' | 'token'>,
  perform: (call: Call) => Promise<Reply & { error?: string }>,
): Promise<Reply | undefined> {
  const team = state.tokens.get(fields.token)?.team ?? ''
  const call: Call = { ...fields, team, at: Date.now(), status: 0, error: undefined, response: undefined }
  state.calls.push(call)
  state.changed()
  await faults.pass(call)
  const failure = faults.failureOf(call)
  const reply = failure === undefined ? await perform(call) : failed(failure)
  call.error = reply.error
  call.response = reply.body
  const lost = failure === undefined && faults.losesAnswerOf(call)
  if (!lost) call.status = reply.status
  state.changed()
  return lost ? undefined : reply
}

function failed({
  status = 200,
  error = 'internal_error',
  headers = {},
}: Parameters<Faults['fail']>[0]): Reply & { error: string } {
  const retryAfter: Record<string, string> = status === 429 ? { 'retry-after': '1' } : {}
  const body = status >= 500 ? '' : JSON.stringify({ ok: false, error: status === 429 ? 'ratelimited' : error })
  return { status, headers: { 'content-type': 'application/json', ...retryAfter, ...headers }, body, error }
}

export function answer(parts: Parts, method: string, args: Json, authorization: string): Promise<Reply | undefined> {
  const token = /^Bearer (.+)$/.exec(authorization)?.[1] ?? string(args.token)
  const { token: _, ...shown } = args
  return recorded(parts, { method, args: shown, token }, async call => {
    const headers: Record<string, string> = { 'content-type': 'application/json; charset=utf-8' }
    const json = (status: number, body: Json) => ({ status, headers, body: JSON.stringify(body) })
    try {
      if (method === 'oauth.v2.access') return json(200, await grant(parts, args, authorization))
      if (method === 'apps.connections.open') return json(200, { ok: true, url: socketAddress(parts, token) })
      const request = authorised(parts, shown, token)
      headers['x-oauth-scopes'] = [...request.scopes].join(',')
      const waitMs = parts.budget.take(call.team, method, string(shown.channel))
      if (waitMs > 0) {
        headers['retry-after'] = String(Math.max(1, Math.ceil(waitMs / 1000)))
        return { ...json(429, { ok: false, error: 'ratelimited' }), error: 'ratelimited' }
      }
      const found = methods[method]
      if (found !== undefined) {
        if (found.scopes.length > 0) needed(request, ...found.scopes)
        return json(200, { ok: true, ...(await found.run(request)) })
      }
      const emulated = await parts.emulated.call(request.workspace, method, shown)
      if (emulated === undefined) throw new Refusal('unknown_method')
      return { ...json(200, emulated), ...(emulated.ok !== true && { error: string(emulated.error) }) }
    } catch (thrown) {
      if (!(thrown instanceof Refusal)) throw thrown
      return { ...json(200, { ok: false, error: thrown.error, ...thrown.more }), error: thrown.error }
    }
  })
}

function authorised(parts: Parts, args: Json, token: string): Request {
  const { state, app, emulated, settings, events } = parts
  if (token === '') throw new Refusal('not_authed')
  const record = state.tokens.get(token)
  if (record === undefined) throw new Refusal('invalid_auth')
  if (record.kind !== 'bot') throw new Refusal('not_allowed_token_type')
  if (record.state !== 'active') throw new Refusal(record.state)
  const workspace = state.workspaces.get(record.team)
  if (workspace === undefined) throw new Refusal('invalid_auth')
  const scopes = record.scopes ?? workspace.scopes
  const emit = (event: Json) => void events.emit(workspace, event)
  return { state, workspace, token, scopes, args, appId: app.id, url: parts.url(), settings, emulated, emit }
}

function socketAddress({ app, delivery, state, url }: Parts, token: string): string {
  if (token !== app.appToken) throw new Refusal(state.tokens.has(token) ? 'not_allowed_token_type' : 'invalid_auth')
  if (app.requestUrl !== 'sockets') throw new Refusal('socket_mode_disabled')
  return delivery.ticket(new URL(url()).host)
}
