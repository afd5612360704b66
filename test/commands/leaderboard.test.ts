import { describe, expect, test } from 'vitest'
import { history } from '../../commands/history.ts'
import { commands } from '../../commands/index.ts'
import { leaderboard } from '../../commands/leaderboard.ts'
import type { Arena } from '../../src/core/arena.ts'
import type { Command } from '../../src/core/command.ts'
import { parseLine } from '../../src/core/line.ts'

/** What a command asks the arena for; the arena itself has its own tests. */
async function wishOf(command: Command, input: Record<string, string>): Promise<unknown> {
  const asked: unknown[] = []
  const remember = async (wish: unknown) => {
    asked.push(wish)
    return {} as never
  }
  const arena = { leaderboard: remember, history: remember } satisfies Partial<Arena>
  const person = { id: 'p', workspaceId: 'w', name: 'Ada', admin: false, locale: null }
  const context = { person, workspaceId: 'w', platform: 'discord', channel: 'c', locale: 'de' } as const
  await command.run({ ...context, arena: arena as Partial<Arena> as Arena }, input)
  return asked[0]
}

const typed = (line: string) => parseLine(line, commands).input

describe('/leaderboard', () => {
  test('shows all time in team mode, unless it is told', async () => {
    expect(await wishOf(leaderboard, {})).toEqual({ workspaceId: 'w', category: null, period: 'all', mode: 'team' })
  })

  test.each([
    ['/leaderboard coding month arena', { category: 'coding', period: 'month', mode: 'arena' }],
    ['/leaderboard --mode style --category writing', { category: 'writing', mode: 'style' }],
    ['/leaderboard period: week Programmieren', { category: 'coding', period: 'week' }],
    ['/leaderboard period: "Diese Woche"', { period: 'week' }],
  ])('understands %s', async (line, wish) => {
    expect(await wishOf(leaderboard, typed(line))).toMatchObject(wish)
  })

  test.each([
    ['/leaderboard poetry', { code: 'option_bad', option: '/leaderboard', value: 'poetry' }],
    ['/leaderboard coding writing', { code: 'option_bad', option: '/leaderboard', value: 'writing' }],
    ['/leaderboard --mode magic', { code: 'option_bad', option: 'mode', value: 'magic' }],
    ['/leaderboard --category poetry', { code: 'category_unknown', category: 'poetry' }],
  ])('refuses %s', async (line, problem) => {
    const asking = async () => wishOf(leaderboard, typed(line))
    await expect(asking()).rejects.toMatchObject({ kind: 'user', problem })
  })
})

describe('/history', () => {
  test('looks in the channel where it is asked', async () => {
    expect(await wishOf(history, {})).toEqual({
      workspaceId: 'w',
      channel: 'c',
      words: [],
      model: null,
      category: null,
      person: null,
      since: null,
      until: null,
      before: null,
      limit: 10,
    })
  })

  test('takes words, and options for the rest', async () => {
    const line =
      '/history --model qwen blue  sky person: "Ada Lovelace" since: 1.11.2026 until: 2026-11-30 --category coding'
    expect(await wishOf(history, typed(line))).toMatchObject({
      words: ['blue', 'sky'],
      model: 'qwen',
      category: 'coding',
      person: 'Ada Lovelace',
      since: new Date('2026-11-01'),
      until: new Date('2026-11-30'),
    })
  })

  test.each(['31.2.2026', 'soon', '2026-13-01', '1.1.26'])('refuses %s as a day', async day => {
    const asking = wishOf(history, { since: day })
    await expect(asking).rejects.toMatchObject({ problem: { code: 'option_bad', option: 'since', value: day } })
  })
})
