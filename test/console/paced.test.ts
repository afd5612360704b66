import { describe, expect, test } from 'vitest'
import { Paced } from '../../src/console/paced.ts'

describe('what is paced', () => {
  test('begins at once, skips what is overtaken, and ends with the newest', async () => {
    const sent: number[] = []
    const paced = new Paced<number>(
      async value => {
        sent.push(value)
      },
      () => 1,
    )

    for (const value of [1, 2, 3, 4]) paced.push(value)
    expect(sent).toEqual([1])

    await expect.poll(() => sent).toEqual([1, 4])
  })

  test('is never under way twice', async () => {
    let underWay = 0
    let most = 0
    let times = 0
    const paced = new Paced<number>(
      async () => {
        most = Math.max(most, ++underWay)
        await new Promise(setImmediate)
        underWay--
        times++
      },
      () => 0,
    )

    for (let value = 0; value < 5; value++) {
      paced.push(value)
      await new Promise(setImmediate)
    }

    await expect.poll(() => times).toBeGreaterThan(1)
    expect(most).toBe(1)
  })

  test('drops what is pending at the end, and waits for what is under way', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const sent: string[] = []
    const paced = new Paced<string>(
      async value => {
        await promise
        sent.push(value)
      },
      () => 60_000,
    )
    paced.push('under way')
    paced.push('pending')

    const ended = paced.end()
    resolve()
    await ended
    paced.push('too late')

    expect(sent).toEqual(['under way'])
  })
})
