import { type Command, readYesNo } from '../src/core/command.ts'
import { FaceoffError } from '../src/core/errors.ts'
import { categoryChoices, readCategory } from './category.ts'

export const compare: Command = {
  name: 'compare',
  summary: text => text.commands.compare,
  options: [
    { name: 'prompt', kind: 'text', required: true, summary: text => text.options.prompt },
    { name: 'models', kind: 'models', required: false, summary: text => text.options.models },
    {
      name: 'category',
      kind: 'choice',
      required: false,
      summary: text => text.options.category,
      choices: categoryChoices,
    },
    {
      name: 'blind',
      kind: 'yesno',
      required: false,
      summary: text => text.options.blind,
      flags: { open: 'no' },
    },
  ],
  run: async ({ arena, person, workspaceId, platform, channel, place, id, locale }, input) => {
    const ballot = await arena.compare({
      workspaceId,
      platform,
      channel,
      ...(place !== undefined && { place }),
      ...(id !== undefined && { id }),
      asker: person,
      prompt: input.prompt ?? '',
      models: readModels(input.models),
      category: readCategory(input.category),
      blind: readBlind(input.blind),
      locale,
    })
    return { kind: 'ballot', ballot }
  },
}

function readModels(given = ''): string[] {
  return given
    .split(',')
    .map(name => name.trim())
    .filter(name => name !== '')
}

function readBlind(given = ''): boolean {
  if (given.trim() === '') return true
  const blind = readYesNo(given)
  if (blind === undefined) throw new FaceoffError({ code: 'option_bad', option: 'blind', value: given })
  return blind
}
