/** What every `Queue` promises, whatever keeps its jobs. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import type { AnswerRef, Label } from '../../src/core/comparison.ts'
import { FaceoffError } from '../../src/core/errors.ts'
import type { PromptHandler, PromptRun, Queue, WakeHandler } from '../../src/core/ports.ts'
import { nextTime, type Schedule } from '../../src/core/week.ts'
import type { ProviderLimits, QueueTiming } from '../../src/queue/bullmq.ts'

/** Somewhere jobs are kept, empty at first. */
export type QueuePlace = AsyncDisposable & {
  /** Another queue on the same jobs, as another process would have it. */
  open(providers: readonly ProviderLimits[], timing?: Partial<QueueTiming>): Promise<Queue>
  /** Makes every lock look as if somebody else had taken it. */
  takeLocks(): Promise<void>
  /** What every schedule has set for its next time. */
  scheduled(): Promise<{ payload: unknown; at: Date }[]>
  /** Makes the next time of every schedule come now. */
  ringAll(): Promise<void>
  /** Everything that is kept, as text. */
  contents(): Promise<string>
}

/** Long enough that nothing in a test happens by a backoff or a watchdog that the test did not ask for. */
const never = 60_000
const calm: Partial<QueueTiming> = { firstRetryMs: never, watchdogMs: never, handBackMs: 1000 }

