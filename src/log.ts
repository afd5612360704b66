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
  return pino({ level, redact: { paths: censored, censor: '[hidden]' }, base: null }, destination)
}

function standardError(): DestinationStream {
  return process.stderr.isTTY ? pretty({ destination: 2, sync: true }) : pino.destination({ dest: 2, sync: true })
}
