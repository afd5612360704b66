import type { Command } from '../src/core/command.ts'

export const help: Command = {
  name: 'help',
  summary: text => text.commands.help,
  options: [],
  run: async () => ({ kind: 'help' }),
}
