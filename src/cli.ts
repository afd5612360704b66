/** Process entry of the command line: the language, the streams, the exit code. */
import { existsSync } from 'node:fs'
import { enableCompileCache } from 'node:module'
import { join } from 'node:path'

// Most of a short command's time is Node reading TypeScript. The cache lies beside the packages and not, as by default, in
// a folder for everybody's temporary files, whose code we would run; where it cannot be written, there is none.
enableCompileCache(join(import.meta.dirname, '../node_modules/.cache/faceoff'))
const [{ localeFor, textFor }, { run }, { Terminal }] = await Promise.all([
  import('./core/text/index.ts'),
  import('./cli/run.ts'),
  import('./cli/terminal.ts'),
])

// Whoever reads our output may have seen enough (`| head`).
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})

const { LC_ALL, LC_MESSAGES, LANG } = process.env
const terminal = new Terminal(process, textFor(localeFor(LC_ALL || LC_MESSAGES || LANG)))
const readEnv = () => {
  if (existsSync('.env')) process.loadEnvFile()
  return process.env
}
process.exitCode = await run(process.argv.slice(2), terminal, readEnv)
