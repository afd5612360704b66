/** Faceoff as people run it: a process of its own, told what to do by its environment and by signals. */
import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import packageJson from '../../package.json' with { type: 'json' }
import { ABrowser } from '../console/a-browser.ts'

const root = join(import.meta.dirname, '..', '..')

/** What `npm start` runs, after `node`. */
const [, ...startArguments] = packageJson.scripts.start.split(' ')

export type Running = AsyncDisposable & {
  url: string
  /** What it printed for people. */
  printed: string[]
  pid: number
  /** `kill -9`; resolves when it is gone. */
  kill(): Promise<void>
  /** The polite way; resolves with the exit code. */
  stop(): Promise<number | null>
}

/** No setting of the person who runs the tests gets in. */
export function environment(settings: Record<string, string>): Record<string, string> {
  const { PATH = '', HOME = '', TMPDIR = '' } = process.env
  return { PATH, HOME, TMPDIR, LANG: 'C', PORT: '0', OLLAMA_DETECT: 'no', LOG_LEVEL: 'fatal', ...settings }
}

/** Starts it and resolves when it says that it is ready. Rejects with what it printed when it ends before. */
export async function run(settings: Record<string, string>): Promise<Running> {
  const child = spawn(process.execPath, startArguments, { cwd: root, env: environment(settings) })
  const printed: string[] = []
  const complaints = collect(child)
  const { promise: ready, resolve } = Promise.withResolvers<string>()
  createInterface({ input: child.stdout }).on('line', line => {
    printed.push(line)
    const url = /^Faceoff (?:is ready|ist bereit): (.+)$/.exec(line)?.[1]
    if (url) resolve(url)
  })
  const ended = once(child, 'exit').then(() => {
    throw new Error(`ended before it was ready:\n${complaints()}`)
  })
  const url = await Promise.race([ready, ended])
  ended.catch(() => {})
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode === null && child.signalCode === null) {
      const exit = once(child, 'exit')
      child.kill(signal)
      await exit
    }
    return child.exitCode
  }
  return {
    url,
    printed,
    pid: child.pid ?? 0,
    kill: async () => void (await end('SIGKILL')),
    stop: () => end('SIGTERM'),
    [Symbol.asyncDispose]: async () => void (await end('SIGKILL')),
  }
}

/** Starts it and waits for its end. */
export async function runToEnd(settings: Record<string, string>): Promise<{ code: number | null; stderr: string }> {
  const child = spawn(process.execPath, startArguments, { cwd: root, env: environment(settings) })
  child.stdout.resume()
  const stderr = collect(child)
  const [code] = await once(child, 'close')
  return { code, stderr: stderr() }
}

/** Resident memory in MiB. */
export function residentMiB(pid: number): number {
  const kib = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Number(kib) / 1024
}

/** Somebody who asks, and reads what the pages say. */
export class Visitor extends ABrowser {
  /** Asks for a comparison; resolves with its id. */
  async compare(prompt: string, models: string): Promise<string> {
    const name = `Ada ${randomUUID()}`.slice(0, 40)
    const { status, location } = await this.post('/compare', { name, prompt, models, blind: 'yes' })
    const id = /#c-(.+)$/.exec(location ?? '')?.[1]
    if (id === undefined) throw new Error(`not compared: ${status}`)
    return id
  }

  /** The comparison's page, as soon as it satisfies `wanted`: looked at once, and again whenever the console has news. */
  async untilPage(id: string, wanted: (page: string) => boolean): Promise<string> {
    const heard = await this.listen(`/events?c=${id}`)
    for (;;) {
      const news = heard.more()
      const { text } = await this.get(`/c/${id}`)
      if (wanted(text)) return text
      if (!(await news)) throw new Error('the console ended its news')
    }
  }
}

function collect(child: ChildProcess): () => string {
  let text = ''
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
  })
  return () => text
}
