import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { FaceoffError } from '../../src/core/errors.ts'
import { builtInRows } from '../../src/providers/catalogue.ts'
import { retryAfterMs } from '../../src/providers/failure.ts'
import { collect } from '../contract/provider.ts'
import { aModel, aProvider } from './a-provider.ts'
import { refuses, type Script, type StandIn, startStandIn } from './stand-in.ts'

const fixture = new URL('../fixtures/provider-refusals.json', import.meta.url)
const refusals = z
  .array(
    z.strictObject({
      provider: z.string(),
      when: z.string(),
      status: z.int(),
      body: z.unknown(),
      means: z.string(),
    }),
  )
  .parse(JSON.parse(await readFile(fixture, 'utf8')))

const prompt = 'A prompt that nobody else may read'
const key = 'sk-lab-secret'

let standIn: StandIn
beforeAll(async () => {
  standIn = await startStandIn()
})
afterAll(() => standIn.close())

/** The error with which an answer by this script fails, read by the rules of `provider`. */
async function failure(script: Script, provider = 'lab'): Promise<FaceoffError> {
  standIn.next(script)
  const failures = builtInRows.find(row => row.id === provider)?.failures ?? []
  const thrown = await collect(aProvider(standIn, { failures }), aModel('lab/any'), prompt).catch(
    (error: unknown) => error,
  )
  if (thrown instanceof FaceoffError) return thrown
  throw new Error('expected a FaceoffError', { cause: thrown })
}

describe('a documented refusal is read as what it means', () => {
  test.each(refusals)('$provider: $when → $means', async ({ provider, status, body, means }) => {
    const error = await failure(refuses(status, body), provider)

    expect(error.problem.code).toBe(means)
  })
})

describe('a status without a known code decides by itself', () => {
  test.each([
    [400, 'request_rejected'],
    [401, 'key_rejected'],
    [402, 'no_credit'],
    [403, 'key_rejected'],
    [404, 'model_missing'],
    [408, 'provider_silent'],
    [413, 'context_exceeded'],
    [422, 'request_rejected'],
    [429, 'provider_busy'],
    [500, 'provider_down'],
    [502, 'provider_down'],
    [503, 'provider_busy'],
    [504, 'provider_down'],
  ])('%i → %s', async (status, means) => {
    const error = await failure(reply => reply.whole(status, ''))

    expect(error.problem.code).toBe(means)
  })
})

describe('the wait that a provider asks for', () => {
  test.each([
    [{ 'retry-after': '7' }, 7_000],
    [{ 'retry-after': '600' }, 600_000],
    [{ 'retry-after-ms': '1500', 'retry-after': '2' }, 1_500],
    [{ 'retry-after': '0' }, 0],
    [{ 'retry-after': 'soon' }, undefined],
    [{}, undefined],
  ])('%j is %s ms', async (headers, ms) => {
    const error = await failure(refuses(429, { error: { message: 'slow down' } }, headers))

    expect(error.retryAfterMs).toBe(ms)
  })

  test('may be a date, and is nothing once that is past', () => {
    const now = Date.parse('2026-11-23T12:00:00Z')
    const wait = (date: string) => retryAfterMs(new Headers({ 'retry-after': date }), now)

    expect(wait('Mon, 23 Nov 2026 12:05:00 GMT')).toBe(300_000)
    expect(wait('Mon, 23 Nov 2026 11:00:00 GMT')).toBe(0)
  })
})

describe('what is logged of a refusal', () => {
  const hostile = { error: { message: `You said: ${prompt}. Key: ${key}`, code: key, type: `${prompt}` } }

  test('names the provider, the status, the code and the request, and nothing else', async () => {
    const headers = { 'x-request-id': 'req_42' }
    const error = await failure(refuses(429, { error: { code: 'rate_limit_exceeded', message: prompt } }, headers))

    expect(error.message).toBe('lab: HTTP 429, rate_limit_exceeded, req_42')
    expect(error.cause).toBeUndefined()
  })

  test.each<[string, Script]>([
    ['a refusal', refuses(400, hostile)],
    ['a JSON body with HTTP 200', refuses(200, hostile)],
    ['an error frame', reply => reply.chunk(hostile).end()],
    ['an HTML page', reply => reply.whole(502, `<html>${prompt} ${key}</html>`, { 'content-type': 'text/html' })],
    ['plain text', reply => reply.whole(500, `${prompt} ${key}`, { 'content-type': 'text/plain' })],
    ['a malformed frame', reply => reply.raw(`data: {${prompt} ${key}\n\n`).end()],
  ])('never holds the prompt, the key or a page: %s', async (_, script) => {
    const error = await failure(script)

    const logged = `${error.message} ${error.stack} ${JSON.stringify(error)} ${String(error.cause)}`
    expect(logged).not.toContain(prompt)
    expect(logged).not.toContain(key)
    expect(logged).not.toContain('<html')
  })
})
