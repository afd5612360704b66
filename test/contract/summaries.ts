/** What every store keeps of the promises of `Summaries`, of the ledger of their posts, and of `Tallies.before`. */
import { v7 as newId } from 'uuid'
import { describe, expect, test } from 'vitest'
import { type Category, type Choice, type Comparison, type Label, labels } from '../../src/core/comparison.ts'
import type { Currency, ModelId } from '../../src/core/model.ts'
import type { AnswerOutcome, Store, SummaryRow } from '../../src/core/ports.ts'
import {
  type BallotTally,
  type KeptTallies,
  momentsOf,
  rateKept,
  tallyOf,
  type Vote,
} from '../../src/core/rating/index.ts'
import type { Summary, SummarySettings, SummaryStatus, WeekFacts } from '../../src/core/summary.ts'
import { type Week, weekOf } from '../../src/core/week.ts'
import { seeded } from '../core/rating/votes.ts'
import { answered, hold, newTeam, type Team } from './ballots.ts'

const at = (iso: string) => new Date(iso)
const later = (moment: Date, ms: number) => new Date(moment.getTime() + ms)
const hourMs = 3_600_000
const dayMs = 24 * hourMs

const week = weekOf(at('2026-11-18T12:00:00Z'), 'Europe/Berlin')
const monday = at('2026-11-23T08:00:00Z')

const numbers: Summary = {
  headline: { kind: 'led', a: 'demo/x', b: 'demo/y', wins: 3, losses: 2, aBetter: 0.6 + 1e-16, settled: false },
  turnout: { asked: 3, votes: 5, voters: 2, mostActive: { names: ['Ada "the" O’Neil\n'], asked: 3 } },
  verdict: { kind: 'no_votes' },
  standings: [],
  apart: 0,
  models: [],
  categories: [],
  divided: null,
  clearest: null,
  open: { count: 0, comparisonIds: [] },
  names: { 'demo/x': '通义' },
}

