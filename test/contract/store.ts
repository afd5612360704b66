/** What every store keeps of the promises in `src/core/ports.ts`, whatever database is behind it. */
import fc from 'fast-check'
import { v7 as newId } from 'uuid'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type AnswerRef, type Choice, categories, type Label, labels } from '../../src/core/comparison.ts'
import { FaceoffError } from '../../src/core/errors.ts'
import type { HistoryWish } from '../../src/core/history.ts'
import type { AnswerOutcome, FeedEvent, NewComparison, Person, Store } from '../../src/core/ports.ts'
import { locales } from '../../src/core/text/index.ts'
import { answered, hold, newTeam } from './ballots.ts'
import { platformsContract } from './platforms.ts'
import { summariesContract } from './summaries.ts'
import { talliesContract } from './tallies.ts'

/** `neighbour` is the same store as another process sees it; where there can be no other process, the store itself. */
export type StoreUnderTest = { store: Store; neighbour: Store; close(): Promise<void> }

const noon = new Date('2026-11-23T12:00:00.000Z')
const later = (ms: number) => new Date(noon.getTime() + ms)

const done = {
  status: 'done',
  failure: null,
  text: 'Forty-two.',
  endReason: 'stop',
  promptTokens: 12,
  completionTokens: 3,
  costMicros: 345,
  currency: 'USD',
  firstTokenMs: 120,
  durationMs: 900,
  namedItself: false,
} satisfies AnswerOutcome

