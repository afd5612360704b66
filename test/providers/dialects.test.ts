import { readdir, readFile } from 'node:fs/promises'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { collect, textOf } from '../contract/provider.ts'
import { aModel, aProvider } from './a-provider.ts'
import { type StandIn, startStandIn } from './stand-in.ts'

const folder = new URL('../fixtures/provider-streams/', import.meta.url)
const files = (await readdir(folder)).filter(name => name.endsWith('.sse'))

let standIn: StandIn
beforeAll(async () => {
  standIn = await startStandIn()
})
afterAll(() => standIn.close())

describe('each dialect is read the same, wherever its bytes are cut', () => {
  test.each(files)('%s', async file => {
    const bytes = await readFile(new URL(file, folder))
    const provider = aProvider(standIn, { thinkTags: true })

    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.nat(bytes.length), { maxLength: 8 }), async cuts => {
        standIn.next(async reply => {
          reply.open()
          const edges = [0, ...cuts.sort((a, b) => a - b), bytes.length]
          for (const [index, from] of edges.slice(0, -1).entries()) {
            reply.raw(bytes.subarray(from, edges[index + 1]))
            // Lets the piece leave on its own.
            await new Promise(resolve => setImmediate(resolve))
          }
          reply.end()
        })

        const parts = await collect(provider, aModel('lab/any'), 'Greet me.')

        expect(textOf(parts)).toBe('Grüße 👋 from here.')
        expect(parts.slice(-2)).toEqual([
          { type: 'usage', promptTokens: 7, completionTokens: 5 },
          { type: 'end', reason: 'stop' },
        ])
        expect(JSON.stringify(parts)).not.toContain('SECRET')
      }),
      { numRuns: 15 },
    )
  })
})
