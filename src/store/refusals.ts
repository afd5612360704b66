import type { Text } from '../core/text/index.ts'

/** Reasons not to open the store. Each message is one sentence that a person can act on; none holds a secret. */
export class StoreRefusal extends Error {
  override readonly name: string = 'StoreRefusal'
}

/** Another process has the data folder. `pid` is null where it could not be read. */
export class DataFolderInUse extends StoreRefusal {
  override readonly name = 'DataFolderInUse'
  readonly folder: string
  readonly pid: number | null

  constructor(folder: string, pid: number | null) {
    const holder = pid === null ? 'another process' : `process ${pid}`
    super(`The data folder ${folder} is in use by ${holder}: stop it first, or use another folder.`)
    this.folder = folder
    this.pid = pid
  }
}

/** The system does not let this process use the data folder. `code` is the system's, such as `EACCES`. */
export class DataFolderUnusable extends StoreRefusal {
  override readonly name = 'DataFolderUnusable'
  readonly folder: string
  readonly code: string

  constructor(folder: string, code: string) {
    super(`The data folder ${folder} cannot be used (${code}): use a folder that this process may write to.`)
    this.folder = folder
    this.code = code
  }
}

/** The data folder was written by another major version of PostgreSQL than the one that is built in. */
export class DataFolderVersion extends StoreRefusal {
  override readonly name = 'DataFolderVersion'
  readonly folder: string
  readonly found: string
  readonly needed: string

  constructor(folder: string, found: string, needed: string) {
    super(
      `The data folder ${folder} was written by PostgreSQL ${found}, and this version of Faceoff has PostgreSQL ` +
        `${needed} built in: run the version of Faceoff that wrote it, or use another folder.`,
    )
    this.folder = folder
    this.found = found
    this.needed = needed
  }
}

/** The server is older than the oldest one that is supported. */
export class ServerTooOld extends StoreRefusal {
  override readonly name = 'ServerTooOld'
  readonly found: string
  readonly oldest: number

  constructor(found: string, oldest: number) {
    super(`The database server is PostgreSQL ${found}, and Faceoff needs ${oldest} or newer: upgrade the server.`)
    this.found = found
    this.oldest = oldest
  }
}

/** The user of the server may not make what Faceoff needs there. */
export class RightsMissing extends StoreRefusal {
  override readonly name = 'RightsMissing'

  constructor(cause: unknown) {
    super('The database user may not create tables: make it the owner of its database.', { cause })
  }
}

/** The tables were written by a newer version of Faceoff. */
export class NewerSchema extends StoreRefusal {
  override readonly name = 'NewerSchema'
  readonly migration: string

  constructor(migration: string) {
    super(
      `The database was changed by a newer version of Faceoff (its migration ${migration} is unknown here): ` +
        'run that version or a later one.',
    )
    this.migration = migration
  }
}

/** The server cannot be reached, or does not let us in. `address` is `host:port/database`. */
export class DatabaseUnreachable extends StoreRefusal {
  override readonly name = 'DatabaseUnreachable'
  readonly address: string
  readonly reason: string

  constructor(address: string, cause: unknown) {
    const reason = reasonOf(cause)
    super(`PostgreSQL at ${address} cannot be used: ${reason}.`, { cause })
    this.address = address
    this.reason = reason
  }
}

/** A refused connection to a name with several addresses is an `AggregateError` with an empty message. */
function reasonOf(thrown: unknown): string {
  if (thrown instanceof AggregateError && thrown.errors.length > 0) return reasonOf(thrown.errors[0])
  return thrown instanceof Error && thrown.message !== '' ? thrown.message : String(thrown)
}

/** The sentence an operator reads, in their language. */
export function sentenceOf(refusal: StoreRefusal, { start }: Text): string {
  if (refusal instanceof DataFolderInUse) return start.folderInUse(refusal.folder, refusal.pid)
  if (refusal instanceof DataFolderUnusable) return start.folderUnusable(refusal.folder, refusal.code)
  if (refusal instanceof DataFolderVersion) return start.folderVersion(refusal.folder, refusal.found, refusal.needed)
  if (refusal instanceof RightsMissing) return start.lacksRights
  if (refusal instanceof ServerTooOld) return start.serverTooOld(refusal.found, refusal.oldest)
  if (refusal instanceof NewerSchema) return start.newerSchema(refusal.migration)
  return start.noDatabase
}
