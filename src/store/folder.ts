/** The data folder of the embedded database: one process at a time, whole or not there, of the right version. */
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { DataFolderInUse, DataFolderUnusable, DataFolderVersion } from './refusals.ts'

/** The major version of PostgreSQL inside PGlite. */
export const embeddedMajor = '18'

export type DataFolder = Disposable & {
  /** Where the database lives. */
  readonly database: string
  /** True until `adopt` was called once. */
  readonly isNew: boolean
  /** An empty place to create the database in. */
  prepare(): string
  /** Makes what was created in the prepared place the database. */
  adopt(): void
}

/**
 * Takes the folder for this process, making it where it is missing. Throws `DataFolderUnusable` where the system refuses
 * it, `DataFolderInUse` while another process (or this one) holds it, and `DataFolderVersion` where another major version
 * wrote it.
 */
export function takeFolder(path: string): DataFolder {
  const folder = resolve(path)
  makeUsable(folder)
  const lock = takeLock(folder)
  try {
    const database = join(folder, 'database')
    const beside = join(folder, 'database.new')
    checkVersion(folder, database)
    return {
      database,
      get isNew() {
        return !existsSync(database)
      },
      prepare: () => {
        // Left by a start that was killed.
        rmSync(beside, { recursive: true, force: true })
        return beside
      },
      adopt: () => renameSync(beside, database),
      [Symbol.dispose]: () => lock.close(),
    }
  } catch (error) {
    lock.close()
    throw error
  }
}

function makeUsable(folder: string): void {
  try {
    // Prompts and answers are nobody else's business.
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
    throw new DataFolderUnusable(folder, String(error.code))
  }
}

/** `held`: by a running process; `unusable`: with the system's code, such as `EACCES`. */
export type FolderState =
  | { kind: 'new' | 'free' }
  | { kind: 'held'; pid: number | null }
  | { kind: 'unusable'; code: string }

/** What `takeFolder` would meet, found out without taking or making anything. Throws `DataFolderVersion` as it does. */
export function inspectFolder(path: string): FolderState {
  const folder = resolve(path)
  try {
    const place = nearestExisting(folder)
    if (!statSync(place).isDirectory()) return { kind: 'unusable', code: 'ENOTDIR' }
    accessSync(place, constants.R_OK | constants.W_OK | constants.X_OK)
    const holder = join(folder, 'holder')
    // The file is left behind by a killed holder; without it nobody has the lock, and nothing needs to be touched.
    if (existsSync(holder) && isLocked(folder)) return { kind: 'held', pid: readPid(holder) }
    const database = join(folder, 'database')
    checkVersion(folder, database)
    return { kind: existsSync(database) ? 'free' : 'new' }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
    return { kind: 'unusable', code: String(error.code) }
  }
}

function nearestExisting(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearestExisting(dirname(path))
}

function isLocked(folder: string): boolean {
  const file = join(folder, 'lock')
  if (!existsSync(file)) return false
  const lock = new DatabaseSync(file, { readOnly: true, timeout: 0 })
  try {
    lock.exec('PRAGMA schema_version')
    return false
  } catch (error) {
    if (isBusy(error)) return true
    throw error
  } finally {
    lock.close()
  }
}

/**
 * The lock is the operating system's, which takes it back when its holder dies, however that comes about; a process id
 * in a file would have to be believed, and says nothing across containers. Node reaches such locks through SQLite only:
 * an empty database in which an exclusive transaction is begun and never ended. Beside it stands who holds it.
 */
function takeLock(folder: string): { close(): void } {
  const holder = join(folder, 'holder')
  const lock = new DatabaseSync(join(folder, 'lock'), { timeout: 0 })
  try {
    // In memory, or a killed holder would leave a journal.
    lock.exec('PRAGMA journal_mode = MEMORY')
    lock.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    lock.close()
    if (!isBusy(error)) throw error
    throw new DataFolderInUse(folder, readPid(holder))
  }
  writeFileSync(holder, `${process.pid}\n`)
  return {
    close: () => {
      rmSync(holder, { force: true })
      lock.close()
    },
  }
}

/** SQLITE_BUSY. */
function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === 5
}

function readPid(file: string): number | null {
  try {
    return Number.parseInt(readFileSync(file, 'utf8'), 10) || null
  } catch {
    return null
  }
}

/** `initdb` notes the major version in the folder. */
function checkVersion(folder: string, database: string): void {
  if (!existsSync(database)) return
  const file = join(database, 'PG_VERSION')
  const found = existsSync(file) ? readFileSync(file, 'utf8').trim() : 'unknown'
  if (found !== embeddedMajor) throw new DataFolderVersion(folder, found, embeddedMajor)
}
