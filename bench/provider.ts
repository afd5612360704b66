/**
 * The tests' stand-in for every provider, in a process of its own, so that its work is not counted as ours. The prompt
 * says how it answers:
 *
 *   instant              a short answer, at once
 *   stamp <id> <model>   that model at once writes when it did so; the others stay silent, and end the probe a little later
 *   stream               a word every 50 ms until the client leaves
 *   for <seconds>        a word every 100 ms for so long, then "The end."
 */
import { setTimeout as pause } from 'node:timers/promises'
import { type Reply, says, startStandIn } from '../test/providers/stand-in.ts'

const wordMs = 50
/** Two minutes: more than any part of the benchmark needs. */
const mostWords = 2_400
/** How long the one answer of a probe streams, and how much later the other ends. */
const probeMs = 120
const afterwardsMs = 40

const standIn = await startStandIn()
let streaming = 0

standIn.always(reply => {
  const [kind, id = '', model] = reply.request.prompt.split(' ')
  if (kind === 'stream') return stream(reply)
  if (kind === 'for') return streamFor(reply, Number(id) * 1000)
  if (kind === 'stamp') return reply.request.model === model ? stamp(reply, id) : endProbe(reply, id)
  return says('An answer.')(reply)
})
tell({ url: standIn.url })
process.once('disconnect', () => void standIn.close())

async function stream(reply: Reply): Promise<void> {
  let left = false
  void reply.closed.then(() => {
    left = true
  })
  tell({ streaming: ++streaming })
  for (let word = 0; word < mostWords && !left; word++) {
    reply.text(word % 12 === 11 ? `**word ${word}**\n\n` : `word ${word} `)
    await pause(wordMs)
  }
  if (!left) reply.finish().usage(10, mostWords).done()
  tell({ streaming: --streaming })
}

async function streamFor(reply: Reply, ms: number): Promise<void> {
  for (let word = 0; word < ms / (2 * wordMs); word++) {
    reply.text(word % 12 === 11 ? `**word ${word}**\n\n` : `word ${word} `)
    await pause(2 * wordMs)
  }
  reply.text('The end.').finish().usage(10, 100).done()
}

/** The byte carries its own time: the monotonic clock is the machine's, the same in every process. */
async function stamp(reply: Reply, id: string): Promise<void> {
  reply.text(`stamp${id}at${process.hrtime.bigint()}z `)
  await pause(probeMs)
  reply.finish().usage(10, 1).done()
}

async function endProbe(reply: Reply, id: string): Promise<void> {
  reply.open()
  await pause(probeMs + afterwardsMs)
  reply.text(`over${id}z`).finish().usage(10, 1).done()
}

function tell(news: { url: string } | { streaming: number }): void {
  process.send?.(news)
}