export function summariesContract(stores: () => { store: Store; neighbour: Store }): void {
  const newRow = (workspaceId: string, changes: Partial<SummaryRow> = {}) => ({
    id: newId(),
    workspaceId,
    week,
    locale: 'de' as const,
    asOf: monday,
    channel: 'general',
    status: 'due' as SummaryStatus,
    numbers,
    ...changes,
  })

  const newWorkspace = () => stores().store.people.workspace('discord', newId())

  describe('settings', () => {
    const settings: SummarySettings = {
      enabled: true,
      channel: null,
      weekday: 7,
      minuteOfDay: 1439,
      timeZone: 'Asia/Kolkata',
      locale: 'de',
      quietWeeks: 'skip',
    }

    test('are none until somebody changes them, and then those of the last change', async () => {
      const { store, neighbour } = stores()
      const externalId = newId()
      const workspaceId = await store.people.workspace('slack', externalId)
      const [ada, bob] = [newId(), newId()]
      const { id: first } = await store.people.person(workspaceId, ada, { name: 'Ada' })
      const { id: second } = await store.people.person(workspaceId, bob, { name: 'Bob' })

      const [before] = await store.summaries.plans({ workspaceId })
      await store.summaries.changeSettings(workspaceId, settings, { personId: first, at: monday })
      const [once] = await neighbour.summaries.plans({ workspaceId })
      const changed = { ...settings, enabled: false, channel: 'models', weekday: 1, minuteOfDay: 0 } as const
      await neighbour.summaries.changeSettings(workspaceId, changed, { personId: second, at: later(monday, 1) })
      const [twice] = await store.summaries.plans({ workspaceId })

      expect(before).toEqual({
        workspaceId,
        platform: 'slack',
        externalId,
        createdAt: expect.any(Date),
        settings: null,
      })
      expect(once?.settings).toEqual({ ...settings, changedAt: monday, changedBy: ada })
      expect(twice?.settings).toEqual({ ...changed, changedAt: later(monday, 1), changedBy: bob })
    })

    test('come with every workspace of the platforms that are asked for', async () => {
      const { summaries, people } = stores().store
      const [slack, discord] = [await people.workspace('slack', newId()), await people.workspace('discord', newId())]
      const found = async (...platforms: ('slack' | 'discord')[]) =>
        (await summaries.plans({ platforms })).map(({ workspaceId }) => workspaceId)

      expect(await found('slack')).toContain(slack)
      expect(await found('slack')).not.toContain(discord)
      expect(await found('slack', 'discord')).toEqual(expect.arrayContaining([slack, discord]))
      expect(await found()).toEqual([])
    })
  })

  describe('a week', () => {
    test('is found as it was opened', async () => {
      const { store, neighbour } = stores()
      const row = newRow(await newWorkspace())

      const opened = await store.summaries.open(row, false)

      expect(opened).toEqual({ ...row, platform: 'discord' })
      expect(await neighbour.summaries.find({ id: row.id })).toEqual(opened)
      expect(await neighbour.summaries.find({ workspaceId: row.workspaceId, week: week.id })).toEqual(opened)
      expect(await neighbour.summaries.find({ workspaceId: row.workspaceId, week: '2026-W48' })).toBeUndefined()
      expect(await neighbour.summaries.find({ id: newId() })).toBeUndefined()
    })

    test('is one row, whoever opens it, and however many at once', async () => {
      const { store, neighbour } = stores()
      const workspaceId = await newWorkspace()

      const opened = await Promise.all(
        Array.from({ length: 8 }, (_, n) => (n % 2 ? store : neighbour).summaries.open(newRow(workspaceId), n > 3)),
      )

      expect(new Set(opened.map(({ id }) => id)).size).toBe(1)
      expect(await store.summaries.list({ workspaceId, limit: 9 })).toEqual([opened[0]])
    })

    test.each(['posted', 'missed', 'refused', 'skipped'] as const)('that is due is %s once', async status => {
      const { store, neighbour } = stores()
      const { id } = await store.summaries.open(newRow(await newWorkspace()), false)

      const settled = await Promise.all([store, neighbour].map(({ summaries }) => summaries.settle(id, status)))

      expect(settled.filter(Boolean)).toHaveLength(1)
      expect(await store.summaries.settle(id, 'missed')).toBe(false)
      expect((await store.summaries.find({ id }))?.status).toBe(status)
      expect(await store.summaries.settle(newId(), 'posted')).toBe(false)
    })

    test.each(['missed', 'refused', 'skipped'] as const)(
      'that is %s gives way to one that is asked for again',
      async status => {
        const { store } = stores()
        const workspaceId = await newWorkspace()
        const first = newRow(workspaceId, { status, numbers: null, channel: null })
        await store.summaries.open(first, false)
        const again = newRow(workspaceId, { asOf: later(monday, dayMs), channel: 'elsewhere', locale: 'en' })

        const kept = await store.summaries.open(again, false)
        const replaced = await store.summaries.open(again, true)

        expect(kept).toEqual({ ...first, platform: 'discord' })
        // The id stays: whoever holds it finds what became of it.
        expect(replaced).toEqual({ ...again, id: first.id, platform: 'discord' })
        expect(await store.summaries.settle(first.id, 'posted')).toBe(true)
      },
    )

    test.each(['due', 'posted'] as const)('that is %s stays as it is', async status => {
      const { store } = stores()
      const workspaceId = await newWorkspace()
      const first = await store.summaries.open(newRow(workspaceId), false)
      if (status === 'posted') await store.summaries.settle(first.id, 'posted')
      const other = newRow(workspaceId, { asOf: later(monday, 1), numbers: { ...numbers, apart: 7 }, channel: 'other' })

      const again = await store.summaries.open(other, true)

      expect(again).toEqual({ ...first, status })
      if (status === 'posted') expect(await store.summaries.settle(first.id, 'missed')).toBe(false)
    })

    test('is listed by workspace and by what became of it, the newest first', async () => {
      const { store } = stores()
      const workspaceId = await newWorkspace()
      const open = async (day: string, status: SummaryStatus) =>
        (await store.summaries.open(newRow(workspaceId, { week: weekOf(at(day), 'UTC'), status }), false)).id
      const newYear = await open('2027-01-06T00:00:00Z', 'due')
      const first = await open('2026-11-04T00:00:00Z', 'posted')
      const last = await open('2026-12-31T00:00:00Z', 'posted')
      const ids = async (where: Parameters<typeof store.summaries.list>[0]) =>
        (await store.summaries.list(where)).map(({ id }) => id)

      expect(await ids({ workspaceId, limit: 9 })).toEqual([newYear, last, first])
      expect(await ids({ workspaceId, limit: 2 })).toEqual([newYear, last])
      expect(await ids({ workspaceId, status: 'posted', limit: 9 })).toEqual([last, first])
      expect(await ids({ status: 'due', limit: 1_000 })).toContain(newYear)
      expect(await ids({ status: 'due', limit: 1_000 })).not.toContain(first)
    })
  })

  describe('posts of a summary', () => {
    const opened = async () => (await stores().store.summaries.open(newRow(await newWorkspace()), false)).id

    test('are claimed by one, and known to all once they are recorded', async () => {
      const [{ summaryPosts: one }, { summaryPosts: two }] = [stores().store, stores().neighbour]
      const id = await opened()

      const claims = await Promise.all([one.claim(id, 'post'), two.claim(id, 'post')])
      const before = await one.of(id)
      await one.record(id, 'post', 'message')

      expect(claims.map(({ kind }) => kind).toSorted()).toEqual(['mine', 'theirs'])
      expect(claims).toContainEqual({ kind: 'mine', inDoubt: false })
      expect(before).toEqual(new Map())
      expect(await two.claim(id, 'post')).toEqual({ kind: 'posted', externalId: 'message' })
      expect(await two.claim(id, 'notice')).toEqual({ kind: 'mine', inDoubt: false })
      expect(await two.of(id)).toEqual(new Map([['post', 'message']]))
    })

    test('that may have been made are looked for; those that were not are made afresh', async () => {
      const [{ summaryPosts: one }, { summaryPosts: two }] = [stores().store, stores().neighbour]
      const id = await opened()
      await one.claim(id, 'post')

      await one.release(id, 'post')
      const inDoubt = [await two.claim(id, 'post'), await one.claim(id, 'post')]
      await two.forget(id, 'post')

      expect(inDoubt).toEqual([{ kind: 'mine', inDoubt: true }, { kind: 'theirs' }])
      expect(await one.claim(id, 'post')).toEqual({ kind: 'mine', inDoubt: false })
    })
  })

  describe('the busiest channel', () => {
    test('has the most comparisons between two moments', async () => {
      const team = await newTeam(stores().store, 1)
      const ask = (channel: string, moment: Date) => hold(team, { models: ['demo/x', 'demo/y'], channel, at: moment })
      for (const day of [1, 2, 3]) await ask('once', later(monday, -30 * dayMs + day * hourMs))
      for (const day of [1, 2]) await ask('now', later(monday, -day * dayMs))
      await ask('also', later(monday, -1))
      const busiest = (since: Date, until: Date) =>
        stores().neighbour.summaries.busiestChannel(team.workspaceId, { since, until })

      expect(await busiest(later(monday, -40 * dayMs), monday)).toBe('once')
      expect(await busiest(later(monday, -28 * dayMs), monday)).toBe('now')
      // Of as many in each the first by name, every time.
      expect(await busiest(later(monday, -dayMs), monday)).toBe('also')
      expect(await busiest(later(monday, -40 * dayMs), later(monday, -20 * dayMs))).toBe('once')
      expect(await busiest(monday, later(monday, dayMs))).toBeUndefined()
    })
  })

  describe('the newest comparison', () => {
    test('tells where it was and its language, of a channel or of the workspace', async () => {
      const { store } = stores()
      const team = await newTeam(store, 1)
      const ask = async (channel: string, place: string | undefined, locale: 'en' | 'de', moment: Date) =>
        store.comparisons.create({
          id: newId(),
          workspaceId: team.workspaceId,
          channel,
          askerId: team.people[0]?.id ?? '',
          prompt: 'Why?',
          category: null,
          blind: true,
          locale,
          createdAt: moment,
          closesAt: later(moment, dayMs),
          ...(place !== undefined && { place }),
          contestants: labels.slice(0, 2).map(label => ({ label, model: `demo/${label}` as const })),
        })
      await ask('general', 'guild', 'de', later(monday, 2))
      await ask('general', 'old', 'en', monday)
      await ask('other', undefined, 'en', later(monday, 3))
      const newest = (channel: string | null) => store.summaries.newest(team.workspaceId, channel)

      expect(await newest('general')).toEqual({ place: 'guild', locale: 'de' })
      expect(await newest(null)).toEqual({ place: null, locale: 'en' })
      expect(await newest('nowhere')).toBeUndefined()
    })
  })

  describe('the facts of a week', () => {
    test('are what a count of everything that happened gives', async () => {
      const { store } = stores()
      const team = await newTeam(store, 5)
      const held = await holdMany(team, 60)
      const read = async (asOf: Date, channel: string | null) =>
        sortedFacts(await store.summaries.facts({ workspaceId: team.workspaceId, week, asOf, channel }))

      for (const asOf of [...edges, later(week.start, -dayMs), later(week.end, 60 * dayMs)]) {
        for (const channel of ['general', null]) {
          expect(await read(asOf, channel)).toEqual(sortedFacts(factsOf(held, team, { asOf, channel })))
        }
      }
    })

    test('are nothing where nothing happened', async () => {
      const workspaceId = await newWorkspace()

      expect(await stores().store.summaries.facts({ workspaceId, week, asOf: monday, channel: null })).toEqual({
        asked: 0,
        askers: [],
        voters: 0,
        ballots: [],
        answers: [],
        open: { count: 0, comparisonIds: [] },
      })
    })

    test('name the five busiest, and quote the beginning of a prompt', async () => {
      const { store } = stores()
      const team = await newTeam(store, 7)
      for (const [askedBy, times] of [3, 1, 2, 1, 1, 1, 4].entries()) {
        for (let n = 0; n < times; n++) {
          await hold(team, {
            models: ['demo/x', 'demo/y'],
            askedBy,
            at: later(week.start, 1),
            prompt: '👩🏽‍🚀é'.repeat(200),
            votes: [{ by: 0, choice: 'A' }],
          })
        }
      }

      const facts = await store.summaries.facts({
        workspaceId: team.workspaceId,
        week,
        asOf: monday,
        channel: 'general',
      })

      expect(facts.asked).toBe(13)
      expect(facts.askers.map(({ asked }) => asked)).toEqual([4, 3, 2, 1, 1])
      expect(facts.askers[0]?.name).toBe(team.people[6]?.name)
      expect(facts.ballots).toMatchObject([{ counts: [1, 0, 0, 0], times: 13 }])
      expect([...(facts.ballots[0]?.example?.prompt ?? '')]).toHaveLength(200)
    })

    test('give the median time and the cost in the currency that most answers were paid in', async () => {
      const { store } = stores()
      const team = await newTeam(store, 1)
      const measured = (firstTokenMs: number | null, costMicros: number | null, currency: Currency | null) => ({
        A: { ...answered, firstTokenMs, costMicros, currency },
      })
      for (const answers of [
        measured(100, 5_000_000_000, 'USD'),
        measured(400, 7, 'CNY'),
        measured(300, 8, 'CNY'),
        measured(200, null, null),
        measured(null, 0, 'CNY'),
      ]) {
        await hold(team, { models: ['demo/x', 'demo/y'], at: later(week.start, 1), answers })
      }

      const { answers } = await store.summaries.facts({
        workspaceId: team.workspaceId,
        week,
        asOf: monday,
        channel: null,
      })

      expect(answers.find(({ model }) => model === 'demo/x')).toEqual({
        model: 'demo/x',
        answers: 5,
        failed: 0,
        refused: 0,
        costMicros: 15,
        currency: 'CNY',
        firstTokenMs: 250,
      })
    })
  })

  describe('the tallies before a moment', () => {
    const moments = [
      at('2026-11-16T00:00:00.000Z'),
      at('2026-11-16T00:00:00.001Z'),
      week.end,
      later(week.end, 1),
      monday,
      at('2026-11-23T00:00:00.000Z'),
      at('2026-11-18T12:00:00.000Z'),
      at('2026-01-01T00:00:00.000Z'),
    ]

    test.each([
      ['few voters', 5],
      ['enough voters to count their votes together', 24],
    ])('are those of the ballots that were closed by then, with %s', async (_, voters) => {
      const { store } = stores()
      const team = await newTeam(store, voters)
      const held = await holdMany(team, 50)

      for (const moment of moments) {
        const kept = await store.tallies.before(team.workspaceId, moment)

        const counted = held.filter(one => isCounted(one, moment))
        const expected = momentsOf(tallyOf(counted.flatMap(one => votesOf(one, team))))
        expect(byText(kept.ballots)).toEqual(byText(ballotsOf(counted)))
        expect(kept.position).toEqual(expected.position)
        expect(kept.voters.known).toBe(expected.voters.known)
        expect(kept.voters.busiest?.voter).toBe(expected.voters.busiest?.voter)
        expect(kept.voters.votes.times).toHaveLength(kept.voters.known < 20 ? 0 : kept.voters.known)
        expect(rounded(rateKept(kept, 'team'))).toEqual(rounded(rateKept(expected, 'team')))
      }
    })

    test('are those of all time once everything is closed', async () => {
      const { store } = stores()
      const team = await newTeam(store, 6)
      await holdMany(team, 30)

      const kept = await store.tallies.before(team.workspaceId, at('2027-06-01T00:00:00Z'))

      const { measured: _, ...ofAllTime } = await store.tallies.read({
        workspaceId: team.workspaceId,
        category: null,
        since: null,
      })
      expect(sortedTallies(kept)).toEqual(sortedTallies(ofAllTime))
      expect(rounded(rateKept(kept, 'arena'))).toEqual(rounded(rateKept(ofAllTime, 'arena')))
    })

    test('are the same, to the last digit, whenever they are read', async () => {
      const { store, neighbour } = stores()
      const team = await newTeam(store, 22)
      await holdMany(team, 20, 1)
      const read = async (from: Store) =>
        JSON.stringify(rateKept(await from.tallies.before(team.workspaceId, monday), 'team'))
      const first = await read(store)

      await hold(team, { models: ['demo/v', 'demo/u'], votes: [{ by: 0, choice: 'A' }], at: monday })
      await store.tallies.rebuild()

      expect(await read(neighbour)).toBe(first)
    })

    test('are none of a workspace without votes', async () => {
      const kept = await stores().store.tallies.before(await newWorkspace(), monday)

      expect(kept).toMatchObject({ ballots: [], voters: { known: 0, busiest: null } })
    })
  })
}

