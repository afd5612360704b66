/** A hundred comparisons at once, under Discord's limits in real time: for the test that they arrive, and for the bench. */
import { setTimeout as pause } from 'node:timers/promises'
import { type DiscordWorld, startDiscordWorld } from './a-world.ts'
import type { Acted, Message } from './stand-in/index.ts'

const channels = 20
const comparisons = 100

export type Hundred = {
  all: DiscordWorld
  ballots: Message[]
  /** Every answer's message, and how long after its last token it was changed last, in milliseconds. */
  answers: { message: Message; isWhole: boolean; lateMs: number }[]
}

/** Each answer takes one and a half seconds to be written; as many at a time as we ship, which is 16. */
export async function askHundred(): Promise<Hundred & AsyncDisposable> {
  await using stack = new AsyncDisposableStack()
  const all = stack.use(await startDiscordWorld())
  const { discord, world, guild } = all
  const rooms = Array.from({ length: channels }, (_, index) => discord.textChannel(guild, `room-${index}`))
  const ada = discord.person('Ada')
  const endedAt = new Map<string, number>()
  world.providers.always(async reply => {
    const { prompt, model } = reply.request
    for (let word = 0; word < 15; word++) {
      reply.text(`Word ${word} for ${prompt}. `)
      await pause(100)
    }
    // A model's name would be masked.
    const end = `The end of the ${model.startsWith('qwen') ? 'first' : 'second'} for ${prompt}.`
    endedAt.set(end, performance.now())
    reply.text(end).finish().usage(10, 100).done()
  })

  const asked: Acted[] = Array.from({ length: comparisons }, (_, index) => {
    const room = rooms[index % channels]
    if (!room) throw new Error('no room')
    return ada.slash(room, 'compare', { prompt: `Question ${index}` })
  })
  await Promise.all(asked.map(({ acknowledged }) => acknowledged))
  const ballots = () => asked.flatMap(({ reply }) => reply ?? [])
  const isDone = (ballot: Message) => ballot.content.includes('Vote!') && ballot.reactions.has('👎')
  await discord.until(() => ballots().filter(isDone).length === comparisons, 'all ballots', 240_000)

  const messages = ballots().flatMap(ballot => discord.threadOf(ballot)?.messages ?? [])
  const answers = messages.map(message => {
    const end = [...endedAt].find(([text]) => message.content.replaceAll('\u200b', '').includes(text))
    const lateMs = (message.edits.at(-1)?.at ?? message.postedAt) - (end?.[1] ?? 0)
    return { message, isWhole: end !== undefined, lateMs }
  })
  const held = stack.move()
  return { all, ballots: ballots(), answers, [Symbol.asyncDispose]: () => held.disposeAsync() }
}
