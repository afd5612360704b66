/** Where a command reads and writes: the standard streams, in one language. */
import type { Text } from '../core/text/index.ts'

/** The command was called wrongly; the message says how, in the user's language. */
export class UsageError extends Error {}

/** What `parseArgs` throws, in the user's language; anything else as it is. */
export function optionError(error: unknown, args: readonly string[], text: Text): unknown {
  if (!(error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'))) return error
  // Node's own sentence is English only; what it is about stands between its first quotes.
  const option = /'([^']*)'/.exec(error.message)?.[1]
  return new UsageError(text.cli.optionWrong(option ?? args.join(' ')))
}

export type Progress = Disposable & { advance(bytes: number, votes: number): void }

/** How often the progress is drawn anew, in milliseconds, and how wide. */
const drawEvery = 100
const barWidth = 24

/** What a command needs of a process. */
export type Streams = {
  stdin: AsyncIterable<Uint8Array>
  stdout: { write(text: string, done?: (error?: Error | null) => void): unknown }
  stderr: { write(text: string): unknown; isTTY?: boolean }
}

export class Terminal {
  readonly text: Text
  readonly #streams: Streams
  readonly #stdout: Streams['stdout']
  readonly #stderr: Streams['stderr']

  constructor(streams: Streams, text: Text) {
    this.text = text
    this.#streams = streams
    this.#stdout = streams.stdout
    this.#stderr = streams.stderr
  }

  /** Only whoever reads it opens it: what Node needs for that takes 3 ms to load. */
  get stdin(): Streams['stdin'] {
    return this.#streams.stdin
  }

  print(output: string): void {
    this.#stdout.write(`${output}\n`)
  }

  /** Waits until `output` is taken; false when nobody reads any more. */
  send(output: string): Promise<boolean> {
    return new Promise(resolve => this.#stdout.write(output, error => resolve(!error)))
  }

  complain(message: string): void {
    this.#stderr.write(`${message}\n`)
  }

  /** A bar while `size` bytes are read (null: how many is not known), on a terminal only; gone when disposed. */
  progress(size: number | null): Progress {
    const stream = this.#stderr
    if (!stream.isTTY) return { advance: () => {}, [Symbol.dispose]: () => {} }
    const numbers = new Intl.NumberFormat(this.text.locale)
    let read = 0
    let drawn = Date.now()
    return {
      advance: (bytes, votes) => {
        read += bytes
        if (Date.now() - drawn < drawEvery) return
        drawn = Date.now()
        const count = this.text.cli.reading(numbers.format(votes))
        const share = Math.min(1, read / Math.max(1, size ?? 1))
        const bar = '█'.repeat(Math.round(share * barWidth)).padEnd(barWidth, '░')
        stream.write(`\r\x1b[K${size === null ? '' : `${bar} ${Math.floor(100 * share)} % · `}${count}`)
      },
      [Symbol.dispose]: () => {
        stream.write('\r\x1b[K')
      },
    }
  }
}