// ── A few dozen comparisons, and their count without a database ─────────────────────────────────────────────────────

/** Moments at which something begins or ends to count. */
const edges = [week.start, week.end, monday, at('2026-11-16T00:00:00Z'), at('2026-11-23T00:00:00Z')].flatMap(moment => [
  later(moment, -1),
  moment,
  later(moment, 1),
])

const failures = {
  failed: { ...answered, status: 'failed', failure: 'provider_down', text: '', costMicros: null, currency: null },
  refused: { ...answered, status: 'failed', failure: 'prompt_refused', text: '', firstTokenMs: null },
  stopped: { ...answered, status: 'stopped', endReason: null },
  wordless: { ...answered, status: 'stopped', endReason: null, text: '' },
} satisfies Record<string, AnswerOutcome>

type Held = {
  id: string
  models: readonly ModelId[]
  prompt: string
  channel: string
  category: Category | null
  blind: boolean
  askedBy: number
  at: Date
  votes: readonly { by: number; choice: Choice; at: Date }[]
  end: Comparison['status']
  closedAt: Date
  answers: Record<Label, AnswerOutcome>
}

async function holdMany(team: Team, count: number, seed = 7): Promise<Held[]> {
  const random = seeded(seed)
  const below = (n: number) => Math.floor(random() * n)
  const oneOf = <T>(values: readonly [T, ...T[]]): T => values[below(values.length)] ?? values[0]
  const [first = week.start, ...others] = [...edges, ...edges, later(week.start, dayMs), later(week.start, 3 * dayMs)]
  const moment = () => oneOf([first, ...others])
  const held: Held[] = []
  for (let n = 0; n < count; n++) {
    const size = 2 + below(3)
    const from = below(6)
    const models = Array.from({ length: size }, (_, place): ModelId => `demo/${'uvwxyz'[(from + place) % 6]}`)
    const choices: [Choice, ...Choice[]] = ['A', ...labels.slice(1, size), 'tie', 'both_bad']
    const at = moment()
    const outcome = (): AnswerOutcome => ({
      ...oneOf([answered, answered, answered, failures.stopped, failures.failed, failures.refused, failures.wordless]),
      ...(random() < 0.3 && { firstTokenMs: below(2_000) }),
      ...(random() < 0.5 && { costMicros: below(5_000), currency: oneOf<Currency>(['USD', 'CNY', 'CNY']) }),
    })
    const ballot = {
      models,
      prompt: `Prompt ${n}`,
      channel: oneOf(['general', 'other']),
      category: oneOf<Category | null>(['coding', 'writing', null]),
      blind: random() < 0.85,
      askedBy: below(team.people.length),
      at,
      votes: team.people.flatMap((_, by) => (random() < 0.6 ? [{ by, choice: oneOf(choices), at: moment() }] : [])),
      end: oneOf<Comparison['status']>(['revealed', 'revealed', 'revealed', 'revealed', 'void', 'open']),
      closedAt: moment(),
      answers: { A: outcome(), B: outcome(), C: outcome(), D: outcome(), E: outcome(), F: outcome() },
    }
    held.push({ ...ballot, id: await hold(team, ballot) })
  }
  return held
}

