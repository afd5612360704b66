/**
 * Ratings from a file of votes and from kept tallies, beside the times of LMArena's tools.
 *
 * The reference times were taken on 2 shared cores with 20 models, votes in memory already, medians; ours begin with the
 * file. "From a file" is what they measured, in one process, five times. "Command" is `faceoff rate` as somebody types it,
 * the start of Node and the first, slow passes through fresh code included.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import { talliesOf } from '../src/cli/rate.ts'
import { momentsOf, type RatingMode, rate, rateKept, type Tallies } from '../src/core/rating/index.ts'
import { median, type Report, type Row, rounded } from './report.ts'

type Case = { name: string; votes: number; whole: boolean; fastChat: number; arenaRank: number }

/** Seconds of FastChat's fit with 100 bootstraps, and of arena-rank's fit with sandwich, warm. */
const cases: readonly Case[] = [
  { name: '10 k', votes: 10_000, whole: false, fastChat: 0.41, arenaRank: 2.7 },
  { name: '100 k', votes: 100_000, whole: false, fastChat: 0.77, arenaRank: 2.7 },
  { name: '1 M', votes: 1_000_000, whole: false, fastChat: 3.9, arenaRank: 3.4 },
  { name: '1 M, voters and comparisons named', votes: 1_000_000, whole: true, fastChat: 3.9, arenaRank: 3.4 },
  { name: '10 M', votes: 10_000_000, whole: false, fastChat: 45.6, arenaRank: 30.5 },
]

const runs = 5
const models = 20

/** Needs 650 MB in the temporary folder while it runs. */
export async function measureRating(): Promise<Report> {
  const folder = await mkdtemp(join(tmpdir(), 'faceoff-bench-'))
  const rows: Row[] = []
  const figures: Record<string, number> = {}
  try {
    for (const { name, votes, whole, fastChat, arenaRank } of cases) {
      const file = join(folder, 'votes.jsonl')
      await writeVotes(file, votes, whole)
      const inProcess = await seconds(() => rated(file, 'arena'))
      const command = await seconds(() => faceoff(['rate', file, '--mode', 'arena', '--json']))
      const tallies = await talliesIn(file, 'team')
      const kept = momentsOf(tallies)
      const arena = await seconds(() => rateKept(kept, 'arena'))
      const team = await seconds(() => rateKept(kept, 'team'))
      rows.push({
        name: `${name} votes`,
        cells: [
          rounded(inProcess, 3),
          rounded(fastChat / inProcess, 1),
          rounded(arenaRank / inProcess, 1),
          rounded(command, 3),
          rounded(fastChat / command, 1),
          rounded(1000 * arena, 1),
          rounded(1000 * team, 1),
        ],
      })
      Object.assign(figures, {
        [`${name}, from a file, s`]: inProcess,
        [`${name}, from a file, times FastChat`]: fastChat / inProcess,
        [`${name}, from a file, times arena-rank`]: arenaRank / inProcess,
        [`${name}, whole command, s`]: command,
        [`${name}, whole command, times FastChat`]: fastChat / command,
        [`${name}, from tallies in arena mode, ms`]: 1000 * arena,
        [`${name}, from tallies in team mode, ms`]: 1000 * team,
      })
    }
  } finally {
    await rm(folder, { recursive: true })
  }
  const columns = [
    'from a file, s',
    '× FastChat',
    '× arena-rank',
    'command, s',
    '× FastChat',
    'tallies, arena, ms',
    'team, ms',
  ]
  const meaning = `Medians of ${runs}, ${models} models. "×": how many times as fast as the reference, which had its votes in memory.`
  return { tables: [{ title: 'Ratings', columns, rows, meaning }], figures }
}

async function rated(file: string, mode: RatingMode): Promise<void> {
  rate(await talliesIn(file, mode), mode)
}

async function talliesIn(file: string, mode: RatingMode): Promise<Tallies> {
  const tallies = await talliesOf(file, mode)
  if (tallies === null) throw new Error(`${file} holds lines that are no votes`)
  return tallies
}

async function faceoff(args: readonly string[]): Promise<void> {
  const cli = join(import.meta.dirname, '../src/faceoff.js')
  const child = spawn(process.execPath, [cli, ...args], { stdio: ['ignore', 'ignore', 'inherit'] })
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error(`faceoff rate ended with ${code}`)
}

/** The median of several runs, in seconds. */
async function seconds(work: () => unknown): Promise<number> {
  const times: number[] = []
  for (let run = 0; run < runs; run++) {
    const start = performance.now()
    await work()
    times.push((performance.now() - start) / 1000)
  }
  return median(times)
}

/**
 * Votes that follow strengths a hundred points apart, a fifth of them draws; the same in every run. `whole` lines name
 * one of 5,000 voters and a comparison of three votes too.
 */
async function writeVotes(file: string, votes: number, whole: boolean): Promise<void> {
  const stream = createWriteStream(file, { highWaterMark: 1 << 20 })
  let state = 1
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0
    return (state >>> 8) / 2 ** 24
  }
  const one = () => Math.floor(random() * models)
  let lines = ''
  let [a, b] = [0, 1]
  for (let vote = 0; vote < votes; vote++) {
    if (!whole || vote % 3 === 0) {
      a = one()
      do b = one()
      while (b === a)
    }
    const aWins = random() < 1 / (1 + 10 ** ((a - b) / 4))
    const drawn = random()
    const winner = drawn < 0.1 ? 'tie' : drawn < 0.2 ? 'tie (bothbad)' : aWins ? 'model_a' : 'model_b'
    const rest = whole
      ? `,"judge":"arena_user_${Math.floor(random() * 5000)}","question_id":${Math.floor(vote / 3)}`
      : ''
    lines += `{"model_a":"model-${a + 10}","model_b":"model-${b + 10}","winner":"${winner}"${rest}}\n`
    if (lines.length < 1 << 20) continue
    if (!stream.write(lines)) await once(stream, 'drain')
    lines = ''
  }
  stream.end(lines)
  await finished(stream)
}
