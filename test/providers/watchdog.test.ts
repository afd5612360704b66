import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { Watchdog } from '../../src/providers/watchdog.ts'

const limits = { firstMs: 100, betweenMs: 60, settleMs: 10, totalMs: 1_000 }
const never = () => new Promise<never>(() => undefined)
const caller = new AbortController().signal

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
})
afterEach(() => {
  vi.useRealTimers()
})

/** Waits this long for the provider. */
async function waits(watchdog: Watchdog, ms: number): Promise<void> {
  const waited = watchdog.wait(new Promise<void>(resolve => setTimeout(resolve, ms)))
  await vi.advanceTimersByTimeAsync(ms)
  await waited
}

describe('the watchdog', () => {
  test('gives up when nothing counts as an answer in time, however often something arrives', async () => {
    using watchdog = new Watchdog(limits, caller)

    await waits(watchdog, 60)
    await waits(watchdog, 30)
    expect(watchdog.controller.signal.aborted).toBe(false)
    void watchdog.wait(never())
    await vi.advanceTimersByTimeAsync(10)

    expect(watchdog.verdict).toBe('silent')
    expect(watchdog.controller.signal.aborted).toBe(true)
  })

  test('starts anew with each sign of life', async () => {
    using watchdog = new Watchdog(limits, caller)

    for (let sign = 0; sign < 5; sign++) {
      await waits(watchdog, 50)
      watchdog.grant(limits.betweenMs)
    }

    expect(watchdog.verdict).toBeUndefined()
  })

  test('does not count the time that the reader takes', async () => {
    using watchdog = new Watchdog(limits, caller)

    await waits(watchdog, 50)
    await vi.advanceTimersByTimeAsync(500)
    await waits(watchdog, 40)

    expect(watchdog.verdict).toBeUndefined()
  })

  test('ends an answer that never ends', async () => {
    using watchdog = new Watchdog(limits, caller)

    for (let sign = 0; sign < 20; sign++) {
      await waits(watchdog, 50)
      watchdog.grant(limits.betweenMs)
    }

    expect(watchdog.verdict).toBe('endless')
  })

  test("passes the caller's abort on with its reason, and has no verdict of its own", () => {
    const stop = new AbortController()
    using watchdog = new Watchdog(limits, stop.signal)
    const reason = new Error('stopped')

    stop.abort(reason)

    expect(watchdog.controller.signal.reason).toBe(reason)
    expect(watchdog.verdict).toBeUndefined()
  })

  test('obeys a caller who had aborted before', () => {
    const reason = new Error('stopped')
    using watchdog = new Watchdog(limits, AbortSignal.abort(reason))

    expect(watchdog.controller.signal.reason).toBe(reason)
  })

  test('leaves no timer behind', () => {
    const watchdog = new Watchdog(limits, caller)

    watchdog[Symbol.dispose]()

    expect(vi.getTimerCount()).toBe(0)
  })
})
