import { describe, expect, test } from 'vitest'
import { compare } from '../../commands/compare.ts'
import type { Arena } from '../../src/core/arena.ts'
import type { CompareRequest } from '../../src/core/comparing.ts'
import { FaceoffError } from '../../src/core/errors.ts'

/** What the command asks the arena for; the arena itself has its own tests. */
async function wish(input: Record<string, string>): Promise<CompareRequest> {
  const { promise, resolve } = Promise.withResolvers<CompareRequest>()
  const arena = {
    compare: async (request: CompareRequest) => {
      resolve(request)
      throw new FaceoffError({ code: 'prompt_empty' })
    },
  } satisfies Pick<Arena, 'compare'>
  const person = { id: 'p', workspaceId: 'w', name: 'Ada', admin: false, locale: null }
  const context = { person, workspaceId: 'w', platform: 'console', channel: 'arena', locale: 'de' } as const
  const run = compare.run({ ...context, arena: arena as Partial<Arena> as Arena }, input)
  return Promise.race([promise, run.then(() => promise)])
}

describe('/compare', () => {
  test('is blind, uncategorised and leaves the models to the defaults, unless it is told', async () => {
    expect(await wish({ prompt: 'Why?' })).toMatchObject({
      prompt: 'Why?',
      models: [],
      category: null,
      blind: true,
      channel: 'arena',
      locale: 'de',
    })
  })

  test('takes models by commas, a category by its name in any language, and yes or no in any language', async () => {
    const told = await wish({ prompt: 'Why?', models: ' a/x ,b/y,, c/z', category: 'Programmieren', blind: 'nein' })
    expect(told).toMatchObject({ models: ['a/x', 'b/y', 'c/z'], category: 'coding', blind: false })
  })

  test.each([
    [{ category: 'poetry' }, { code: 'category_unknown', category: 'poetry' }],
    [{ blind: 'perhaps' }, { code: 'option_bad', option: 'blind', value: 'perhaps' }],
  ])('refuses %o', async (input, problem) => {
    await expect(wish({ prompt: 'Why?', ...input })).rejects.toMatchObject({ kind: 'user', problem })
  })
})
