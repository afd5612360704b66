import { afterEach, beforeEach, expect, test } from 'vitest'
import { Lanes, type Slot, type Turn } from '../../src/chat/lanes.ts'
import { FaceoffError } from '../../src/core/errors.ts'

/** Milliseconds. */
const gapMs = 40

let lanes: Lanes

beforeEach(() => {
  lanes = new Lanes({ gapMs })
})
afterEach(() => lanes.close())

test('one turn is under way in a lane, and the slots of a lane take turns', async () => {
  const done: string[] = []
  const slots = ['a', 'b'].map(name => slotOf(['edited', 'edited', 'done'], () => done.push(name)))

  for (const { slot } of slots) lanes.want('thread', slot)
  await Promise.all(slots.map(({ over }) => over))

  expect(done).toEqual(['a', 'b', 'a', 'b', 'a', 'b'])
})

test('edits of one lane keep their distance; other changes and other lanes do not wait for them', async () => {
  const [one, two] = [timed(['changed', 'edited', 'edited', 'done']), timed(['changed', 'done'])]

  lanes.want('one', one.slot)
  lanes.want('two', two.slot)
  await Promise.all([one.over, two.over])

  // How late a turn comes, the machine decides; it never comes early.
  expect(one.distances.map(ms => ms >= gapMs)).toEqual([false, true, true])
  expect(two.distances.map(ms => ms >= gapMs)).toEqual([false])
})

test('a slot that is asked again while it waits has one more turn, not many', async () => {
  let turns = 0
  const { slot, over } = slotOf(['edited', 'done'], () => turns++)

  for (let index = 0; index < 5; index++) lanes.want('thread', slot)
  await over

  expect(turns).toBe(2)
})

test('a slot whose turn failed has another one, if it wants it', async () => {
  const { promise: over, resolve } = Promise.withResolvers<void>()
  let turns = 0
  const slot: Slot = {
    turn: async () => {
      turns++
      if (turns === 1) throw new FaceoffError({ code: 'chat_down' }, { retryAfterMs: 5 })
      resolve()
      return 'done'
    },
    failed: thrown => (thrown instanceof FaceoffError ? (thrown.retryAfterMs ?? null) : null),
    dropped: () => {},
  }

  lanes.want('thread', slot)
  await over

  expect(turns).toBe(2)
})

test('a slot that gives up keeps nobody else waiting', async () => {
  const failing: Slot = {
    turn: async () => {
      throw new Error('no')
    },
    failed: () => null,
    dropped: () => {},
  }
  const next = slotOf(['done'], () => {})

  lanes.want('thread', failing)
  lanes.want('thread', next.slot)

  await expect(next.over).resolves.toBeUndefined()
})

test('at the end nothing begins any more, and whoever waits is told', async () => {
  const dropped: string[] = []
  const begun = Promise.withResolvers<void>()
  const waiting = (name: string): Slot => ({
    ...slotOf(['edited', 'edited', 'edited'], begun.resolve).slot,
    dropped: () => dropped.push(name),
  })
  lanes.want('thread', waiting('first'))
  lanes.want('thread', waiting('second'))
  await begun.promise

  await lanes.close()
  lanes.want('thread', waiting('late'))

  expect(dropped.toSorted()).toEqual(['first', 'late', 'second'])
})

/** Its turns end as listed, one after another; `over` once the last of them began. */
function slotOf(turns: readonly Turn[], onTurn: () => void): { slot: Slot; over: Promise<void> } {
  const left = [...turns]
  const { promise: over, resolve } = Promise.withResolvers<void>()
  const turn = async () => {
    onTurn()
    const next = left.shift() ?? 'done'
    if (left.length === 0) resolve()
    return next
  }
  return { slot: { turn, failed: () => null, dropped: () => {} }, over }
}

function timed(turns: readonly Turn[]): ReturnType<typeof slotOf> & { distances: number[] } {
  const distances: number[] = []
  let last: number | undefined
  const made = slotOf(turns, () => {
    const now = performance.now()
    if (last !== undefined) distances.push(now - last)
    last = now
  })
  return { ...made, distances }
}
