/** What the queue promises while processes and servers die. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { FaceoffError } from '../../src/core/errors.ts'
import type { Log, Queue } from '../../src/core/ports.ts'
import type { QueueTiming } from '../../src/queue/bullmq.ts'
import { newRef, recorded } from '../contract/queue.ts'
import type { Server } from '../services/server.ts'
import { readableLog, silent } from './places.ts'

/** Seconds where production waits for tens of them. */
export const quickTakeover: Partial<QueueTiming> = { lockMs: 1000, stalledCheckMs: 250, commandMs: 2000 }

export type DoomedPlace = { kind: 'redis' | 'postgres'; url: string; server: Server; open(log: Log): Promise<Queue> }

/** The one provider of these tests. */
export const provider = { id: 'qwen', concurrency: 2, rateLimit: null }

export function outages(place: () => DoomedPlace): void {
  async function opened(log: Log = silent): Promise<Queue> {
    const queue = await place().open(log)
    onTestFinished(() => queue.close(0))
    return queue
  }

  test('the job of a killed process is run by another', async () => {
    const queue = await opened()
    const { kind, url } = place()
    const ref = newRef()
    const script = fileURLToPath(new URL('stuck-process.ts', import.meta.url))
    const child = spawn(process.execPath, [script, kind, url, provider.id], { stdio: ['ignore', 'pipe', 'inherit'] })
    onTestFinished(() => void child.kill('SIGKILL'))
    await queue.add(provider.id, [ref])
    await once(child.stdout, 'data')

    child.kill('SIGKILL')
    const runs = recorded()
    await queue.work(runs.handler)

    await runs.count(1)
    expect(runs.refs()).toEqual([ref])
  })

  test('while the server is away callers hear of it soon, and when it is back work goes on', async () => {
    const { server } = place()
    const { log, messages } = readableLog()
    const queue = await opened(log)
    const runs = recorded()
    await queue.work(runs.handler)
    await queue.add(provider.id, [newRef()])
    await runs.count(1)

    await server.kill()
    await away(queue)
    await expect(queue.add(provider.id, [newRef()])).rejects.toBeInstanceOf(FaceoffError)
    await expect(queue.having(provider.id, [newRef()])).rejects.toBeInstanceOf(FaceoffError)
    await server.restart()

    const ref = newRef()
    await added(queue, ref)
    await runs.until(ref)
    expect(messages).toContain('queue connection in trouble')
  })

  test('a run that ends while the server is away does not stop later ones', async () => {
    const { server } = place()
    const queue = await opened()
    const gate = Promise.withResolvers<void>()
    const runs = recorded(() => gate.promise)
    await queue.work(runs.handler)
    await queue.add(provider.id, [newRef(), newRef()])
    await runs.count(2)

    await server.kill()
    await away(queue)
    gate.resolve()
    await server.restart()

    const ref = newRef()
    await added(queue, ref)
    await runs.until(ref)
  })

  test('closing ends although the server is away', async () => {
    const { server } = place()
    const queue = await opened()
    await queue.work(async () => {})
    await server.kill()
    await away(queue)

    await queue.close(100)

    await server.restart()
  })
}

/** As the sweep does it: until the backend takes it. */
async function added(queue: Queue, ref: ReturnType<typeof newRef>): Promise<void> {
  await expect.poll(() => queue.add(provider.id, [ref]).then(() => 'added', String), { timeout: 15_000 }).toBe('added')
}

/** Resolves when the server is noticed to be gone: PostgreSQL's processes outlive their parent by a moment. */
async function away(queue: Queue): Promise<void> {
  const ping = () => queue.ping().catch((error: unknown) => error)
  await expect.poll(ping, { timeout: 15_000 }).toBeInstanceOf(FaceoffError)
}
