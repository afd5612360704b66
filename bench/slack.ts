/** Slack: a bot on bare Bolt and ours, side by side on the stand-in, with Slack's limits where they matter. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { scopes } from '../test/chat/slack/scopes.ts'
import { type Channel, type Person, type Slack, startSlack } from '../test/chat/slack/stand-in/index.ts'
import { median, type Report, rounded } from './report.ts'
import { gpt, type Services, settingsFor } from './services.ts'
import type { Usage } from './slack-child.ts'

const probes = 15
const crowd = 100
const crowds = 3
const longSeconds = 31
const together = 8
const shortSeconds = 5
const streaming = 25
const patienceMs = 150_000

type Contender = { name: string; start(slack: Slack, token: string): Promise<Bot> }

type Bot = AsyncDisposable & { url: string; usage(): Promise<Usage> }

type Figures = {
  ackP99Ms: number
  firstByteMs: number
  calls: number
  allAfterS: number
  complete: number
  cpuSeconds: number
  residentMiB: number
}

export async function measureSlack(services: Services): Promise<Report> {
  const ours = await measured(faceoff(services))
  const bare = await measured(bareBolt(services))
  const row = (name: string, cell: (figures: Figures) => string) => ({ name, cells: [cell(bare), cell(ours)] })
  return {
    tables: [
      {
        title: 'slack',
        columns: ['bare Bolt', 'ours'],
        rows: [
          row(`acknowledge, ${crowd} at once, p99, ms`, ({ ackP99Ms }) => rounded(ackP99Ms)),
          row('provider’s first byte → Slack, median, ms', ({ firstByteMs }) => rounded(firstByteMs, 1)),
          row(`calls to Slack, two answers of ${longSeconds} s`, ({ calls }) => String(calls)),
          row(`${together} comparisons of ${shortSeconds} s at once, all after, s`, ({ allAfterS, complete }) =>
            complete === 2 * together
              ? rounded(allAfterS, 1)
              : `${complete} of ${2 * together} after ${rounded(allAfterS)}`,
          ),
          row(`CPU seconds per comparison of ${shortSeconds} s`, ({ cpuSeconds }) => rounded(cpuSeconds, 2)),
          row(`resident MiB, ${2 * streaming} streaming`, ({ residentMiB }) => rounded(residentMiB)),
        ],
        meaning:
          'Ours has stored what was asked when it acknowledges, and everything else that Faceoff does is in its figures.',
      },
    ],
    figures: {
      ...prefixed('bare', bare),
      ...prefixed('ours', ours),
    },
  }
}

function prefixed(name: string, figures: Figures): Record<string, number> {
  return Object.fromEntries(Object.entries(figures).map(([key, value]) => [`${name}_${key}`, value]))
}

function bareBolt({ provider }: Services): Contender {
  return {
    name: 'bare',
    start: (slack, token) =>
      startBot(new URL('./slack-bare.ts', import.meta.url), {
        SLACK_BOT_TOKEN: token,
        SLACK_SIGNING_SECRET: slack.app.signingSecret,
        SLACK_API_URL: slack.apiUrl,
        PROVIDER_URL: provider.url,
      }),
  }
}

function faceoff({ provider, database, redis }: Services): Contender {
  return {
    name: 'ours',
    start: async (slack, token) =>
      startBot(new URL('./slack-ours.ts', import.meta.url), {
        ...settingsFor(provider, { databaseUrl: await database(), redisUrl: await redis() }),
        MODELS: `deepseek/deepseek-flash,${gpt}`,
        DEFAULT_CONTESTANTS: `deepseek/deepseek-flash,${gpt}`,
        SLACK_BOT_TOKEN: token,
        SLACK_SIGNING_SECRET: slack.app.signingSecret,
        SLACK_API_URL: slack.apiUrl,
      }),
  }
}

async function startBot(file: URL, env: Record<string, string>): Promise<Bot> {
  const child = fork(file, {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { PATH: process.env.PATH, ...env },
    execArgv: ['--max-semi-space-size=8'],
  })
  const { url } = await told<{ url: string }>(child)
  return {
    url,
    usage: async () => {
      child.send('usage')
      return (await told<{ usage: Usage }>(child)).usage
    },
    [Symbol.asyncDispose]: async () => {
      const exit = once(child, 'exit')
      child.disconnect()
      await exit
    },
  }
}

async function told<T>(child: ChildProcess): Promise<T> {
  const [message] = (await once(child, 'message', { signal: AbortSignal.timeout(30_000) })) as [T]
  return message
}

async function measured(contender: Contender): Promise<Figures> {
  const ackP99Ms = await acknowledged(contender)
  const firstByteMs = await withBot(contender, false, async ({ slack, channels, people }) => {
    const delays: number[] = []
    for (let probe = 0; probe < probes; probe++) {
      await personAt(people, 0).slash(channelAt(channels, probe), '/compare', `stamp ${probe} gpt-6.1-sol`)
      delays.push(await slack.until(() => delayOf(slack, probe)))
    }
    return median(delays)
  })
  const calls = await withBot(contender, true, async ({ slack, channels, people }) => {
    const before = slack.calls.length
    await personAt(people, 0).slash(channelAt(channels, 0), '/compare', `for ${longSeconds}`)
    await slack.until(() => ended(slack) === 2, patienceMs)
    await slack.until(() => slack.messages()[0]?.reactions.length === 4, patienceMs)
    return slack.calls.length - before
  })
  const short = await withBot(contender, true, async ({ slack, channels, people, bot }) => {
    const before = await bot.usage()
    const startedAt = performance.now()
    await Promise.all(
      Array.from({ length: together }, (_, index) =>
        personAt(people, index).slash(channelAt(channels, index), '/compare', `for ${shortSeconds}`),
      ),
    )
    await slack.until(() => ended(slack) === 2 * together, patienceMs).catch(() => {})
    const allAfterS = (performance.now() - startedAt) / 1000
    const after = await bot.usage()
    return { allAfterS, complete: ended(slack), cpuSeconds: (after.cpuSeconds - before.cpuSeconds) / together }
  })
  const residentMiB = await withBot(contender, true, async ({ channels, people, bot }) => {
    await Promise.all(
      Array.from({ length: streaming }, (_, index) =>
        personAt(people, index).slash(channelAt(channels, index), '/compare', 'stream'),
      ),
    )
    let most = 0
    for (let look = 0; look < 20; look++) {
      await pause(500)
      most = Math.max(most, (await bot.usage()).residentMiB)
    }
    return most
  })
  return { ackP99Ms, firstByteMs, calls, ...short, residentMiB }
}

/** The first crowd opens the connections; the figure is the median of the p99 of those after it. */
async function acknowledged(contender: Contender): Promise<number> {
  return withBot(contender, false, async ({ slack, channels, people }) => {
    const p99s: number[] = []
    for (let round = 0; round <= crowds; round++) {
      const acted = await Promise.all(
        Array.from({ length: crowd }, (_, index) =>
          personAt(people, index).slash(channelAt(channels, index), '/compare', 'instant'),
        ),
      )
      const sorted = acted.map(({ ackMs }) => ackMs).toSorted((a, b) => a - b)
      if (round > 0) p99s.push(sorted[Math.ceil(crowd * 0.99) - 1] ?? Number.NaN)
      await slack.until(() => ballots(slack) === crowd * (round + 1), patienceMs)
    }
    return median(p99s)
  })
}