/** What could be voted for, in the order of the labels. */
function readable({ models, answers }: Held): { label: Label; model: ModelId }[] {
  return models.flatMap((model, place) => {
    const label = labels[place]
    const answer = label && answers[label]
    const isThere = answer?.status === 'done' || (answer?.status === 'stopped' && answer.text !== '')
    return label && isThere ? [{ label, model }] : []
  })
}

function isCounted(one: Held, before: Date): boolean {
  return one.end === 'revealed' && one.blind && one.closedAt < before && readable(one).length >= 2
}

function countedVotes(one: Held) {
  const choices: Choice[] = [...readable(one).map(({ label }) => label), 'tie', 'both_bad']
  return one.votes
    .filter(({ choice }) => choices.includes(choice))
    .map(vote => ({ ...vote, spot: choices.indexOf(vote.choice) }))
}

function votesOf(one: Held, team: Team): Vote[] {
  const models = readable(one).map(({ model }) => model)
  return countedVotes(one).map(({ by, choice, spot }) => {
    const winner = models[spot]
    return {
      models,
      choice: winner !== undefined ? { winner } : choice === 'tie' ? 'tie' : 'both_bad',
      comparison: one.id,
      voter: team.people[by]?.id ?? '',
    }
  })
}

/** By the models in the order of the labels. */
function ballotsOf(held: readonly Held[]): BallotTally[] {
  const counted = held
    .map(one => ({ models: readable(one).map(({ model }) => model), votes: countedVotes(one) }))
    .filter(({ votes }) => votes.length > 0)
    .map(({ models, votes }) => {
      const counts = [...models, 'tie', 'both bad'].map((_, at) => votes.filter(({ spot }) => spot === at).length)
      return { models, counts, products: counts.flatMap((a, at) => counts.slice(at).map(b => a * b)) }
    })
  const summed = (rows: readonly (readonly number[])[]) =>
    (rows[0] ?? []).map((_, at) => rows.reduce((sum, row) => sum + (row[at] ?? 0), 0))
  return [...Map.groupBy(counted, ({ models }) => models.join()).values()].map(alike => ({
    models: alike[0]?.models ?? [],
    comparisons: alike.length,
    counts: summed(alike.map(({ counts }) => counts)),
    products: summed(alike.map(({ products }) => products)),
  }))
}

