/** Finding the servers' programs, and on a Debian machine where we are root, fetching what is missing. */
import { execFileSync } from 'node:child_process'
import { accessSync, constants, existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** The path of `program`, searched in `folders` and then in PATH; `debianPackage` is installed when it is missing. */
export function programPath(
  program: string,
  debianPackage: string,
  folders: () => readonly string[] = () => [],
): string {
  const found = search(program, folders())
  if (found !== undefined) return found
  const command = `apt-get update && apt-get install -y --no-install-recommends ${debianPackage}`
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) {
    throw new Error(`The tests need ${program}. On Debian or Ubuntu run: sudo sh -c '${command}'`)
  }
  withoutStartingServices(() => execFileSync('sh', ['-c', command], { env: aptEnvironment(), stdio: 'pipe' }))
  const installed = search(program, folders())
  if (installed === undefined) throw new Error(`${program} is still missing after: ${command}`)
  return installed
}

/** PostgreSQL's server programs are not in PATH on Debian; the newest major comes first. */
export function postgresFolders(): string[] {
  const root = '/usr/lib/postgresql'
  if (!existsSync(root)) return []
  return readdirSync(root)
    .sort((a, b) => Number(b) - Number(a))
    .map(major => join(root, major, 'bin'))
}

function search(program: string, folders: readonly string[]): string | undefined {
  const path = (process.env.PATH ?? '').split(delimiter).filter(folder => folder !== '')
  return [...folders, ...path, '/usr/bin'].map(folder => join(folder, program)).find(isExecutable)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Debian's packages start their service; `policy-rc.d` is Debian's way to say no, and is left as it was found. */
function withoutStartingServices(install: () => void): void {
  const policy = '/usr/sbin/policy-rc.d'
  const ours = !existsSync(policy)
  if (ours) writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  try {
    install()
  } finally {
    if (ours) rmSync(policy)
  }
}

function aptEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
}
