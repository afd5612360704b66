/** Ballots that were held: comparisons with their answers and votes, written through the store as the app writes them. */
import { v7 as newId } from 'uuid'
import { type Category, type Choice, type Comparison, type Label, labels } from '../../src/core/comparison.ts'
import type { ModelId } from '../../src/core/model.ts'
import type { AnswerOutcome, Person, Store } from '../../src/core/ports.ts'

export const answered = {
  status: 'done',
  failure: null,
  text: '**Forty-two.**',
  endReason: 'stop',
  promptTokens: 12,
  completionTokens: 3,
  costMicros: 345,
  currency: 'USD',
  firstTokenMs: 120,
  durationMs: 900,
  namedItself: false,
} satisfies AnswerOutcome

/** People of one workspace; the first one asks. */
export type Team = { store: Store; workspaceId: string; people: readonly Person[] }

export type HeldBallot = {
  /** In the order of the labels. */
  models: readonly ModelId[]
  prompt?: string
  channel?: string
  place?: string
  category?: Category | null
  blind?: boolean
  askedBy?: number
  at?: Date
  /** Cast when it was asked, unless they say otherwise. */
  votes?: readonly { by: number; choice: Choice; at?: Date }[]
  end?: Comparison['status']
  closedAt?: Date
  /** `null`: never finished. */
  answers?: Partial<Record<Label, AnswerOutcome | null>>
}

export async function newTeam(
  store: Store,
  size: number,
  where?: { workspaceId: string },
): Promise<Team & { people: Person[] }> {
  const workspaceId = where?.workspaceId ?? (await store.people.workspace('discord', newId()))
  const people = await Promise.all(
    Array.from({ length: size }, (_, n) =>
      store.people.person(workspaceId, newId(), { name: `Voter ${n + 1} ${newId()}` }),
    ),
  )
  return { store, workspaceId, people }
}

/** Asked, answered, voted on and closed, at once unless it says otherwise. Returns the comparison's id. */
export async function hold({ store, workspaceId, people }: Team, ballot: HeldBallot): Promise<string> {
  const { at = new Date('2026-11-23T12:00:00.000Z'), end = 'revealed', votes = [] } = ballot
  const id = newId()
  const used = labels.slice(0, ballot.models.length)
  await store.comparisons.create({
    id,
    workspaceId,
    channel: ballot.channel ?? 'general',
    askerId: people[ballot.askedBy ?? 0]?.id ?? '',
    prompt: ballot.prompt ?? 'Why?',
    category: ballot.category ?? null,
    blind: ballot.blind ?? true,
    locale: 'en',
    createdAt: at,
    closesAt: new Date(at.getTime() + 30 * 86_400_000),
    ...(ballot.place !== undefined && { place: ballot.place }),
    contestants: used.flatMap((label, place) => {
      const model = ballot.models[place]
      return model ? [{ label, model }] : []
    }),
  })
  for (const label of used) {
    const given = ballot.answers?.[label]
    const ref = { comparisonId: id, label }
    const run = await store.answers.begin(ref)
    if (given !== null && run !== undefined) await store.answers.finish(ref, run, given ?? answered)
  }
  for (const { by, choice, at: castAt = at } of votes) {
    if (!(await store.votes.cast(id, people[by]?.id ?? '', choice, castAt))) throw new Error('the ballot is closed')
  }
  if (end !== 'open') await store.comparisons.close(id, end, ballot.closedAt ?? at)
  return id
}
