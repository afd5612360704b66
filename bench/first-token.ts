/** How long a provider's first byte takes to the console's page, against the bare `openai` client. */
import OpenAI from 'openai'
import { run } from '../test/app/process.ts'
import { ConsolePage, type Stamp } from './console-page.ts'
import { median, p95, type Report, type Row, rounded } from './report.ts'
import { deepseek, deepseekModel, gpt, type Provider, type Services, settingsFor } from './services.ts'

const rounds = 5
/** In each round, for each way and each load. */
const probes = 8
/** Comparisons that stream beside the probe: 60 answers. */
const crowd = 30

/** Milliseconds from the provider's first byte, and from the question, to the reader. */
type Probe = { byteMs: number; askMs: number }

/** One of the two ways from the provider to a reader. */
type Way = {
  name: string
  /** Asks once, at a provider that answers at once. */
  probe(id: number): Promise<Probe>
  /** Lets 60 answers stream until what it returns is called. */
  crowd(): Promise<() => Promise<void>>
}

export async function measureFirstToken({ provider, database, redis }: Services): Promise<Report> {
  await using app = await run(settingsFor(provider, { databaseUrl: await database(), redisUrl: await redis() }))
  await using page = await ConsolePage.open(app.url)
  const ways = [throughTheApp(page, provider), byTheClient(provider)]
  const loads = ['1 stream', '60 streams'] as const
  const groups = loads.flatMap(load => ways.map(way => ({ load, way, rounds: [] as Probe[][] })))
  let id = 0
  const take = async (way: Way) => {
    const taken: Probe[] = []
    for (let count = 0; count < probes; count++) taken.push(await way.probe(++id))
    return taken
  }
  for (const way of ways) await take(way)
  for (let round = 0; round < rounds; round++) {
    for (const group of round % 2 === 0 ? groups : groups.toReversed()) {
      const leave = group.load === '60 streams' ? await group.way.crowd() : async () => {}
      group.rounds.push(await take(group.way))
      await leave()
    }
  }

  const measured = groups.map(({ load, way, rounds }) => ({
    name: `${load}, ${way.name}`,
    load,
    byteMedian: median(rounds.map(round => median(round.map(({ byteMs }) => byteMs)))),
    byteP95: p95(rounds.flat().map(({ byteMs }) => byteMs)),
    askMedian: median(rounds.map(round => median(round.map(({ askMs }) => askMs)))),
    askP95: p95(rounds.flat().map(({ askMs }) => askMs)),
  }))
  const [onePage, oneBare, crowdPage, crowdBare] = measured
  const row = ({ name, byteMedian, byteP95, askMedian, askP95 }: (typeof measured)[number]): Row => ({
    name,
    cells: [rounded(byteMedian, 1), rounded(byteP95, 1), rounded(askMedian, 1), rounded(askP95, 1)],
  })
  const over = (a: typeof onePage, b: typeof onePage, of: 'byteMedian' | 'askMedian') =>
    (a?.[of] ?? Number.NaN) / (b?.[of] ?? Number.NaN)
  const within = Math.max(onePage?.byteMedian ?? Number.NaN, crowdPage?.byteMedian ?? Number.NaN) < 100
  return {
    tables: [
      {
        title: `First token: ${rounds} × ${probes} questions to a provider that answers at once, in ms`,
        columns: ['byte → reader, median', 'p95', 'question → reader, median', 'p95'],
        rows: measured.map(row),
        meaning:
          `From the provider's first byte to the page the median is ${within ? 'under' : 'NOT under'} the 100 ms that ` +
          `are the target; from the question to the page it takes ${rounded(over(onePage, oneBare, 'askMedian'), 1)} ` +
          `times as long as by the bare client with one stream, and ` +
          `${rounded(over(crowdPage, crowdBare, 'askMedian'), 1)} times with sixty.`,
      },
    ],
    figures: Object.fromEntries(
      measured.flatMap(({ name, byteMedian, byteP95, askMedian, askP95 }) => [
        [`${name}, byte median, ms`, byteMedian],
        [`${name}, byte p95, ms`, byteP95],
        [`${name}, question median, ms`, askMedian],
        [`${name}, question p95, ms`, askP95],
      ]),
    ),
  }
}

/** By the console's form and the channel's page, which shows the crowd as well. */
function throughTheApp(page: ConsolePage, provider: Provider): Way {
  return {
    name: 'console page',
    probe: async id => {
      const seen = page.stamp(id)
      const over = page.over(id)
      const askedAt = process.hrtime.bigint()
      const [stamp] = await Promise.all([seen, page.compare(`stamp ${id} ${deepseekModel}`, [deepseek, gpt]), over])
      return probeOf(stamp, askedAt)
    },
    crowd: async () => {
      const ids: string[] = []
      for (let index = 0; index < crowd; index++) ids.push(await page.compare('stream', [deepseek, gpt]))
      await provider.streams(2 * crowd)
      return async () => {
        for (const id of ids) await page.stop(id)
        await provider.streams(0)
      }
    },
  }
}

function byTheClient(provider: Provider): Way {
  const client = new OpenAI({ baseURL: provider.url, apiKey: 'sk-bench', maxRetries: 0 })
  const ask = (content: string, signal?: AbortSignal) =>
    client.chat.completions.create(
      { model: deepseekModel, messages: [{ role: 'user', content }], stream: true },
      signal ? { signal } : {},
    )
  return {
    name: 'bare client',
    probe: async id => {
      const askedAt = process.hrtime.bigint()
      let probe: Probe | undefined
      for await (const chunk of await ask(`stamp ${id} ${deepseekModel}`)) {
        const seenAt = process.hrtime.bigint()
        const sentAt = /at(\d+)z/.exec(chunk.choices[0]?.delta.content ?? '')?.[1]
        if (sentAt !== undefined) probe = probeOf({ sentAt: BigInt(sentAt), seenAt }, askedAt)
      }
      if (probe === undefined) throw new Error('an answer without a stamp')
      return probe
    },
    crowd: async () => {
      const leaving = new AbortController()
      const streams = Array.from({ length: 2 * crowd }, async () => {
        for await (const chunk of await ask('stream', leaving.signal)) void chunk
      })
      await provider.streams(2 * crowd)
      return async () => {
        leaving.abort()
        await Promise.all(streams)
        await provider.streams(0)
      }
    },
  }
}

function probeOf({ sentAt, seenAt }: Stamp, askedAt: bigint): Probe {
  return { byteMs: Number(seenAt - sentAt) / 1e6, askMs: Number(seenAt - askedAt) / 1e6 }
}
