/** Seven ballots in the console: three people, three models of which two are in the catalogue, two categories, two weeks. */
import { hold, newTeam } from '../contract/ballots.ts'
import type { AConsole } from './a-console.ts'

export const [one, two, gone] = ['test/model-1', 'test/model-2', 'vendor/gone'] as const

export async function castVotes({ store, workspaceId }: Pick<AConsole, 'store' | 'workspaceId'>): Promise<string[]> {
  const team = await newTeam(store, 3, { workspaceId })
  const ids: string[] = []
  const pairs = [
    [one, two],
    [two, gone],
    [gone, one],
  ] as const
  for (let n = 0; n < 7; n++) {
    const models = pairs[n % 3] ?? [one, two]
    ids.push(
      await hold(team, {
        models,
        prompt: 'Why is the sky blue?',
        channel: 'arena',
        category: n % 3 === 0 ? 'coding' : 'writing',
        askedBy: n % 3,
        at: new Date(Date.UTC(2026, 10, n < 3 ? 10 : 24, 12)),
        votes: team.people.map((_, by) => ({
          by,
          choice: (by + n) % 4 === 0 ? 'tie' : (by + n) % 3 === 0 ? 'B' : 'A',
        })),
      }),
    )
  }
  return ids
}
