/** A week of votes, as comparisons on a platform leave them in the rows. */
import { labels } from '../../src/core/comparison.ts'
import type { ModelId } from '../../src/core/model.ts'
import type { Store } from '../../src/core/ports.ts'
import { hold } from '../contract/ballots.ts'

export type AWeek = {
  workspaceId: string
  channel: string
  place: string
  /** When they were asked, voted on and revealed. */
  at: Date
  prompt?: string
  models?: readonly ModelId[]
  /** By comparison: how many votes for each model in turn. */
  votes: readonly (readonly number[])[]
  /** The platform's id of a ballot's post. */
  postedAs: (number: number) => string
}

const names = ['Ada', 'Bo', 'Cleo', 'Dan', 'Eve', 'Finn', 'Gus', 'Hana', 'Ida', 'Jo']

/** Ada asks, and everybody from her on votes. All ballots are blind and revealed. */
export async function votesCast(store: Store, week: AWeek): Promise<void> {
  const { workspaceId, prompt = 'Why is the sky blue?', models = ['test/model-1', 'test/model-2'] } = week
  const people = await Promise.all(names.map(name => store.people.person(workspaceId, name, { name })))
  for (const [number, counts] of week.votes.entries()) {
    const choices = counts.flatMap((count, place) => Array.from({ length: count }, () => labels[place] ?? 'A'))
    const id = await hold(
      { store, workspaceId, people },
      {
        models,
        prompt: `${prompt} ${number}`,
        channel: week.channel,
        place: week.place,
        category: 'coding',
        at: week.at,
        votes: choices.map((choice, by) => ({ by, choice })),
      },
    )
    await store.posts.record(id, 'ballot', week.postedAs(number))
  }
}
