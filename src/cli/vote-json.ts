/** What one line of a file of votes means. */
import type { Text } from '../core/text/index.ts'
import { bothBad, tie } from './grouping.ts'

/** Fields of a line that mean something; `models` stands in for the first two. */
export const fields = ['model_a', 'model_b', 'winner', 'judge', 'question_id', 'battle'] as const
export type Field = (typeof fields)[number]

/** `choice`: a place among `models`, or `tie` or `bothBad`. `question` and `judge`: null where the line has none. */
export type ReadVote = { models: string[]; choice: number; question: string | null; judge: string | null }

/** What is the matter with a line; `what`: the field, the winner or the model in question. */
export type LineProblem = { code: keyof Text['cli']['line']; what: string }

/** Throws a `BadVote` for whatever is no vote. */
export function readVote(line: string): ReadVote {
  const object = objectIn(line)
  const question = idIn(object, 'battle') ?? idIn(object, 'question_id')
  const judge = idIn(object, 'judge')
  if (object.models !== undefined) {
    const models = modelsIn(object.models)
    return { models, choice: choiceAmong(models, winnerIn(object)), question, judge }
  }
  const models = [nameIn(object, 'model_a'), nameIn(object, 'model_b')]
  const winner = winnerIn(object)
  const choice = choiceOfPair(winner)
  if (choice === null) throw new BadVote('winner_unknown', winner)
  return { models, choice, question, judge }
}

/** No more of a file is repeated in a message. */
const longestQuote = 40

export class BadVote extends Error {
  readonly problem: LineProblem

  constructor(code: LineProblem['code'], what = '') {
    super(code)
    this.problem = { code, what: what.length > longestQuote ? `${what.slice(0, longestQuote)}…` : what }
  }
}

function objectIn(line: string): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    throw new BadVote('not_json')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new BadVote('not_an_object')
  return { ...value }
}

function choiceOfPair(winner: string): number | null {
  if (winner === 'model_a') return 0
  if (winner === 'model_b') return 1
  return drawOf(winner)
}

/** A model's name goes before its place: a model may be called `model_b`. */
function choiceAmong(models: readonly string[], winner: string): number {
  const byName = models.indexOf(winner)
  if (byName >= 0) return byName
  const place = /^model_[a-z]$/.test(winner) ? winner.charCodeAt(6) - 0x61 : models.length
  if (place < models.length) return place
  const draw = drawOf(winner)
  if (draw === null) throw new BadVote('winner_unknown', winner)
  return draw
}

function drawOf(winner: string): number | null {
  if (winner === 'tie') return tie
  return winner === 'tie (bothbad)' ? bothBad : null
}

function modelsIn(value: unknown): string[] {
  if (!Array.isArray(value)) throw new BadVote('not_a_name', 'models')
  if (value.length === 0) throw new BadVote('models_empty')
  const models = value.map(model => {
    if (typeof model !== 'string' || model === '') throw new BadVote('not_a_name', 'models')
    return model
  })
  const twice = models.find((model, at) => models.indexOf(model) !== at)
  if (twice !== undefined) throw new BadVote('model_twice', twice)
  return models
}

function nameIn(object: Record<string, unknown>, field: Field): string {
  const value = object[field]
  if (value === undefined) throw new BadVote('field_missing', field)
  if (typeof value !== 'string' || value === '') throw new BadVote('not_a_name', field)
  return value
}

function winnerIn(object: Record<string, unknown>): string {
  const { winner } = object
  if (winner === undefined) throw new BadVote('field_missing', 'winner')
  if (typeof winner !== 'string') throw new BadVote('winner_unknown', JSON.stringify(winner))
  return winner
}

/** Null, empty and missing are the same; a number is the same as the string of its digits. */
function idIn(object: Record<string, unknown>, field: Field): string | null {
  const value = object[field]
  if (value === undefined || value === null || value === '') return null
  if (typeof value === 'string') return value
  if (typeof value !== 'number') throw new BadVote('not_a_name', field)
  // JSON.parse rounds larger integers: two comparisons could become one.
  if (Math.abs(value) > Number.MAX_SAFE_INTEGER) throw new BadVote('not_exact', field)
  return String(value)
}
