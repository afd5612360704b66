/** The commands of the command line, and what becomes of each call. */
import { rateCommand } from './rate.ts'
import { type Terminal, UsageError } from './terminal.ts'

const commands: Readonly<Record<string, (args: readonly string[], terminal: Terminal) => Promise<number>>> = {
  rate: rateCommand,
}

/** Runs the command that `args` begin with. Exit codes: 0, done; 1, the input is wrong; 2, the call is. */
export async function run([name, ...args]: readonly string[], terminal: Terminal): Promise<number> {
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
