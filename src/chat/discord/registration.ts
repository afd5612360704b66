/** Our commands as Discord registers them, made from the list that every platform uses. */
import {
  ApplicationCommandOptionType,
  ApplicationCommandType,
  ApplicationIntegrationType,
  InteractionContextType,
  Routes,
} from 'discord.js'
import type { Command, Option } from '../../core/command.ts'
import { type Text, textFor } from '../../core/text/index.ts'
import type { DiscordRest } from './rest.ts'

/** Discord's name of the message command in its menu "Apps". */
export const messageCommand = textFor('en').chat.compareThis

const english = textFor('en')
const german = textFor('de')

/** Discord's limit for descriptions, in characters. */
const descriptionLimit = 100

type Payload = Record<string, unknown>

/** What is registered. `everywhere`: for all servers and for people who installed the app for themselves. */
export function registrations(commands: readonly Command[], everywhere: boolean): Payload[] {
  const scope = everywhere
    ? {
        integration_types: [ApplicationIntegrationType.GuildInstall, ApplicationIntegrationType.UserInstall],
        contexts: [InteractionContextType.Guild, InteractionContextType.BotDM, InteractionContextType.PrivateChannel],
      }
    : {}
  return [
    ...commands.map(command => ({
      type: ApplicationCommandType.ChatInput,
      name: nameIn(english, command.name),
      name_localizations: { de: nameIn(german, command.name) },
      ...described(command.summary),
      options: [...command.options].sort((a, b) => Number(isRequired(b)) - Number(isRequired(a))).map(optionOf),
      ...scope,
    })),
    {
      type: ApplicationCommandType.Message,
      name: messageCommand,
      name_localizations: { de: german.chat.compareThis },
      ...scope,
    },
  ]
}

/** Registers what is not registered as it should be. True when anything had changed. */
export async function register(
  rest: DiscordRest,
  commands: readonly Command[],
  where: { applicationId: string; guildId: string | null },
): Promise<boolean> {
  const { applicationId, guildId } = where
  const route =
    guildId === null
      ? Routes.applicationCommands(applicationId)
      : Routes.applicationGuildCommands(applicationId, guildId)
  const wanted = registrations(commands, guildId === null)
  const query = new URLSearchParams({ with_localizations: 'true' })
  const there = (await rest.get(route, { query })) as Payload[]
  if (isSame(wanted, there)) return false
  await rest.put(route, { body: wanted })
  return true
}

function optionOf(option: Option): Payload {
  const base = {
    name: nameIn(english, option.name),
    name_localizations: { de: nameIn(german, option.name) },
    ...described(option.summary),
    required: isRequired(option),
  }
  switch (option.kind) {
    case 'models':
      return { ...base, type: ApplicationCommandOptionType.String, autocomplete: true }
    case 'yesno':
      return { ...base, type: ApplicationCommandOptionType.Boolean }
    case 'choice': {
      const choices = (option.choices ?? []).map(choice => ({
        name: choice.name(english),
        name_localizations: { de: choice.name(german) },
        value: choice.value,
      }))
      return { ...base, type: ApplicationCommandOptionType.String, choices }
    }
    case 'text':
    case 'word':
      return { ...base, type: ApplicationCommandOptionType.String }
  }
}

/** A text that is left out is asked for in a form, which has room for a long one. */
function isRequired(option: Option): boolean {
  return option.required && option.kind !== 'text'
}

function nameIn(text: Text, name: string): string {
  return text.chat.names[name] ?? name
}

function described(summary: (text: Text) => string): Payload {
  return {
    description: summary(english).slice(0, descriptionLimit),
    description_localizations: { de: summary(german).slice(0, descriptionLimit) },
  }
}

/** Discord adds ids, versions and defaults of its own: only what we say is compared. */
function isSame(wanted: readonly Payload[], there: readonly Payload[]): boolean {
  return (
    wanted.length === there.length &&
    wanted.every(command =>
      there.some(other => other.type === command.type && other.name === command.name && holds(other, command)),
    )
  )
}

function holds(there: unknown, wanted: unknown): boolean {
  if (Array.isArray(wanted)) {
    const others: unknown[] = Array.isArray(there) ? there : []
    return others.length === wanted.length && wanted.every((value, index) => holds(others[index], value))
  }
  if (typeof wanted === 'object' && wanted !== null) {
    const fields = new Map(Object.entries(there ?? {}))
    return Object.entries(wanted).every(([name, value]) => holds(fields.get(name), value))
  }
  // What is false or empty by default is left out of the answer.
  return there === wanted || (wanted === false && there === undefined)
}
