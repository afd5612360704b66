import { describe, expect, test } from 'vitest'
import { answerMessages, ballotMessage, bodyOf } from '../../../src/chat/discord/messages.ts'
import type { AnswerState, Ballot, Entry } from '../../../src/core/ballot.ts'
import type { Label } from '../../../src/core/comparison.ts'

const here = { why: null, buttonsOnly: false }

describe('a ballot', () => {
  test('shows the question, how far each answer is, the turnout, and the time in the reader’s own zone', () => {
    const { content } = ballotMessage(ballot({ entries: [entry('A', { status: 'done' }), entry('B')] }), here)

    expect(content).toBe(
      [
        '**Ada asks** · Coding',
        '> Why is the sky blue?',
        '**The models are answering**',
        '🇦 Complete',
        '🇧 Answering …',
        '-# Nobody has voted yet · Voting ends <t:1795608000:R>',
      ].join('\n'),
    )
  })

  test('offers every choice, those that can be read; stopping while they write; revealing once two can be read', () => {
    const running = ballotMessage(ballot({ choices: ['A'] }), here)
    const open = ballotMessage(ballot({ phase: 'open', choices: ['A', 'B', 'tie', 'both_bad'] }), here)

    expect(buttonsOf(running)).toEqual(['A', '(B)', '(Tie)', '(All bad)', 'Stop', '(Reveal)'])
    expect(buttonsOf(open)).toEqual(['A', 'B', 'Tie', 'All bad', 'Reveal'])
  })

  test('has room for six contestants, a prompt of any length, and every note', () => {
    const labels: Label[] = ['A', 'B', 'C', 'D', 'E', 'F']
    const entries = labels.map(label => entry(label, { status: 'failed', failure: 'context_exceeded' }))
    const prompt = '*_@everyone <@1>\n'.repeat(2000)

    const { content, components } = ballotMessage(ballot({ entries, prompt }), {
      why: 'not_installed',
      buttonsOnly: true,
    })

    expect(content.length).toBeLessThanOrEqual(2000)
    expect(components.every(row => row.components.length <= 5)).toBe(true)
    expect(content).not.toMatch(/@everyone|<@1>/)
  })

  test('offers the whole prompt where it had to be shortened', () => {
    const short = ballotMessage(ballot({}), here)
    const long = ballotMessage(ballot({ prompt: 'word '.repeat(1000) }), here)

    expect(buttonsOf(short)).not.toContain('Show the whole prompt')
    expect(buttonsOf(long)).toContain('Show the whole prompt')
    expect(long.content).toContain('word …')
  })

  test('says when a failed answer is tried again', () => {
    const waiting = entry('A', { status: 'queued', failure: 'provider_busy', retryAt: new Date(1_795_600_000_000) })

    const { content } = ballotMessage(ballot({ entries: [waiting, entry('B')] }), here)

    expect(content).toContain('🇦 The provider is busy. Next try <t:1795600000:T>.')
  })

  test('after the reveal shows names, votes, cost and speed, in German', () => {
    const { content, components } = ballotMessage(revealed(), here)

    expect(content.replaceAll('\u00a0', ' ')).toBe(
      [
        '**Ada fragt** · Programmieren',
        '> Why is the sky blue?',
        '**Ergebnis: Qwen\\_Max gewinnt**',
        '🇦 **Qwen\\_Max**: 2 Stimmen · 0,0012 $ · 345 Tokens · erstes Token 120 ms · insgesamt 4,2 Sek.',
        '🇧 **GPT**: 1 Stimme · Kosten unbekannt',
        '🤝 1 × unentschieden',
      ].join('\n'),
    )
    expect(components).toEqual([])
  })

  test('that is void says so', () => {
    const failed = entry('A', { status: 'failed', failure: 'no_credit', model: { id: 'q/x', name: 'Qwen' } })

    const { content } = ballotMessage(ballot({ phase: 'void', entries: [failed, entry('B')] }), here)

    expect(content).toContain('**Result: Void: fewer than two answers to compare**')
    expect(content).toContain('🇦 **Qwen**: No answer: The account with this provider has no credit left.')
  })
})

