import { describe, expect, test } from 'vitest'
import { FaceoffError } from '../../src/core/errors.ts'
import type { Model } from '../../src/core/model.ts'
import type { AnswerPart, Provider } from '../../src/core/ports.ts'

/** What every `Provider` keeps to. `subject` is made anew for each test and disposed of after it. */
export type ProviderSubject = AsyncDisposable & {
  provider: Provider
  /** A model that answers with several parts. */
  model: Model
  /** A model of the same provider that cannot answer. */
  failing: Model
}

export function describeProvider(name: string, makeSubject: () => Promise<ProviderSubject>): void {
  describe(`${name} keeps to the Provider port`, () => {
    test('an answer is text, then usage, then one end', async () => {
      await using subject = await makeSubject()

      const parts = await collect(subject.provider, subject.model, 'What is a vote?')

      const kinds = parts.map(part => part.type).filter(type => type !== 'thinking')
      expect(textOf(parts).trim()).not.toBe('')
      expect(kinds.slice(0, -2).every(kind => kind === 'text')).toBe(true)
      expect(kinds.slice(-2)).toEqual(['usage', 'end'])
    })

    test('no part of text is empty or cuts a character in two', async () => {
      await using subject = await makeSubject()

      const parts = await collect(subject.provider, subject.model, 'Emoji, please: 👩‍🚀')

      for (const part of parts) {
        if (part.type === 'text') expect(part.text !== '' && part.text.isWellFormed()).toBe(true)
      }
    })

    test('an aborted signal is thrown back before anything is asked', async () => {
      await using subject = await makeSubject()
      const reason = new Error('not wanted any more')

      const asked = collect(subject.provider, subject.model, 'Hello', AbortSignal.abort(reason))

      await expect(asked).rejects.toBe(reason)
    })

    test('an abort in the middle of an answer throws its reason', async () => {
      await using subject = await makeSubject()
      const reason = new Error('stopped')
      const stop = new AbortController()

      const reading = (async () => {
        for await (const part of answer(subject.provider, subject.model, 'Hello', stop.signal)) {
          if (part.type === 'text') stop.abort(reason)
        }
      })()

      await expect(reading).rejects.toBe(reason)
    })

    test('a reader may leave in the middle, and the provider answers the next one', async () => {
      await using subject = await makeSubject()

      for await (const part of answer(subject.provider, subject.model, 'Hello')) {
        if (part.type === 'text') break
      }

      expect(textOf(await collect(subject.provider, subject.model, 'Hello again'))).not.toBe('')
    })

    test('two answers at once are whole and the same as one alone', async () => {
      await using subject = await makeSubject()
      const alone = textOf(await collect(subject.provider, subject.model, 'Hello'))

      const both = await Promise.all([1, 2].map(() => collect(subject.provider, subject.model, 'Hello')))

      expect(both.map(textOf)).toEqual([alone, alone])
    })

    test('a model that cannot answer throws an error that a contestant can fail with', async () => {
      await using subject = await makeSubject()

      const thrown = await collect(subject.provider, subject.failing, 'Hello').catch((error: unknown) => error)

      expect(thrown).toBeInstanceOf(FaceoffError)
      expect(thrown).toHaveProperty('kind', expect.stringMatching(/retryable|permanent/))
    })

    test('its health names the model that it offers', async () => {
      await using subject = await makeSubject()

      const health = await subject.provider.health()

      const offered = health.ok ? health.offered : null
      expect(offered ?? [ownName(subject.model)]).toContain(ownName(subject.model))
      expect(health.ok).toBe(true)
    })
  })
}

export function answer(provider: Provider, model: Model, prompt: string, signal = new AbortController().signal) {
  return provider.answer({ model, prompt, signal })
}

export async function collect(
  provider: Provider,
  model: Model,
  prompt: string,
  signal?: AbortSignal,
): Promise<AnswerPart[]> {
  const parts: AnswerPart[] = []
  for await (const part of answer(provider, model, prompt, signal)) parts.push(part)
  return parts
}

export function textOf(parts: readonly AnswerPart[]): string {
  return parts.map(part => (part.type === 'text' ? part.text : '')).join('')
}

function ownName(model: Model): string {
  return model.id.slice(model.provider.length + 1)
}
