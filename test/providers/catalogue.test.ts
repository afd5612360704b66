import { describe, expect, test } from 'vitest'
import { holdsName } from '../../src/core/blind.ts'
import { readBaseUrl, regionOf } from '../../src/providers/address.ts'
import { builtInRows } from '../../src/providers/catalogue.ts'
import { aliasesFor } from '../../src/providers/families.ts'

const models = builtInRows.flatMap(row => row.models.map(model => ({ id: `${row.id}/${model.id}`, row, model })))

describe('the built-in catalogue', () => {
  test('has every provider that the README promises', () => {
    const ids = builtInRows.map(row => row.id)

    expect(ids).toEqual([
      'qwen',
      'openai',
      'groq',
      'together',
      'huggingface',
      'deepseek',
      'ernie',
      'doubao',
      'anthropic',
      'gemini',
      'openrouter',
      'azure',
      'ollama',
      'demo',
    ])
  })

  test('has unique ids and variables', () => {
    const unique = (values: readonly unknown[]) => expect(values).toHaveLength(new Set(values).size)

    unique(models.map(({ id }) => id))
    unique(builtInRows.map(row => row.keyVariable).filter(variable => variable !== null))
    unique(builtInRows.map(row => row.baseUrlVariable).filter(variable => variable !== null))
  })

  test('names key and base URL alike', () => {
    for (const { keyVariable, baseUrlVariable } of builtInRows) {
      if (keyVariable && baseUrlVariable) {
        expect(baseUrlVariable).toBe(keyVariable.replace(/_(API_KEY|TOKEN)$/, '_BASE_URL'))
      }
    }
  })

  test('has Qwen2.5-Max, with the day on which Alibaba said it goes', () => {
    const model = models.find(({ id }) => id === 'qwen/qwen-max-2025-01-25')?.model

    expect(model).toMatchObject({ name: 'Qwen2.5-Max', retirement: { on: '2026-07-13' } })
  })

  test.each([
    'groq/llama-3.3-70b-versatile',
    'together/meta-llama/Llama-3.3-70B-Instruct-Turbo',
    'huggingface/meta-llama/Llama-3.3-70B-Instruct',
  ])('has Meta Llama as %s', id => {
    expect(models.map(model => model.id)).toContain(id)
  })

  test.each(models)(
    '$id: each price has its currency, date and source, and is not free by mistake',
    ({ row, model }) => {
      for (const price of [model.price, ...Object.values(model.priceIn ?? {})]) {
        if (price === null) continue
        expect(['USD', 'CNY']).toContain(price.currency)
        expect(price.asOf).toMatch(/^2026-\d\d-\d\d$/)
        expect(price.source.length).toBeGreaterThan(3)
        expect(price.input > 0 && price.output > 0).toBe(row.kind !== 'demo')
      }
    },
  )

  test.each(models)('$id: its aliases mask its names, and no everyday word', ({ row, model }) => {
    const everyday = 'A meta question: google the max price of a seed, a pro tip, the sun (Sol), a mini opus, flash!'

    expect(holdsName(everyday, model.aliases)).toBe(false)
    expect(model.aliases.every(alias => alias.trim() === alias && [...alias].length >= 2)).toBe(true)
    if (row.kind !== 'demo') expect(model.aliases.length).toBeGreaterThan(1)
  })

  test('has base URLs that are what an operator could have typed', () => {
    for (const { url } of builtInRows.flatMap(row => row.baseUrls)) expect(readBaseUrl(url)).toEqual({ url })
  })
})

describe('where prompts are processed', () => {
  const qwen = builtInRows.find(row => row.id === 'qwen')?.baseUrls ?? []

  test.each([
    ['https://dashscope-intl.aliyuncs.com/compatible-mode/v1', 'sg'],
    ['https://dashscope.aliyuncs.com/compatible-mode/v1', 'cn'],
    ['https://ws-1.ap-southeast-1.maas.aliyuncs.com/compatible-mode/v1', 'sg'],
    ['http://10.0.0.7:8000/v1', 'local'],
    ['https://gateway.example/v1', null],
    ['https://dashscope-intl.aliyuncs.com.example/v1', null],
  ])('%s is %s', (url, region) => {
    expect(regionOf(url, qwen)).toBe(region)
  })
})

describe('a base URL that somebody typed', () => {
  test.each([
    ['https://gateway.example/v1/', 'https://gateway.example/v1'],
    [' http://127.0.0.1:8000/v1 ', 'http://127.0.0.1:8000/v1'],
    ['http://vllm:8000/v1', 'http://vllm:8000/v1'],
    ['http://[::1]:8000', 'http://[::1]:8000'],
    ['http://192.168.1.4/v1', 'http://192.168.1.4/v1'],
  ])('%s is taken', (text, url) => {
    expect(readBaseUrl(text)).toEqual({ url })
  })

  test.each([
    ['gateway.example', 'noAddress'],
    ['ftp://gateway.example', 'noAddress'],
    ['https://user:secret@gateway.example', 'holdsPassword'],
    ['https://gateway.example/?key=secret', 'holdsQuery'],
    ['http://gateway.example/v1', 'plainHttp'],
    ['http://8.8.8.8/v1', 'plainHttp'],
    ['http://169.254.169.254/v1', 'plainHttp'],
  ])('%s is refused: %s', (text, problem) => {
    expect(readBaseUrl(text)).toEqual({ problem })
  })
})

test.each([
  ['llama3.2:3b', 'Llama'],
  ['qwen3:8b', 'Qwen'],
  ['gpt-oss:20b', 'ChatGPT'],
  ['gemma4:12b', 'Gemma'],
  ['mistral-small', 'Mistral'],
  ['deepseek-r1-distill-qwen', 'Qwen'],
])('a model that no row describes is still given away by its family: %s by %s', (name, alias) => {
  expect(aliasesFor(name)).toContain(alias)
})