describe('an answer', () => {
  test('thinks, writes, and is complete, under its label alone', () => {
    const contents = [
      answer('', { status: 'streaming' }),
      answer('Because', { status: 'streaming' }),
      answer('Because of Rayleigh.', { status: 'done' }),
    ].map(state => answerMessages(state)[0]?.content)

    expect(contents).toEqual([
      '🇦 **Answer A**\n-# Thinking …',
      '🇦 **Answer A**\nBecause\n-# Answering …',
      '🇦 **Answer A**\nBecause of Rayleigh.',
    ])
  })

  test('has its model’s name once it may be seen', () => {
    const [message] = answerMessages(answer('Hi.', { status: 'done', model: { id: 'q/x', name: 'Qwen *Max*' } }))

    expect(message?.content).toBe('🇦 **Answer A · Qwen \\*Max\\***\nHi.')
  })

  test('says why it failed, where it was cut, that it named itself', () => {
    const lines = [
      answer('', { status: 'failed', failure: 'prompt_refused' }),
      answer('Half', { status: 'done', cut: true }),
      answer('I am ▇▇▇', { status: 'done', namedItself: true }),
    ].map(state => answerMessages(state)[0]?.content.split('\n').at(-1))

    expect(lines).toEqual([
      '-# No answer: The provider’s content filter refused this prompt or its answer.',
      '-# Cut at the model’s token limit',
      '-# Said its own name; it was hidden until the reveal',
    ])
  })

  test('that is long goes on in further messages, and is attached whole under a name that tells nothing', () => {
    const text = Array.from({ length: 60 }, (_, index) => `Paragraph ${index}. ${'word '.repeat(20)}`).join('\n\n')

    const messages = answerMessages(answer(text, { status: 'done' }))

    expect(messages.length).toBeGreaterThan(2)
    for (const { content } of messages) expect(content.length).toBeLessThanOrEqual(2000)
    expect(messages.slice(1).map(({ content }) => content.split('\n')[0])).toEqual(
      messages.slice(1).map((_, index) => `-# 🇦 Answer A, part ${index + 2}`),
    )
    expect(messages.map(({ file }) => file)).toEqual([
      ...messages.slice(1).map(() => null),
      { name: 'answer-a.md', text },
    ])
  })

  test('that is longer than anybody reads in a chat ends with the file', () => {
    const messages = answerMessages(answer('word '.repeat(20_000), { status: 'done' }))

    expect(messages).toHaveLength(6)
    expect(messages.at(-1)?.content).toMatch(/\n-# The rest is in the file\.$/)
  })
})

test('whatever is sent pings nobody and lets no link be fetched', () => {
  const { body } = bodyOf({ content: '@everyone https://example.org', components: [], file: null })

  expect(body).toMatchObject({ allowed_mentions: { parse: [] }, flags: 4 })
})

function entry(label: Label, changes: Partial<Entry> = {}): Entry {
  const base = { label, status: 'streaming', failure: null, retryAt: null, model: null, namedItself: false, cut: false }
  return { ...base, ...changes } as Entry
}

function ballot(changes: Partial<Ballot>): Ballot {
  return {
    comparisonId: '0190f3a0-0000-7000-8000-000000000000',
    workspaceId: 'w',
    platform: 'discord',
    channel: 'c',
    place: null,
    locale: 'en',
    asker: { id: 'a', name: 'Ada' },
    prompt: 'Why is the sky blue?',
    category: 'coding',
    blind: true,
    phase: 'running',
    createdAt: new Date('2026-11-24T12:00:00Z'),
    closesAt: new Date('2026-11-25T12:00:00Z'),
    stopping: false,
    entries: [entry('A'), entry('B')],
    choices: [],
    voted: 0,
    results: null,
    ...changes,
  }
}

function revealed(): Ballot {
  const unknown = { promptTokens: null, completionTokens: null, costMicros: null, currency: null }
  return ballot({
    phase: 'revealed',
    locale: 'de',
    entries: [
      entry('A', { status: 'done', model: { id: 'q/x', name: 'Qwen_Max' } }),
      entry('B', { status: 'done', model: { id: 'o/x', name: 'GPT' } }),
    ],
    results: {
      byLabel: [
        {
          label: 'A',
          votes: 2,
          promptTokens: 12,
          completionTokens: 345,
          costMicros: 1200,
          currency: 'USD',
          firstTokenMs: 120,
          durationMs: 4200,
        },
        { ...unknown, label: 'B', votes: 1, firstTokenMs: null, durationMs: null },
      ],
      ties: 1,
      bothBad: 0,
      winners: ['A'],
    },
  })
}

function answer(text: string, changes: Partial<Entry>): AnswerState {
  return { comparisonId: 'c', place: null, label: 'A', run: 1, text, entry: entry('A', changes), locale: 'en' }
}

/** Labels of the buttons; those that cannot be pressed in brackets. */
function buttonsOf({ components }: ReturnType<typeof ballotMessage>): string[] {
  return components.flatMap(row =>
    row.components.map(button => {
      const label = 'label' in button ? (button.label ?? '') : ''
      return button.disabled ? `(${label})` : label
    }),
  )
}
