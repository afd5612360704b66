import type { Command } from '../src/core/command.ts'

export const models: Command = {
  name: 'models',
  summary: text => text.commands.models,
  options: [],
  run: async ({ arena }) => ({ kind: 'models', entries: await arena.models() }),
}
