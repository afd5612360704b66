/**
 * A process of its own that takes a job and never ends it, until somebody kills it. Arguments: the backend, its URL, the
 * provider. Prints `running` when it has the job.
 */
import { createQueue } from '../../src/queue/bullmq.ts'
import { openPool } from '../../src/store/pool.ts'
import { quickTakeover } from './outages.ts'
import { silent } from './places.ts'

const [kind, url = '', id = ''] = process.argv.slice(2)

const queue = await createQueue({
  backend: kind === 'redis' ? { kind, url } : { kind: 'postgres', pool: openPool(url, { log: silent }).pool },
  providers: [{ id, concurrency: 1, rateLimit: null }],
  log: silent,
  timing: quickTakeover,
})
await queue.work(async () => {
  process.stdout.write('running\n')
  await new Promise(() => {})
})
