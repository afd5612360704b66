/** The places where the queue keeps its jobs, for its tests. */

import type { Queue as BullQueue } from 'bullmq'
import { Redis } from 'ioredis'
import { type DestinationStream, pino } from 'pino'
import { type Backend, postgresBackend, redisBackend } from '../../src/queue/backend.ts'
import { createQueue } from '../../src/queue/bullmq.ts'
import { summaryQueueName } from '../../src/queue/jobs.ts'
import type { Opened } from '../../src/store/pool.ts'
import type { QueuePlace } from '../contract/queue.ts'

export const silent = pino({ level: 'silent' })

/** A logger whose messages can be read. */
export function readableLog() {
  const messages: string[] = []
  const destination: DestinationStream = { write: line => void messages.push(JSON.parse(line).msg) }
  return { messages, log: pino({ level: 'info' }, destination) }
}

export function redisPlace(url: string): QueuePlace {
  const client = new Redis(url)
  client.on('error', () => {})
  return {
    open: (providers, timing) =>
      createQueue({ backend: { kind: 'redis', url }, providers, log: silent, ...(timing && { timing }) }),
    takeLocks: async () => {
      for (const key of await client.keys('*:lock')) await client.set(key, 'somebody else', 'PX', 100)
    },
    ...schedulesOf(async () => redisBackend(url, 'faceoff', () => {})),
    contents: async () => {
      const keys = await client.keys('*')
      return (await Promise.all(keys.map(async key => `${key} ${await contentsOf(client, key)}`))).join('\n')
    },
    [Symbol.asyncDispose]: async () => client.disconnect(),
  }
}

export function postgresPlace({ pool, close }: Opened): QueuePlace {
  return {
    open: (providers, timing) =>
      createQueue({ backend: { kind: 'postgres', pool }, providers, log: silent, ...(timing && { timing }) }),
    takeLocks: async () => {
      const soon = Date.now() + 100
      const theft = `UPDATE bullmq.job SET lock_token = 'somebody else', locked_until_ms = $1 WHERE state = 'active'`
      await pool.query(theft, [soon])
    },
    ...schedulesOf(() => postgresBackend(pool, 0)),
    contents: async () => JSON.stringify((await pool.query('SELECT * FROM bullmq.job')).rows),
    [Symbol.asyncDispose]: close,
  }
}

/** BullMQ's own queue on the same jobs knows more than ours. */
function schedulesOf(open: () => Promise<Backend>): Pick<QueuePlace, 'scheduled' | 'ringAll'> {
  async function withQueue<T>(work: (queue: BullQueue) => Promise<T>): Promise<T> {
    const backend = await open()
    const queue = backend.queue(summaryQueueName) as BullQueue
    try {
      return await work(queue)
    } finally {
      await queue.close()
      backend.release()
    }
  }
  return {
    scheduled: () =>
      withQueue(async queue =>
        (await queue.getDelayed()).map(job => ({
          payload: job.data,
          // The delay was reckoned a moment before or after the timestamp.
          at: new Date(Math.round((job.timestamp + job.delay) / 1000) * 1000),
        })),
      ),
    ringAll: () =>
      withQueue(async queue => {
        for (const job of await queue.getDelayed()) await job.promote()
      }),
  }
}

async function contentsOf(client: Redis, key: string): Promise<string> {
  switch (await client.type(key)) {
    case 'string':
      return String(await client.get(key))
    case 'hash':
      return JSON.stringify(await client.hgetall(key))
    case 'list':
      return JSON.stringify(await client.lrange(key, 0, -1))
    case 'zset':
      return JSON.stringify(await client.zrange(key, '0', '-1'))
    case 'stream':
      return JSON.stringify(await client.xrange(key, '-', '+'))
    default:
      return ''
  }
}