function factsOf(held: readonly Held[], team: Team, where: { asOf: Date; channel: string | null }): WeekFacts {
  const { asOf, channel } = where
  const isIn = (moment: Date, { start, end }: Week) => moment >= start && moment < end
  const asked = held.filter(one => isIn(one.at, week) && one.at < asOf)
  const cast = held
    .filter(one => isCounted(one, asOf))
    .map(one => ({ one, votes: countedVotes(one).filter(vote => isIn(vote.at, week)) }))
    .filter(({ votes }) => votes.length > 0)
  const ballots = Map.groupBy(
    cast.map(({ one, votes }) => {
      const models = readable(one).map(({ model }) => model)
      const counts = Array.from(
        { length: models.length + 2 },
        (_, spot) => votes.filter(vote => vote.spot === spot).length,
      )
      return { one, category: one.category, models, counts }
    }),
    ({ category, models, counts }) => JSON.stringify([category, models, counts]),
  )
  const answers = Map.groupBy(
    asked
      .filter(one => one.end !== 'open' && one.closedAt < asOf)
      .flatMap(one => one.models.map((model, place) => ({ model, ...one.answers[labels[place] ?? 'A'] }))),
    ({ model }) => model,
  )
  const open = held.filter(one => one.at < asOf && (one.end === 'open' || one.closedAt >= asOf))
  return {
    asked: asked.length,
    askers: team.people
      .map(({ name }, by) => ({ name, asked: asked.filter(one => one.askedBy === by).length }))
      .filter(({ asked }) => asked > 0)
      .sort((a, b) => b.asked - a.asked || (a.name < b.name ? -1 : 1)),
    voters: new Set(cast.flatMap(({ votes }) => votes.map(({ by }) => by))).size,
    ballots: [...ballots.values()].map(alike => {
      const examples = alike.map(({ one }) => one).filter(one => one.channel === channel)
      const [example] = examples.sort((a, b) => (a.id < b.id ? -1 : 1))
      return {
        category: alike[0]?.category ?? null,
        models: alike[0]?.models ?? [],
        counts: alike[0]?.counts ?? [],
        times: alike.length,
        example: example === undefined ? null : { comparisonId: example.id, prompt: example.prompt },
      }
    }),
    answers: [...answers].map(([model, own]) => ({
      model,
      answers: own.length,
      failed: own.filter(({ status }) => status === 'failed').length,
      refused: own.filter(({ failure }) => failure === 'prompt_refused').length,
      ...costOf(own),
      firstTokenMs: middleOf(own.flatMap(({ firstTokenMs }) => (firstTokenMs === null ? [] : [firstTokenMs]))),
    })),
    open: {
      count: open.length,
      comparisonIds: open
        .filter(one => one.channel === channel)
        .sort((a, b) => b.at.getTime() - a.at.getTime() || (a.id < b.id ? 1 : -1))
        .slice(0, 5)
        .map(({ id }) => id),
    },
  }
}

