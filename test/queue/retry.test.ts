import { UnrecoverableError } from 'bullmq'
import { describe, expect, test } from 'vitest'
import { FaceoffError } from '../../src/core/errors.ts'
import { asJobError, retryDelay } from '../../src/queue/retry.ts'

const busy = (retryAfterMs: number) => asJobError(new FaceoffError({ code: 'provider_busy' }, { retryAfterMs }))

describe('the pause before a job is run again', () => {
  test('is exactly what the provider asks for, over a minute too', () => {
    expect(retryDelay(busy(75_000), 3, { firstRetryMs: 2000, random: () => 0.9 })).toBe(75_000)
  })

  test('doubles where the provider says nothing', () => {
    const down = asJobError(new FaceoffError({ code: 'provider_down' }))
    const pauses = [1, 2, 3].map(attempt => retryDelay(down, attempt, { firstRetryMs: 2000, random: () => 0 }))

    expect(pauses).toEqual([2000, 4000, 8000])
  })

  test('is shortened at random by up to one half', () => {
    expect(retryDelay(undefined, 1, { firstRetryMs: 2000, random: () => 0.5 })).toBe(1500)
    expect(retryDelay(undefined, 1, { firstRetryMs: 2000, random: () => 1 })).toBe(1000)
  })

  test('is never negative, which BullMQ would take for a refusal', () => {
    expect(retryDelay(busy(-1), 1, { firstRetryMs: 2000, random: () => 0 })).toBe(0)
  })
})

describe('a failure', () => {
  test.each([
    ['permanent', new FaceoffError({ code: 'no_credit' })],
    ['a mistake of a person', new FaceoffError({ code: 'prompt_empty' })],
    ['a wait of more than an hour', new FaceoffError({ code: 'provider_busy' }, { retryAfterMs: 3_600_001 })],
    ['a wait without end', new FaceoffError({ code: 'provider_busy' }, { retryAfterMs: Number.POSITIVE_INFINITY })],
  ])('is final when it is %s', (_, error) => {
    expect(asJobError(error)).toBeInstanceOf(UnrecoverableError)
  })

  test.each([
    ['our own retryable errors', new FaceoffError({ code: 'answer_cut' })],
    ['a wait of an hour', new FaceoffError({ code: 'provider_busy' }, { retryAfterMs: 3_600_000 })],
    ['defects', new TypeError('x')],
    ['things that are no errors', 'x'],
  ])('is worth another run for %s', (_, thrown) => {
    expect(asJobError(thrown)).not.toBeInstanceOf(UnrecoverableError)
  })

  test('carries a code on, and no text that could quote a prompt', () => {
    expect(asJobError(new Error('cannot answer "who will win?"')).message).toBe('internal')
  })
})
