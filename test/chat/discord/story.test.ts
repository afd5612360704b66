/** From the command to the result, as people see it. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { gpt, qwen, type World } from '../../app/harness.ts'
import { gate, says } from '../../providers/stand-in.ts'
import { type DiscordWorld, idOf, startDiscordWorld } from './a-world.ts'
import type { Acted, Channel, Discord, Guild, Message } from './stand-in/index.ts'

const [qwenModel, gptModel] = [qwen, gpt].map(id => id.slice(id.indexOf('/') + 1)) as [string, string]

let all: DiscordWorld
let discord: Discord
let world: World
let guild: Guild
let general: Channel

beforeEach(async () => {
  all = await startDiscordWorld()
  discord = all.discord
  world = all.world
  guild = all.guild
  general = all.general
})
afterEach(() => all[Symbol.asyncDispose]())

const ballotOf = (acted: Acted) => all.ballotOf(acted)
const openBallot = (acted: Acted) => all.openBallot(acted)
const threadText = (ballot: Message) => all.threadText(ballot)

describe('a comparison on Discord', () => {
  test('goes from the command over two streams, three voters and a restart to the reveal', async () => {
    const [half, whole] = [gate(), gate()]
    world.providers.alwaysFor(qwenModel, async reply => {
      reply.text('Rayleigh ')
      half.open()
      await whole.opened
      reply.text('scattering.').finish().usage(10, 20).done()
    })
    world.providers.alwaysFor(gptModel, says('Because of the air.'))
    const ada = discord.person('Ada')
    const [bob, eve, kim] = ['Bob', 'Eve', 'Kim'].map(name => discord.person(name))

    const asked = ada.slash(general, 'compare', { prompt: 'Why is the sky **blue**?', category: 'knowledge' })
    expect(await asked.acknowledged).toBeLessThan(3000)
    const ballot = await ballotOf(asked)
    await half.opened
    await discord.until(() => threadText(ballot).includes('Rayleigh'), 'the draft')
    expect(discord.threadOf(ballot)?.name).toBe('Why is the sky blue?')
    expect(threadText(ballot)).not.toContain('scattering')
    whole.open()
    await discord.until(() => [...ballot.reactions.keys()].join() === '🇦,🇧,🤝,👎', 'the emoji')

    bob?.react(ballot, '🇦')
    eve?.react(ballot, '🇦')
    kim?.react(ballot, '🤝')
    await discord.until(() => ballot.content.includes('3 people have voted'))
    // A process that begins knows nothing of the last one's edits; within one there is no limit to run into.
    expect(discord.limited).toEqual([])
    await world.app[Symbol.asyncDispose]()
    eve?.unreact(ballot, '🇦')
    eve?.react(ballot, '🇧')
    kim?.unreact(ballot, '🤝')
    await world.restart()
    await discord.until(() => ballot.content.includes('2 people have voted'))
    const revealing = ada.press(ballot, `reveal:${idOf(ballot)}`)
    await revealing.acknowledged
    await discord.until(() => ['Qwen3.8 Max', 'GPT-6.1 Sol'].every(name => threadText(ballot).includes(name)))

    expect(ballot.content).toContain('Tied: ')
    expect(ballot.content.match(/1 vote/g)).toHaveLength(2)
    expect(ballot.content).toMatch(/Qwen3\.8 Max\*\*: 1 vote · .+ · 20 tokens · first token .+ · total/)
    expect(threadText(ballot)).toContain('Rayleigh scattering.')
    expect(threadText(ballot)).toContain('GPT-6.1 Sol')
    const posts = [...general.messages, ...(discord.threadOf(ballot)?.messages ?? [])]
    expect(posts).toHaveLength(3)
    expect(posts.flatMap(({ pings, previews }) => [...pings, ...previews])).toEqual([])
  })

  test('is voted on by buttons as well, with a receipt for the voter alone', async () => {
    const [ada, bob] = [discord.person('Ada'), discord.person('Bob', { locale: 'de' })]
    const ballot = await openBallot(ada.slash(general, 'compare', { prompt: 'Why?' }))
    const id = idOf(ballot)

    const receipts: string[] = []
    for (const choice of ['A', 'B', 'B', 'tie']) {
      const pressed = bob.press(ballot, `vote:${choice}:${id}`)
      await discord.until(() => pressed.ephemerals.length > 0, 'a receipt')
      receipts.push(pressed.ephemerals[0]?.content ?? '')
    }

    expect(receipts).toEqual([
      'Deine Stimme: Antwort A',
      'Deine Stimme: Antwort B',
      'Deine Stimme ist zurückgenommen.',
      'Deine Stimme: Unentschieden',
    ])
    await discord.until(() => ballot.content.includes('1 person has voted'))
  })

  test('is revealed by its asker or by who may manage messages, and by nobody else', async () => {
    const [ada, bob] = [discord.person('Ada'), discord.person('Bob')]
    const mod = discord.person('Mod', { manageMessages: true })
    const ballot = await openBallot(ada.slash(general, 'compare', { prompt: 'Why?' }))

    const refused = bob.press(ballot, `reveal:${idOf(ballot)}`)
    await discord.until(() => refused.ephemerals.length > 0)
    mod.press(ballot, `reveal:${idOf(ballot)}`)
    await discord.until(() => ballot.content.includes('Result:'))

    expect(refused.ephemerals[0]?.content).toBe('Only the person who asked, or an admin, can do that.')
    expect(ballot.content).toContain('Nobody voted')
  })

  test('is stopped by its asker: what was written stays and can be voted on', async () => {
    world.providers.always(async reply => {
      reply.text('So far so good')
      await reply.closed
    })
    const ada = discord.person('Ada')
    const ballot = await ballotOf(ada.slash(general, 'compare', { prompt: 'Why?' }))
    await discord.until(() => threadText(ballot).split('So far so good').length === 3)

    ada.press(ballot, `stop:${idOf(ballot)}`)
    await discord.until(() => ballot.content.includes('Vote!') && threadText(ballot).split('-# Stopped').length === 3)

    expect(threadText(ballot).split('So far so good')).toHaveLength(3)
  })
})

describe('asking', () => {
  test('without a prompt opens a form, which keeps what was given', async () => {
    const ada = discord.person('Ada')

    const opened = ada.slash(general, 'compare', { models: `${qwen}, ${gpt}`, blind: false })
    await opened.acknowledged
    const ballot = await ballotOf(ada.submit(opened, { prompt: 'A long prompt\nin lines', category: 'coding' }))

    expect(ballot.content).toMatch(/^\*\*Ada asks\*\* · Coding · Not blind/)
    expect(ballot.content).toContain('> A long prompt\n> in lines')
  })

  test('about any message compares answers to it', async () => {
    const [ada, bob] = [discord.person('Ada'), discord.person('Bob')]
    const question = bob.write(general, 'How do magnets work?')

    const ballot = await ballotOf(ada.messageCommand(general, question, 'Compare answers to this'))

    expect(ballot.content).toContain('> How do magnets work?')
  })

  test('about a message without text says so', async () => {
    const ada = discord.person('Ada', { locale: 'de' })
    const picture = discord.person('Bob').write(general, ' ')

    const acted = ada.messageCommand(general, picture, 'Compare answers to this')
    await discord.until(() => acted.ephemerals.length > 0)

    expect(acted.ephemerals[0]?.content).toBe('Diese Nachricht hat keinen Text, der sich vergleichen ließe.')
  })

  test('for a model that is not there is answered to the asker alone, and nothing is left behind', async () => {
    const ada = discord.person('Ada')

    const acted = ada.slash(general, 'compare', { prompt: 'Why?', models: `qwen/qwen3.8-mx, ${gpt}` })
    await discord.until(() => acted.ephemerals.length > 0)

    expect(acted.ephemerals[0]?.content).toContain('Did you mean “qwen/qwen3.8-max”?')
    expect(general.messages).toEqual([])
  })

  test('offers models while they are typed, with price and region, the chosen ones kept', async () => {
    const ada = discord.person('Ada')

    const acted = ada.autocomplete(general, 'compare', { models: `${qwen}, gpt-6` }, 'models')
    await acted.acknowledged

    expect(acted.choices[0]?.value).toBe(`${qwen}, ${gpt}`)
    expect(acted.choices[0]?.name).toMatch(/^qwen\/qwen3\.8-max, GPT-6\.1 Sol · \$/)
  })

  test.each(['models', 'help'])('/%s answers in the asker’s language, to the asker alone', async name => {
    const ada = discord.person('Ada', { locale: 'de' })

    const acted = ada.slash(general, name)
    await discord.until(() => acted.ephemerals.length > 0)

    expect(acted.ephemerals[0]?.content).toContain(name === 'models' ? '## Modelle' : '/vergleichen')
    expect(general.messages).toEqual([])
  })

  test('shows a long prompt whole to who asks for it', async () => {
    const [ada, bob] = [discord.person('Ada'), discord.person('Bob')]
    const prompt = Array.from({ length: 700 }, (_, index) => `word${index}`).join(' ')
    const ballot = await ballotOf(ada.slash(general, 'compare', { prompt }))

    const pressed = bob.press(ballot, `prompt:${idOf(ballot)}`)
    await discord.until(() => pressed.ephemerals.length > 0)

    expect(ballot.content).not.toContain('word699')
    expect(pressed.ephemerals[0]?.attachments).toEqual([
      expect.objectContaining({ filename: 'prompt.md', text: prompt }),
    ])
  })
})

describe('what came of it', () => {
  test('is a leaderboard for the channel, with a picture', async () => {
    const ada = discord.person('Ada')
    const ballot = await openBallot(ada.slash(general, 'compare', { prompt: 'Why?' }))
    ada.press(ballot, `vote:A:${idOf(ballot)}`)
    await discord.until(() => ballot.content.includes('1 person has voted'))
    ada.press(ballot, `reveal:${idOf(ballot)}`)
    await discord.until(() => ballot.content.includes('Result:'))

    const asked = ada.slash(general, 'leaderboard', { period: 'month' })
    await discord.until(() => asked.reply?.content !== undefined && asked.reply.content !== '')

    expect(asked.reply?.content).toMatch(/^## Leaderboard\n\*\*All categories · .+1 vote/)
    expect(asked.reply?.content).toMatch(/```\n1–2 +(Qwen3\.8 Max|GPT-6\.1 Sol)\*/)
    expect(asked.reply?.attachments.map(({ filename }) => filename)).toEqual(['leaderboard.png'])
  })

  test('is found again, with a link to it', async () => {
    const ada = discord.person('Ada')
    const ballot = await ballotOf(ada.slash(general, 'compare', { prompt: 'How do [magnets] work?' }))

    const asked = ada.slash(general, 'history', { words: 'magnets' })
    await discord.until(() => asked.ephemerals.length > 0)

    expect(asked.ephemerals[0]?.content).toContain(
      `- [How do magnets work?](https://discord.com/channels/${guild.id}/${general.id}/${ballot.id})`,
    )
  })
})

