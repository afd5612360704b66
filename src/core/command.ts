/**
 * What a user can say, before any platform. A command is one object in `commands/`; every platform registers, offers
 * and parses from the same list.
 */
import type { Arena, ModelEntry } from './arena.ts'
import type { Ballot } from './ballot.ts'
import type { Platform } from './comparison.ts'
import { FaceoffError } from './errors.ts'
import type { Person } from './ports.ts'
import type { Locale, Text } from './text/index.ts'

export type OptionKind = 'text' | 'models' | 'choice' | 'yesno'

export type Option = {
  name: string
  kind: OptionKind
  required: boolean
  summary: (text: Text) => string
  /** For `choice`: what can be chosen, with each language's name for it. */
  choices?: readonly { value: string; name: (text: Text) => string }[]
}

/** Raw values by option name, as typed or as chosen in a form. */
export type Input = Readonly<Record<string, string>>

export type CommandContext = {
  arena: Arena
  person: Person
  workspaceId: string
  platform: Platform
  channel: string
  locale: Locale
}

/** What a command answers: data, which each platform shows in its own way. */
export type Reply =
  | { kind: 'ballot'; ballot: Ballot }
  | { kind: 'models'; entries: ModelEntry[] }
  /** The platform has the list of commands itself. */
  | { kind: 'help' }

export type Command = {
  name: string
  summary: (text: Text) => string
  options: readonly Option[]
  /** Throws a `FaceoffError` of kind `user` for whatever the person got wrong. */
  run(context: CommandContext, input: Input): Promise<Reply>
}

/** A line such as `/compare models: a/x, b/y Why is the sky blue?`, taken apart. */
export type ParsedLine = { command: Command; input: Input }

/**
 * Parses a typed line. Options stand before or after the free text, as `--name value` or `name: value`; the text
 * between them is taken as it is, line breaks and all. `name: value` counts only where the value can be meant
 * (`models: what are they?` is a question), `--name` always does.
 *
 * Throws `command_unknown`, or `option_bad` for an unknown `--name` before the text.
 */
export function parseLine(line: string, commands: readonly Command[]): ParsedLine {
  const [, name = '', rest = ''] = /^\s*\/?(\S*)([\s\S]*)$/.exec(line) ?? []
  const command = findCommand(name, commands)
  const free = command.options.find(option => option.kind === 'text')
  const input: Record<string, string> = {}
  let text = rest
  for (let taken = takeLeading(text, command); taken; taken = takeLeading(text, command)) {
    input[taken.name] = taken.value
    text = taken.rest
  }
  for (let taken = takeTrailing(text, command, input); taken; taken = takeTrailing(text, command, input)) {
    input[taken.name] = taken.value
    text = taken.rest
  }
  if (free) input[free.name] = text.replace(/^[^\S\n]*\n|^[^\S\n]+/, '').trimEnd()
  return { command, input }
}

/** Throws `command_unknown`, with the nearest name where one is near. */
export function findCommand(name: string, commands: readonly Command[]): Command {
  const wanted = name.toLowerCase()
  const command = commands.find(candidate => candidate.name === wanted)
  if (command) return command
  const names = commands.map(candidate => candidate.name)
  throw new FaceoffError({ code: 'command_unknown', command: name, suggestion: nearest(wanted, names) })
}

/** The candidate within two edits (Levenshtein) or with the same beginning, if there is one. */
export function nearest(wanted: string, candidates: readonly string[]): string | null {
  const low = wanted.toLowerCase()
  const scored = candidates
    .map(candidate => ({ candidate, distance: distance(low, candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)
  const [best] = scored
  if (best && best.distance <= Math.min(2, low.length - 1)) return best.candidate
  if (low.length < 2) return null
  return candidates.find(candidate => candidate.toLowerCase().includes(low)) ?? null
}

type Taken = { name: string; value: string; rest: string }

// A value is one word, or a comma list; quotes hold what has spaces.
const value = String.raw`"[^"\n]*"|[^\s,]+(?:\s*,\s*[^\s,]+)*`

function takeLeading(text: string, command: Command): Taken | undefined {
  const match = new RegExp(
    String.raw`^\s*(--)?([a-z]+)(?::|=|(?<=--[a-z]+)(?=\s))[^\S\n]*(${value})(?=\s|$)`,
    'i',
  ).exec(text)
  const flag = /^\s*--([a-z]+)(?=\s|$|:|=)/i.exec(text)
  if (flag && !optionNamed(flag[1] ?? '', command)) {
    throw new FaceoffError({ code: 'option_bad', option: `--${flag[1]}`, value: text.trim().slice(0, 60) })
  }
  if (flag?.[1]?.toLowerCase() === 'open') return { name: 'blind', value: 'no', rest: text.slice(flag[0].length) }
  if (!match) return undefined
  return accepted(match, text.slice(match[0].length), command)
}

function takeTrailing(text: string, command: Command, taken: Input): Taken | undefined {
  const open = /\s--open\s*$/i.exec(text)
  if (open && optionNamed('open', command)) return { name: 'blind', value: 'no', rest: text.slice(0, open.index) }
  const match = new RegExp(
    String.raw`(?:^|\s)(--)?([a-z]+)(?::|=|(?<=--[a-z]+)(?=\s))[^\S\n]*(${value})\s*$`,
    'i',
  ).exec(text)
  if (!match || (match[2] ?? '').toLowerCase() in taken) return undefined
  return accepted(match, text.slice(0, match.index), command)
}

function accepted(match: RegExpExecArray, rest: string, command: Command): Taken | undefined {
  const option = optionNamed(match[2] ?? '', command)
  const given = unquoted(match[3] ?? '')
  if (!option || option.kind === 'text') return undefined
  if (match[1] === undefined && !isPlausible(given, option)) return undefined
  return { name: option.name, value: given, rest }
}

/** `--open` is short for `blind: no`. */
function optionNamed(name: string, command: Command): Option | undefined {
  const wanted = name.toLowerCase() === 'open' ? 'blind' : name.toLowerCase()
  return command.options.find(option => option.name === wanted)
}

function isPlausible(given: string, option: Option): boolean {
  switch (option.kind) {
    case 'models':
      return given.includes('/')
    case 'yesno':
      return readYesNo(given) !== undefined
    case 'choice':
      return /^\p{L}+$/u.test(given)
    case 'text':
      return false
  }
}

/** yes/no as people type it in either language; undefined for anything else. */
export function readYesNo(given: string): boolean | undefined {
  const word = given.trim().toLowerCase()
  if (['yes', 'y', 'true', 'on', '1', 'ja', 'j'].includes(word)) return true
  if (['no', 'n', 'false', 'off', '0', 'nein'].includes(word)) return false
  return undefined
}

function unquoted(given: string): string {
  return given.startsWith('"') && given.endsWith('"') && given.length > 1 ? given.slice(1, -1) : given
}

function distance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let row = 1; row <= a.length; row++) {
    const current = [row]
    for (let column = 1; column <= b.length; column++) {
      const replaced = (previous[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1)
      current[column] = Math.min(replaced, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1)
    }
    previous = current
  }
  return previous[b.length] ?? 0
}
