/** `faceoff tallies`: the kept tallies, checked against the votes or counted anew. */
import { parseArgs } from 'node:util'
import type { Config } from '../config.ts'
import { openBallotBox } from './ballot-box.ts'
import { optionError, type Terminal, UsageError } from './terminal.ts'

/** Exit code 1: some rows are wrong. */
export async function talliesCommand(args: readonly string[], terminal: Terminal, config: Config): Promise<number> {
  const { cli } = terminal.text
  const step = stepIn(args, terminal)
  await using box = await openBallotBox(config, terminal.text)
  const { rows, wrong } = step === 'check' ? await box.check() : await box.rebuild()
  if (wrong > 0) {
    terminal.complain(cli.talliesWrong(wrong, rows))
    return 1
  }
  terminal.print(step === 'check' ? cli.talliesRight(rows) : cli.talliesRebuilt(rows))
  return 0
}

function stepIn(args: readonly string[], { text }: Terminal): 'check' | 'rebuild' {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { check: { type: 'boolean' }, rebuild: { type: 'boolean' } },
    })
    if (values.check === values.rebuild) throw new UsageError(text.cli.talliesStep)
    return values.check ? 'check' : 'rebuild'
  } catch (error) {
    throw optionError(error, args, text)
  }
}
