/** `faceoff export`: the votes that count, as lines that `faceoff rate` and FastChat read. */
import { parseArgs } from 'node:util'
import type { Config } from '../config.ts'
import { openBallotBox } from './ballot-box.ts'
import { optionError, type Terminal, UsageError } from './terminal.ts'

export async function exportCommand(args: readonly string[], terminal: Terminal, config: Config): Promise<number> {
  mustBeFastChat(args, terminal)
  await using box = await openBallotBox(config, terminal.text)
  for await (const lines of box.lines()) {
    if (!(await terminal.send(lines))) return 0
  }
  return 0
}

function mustBeFastChat(args: readonly string[], { text }: Terminal): void {
  try {
    const { values } = parseArgs({ args: [...args], options: { format: { type: 'string', default: 'fastchat' } } })
    if (values.format !== 'fastchat') throw new UsageError(text.cli.formatUnknown(values.format))
  } catch (error) {
    throw optionError(error, args, text)
  }
}
