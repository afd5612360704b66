import { type Command, type OptionChoice, readChoice } from '../src/core/command.ts'
import { FaceoffError } from '../src/core/errors.ts'

const whats = ['show', 'post', 'settings'] as const
type What = (typeof whats)[number]

const whatChoices: readonly OptionChoice[] = whats.map(value => ({ value, name: text => text.summary.what[value] }))

export const summary: Command = {
  name: 'summary',
  summary: text => text.commands.summary,
  options: [
    { name: 'what', kind: 'choice', required: false, summary: text => text.options.summaryWhat, choices: whatChoices },
  ],
  run: async ({ arena, person, workspaceId, channel }, input) => {
    switch (readWhat(input.what)) {
      case 'show':
        return { kind: 'summary', summary: await arena.summaries.soFar(workspaceId, channel) }
      case 'post':
        return { kind: 'summary_posted', posted: await arena.summaries.post(workspaceId, person) }
      case 'settings':
        return {
          kind: 'summary_settings',
          setup: await arena.summaries.setup(workspaceId),
          mayChange: person.admin,
        }
    }
  },
}

function readWhat(given = ''): What {
  if (given.trim() === '') return 'show'
  const chosen = readChoice(given, whatChoices)
  const what = whats.find(value => value === chosen)
  if (what === undefined) throw new FaceoffError({ code: 'option_bad', option: 'what', value: given })
  return what
}
