/** BullMQ as it comes: two queues, workers that do nothing, and options like the app's. */
import { randomUUID } from 'node:crypto'
import { createPostgresBackend, createRedisBackend, Queue, Worker } from 'bullmq'
import { concurrency } from './services.ts'

type JobQueue = Pick<Queue, 'add' | 'close'>
type JobWorker = Pick<Worker, 'waitUntilReady' | 'close'>
type Parts = { queue(name: string): JobQueue; worker(name: string, work: () => Promise<void>): JobWorker }

export type BareJobs = AsyncDisposable & {
  /** Adds one job to each of the two queues, one after the other. */
  addPair(): Promise<void>
  /** Jobs that were worked so far. */
  worked(): number
}

const jobOptions = { removeOnComplete: true, removeOnFail: true, attempts: 4 }

export function jobsOnRedis(url: string): Promise<BareJobs> {
  return started({
    queue: name => new Queue(name, { connection: { url } }, createRedisBackend),
    worker: (name, work) =>
      new Worker(name, work, { connection: { url, maxRetriesPerRequest: null }, concurrency }, createRedisBackend),
  })
}

export function jobsOnPostgres(connectionString: string): Promise<BareJobs> {
  const connection = { connectionString, migrate: true, keepAlive: true }
  return started({
    queue: name => new Queue(name, { connection }, createPostgresBackend),
    worker: (name, work) => new Worker(name, work, { connection, concurrency }, createPostgresBackend),
  })
}

async function started({ queue, worker }: Parts): Promise<BareJobs> {
  const names = ['deepseek', 'openai']
  const queues = names.map(queue)
  let worked = 0
  const workers = names.map(name =>
    worker(name, async () => {
      worked++
    }),
  )
  await Promise.all(workers.map(each => each.waitUntilReady()))
  return {
    addPair: async () => {
      for (const each of queues) await each.add('prompt', { comparisonId: 'x' }, { ...jobOptions, jobId: randomUUID() })
    },
    worked: () => worked,
    [Symbol.asyncDispose]: async () => {
      await Promise.all(workers.map(each => each.close()))
      await Promise.all(queues.map(each => each.close()))
    },
  }
}
