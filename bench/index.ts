/**
 * `npm run bench`: ratios against the raw parts, taken in one run. `npm run bench -- path` runs one part, `--json` prints
 * for machines.
 */
import { availableParallelism, cpus } from 'node:os'
import { measurePath } from './path.ts'
import { printed, type Report } from './report.ts'
import { type Services, startServices } from './services.ts'

const parts: Readonly<Record<string, (services: Services) => Promise<Report>>> = {
  path: measurePath,
}

const given = process.argv.slice(2)
const names = given.filter(name => name !== '--json')
const unknown = names.find(name => !(name in parts))
if (unknown === undefined) await run(names.length > 0 ? names : Object.keys(parts), given.includes('--json'))
else {
  process.stderr.write(`There is no part "${unknown}". The parts are: ${Object.keys(parts).join(', ')}.\n`)
  process.exitCode = 1
}

async function run(wanted: readonly string[], asJson: boolean): Promise<void> {
  await using services = await startServices()
  const machine = `${availableParallelism()} cores of ${cpus()[0]?.model ?? 'an unknown processor'}, Node ${process.versions.node}`
  if (!asJson) process.stdout.write(`${machine}, ${new Date().toISOString().slice(0, 10)}\n\n`)
  const figures: Record<string, Report['figures']> = {}
  for (const name of wanted) {
    const report = await parts[name]?.(services)
    if (report === undefined) continue
    figures[name] = report.figures
    if (!asJson) for (const table of report.tables) process.stdout.write(`${printed(table)}\n`)
  }
  if (asJson)
    process.stdout.write(`${JSON.stringify({ machine, at: new Date().toISOString(), ...figures }, null, 2)}\n`)
}
