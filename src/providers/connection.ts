import OpenAI from 'openai'
import { readRefusal } from './failure.ts'

/** More than any vendor's error body needs. */
const refusalLimit = 64 * 1024

/**
 * An `openai` client that talks to one address with one key. The SDK fills whatever is left out from `OPENAI_*` in the
 * environment and would send OpenAI's key, organisation and custom headers to every provider; so every option is given,
 * and the headers that leave the process are the ones written here.
 *
 * It never retries and never follows a redirect: a redirect would carry prompt and key to an address nobody chose.
 */
export function connect(to: { baseUrl: string; key: string | null; timeoutMs: number }): OpenAI {
  return new OpenAI({
    baseURL: to.baseUrl,
    apiKey: to.key ?? 'none',
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    maxRetries: 0,
    timeout: to.timeoutMs,
    logLevel: 'off',
    fetch: async (url, init) => {
      const response = await fetch(url, { ...init, headers: ownHeaders(to.key, init?.body), redirect: 'manual' })
      return response.ok ? response : refusal(response)
    },
  })
}

function ownHeaders(key: string | null, body: unknown): Headers {
  const headers = new Headers({ accept: 'application/json, text/event-stream', 'user-agent': 'faceoff' })
  if (body) headers.set('content-type', 'application/json')
  if (key !== null) headers.set('authorization', `Bearer ${key}`)
  return headers
}

/** The refusal in the one shape that the SDK reads, without whatever else came with it. */
async function refusal(response: Response): Promise<Response> {
  const { code, type, message } = readRefusal(await startOf(response), response.status)
  const headers = new Headers({ 'content-type': 'application/json' })
  for (const name of ['retry-after', 'retry-after-ms', 'x-request-id']) {
    const value = response.headers.get(name)
    if (value !== null) headers.set(name, value)
  }
  return new Response(JSON.stringify({ error: { code, type, message } }), { status: response.status, headers })
}

/** The first part of a body; what was read before the connection broke counts. */
export async function startOf(response: Response, limit = refusalLimit): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  if (!response.body) return text
  try {
    for await (const bytes of response.body) {
      text += decoder.decode(bytes, { stream: true })
      if (text.length > limit) break
    }
  } catch (thrown) {
    if (!(thrown instanceof TypeError)) throw thrown
  }
  return text
}
