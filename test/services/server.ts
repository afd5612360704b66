/** What the two servers have in common: a folder of their own, a free loopback port, and an end by process id. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A server that a test may treat badly. */
export type Server = AsyncDisposable & {
  readonly url: string
  readonly pid: number
  /** `kill -9`; resolves when the process is gone. */
  kill(): Promise<void>
  /** Starts it again on the same port with the same data, after `kill`. */
  restart(): Promise<void>
  /** Ends the process and removes the folder. */
  stop(): Promise<void>
}

/** The account a server runs as; undefined: ours. */
export type Account = { uid: number; gid: number } | undefined

const startTimeoutMs = 60_000

/**
 * A new folder in the system's temporary one. Its name holds our process id, so that the next run can remove what a
 * killed one has left.
 */
export function newFolder(kind: string, account: Account): string {
  removeLeftovers(kind)
  const folder = mkdtempSync(join(tmpdir(), `faceoff-${kind}-${process.pid}-`))
  if (account) chownSync(folder, account.uid, account.gid)
  return folder
}

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

/** Starts a program and waits until it prints `ready`; throws with what it printed when it ends before. */
export async function startProgram(
  program: string,
  args: readonly string[],
  options: { cwd: string; account: Account; ready: string },
): Promise<ChildProcess> {
  const { cwd, account, ready } = options
  const child = spawn(program, args, { cwd, ...account, stdio: ['ignore', 'pipe', 'pipe'] })
  const printed = await new Promise<string | undefined>((resolve, reject) => {
    let output = ''
    const timer = setTimeout(() => {
      child.kill('SIGKILL')
      resolve(`${output}\nnot ready after ${startTimeoutMs} ms`)
    }, startTimeoutMs)
    const settle = (outcome: string | undefined) => {
      clearTimeout(timer)
      resolve(outcome)
    }
    const read = (chunk: Buffer) => {
      output += chunk
      if (output.includes(ready)) settle(undefined)
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    child.once('error', error => {
      clearTimeout(timer)
      reject(error)
    })
    child.once('exit', () => settle(output))
  })
  if (printed !== undefined) throw new Error(`${program} did not start:\n${printed}`)
  // Nobody reads on, but a full pipe would stop the server.
  for (const stream of [child.stdout, child.stderr]) stream.removeAllListeners('data').resume()
  return child
}

/** Sends the signal and waits for the end. A process that is gone already is fine. */
export async function endProgram(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = once(child, 'exit')
  child.kill(signal)
  await exit
}

function removeLeftovers(kind: string): void {
  for (const name of readdirSync(tmpdir())) {
    const owner = new RegExp(`^faceoff-${kind}-(\\d+)-`).exec(name)?.[1]
    if (owner === undefined || existsSync(`/proc/${owner}`) || !existsSync('/proc')) continue
    const folder = join(tmpdir(), name)
    for (const pid of processesOf(folder)) process.kill(pid, 'SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Processes that were started with this folder, such as a server whose test run was killed. */
function processesOf(folder: string): number[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name) && commandLine(name).some(argument => argument.includes(folder)))
    .map(Number)
}

function commandLine(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
  } catch {
    return []
  }
}
