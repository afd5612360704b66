/** Resident memory of the app as a process, with its database and queue outside and inside. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type Running, residentMiB, run } from '../test/app/process.ts'
import { ConsolePage } from './console-page.ts'
import { median, type Report, rounded } from './report.ts'
import { deepseek, gpt, type Provider, type Services, settingsFor } from './services.ts'

const rounds = 5
const crowd = 30
/** Time for a fresh process to come to rest, and how long each state is watched. */
const restMs = 1_000
const watchMs = 1_500
const lookMs = 100

/** MiB; the highest that was seen in each state. */
type Measured = { idle: number; streaming: number }

export async function measureMemory(services: Services): Promise<Report> {
  const folder = await mkdtemp(join(tmpdir(), 'faceoff-bench-'))
  try {
    const outside: Measured[] = []
    const inside: Measured[] = []
    const embedded = settingsFor(services.provider, { dataDir: folder })
    // The first start makes the database, which later ones do not.
    await using first = await run(embedded)
    const firstIdle = await highest(first.pid)
    await first.stop()
    for (let round = 0; round < rounds; round++) {
      const places = { databaseUrl: await services.database(), redisUrl: await services.redis() }
      outside.push(await measure(services, settingsFor(services.provider, places)))
      inside.push(await measure(services, embedded))
    }
    return reportOf(outside, inside, firstIdle)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function measure({ provider }: Services, settings: Record<string, string>): Promise<Measured> {
  await using app = await run(settings)
  await pause(restMs)
  const idle = await highest(app.pid)
  const streaming = await highestWithCrowd(app, provider)
  await app.stop()
  return { idle, streaming }
}

/** With somebody who reads along, as there always is. */
async function highestWithCrowd({ url, pid }: Running, provider: Provider): Promise<number> {
  await using page = await ConsolePage.open(url)
  const ids: string[] = []
  for (let index = 0; index < crowd; index++) ids.push(await page.compare('stream', [deepseek, gpt]))
  await provider.streams(2 * crowd)
  const most = await highest(pid)
  for (const id of ids) await page.stop(id)
  await provider.streams(0)
  return most
}

async function highest(pid: number): Promise<number> {
  let most = 0
  for (let look = 0; look < watchMs / lookMs; look++) {
    most = Math.max(most, residentMiB(pid))
    await pause(lookMs)
  }
  return most
}

function reportOf(outside: readonly Measured[], inside: readonly Measured[], firstStart: number): Report {
  const figures = {
    outsideIdleMiB: median(outside.map(({ idle }) => idle)),
    outsideStreamingMiB: median(outside.map(({ streaming }) => streaming)),
    embeddedIdleMiB: median(inside.map(({ idle }) => idle)),
    embeddedStreamingMiB: median(inside.map(({ streaming }) => streaming)),
    embeddedFirstStartMiB: firstStart,
  }
  const adds = {
    idle: figures.embeddedIdleMiB - figures.outsideIdleMiB,
    streaming: figures.embeddedStreamingMiB - figures.outsideStreamingMiB,
  }
  return {
    tables: [
      {
        title: 'Memory: resident, in MiB',
        columns: ['idle', '60 answers streaming'],
        rows: [
          {
            name: 'PostgreSQL and Redis outside',
            cells: [rounded(figures.outsideIdleMiB), rounded(figures.outsideStreamingMiB)],
          },
          {
            name: 'embedded database',
            cells: [rounded(figures.embeddedIdleMiB), rounded(figures.embeddedStreamingMiB)],
          },
          { name: 'what it adds', cells: [rounded(adds.idle), rounded(adds.streaming)] },
        ],
        meaning:
          `With both outside and sixty answers streaming the process stays ${figures.outsideStreamingMiB < 300 ? 'under' : 'NOT under'} 300 ` +
          `MiB; the embedded database adds ${rounded(adds.idle)} MiB at rest, and its very first start takes ` +
          `${rounded(firstStart)} MiB in all.`,
      },
    ],
    figures: { ...figures, embeddedAddsIdleMiB: adds.idle, embeddedAddsStreamingMiB: adds.streaming },
  }
}
