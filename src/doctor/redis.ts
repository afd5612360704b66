import { Redis } from 'ioredis'
import type { Config } from '../config.ts'
import type { Text } from '../core/text/index.ts'
import { type Check, codeOf, ok, problem, warning, within } from './check.ts'

/** BullMQ's own demand. */
const oldest = { major: 6, minor: 2 }

const longestMs = 6_000

/** Whether Redis answers, is new enough, and keeps what it is given. */
export async function checkRedis({ secrets: { redisUrl } }: Config, { doctor }: Text): Promise<Check[]> {
  const words = doctor.redis
  if (redisUrl === null) return [ok('redis', words.onDatabase)]
  const at = placeOf(redisUrl)
  const address = `${at.host}:${at.port}`
  try {
    const { version, policy } = await within(longestMs, ask(redisUrl))
    if (version !== undefined && isTooOld(version)) {
      return [problem('redis', words.tooOld(version, `${oldest.major}.${oldest.minor}`), words.tooOldRemedy)]
    }
    if (policy !== undefined && policy !== 'noeviction') {
      return [warning('redis', words.evicts(address, policy), words.evictsRemedy(at.host, at.port))]
    }
    return [ok('redis', words.fine(version ?? '?', address))]
  } catch (thrown) {
    const code = refusalOf(thrown)
    if (code === 'NOAUTH' || code === 'WRONGPASS' || code === 'ERR') {
      return [problem('redis', words.rejected(address), words.rejectedRemedy)]
    }
    if (code !== undefined) return [problem('redis', words.failed(address, code), words.failedRemedy)]
    return [problem('redis', words.unreachable(address, codeOf(thrown)), words.unreachableRemedy)]
  }
}

function placeOf(url: string): { host: string; port: string } {
  const { hostname, port } = new URL(url)
  return { host: hostname.replace(/^\[|\]$/g, '') || 'localhost', port: port || '6379' }
}

async function ask(url: string): Promise<{ version: string | undefined; policy: string | undefined }> {
  const redis = new Redis(url, { lazyConnect: true, enableReadyCheck: false, retryStrategy: () => null })
  // Commands are refused with "Connection is closed"; why it was closed is told here alone.
  const refused = Promise.withResolvers<never>()
  redis.on('error', refused.reject)
  try {
    const asked = redis.connect().then(async () => {
      await redis.ping()
      return redis.info()
    })
    const info = await Promise.race([refused.promise, asked])
    return { version: field(info, 'redis_version'), policy: field(info, 'maxmemory_policy') }
  } finally {
    redis.disconnect()
  }
}

function field(info: string, name: string): string | undefined {
  return new RegExp(`^${name}:([\\w.-]+)`, 'm').exec(info)?.[1]
}

function isTooOld(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major < oldest.major || (major === oldest.major && minor < oldest.minor)
}

/** The word with which Redis begins a refusal: `WRONGPASS`. Undefined where Redis said nothing. */
function refusalOf(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error) || thrown.name !== 'ReplyError') return undefined
  return /^[A-Z]+/.exec(thrown.message)?.[0]
}
