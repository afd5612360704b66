import { once } from 'node:events'
import { Redis } from 'ioredis'
import { expect, inject, test } from 'vitest'
import { createLog } from '../src/log.ts'

function written(write: (log: ReturnType<typeof createLog>) => void): string {
  const lines: string[] = []
  write(createLog('trace', { write: line => lines.push(line) }))
  return lines.join('')
}

test('an error is logged with its words, its stack, its causes and its code', () => {
  const refused = Object.assign(new Error('connection refused'), { code: 'ECONNREFUSED' })
  const error = new Error('no answer', { cause: refused })

  expect(written(log => log.warn({ err: error }, 'failed'))).toContain('no answer: connection refused')
  expect(JSON.parse(written(log => log.warn({ err: refused }, 'failed'))).err).toMatchObject({
    type: 'Error',
    code: 'ECONNREFUSED',
    stack: expect.stringContaining('log.test.ts'),
  })
})

test('the password that Redis refused, which its client adds to the error, is not logged', async () => {
  const url = new URL(inject('redisUrl'))
  url.username = 'nobody'
  url.password = 'sk-secret'
  const client = new Redis(url.href, { maxRetriesPerRequest: 0 })
  const [error] = await once(client, 'error').catch(thrown => [thrown])
  client.disconnect()

  expect(JSON.stringify(error)).toContain('sk-secret')
  const line = written(log => log.warn({ err: error }, 'queue connection in trouble'))
  expect(line).toContain('WRONGPASS')
  expect(line).not.toContain('sk-secret')
})

test('what a database adds about the row it refused is not logged', () => {
  const error = Object.assign(new Error('violates a constraint'), { detail: 'Failing row contains (my prompt).' })

  expect(written(log => log.error({ err: error }, 'failed'))).not.toContain('my prompt')
})
