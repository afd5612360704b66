import { describe, inject } from 'vitest'
import { openPool } from '../../src/store/pool.ts'
import { queueContract } from '../contract/queue.ts'
import { createDatabase } from '../services/database.ts'
import { postgresPlace, silent } from './places.ts'

describe('the queue on PostgreSQL', () => {
  queueContract(async () => {
    const database = await createDatabase(inject('postgresUrl'))
    const place = postgresPlace(openPool(database.url, { log: silent }))
    return {
      ...place,
      [Symbol.asyncDispose]: async () => {
        await place[Symbol.asyncDispose]()
        await database[Symbol.asyncDispose]()
      },
    }
  })
})
