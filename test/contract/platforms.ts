/** What a store keeps for the platforms alone: installations, budgets of calls, wishes that were acknowledged. */
import { v7 as newId } from 'uuid'
import { describe, expect, test } from 'vitest'
import type { Store } from '../../src/core/ports.ts'

const hourMs = 3_600_000

export function platformsContract(stores: () => { store: Store; neighbour: Store }): void {
  describe('installations', () => {
    test('are found by their own platform’s id, replaced, and removed', async () => {
      const { store, neighbour } = stores()
      const id = newId()

      await store.installations.save('slack', id, 'first')
      await store.installations.save('slack', id, 'second')
      const found = await neighbour.installations.find('slack', id)
      const elsewhere = await store.installations.find('discord', id)
      await neighbour.installations.remove('slack', id)

      expect([found, elsewhere]).toEqual(['second', undefined])
      expect(await store.installations.find('slack', id)).toBeUndefined()
    })
  })

  describe('budgets', () => {
    test('give no more than there is, whoever asks', async () => {
      const { store, neighbour } = stores()
      const name = newId()

      const waits = await Promise.all(
        Array.from({ length: 12 }, (_, index) => (index % 2 === 0 ? store : neighbour).budgets.take(name, 5, hourMs)),
      )

      expect(waits.filter(wait => wait === 0)).toHaveLength(5)
      for (const wait of waits.filter(wait => wait > 0)) expect(wait).toBeLessThanOrEqual(hourMs)
    })

    test('leave something to those who may take more', async () => {
      const { budgets } = stores().store
      const name = newId()
      for (let call = 0; call < 4; call++) await budgets.take(name, 4, hourMs)

      expect(await budgets.take(name, 4, hourMs)).toBeGreaterThan(0)
      expect(await budgets.take(name, 5, hourMs)).toBe(0)
    })

    test('give again what is long past', async () => {
      const { budgets } = stores().store
      const name = newId()
      await budgets.take(name, 1, hourMs)

      // Everything is past within no time at all.
      expect(await budgets.take(name, 1, 0)).toBe(0)
    })

    test('that are blocked give nothing, and each its own', async () => {
      const { store, neighbour } = stores()
      const [name, other] = [newId(), newId()]

      await store.budgets.block(name, hourMs)
      await store.budgets.block(name, 1)

      expect(await neighbour.budgets.take(name, 5, hourMs)).toBeGreaterThan(hourMs / 2)
      expect(await neighbour.budgets.take(other, 5, hourMs)).toBe(0)
    })
  })

  describe('wishes', () => {
    test('are kept once each, several together, until they are done', async () => {
      const { store, neighbour } = stores()
      const [first, second] = [newId(), newId()]
      const own = async (of: Store) =>
        (await of.wishes.left('slack', 0)).filter(({ id }) => [first, second].includes(id))

      await store.wishes.keep('slack', [
        { id: first, body: 'one' },
        { id: second, body: 'two' },
      ])
      await neighbour.wishes.keep('slack', [{ id: first, body: 'another' }])
      const kept = await own(neighbour)
      const young = (await store.wishes.left('slack', hourMs)).filter(({ id }) => id === first)
      const elsewhere = (await store.wishes.left('discord', 0)).filter(({ id }) => id === first)
      await neighbour.wishes.done(first)

      expect(kept.map(({ body }) => body).toSorted()).toEqual(['one', 'two'])
      expect([young, elsewhere]).toEqual([[], []])
      expect((await own(store)).map(({ id }) => id)).toEqual([second])
    })
  })
}
