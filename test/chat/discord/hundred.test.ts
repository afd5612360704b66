import { expect, test } from 'vitest'
import { idOf } from './a-world.ts'
import { askHundred } from './hundred.ts'

test('a hundred comparisons at once in twenty channels all arrive, hardly ever running into a limit', async () => {
  await using hundred = await askHundred()

  const { all, ballots, answers } = hundred
  expect(new Set(ballots.map(idOf)).size).toBe(100)
  expect(answers.filter(({ isWhole }) => isWhole)).toHaveLength(200)
  expect(answers).toHaveLength(200)
  // Calls are spread evenly; a machine that stands still for a moment, as a busy one does, sends some of them together.
  expect(all.discord.limited.length).toBeLessThan(all.discord.requests.length / 200)
}, 300_000)
