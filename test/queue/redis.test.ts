import { describe, inject } from 'vitest'
import { queueContract } from '../contract/queue.ts'
import { createRedisDatabase } from '../services/redis.ts'
import { redisPlace } from './places.ts'

describe('the queue on Redis', () => {
  queueContract(async () => {
    const database = await createRedisDatabase(inject('redisUrl'))
    const place = redisPlace(database.url)
    return {
      ...place,
      [Symbol.asyncDispose]: async () => {
        await place[Symbol.asyncDispose]()
        await database[Symbol.asyncDispose]()
      },
    }
  })
})
