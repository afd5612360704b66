/**
 * `npm run bench`: ratios against the raw parts, taken in one run. `npm run bench -- path` runs one part, `--json` prints
 * for machines.
 */
import { availableParallelism, cpus } from 'node:os'
import { measureFirstToken } from './first-token.ts'
import { measureLeaderboard } from './leaderboard.ts'
import { measureMemory } from './memory.ts'
import { measurePath } from './path.ts'
import { measureRating } from './rating.ts'
import { printed, type Report } from './report.ts'
import { type Services, startServices } from './services.ts'
import { measureSlack } from './slack.ts'
import { measureSummary } from './summary.ts'

const parts: Readonly<Record<string, () => Promise<Report>>> = {
  path: withServices(measurePath),
  'first-token': withServices(measureFirstToken),
  memory: withServices(measureMemory),
  rating: measureRating,
  leaderboard: withServices(measureLeaderboard),
  slack: withServices(measureSlack),
  summary: withServices(measureSummary),
}

const given = process.argv.slice(2)
const names = given.filter(argument => argument !== '--json')
const unknown = names.find(name => !Object.hasOwn(parts, name))
if (unknown === undefined) await run(names.length > 0 ? names : Object.keys(parts), given.includes('--json'))
else {
  process.stderr.write(`There is no part "${unknown}". The parts are: ${Object.keys(parts).join(', ')}.\n`)
  process.exitCode = 1
}

async function run(wanted: readonly string[], asJson: boolean): Promise<void> {
  const machine = `${availableParallelism()} cores of ${cpus()[0]?.model ?? 'an unknown processor'}`
  const about = { machine, node: process.versions.node, day: new Date().toISOString().slice(0, 10) }
  if (!asJson) process.stdout.write(`${about.machine}, Node ${about.node}, ${about.day}\n\n`)
  const figures: Record<string, Report['figures']> = {}
  for (const name of wanted) {
    const report = await parts[name]?.()
    if (report === undefined) continue
    figures[name] = report.figures
    if (!asJson) for (const table of report.tables) process.stdout.write(`${printed(table)}\n`)
  }
  if (asJson) process.stdout.write(`${JSON.stringify({ ...about, ...figures }, null, 2)}\n`)
}

/** New servers for each part, so that none finds what another has left. */
function withServices(measure: (services: Services) => Promise<Report>): () => Promise<Report> {
  return async () => {
    await using services = await startServices()
    return await measure(services)
  }
}
