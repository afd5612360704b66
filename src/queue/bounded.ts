import { FaceoffError } from '../core/errors.ts'

/**
 * The outcome of `work`, or an error after `ms` milliseconds. The work itself goes on: neither backend can take back a
 * command. Needed because some of BullMQ's promises never settle when their connection is gone.
 */
export async function bounded<T>(work: Promise<T>, ms: number, what: string): Promise<T> {
  const late = Promise.withResolvers<never>()
  const error = new FaceoffError({ code: 'internal' }, { message: `${what}: no answer in ${ms} ms` })
  const timer = setTimeout(() => late.reject(error), ms)
  try {
    return await Promise.race([work, late.promise])
  } finally {
    clearTimeout(timer)
  }
}
