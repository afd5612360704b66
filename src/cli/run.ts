/** The commands of the command line, and what becomes of each call. */
import type { Config } from '../config.ts'
import { type Terminal, UsageError } from './terminal.ts'

type Command = (args: readonly string[], terminal: Terminal, readEnv: ReadEnv) => Promise<number>
/** The environment, with what `.env` adds to it. */
export type ReadEnv = () => Readonly<Record<string, string | undefined>>

// Each loads what it needs: reading a file of votes should not wait for a database's code.
const commands: Readonly<Record<string, Command>> = {
  rate: async (args, terminal) => (await import('./rate.ts')).rateCommand(args, terminal),
  tallies: async (args, terminal, readEnv) => {
    const { talliesCommand } = await import('./tallies.ts')
    return withVotes(terminal, readEnv, config => talliesCommand(args, terminal, config))
  },
  export: async (args, terminal, readEnv) => {
    const { exportCommand } = await import('./export.ts')
    return withVotes(terminal, readEnv, config => exportCommand(args, terminal, config))
  },
}

/** Runs the command that `args` begin with. Exit codes: 0, done; 1, the input is wrong; 2, the call is. */
export async function run([name, ...args]: readonly string[], terminal: Terminal, readEnv: ReadEnv): Promise<number> {
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
    return await command(args, terminal, readEnv)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    terminal.complain(`${error.message}\n\n${usage}`)
    return 2
  }
}

/** With the settings of the app. What an operator can mend is a sentence, and exit code 1. */
async function withVotes(
  terminal: Terminal,
  readEnv: ReadEnv,
  command: (config: Config) => Promise<number>,
): Promise<number> {
  const [{ BallotBoxClosed }, { ConfigError, readConfig }] = await Promise.all([
    import('./ballot-box.ts'),
    import('../config.ts'),
  ])
  try {
    return await command(readConfig(readEnv()))
  } catch (error) {
    if (!(error instanceof ConfigError || error instanceof BallotBoxClosed)) throw error
    terminal.complain(error.message)
    return 1
  }
}
