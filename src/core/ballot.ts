/**
 * What platforms are given: a comparison as people may see it now. Blindness is a matter of types here: before the
 * reveal a ballot has no field for cost, speed or counts, and `model` is null unless the asker wished an open ballot.
 */
import { GrowingMask, holdsName, maskNames } from './blind.ts'
import type {
  Answer,
  AnswerStatus,
  Category,
  Choice,
  Comparison,
  Contestant,
  Label,
  Platform,
  Tally,
} from './comparison.ts'
import type { FailureCode } from './errors.ts'
import type { Model, ModelId } from './model.ts'
import type { Catalogue } from './ports.ts'
import type { Locale } from './text/index.ts'

/** `running`: at least one answer is not final. `open`: all are, and people vote. */
export type BallotPhase = 'running' | 'open' | 'revealed' | 'void'

export type Entry = {
  label: Label
  status: AnswerStatus
  failure: FailureCode | null
  retryAt: Date | null
  /** Null while hidden. */
  model: { id: ModelId; name: string } | null
  /** True when a name was masked in this answer, or would have been. */
  namedItself: boolean
  /** The answer ended at the model's token limit. */
  cut: boolean
}

/** What the reveal adds, by label. */
export type Result = Pick<
  Answer,
  'promptTokens' | 'completionTokens' | 'costMicros' | 'currency' | 'firstTokenMs' | 'durationMs'
> & { label: Label; votes: number }

export type Results = { byLabel: Result[]; ties: number; bothBad: number; winners: Label[] }

export type Ballot = {
  comparisonId: string
  workspaceId: string
  platform: Platform
  channel: string
  place: string | null
  locale: Locale
  asker: { id: string; name: string }
  prompt: string
  category: Category | null
  blind: boolean
  phase: BallotPhase
  createdAt: Date
  closesAt: Date
  stopping: boolean
  entries: Entry[]
  /** What can be voted for now: what can be read. */
  choices: Choice[]
  /** How many people have a vote on it. */
  voted: number
  /** Null until the reveal. */
  results: Results | null
}

/** One answer as people may read it now. `text` is whole and already masked. */
export type AnswerState = {
  comparisonId: string
  place: string | null
  label: Label
  /** The run that wrote it: a platform that keeps drafts passes it back to the store. */
  run: number
  text: string
  entry: Entry
  locale: Locale
}

const final: ReadonlySet<AnswerStatus> = new Set(['done', 'stopped', 'failed'])

export function isFinal(answer: Pick<Answer, 'status'>): boolean {
  return final.has(answer.status)
}

/** An answer that can be read to its end, or to where somebody stopped it. */
export function isReadable(answer: Pick<Answer, 'status' | 'text'>): boolean {
  return answer.status === 'done' || (answer.status === 'stopped' && answer.text !== '')
}

export function phaseOf(comparison: Comparison): BallotPhase {
  if (comparison.status !== 'open') return comparison.status
  return comparison.contestants.every(contestant => isFinal(contestant.answer)) ? 'open' : 'running'
}

/** Votes are for what can be read: a label once its answer is there, `tie` and `both_bad` once two are. */
export function openChoices(comparison: Comparison): Choice[] {
  if (comparison.status !== 'open') return []
  const readable = comparison.contestants.filter(contestant => isReadable(contestant.answer)).map(({ label }) => label)
  return readable.length < 2 ? readable : [...readable, 'tie', 'both_bad']
}

export function ballotOf(comparison: Comparison, catalogue: Catalogue): Ballot {
  return {
    comparisonId: comparison.id,
    workspaceId: comparison.workspaceId,
    platform: comparison.platform,
    channel: comparison.channel,
    place: comparison.place,
    locale: comparison.locale,
    asker: comparison.asker,
    prompt: comparison.prompt,
    category: comparison.category,
    blind: comparison.blind,
    phase: phaseOf(comparison),
    createdAt: comparison.createdAt,
    closesAt: comparison.closesAt,
    stopping: comparison.stopRequestedAt !== null,
    entries: comparison.contestants.map(contestant => entryOf(comparison, contestant, catalogue)),
    choices: openChoices(comparison),
    voted: comparison.voted,
    results: resultsOf(comparison),
  }
}