function costOf(answers: readonly AnswerOutcome[]): { costMicros: number | null; currency: Currency | null } {
  const paid = (['CNY', 'USD'] as const).map(currency => {
    const costs = answers.flatMap(one => (one.currency === currency && one.costMicros !== null ? [one.costMicros] : []))
    return { currency, count: costs.length, costMicros: costs.reduce((sum, cost) => sum + cost, 0) }
  })
  const [most] = paid.filter(({ count }) => count > 0).sort((a, b) => b.count - a.count)
  return { costMicros: most?.costMicros ?? null, currency: most?.currency ?? null }
}

function middleOf(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b)
  const [lower, upper] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]]
  return lower === undefined || upper === undefined ? null : (lower + upper) / 2
}

/** What comes in no order, in one. */
function sortedFacts(facts: WeekFacts): WeekFacts {
  return { ...facts, ballots: byText(facts.ballots), answers: byText(facts.answers) }
}

function sortedTallies({ ballots, position, voters }: KeptTallies) {
  const busiest = voters.busiest && { ...voters.busiest, votes: byText(voters.busiest.votes) }
  return { ballots: byText(ballots), position, known: voters.known, busiest }
}

function byText<T>(rows: readonly T[]): T[] {
  return rows.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
}

/** Sums of the same numbers in another order differ in the last digits. */
function rounded(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_, inner) => (typeof inner === 'number' ? Math.round(inner * 1e6) / 1e6 : inner)),
  )
}
