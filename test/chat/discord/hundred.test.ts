import { expect, test } from 'vitest'
import { idOf } from './a-world.ts'
import { askHundred } from './hundred.ts'

test('a hundred comparisons at once in twenty channels all arrive, without running into a limit', async () => {
  await using hundred = await askHundred()

  const { all, ballots, answers } = hundred
  expect(new Set(ballots.map(idOf)).size).toBe(100)
  expect(answers.filter(({ isWhole }) => isWhole)).toHaveLength(200)
  expect(answers).toHaveLength(200)
  expect(all.discord.limited.map(({ method, path }) => `${method} ${path}`)).toEqual([])
}, 300_000)
