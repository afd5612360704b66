import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { commands } from '../../../commands/index.ts'
import { register, registrations } from '../../../src/chat/discord/registration.ts'
import { DiscordRest } from '../../../src/chat/discord/rest.ts'
import { textFor } from '../../../src/core/text/index.ts'
import { type Discord, startDiscord } from './stand-in/index.ts'

let discord: Discord
let rest: DiscordRest

beforeEach(async () => {
  discord = await startDiscord()
  rest = new DiscordRest({ apiUrl: discord.url, token: discord.token })
})
afterEach(() => discord[Symbol.asyncDispose]())

describe('what Discord is given', () => {
  test('is every command, and the message command, in English and German', () => {
    const given = registrations(commands, true)

    expect(given.map(({ name }) => name)).toEqual([...commands.map(({ name }) => name), 'Compare answers to this'])
    expect(given.map(({ name_localizations }) => name_localizations)).toEqual([
      ...commands.map(({ name }) => ({ de: textFor('de').chat.names[name] })),
      { de: 'Antworten darauf vergleichen' },
    ])
  })

  test('has a German name for every command and every option', () => {
    const names = commands.flatMap(({ name, options }) => [name, ...options.map(option => option.name)])

    for (const locale of ['en', 'de'] as const)
      expect(Object.keys(textFor(locale).chat.names)).toEqual(expect.arrayContaining(names))
  })

  test('completes models, chooses categories, and asks for a missing prompt in a form', () => {
    const compare = registrations(commands, true).find(({ name }) => name === 'compare')

    expect(compare).toMatchObject({
      options: [
        { name: 'prompt', type: 3, required: false },
        { name: 'models', type: 3, autocomplete: true },
        { name: 'category', type: 3, choices: expect.arrayContaining([expect.objectContaining({ value: 'coding' })]) },
        { name: 'blind', type: 5 },
      ],
    })
  })
})

describe('registering', () => {
  const puts = () => discord.requests.filter(({ method }) => method === 'PUT').length

  test('happens once, and again only when something has changed', async () => {
    const where = { applicationId: discord.applicationId, guildId: null }

    const outcomes = [await register(rest, commands, where), await register(rest, commands, where)]
    outcomes.push(await register(rest, commands.slice(1), where))

    expect(outcomes).toEqual([true, false, true])
    expect(puts()).toBe(2)
    expect(discord.commands()).toHaveLength(commands.length)
  })

  test('in one server leaves the others alone', async () => {
    const guild = discord.guild()

    await register(rest, commands, { applicationId: discord.applicationId, guildId: guild.id })

    expect(discord.commands(guild.id)).toHaveLength(commands.length + 1)
    expect(discord.commands()).toEqual([])
  })
})
