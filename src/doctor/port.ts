import { once } from 'node:events'
import { createServer } from 'node:net'
import type { Config } from '../config.ts'
import type { Text } from '../core/text/index.ts'
import { type Check, codeOf, ok, problem } from './check.ts'

/** For whoever has the port to say that it is Faceoff, in milliseconds. */
const answerMs = 3_000

/** Whether the HTTP server can have its port, or has it already. */
export async function checkPort({ http, roles }: Config, text: Text): Promise<Check[]> {
  const words = text.doctor.port
  const { host, port } = http
  if (!roles.has('console')) return [ok('port', words.none)]
  const code = await refusalOf(host, port)
  if (code === undefined) return [ok('port', port === 0 ? words.any : words.free(host, port))]
  if (code === 'EADDRINUSE') {
    const isOurs = await isFaceoff(host, port)
    return [isOurs ? ok('port', words.ours(port)) : problem('port', words.taken(port), words.takenRemedy(port))]
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return [problem('port', text.start.hostUnusable(host), words.hostRemedy)]
  }
  if (code === 'EACCES') return [problem('port', words.forbidden(port), words.forbiddenRemedy)]
  return [problem('port', words.failed(host, port, code), words.hostRemedy)]
}

/** The system's code where nobody may listen there, as a server would find out. */
async function refusalOf(host: string, port: number): Promise<string | undefined> {
  const probe = createServer()
  try {
    probe.listen({ host, port, exclusive: true })
    await once(probe, 'listening')
    probe.close()
    await once(probe, 'close')
    return undefined
  } catch (thrown) {
    return codeOf(thrown)
  }
}

async function isFaceoff(host: string, port: number): Promise<boolean> {
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host
  const origin = `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`
  try {
    const response = await fetch(`${origin}/healthz`, {
      redirect: 'manual',
      signal: AbortSignal.timeout(answerMs),
    })
    return JSON.stringify(await response.json()) === '{"status":"alive"}'
  } catch {
    return false
  }
}