export function storeContract(open: () => Promise<StoreUnderTest>): void {
  let under: StoreUnderTest
  let store: Store
  beforeAll(async () => {
    under = await open()
    store = under.store
  })
  afterAll(() => under.close())

  /** A workspace of its own with one person in it, so that tests do not see each other. */
  async function newcomer(): Promise<Person> {
    const workspaceId = await store.people.workspace('console', newId())
    return store.people.person(workspaceId, newId(), { name: 'Ada' })
  }

  async function voters(asker: Person, count: number): Promise<Person[]> {
    return Promise.all(
      Array.from({ length: count }, (_, n) => store.people.person(asker.workspaceId, newId(), { name: `Voter ${n}` })),
    )
  }

  function planned(asker: Person, changes: Partial<NewComparison> = {}): NewComparison {
    return {
      id: newId(),
      workspaceId: asker.workspaceId,
      channel: 'general',
      askerId: asker.id,
      prompt: 'What is the answer?',
      category: 'reasoning',
      blind: true,
      locale: 'en',
      createdAt: noon,
      closesAt: later(86_400_000),
      contestants: [
        { label: 'A', model: 'qwen/qwen-max' },
        { label: 'B', model: 'openai/gpt-5' },
      ],
      ...changes,
    }
  }

  async function created(changes: Partial<NewComparison> = {}): Promise<{ id: string; asker: Person }> {
    const asker = await newcomer()
    const comparison = planned(asker, changes)
    await store.comparisons.create(comparison)
    return { id: comparison.id, asker }
  }

  const ref = (comparisonId: string, label: Label = 'A'): AnswerRef => ({ comparisonId, label })

  async function begun(of: AnswerRef): Promise<number> {
    const run = await store.answers.begin(of)
    if (run === undefined) throw new Error('the run was refused')
    return run
  }

  async function answerOf({ comparisonId, label }: AnswerRef) {
    const comparison = await store.comparisons.find(comparisonId)
    return comparison?.contestants.find(contestant => contestant.label === label)?.answer
  }

  describe('comparisons', () => {
    test('are found as they were created', async () => {
      const asker = await newcomer()
      const comparison = planned(asker)

      await store.comparisons.create(comparison)

      const blank = {
        status: 'queued',
        run: 0,
        text: '',
        failure: null,
        retryAt: null,
        endReason: null,
        promptTokens: null,
        completionTokens: null,
        costMicros: null,
        currency: null,
        firstTokenMs: null,
        durationMs: null,
        namedItself: false,
      }
      expect(await store.comparisons.find(comparison.id)).toEqual({
        id: comparison.id,
        workspaceId: asker.workspaceId,
        platform: 'console',
        channel: 'general',
        asker: { id: asker.id, name: 'Ada' },
        prompt: 'What is the answer?',
        category: 'reasoning',
        blind: true,
        locale: 'en',
        status: 'open',
        createdAt: noon,
        closesAt: later(86_400_000),
        closedAt: null,
        stopRequestedAt: null,
        place: null,
        contestants: [
          { label: 'A', model: 'qwen/qwen-max', answer: blank },
          { label: 'B', model: 'openai/gpt-5', answer: blank },
        ],
        voted: 0,
        tally: null,
      })
    })

    test('are created once: a second call with the id changes nothing', async () => {
      const asker = await newcomer()
      const comparison = planned(asker)

      await Promise.all([store.comparisons.create(comparison), store.comparisons.create(comparison)])
      await store.comparisons.create({ ...comparison, prompt: 'Another one?', contestants: [] })

      expect(await store.comparisons.find(comparison.id)).toMatchObject({
        prompt: 'What is the answer?',
        contestants: [{ label: 'A' }, { label: 'B' }],
      })
    })

    test('that are refused leave nothing behind', async () => {
      const asker = await newcomer()
      const lonely = planned(asker, { contestants: [{ label: 'A', model: 'qwen/qwen-max' }] })
      const empty = planned(asker, { contestants: [] })
      const twins = planned(asker, {
        contestants: labels.slice(0, 2).map(label => ({ label, model: 'qwen/qwen-max' })),
      })

      for (const bad of [lonely, empty, twins]) {
        await expect(store.comparisons.create(bad)).rejects.toThrow(FaceoffError)
        expect(await store.comparisons.find(bad.id)).toBeUndefined()
      }
    })

    test('take every category and language, and as many contestants as there are labels', async () => {
      const contestants = labels.map(label => ({ label, model: `demo/${label}` as const }))
      for (const category of [...categories, null]) {
        for (const locale of locales) {
          const { id } = await created({ category, locale, contestants, blind: false })
          expect(await store.comparisons.find(id)).toMatchObject({ category, locale, blind: false, contestants })
        }
      }
    })

    test('that do not exist are not found, whatever the id looks like', async () => {
      for (const id of [newId(), 'nobody', '', "'; --", 'ü'.repeat(500)]) {
        expect(await store.comparisons.find(id)).toBeUndefined()
      }
    })

    test('of a channel come newest first, in pages', async () => {
      const asker = await newcomer()
      const plans = [0, 1, 1, 2, 3].map(minute => planned(asker, { createdAt: later(minute * 60_000) }))
      for (const plan of plans) await store.comparisons.create(plan)
      await store.comparisons.create(planned(asker, { channel: 'random' }))
      const where = { workspaceId: asker.workspaceId, channel: 'general', limit: 2 }

      const pages: string[][] = []
      for (let before: string | undefined; ; before = pages.at(-1)?.at(-1)) {
        const page = await store.comparisons.recent(before === undefined ? where : { ...where, before })
        if (page.length === 0) break
        pages.push(page.map(({ id }) => id))
      }

      expect(pages.map(page => page.length)).toEqual([2, 2, 1])
      expect(pages.flat()).toEqual(plans.map(({ id }) => id).reverse())
    })

    test('are found again by words, model, category, person and day, newest first', async () => {
      const team = await newTeam(store, 2)
      const day = (date: string) => new Date(`${date}T12:00:00Z`)
      const pair = ['demo/x', 'demo/y'] as const
      const first = await hold(team, { models: pair, prompt: 'Rain in 100%_Spain', at: day('2026-11-01'), askedBy: 1 })
      const second = await hold(team, { models: ['demo/z', 'demo/y'], category: 'coding', at: day('2026-11-02') })
      const third = await hold(team, { models: pair, prompt: 'rain\nAGAIN', channel: 'other', at: day('2026-11-03') })
      const everything: HistoryWish = {
        workspaceId: team.workspaceId,
        channel: null,
        words: [],
        model: null,
        category: null,
        person: null,
        since: null,
        until: null,
        before: null,
        limit: 10,
      }
      const found = async (wish: Partial<HistoryWish>) =>
        (await store.comparisons.search({ ...everything, ...wish })).map(({ id }) => id)

      expect(await found({})).toEqual([third, second, first])
      expect(await found({ limit: 2 })).toEqual([third, second])
      expect(await found({ before: second })).toEqual([first])
      expect(await found({ channel: 'general' })).toEqual([second, first])
      expect(await found({ words: ['RAIN'] })).toEqual([third, first])
      expect(await found({ words: ['rain', 'again'] })).toEqual([third])
      expect(await found({ words: ['100%_spain'] })).toEqual([first])
      expect(await found({ words: ['1000_spain'] })).toEqual([])
      expect(await found({ words: ["'; --", '\0'] })).toEqual([])
      expect(await found({ words: ['forty-two'] })).toEqual([third, second, first])
      expect(await found({ model: 'MO/Z' })).toEqual([second])
      expect(await found({ category: 'coding' })).toEqual([second])
      expect(await found({ person: 'VOTER 2' })).toEqual([first])
      expect(await found({ since: new Date('2026-11-02'), until: new Date('2026-11-02') })).toEqual([second])
      expect(await found({ workspaceId: newId() })).toEqual([])
    })

    test('are not found by what they still hide', async () => {
      const team = await newTeam(store, 1)
      const answers = { A: { ...answered, text: 'I am Zorblax.' } }
      const blind = await hold(team, { models: ['demo/x', 'demo/y'], end: 'open', answers })
      const visible = await hold(team, { models: ['demo/x', 'demo/y'], end: 'open', blind: false, answers })
      const found = async (wish: Partial<HistoryWish>) => {
        const any = { category: null, person: null, since: null, until: null, before: null, channel: null, limit: 9 }
        const all = { workspaceId: team.workspaceId, words: [], model: null, ...any }
        return (await store.comparisons.search({ ...all, ...wish })).map(({ id }) => id)
      }

      expect(await found({ words: ['why'] })).toEqual([visible, blind])
      expect(await found({ words: ['zorblax'] })).toEqual([visible])
      expect(await found({ model: 'demo/x' })).toEqual([visible])
      await store.comparisons.close(blind, 'revealed', noon)
      expect(await found({ words: ['zorblax'], model: 'demo/x' })).toEqual([visible, blind])
    })

    test('are due when they are open and their voting time is over', async () => {
      const { id: over } = await created({ closesAt: later(1_000) })
      const { id: running } = await created({ closesAt: later(1_001) })
      const { id: closed } = await created({ closesAt: later(1_000) })
      await store.comparisons.close(closed, 'void', noon)

      const due = await store.comparisons.due(later(1_000))

      expect(due).toContain(over)
      expect(due).not.toContain(running)
      expect(due).not.toContain(closed)
    })

    test('are closed by one call only', async () => {
      const { id } = await created()

      const closings = await Promise.all(
        Array.from({ length: 5 }, (_, n) => store.comparisons.close(id, 'revealed', later(n))),
      )

      expect(closings.filter(Boolean)).toHaveLength(1)
      expect(await store.comparisons.close(id, 'void', later(99))).toBe(false)
      expect(await store.comparisons.find(id)).toMatchObject({
        status: 'revealed',
        closedAt: later(closings.indexOf(true)),
      })
      expect(await store.comparisons.close(newId(), 'void', noon)).toBe(false)
    })

    test('that are closed ask what still runs to stop', async () => {
      const { id } = await created()
      await begun(ref(id, 'A'))

      await store.comparisons.close(id, 'void', noon)

      expect(await store.comparisons.find(id)).toMatchObject({
        stopRequestedAt: noon,
        contestants: [{ answer: { status: 'streaming' } }, { answer: { status: 'stopped' } }],
      })
    })

    test('that are stopped end what is queued, and leave what streams to its run', async () => {
      const { id } = await created()
      const waiting = ref(id, 'B')
      const run = await begun(ref(id, 'A'))
      const retryAt = later(5_000)
      await store.answers.waitAgain(waiting, await begun(waiting), { failure: 'provider_busy', retryAt })

      await store.comparisons.stop(id, noon)
      await store.comparisons.stop(id, later(1_000))

      expect(await store.comparisons.find(id)).toMatchObject({ status: 'open', stopRequestedAt: noon })
      expect(await answerOf(waiting)).toMatchObject({ status: 'stopped', text: '', failure: null, retryAt: null })
      expect(await store.answers.finish(ref(id, 'A'), run, { ...done, status: 'stopped' })).toBe(true)
    })
  })

  describe('answers', () => {
    test('go from queued over streaming to done', async () => {
      const { id } = await created()
      const of = ref(id)

      const run = await begun(of)
      expect(await answerOf(of)).toMatchObject({ status: 'streaming', run, text: '' })
      expect(await store.answers.progress(of, run, 'Forty')).toBe(true)
      expect(await answerOf(of)).toMatchObject({ status: 'streaming', text: 'Forty' })
      expect(await store.answers.finish(of, run, done)).toBe(true)

      expect(await answerOf(of)).toEqual({ ...done, run, retryAt: null })
    })

    test('keep every number and character', async () => {
      const { id } = await created()
      const text = `${'long '.repeat(20_000)} 東京 🦙 \\u0000 "'\n\t`
      const huge = Number.MAX_SAFE_INTEGER
      const outcome: AnswerOutcome = {
        ...done,
        text,
        endReason: 'length',
        promptTokens: huge,
        completionTokens: 0,
        costMicros: huge,
        currency: 'CNY',
        firstTokenMs: 0,
        durationMs: huge,
        namedItself: true,
      }

      await store.answers.finish(ref(id), await begun(ref(id)), outcome)

      expect(await answerOf(ref(id))).toMatchObject(outcome)
    })

    test('lose the NULs that a model wrote, which PostgreSQL cannot store', async () => {
      const { id } = await created()
      const run = await begun(ref(id))

      await store.answers.progress(ref(id), run, 'a\0b')
      expect(await answerOf(ref(id))).toMatchObject({ text: 'ab' })

      await store.answers.finish(ref(id), run, { ...done, text: '\0c\0' })
      expect(await answerOf(ref(id))).toMatchObject({ text: 'c' })
    })

    test('hand out a new token to every run', async () => {
      const { id } = await created()

      const runs = await Promise.all(Array.from({ length: 5 }, () => begun(ref(id))))

      expect(new Set(runs).size).toBe(5)
      expect(Math.min(...runs)).toBeGreaterThan(0)
      expect(await answerOf(ref(id))).toMatchObject({ run: Math.max(...runs) })
    })

    test('are not changed by a late runner', async () => {
      const { id } = await created()
      const of = ref(id)
      const late = await begun(of)
      await store.answers.progress(of, late, 'from the late one')
      const current = await begun(of)
      await store.answers.progress(of, current, 'from the current one')
      const before = await answerOf(of)

      expect(await store.answers.progress(of, late, 'too late')).toBe(false)
      expect(await store.answers.waitAgain(of, late, { failure: 'provider_down', retryAt: null })).toBe(false)
      expect(await store.answers.finish(of, late, { ...done, text: 'too late' })).toBe(false)

      expect(await answerOf(of)).toEqual(before)
      expect(await store.answers.progress(of, current, 'goes on')).toBe(true)
    })

    test('that are final stay as they are', async () => {
      const { id } = await created()
      const of = ref(id)
      const run = await begun(of)
      await store.answers.finish(of, run, done)
      const before = await answerOf(of)

      expect(await store.answers.begin(of)).toBeUndefined()
      expect(await store.answers.progress(of, run, 'more')).toBe(false)
      expect(await store.answers.waitAgain(of, run, null)).toBe(false)
      expect(await store.answers.finish(of, run, { ...done, text: 'again' })).toBe(false)
      expect(await store.answers.fail(of, 'internal')).toBe(false)
      await store.comparisons.stop(id, noon)

      expect(await answerOf(of)).toEqual(before)
    })

    test('wait again without text, and say what for', async () => {
      const { id } = await created()
      const of = ref(id)
      const run = await begun(of)
      await store.answers.progress(of, run, 'half an ans')

      expect(await store.answers.waitAgain(of, run, { failure: 'provider_busy', retryAt: later(90_000) })).toBe(true)
      expect(await answerOf(of)).toMatchObject({
        status: 'queued',
        text: '',
        failure: 'provider_busy',
        retryAt: later(90_000),
      })
      expect(await store.answers.progress(of, run, 'wer')).toBe(false)

      const next = await begun(of)
      expect(next).toBeGreaterThan(run)
      expect(await answerOf(of)).toMatchObject({ status: 'streaming', text: '', failure: null, retryAt: null })
      expect(await store.answers.waitAgain(of, next, null)).toBe(true)
      expect(await answerOf(of)).toMatchObject({ status: 'queued', failure: null, retryAt: null })
    })

    test('fail with a reason', async () => {
      const { id } = await created()
      const run = await begun(ref(id))
      const failed: AnswerOutcome = { ...done, status: 'failed', failure: 'no_credit', text: '' }

      expect(await store.answers.finish(ref(id), run, failed)).toBe(true)

      expect(await answerOf(ref(id))).toMatchObject({ status: 'failed', failure: 'no_credit', text: '' })
    })

    test('fail without a run, and whoever runs them learns it', async () => {
      const { id } = await created()
      const run = await begun(ref(id, 'B'))

      expect(await store.answers.fail(ref(id, 'A'), 'provider_off')).toBe(true)
      expect(await store.answers.fail(ref(id, 'B'), 'provider_off')).toBe(true)

      expect(await answerOf(ref(id, 'A'))).toMatchObject({ status: 'failed', failure: 'provider_off' })
      expect(await store.answers.finish(ref(id, 'B'), run, done)).toBe(false)
      expect(await store.answers.fail(ref(newId()), 'provider_off')).toBe(false)
    })

    test('that are asked to stop do not begin', async () => {
      const { id } = await created()
      await store.comparisons.stop(id, noon)

      expect(await store.answers.begin(ref(id))).toBeUndefined()
    })

    test('whose run died before it could stop end with what was drafted', async () => {
      const { id } = await created()
      const of = ref(id)
      const dead = await begun(of)
      await store.answers.progress(of, dead, 'so far so')
      await store.comparisons.stop(id, noon)

      expect(await store.answers.begin(of)).toBeUndefined()

      expect(await answerOf(of)).toMatchObject({ status: 'stopped', text: 'so far so' })
      expect(await store.answers.finish(of, dead, done)).toBe(false)
    })

    test('that went back to waiting after the stop end at the next run', async () => {
      const { id } = await created()
      const run = await begun(ref(id))
      await store.comparisons.stop(id, noon)
      await store.answers.waitAgain(ref(id), run, null)

      expect(await store.answers.begin(ref(id))).toBeUndefined()

      expect(await answerOf(ref(id))).toMatchObject({ status: 'stopped', text: '' })
    })

    test('are listed as long as they are not final', async () => {
      const { id } = await created()
      const run = await begun(ref(id, 'B'))
      const ours = async () => (await store.answers.unfinished()).filter(answer => answer.ref.comparisonId === id)

      expect(await ours()).toEqual([
        { ref: ref(id, 'A'), model: 'qwen/qwen-max' },
        { ref: ref(id, 'B'), model: 'openai/gpt-5' },
      ])
      await store.answers.finish(ref(id, 'B'), run, done)
      expect(await ours()).toMatchObject([{ ref: ref(id, 'A') }])
      await store.answers.fail(ref(id, 'A'), 'gave_up')
      expect(await ours()).toEqual([])
    })
  })

  describe('reactions', () => {
    test('become the one vote: a later one replaces an earlier one, known ones change nothing', async () => {
      const { id, asker } = await created()

      await store.votes.react(id, asker.id, 'A', later(1))
      await store.votes.react(id, asker.id, 'B', later(2))
      await store.votes.react(id, asker.id, 'A', later(3))

      expect(await own(id, asker)).toBe('B')
      expect(await store.votes.reactions(id, asker.id)).toEqual(['B', 'A'])
      expect(await store.comparisons.find(id)).toMatchObject({ voted: 1 })
    })

    test('that are taken away leave the newest one that is left, then nothing', async () => {
      const { id, asker } = await created()
      for (const [index, choice] of (['A', 'B', 'tie'] as const).entries()) {
        await store.votes.react(id, asker.id, choice, later(index))
      }

      const votes = []
      for (const choice of ['A', 'tie', 'B'] as const) {
        expect(await store.votes.unreact(id, asker.id, choice)).toBe(true)
        votes.push(await own(id, asker))
      }

      expect(votes).toEqual(['tie', 'B', undefined])
    })

    test('leave a later vote by button alone when they go', async () => {
      const { id, asker } = await created()
      await store.votes.react(id, asker.id, 'A', noon)
      await store.votes.cast(id, asker.id, 'A', later(1))

      await store.votes.unreact(id, asker.id, 'A')

      expect(await own(id, asker)).toBe('A')
    })

    test('are brought up to what the platform holds', async () => {
      const { id, asker } = await created()
      const [changed, gone, stays, fresh] = await voters(asker, 4)
      if (!changed || !gone || !stays || !fresh) throw new Error('no voters')
      for (const voter of [changed, gone, stays]) await store.votes.react(id, voter.id, 'A', noon)

      const result = await store.votes.reconcile(
        id,
        [
          { voterId: changed.id, choice: 'B' },
          { voterId: stays.id, choice: 'A' },
          { voterId: fresh.id, choice: 'tie' },
        ],
        later(1),
      )

      expect(result).toEqual({ undecided: [] })
      expect(await Promise.all([changed, gone, stays, fresh].map(voter => own(id, voter)))).toEqual([
        'B',
        undefined,
        'A',
        'tie',
      ])
    })

    test('of which several are new change no vote, and their voter is named', async () => {
      const { id, asker } = await created()
      const both = (['A', 'B'] as const).map(choice => ({ voterId: asker.id, choice }))

      const first = await store.votes.reconcile(id, both, noon)
      const again = await store.votes.reconcile(id, both, later(1))

      expect(first).toEqual({ undecided: [asker.id] })
      expect(again).toEqual({ undecided: [] })
      expect(await own(id, asker)).toBeUndefined()
    })

    test('come too late for a closed ballot', async () => {
      const { id, asker } = await created()
      await store.votes.react(id, asker.id, 'A', noon)
      await store.comparisons.close(id, 'revealed', noon)

      expect(await store.votes.react(id, asker.id, 'B', noon)).toBe(false)
      expect(await store.votes.unreact(id, asker.id, 'A')).toBe(false)
      expect(await store.votes.reconcile(id, [], noon)).toBe(false)
      expect((await store.comparisons.find(id))?.tally).toEqual({ A: 1 })
    })

    async function own(id: string, voter: Person): Promise<Choice | undefined> {
      return (await store.votes.own(voter.id, [id])).get(id)
    }
  })

  describe('posts', () => {
    test('are claimed by one, and known to all once they are recorded', async () => {
      const { id } = await created()

      const claims = await Promise.all([store.posts.claim(id, 'ballot'), under.neighbour.posts.claim(id, 'ballot')])
      await store.posts.record(id, 'ballot', `message ${id}`)

      expect(claims.map(({ kind }) => kind).toSorted()).toEqual(['mine', 'theirs'])
      expect(await under.neighbour.posts.claim(id, 'ballot')).toEqual({ kind: 'posted', externalId: `message ${id}` })
      expect(await store.posts.of(id)).toEqual(new Map([['ballot', `message ${id}`]]))
    })

    test('that are forgotten can be claimed afresh', async () => {
      const { id } = await created()
      await store.posts.record(id, 'A.0', 'gone')

      await store.posts.forget(id, 'A.0')

      expect(await store.posts.claim(id, 'A.0')).toEqual({ kind: 'mine', inDoubt: false })
    })

    test('that may or may not have been made are looked for by whoever claims them next', async () => {
      const { id } = await created()
      await store.posts.claim(id, 'ballot')

      await store.posts.release(id, 'ballot')

      expect(await under.neighbour.posts.claim(id, 'ballot')).toEqual({ kind: 'mine', inDoubt: true })
      expect(await store.posts.claim(id, 'ballot')).toEqual({ kind: 'theirs' })
    })

    test('are found by where they are, on their own platform', async () => {
      const workspaceId = await store.people.workspace('discord', newId())
      const asker = await store.people.person(workspaceId, newId(), { name: 'Ada' })
      const comparison = planned(asker)
      await store.comparisons.create(comparison)
      await store.posts.record(comparison.id, 'ballot', comparison.id)

      expect(await store.posts.at('discord', 'ballot', comparison.id)).toBe(comparison.id)
      expect(await store.posts.at('slack', 'ballot', comparison.id)).toBeUndefined()
      expect(await store.posts.at('discord', 'thread', comparison.id)).toBeUndefined()
    })
  })

  describe('what is to be shown', () => {
    test('is owed by a platform as soon as it is final, and again once the ballot is closed', async () => {
      const id = await onDiscord()

      await store.answers.finish(ref(id), await begun(ref(id)), done)
      const whileOpen = await owed(id)
      for (const { part } of whileOpen) await store.unshown.settle(id, part, false)
      await store.comparisons.close(id, 'revealed', noon)
      for (const part of ['ballot', 'A', 'B'] as const) await store.unshown.settle(id, part, false)
      const afterClosing = await owed(id)
      for (const { part } of afterClosing) await store.unshown.settle(id, part, true)

      expect(whileOpen.map(({ part }) => part).toSorted()).toEqual(['A', 'ballot'])
      expect(afterClosing.map(({ part }) => part).toSorted()).toEqual(['A', 'B', 'ballot'])
      expect(await owed(id)).toEqual([])
    })

    test('is listed once it is due for a while, and for the platforms asked for', async () => {
      const id = await onDiscord()
      await store.comparisons.close(id, 'void', noon)

      expect(await owed(id, 60_000)).toEqual([])
      expect(await store.unshown.list(['slack'], 0)).toEqual([])
      expect(await store.unshown.list([], 0)).toEqual([])
    })

    test('is nothing in the console, whose pages are the rows', async () => {
      const { id } = await created()

      await store.comparisons.close(id, 'void', noon)

      expect(await store.unshown.list(['console'], 0)).toEqual([])
    })

    async function onDiscord(): Promise<string> {
      const workspaceId = await store.people.workspace('discord', newId())
      const comparison = planned(await store.people.person(workspaceId, newId(), { name: 'Ada' }))
      await store.comparisons.create({ ...comparison, place: 'somewhere' })
      expect(await store.comparisons.open('discord')).toContain(comparison.id)
      expect(await store.comparisons.find(comparison.id)).toMatchObject({ place: 'somewhere' })
      return comparison.id
    }

    async function owed(id: string, olderMs = 0) {
      return (await store.unshown.list(['discord'], olderMs)).filter(({ comparisonId }) => comparisonId === id)
    }
  })

  describe('votes', () => {
    test('count once per voter: the last one', async () => {
      const { id, asker } = await created()
      const [second] = await voters(asker, 1)
      if (!second) throw new Error('no voter')

      for (const choice of ['A', 'tie', 'B'] as const)
        expect(await store.votes.cast(id, asker.id, choice, noon)).toBe(true)
      expect(await store.votes.cast(id, second.id, 'both_bad', noon)).toBe(true)

      expect(await store.comparisons.find(id)).toMatchObject({ voted: 2 })
      expect(await store.votes.own(asker.id, [id, newId()])).toEqual(new Map([[id, 'B']]))
      await store.comparisons.close(id, 'revealed', noon)
      expect((await store.comparisons.find(id))?.tally).toEqual({ B: 1, both_bad: 1 })
    })

    test('can be taken back', async () => {
      const { id, asker } = await created()
      await store.votes.cast(id, asker.id, 'A', noon)

      expect(await store.votes.withdraw(id, asker.id)).toBe(true)
      expect(await store.votes.withdraw(id, asker.id)).toBe(true)

      expect(await store.votes.own(asker.id, [id])).toEqual(new Map())
      expect(await store.votes.own(asker.id, [])).toEqual(new Map())
      expect(await store.comparisons.find(id)).toMatchObject({ voted: 0 })
    })

    test('are sealed until the ballot is closed', async () => {
      const { id, asker } = await created()
      await store.votes.cast(id, asker.id, 'A', noon)

      expect(await store.comparisons.find(id)).toMatchObject({ voted: 1, tally: null })

      await store.comparisons.close(id, 'revealed', noon)
      expect(await store.comparisons.find(id)).toMatchObject({ voted: 1, tally: { A: 1 } })
    })

    test('are counted as none on a ballot without any', async () => {
      const { id } = await created()
      await store.comparisons.close(id, 'void', noon)

      expect((await store.comparisons.find(id))?.tally).toEqual({})
    })

    test('come too late for a closed ballot, and for one that is not there', async () => {
      const { id, asker } = await created()
      await store.votes.cast(id, asker.id, 'A', noon)
      await store.comparisons.close(id, 'revealed', noon)

      for (const ballot of [id, newId()]) {
        expect(await store.votes.cast(ballot, asker.id, 'B', noon)).toBe(false)
        expect(await store.votes.withdraw(ballot, asker.id)).toBe(false)
      }
      expect((await store.comparisons.find(id))?.tally).toEqual({ A: 1 })
    })

    test('for a label that is not on the ballot are refused', async () => {
      const { id, asker } = await created()

      const vote = store.votes.cast(id, asker.id, 'C', noon)

      await expect(vote).rejects.toMatchObject({ problem: { code: 'choice_not_open', choice: 'C' } })
      expect(await store.comparisons.find(id)).toMatchObject({ voted: 0 })
    })

    test('from another workspace are refused', async () => {
      const { id } = await created()
      const stranger = await newcomer()

      await expect(store.votes.cast(id, stranger.id, 'A', noon)).rejects.toThrow(FaceoffError)
    })

    test('race the closing and are either counted or told so', async () => {
      const choices = fc.array(fc.constantFrom<Choice>('A', 'B', 'tie', 'both_bad'), { minLength: 1, maxLength: 12 })
      const property = fc.asyncProperty(choices, fc.nat({ max: 12 }), async (wanted, closeAfter) => {
        const { id, asker } = await created()
        const people = await voters(asker, wanted.length)
        const castings: Promise<boolean>[] = []
        let closing: Promise<boolean> | undefined
        for (const [n, choice] of wanted.entries()) {
          if (n === closeAfter) closing = under.neighbour.comparisons.close(id, 'revealed', noon)
          castings.push(store.votes.cast(id, people[n]?.id ?? '', choice, noon))
        }
        const accepted = await Promise.all(castings)
        await (closing ?? store.comparisons.close(id, 'revealed', noon))

        const counted = Map.groupBy(
          wanted.filter((_, n) => accepted[n]),
          choice => choice,
        )
        const expected = Object.fromEntries([...counted].map(([choice, votes]) => [choice, votes.length]))
        expect((await store.comparisons.find(id))?.tally).toEqual(expected)
      })
      await fc.assert(property, { numRuns: 20 })
    })
  })

  describe('people', () => {
    test('and workspaces are made at first sight, once', async () => {
      const externalId = newId()

      const ids = await Promise.all(Array.from({ length: 4 }, () => store.people.workspace('slack', externalId)))
      const elsewhere = await store.people.workspace('discord', externalId)

      expect(new Set(ids).size).toBe(1)
      expect(ids).not.toContain(elsewhere)
    })

    test('keep their id and their rights when the name changes', async () => {
      const workspaceId = await store.people.workspace('discord', newId())
      const ada = await store.people.person(workspaceId, 'u1', { name: 'Ada' })
      await store.people.makeAdmin(ada.id)

      const renamed = await store.people.person(workspaceId, 'u1', { name: 'Countess' })

      expect(ada).toEqual({ id: ada.id, workspaceId, name: 'Ada', admin: false, locale: null })
      expect(renamed).toEqual({ ...ada, name: 'Countess', admin: true })
      expect(await store.people.find(ada.id)).toEqual(renamed)
      expect(await store.people.find(newId())).toBeUndefined()
    })

    test('of a workspace cannot rename themselves to the same name, whatever its case', async () => {
      const ada = await newcomer()
      const other = await store.people.person(ada.workspaceId, newId(), { name: 'Jörg Öztürk' })

      for (const name of ['Jörg Öztürk', 'JÖRG ÖZTÜRK']) {
        await expect(store.people.rename(ada.id, name)).rejects.toMatchObject({ problem: { code: 'name_taken', name } })
      }
      await store.people.rename(other.id, 'jörg öztürk')
      const namesake = await newcomer()
      await store.people.rename(namesake.id, 'Jörg Öztürk')

      expect(await store.people.find(ada.id)).toMatchObject({ name: 'Ada' })
      expect(await store.people.find(other.id)).toMatchObject({ name: 'jörg öztürk' })
      expect(await store.people.find(namesake.id)).toMatchObject({ name: 'Jörg Öztürk' })
    })

    test('who want one name at the same moment do not both get it', async () => {
      const asker = await newcomer()
      const people = await voters(asker, 4)

      const outcomes = await Promise.allSettled(people.map(({ id }) => store.people.rename(id, 'Grace')))

      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      for (const outcome of outcomes) {
        if (outcome.status === 'rejected') expect(outcome.reason.problem).toEqual({ code: 'name_taken', name: 'Grace' })
      }
    })

    test('of Slack and Discord may have the same name; in the console it is all there is', async () => {
      const slack = await store.people.workspace('slack', newId())
      const console = await store.people.workspace('console', newId())
      await store.people.person(slack, 'u1', { name: 'Ada' })
      await store.people.person(console, 'u1', { name: 'Ada' })

      expect(await store.people.person(slack, 'u2', { name: 'Ada' })).toMatchObject({ name: 'Ada' })
      const second = store.people.person(console, 'u2', { name: 'ADA' })
      await expect(second).rejects.toMatchObject({ problem: { code: 'name_taken', name: 'ADA' } })
    })
  })

  describe('tallies', () => talliesContract(() => store))

  platformsContract(() => under)

  describe('summaries', () => summariesContract(() => under))

  describe('settings', () => {
    test('are set once, and everybody gets what stands', async () => {
      const name = newId()
      expect(await store.settings.get(name)).toBeUndefined()

      const values = await Promise.all(['a', 'b', 'c'].map(value => store.settings.initialise(name, value)))

      expect(new Set(values).size).toBe(1)
      expect(await store.settings.get(name)).toBe(values[0])
    })
  })

  describe('the feed', () => {
    /** The next event that fits. The test's own timeout bounds the wait. */
    function next(wanted: FeedEvent): Promise<void> {
      return new Promise(resolve => {
        const unsubscribe = store.feed.subscribe(event => {
          if (event.kind === 'lost' || event.kind !== wanted.kind || event.comparisonId !== wanted.comparisonId) return
          unsubscribe()
          resolve()
        })
      })
    }

    async function newsOf(comparisonId: string, kind: FeedEvent['kind'], act: () => Promise<unknown>): Promise<void> {
      const news = next({ kind, comparisonId })
      await act()
      await news
    }

    test('tells of everything that people see, whichever process wrote it', async () => {
      const asker = await newcomer()
      const plan = planned(asker)
      const { id } = plan
      const of = ref(id)
      const { answers, comparisons, votes } = under.neighbour
      let run = 0

      await newsOf(id, 'changed', () => comparisons.create(plan))
      await newsOf(id, 'changed', async () => {
        run = (await answers.begin(of)) ?? 0
      })
      await newsOf(id, 'changed', () => answers.progress(of, run, 'For'))
      await newsOf(id, 'changed', () => answers.progress(of, run, 'Forty'))
      await newsOf(id, 'changed', () => answers.finish(of, run, done))
      await newsOf(id, 'changed', () => votes.cast(id, asker.id, 'A', noon))
      await newsOf(id, 'changed', () => votes.cast(id, asker.id, 'B', noon))
      await newsOf(id, 'changed', () => votes.withdraw(id, asker.id))
      await newsOf(id, 'changed', () => comparisons.close(id, 'revealed', noon))
    })

    test('tells of every request to stop', async () => {
      const { id } = await created()

      await newsOf(id, 'stop', () => under.neighbour.comparisons.stop(id, noon))
      await newsOf(id, 'stop', () => under.neighbour.comparisons.stop(id, noon))
    })

    test('tells nothing to who has unsubscribed, and goes on after a listener that throws', async () => {
      const { id } = await created()
      const heard: unknown[] = []
      const unsubscribe = store.feed.subscribe(event => heard.push(event))
      unsubscribe()
      const stop = store.feed.subscribe(() => {
        throw new Error('a bad listener')
      })

      await newsOf(id, 'stop', () => store.comparisons.stop(id, noon))

      stop()
      expect(heard).toEqual([])
    })
  })

  test('a ping is answered', async () => {
    await expect(store.ping()).resolves.toBeUndefined()
  })

  test('60 answers that stream at once stay apart', async () => {
    const all = await Promise.all(Array.from({ length: 30 }, () => created()))
    const refs = all.flatMap(({ id }) => [ref(id, 'A'), ref(id, 'B')])

    await Promise.all(
      refs.map(async of => {
        const run = await begun(of)
        const word = `${of.comparisonId}${of.label} `
        for (let n = 1; n <= 5; n++) await store.answers.progress(of, run, word.repeat(n))
        await store.answers.finish(of, run, { ...done, text: word.repeat(6) })
      }),
    )

    for (const of of refs) {
      expect(await answerOf(of)).toMatchObject({ status: 'done', text: `${of.comparisonId}${of.label} `.repeat(6) })
    }
  })
}
