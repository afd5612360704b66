/** What every store keeps of the promise of `Tallies`: rows that say exactly what the votes say. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Category, type Choice, labels } from '../../src/core/comparison.ts'
import type { ModelId } from '../../src/core/model.ts'
import type { Store } from '../../src/core/ports.ts'
import { type KeptTallies, momentsOf, rateKept, styleOf, tallyOf, type Vote } from '../../src/core/rating/index.ts'
import { answered, hold, newTeam } from './ballots.ts'

const noon = new Date('2026-11-23T12:00:00.000Z')
const weekMs = 7 * 86_400_000

export function talliesContract(storeUnderTest: () => Store): void {
  /** A workspace of its own. */
  const arena = (voters: number) => newTeam(storeUnderTest(), voters)

  const read = (store: Store, workspaceId: string, category: Category | null = null, since: Date | null = null) =>
    store.tallies.read({ workspaceId, category, since })

  test('count the votes on revealed ballots, by the order of the labels', async () => {
    const team = await arena(3)
    const vote = (by: number, choice: Choice) => ({ by, choice })
    await hold(team, { models: ['demo/x', 'demo/y'], votes: [vote(0, 'A'), vote(1, 'A'), vote(2, 'tie')] })
    await hold(team, { models: ['demo/x', 'demo/y'], votes: [vote(0, 'B')] })
    await hold(team, { models: ['demo/y', 'demo/x'], votes: [vote(0, 'both_bad')] })
    await hold(team, { models: ['demo/x', 'demo/y'], votes: [] })

    const { ballots, position, voters } = await read(team.store, team.workspaceId)

    expect(sorted(ballots)).toEqual([
      { models: ['demo/x', 'demo/y'], comparisons: 2, counts: [2, 1, 1, 0], products: [4, 0, 2, 0, 1, 0, 0, 1, 0, 0] },
      { models: ['demo/y', 'demo/x'], comparisons: 1, counts: [0, 0, 0, 1], products: [0, 0, 0, 0, 0, 0, 0, 0, 0, 1] },
    ])
    expect(position).toMatchObject({ comparisons: 3, first: 2, second: 1, firstSquared: 4, firstBySecond: 0 })
    expect(voters.known).toBe(3)
    expect(voters.busiest?.voter).toBe(team.people[0]?.id)
    expect(voters.votes.times).toHaveLength(0)
  })

  test('can be read without the votes of each voter: how many there are and who is the busiest stays', async () => {
    const team = await arena(25)
    const models = ['demo/x', 'demo/y'] as const
    const votes = Array.from({ length: 25 }, (_, by) => ({ by, choice: by % 3 === 0 ? 'A' : 'tie' }) as const)
    await hold(team, { models, votes })
    await hold(team, { models: ['demo/y', 'demo/z', 'demo/x'], votes: votes.slice(7, 12) })
    await hold(team, { models, votes: votes.slice(9, 10) })

    for (const since of [null, new Date(noon.getTime() - weekMs)]) {
      const scope = { workspaceId: team.workspaceId, category: null, since }
      const all = await team.store.tallies.read(scope)
      const less = await team.store.tallies.read(scope, false)

      expect(all.voters.known).toBe(25)
      expect(all.voters.busiest?.voter).toBe(team.people[9]?.id)
      expect(all.voters.votes.times).toHaveLength(25)
      expect(less.voters.votes.times).toHaveLength(0)
      expect({ ...less, ballots: sorted(less.ballots), voters: [less.voters.known, busiestOf(less)] }).toEqual({
        ...all,
        ballots: sorted(all.ballots),
        voters: [all.voters.known, busiestOf(all)],
      })
      expect(rateKept(less, 'arena')).toEqual(rateKept(all, 'arena'))
    }
  })

  test('leave out what is open, void or was not blind', async () => {
    const team = await arena(1)
    const votes = [{ by: 0, choice: 'A' }] as const
    await hold(team, { models: ['demo/x', 'demo/y'], votes, end: 'open' })
    await hold(team, { models: ['demo/x', 'demo/y'], votes, end: 'void' })
    await hold(team, { models: ['demo/x', 'demo/y'], votes, blind: false })

    expect(await read(team.store, team.workspaceId)).toMatchObject({ ballots: [], measured: [], voters: { known: 0 } })
  })

  test('hold only the answers that could be voted for', async () => {
    const team = await arena(1)
    const failed = { ...answered, status: 'failed', failure: 'provider_down', text: '' } as const
    const models = ['demo/x', 'demo/y', 'demo/z', 'demo/late'] as const
    const id = await hold(team, {
      models,
      votes: [{ by: 0, choice: 'C' }],
      answers: { B: failed, D: null },
    })
    await team.store.answers.finish({ comparisonId: id, label: 'D' }, 1, { ...answered, status: 'stopped' })

    const { ballots } = await read(team.store, team.workspaceId)

    expect(ballots).toMatchObject([{ models: ['demo/x', 'demo/z'], counts: [0, 1, 0, 0] }])
    expect((await team.store.tallies.check()).wrong).toBe(0)
  })

  test('can be had by category and since a week', async () => {
    const team = await arena(1)
    const votes = [{ by: 0, choice: 'A' }] as const
    const pair = (one: string): ModelId[] => [`demo/${one}`, 'demo/other']
    await hold(team, { models: pair('coding-now'), votes, category: 'coding' })
    await hold(team, { models: pair('none-now'), votes })
    await hold(team, { models: pair('sunday'), votes, at: new Date('2026-11-22T23:59:59Z') })
    await hold(team, {
      models: pair('old'),
      votes,
      category: 'coding',
      at: new Date(noon.getTime() - 3 * weekMs),
    })
    const monday = new Date('2026-11-23T00:00:00Z')
    const firsts = async (category: Category | null, since: Date | null) =>
      sorted((await read(team.store, team.workspaceId, category, since)).ballots).map(({ models }) => models[0])

    expect(await firsts(null, null)).toEqual(['demo/coding-now', 'demo/none-now', 'demo/old', 'demo/sunday'])
    expect(await firsts(null, monday)).toEqual(['demo/coding-now', 'demo/none-now'])
    expect(await firsts('coding', null)).toEqual(['demo/coding-now', 'demo/old'])
    expect(await firsts('coding', monday)).toEqual(['demo/coding-now'])
    expect(await firsts('writing', null)).toEqual([])
    const weeks = await team.store.tallies.weeks({ workspaceId: team.workspaceId, category: null })
    expect(weeks.map(({ week, ballots }) => [week.toISOString().slice(0, 10), ballots.length])).toEqual([
      ['2026-11-02', 1],
      ['2026-11-16', 1],
      ['2026-11-23', 2],
    ])
  })

  test('know the median time to the first token and the cost of an answer', async () => {
    const team = await arena(1)
    for (const [at, firstTokenMs] of [100, 3_000, 200].entries()) {
      const measured = { ...answered, firstTokenMs, costMicros: 100 * (at + 1) }
      const unknown = { ...answered, firstTokenMs: null, costMicros: null, currency: null }
      await hold(team, { models: ['demo/x', 'demo/y'], answers: { A: measured, B: unknown } })
    }

    const { measured } = await read(team.store, team.workspaceId)

    expect(measured).toMatchObject([{ model: 'demo/x', costMicros: 200, currency: 'USD' }])
    expect(Math.abs((measured[0]?.firstTokenMs ?? 0) / 200 - 1)).toBeLessThan(0.01)
  })

  test('give the votes with the style of the answers, newest comparisons first', async () => {
    const team = await arena(2)
    const plain = { ...answered, text: 'Plain.' }
    await hold(team, { models: ['demo/x', 'demo/y'], votes: [{ by: 0, choice: 'B' }] })
    await hold(team, { models: ['demo/x', 'demo/y'], votes: [{ by: 1, choice: 'A' }], answers: { B: plain } })
    const scope = { workspaceId: team.workspaceId, category: null, since: null }

    const all = await team.store.tallies.styled(scope, 100)
    const newest = await team.store.tallies.styled(scope, 1)

    expect(all.voters).toBe(2)
    expect(all.comparisons.map(({ wins }) => wins)).toEqual([
      [0, 1],
      [1, 0],
    ])
    expect(newest.comparisons).toEqual([
      {
        models: ['demo/x', 'demo/y'],
        wins: [1, 0],
        ties: 0,
        bothBad: 0,
        styles: [styleOf(answered.text), styleOf(plain.text)],
      },
    ])
  })

  test('rate as the votes one by one do, with voters too where there are enough', async () => {
    const team = await arena(21)
    const models = ['demo/x', 'demo/y', 'demo/z'] as const
    const given: Vote[] = []
    for (let round = 0; round < 6; round++) {
      const shown =
        round % 2 === 0 ? models : ([models[round % 3] ?? models[0], models[(round + 1) % 3] ?? models[1]] as const)
      const votes = team.people.flatMap((person, by) => {
        if ((by + round) % 4 === 3) return []
        const all: Choice[] = [...labels.slice(0, shown.length), 'tie', 'both_bad']
        const choice = all[(by * 7 + round * 3) % all.length] ?? 'tie'
        const winner = choice === 'tie' || choice === 'both_bad' ? null : shown[labels.indexOf(choice)]
        given.push({
          models: shown,
          choice: winner ? { winner } : choice === 'tie' ? 'tie' : 'both_bad',
          comparison: String(round),
          voter: person.id,
        })
        return [{ by, choice }]
      })
      await hold(team, { models: shown, votes })
    }

    const kept = await read(team.store, team.workspaceId)

    for (const mode of ['team', 'arena'] as const) {
      expect(rounded(rateKept(kept, mode))).toEqual(rounded(rateKept(momentsOf(tallyOf(given)), mode)))
    }
    expect(kept.voters.votes.times).toHaveLength(21)
  })

  test('name the ballots that count, page by page', async () => {
    const team = await arena(2)
    const votes = [
      { by: 1, choice: 'B' },
      { by: 0, choice: 'both_bad' },
    ] as const
    const first = await hold(team, { models: ['demo/x', 'demo/y'], votes, category: 'coding' })
    await hold(team, { models: ['demo/x', 'demo/y'] })
    const second = await hold(team, { models: ['demo/y', 'demo/z', 'demo/x'], votes: votes.slice(0, 1) })
    const before = `${first.slice(0, -1)}`

    const pages = [
      await team.store.tallies.ballots(before, 1),
      await team.store.tallies.ballots(first, 1),
      await team.store.tallies.ballots(second, 1),
    ]

    const [ada, bob] = team.people
    expect(pages).toEqual([
      [
        {
          comparisonId: first,
          category: 'coding',
          revealedAt: noon,
          models: ['demo/x', 'demo/y'],
          votes: expect.arrayContaining([
            { voterId: bob?.id, choice: 'demo/y' },
            { voterId: ada?.id, choice: 'both_bad' },
          ]),
        },
      ],
      [expect.objectContaining({ comparisonId: second, votes: [{ voterId: bob?.id, choice: 'demo/z' }] })],
      [],
    ])
  })

  test('are checked against the votes and rebuilt from them', async () => {
    const { store } = await arena(1)
    const before = await store.tallies.check()

    await store.tallies.rebuild()

    expect(before.wrong).toBe(0)
    expect(before.rows).toBeGreaterThan(0)
    expect(await store.tallies.check()).toEqual(before)
  })

  test('stay exact whatever is voted, in any order of votes and closings', async () => {
    const choices: Choice[] = ['A', 'B', 'C', 'tie', 'both_bad']
    const step = fc.oneof(
      fc.record({
        kind: fc.constant('cast' as const),
        ballot: fc.nat(2),
        by: fc.nat(2),
        choice: fc.constantFrom(...choices),
      }),
      fc.record({ kind: fc.constant('withdraw' as const), ballot: fc.nat(2), by: fc.nat(2) }),
      fc.record({ kind: fc.constant('close' as const), ballot: fc.nat(2) }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 14 }), async steps => {
        const team = await arena(3)
        const models = ['demo/x', 'demo/y', 'demo/z'] as const
        const ids: string[] = []
        for (let n = 0; n < 3; n++) ids.push(await hold(team, { models, end: 'open' }))
        const votes = ids.map(() => new Map<number, Choice>())
        const closed = new Set<number>()
        for (const taken of steps) {
          const id = ids[taken.ballot] ?? ''
          const own = votes[taken.ballot]
          const voter = taken.kind === 'close' ? '' : (team.people[taken.by]?.id ?? '')
          if (taken.kind === 'close') {
            await team.store.comparisons.close(id, 'revealed', noon)
            closed.add(taken.ballot)
          } else if (taken.kind === 'cast') {
            if (await team.store.votes.cast(id, voter, taken.choice, noon)) own?.set(taken.by, taken.choice)
          } else if (await team.store.votes.withdraw(id, voter)) own?.delete(taken.by)
        }

        const { ballots } = await read(team.store, team.workspaceId)

        const expected = [0, 0, 0, 0, 0]
        for (const ballot of closed) {
          for (const choice of votes[ballot]?.values() ?? []) {
            const at = choices.indexOf(choice)
            expected[at] = (expected[at] ?? 0) + 1
          }
        }
        expect(ballots[0]?.counts ?? [0, 0, 0, 0, 0]).toEqual(expected)
      }),
      { numRuns: 8 },
    )
    expect((await storeUnderTest().tallies.check()).wrong).toBe(0)
  })
}

function sorted(ballots: KeptTallies['ballots']): KeptTallies['ballots'] {
  return ballots.toSorted((a, b) => (a.models.join() < b.models.join() ? -1 : 1))
}

function busiestOf({ voters: { busiest } }: Pick<KeptTallies, 'voters'>) {
  return [busiest?.voter, busiest?.votes.toSorted((a, b) => (a.models.join() < b.models.join() ? -1 : 1))]
}

/** Sums of the same numbers in another order differ in the last digits. */
function rounded(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_, inner) => (typeof inner === 'number' ? Math.round(inner * 1e6) / 1e6 : inner)),
  )
}
