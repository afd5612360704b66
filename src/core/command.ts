/**
 * What a user can say, before any platform. A command is one object in `commands/`; every platform registers, offers
 * and parses from the same list.
 */
import type { Arena, ModelEntry } from './arena.ts'
import type { Ballot } from './ballot.ts'
import type { Platform } from './comparison.ts'
import { FaceoffError } from './errors.ts'
import type { History } from './history.ts'
import type { Leaderboard } from './leaderboard.ts'
import { nearest } from './nearest.ts'
import type { Person } from './ports.ts'
import type { PostOutcome, SummarySetup } from './summarising.ts'
import type { WeekSummary } from './summary.ts'
import { type Locale, locales, type Text, textFor } from './text/index.ts'

/** `text`: everything that is not another option. `word`: one word, or several in quotes. */
export type OptionKind = 'text' | 'word' | 'models' | 'choice' | 'yesno'

export type Option = {
  name: string
  kind: OptionKind
  required: boolean
  summary: (text: Text) => string
  /** For `choice`: what can be chosen, with each language's name for it. */
  choices?: readonly OptionChoice[]
  /** Short forms for a typed line, by name: `{ open: 'no' }` lets `--open` stand for this option with `no`. */
  flags?: Readonly<Record<string, string>>
}

export type OptionChoice = { value: string; name: (text: Text) => string }

/** Raw values by option name, as typed or as chosen in a form. */
export type Input = Readonly<Record<string, string>>

export type CommandContext = {
  arena: Arena
  person: Person
  workspaceId: string
  platform: Platform
  channel: string
  /** Where the platform shows what comes of it, in its own words. */
  place?: string
  /** The id of what is created, where the platform may deliver the same wish twice. */
  id?: string
  locale: Locale
}

/** What a command answers: data, which each platform shows in its own way. */
export type Reply =
  | { kind: 'ballot'; ballot: Ballot }
  | { kind: 'models'; entries: ModelEntry[] }
  | { kind: 'leaderboard'; leaderboard: Leaderboard }
  | { kind: 'history'; history: History }
  | { kind: 'summary'; summary: WeekSummary }
  | { kind: 'summary_posted'; posted: PostOutcome }
  /** `mayChange`: whoever asked can be given the form. */
  | { kind: 'summary_settings'; setup: SummarySetup; mayChange: boolean }
  /** The platform has the list of commands itself. */
  | { kind: 'help' }

export type Command = {
  name: string
  summary: (text: Text) => string
  options: readonly Option[]
  /** Throws a `FaceoffError` of kind `user` for whatever the person got wrong. */
  run(context: CommandContext, input: Input): Promise<Reply>
}

/** Throws `command_unknown`, with the nearest name where one is near. */
export function findCommand(name: string, commands: readonly Command[]): Command {
  const wanted = name.toLowerCase()
  const command = commands.find(candidate => candidate.name === wanted)
  if (command) return command
  const names = commands.map(candidate => candidate.name)
  throw new FaceoffError({ code: 'command_unknown', command: name, suggestion: nearest(wanted, names) })
}

/** A choice by its value or by its name in any language, whatever the case. */
export function readChoice(given: string, choices: readonly OptionChoice[]): string | undefined {
  const wanted = given.trim().toLowerCase()
  return choices.find(
    choice => choice.value === wanted || locales.some(locale => choice.name(textFor(locale)).toLowerCase() === wanted),
  )?.value
}

/** yes/no as people type it in either language; undefined for anything else. */
export function readYesNo(given: string): boolean | undefined {
  const word = given.trim().toLowerCase()
  if (['yes', 'y', 'true', 'on', '1', 'ja', 'j'].includes(word)) return true
  if (['no', 'n', 'false', 'off', '0', 'nein'].includes(word)) return false
  return undefined
}

/** A day as `2026-11-23` or `23.11.2026`, as its beginning in UTC; undefined for anything else. */
export function readDay(given: string): Date | undefined {
  const day = given.trim()
  const [, date, month, year] = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/.exec(day) ?? []
  const iso = date && month && year ? `${year}-${month.padStart(2, '0')}-${date.padStart(2, '0')}` : day
  const read = /^\d{4}-\d{2}-\d{2}$/.test(iso) ? new Date(`${iso}T00:00:00Z`) : undefined
  // JavaScript takes 31 February for a day in March.
  return read && !Number.isNaN(read.getTime()) && read.toISOString().startsWith(iso) ? read : undefined
}
