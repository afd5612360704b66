/** What the doctor finds. */

export type Check = {
  /** For machines, the same in every language: `database`, `provider:openai`. */
  name: string
  /** `problem`: Faceoff or a part of it does not work. `warning`: it does, but somebody should look. */
  status: 'ok' | 'warning' | 'problem'
  /** One sentence for the operator. Neither it nor the remedy ever holds a secret. */
  message: string
  /** The variable or the command that mends it; null where nothing has to be done, or the message says it already. */
  remedy: string | null
}

export function ok(name: string, message: string): Check {
  return { name, status: 'ok', message, remedy: null }
}

export function warning(name: string, message: string, remedy: string | null): Check {
  return { name, status: 'warning', message, remedy }
}

export function problem(name: string, message: string, remedy: string | null): Check {
  return { name, status: 'problem', message, remedy }
}

/**
 * The outcome of `work`, or an error with the code `ETIMEDOUT` after `ms` milliseconds. The work itself goes on: who
 * calls ends the process soon.
 */
export async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(Object.assign(new Error('too late'), { code: 'ETIMEDOUT' })), ms)
  try {
    return await Promise.race([work, late.promise])
  } finally {
    clearTimeout(timer)
  }
}

/**
 * The first code in a chain of causes: `ECONNREFUSED`, or PostgreSQL's `28P01`. Messages are not for us to repeat, since
 * nobody knows what they quote. `unknown` where there is none.
 */
export function codeOf(thrown: unknown): string {
  if (thrown instanceof AggregateError && thrown.errors.length > 0) return codeOf(thrown.errors[0])
  if (!(thrown instanceof Error)) return 'unknown'
  if ('code' in thrown && typeof thrown.code === 'string' && /^\w{2,40}$/.test(thrown.code)) return thrown.code
  return thrown.cause === undefined ? 'unknown' : codeOf(thrown.cause)
}
