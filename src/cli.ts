/** The command line: the language, the streams, the exit code. */
import { run } from './cli/run.ts'
import { Terminal } from './cli/terminal.ts'
import { localeFor, textFor } from './core/text/index.ts'

// Whoever reads our output may have seen enough (`| head`).
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})

const { LC_ALL, LC_MESSAGES, LANG } = process.env
const terminal = new Terminal(process, textFor(localeFor(LC_ALL || LC_MESSAGES || LANG)))
const readEnv = () => {
  try {
    process.loadEnvFile()
  } catch (error) {
    // There need not be one.
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
  }
  return process.env
}
process.exitCode = await run(process.argv.slice(2), terminal, readEnv)
