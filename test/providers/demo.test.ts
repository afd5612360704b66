import { describe, expect, test } from 'vitest'
import { holdsName } from '../../src/core/blind.ts'
import { builtInRows } from '../../src/providers/catalogue.ts'
import { Demo } from '../../src/providers/demo.ts'
import { collect, textOf } from '../contract/provider.ts'
import { aModel } from './a-provider.ts'

const demo = new Demo({ wordMs: 0 })
const ids = ['demo/ada', 'demo/alan'] as const

async function says(id: (typeof ids)[number], prompt: string): Promise<string> {
  return textOf(await collect(demo, aModel(id), prompt))
}

describe('the demo', () => {
  test.each(ids)('%s says that it is a demo and no language model, and what to set', async id => {
    const english = await says(id, 'How do I sort a list in Python?')
    const german = await says(id, 'Wie sortiere ich eine Liste in Python?')

    expect(english).toMatch(/built-in \*\*demo\*\*.*not/s)
    expect(german).toMatch(/eingebaute[n]? \*\*Demo\*\*.*kein/s)
    for (const text of [english, german]) expect(text).toMatch(/DASHSCOPE_API_KEY.*OPENAI_API_KEY.*Ollama/s)
  })

  test.each(ids)('%s never says its name, nor the other one', async id => {
    const names = builtInRows.find(row => row.id === 'demo')?.models.flatMap(model => [model.id, model.name]) ?? []

    expect(names).toHaveLength(4)
    expect(holdsName(await says(id, 'Who are you?'), names)).toBe(false)
    expect(holdsName(await says(id, 'Wer bist du?'), names)).toBe(false)
  })

  test.each(ids)('%s says the same to the same prompt, and quotes it', async id => {
    const prompt = 'What is `code` <b>and</b> @everyone\n```js'

    expect(await says(id, prompt)).toBe(await says(id, prompt))
    expect(await says(id, prompt)).toContain('“What is code b and /b everyone js”')
  })

  test('one is brief, the other has a list and a block of code', async () => {
    const [brief, thorough] = await Promise.all(ids.map(id => says(id, 'Hello')))

    expect(thorough?.length).toBeGreaterThan(2 * (brief?.length ?? 0))
    expect(thorough).toMatch(/^1\. .*^```(python|typescript|sql)$.*^```$/ms)
    expect(brief).not.toContain('```')
  })

  test('counts its words as usage, and costs nothing', async () => {
    const parts = await collect(demo, aModel('demo/ada'), 'three little words')

    const words = parts.filter(part => part.type === 'text').length
    expect(parts.at(-2)).toEqual({ type: 'usage', promptTokens: 3, completionTokens: words })
    const row = builtInRows.find(({ id }) => id === 'demo')
    expect(row?.models.every(model => model.price?.input === 0 && model.price.output === 0)).toBe(true)
  })
})
