import { type Command, type OptionChoice, readChoice } from '../src/core/command.ts'
import { FaceoffError } from '../src/core/errors.ts'
import { type LeaderboardWish, leaderboardModes, periods } from '../src/core/leaderboard.ts'
import { categoryChoices, readCategory } from './category.ts'

const periodChoices: readonly OptionChoice[] = periods.map(value => ({
  value,
  name: text => text.leaderboard.periods[value],
}))
const modeChoices: readonly OptionChoice[] = leaderboardModes.map(value => ({
  value,
  name: text => text.leaderboard.modes[value],
}))

export const leaderboard: Command = {
  name: 'leaderboard',
  summary: text => text.commands.leaderboard,
  options: [
    {
      name: 'category',
      kind: 'choice',
      required: false,
      summary: text => text.options.leaderboardCategory,
      choices: categoryChoices,
    },
    { name: 'period', kind: 'choice', required: false, summary: text => text.options.period, choices: periodChoices },
    { name: 'mode', kind: 'choice', required: false, summary: text => text.options.mode, choices: modeChoices },
  ],
  run: async ({ arena, workspaceId }, input) => ({
    kind: 'leaderboard',
    leaderboard: await arena.leaderboard({ workspaceId, ...readLeaderboardWish(input) }),
  }),
}

/** What was chosen of the options, with the defaults for what was not. */
export function readLeaderboardWish(input: Readonly<Record<string, string>>): Omit<LeaderboardWish, 'workspaceId'> {
  return {
    category: readCategory(input.category),
    period: chosen('period', input.period, periods, periodChoices) ?? 'all',
    mode: chosen('mode', input.mode, leaderboardModes, modeChoices) ?? 'team',
  }
}

function chosen<Value extends string>(
  option: string,
  given: string | undefined,
  values: readonly Value[],
  choices: readonly OptionChoice[],
): Value | undefined {
  if (given === undefined || given.trim() === '') return undefined
  const value = readChoice(given, choices)
  const known = values.find(candidate => candidate === value)
  if (known === undefined) throw new FaceoffError({ code: 'option_bad', option, value: given })
  return known
}
