/** From a person's wish to a stored comparison with its ballot and its jobs, and back to what people see of it. */
import { type AnswerState, answerStateOf, type Ballot, ballotOf } from './ballot.ts'
import {
  type Category,
  type Choice,
  type Comparison,
  contestantsNeeded,
  type Label,
  labels,
  type Platform,
} from './comparison.ts'
import { asFaceoffError, FaceoffError } from './errors.ts'
import { type ModelId, providerOf } from './model.ts'
import { nearest } from './nearest.ts'
import type { Catalogue, NewComparison, Parts, Person } from './ports.ts'
import { chatFor, existing } from './showing.ts'
import type { Locale } from './text/index.ts'

/** Characters of a prompt: about 10,000 tokens, which every model of the catalogue takes. */
export const promptLimit = 40_000

export type CompareRequest = {
  /** Where the platform may deliver the same wish twice: the second one finds what the first one made. */
  id?: string
  workspaceId: string
  platform: Platform
  channel: string
  /** Where the platform shows it, in its own words. */
  place?: string
  asker: Person
  prompt: string
  /** Empty: the defaults. */
  models: readonly string[]
  category: Category | null
  blind: boolean
  locale: Locale
}

/** A comparison as one person may see it: the ballot, every answer's text, and that person's own vote. */
export type ComparisonView = { ballot: Ballot; answers: AnswerState[]; ownChoice: Choice | null }

/**
 * Stores the comparison, posts its ballot and adds its jobs, in this order. Where the platform refuses the ballot the
 * comparison is void and the platform's error is thrown: nobody pays for answers that nobody can see. Where the queue
 * cannot be reached the sweep adds the jobs later.
 */
export async function startComparison(parts: Parts, request: CompareRequest): Promise<Ballot> {
  const { store, catalogue, clock, log } = parts
  const wish = planned(parts, request)
  await store.comparisons.create(wish)
  const comparison = await existing(parts, wish.id)
  const ballot = ballotOf(comparison, catalogue)
  try {
    await chatFor(parts, request.platform).showBallot(ballot)
  } catch (thrown) {
    await store.comparisons.close(comparison.id, 'void', clock.now())
    throw asFaceoffError(thrown)
  }
  for (const [provider, ids] of byProvider(comparison.contestants)) {
    const refs = ids.map(({ label }) => ({ comparisonId: comparison.id, label }))
    await parts.queue.add(provider, refs).catch(error => {
      log.warn({ err: error, provider, comparisonId: comparison.id }, 'jobs not added, left to the sweep')
    })
  }
  return ballot
}

export async function viewOf(parts: Parts, comparisonId: string, viewer: Person | null): Promise<ComparisonView> {
  const comparison = await existing(parts, comparisonId)
  const own = viewer ? await parts.store.votes.own(viewer.id, [comparisonId]) : undefined
  return asSeen(comparison, parts.catalogue, own?.get(comparisonId))
}

export async function recentViews(
  parts: Parts,
  where: { workspaceId: string; channel?: string; before?: string; limit: number },
  viewer: Person | null,
): Promise<ComparisonView[]> {
  const comparisons = await parts.store.comparisons.recent(where)
  const ids = comparisons.map(comparison => comparison.id)
  const own = viewer && ids.length > 0 ? await parts.store.votes.own(viewer.id, ids) : undefined
  return comparisons.map(comparison => asSeen(comparison, parts.catalogue, own?.get(comparison.id)))
}

function planned(parts: Parts, request: CompareRequest): NewComparison {
  const prompt = cleaned(request.prompt)
  if (prompt.trim() === '') throw new FaceoffError({ code: 'prompt_empty' })
  if (prompt.length > promptLimit) {
    throw new FaceoffError({ code: 'prompt_too_long', length: prompt.length, limit: promptLimit })
  }
  const models = chosenModels(request.models, parts.catalogue)
  const createdAt = parts.clock.now()
  return {
    id: request.id ?? parts.newId(),
    workspaceId: request.workspaceId,
    channel: request.channel,
    ...(request.place !== undefined && { place: request.place }),
    askerId: request.asker.id,
    prompt,
    category: request.category,
    blind: request.blind,
    locale: request.locale,
    createdAt,
    closesAt: new Date(createdAt.getTime() + parts.votingMs),
    contestants: labelled(models, parts.random),
  }
}

/** PostgreSQL stores no NUL, and a lone surrogate is no text; line ends become `\n`. */
function cleaned(prompt: string): string {
  return prompt.toWellFormed().replaceAll('\0', '').replace(/\r\n?/g, '\n')
}

function chosenModels(wanted: readonly string[], catalogue: Catalogue): ModelId[] {
  if (wanted.length === 0) {
    const defaults = [...catalogue.defaults()]
    if (defaults.length < contestantsNeeded) throw new FaceoffError({ code: 'too_few_models', given: 0 })
    return defaults
  }
  const models = catalogue.models()
  const chosen = wanted.map(name => {
    const model = models.find(({ id }) => id.toLowerCase() === name.toLowerCase())
    if (model) return model.id
    const suggestion = nearest(
      name,
      models.map(({ id }) => id),
    )
    throw new FaceoffError({ code: 'model_unknown', model: name, suggestion })
  })
  const twice = chosen.find((id, index) => chosen.indexOf(id) !== index)
  if (twice !== undefined) throw new FaceoffError({ code: 'model_twice', model: twice })
  if (chosen.length < contestantsNeeded) throw new FaceoffError({ code: 'too_few_models', given: chosen.length })
  if (chosen.length > labels.length) {
    throw new FaceoffError({ code: 'too_many_models', given: chosen.length, limit: labels.length })
  }
  return chosen
}

/** Labels in a random order (Fisher–Yates), so that a label says nothing about the model. */
function labelled(models: readonly ModelId[], random: () => number): { label: Label; model: ModelId }[] {
  const shuffled = [...models]
  for (let last = shuffled.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1))
    const [a, b] = [shuffled[last], shuffled[other]]
    if (a !== undefined && b !== undefined) [shuffled[last], shuffled[other]] = [b, a]
  }
  return labels.flatMap((label, index) => {
    const model = shuffled[index]
    return model === undefined ? [] : [{ label, model }]
  })
}

function byProvider(
  contestants: readonly { label: Label; model: ModelId }[],
): Map<string, { label: Label; model: ModelId }[]> {
  return Map.groupBy(contestants, ({ model }) => providerOf(model))
}

function asSeen(comparison: Comparison, catalogue: Catalogue, ownChoice: Choice | undefined): ComparisonView {
  return {
    ballot: ballotOf(comparison, catalogue),
    answers: comparison.contestants.map(contestant => answerStateOf(comparison, contestant, catalogue)),
    ownChoice: ownChoice ?? null,
  }
}
