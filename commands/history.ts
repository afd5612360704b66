import { type Command, readDay } from '../src/core/command.ts'
import { FaceoffError } from '../src/core/errors.ts'
import { categoryChoices, readCategory } from './category.ts'

/** Entries in one reply: a chat is no archive, the console's page goes on. */
const mostEntries = 10

export const history: Command = {
  name: 'history',
  summary: text => text.commands.history,
  options: [
    { name: 'words', kind: 'text', required: false, summary: text => text.options.words },
    { name: 'model', kind: 'word', required: false, summary: text => text.options.model },
    {
      name: 'category',
      kind: 'choice',
      required: false,
      summary: text => text.options.leaderboardCategory,
      choices: categoryChoices,
    },
    { name: 'person', kind: 'word', required: false, summary: text => text.options.person },
    { name: 'since', kind: 'word', required: false, summary: text => text.options.since },
    { name: 'until', kind: 'word', required: false, summary: text => text.options.until },
  ],
  run: async ({ arena, workspaceId, channel }, input) => ({
    kind: 'history',
    history: await arena.history({
      workspaceId,
      // Who asks may not be allowed to read the other channels.
      channel,
      words: (input.words ?? '').split(/\s+/).filter(word => word !== ''),
      model: given(input.model),
      category: readCategory(input.category),
      person: given(input.person),
      since: dayIn('since', input.since),
      until: dayIn('until', input.until),
      before: null,
      limit: mostEntries,
    }),
  }),
}

function given(value = ''): string | null {
  return value.trim() === '' ? null : value.trim()
}

function dayIn(option: string, value = ''): Date | null {
  if (value.trim() === '') return null
  const day = readDay(value)
  if (day === undefined) throw new FaceoffError({ code: 'option_bad', option, value })
  return day
}
