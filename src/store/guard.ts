/** The boundary of the store: what the driver throws becomes one of our errors, without what stood in the row. */
import { FaceoffError } from '../core/errors.ts'

type Method = (...args: never[]) => Promise<unknown>

/** `part` with methods that throw `FaceoffError` only. Whatever is not one already is `internal`, and retryable. */
export function guarded<T extends Record<string, Method>>(part: T): T {
  const methods = Object.entries(part).map(([name, method]) => {
    const guardedMethod: Method = (...args) => method(...args).catch(error => Promise.reject(ours(error)))
    return [name, guardedMethod] as const
  })
  return Object.fromEntries(methods) as T
}

/** True when the database refused a write because of this constraint. */
export function violates(error: unknown, constraint: string): boolean {
  return error instanceof Error && 'constraint' in error && error.constraint === constraint
}

function ours(error: unknown): FaceoffError {
  if (error instanceof FaceoffError) return error
  const message = error instanceof Error ? error.message : String(error)
  return new FaceoffError({ code: 'internal' }, { message, cause: withoutRow(error) })
}

/** A constraint's error quotes the row it refused, and a row may hold a prompt. */
function withoutRow(error: unknown): unknown {
  if (error instanceof Error && 'detail' in error) {
    Object.assign(error, { detail: undefined, where: undefined, internalQuery: undefined })
  }
  return error
}