describe('where there is no thread', () => {
  test('in a thread the answers follow the ballot, and it says why', async () => {
    const thread = discord.thread(general)

    const ballot = await openBallot(discord.person('Ada').slash(thread, 'compare', { prompt: 'Why?' }))

    expect(ballot.content).toContain('no threads in a thread')
    expect(thread.messages).toHaveLength(3)
  })

  test('in a voice channel the answers follow the ballot', async () => {
    const voice = discord.voiceChannel(guild)

    const ballot = await openBallot(discord.person('Ada').slash(voice, 'compare', { prompt: 'Why?' }))

    expect(ballot.content).toContain('this channel has no threads')
    expect(voice.messages).toHaveLength(3)
  })

  test('without the right to open one the answers follow the ballot', async () => {
    general.rights.delete('CreatePublicThreads')

    const ballot = await openBallot(discord.person('Ada').slash(general, 'compare', { prompt: 'Why?' }))

    expect(ballot.content).toContain('I may not open a thread here')
    expect(general.messages).toHaveLength(3)
  })

  test('where too many threads are open the answers follow the ballot', async () => {
    discord.state.activeThreadsFull = true

    const ballot = await openBallot(discord.person('Ada').slash(general, 'compare', { prompt: 'Why?' }))

    await discord.until(() => ballot.content.includes('I may not open a thread here'))
    expect(general.messages).toHaveLength(3)
  })

  test('without the right to react only the buttons are offered', async () => {
    general.rights.delete('AddReactions')
    const ballot = await ballotOf(discord.person('Ada').slash(general, 'compare', { prompt: 'Why?' }))

    await discord.until(() => ballot.content.includes('Vote by the buttons'))

    expect(ballot.reactions.size).toBe(0)
  })

  test('without the right to write the asker is told which one is missing', async () => {
    for (const right of ['SendMessages', 'CreatePublicThreads'] as const) general.rights.delete(right)

    const acted = discord.person('Ada').slash(general, 'compare', { prompt: 'Why?' })
    await discord.until(() => acted.ephemerals.length > 0)

    expect(acted.ephemerals[0]?.content).toContain('I need the right “Send Messages”')
    expect(general.messages).toEqual([])
  })

  test('where the app is no member everything goes through the interaction, with buttons', async () => {
    const elsewhere = discord.textChannel(discord.guild({ installed: false }))
    const [ada, bob] = [discord.person('Ada'), discord.person('Bob')]

    const ballot = await ballotOf(ada.slash(elsewhere, 'compare', { prompt: 'Why?' }))
    await discord.until(() => ballot.content.includes('Vote!'))
    const voted = bob.press(ballot, `vote:A:${idOf(ballot)}`)
    await discord.until(() => voted.ephemerals.length > 0 && ballot.content.includes('1 person has voted'))
    discord.advance(16 * 60_000)
    ada.press(ballot, `reveal:${idOf(ballot)}`)
    await discord.until(() => ballot.content.includes('Result:'))

    expect(voted.ephemerals[0]?.content).toBe('Your vote: Answer A')
    expect(ballot.content).toContain('1 vote')
    expect(elsewhere.messages).toHaveLength(3)
    expect(discord.requests.filter(({ path }) => path.startsWith(`/channels/${elsewhere.id}`))).toEqual([])
  })
})
