import { type DestinationStream, type Logger, pino } from 'pino'
import pretty from 'pino-pretty'

export type Log = Logger

/** Where a secret or a prompt could slip in by an object that is logged whole. */
const censored = [
  'apiKey',
  'authorization',
  'cookie',
  'headers',
  'password',
  'prompt',
  'secret',
  'text',
  'token',
  '*.apiKey',
  '*.authorization',
  '*.cookie',
  '*.headers',
  '*.password',
  '*.prompt',
  '*.secret',
  '*.text',
  '*.token',
]

/** The root logger. Writes to standard error, so that standard output holds what is meant for people. */
export function createLog(level: string, destination: DestinationStream = standardError()): Log {
  const redact = { paths: censored, censor: '[hidden]' }
  return pino({ level, redact, serializers: { err: plainError }, base: null }, destination)
}

/**
 * An error's words and code, and nothing else that hangs on it: Redis's client adds the command that was refused, with
 * its password, and a database the row.
 */
function plainError(error: unknown): unknown {
  if (!(error instanceof Error)) return String(error)
  const { type, message, stack } = pino.stdSerializers.err(error)
  return { type, message, stack, code: 'code' in error ? error.code : undefined }
}

function standardError(): DestinationStream {
  return process.stderr.isTTY ? pretty({ destination: 2, sync: true }) : pino.destination({ dest: 2, sync: true })
}
