/** The database: a server's version, its tables and our rights; or the folder of the embedded one. */
import type { Config } from '../config.ts'
import type { Text } from '../core/text/index.ts'
import { createLog } from '../log.ts'
import { inspectFolder } from '../store/folder.ts'
import { DataFolderVersion, NewerSchema, ServerTooOld } from '../store/index.ts'
import { inspectServer } from '../store/inspection.ts'
import { addressOf } from '../store/pool.ts'
import { type Check, codeOf, ok, problem, within } from './check.ts'

/** In milliseconds: one question, and all of it. */
const queryMs = 5_000
const longestMs = 8_000

export async function checkDatabase({ database, queue, secrets }: Config, text: Text): Promise<Check[]> {
  if (database.kind === 'embedded') return [checkFolder(database.dataDir, text)]
  const url = secrets.databaseUrl ?? ''
  try {
    return [await checkServer(url, queue.kind, text)]
  } catch (thrown) {
    return [serverProblem(thrown, url, text)]
  }
}

function checkFolder(folder: string, { start, doctor }: Text): Check {
  const words = doctor.folder
  try {
    const state = inspectFolder(folder)
    if (state.kind === 'unusable') return problem('database', words.unusable(folder, state.code), words.remedy)
    if (state.kind === 'held') return ok('database', words.held(folder, state.pid))
    return ok('database', state.kind === 'new' ? words.isNew(folder) : words.free(folder))
  } catch (thrown) {
    if (!(thrown instanceof DataFolderVersion)) throw thrown
    return problem('database', start.folderVersion(folder, thrown.found, thrown.needed), null)
  }
}

async function checkServer(url: string, queue: Config['queue']['kind'], { doctor }: Text): Promise<Check> {
  const words = doctor.database
  const log = createLog('silent')
  const state = await within(longestMs, inspectServer(url, { log, queryTimeoutMs: queryMs }))
  const { migrations, database, user } = state
  const lacks = (migrations.pending > 0 && !state.mayCreateTables) || (queue === 'postgres' && !state.mayCreateQueue)
  if (lacks) {
    return problem('database', words.lacksRights(user, database), words.rightsRemedy(quoted(database), quoted(user)))
  }
  const server = words.server(state.version, addressOf(url))
  if (migrations.pending === 0) return ok('database', words.ready(server))
  const isEmpty = migrations.pending === migrations.known
  return ok('database', isEmpty ? words.empty(server) : words.behind(server))
}

function serverProblem(thrown: unknown, url: string, { start, doctor }: Text): Check {
  const words = doctor.database
  const address = addressOf(url)
  if (thrown instanceof ServerTooOld) {
    return problem('database', start.serverTooOld(thrown.found, thrown.oldest), words.tooOldRemedy)
  }
  if (thrown instanceof NewerSchema) return problem('database', start.newerSchema(thrown.migration), null)
  const code = codeOf(thrown)
  // Where the server asks for a password and there is none, `pg` fails in words of its own.
  if (code === '28P01' || isPasswordMissing(thrown)) {
    return problem('database', words.rejected(address), words.rejectedRemedy)
  }
  if (code === '28000') return problem('database', words.keptOut(address), words.keptOutRemedy)
  if (code === '3D000') {
    const name = decodeURIComponent(new URL(url).pathname.slice(1))
    return problem('database', words.missing(address), words.missingRemedy(quoted(name)))
  }
  // PostgreSQL's own codes have five characters, and come from a server that was reached.
  if (/^[0-9A-Z]{5}$/.test(code)) return problem('database', words.failed(address, code), words.failedRemedy(code))
  return problem('database', words.unreachable(address, code), words.unreachableRemedy)
}

function isPasswordMissing(thrown: unknown): boolean {
  return thrown instanceof Error && (thrown.message.startsWith('SASL') || isPasswordMissing(thrown.cause))
}

/** As SQL writes names. */
function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
