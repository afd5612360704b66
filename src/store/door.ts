/**
 * How the command line reaches the process that holds the embedded database: an address and a secret in a file of the data
 * folder, which only its user can read.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export type Door = { url: string; token: string }

const name = 'door.json'

/** Takes the place of a file that a killed process left. */
export function openDoor(dataDir: string, door: Door): Disposable {
  const file = join(dataDir, name)
  // An existing file would keep its mode.
  rmSync(file, { force: true })
  writeFileSync(file, JSON.stringify(door), { mode: 0o600 })
  return { [Symbol.dispose]: () => rmSync(file, { force: true }) }
}

/** Null where there is none, or none that can be read. */
export function findDoor(dataDir: string): Door | null {
  try {
    const { url, token } = JSON.parse(readFileSync(join(dataDir, name), 'utf8'))
    return typeof url === 'string' && typeof token === 'string' ? { url, token } : null
  } catch {
    return null
  }
}
