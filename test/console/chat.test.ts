import { pino } from 'pino'
import { expect, test } from 'vitest'
import { ConsoleChat, type Screen } from '../../src/console/chat.ts'
import type { AnswerState } from '../../src/core/ballot.ts'
import type { Answers } from '../../src/core/ports.ts'

test('a draft is on the screen at once, and its row has the first and the newest text', async () => {
  const { chat, rows, screen } = aChat()

  for (const text of ['a', 'ab', 'abc']) await chat.showAnswer(draft(text))

  expect(screen.drafts).toEqual(['a', 'ab', 'abc'])
  await expect.poll(() => rows.written).toEqual(['a', 'abc'])
})

test('a stream does not wait for the database', async () => {
  const { chat, rows } = aChat()
  rows.answer = () => new Promise(() => {})

  await chat.showAnswer(draft('a'))
  await chat.showAnswer(draft('ab'))

  expect(rows.written).toEqual(['a'])
})

test('a run that has lost its row writes no more, and hears no complaint', async () => {
  const { chat, rows } = aChat()
  rows.answer = async () => false

  await chat.showAnswer(draft('a'))
  await new Promise(setImmediate)
  await chat.showAnswer(draft('ab'))
  await chat.showAnswer(final('abc'))

  expect(rows.written).toEqual(['a'])
})

test('a database that is away stops no stream', async () => {
  const { chat, rows, screen } = aChat()
  rows.answer = async () => {
    throw new Error('gone')
  }

  await chat.showAnswer(draft('a'))
  await chat.showAnswer(draft('ab'))
  await chat.showAnswer(final('abc'))

  expect(screen.drafts).toEqual(['a', 'ab'])
  expect(screen.finals).toEqual(['abc'])
})

test('a final text comes after the draft that is under way, and no other draft after it', async () => {
  const { chat, rows, screen } = aChat()
  const { promise, resolve } = Promise.withResolvers<boolean>()
  rows.answer = () => promise
  await chat.showAnswer(draft('a'))
  await chat.showAnswer(draft('ab'))

  const shown = chat.showAnswer(final('abc'))
  await new Promise(setImmediate)
  expect(screen.finals).toEqual([])
  resolve(true)
  await shown

  expect(screen.finals).toEqual(['abc'])
  expect(rows.written).toEqual(['a'])
})

test('an older run says nothing beside a newer one', async () => {
  const { chat, rows, screen } = aChat()
  await chat.showAnswer(draft('new', 2))

  await chat.showAnswer(draft('old', 1))

  expect(screen.drafts).toEqual(['new'])
  expect(rows.written).toEqual(['new'])
})

function aChat() {
  const rows = { written: [] as string[], answer: async (): Promise<boolean> => true }
  const screen = { drafts: [] as string[], finals: [] as string[] }
  const answers: Pick<Answers, 'progress'> = {
    progress: (_ref, _run, text) => {
      rows.written.push(text)
      return rows.answer()
    },
  }
  const shown: Screen = {
    showDraft: ({ text }) => screen.drafts.push(text),
    showFinal: async ({ text }) => {
      screen.finals.push(text)
    },
  }
  return { chat: new ConsoleChat({ answers, screen: shown, log: pino({ level: 'silent' }) }), rows, screen }
}

function draft(text: string, run = 1): AnswerState {
  const entry = { label: 'A', status: 'streaming', failure: null, retryAt: null, model: null } as const
  return {
    comparisonId: 'one',
    place: null,
    label: 'A',
    run,
    text,
    entry: { ...entry, namedItself: false, cut: false },
    locale: 'en',
  }
}

function final(text: string): AnswerState {
  const streaming = draft(text)
  return { ...streaming, entry: { ...streaming.entry, status: 'done' } }
}
