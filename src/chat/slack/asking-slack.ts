/** One question to Slack, for who only wants to know whether it answers. */
import { webApi } from '@slack/bolt'
import { codeOf } from './refusals.ts'
import { silent } from './silent.ts'

type Answer = { ok: true; team: string; name: string; scopes: readonly string[] } | { ok: false; code: string }

/** `code`: Slack's word for a refusal, or the system's (`ECONNREFUSED`, `unknown`) where it did not answer. */
export async function askSlack(
  apiUrl: string,
  token: string,
  method: 'auth.test' | 'apps.connections.open',
): Promise<Answer> {
  const client = new webApi.WebClient(token, {
    slackApiUrl: apiUrl,
    timeout: 5_000,
    retryConfig: { retries: 0 },
    logger: silent,
  })
  try {
    const answer: { team?: unknown; user?: unknown } & webApi.WebAPICallResult = await client.apiCall(method)
    const scopes = answer.response_metadata?.scopes ?? []
    return { ok: true, team: String(answer.team ?? ''), name: String(answer.user ?? ''), scopes }
  } catch (error) {
    return { ok: false, code: codeOf(error) ?? systemCodeOf(error) }
  }
}

function systemCodeOf(error: unknown): string {
  for (let cause = error; cause instanceof Error; cause = 'original' in cause ? cause.original : cause.cause) {
    if ('code' in cause && typeof cause.code === 'string' && /^E[A-Z]+$/.test(cause.code)) return cause.code
  }
  return 'UNKNOWN'
}
