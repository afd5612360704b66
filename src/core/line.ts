import { type Command, findCommand, type Input, type Option, readChoice, readYesNo } from './command.ts'
import { FaceoffError } from './errors.ts'
import { nearest } from './nearest.ts'

/** A line such as `/compare models: a/x, b/y Why is the sky blue?`, taken apart. */
export type ParsedLine = { command: Command; input: Input }

/**
 * Parses a typed line. Options stand before or after the free text, as `--name value`, `--name=value` or `name: value`;
 * the text between them is taken as it is, line breaks and all. `name: value` counts only where the value can be meant
 * (`models: what are they?` is a question), `--name` always does. What is named twice counts as named first.
 *
 * Throws `command_unknown`, or `option_bad` for an unknown `--name` before the text.
 */
export function parseLine(line: string, commands: readonly Command[]): ParsedLine {
  const [, name = '', rest = ''] = /^\s*\/?(\S*)([\s\S]*)$/.exec(line) ?? []
  const command = findCommand(name, commands)
  const input: Record<string, string> = {}
  let text = rest
  for (const take of [takeFirst, takeLast]) {
    for (let taken = take(text, command); taken && !(taken.name in input); taken = take(text, command)) {
      input[taken.name] = taken.value
      text = taken.rest
    }
  }
  const free = command.options.find(option => option.kind === 'text')
  if (free) input[free.name] = text.replace(/^[^\S\n]*\n|^[^\S\n]+/, '').trimEnd()
  else takeWords(text, command, input)
  return { command, input }
}

/** `/leaderboard coding month`: where there is no free text, a word is the choice it names. */
function takeWords(text: string, { name, options }: Command, input: Record<string, string>): void {
  for (const word of text.split(/\s+/).filter(part => part !== '')) {
    const meant = options.find(
      ({ name: option, choices = [] }) => !(option in input) && readChoice(word, choices) !== undefined,
    )
    if (meant === undefined)
      throw new FaceoffError({ code: 'option_bad', option: `/${name}`, value: word.slice(0, 60) })
    input[meant.name] = word
  }
}

type Taken = { name: string; value: string; rest: string }

/** One word, a comma list, or anything in quotes. */
const value = String.raw`(?<value>"[^"\n]*"|[^\s,]+(?:\s*,\s*[^\s,]+)*)`
const flag = '--(?<flag>[a-z]+)'
const option = String.raw`(?:--(?<dashed>[a-z]+)(?:[:=][^\S\n]*|[^\S\n]+)|(?<plain>[a-z]+):[^\S\n]*)${value}`

const first = new RegExp(String.raw`^\s*(?:${option})(?=\s|$)`, 'i')
const firstFlag = new RegExp(String.raw`^\s*${flag}(?=[\s:=]|$)`, 'i')
const last = new RegExp(String.raw`(?:^|\s)(?:${option})\s*$`, 'i')
const lastFlag = new RegExp(String.raw`\s${flag}\s*$`, 'i')

/** Options after the text are looked for in its last characters: looking for them everywhere could take long. */
const tailLength = 1_000

function takeFirst(text: string, command: Command): Taken | undefined {
  const dashed = firstFlag.exec(text)
  if (dashed) {
    const taken = takenFlag(dashed, text.slice(dashed[0].length), command)
    if (taken) return taken
    const name = dashed.groups?.flag ?? ''
    if (!optionNamed(name, command)) {
      throw new FaceoffError({ code: 'option_bad', option: `--${name}`, value: text.trim().slice(0, 60) })
    }
  }
  const match = first.exec(text)
  return match ? takenOption(match, text.slice(match[0].length), command) : undefined
}

function takeLast(text: string, command: Command): Taken | undefined {
  const head = text.slice(0, -tailLength)
  const tail = text.slice(-tailLength)
  const dashed = lastFlag.exec(tail)
  const taken = dashed && takenFlag(dashed, head + tail.slice(0, dashed.index), command)
  if (taken) return taken
  const match = last.exec(tail)
  return match ? takenOption(match, head + tail.slice(0, match.index), command) : undefined
}

function takenFlag(match: RegExpExecArray, rest: string, command: Command): Taken | undefined {
  const short = (match.groups?.flag ?? '').toLowerCase()
  const meant = command.options.find(({ flags }) => flags !== undefined && short in flags)
  const given = meant?.flags?.[short]
  return meant && given !== undefined ? { name: meant.name, value: given, rest } : undefined
}

function takenOption({ groups = {} }: RegExpExecArray, rest: string, command: Command): Taken | undefined {
  const { dashed, plain, value: raw = '' } = groups
  const meant = optionNamed(dashed ?? plain ?? '', command)
  const given = /^".*"$/s.test(raw) ? raw.slice(1, -1) : raw
  if (meant === undefined || meant.kind === 'text') return undefined
  if (dashed === undefined && !canBeMeant(given, meant)) return undefined
  return { name: meant.name, value: given, rest }
}

function optionNamed(name: string, command: Command): Option | undefined {
  return command.options.find(candidate => candidate.name === name.toLowerCase())
}

/** A slip of the pen is still meant, so that it is answered with a suggestion and not sent to a model. */
function canBeMeant(given: string, { kind, choices = [] }: Option): boolean {
  switch (kind) {
    case 'models':
      return given.includes('/')
    case 'yesno':
      return readYesNo(given) !== undefined
    case 'choice': {
      const values = choices.map(choice => choice.value)
      return readChoice(given, choices) !== undefined || nearest(given, values) !== null
    }
    case 'word':
      return true
    case 'text':
      return false
  }
}