function ballots(slack: Slack): number {
  return slack.messages().filter(message => message.ours && message.threadTs === undefined).length
}

type Place = { slack: Slack; channels: Channel[]; people: Person[]; bot: Bot }

async function withBot<T>({ start }: Contender, isLimited: boolean, measure: (place: Place) => Promise<T>): Promise<T> {
  await using slack = await startSlack({ scopes, ...(isLimited ? {} : { limits: false as const }) })
  const acme = slack.workspace({ name: 'Acme' })
  const channels = Array.from({ length: together }, (_, index) => slack.channel(acme, `channel-${index}`))
  const people = Array.from({ length: 10 }, (_, index) => slack.person(acme, `person-${index}`))
  await using bot = await start(slack, acme.botToken)
  slack.app.requestUrl = bot.url
  return await measure({ slack, channels, people, bot })
}

/** Answers that are whole in Slack. */
function ended(slack: Slack): number {
  return slack.messages().filter(message => message.ours && message.threadTs && message.shown.includes('The end.'))
    .length
}

/** Milliseconds from the provider's byte to Slack; the byte says when it was written. */
function delayOf(slack: Slack, probe: number): number | undefined {
  for (const message of slack.messages()) {
    const written = new RegExp(`stamp${probe}at(\\d+)z`).exec(message.shown)?.[1]
    if (written !== undefined) return Number(process.hrtime.bigint() - BigInt(written)) / 1e6
  }
  return undefined
}

function channelAt(channels: readonly Channel[], index: number): Channel {
  const channel = channels[index % channels.length]
  if (channel === undefined) throw new Error('no channel')
  return channel
}

function personAt(people: readonly Person[], index: number): Person {
  const person = people[index % people.length]
  if (person === undefined) throw new Error('nobody')
  return person
}
