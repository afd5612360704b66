import { describe, expect, test } from 'vitest'
import { textFor } from '../../src/core/text/index.ts'
import { CatalogueError, providerRows } from '../../src/providers/index.ts'

const english = textFor('en')
const lab = { name: 'Our lab', baseUrl: 'https://lab.example/v1', models: [{ id: 'big' }] }

function rowsOf(providers: unknown) {
  return providerRows(JSON.stringify({ providers }), english)
}

function problemsOf(content: string, text = english): readonly string[] {
  try {
    providerRows(content, text)
  } catch (thrown) {
    if (thrown instanceof CatalogueError) return thrown.problems
    throw thrown
  }
  return []
}

describe('models.json adds a provider', () => {
  test('with a base URL and a model alone', () => {
    const row = rowsOf({ lab }).find(({ id }) => id === 'lab')

    expect(row).toMatchObject({
      name: 'Our lab',
      keyVariable: null,
      baseUrls: [{ url: 'https://lab.example/v1', region: null }],
      tokenLimitField: 'max_tokens',
      maxAnswerTokens: null,
      rateLimit: null,
      models: [{ id: 'big', name: 'big', aliases: [], contextTokens: null, price: null }],
    })
  })

  test('with everything that can be said', () => {
    const model = {
      id: 'org/qwen-lab',
      name: 'Lab Qwen',
      aliases: ['Labby'],
      contextTokens: 4096,
      price: { input: 1, output: 2.5, currency: 'CNY', asOf: '2026-11-01', source: 'the contract' },
      body: { enable_thinking: false },
    }
    const entry = {
      ...lab,
      keyEnv: 'LAB_API_KEY',
      region: 'eu',
      tokenLimitField: 'max_completion_tokens',
      maxAnswerTokens: 2000,
      concurrency: 3,
      rateLimit: { max: 10, perMs: 60_000 },
      models: [model],
    }

    const row = rowsOf({ lab: entry }).find(({ id }) => id === 'lab')

    const { baseUrl, keyEnv, region, ...same } = entry
    expect(row).toMatchObject({ ...same, keyVariable: keyEnv, baseUrls: [{ url: baseUrl, region }] })
  })

  test('whose models keep the blindness of their family', () => {
    const row = rowsOf({ lab: { ...lab, models: [{ id: 'llama-3-tuned' }] } }).find(({ id }) => id === 'lab')

    expect(row?.models[0]?.aliases).toContain('Llama')
  })
})

describe('models.json changes a built-in provider', () => {
  test('its limits, a price, a name, and adds a model; the rest stays', () => {
    const rows = rowsOf({
      qwen: {
        concurrency: 2,
        rateLimit: { max: 1, perMs: 5000 },
        models: [
          { id: 'qwen3.8-max', price: { input: 9, output: 9, asOf: '2026-11-20' } },
          { id: 'qwen-next', name: 'Qwen Next' },
        ],
      },
    })

    const row = rows.find(({ id }) => id === 'qwen')
    expect(row).toMatchObject({ concurrency: 2, rateLimit: { max: 1, perMs: 5000 }, keyVariable: 'DASHSCOPE_API_KEY' })
    expect(row?.models[0]).toMatchObject({
      name: 'Qwen3.8 Max',
      price: { input: 9, output: 9, currency: 'USD', asOf: '2026-11-20', source: 'models.json' },
      body: { reasoning_effort: 'low' },
    })
    expect(row?.models[0]?.priceIn).toBeUndefined()
    expect(row?.models.at(-1)).toMatchObject({ id: 'qwen-next', aliases: expect.arrayContaining(['Qwen']) })
  })
})

