/** Process entry of the command line: the language, the command, the exit code. */
import { rateCommand } from './cli/rate.ts'
import { Terminal, UsageError } from './cli/terminal.ts'
import { localeFor, textFor } from './core/text/index.ts'

const commands: Readonly<Record<string, (args: readonly string[], terminal: Terminal) => Promise<number>>> = {
  rate: rateCommand,
}

const { LC_ALL, LC_MESSAGES, LANG } = process.env
const terminal = new Terminal(process, textFor(localeFor(LC_ALL || LC_MESSAGES || LANG)))

// Whoever reads our output may have seen enough (`| head`).
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})

process.exitCode = await run(process.argv.slice(2))

/** 0: done; 1: the input is wrong; 2: the call is. */
async function run([name, ...args]: readonly string[]): Promise<number> {
  const { usage, commandUnknown } = terminal.text.cli
  if (name === '--help' || name === '-h' || name === 'help') {
    terminal.print(usage)
    return 0
  }
  const command = name !== undefined && Object.hasOwn(commands, name) ? commands[name] : undefined
  if (command === undefined) {
    terminal.complain(name === undefined ? usage : `${commandUnknown(name)}\n\n${usage}`)
    return 2
  }
  try {
    return await command(args, terminal)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    terminal.complain(`${error.message}\n\n${usage}`)
    return 2
  }
}
