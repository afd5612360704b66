import { describe, expect, test } from 'vitest'
import { answerStateOf } from '../../src/core/ballot.ts'
import type { Answer, Comparison, Contestant } from '../../src/core/comparison.ts'
import { Models } from '../contract/scripted.ts'

const catalogue = new Models([
  { id: 'test/one', name: 'One', aliases: ['Qwen'] },
  { id: 'test/two', name: 'Two', aliases: ['ChatGPT'] },
])

const asked = new Date('2026-11-23T12:00:00Z')

function shown(answer: Pick<Answer, 'text' | 'status' | 'endReason'>, status: Comparison['status'] = 'open'): string {
  const contestant: Contestant = {
    label: 'A',
    model: 'test/one',
    answer: {
      run: 1,
      failure: null,
      retryAt: null,
      promptTokens: null,
      completionTokens: null,
      costMicros: null,
      currency: null,
      firstTokenMs: null,
      durationMs: null,
      namedItself: false,
      ...answer,
    },
  }
  const comparison: Comparison = {
    id: 'comparison',
    workspaceId: 'workspace',
    platform: 'console',
    channel: 'arena',
    asker: { id: 'ada', name: 'Ada' },
    prompt: 'Who are you?',
    category: null,
    blind: true,
    locale: 'en',
    status,
    createdAt: asked,
    closesAt: asked,
    closedAt: status === 'open' ? null : asked,
    stopRequestedAt: null,
    place: null,
    contestants: [contestant, { ...contestant, label: 'B', model: 'test/two' }],
    voted: 0,
    tally: null,
  }
  return answerStateOf(comparison, contestant, catalogue).text
}

describe('an answer that breaks off within a name does not show its beginning', () => {
  const text = 'I am called Chat'

  test('while it streams', () => {
    expect(shown({ text, status: 'streaming', endReason: null })).toBe('I am called ')
  })

  test('after somebody stopped it', () => {
    expect(shown({ text, status: 'stopped', endReason: null })).toBe('I am called ')
  })

  test('when the token limit cut it', () => {
    expect(shown({ text, status: 'done', endReason: 'length' })).toBe('I am called ')
  })

  test('and is whole after the reveal', () => {
    expect(shown({ text, status: 'stopped', endReason: null }, 'revealed')).toBe(text)
  })
})

test('an answer that came to its end is shown to its last letter', () => {
  expect(shown({ text: 'The letter is Q', status: 'done', endReason: 'stop' })).toBe('The letter is Q')
})