/** The answer under `contestant.label`, as it is stored. */
export function answerStateOf(comparison: Comparison, contestant: Contestant, catalogue: Catalogue): AnswerState {
  const { run, text } = contestant.answer
  const names = namesHiddenIn(comparison, catalogue)
  // A text that broke off may end in the middle of a name, as one that still grows.
  const masked = isWhole(contestant.answer) ? maskNames(text, names) : new GrowingMask(names).shown(text)
  return stateOf(comparison, contestant, catalogue, run, masked)
}

function isWhole({ status, endReason }: Answer): boolean {
  return status === 'done' && endReason !== 'length'
}

/** The answer while `run` writes it: a function from its text so far, which only grows, to its state. */
export function draftStates(
  comparison: Comparison,
  contestant: Contestant,
  catalogue: Catalogue,
  run: number,
): (text: string) => AnswerState {
  const streaming: Contestant = { ...contestant, answer: { ...contestant.answer, status: 'streaming' } }
  const mask = new GrowingMask(namesHiddenIn(comparison, catalogue))
  return text => stateOf(comparison, streaming, catalogue, run, mask.shown(text))
}

function stateOf(
  comparison: Comparison,
  contestant: Contestant,
  catalogue: Catalogue,
  run: number,
  text: string,
): AnswerState {
  return {
    comparisonId: comparison.id,
    place: comparison.place,
    label: contestant.label,
    run,
    text,
    entry: entryOf(comparison, contestant, catalogue),
    locale: comparison.locale,
  }
}

/** True when `text` gives away who wrote it. */
export function namesItself(text: string, model: Model): boolean {
  return holdsName(text, namesOf(model))
}

function hidesNames(comparison: Comparison): boolean {
  return comparison.blind && comparison.status === 'open'
}

function namesHiddenIn(comparison: Comparison, catalogue: Catalogue): string[] {
  if (!hidesNames(comparison)) return []
  return comparison.contestants.flatMap(({ model }) => namesOf(modelOf(model, catalogue)))
}

function namesOf(model: Model): string[] {
  return [...model.aliases, model.name, model.id.slice(model.id.indexOf('/') + 1)]
}

function entryOf(comparison: Comparison, { label, model, answer }: Contestant, catalogue: Catalogue): Entry {
  return {
    label,
    status: answer.status,
    failure: answer.failure,
    retryAt: answer.retryAt,
    model: hidesNames(comparison) ? null : { id: model, name: modelOf(model, catalogue).name },
    namedItself: answer.namedItself,
    cut: answer.endReason === 'length',
  }
}

/** A model that has left the catalogue since keeps its id as its name. */
function modelOf(id: ModelId, catalogue: Catalogue): Model {
  const known = catalogue.models().find(model => model.id === id)
  return (
    known ?? {
      id,
      provider: id.slice(0, id.indexOf('/')),
      name: id,
      aliases: [],
      contextTokens: null,
      price: null,
      region: null,
    }
  )
}

function resultsOf(comparison: Comparison): Results | null {
  if (comparison.status === 'open' || comparison.tally === null) return null
  const tally: Tally = comparison.tally
  const byLabel = comparison.contestants.map(({ label, answer }) => ({
    label,
    votes: tally[label] ?? 0,
    promptTokens: answer.promptTokens,
    completionTokens: answer.completionTokens,
    costMicros: answer.costMicros,
    currency: answer.currency,
    firstTokenMs: answer.firstTokenMs,
    durationMs: answer.durationMs,
  }))
  const ties = tally.tie ?? 0
  const bothBad = tally.both_bad ?? 0
  const most = Math.max(...byLabel.map(result => result.votes))
  const top = byLabel.filter(result => result.votes === most).map(result => result.label)
  // A winner has more votes than every other label and than each way of naming none.
  const winners = most > 0 && most >= Math.max(ties, bothBad) ? top : []
  return { byLabel, ties, bothBad, winners }
}