export function queueContract(newPlace: () => Promise<QueuePlace>): void {
  let place: QueuePlace

  beforeAll(async () => {
    place = await newPlace()
  })

  afterAll(() => place[Symbol.asyncDispose]())

  /** A queue with one provider that no other test knows. */
  async function opened(limits: Partial<ProviderLimits> = {}, timing: Partial<QueueTiming> = {}) {
    const provider = limits.id ?? `provider-${randomUUID()}`
    const queue = await place.open([{ concurrency: 1, rateLimit: null, ...limits, id: provider }], {
      ...calm,
      ...timing,
    })
    onTestFinished(() => queue.close(0))
    return { queue, provider }
  }

  describe('a job', () => {
    test('is run once, with the reference that was added', async () => {
      const { queue, provider } = await opened()
      const runs = recorded()
      const [ref, marker] = [newRef('B'), newRef()]

      await queue.work(runs.handler)
      await queue.add(provider, [ref, marker])

      await runs.count(2)
      expect(runs.refs()).toEqual([ref, marker])
    })

    test('that is added again while it waits or runs is the same job', async () => {
      const { queue, provider } = await opened()
      const gate = Promise.withResolvers<void>()
      const runs = recorded(() => gate.promise)
      const [ref, marker] = [newRef(), newRef()]

      await queue.add(provider, [ref, ref])
      await queue.add(provider, [ref])
      await queue.work(runs.handler)
      await runs.count(1)
      await queue.add(provider, [ref, marker])
      gate.resolve()

      await runs.count(2)
      expect(runs.refs()).toEqual([ref, marker])
    })

    test('that is done can be added and run again', async () => {
      const { queue, provider } = await opened()
      const runs = recorded()
      const ref = newRef()
      await queue.work(runs.handler)
      await queue.add(provider, [ref])
      await gone(queue, provider, ref)

      await queue.add(provider, [ref])

      await runs.count(2)
      expect(runs.refs()).toEqual([ref, ref])
    })

    test('that was added before anybody works waits for a worker', async () => {
      const { queue, provider } = await opened()
      const other = await opened({ id: provider })
      const ref = newRef()
      await queue.add(provider, [ref])
      const runs = recorded()

      await other.queue.work(runs.handler)

      await runs.count(1)
      expect(runs.refs()).toEqual([ref])
    })
  })

  describe('a failed run', () => {
    test('is repeated after exactly the time the error asks for', async () => {
      const { queue, provider } = await opened()
      const runs = recorded(failing(1, new FaceoffError({ code: 'provider_busy' }, { retryAfterMs: 300 })))

      await queue.work(runs.handler)
      await queue.add(provider, [newRef()])

      await runs.count(2)
      expect(runs.gapMs(0, 1)).toBeGreaterThanOrEqual(290)
    })

    test('makes nobody else wait for its repetition', async () => {
      const { queue, provider } = await opened()
      const [slow, other] = [newRef(), newRef()]
      const runs = recorded(async ({ ref }) => {
        if (ref.comparisonId !== slow.comparisonId) return
        throw new FaceoffError({ code: 'provider_busy' }, { retryAfterMs: 90_000 })
      })

      await queue.work(runs.handler)
      await queue.add(provider, [slow, other])

      await runs.count(2)
      expect(runs.refs()).toEqual([slow, other])
      expect(await queue.having(provider, [slow])).toEqual([slow])
    })

    test('is repeated with growing pauses, and knows when it is the last', async () => {
      const { queue, provider } = await opened({}, { firstRetryMs: 40 })
      const runs = recorded(failing(99, new FaceoffError({ code: 'provider_down' })))
      const ref = newRef()

      await queue.work(runs.handler)
      await queue.add(provider, [ref])

      await gone(queue, provider, ref)
      expect(runs.all.map(run => run.lastAttempt)).toEqual([false, false, false, true])
      expect(runs.gapMs(2, 3)).toBeGreaterThanOrEqual(75)
    })

    test('is not repeated when the failure is permanent', async () => {
      const { queue, provider } = await opened({}, { firstRetryMs: 1 })
      const runs = recorded(failing(1, new FaceoffError({ code: 'key_rejected' })))
      const [refused, marker] = [newRef(), newRef()]

      await queue.work(runs.handler)
      await queue.add(provider, [refused])
      await gone(queue, provider, refused)
      await queue.add(provider, [marker])

      await runs.count(2)
      expect(runs.refs()).toEqual([refused, marker])
    })

    test('is not repeated when the provider asks for more than an hour', async () => {
      const { queue, provider } = await opened()
      const ref = newRef()
      await queue.work(failing(1, new FaceoffError({ code: 'provider_busy' }, { retryAfterMs: 3_600_001 })))

      await queue.add(provider, [ref])

      await gone(queue, provider, ref)
    })

    test('is repeated when it was a defect', async () => {
      const { queue, provider } = await opened({}, { firstRetryMs: 1 })
      const runs = recorded(failing(1, new TypeError('undefined is not a function')))

      await queue.work(runs.handler)
      await queue.add(provider, [newRef()])

      await runs.count(2)
    })

    test('leaves nothing but ids and codes behind', async () => {
      const { queue, provider } = await opened()
      const ref = newRef()
      const runs = recorded(failing(1, new Error('no answer to "who will win?"')))
      await queue.work(runs.handler)
      await queue.add(provider, [ref])
      await runs.count(1)

      const contents = await vi.waitFor(async () => {
        const text = await place.contents()
        expect(text).toContain('internal')
        return text
      })

      expect(contents).toContain(ref.comparisonId)
      expect(contents).not.toContain('who will win')
    })
  })

  describe('having', () => {
    test('finds jobs that wait, run or are to be repeated, and no others', async () => {
      const { queue, provider } = await opened()
      const [failed, running, waiting, done, unknown] = [newRef(), newRef(), newRef(), newRef(), newRef()]
      const gate = Promise.withResolvers<void>()
      const runs = recorded(async ({ ref }) => {
        if (ref.comparisonId === failed.comparisonId) throw new FaceoffError({ code: 'provider_down' })
        if (ref.comparisonId === running.comparisonId) await gate.promise
      })
      await queue.work(runs.handler)
      await queue.add(provider, [done, failed, running, waiting])
      await runs.count(3)

      const found = await queue.having(provider, [unknown, done, failed, running, waiting])

      expect(found).toEqual([failed, running, waiting])
      gate.resolve()
    })

    test('tells the labels of one comparison apart', async () => {
      const { queue, provider } = await opened()
      const a = newRef('A')
      const b: AnswerRef = { ...a, label: 'B' }
      await queue.add(provider, [b])

      expect(await queue.having(provider, [a, b])).toEqual([b])
    })

    test('keeps providers apart', async () => {
      const first = await opened()
      const second = await opened()
      const ref = newRef()
      await first.queue.add(first.provider, [ref])

      expect(await second.queue.having(second.provider, [ref])).toEqual([])
    })
  })

  test('a provider that was not given can have no jobs', async () => {
    const { queue } = await opened()

    await expect(queue.add('nobody', [newRef()])).rejects.toMatchObject({ problem: { code: 'provider_off' } })
    expect(await queue.having('nobody', [newRef()])).toEqual([])
  })

  test('as many jobs run at once as the provider allows, and never more', async () => {
    const { queue, provider } = await opened({ concurrency: 3 })
    const gates = Array.from({ length: 9 }, () => Promise.withResolvers<void>())
    let running = 0
    let most = 0
    const runs = recorded(async () => {
      most = Math.max(most, ++running)
      await gates[runs.all.length - 1]?.promise
      running--
    })

    await queue.work(runs.handler)
    await queue.add(
      provider,
      gates.map(() => newRef()),
    )
    for (const [index, gate] of gates.entries()) {
      await runs.count(Math.min(index + 3, gates.length))
      gate.resolve()
    }

    await runs.count(gates.length)
    expect(most).toBe(3)
  })

  test('no more jobs begin in a window of time than the provider allows', async () => {
    const { queue, provider } = await opened({ concurrency: 5, rateLimit: { max: 2, perMs: 800 } })
    const runs = recorded()

    await queue.work(runs.handler)
    await queue.add(
      provider,
      Array.from({ length: 5 }, () => newRef()),
    )

    await runs.count(5)
    // A run is seen a moment after the backend counted it, so the windows look a little shorter from here.
    expect(runs.gapMs(0, 2)).toBeGreaterThan(600)
    expect(runs.gapMs(2, 4)).toBeGreaterThan(600)
  })

  test('a run whose lock was lost is told to let go, and the job is run again', async () => {
    const { queue, provider } = await opened({}, { lockMs: 1000, stalledCheckMs: 200 })
    const runs = recorded(async run => {
      if (runs.all.length === 1) await aborted(run.signal)
    })
    await queue.work(runs.handler)
    await queue.add(provider, [newRef()])
    await runs.count(1)

    await place.takeLocks()

    await runs.count(2)
    expect(runs.all[0]?.signal.aborted).toBe(true)
  })

  describe('closing', () => {
    test('waits for a run that ends in time', async () => {
      const { queue, provider } = await opened()
      const gate = Promise.withResolvers<void>()
      const runs = recorded(() => gate.promise)
      const ref = newRef()
      await queue.work(runs.handler)
      await queue.add(provider, [ref])
      await runs.count(1)

      const closing = queue.close(never)
      gate.resolve()
      await closing

      expect(runs.all[0]?.signal.aborted).toBe(false)
      const later = await opened({ id: provider })
      expect(await later.queue.having(provider, [ref])).toEqual([])
    })

    test('tells a run that does not end to let go; what it hands back can be added again', async () => {
      const { queue, provider } = await opened()
      const runs = recorded(run => aborted(run.signal))
      const ref = newRef()
      await queue.work(runs.handler)
      await queue.add(provider, [ref])
      await runs.count(1)

      await queue.close(10)

      const later = await opened({ id: provider })
      expect(await later.queue.having(provider, [ref])).toEqual([])
      const again = recorded()
      await later.queue.work(again.handler)
      await later.queue.add(provider, [ref])
      await again.count(1)
    })

    test('leaves jobs that have not begun to others', async () => {
      const { queue, provider } = await opened()
      const gate = Promise.withResolvers<void>()
      const runs = recorded(() => gate.promise)
      const [running, waiting] = [newRef(), newRef()]
      await queue.work(runs.handler)
      await queue.add(provider, [running, waiting])
      await runs.count(1)

      const closing = queue.close(never)
      gate.resolve()
      await closing

      expect(runs.refs()).toEqual([running])
      const later = await opened({ id: provider })
      const others = recorded()
      await later.queue.work(others.handler)
      await others.count(1)
      expect(others.refs()).toEqual([waiting])
    })

    test('does not wait for a run that never lets go; its job is taken over', async () => {
      const timing = { lockMs: 500, stalledCheckMs: 100, handBackMs: 50, closeMs: 50 }
      const { queue, provider } = await opened({}, timing)
      const gate = Promise.withResolvers<void>()
      onTestFinished(() => gate.resolve())
      const runs = recorded(() => gate.promise)
      const ref = newRef()
      await queue.work(runs.handler)
      await queue.add(provider, [ref])
      await runs.count(1)

      await queue.close(0)

      const later = await opened({ id: provider }, timing)
      const others = recorded()
      await later.queue.work(others.handler)
      await others.count(1)
      expect(others.refs()).toEqual([ref])
    })

    test('can be asked for twice', async () => {
      const { queue } = await opened()
      await queue.work(async () => {})

      await Promise.all([queue.close(0), queue.close(0)])
    })
  })

  test('a backend that answers can be pinged', async () => {
    const { queue } = await opened()

    await expect(queue.ping()).resolves.toBeUndefined()
  })

  describe('a schedule', () => {
    const friday: Schedule = { weekday: 5, minuteOfDay: 16 * 60 + 5, timeZone: 'Asia/Kolkata' }
    const sunday: Schedule = { weekday: 7, minuteOfDay: 0, timeZone: 'America/New_York' }
    const scheduledFor = async (workspaceId: string) =>
      (await place.scheduled()).filter(({ payload }) => JSON.stringify(payload).includes(workspaceId))

    test('is set for its next time, by the clocks of its time zone, and holds the id of the workspace alone', async () => {
      const { queue } = await opened()
      const [one, two] = [randomUUID(), randomUUID()]

      await queue.schedule(one, friday)
      await queue.schedule(two, sunday)

      const now = new Date()
      expect(await scheduledFor(one)).toEqual([{ payload: { workspaceId: one }, at: nextTime(friday, now) }])
      expect(await scheduledFor(two)).toEqual([{ payload: { workspaceId: two }, at: nextTime(sunday, now) }])
    })

    test('that is set again is the same one, whoever sets it', async () => {
      const all = [await opened(), await opened(), await opened()]
      const workspaceId = randomUUID()

      await Promise.all(all.map(({ queue }) => queue.schedule(workspaceId, friday)))
      await all[0]?.queue.schedule(workspaceId, friday)

      expect(await scheduledFor(workspaceId)).toMatchObject([{ at: nextTime(friday, new Date()) }])
    })

    test('that is changed takes the place of the old one', async () => {
      const [first, second] = [await opened(), await opened()]
      const workspaceId = randomUUID()
      await first.queue.schedule(workspaceId, friday)

      await second.queue.schedule(workspaceId, sunday)

      expect(await scheduledFor(workspaceId)).toMatchObject([{ at: nextTime(sunday, new Date()) }])
    })

    test('can be taken away, also where there is none', async () => {
      const { queue } = await opened()
      const workspaceId = randomUUID()
      await queue.schedule(workspaceId, friday)

      await queue.schedule(workspaceId, null)
      await queue.schedule(workspaceId, null)

      expect(await scheduledFor(workspaceId)).toEqual([])
    })

    test('wakes one of two processes, every time it comes, and is set for the next time again', async () => {
      const [first, second] = [await opened(), await opened()]
      const workspaceId = randomUUID()
      const woken = wakes(workspaceId)
      await Promise.all([first.queue.wake(woken.handler), second.queue.wake(woken.handler)])
      await first.queue.schedule(workspaceId, friday)

      for (const time of [1, 2, 3]) {
        await vi.waitFor(async () => expect(await scheduledFor(workspaceId)).toHaveLength(1))
        await place.ringAll()
        await woken.count(time)
      }

      await vi.waitFor(async () => expect(await scheduledFor(workspaceId)).toHaveLength(1))
      expect(woken.times()).toBe(3)
    })

    test('wakes those who come later, and once where it could not be handled', async () => {
      const { queue } = await opened()
      const workspaceId = randomUUID()
      const woken = wakes(workspaceId, () => {
        throw new Error('out of order')
      })
      await queue.schedule(workspaceId, friday)
      await place.ringAll()

      await queue.wake(woken.handler)
      await woken.count(1)
      await vi.waitFor(async () => expect(await scheduledFor(workspaceId)).toHaveLength(1))
      await place.ringAll()

      await woken.count(2)
      expect(woken.times()).toBe(2)
    })
  })

  test('two queues share the work, and each job is run once', async () => {
    const first = await opened({ concurrency: 2 })
    const second = await opened({ id: first.provider, concurrency: 2 })
    const runs = recorded()
    const refs = Array.from({ length: 40 }, () => newRef())

    await Promise.all([first.queue.work(runs.handler), second.queue.work(runs.handler)])
    await Promise.all(refs.map((ref, index) => (index % 2 ? first : second).queue.add(first.provider, [ref])))

    await runs.count(refs.length)
    await Promise.all(refs.map(ref => gone(first.queue, first.provider, ref)))
    expect(new Set(runs.refs().map(({ comparisonId }) => comparisonId)).size).toBe(refs.length)
    expect(runs.all).toHaveLength(refs.length)
  })
}