describe('a mistake in models.json is one plain sentence with its place', () => {
  test.each<[unknown, string]>([
    [[], 'models.json: the file has the wrong form.'],
    [{}, 'models.json: providers must be an object.'],
    [{ provider: {}, providers: {} }, 'models.json: the file has no field "provider".'],
    [{ providers: { Lab: lab } }, 'models.json: providers.Lab must be small letters, digits and hyphens.'],
    [{ providers: { lab: { ...lab, bseUrl: 'x' } } }, 'models.json: providers.lab has no field "bseUrl".'],
    [
      { providers: { lab: { name: 'Lab', models: [{ id: 'big' }] } } },
      'models.json: providers.lab.baseUrl is missing.',
    ],
    [{ providers: { lab: { ...lab, name: undefined } } }, 'models.json: providers.lab.name is missing.'],
    [{ providers: { lab: { ...lab, models: undefined } } }, 'models.json: providers.lab.models is missing.'],
    [{ providers: { lab: { ...lab, models: [] } } }, 'models.json: providers.lab.models must name at least one model.'],
    [
      { providers: { lab: { ...lab, baseUrl: 'http://lab.example' } } },
      'models.json: providers.lab.baseUrl must begin with https://, because plain http is for this machine and private networks only.',
    ],
    [
      { providers: { lab: { ...lab, baseUrl: 'https://me:pass@lab.example' } } },
      'models.json: providers.lab.baseUrl must not hold a user name or password.',
    ],
    [
      { providers: { lab: { ...lab, keyEnv: 'sk-12345' } } },
      'models.json: providers.lab.keyEnv must be the name of an environment variable.',
    ],
    [{ providers: { lab: { ...lab, concurrency: 0 } } }, 'models.json: providers.lab.concurrency must be at least 1.'],
    [
      { providers: { lab: { ...lab, rateLimit: { max: 1 } } } },
      'models.json: providers.lab.rateLimit.perMs must be a whole number.',
    ],
    [{ providers: { lab: { ...lab, models: [{}] } } }, 'models.json: providers.lab.models.0.id must be a text.'],
    [
      { providers: { lab: { ...lab, models: [{ id: 'big' }, { id: 'big' }] } } },
      'models.json: providers.lab.models.1.id "big" is there twice.',
    ],
    [
      { providers: { lab: { ...lab, models: [{ id: 'big', price: { input: -1, output: 1, asOf: '2026-11-01' } }] } } },
      'models.json: providers.lab.models.0.price.input must not be negative.',
    ],
    [
      { providers: { lab: { ...lab, models: [{ id: 'big', price: { input: 1, output: 1 } }] } } },
      'models.json: providers.lab.models.0.price.asOf must be a date such as "2026-11-23".',
    ],
    [
      { providers: { lab: { ...lab, models: [{ id: 'big', body: { stream: false } }] } } },
      'models.json: providers.lab.models.0.body must not set model, messages, stream or stream_options.',
    ],
    [
      { providers: { openai: { keyEnv: 'OTHER_API_KEY' } } },
      'models.json: providers.openai.keyEnv needs a baseUrl beside it.',
    ],
    [{ providers: { openai: { region: 'eu' } } }, 'models.json: providers.openai.region needs a baseUrl beside it.'],
    [{ providers: { demo: {} } }, 'models.json: providers.demo cannot be changed, because the demo is built in.'],
  ])('%j', (content, sentence) => {
    expect(problemsOf(JSON.stringify(content))).toEqual([sentence])
  })

  test.each([
    ['{ "providers": ', 'it ends too early.'],
    ['{\n  "providers": {},\n}', 'the mistake is at line 3, column 1.'],
    ["{ 'providers': {} }", 'the mistake is at line 1, column 3.'],
    ['{ "providers": { "lab": sk-secret } }', 'there is a s where JSON allows none.'],
  ])('also when it is no JSON, without repeating what stands there: %j', (content, mistake) => {
    expect(problemsOf(content)).toEqual([`models.json is not valid JSON: ${mistake}`])
  })

  test('and a byte order mark is none', () => {
    expect(problemsOf('\uFEFF{ "providers": {} }')).toEqual([])
  })

  test("in the operator's language", () => {
    const content = { providers: { lab: { ...lab, name: undefined, baseUrl: 'http://lab.example' }, demo: {} } }

    expect(problemsOf(JSON.stringify(content), textFor('de'))).toEqual([
      'models.json: providers.lab.baseUrl muss mit https:// beginnen, denn http ohne s ist nur für diesen Rechner und private Netze.',
    ])
    expect(problemsOf(JSON.stringify({ providers: { demo: {} } }), textFor('de'))).toEqual([
      'models.json: providers.demo ist unveränderlich, denn die Demo ist eingebaut.',
    ])
    expect(problemsOf('{ "providers": ', textFor('de'))).toEqual([
      'models.json ist kein gültiges JSON: die Datei endet zu früh.',
    ])
  })

  test('one for each mistake', () => {
    const content = { providers: { lab: { ...lab, concurrency: 0, region: 'mars' } } }

    expect(problemsOf(JSON.stringify(content))).toHaveLength(2)
  })
})
