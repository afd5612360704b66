/** What people ask for on Slack: how it is written down, read, and acknowledged. */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { type Command, findCommand, type Input } from '../../core/command.ts'
import { parseLine } from '../../core/line.ts'
import type { Team } from './place.ts'

/** Slack gives 3 s; what is not stored by now goes on behind the acknowledgement. In milliseconds. */
const patienceMs = 2_000

/** Answers once: with what there is to say, or with nothing when time is up. */
export class Ack {
  readonly #ack: (response?: object) => Promise<void>
  readonly #timer: NodeJS.Timeout
  #done = false

  constructor(ack: (response?: object) => Promise<void>) {
    this.#ack = ack
    this.#timer = setTimeout(() => void this.once(), patienceMs)
  }

  /** False when it was answered before. */
  once(response?: object): boolean {
    if (this.#done) return false
    this.#done = true
    clearTimeout(this.#timer)
    this.#ack(response).catch(() => {})
    return true
  }
}

/** A wish to compare, or another command, from wherever it was said. */
const wishShape = z.object({
  team: z.object({ team: z.string(), enterprise: z.string().nullable() }),
  user: z.object({ id: z.string(), name: z.string().optional() }),
  channel: z.string(),
  thread: z.string().nullable(),
  responseUrl: z.string().nullable(),
  /** The same for every delivery of the same wish. */
  key: z.string(),
})

export type Wish = z.infer<typeof wishShape>

/** What somebody typed: a line with a command, what stood after a mention, or a text to compare answers to. */
const typedShape = z.union([
  z.object({ line: z.string() }),
  z.object({ mention: z.string() }),
  z.object({ prompt: z.string() }),
])

export type Typed = z.infer<typeof typedShape>

export const keptShape = z.object({ wish: wishShape, typed: typedShape })

export type Kept = z.infer<typeof keptShape>

export function read(typed: Typed, commands: readonly Command[]): { command: Command; input: Input } {
  if ('line' in typed) return parseLine(typed.line, commands)
  if ('mention' in typed) return mentioned(typed.mention, commands)
  return { command: findCommand('compare', commands), input: { prompt: typed.prompt } }
}

/** `@Faceoff models` is a command, everything else a prompt. */
function mentioned(line: string, commands: readonly Command[]): { command: Command; input: Input } {
  const [, first = '', rest = ''] = /^\/?(\S*)([\s\S]*)$/.exec(line) ?? []
  const isCommand = commands.some(
    ({ name, options }) => name === first.toLowerCase() && (options.length > 0 || rest.trim() === ''),
  )
  if (line.trim() === '') return { command: findCommand('help', commands), input: {} }
  return parseLine(isCommand ? line : `compare ${line}`, commands)
}

/** What was typed, from what Slack made of it: mentions and links are written out, entities are characters again. */
export function plainText(text: string): string {
  return text
    .replace(/<([@#!])([^|>]*)(?:\|([^>]*))?>/g, (_, sign: string, id: string, name?: string) =>
      sign === '!' ? `@${(name ?? id).replace(/^@/, '')}` : `${sign}${(name ?? id).replace(/^[@#]/, '')}`,
    )
    .replace(/<([^|>\s]+)(?:\|([^>]*))?>/g, (_, url: string, label?: string) =>
      label === undefined || url.endsWith(label) ? url.replace(/^mailto:/, '') : `${label} (${url})`,
    )
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
}

/** The same wish has the same id, however often Slack sends it. */
export function idOf({ team }: Team, key: string): string {
  const hash = createHash('sha256').update(`slack/${team}/${key}`).digest('hex')
  return [
    hash.slice(0, 8),
    hash.slice(8, 12),
    `8${hash.slice(13, 16)}`,
    `a${hash.slice(17, 20)}`,
    hash.slice(20, 32),
  ].join('-')
}
