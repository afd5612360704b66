/** What Discord refuses, and what it would do with a text. */
import type { Json } from './model.ts'

export class Refused extends Error {
  readonly status: number
  readonly code: number
  readonly headers: Record<string, string>

  constructor(status: number, code: number, message: string, headers: Record<string, string> = {}) {
    super(message)
    this.status = status
    this.code = code
    this.headers = headers
  }
}

export const suppressEmbeds = 1 << 2
export const ephemeral = 1 << 6
const componentsV2 = 1 << 15

export function invalid(what: string): Refused {
  return new Refused(400, 50035, `Invalid Form Body: ${what}`)
}

/** Refuses a message that Discord would not take; `hasFiles`: one may be empty then. */
export function checkMessage(body: Json, hasFiles: boolean): void {
  const content = textOf(body.content)
  const components = listOf(body.components)
  if ((numberOf(body.flags) & componentsV2) !== 0) throw invalid('flags: this stand-in knows no Components V2')
  if ([...content].length > 2000) throw invalid('content: Must be 2000 or fewer in length.')
  if (content === '' && components.length === 0 && !hasFiles && listOf(body.embeds).length === 0) {
    throw new Refused(400, 50006, 'Cannot send an empty message')
  }
  if (typeof body.nonce === 'string' && body.nonce.length > 25) throw invalid('nonce: Must be 25 or fewer in length.')
  checkComponents(components)
  checkEmbeds(listOf(body.embeds))
  for (const { description } of listOf(body.attachments)) {
    if (textOf(description).length > 1024) throw invalid('attachments: a description of 1024 at most')
  }
}

function checkEmbeds(embeds: readonly Json[]): void {
  if (embeds.length > 10) throw invalid('embeds: Must be 10 or fewer in length.')
  let all = 0
  for (const embed of embeds) {
    const fields = listOf(embed.fields)
    const footer = textOf(objectOf(embed.footer).text)
    const [title, description] = [textOf(embed.title), textOf(embed.description)]
    if (title.length > 256 || description.length > 4096 || footer.length > 2048 || fields.length > 25) {
      throw invalid('embeds: BASE_TYPE_MAX_LENGTH')
    }
    for (const { name, value } of fields) {
      if (textOf(name).length < 1 || textOf(name).length > 256) throw invalid('embeds.fields.name')
      if (textOf(value).length < 1 || textOf(value).length > 1024) throw invalid('embeds.fields.value')
    }
    const texts = [title, description, footer, ...fields.flatMap(({ name, value }) => [textOf(name), textOf(value)])]
    all += texts.reduce((sum, text) => sum + text.length, 0)
  }
  if (all > 6000) throw invalid('embeds: MAX_EMBED_SIZE_EXCEEDED')
}

function checkComponents(rows: readonly Json[]): void {
  if (rows.length > 5) throw invalid('components: Must be 5 or fewer in length.')
  const ids = new Set<string>()
  for (const row of rows) {
    const buttons = listOf(row.components)
    if (row.type !== 1 || buttons.length < 1 || buttons.length > 5)
      throw invalid('components: a row has 1 to 5 buttons')
    for (const { custom_id, label, type, style } of buttons) {
      if (type !== 2 || ![1, 2, 3, 4].includes(numberOf(style))) throw invalid('components: not a button')
      const id = textOf(custom_id)
      if (id.length < 1 || id.length > 100) throw invalid('custom_id: Must be between 1 and 100 in length.')
      if (ids.has(id)) throw invalid('components: COMPONENT_CUSTOM_ID_DUPLICATED')
      if (textOf(label).length > 80) throw invalid('label: Must be 80 or fewer in length.')
      ids.add(id)
    }
  }
}

export function checkModal(data: Json): void {
  if (textOf(data.title).length < 1 || textOf(data.title).length > 45) throw invalid('title: 1 to 45')
  const labels = listOf(data.components)
  if (labels.length < 1 || labels.length > 5) throw invalid('components: 1 to 5')
  for (const { type, label, component } of labels) {
    if (type !== 18 || textOf(label).length < 1 || textOf(label).length > 45) throw invalid('label: 1 to 45')
    const field = objectOf(component)
    if (textOf(field.custom_id) === '') throw invalid('custom_id')
    if (field.type === 4) {
      if (textOf(field.placeholder).length > 100 || textOf(field.value).length > 4000) throw invalid('text input')
    } else if (field.type === 3) {
      const options = listOf(field.options)
      if (options.length < 1 || options.length > 25) throw invalid('options: 1 to 25')
      if (options.filter(option => option.default === true).length > 1) throw invalid('options: one default')
    } else if (field.type === 8) {
      if (listOf(field.default_values).some(({ type }) => type !== 'channel')) throw invalid('default_values')
    } else throw invalid('component type')
  }
}

const commandName = /^[-_\p{Ll}\p{Lo}\p{N}]{1,32}$/u

export function checkCommands(commands: readonly Json[], isGlobal: boolean): void {
  for (const command of commands) {
    if (!isGlobal && ('contexts' in command || 'integration_types' in command)) throw invalid('contexts: global only')
    if (command.type === 3) {
      if (textOf(command.name).length > 32 || command.description) throw invalid('message command')
      continue
    }
    const all = [command, ...listOf(command.options)]
    for (const { name, description, name_localizations } of all) {
      const names = [name, ...Object.values(objectOf(name_localizations))]
      if (!names.every(one => commandName.test(textOf(one)))) throw invalid(`name: ${names.join()}`)
      if (textOf(description).length < 1 || textOf(description).length > 100) throw invalid('description: 1 to 100')
    }
    const options = listOf(command.options)
    if (options.length > 25) throw invalid('options: 25 at most')
    const firstOptional = options.findIndex(option => option.required !== true)
    if (firstOptional >= 0 && options.slice(firstOptional).some(option => option.required === true)) {
      throw invalid('options: required first')
    }
    if (options.some(option => listOf(option.choices).length > 25)) throw invalid('choices: 25 at most')
    if (JSON.stringify(command).length > 8000) throw invalid('command: 8000 characters at most')
  }
}

/** Who is pinged by a text under `allowed_mentions`; without it everybody who is named, or in interactions users. */
export function pingsOf(content: string, allowed: unknown, byInteraction: boolean): string[] {
  const parse = new Set(
    allowed === undefined || allowed === null
      ? byInteraction
        ? ['users']
        : ['everyone', 'users', 'roles']
      : stringsOf(objectOf(allowed).parse),
  )
  const text = content.replace(/```[\s\S]*?```/g, '').replace(/`[^`]*`/g, '')
  return [
    ...(parse.has('everyone') ? (text.match(/@(everyone|here)\b/g) ?? []) : []),
    ...(parse.has('users') ? (text.match(/<@!?\d+>/g) ?? []) : []),
    ...(parse.has('roles') ? (text.match(/<@&\d+>/g) ?? []) : []),
  ]
}

/** What Discord would fetch for a text. */
export function previewsOf(content: string, flags: number): string[] {
  if ((flags & suppressEmbeds) !== 0) return []
  const text = content
    .replace(/```[\s\S]*?```/g, '')
    .replace(/`[^`]*`/g, '')
    .replace(/<https?:[^>]*>/g, '')
  return text.match(/https?:\/\/[^\s)]+/g) ?? []
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

export function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : 0
}

export function objectOf(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {}
}

export function listOf(value: unknown): Json[] {
  return Array.isArray(value) ? value.map(objectOf) : []
}

function stringsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map(textOf) : []
}