export function newRef(label: Label = 'A'): AnswerRef {
  return { comparisonId: randomUUID(), label }
}

/** A handler that remembers its runs, and a way to wait for them. */
export function recorded(handle: PromptHandler = async () => {}) {
  const all: (PromptRun & { at: number })[] = []
  const waiting = new Set<() => void>()
  const when = (reached: () => boolean) =>
    new Promise<void>(resolve => {
      const look = () => {
        if (!reached()) return
        waiting.delete(look)
        resolve()
      }
      waiting.add(look)
      look()
    })
  return {
    all,
    refs: () => all.map(run => run.ref),
    /** Milliseconds between the beginnings of two runs. */
    gapMs: (earlier: number, later: number) => (all[later]?.at ?? 0) - (all[earlier]?.at ?? 0),
    handler: (async run => {
      all.push({ ...run, at: Date.now() })
      for (const look of waiting) look()
      await handle(run)
    }) satisfies PromptHandler,
    /** Resolves when so many runs have begun. The test's own time limit bounds it. */
    count: (wanted: number) => when(() => all.length >= wanted),
    /** Resolves when this one has begun. */
    until: ({ comparisonId }: AnswerRef) => when(() => all.some(({ ref }) => ref.comparisonId === comparisonId)),
  }
}

/** A handler that counts how often it was woken for one workspace. */
function wakes(workspaceId: string, handle: () => void = () => {}) {
  let times = 0
  let look = () => {}
  return {
    times: () => times,
    handler: (async id => {
      if (id !== workspaceId) return
      times++
      look()
      handle()
    }) satisfies WakeHandler,
    /** Resolves when it was woken so often. The test's own time limit bounds it. */
    count: (wanted: number) =>
      new Promise<void>(resolve => {
        look = () => {
          if (times >= wanted) resolve()
        }
        look()
      }),
  }
}

/** A handler that fails so many times before it succeeds. */
function failing(times: number, error: Error): PromptHandler {
  let failed = 0
  return async () => {
    if (failed++ < times) throw error
  }
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  await new Promise(resolve => signal.addEventListener('abort', resolve, { once: true }))
}

/** Resolves when the job has left the queue, which is a moment after its handler returned. */
async function gone(queue: Queue, provider: string, ref: AnswerRef): Promise<void> {
  await vi.waitFor(async () => expect(await queue.having(provider, [ref])).toEqual([]), { timeout: 20_000 })
}
