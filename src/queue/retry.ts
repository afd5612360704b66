/** When a failed job runs again: the error says whether, this file says when, and BullMQ only carries it out. */
import { UnrecoverableError } from 'bullmq'
import { asFaceoffError } from '../core/errors.ts'

/** A failure worth another run. Its message, which is kept beside the waiting job, is one of our codes and nothing else. */
class RetryableJobError extends Error {
  override readonly name = 'RetryableJobError'
  readonly retryAfterMs: number | undefined

  constructor(code: string, retryAfterMs: number | undefined) {
    super(code)
    this.retryAfterMs = retryAfterMs
  }
}

/** What a handler threw, as BullMQ understands it: `UnrecoverableError` ends the job, anything else runs it again. */
export function asJobError(thrown: unknown): Error {
  if (thrown instanceof UnrecoverableError) return thrown
  const { isWorthRepeating, problem, retryAfterMs } = asFaceoffError(thrown)
  return isWorthRepeating ? new RetryableJobError(problem.code, retryAfterMs) : new UnrecoverableError(problem.code)
}

/**
 * Milliseconds until the next run, after `attemptsMade` failed ones (1 or more): exactly what the error asks for, else
 * `firstRetryMs` doubled with every attempt, of which a random part of up to one half is taken off, so that the
 * contestants of one busy provider do not come back together.
 */
export function retryDelay(
  error: Error | undefined,
  attemptsMade: number,
  { firstRetryMs, random }: { firstRetryMs: number; random: () => number },
): number {
  if (error instanceof RetryableJobError && error.retryAfterMs !== undefined) return Math.max(0, error.retryAfterMs)
  const whole = firstRetryMs * 2 ** (attemptsMade - 1)
  return Math.round(whole * (1 - random() / 2))
}
