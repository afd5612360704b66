import type { Command } from '../src/core/command.ts'
import { compare } from './compare.ts'
import { help } from './help.ts'
import { history } from './history.ts'
import { leaderboard } from './leaderboard.ts'
import { models } from './models.ts'
import { summary } from './summary.ts'

/** Everything a user can say, in the order in which it is offered. Platforms register from this list. */
export const commands: readonly Command[] = [compare, leaderboard, summary, history, models, help]
