import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { postgresFolders, programPath } from './programs.ts'
import { type Account, endProgram, freePort, newFolder, type Server, startProgram } from './server.ts'

/** PostgreSQL refuses to run as root; what was committed outlives `kill`, but not a power cut. */
const settings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '300',
  fsync: 'off',
  lc_messages: 'C',
}

/** Starts a new, empty PostgreSQL server on a free loopback port. Takes about two seconds. */
export async function startPostgres(): Promise<Server> {
  const initdb = programPath('initdb', 'postgresql', postgresFolders)
  const account = unprivileged()
  const folder = newFolder('postgres', account)
  const data = join(folder, 'data')
  const initialise = ['-D', data, '-U', 'faceoff', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync']
  execFileSync(initdb, initialise, { cwd: folder, ...account, stdio: 'pipe' })
  const port = await freePort()
  const options = Object.entries({ ...settings, port: String(port) }).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ])
  const start = () =>
    startProgram(join(dirname(initdb), 'postgres'), ['-D', data, ...options], {
      cwd: folder,
      account,
      ready: 'database system is ready to accept connections',
    })
  let server = await start()
  const stop = async () => {
    await endProgram(server, 'SIGINT')
    rmSync(folder, { recursive: true, force: true })
  }
  return {
    url: `postgres://faceoff@127.0.0.1:${port}/postgres`,
    get pid() {
      return server.pid ?? 0
    },
    kill: () => endProgram(server, 'SIGKILL'),
    restart: async () => {
      server = await untilChildrenAreGone(start)
    },
    stop,
    [Symbol.asyncDispose]: stop,
  }
}

/** The server processes of a killed postmaster end a moment after it, and until then a new one refuses to start. */
async function untilChildrenAreGone<T>(start: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await start()
    } catch (error) {
      const busy = error instanceof Error && /still in use|lock file|already in use/i.test(error.message)
      if (!busy || attempt === 50) throw error
      await new Promise(resolve => setTimeout(resolve, 100))
    }
  }
}

function unprivileged(): Account {
  if (process.getuid?.() !== 0) return undefined
  const id = (option: string) => Number(execFileSync('id', [option, 'postgres'], { encoding: 'utf8', stdio: 'pipe' }))
  try {
    return { uid: id('-u'), gid: id('-g') }
  } catch {
    // Programs from elsewhere than a Debian package come without the account.
    return { uid: 65_534, gid: 65_534 }
  }
}
