import { describe, inject } from 'vitest'
import { queueContract } from '../contract/queue.ts'
import { createDatabase } from '../services/database.ts'
import { postgresPlace, postgresPool } from './places.ts'

describe('the queue on PostgreSQL', () => {
  queueContract(async () => {
    const database = await createDatabase(inject('postgresUrl'))
    const pool = postgresPool(database.url)
    return postgresPlace(pool, async () => {
      await pool.end()
      await database[Symbol.asyncDispose]()
    })
  })
})
