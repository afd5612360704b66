/** Process entry of the doctor: looks at everything that Faceoff needs, and says what to do about what is wrong. */
import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { operatorLocale } from './config.ts'
import { type Text, textFor } from './core/text/index.ts'
import { type Check, codeOf, problem } from './doctor/check.ts'
import { checkNode } from './doctor/node.ts'
import { asJson, asList, isWell } from './doctor/report.ts'

// A process ends only when the name lookups under way have ended, and with silent name servers glibc takes up to half a
// minute for one. It reads this when the first lookup begins.
process.env.RES_OPTIONS ??= 'timeout:2 attempts:1'

const envCode = loadEnvFile()
const text = textFor(operatorLocale(process.env))
const options = readOptions()
if (options === undefined) {
  process.stderr.write(`${text.doctor.usage}\n`)
  process.exitCode = 2
} else {
  const checks = await checkAll(text)
  const output = options.json ? asJson(checks) : asList(checks, text, process.stdout)
  // What did not answer in time may still hold the process.
  process.stdout.write(output, () => process.exit(isWell(checks) ? 0 : 1))
}

async function checkAll(text: Text): Promise<Check[]> {
  const { settings } = text.doctor
  const node = checkNode(process.versions.node, text)
  if (node.status === 'problem') return [node]
  if (envCode !== undefined) return [node, problem('settings', settings.envUnreadable(envCode), settings.envRemedy)]
  // An older Node cannot even read what the rest is written in.
  const { examine } = await import('./doctor/examine.ts')
  return [node, ...(await examine(process.env, text))]
}

/** As `main.ts` does. The system's code where the file is there and cannot be read. */
function loadEnvFile(): string | undefined {
  if (!existsSync('.env')) return undefined
  try {
    process.loadEnvFile()
    return undefined
  } catch (thrown) {
    return codeOf(thrown)
  }
}

/** Undefined when the call is wrong. */
function readOptions(): { json: boolean } | undefined {
  try {
    const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } })
    return values
  } catch {
    return undefined
  }
}
