/** What other bots lose: limits, outages, deaths, and what people do meanwhile. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { gpt, qwen } from '../../app/harness.ts'
import { run, runToEnd } from '../../app/process.ts'
import { gate, refuses, says, startStandIn } from '../../providers/stand-in.ts'
import { startPostgres } from '../../services/postgres.ts'
import { textOf } from './a-bot.ts'
import { type DiscordWorld, idOf, startDiscordWorld } from './a-world.ts'
import { startDiscord } from './stand-in/index.ts'

const [qwenModel, gptModel] = [qwen, gpt].map(id => id.slice(id.indexOf('/') + 1)) as [string, string]
const threadMessages = /^\/channels\/\d+\/messages\/\d+$/

let all: DiscordWorld | undefined

afterEach(async () => {
  await all?.[Symbol.asyncDispose]()
  all = undefined
})

describe('an answer', () => {
  test('over the limits comes whole: in several messages and as a file', async () => {
    const { discord, world, general, openBallot, threadText } = await start()
    const lines = Array.from({ length: 400 }, (_, index) => `${index}. A line of the long answer.`)
    world.providers.alwaysFor(qwenModel, says(lines.map(line => `${line}\n`)))
    world.providers.alwaysFor(gptModel, says('Short.'))

    const ballot = await openBallot(discord.person('Ada').slash(general, 'compare', { prompt: 'Count.' }))
    const thread = discord.threadOf(ballot)
    await discord.until(() => thread?.messages.some(({ attachments }) => attachments.length > 0), 'the file')

    const [file] = thread?.messages.flatMap(({ attachments }) => attachments) ?? []
    expect(file?.filename).toMatch(/^answer-[ab]\.md$/)
    expect(file?.text).toBe(`${lines.join('\n')}\n`)
    for (const line of lines.slice(0, 200)) expect(threadText(ballot)).toContain(line)
  })

  test('that ends without a reason to, or whose provider is down, says so; the others go on', async () => {
    const { discord, world, general, ballotOf, threadText } = await start()
    world.providers.alwaysFor(qwenModel, reply => reply.text('Half').end())
    world.providers.alwaysFor(gptModel, refuses(503, { error: { message: 'down' } }))
    world.providers.alwaysFor('qwen3.8-flash', says('I am well.'))
    const models = `${qwen}, ${gpt}, qwen/qwen3.8-flash`

    const ballot = await ballotOf(discord.person('Ada').slash(general, 'compare', { prompt: 'Why?', models }))
    await discord.until(() => ballot.content.includes('Void'))
    await discord.until(() => threadText(ballot).includes('broke off'))

    expect(threadText(ballot)).toContain('The connection to the provider broke off before the answer was complete.')
    expect(threadText(ballot)).toContain('The provider is busy.')
    expect(threadText(ballot)).toContain('I am well.')
    expect(threadText(ballot)).not.toContain('Half')
  })

  test('of a provider that stalls keeps nobody from voting for another one', async () => {
    const { discord, world, general, ballotOf } = await start()
    world.providers.alwaysFor(qwenModel, reply => reply.closed)
    world.providers.alwaysFor(gptModel, says('I am here.'))
    const ballot = await ballotOf(discord.person('Ada').slash(general, 'compare', { prompt: 'Why?' }))

    await discord.until(() => ballot.content.includes('Complete'))
    const [label = ''] = /(?:🇦|🇧)(?= Complete)/u.exec(ballot.content) ?? []
    const choice = label === '🇦' ? 'A' : 'B'
    const voted = discord.person('Bob').press(ballot, `vote:${choice}:${idOf(ballot)}`)
    await discord.until(() => voted.ephemerals.length > 0)

    expect(voted.ephemerals[0]?.content).toBe(`Your vote: Answer ${choice}`)
  })

  test('is shown to its end although edits fail', async () => {
    const { discord, general, openBallot, threadText } = await start()
    discord.fail({ method: 'PATCH', path: threadMessages, status: 500, times: 9 })

    const ballot = await openBallot(discord.person('Ada').slash(general, 'compare', { prompt: 'Why?' }))

    await discord.until(() => !threadText(ballot).includes('Waiting') && !threadText(ballot).includes('Answering'))
    expect(discord.threadOf(ballot)?.messages).toHaveLength(2)
  })

  test('that was posted while its answer got lost is posted once', async () => {
    const { discord, general, openBallot } = await start()
    discord.loseAnswer({ method: 'POST', path: /^\/channels\/\d+\/messages$/, times: 2 })

    const ballot = await openBallot(discord.person('Ada').slash(general, 'compare', { prompt: 'Why?' }))

    expect(discord.threadOf(ballot)?.messages).toHaveLength(2)
  })

  test('is written on in a thread that was archived meanwhile', async () => {
    const { discord, world, general, ballotOf, threadText } = await start()
    const archived = gate()
    world.providers.always(async reply => {
      reply.text('First, ')
      await archived.opened
      reply.text('then the rest.').finish().usage(1, 2).done()
    })
    const ballot = await ballotOf(discord.person('Ada').slash(general, 'compare', { prompt: 'Why?' }))
    await discord.until(() => threadText(ballot).split('First,').length === 3)
    const thread = discord.threadOf(ballot)
    if (!thread) throw new Error('no thread')

    discord.archive(thread)
    archived.open()

    await discord.until(() => threadText(ballot).split('then the rest.').length === 3)
  })

  test('goes on after the fifteen minutes of the command, by the bot’s own routes', async () => {
    const { discord, world, general, ballotOf, threadText } = await start()
    const later = gate()
    world.providers.always(async reply => {
      reply.text('Slowly, ')
      await later.opened
      reply.text('done.').finish().usage(1, 2).done()
    })
    const ada = discord.person('Ada')
    const ballot = await ballotOf(ada.slash(general, 'compare', { prompt: 'Why?' }))
    await discord.until(() => threadText(ballot).includes('Slowly,'))

    discord.advance(20 * 60_000)
    later.open()
    await discord.until(() => ballot.content.includes('Vote!'))
    ada.press(ballot, `reveal:${idOf(ballot)}`)

    await discord.until(() => ballot.content.includes('Result:') && threadText(ballot).includes('GPT-6.1 Sol'))
  })
})

describe('Discord’s limits', () => {
  test('on edits delay no acknowledgement and no vote, and the last text arrives', async () => {
    const { discord, general, ballotOf, threadText } = await start()
    const headers = { 'retry-after': '2', 'x-ratelimit-scope': 'user' }
    const ended = discord.fail({ method: 'PATCH', path: threadMessages, status: 429, headers, times: 100 })
    const [ada, bob] = [discord.person('Ada'), discord.person('Bob')]

    const ballot = await ballotOf(ada.slash(general, 'compare', { prompt: 'Why?' }))
    const id = idOf(ballot)
    await discord.until(() => discord.limited.length > 0)
    await all?.world.until(id, view => view.ballot.phase === 'open')
    // The button is there for Discord, but not yet shown as open: a click of a person who is faster.
    for (const row of ballot.components)
      for (const button of row.components as { disabled?: boolean }[]) button.disabled = false
    const voted = bob.press(ballot, `vote:A:${id}`)
    const other = ada.slash(general, 'models')
    await Promise.all([voted.acknowledged, other.acknowledged])
    await discord.until(() => voted.ephemerals.length > 0 && other.ephemerals.length > 0)

    expect(voted.ephemerals[0]?.content).toBe('Your vote: Answer A')
    ended()
    await discord.until(() => ballot.content.includes('Vote!') && !threadText(ballot).includes('Waiting'))
  })

  test('on everything are waited for', async () => {
    const { discord, general, openBallot } = await start()
    const headers = { 'retry-after': '0.5', 'x-ratelimit-global': 'true', 'x-ratelimit-scope': 'global' }
    discord.fail({ method: 'POST', path: /threads$/, status: 429, headers, times: 1 })

    const ballot = await openBallot(discord.person('Ada').slash(general, 'compare', { prompt: 'Why?' }))

    expect(discord.threadOf(ballot)?.messages).toHaveLength(2)
  })
})

describe('a command', () => {
  test('is acknowledged although the database is gone, and its asker is told', async () => {
    await using postgres = await startPostgres()
    const { discord, general } = await start({ queue: 'postgres', env: { DATABASE_URL: postgres.url } })
    await postgres.kill()

    const acted = discord.person('Ada').slash(general, 'compare', { prompt: 'Why?' })
    await acted.acknowledged
    await discord.until(() => acted.ephemerals.length > 0)

    expect(acted.ephemerals[0]?.content).toContain('Something went wrong on our side.')
    await postgres.restart()
  })

  test('that could not be acknowledged in time begins nothing', async () => {
    const { discord, world, general } = await start()
    const gate = discord.hold({ method: 'POST', path: /\/callback$/ })

    const acted = discord.person('Ada').slash(general, 'compare', { prompt: 'Why?' })
    await expect(acted.acknowledged).rejects.toThrow('did not respond')
    gate.open()
    await discord.until(() => discord.requests.some(({ path, status }) => path.endsWith('/callback') && status === 404))

    expect(world.providers.chats()).toEqual([])
    expect(general.messages).toEqual([])
  })
})

describe('a process', () => {
  test('on several shards hears every server', async () => {
    const { discord } = await start({ stands: { shards: 2 } })
    await discord.until(() => discord.connections === 2, 'both shards')
    const guilds = [discord.guild(), discord.guild()]
    while (shardOf(guilds[0]?.id) === shardOf(guilds.at(-1)?.id)) guilds.push(discord.guild())

    const asked = [guilds[0], guilds.at(-1)].flatMap(guild =>
      guild ? [discord.person('Ada').slash(discord.textChannel(guild), 'help')] : [],
    )

    await discord.until(() => asked.every(({ ephemerals }) => ephemerals.length > 0))
    expect(asked).toHaveLength(2)
  })

  test('whose token Discord rejects does not start, and says what to do', async () => {
    await using discord = await startDiscord()
    const folder = mkdtempSync(join(tmpdir(), 'faceoff-discord-'))

    const { code, stderr } = await runToEnd({
      DATA_DIR: folder,
      DISCORD_TOKEN: 'not.the.token',
      DISCORD_API_URL: discord.url,
    })
    rmSync(folder, { recursive: true })

    expect(code).toBe(1)
    expect(stderr).toContain('Discord rejects DISCORD_TOKEN.')
  })

  test('starts without Discord, and connects once it is there', async () => {
    const { discord, world } = await start()
    await world.app[Symbol.asyncDispose]()
    const back = discord.fail({ method: 'GET', path: /./, status: 503, times: 1000 })

    const app = await world.restart()
    expect(app.banner).toContain('Discord: cannot be reached at the moment; trying again')
    back()

    await discord.until(() => discord.connections > 0)
  })

  test('that is killed in the middle leaves nothing twice and nothing out', async () => {
    await using discord = await startDiscord()
    await using providers = await startStandIn()
    const folder = mkdtempSync(join(tmpdir(), 'faceoff-discord-'))
    const settings = {
      DATA_DIR: folder,
      DASHSCOPE_API_KEY: 'sk-test',
      DASHSCOPE_BASE_URL: providers.url,
      OPENAI_API_KEY: 'sk-test',
      OPENAI_BASE_URL: providers.url,
      DISCORD_TOKEN: discord.token,
      DISCORD_API_URL: discord.url,
    }
    const guild = discord.guild()
    const general = discord.textChannel(guild)
    providers.always(async reply => {
      reply.text('Half an answer')
      await reply.closed
    })
    await using first = await run(settings)
    await discord.until(() => discord.connections > 0)
    const asked = discord.person('Ada').slash(general, 'compare', { prompt: 'Why?' })
    await discord.until(() => {
      const thread = asked.reply && discord.threadOf(asked.reply)
      return textOf(thread?.messages ?? []).split('Half an answer').length === 3
    })

    await first.kill()
    providers.always(says('The whole answer.'))
    await using second = await run(settings)
    const thread = asked.reply && discord.threadOf(asked.reply)
    // The dead process's jobs are free after 15 s.
    await discord.until(
      () => asked.reply?.content.includes('Vote!') && asked.reply.reactions.has('👎'),
      'the end',
      60_000,
    )

    expect(second.printed.join('\n')).toContain('Discord: connected as Faceoff')
    expect(general.messages).toHaveLength(1)
    expect(thread?.messages.map(({ content }) => content)).toEqual([
      '🇦 **Answer A**\nThe whole answer.',
      '🇧 **Answer B**\nThe whole answer.',
    ])
    await second.stop()
    rmSync(folder, { recursive: true })
  }, 120_000)
})

/** Discord's formula, for two shards. */
function shardOf(guildId = '0'): number {
  return Number((BigInt(guildId) >> 22n) % 2n)
}

async function start(options: Parameters<typeof startDiscordWorld>[0] = {}): Promise<DiscordWorld> {
  all = await startDiscordWorld(options)
  return all
}
