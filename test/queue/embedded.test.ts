import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe } from 'vitest'
import { openEmbedded } from '../../src/store/embedded.ts'
import { queueContract } from '../contract/queue.ts'
import { postgresPlace } from './places.ts'

describe('the queue on the embedded database', () => {
  queueContract(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'faceoff-queue-'))
    const fail = (error: Error) => {
      throw error
    }
    const place = postgresPlace(await openEmbedded(folder, { onFatal: fail }))
    return {
      ...place,
      [Symbol.asyncDispose]: async () => {
        await place[Symbol.asyncDispose]()
        await rm(folder, { recursive: true, force: true })
      },
    }
  })
})
