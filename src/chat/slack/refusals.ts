/** What Slack refuses, as one of our errors. Nobody else looks at Slack's codes, but for the sentences below. */
import { FaceoffError } from '../../core/errors.ts'
import type { SlackText } from '../../core/text/slack/en.ts'

const closed = new Set([
  'not_in_channel',
  'channel_not_found',
  'is_archived',
  'missing_scope',
  'restricted_action',
  'restricted_action_read_only_channel',
  'restricted_action_thread_only_channel',
  'restricted_action_non_threadable_channel',
  'restricted_action_thread_locked',
  'team_access_not_granted',
  'no_permission',
  'messages_tab_disabled',
])
const badToken = new Set([
  'account_inactive',
  'invalid_auth',
  'not_authed',
  'token_expired',
  'token_revoked',
  'org_login_required',
  'ekm_access_denied',
])
const gone = new Set(['message_not_found', 'thread_not_found', 'cant_update_message', 'edit_window_closed'])
const busy = new Set(['ratelimited', 'internal_error', 'fatal_error', 'service_unavailable', 'request_timeout'])

/** Slack's own code for a refusal, from what a client threw or from our error around it. */
export function codeOf(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error)) return undefined
  if ('data' in thrown && isObject(thrown.data) && typeof thrown.data.error === 'string') return thrown.data.error
  return thrown.cause === undefined ? undefined : codeOf(thrown.cause)
}

export function asRefusal(thrown: unknown): FaceoffError {
  if (thrown instanceof FaceoffError) return thrown
  const options = { cause: thrown, message: thrown instanceof Error ? thrown.message : String(thrown) }
  if (thrown instanceof Error && 'retryAfter' in thrown && typeof thrown.retryAfter === 'number') {
    return new FaceoffError({ code: 'chat_down' }, { ...options, retryAfterMs: thrown.retryAfter * 1000 })
  }
  const code = codeOf(thrown)
  if (code === undefined) {
    // HTTP errors, cut connections, timeouts: the client's own classes; everything else is a defect.
    const isTheirs = thrown instanceof Error && 'code' in thrown && String(thrown.code).startsWith('slack_webapi_')
    return new FaceoffError({ code: isTheirs ? 'chat_down' : 'internal' }, options)
  }
  if (busy.has(code)) return new FaceoffError({ code: 'chat_down' }, options)
  if (gone.has(code)) return new FaceoffError({ code: 'post_gone' }, options)
  if (badToken.has(code)) return new FaceoffError({ code: 'chat_closed', missing: null }, options)
  if (closed.has(code)) return new FaceoffError({ code: 'chat_closed', missing: neededScope(thrown) }, options)
  return new FaceoffError({ code: 'internal' }, { ...options, message: `Slack refused: ${code}` })
}

/** What stands in an answer that no client read, as a client's error would be. */
export function refusalOf(code: string): FaceoffError {
  return asRefusal(Object.assign(new Error(`Slack refused: ${code}`), { data: { error: code } }))
}

/** What to do about a refusal, where Slack's code says more than ours. */
export function closedSentence(error: FaceoffError, text: SlackText, bot: string): string | undefined {
  const code = codeOf(error)
  if (error.problem.code !== 'chat_closed' || code === undefined) return undefined
  if (code === 'missing_scope') return text.closed.missing_scope(bot, error.problem.missing ?? '?')
  if (badToken.has(code)) return text.closed.token()
  if (code === 'not_in_channel' || code === 'channel_not_found' || code === 'is_archived') return text.closed[code](bot)
  return text.closed.restricted()
}

function neededScope(thrown: unknown): string | null {
  if (!(thrown instanceof Error) || !('data' in thrown) || !isObject(thrown.data)) return null
  return typeof thrown.data.needed === 'string' ? thrown.data.needed : null
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
