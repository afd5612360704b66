/** `faceoff rate`: ratings from any file of votes, by the arithmetic of the leaderboard. */
import { type RatedTallies, type RatingMode, rate, type Tallies, verdictOf } from '../core/rating/index.ts'
import { type Text, verdictSentence } from '../core/text/index.ts'
import { Grouping } from './grouping.ts'
import { ratingTable } from './rating-table.ts'
import { optionError, type Terminal, UsageError } from './terminal.ts'
import { readVotes } from './vote-file.ts'
import { VoteLines } from './vote-lines.ts'

// An import of node:util would load what it can do besides: 2 ms.
const { parseArgs } = process.getBuiltinModule('node:util')

/** Reads the arguments behind `rate`, rates, prints. Returns the exit code; throws a `UsageError`. */
export async function rateCommand(args: readonly string[], terminal: Terminal): Promise<number> {
  const { text } = terminal
  const options = optionsIn(args, text)
  if (options === 'help') {
    terminal.print(text.cli.usage)
    return 0
  }
  const { file, mode, json } = options
  const grouping = new Grouping()
  const lines = new VoteLines(grouping)
  const failure = await readInto(lines, grouping, file, terminal)
  if (failure !== null) {
    terminal.complain(text.cli.fileUnreadable(file, failure))
    return 1
  }
  if (lines.badCount > 0) {
    terminal.complain(badLinesIn(lines, file, text))
    return 1
  }
  const rated = rate(grouping.tallies(mode === 'team'), mode)
  terminal.print(json ? JSON.stringify(inJson(rated, text)) : ratingTable(rated, text))
  return 0
}

/** The tallies of a file of votes; null when a line of it is no vote. For the bench. */
export async function talliesOf(file: string, mode: RatingMode): Promise<Tallies | null> {
  const grouping = new Grouping()
  const lines = new VoteLines(grouping)
  await readVotes(file, lines, grouping, () => ({ advance: () => {}, [Symbol.dispose]: () => {} }))
  return lines.badCount > 0 ? null : grouping.tallies(mode === 'team')
}

function optionsIn(args: readonly string[], text: Text): { file: string; mode: RatingMode; json: boolean } | 'help' {
  const { values, positionals } = parsed(args, text)
  if (values.help) return 'help'
  const [file, ...more] = positionals
  if (file === undefined || more.length > 0) throw new UsageError(text.cli.fileNeeded)
  const { mode = 'team', json = false } = values
  if (mode !== 'team' && mode !== 'arena') throw new UsageError(text.cli.modeUnknown(mode))
  return { file, mode, json }
}

function parsed(args: readonly string[], text: Text) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        mode: { type: 'string' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    })
  } catch (error) {
    throw optionError(error, args, text)
  }
}

/** Reads all of it. Returns the system's code when that fails. */
async function readInto(
  lines: VoteLines,
  grouping: Grouping,
  file: string,
  terminal: Terminal,
): Promise<string | null> {
  try {
    await readVotes(file === '-' ? terminal.stdin : file, lines, grouping, size => terminal.progress(size))
    return null
  } catch (error) {
    if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code
    throw error
  }
}

function badLinesIn({ bad, badCount }: VoteLines, file: string, text: Text): string {
  const reasons = bad.map(({ line, problem }) => text.cli.badLine(line, text.cli.line[problem.code](problem.what)))
  const more = badCount > bad.length ? [text.cli.moreBadLines(badCount - bad.length)] : []
  return [text.cli.badLines(file, badCount), ...reasons, ...more].join('\n')
}

function inJson(rated: RatedTallies, text: Text) {
  const { position, busiest } = rated
  return {
    mode: rated.mode,
    votes: rated.votes,
    models: rated.models.map(model => ({
      model: model.model,
      rating: rounded(model.rating),
      lower: rounded(model.lower),
      upper: rounded(model.upper),
      rank: model.rank,
      votes: model.votes,
      provisional: model.provisional,
      comparisons: model.comparisons,
      wins: model.wins,
      ties: model.ties,
      both_bad: model.bothBad,
      win_rate: model.winRate && rounded(model.winRate.rate),
      win_rate_lower: model.winRate && rounded(model.winRate.lower),
      win_rate_upper: model.winRate && rounded(model.winRate.upper),
      both_bad_rate: rounded(model.bothBadRate.rate),
      both_bad_lower: rounded(model.bothBadRate.lower),
      both_bad_upper: rounded(model.bothBadRate.upper),
      component: model.component,
      maximum_exists: model.maximumExists,
      undefeated: model.undefeated,
    })),
    pairs: rated.pairs.map(pair => ({
      a: pair.a,
      b: pair.b,
      p_a_better: rounded(pair.aBetter),
      difference: rounded(pair.difference),
      lower: rounded(pair.lower),
      upper: rounded(pair.upper),
    })),
    components: rated.components,
    comparisons: rated.comparisons,
    voters: rated.voters,
    position_bias: position && {
      first: position.first,
      second: position.second,
      rate: rounded(position.rate),
      lower: rounded(position.lower),
      upper: rounded(position.upper),
    },
    busiest_voter: busiest && {
      voter: busiest.voter,
      votes: busiest.votes,
      share: rounded(busiest.share),
      order_without: busiest.orderWithout,
      changes_order: busiest.changesOrder,
    },
    sentence: verdictSentence(verdictOf(rated), text),
  }
}

/** A millionth is far below what any vote can tell, and above what the order of votes can change. */
function rounded(value: number): number {
  return Math.round(value * 1e6) / 1e6
}
