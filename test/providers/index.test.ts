import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { textFor } from '../../src/core/text/index.ts'
import { type CatalogueOptions, createCatalogue, type ProviderRow, providerRows } from '../../src/providers/index.ts'
import { type StandIn, startStandIn } from './stand-in.ts'

const log = pino({ level: 'silent' })
const text = textFor('en')
const keys = { qwen: 'sk-1', openai: 'sk-2' }

/** Without a look at the machine's own Ollama, unless a test says where one is. */
function catalogueOf(options: Partial<CatalogueOptions> = {}) {
  return createCatalogue({ detectOllama: false, log, text, ...options })
}

async function problemsOf(options: Partial<CatalogueOptions>): Promise<unknown> {
  const thrown: unknown = await catalogueOf(options).then(
    () => undefined,
    (error: unknown) => error,
  )
  return thrown instanceof Error && 'problems' in thrown ? thrown.problems : thrown
}

describe('what is compared when nobody says what', () => {
  test.each<[string, Record<string, string>, readonly string[]]>([
    ["Qwen's flagship against GPT's", keys, ['qwen/qwen3.8-max', 'openai/gpt-6.1-sol']],
    ['the same beside others', { groq: 'sk', ...keys }, ['qwen/qwen3.8-max', 'openai/gpt-6.1-sol']],
    ['two providers', { deepseek: 'sk', openai: 'sk' }, ['openai/gpt-6.1-sol', 'deepseek/deepseek-v4-pro']],
    ['two models of one provider', { qwen: 'sk' }, ['qwen/qwen3.8-max', 'qwen/qwen-max-2025-01-25']],
    [
      'not the same weights from two hosts',
      { groq: 'sk', together: 'sk' },
      ['groq/llama-3.3-70b-versatile', 'together/meta-llama/Meta-Llama-3-8B-Instruct-Lite'],
    ],
    ['the demo without any key', {}, ['demo/ada', 'demo/alan']],
    ['the demo when keys are empty', { qwen: '', openai: ' ' }, ['demo/ada', 'demo/alan']],
  ])('%s', async (_, given, expected) => {
    const catalogue = await catalogueOf({ keys: given })

    expect(catalogue.defaults()).toEqual(expected)
    expect(catalogue.models().map(model => model.id)).toEqual(expect.arrayContaining([...expected]))
  })

  test('what DEFAULT_CONTESTANTS says', async () => {
    const defaults = ['openai/gpt-6-luna', 'qwen/qwen3.8-flash', 'demo/ada']
    const models = ['qwen/qwen3.8-flash', 'openai/gpt-6-luna', 'demo/ada']

    expect((await catalogueOf({ keys, models, defaults })).defaults()).toEqual(defaults)
  })
})

describe('what can be compared', () => {
  test('is every model of the providers that are on, and no demo beside them', async () => {
    const providers = new Set((await catalogueOf({ keys })).models().map(model => model.provider))

    expect([...providers]).toEqual(['qwen', 'openai'])
  })

  test('is what MODELS lists, in its order, and nothing else', async () => {
    const models = ['openai/gpt-6-luna', 'qwen/qwen3.8-max', 'demo/ada']

    expect((await catalogueOf({ keys, models })).models().map(model => model.id)).toEqual(models)
  })

  test('may be a model that the catalogue does not know, at an unknown price', async () => {
    const models = ['openai/gpt-7', 'qwen/qwen3.8-max']

    expect((await catalogueOf({ keys, models })).models()[0]).toMatchObject({
      id: 'openai/gpt-7',
      provider: 'openai',
      name: 'gpt-7',
      aliases: expect.arrayContaining(['ChatGPT']),
      price: null,
      contextTokens: null,
    })
  })

  test('has the region of the address in use, and the price that holds there', async () => {
    const qwenAt = async (qwen: string) => (await catalogueOf({ keys, baseUrls: { qwen } })).models()
    const intl = (await catalogueOf({ keys })).models()
    const beijing = await qwenAt('https://dashscope.aliyuncs.com/compatible-mode/v1')

    expect(intl[0]).toMatchObject({ region: 'sg', price: { input: 2, output: 6 } })
    expect(beijing[0]).toMatchObject({ region: 'cn', price: null })
    expect(beijing[1]).toMatchObject({ name: 'Qwen2.5-Max', price: { input: 0.345 } })
  })

  test("are Azure's deployments by MODELS, at the operator's own address", async () => {
    const catalogue = await catalogueOf({
      keys: { azure: 'sk' },
      baseUrls: { azure: 'https://mine.openai.azure.com/openai/v1/' },
      models: ['azure/our-gpt', 'demo/ada'],
    })

    expect(catalogue.models().map(model => model.id)).toEqual(['azure/our-gpt', 'demo/ada'])
    expect(catalogue.providers().find(({ id }) => id === 'azure')?.host).toBe('mine.openai.azure.com')
  })
})

describe('a setting that cannot be used stops the start with a sentence', () => {
  test.each<[Partial<CatalogueOptions>, string | RegExp]>([
    [{ models: ['qwen3.8-max'] }, 'MODELS: "qwen3.8-max" must be written as provider/model, such as qwen/qwen3.8-max.'],
    [
      { models: ['acme/x', 'demo/ada'] },
      /^MODELS: "acme\/x" has an unknown provider; known are qwen, openai, .*demo\.$/,
    ],
    [{ models: ['openai/gpt-6.1-sol', 'demo/ada'] }, 'MODELS names openai/gpt-6.1-sol, but OPENAI_API_KEY is not set.'],
    [{ models: ['demo/ada'] }, 'MODELS names one model, but a comparison needs two.'],
    [{ defaults: ['demo/ada'] }, 'DEFAULT_CONTESTANTS must name 2 to 6 models, not 1.'],
    [
      { keys, defaults: ['openai/gpt-7', 'qwen/qwen3.8-max'] },
      'DEFAULT_CONTESTANTS: "openai/gpt-7" is not among the models that can be compared; add it to MODELS.',
    ],
    [
      { keys: { qwen: 'sk' }, defaults: ['openai/gpt-6.1-sol', 'qwen/qwen3.8-max'] },
      'DEFAULT_CONTESTANTS names openai/gpt-6.1-sol, but OPENAI_API_KEY is not set.',
    ],
    [
      { keys: { azure: 'sk' } },
      'AZURE_OPENAI_API_KEY is set, so AZURE_OPENAI_BASE_URL must say where Azure OpenAI is.',
    ],
    [{ baseUrls: { openai: 'ftp://x' } }, 'OPENAI_BASE_URL must be an address that begins with https:// or http://.'],
  ])('%j', async (options, sentence) => {
    expect(await problemsOf(options)).toEqual([
      typeof sentence === 'string' ? sentence : expect.stringMatching(sentence),
    ])
  })

  test('and names a default that is there twice', async () => {
    expect(await problemsOf({ defaults: ['demo/ada', 'demo/ada'] })).toEqual([
      'DEFAULT_CONTESTANTS names a model twice.',
    ])
  })

  test("in the operator's language", async () => {
    const german = textFor('de')

    expect(await problemsOf({ text: german, models: ['qwen3.8-max'], baseUrls: { openai: 'ftp://x' } })).toEqual([
      'MODELS: "qwen3.8-max" muss als Anbieter/Modell geschrieben sein, etwa qwen/qwen3.8-max.',
      'OPENAI_BASE_URL muss eine Adresse sein, die mit https:// oder http:// beginnt.',
    ])
    expect(await problemsOf({ text: german, models: ['openai/gpt-6.1-sol', 'demo/ada'] })).toEqual([
      'MODELS nennt openai/gpt-6.1-sol, aber OPENAI_API_KEY ist nicht gesetzt.',
    ])
  })
})

describe('for the pages and the queue', () => {
  test('every provider is there, on or off, without a secret', async () => {
    const catalogue = await catalogueOf({ keys: { qwen: 'sk-secret' } })

    const providers = catalogue.providers()
    expect(providers.find(({ id }) => id === 'qwen')).toEqual({
      id: 'qwen',
      name: 'Alibaba Cloud Model Studio',
      keyVariable: 'DASHSCOPE_API_KEY',
      baseUrlVariable: 'DASHSCOPE_BASE_URL',
      on: true,
      host: 'dashscope-intl.aliyuncs.com',
      region: 'sg',
    })
    expect(providers.filter(({ on }) => on).map(({ id }) => id)).toEqual(['qwen', 'demo'])
    expect(JSON.stringify(providers)).not.toContain('sk-secret')
  })

  test('a provider that is off answers nobody', async () => {
    const catalogue = await catalogueOf({ keys: { qwen: 'sk' } })

    expect(catalogue.provider('openai')).toBeUndefined()
    expect(catalogue.provider('nobody')).toBeUndefined()
    expect(catalogue.provider('qwen')?.id).toBe('qwen')
  })

  test('each provider has its limits, also while it is off', async () => {
    const catalogue = await catalogueOf()

    expect(catalogue.limits('qwen')).toEqual({ concurrency: 8, rateLimit: { max: 10, perMs: 1000 } })
    expect(catalogue.limits('ollama')).toEqual({ concurrency: 1, rateLimit: null })
  })

  test('an announced end is known per model', async () => {
    const catalogue = await catalogueOf({ keys })

    expect(catalogue.retirement('qwen/qwen-max-2025-01-25')?.on).toBe('2026-07-13')
    expect(catalogue.retirement('qwen/qwen3.8-max')).toBeUndefined()
  })
})

describe('Ollama', () => {
  let ollama: StandIn
  beforeEach(async () => {
    ollama = await startStandIn()
    ollama.lists(['llama3.2:3b', 'nomic-embed-text:latest', 'qwen3:8b', 'gpt-oss:120b-cloud'])
  })
  afterEach(() => ollama.close())

  /** The rows, with Ollama's usual address at the stand-in. */
  const rowsAt = (standIn: StandIn): ProviderRow[] =>
    providerRows(undefined, text).map(row =>
      row.id === 'ollama' ? { ...row, baseUrls: [{ url: standIn.url, region: 'local' }] } : row,
    )

  test('is found where it usually is, and compared without any key', async () => {
    const catalogue = await catalogueOf({ rows: rowsAt(ollama), detectOllama: true })

    expect(catalogue.defaults()).toEqual(['ollama/llama3.2:3b', 'ollama/qwen3:8b'])
    expect(catalogue.models().map(model => model.id)).toEqual([
      'ollama/llama3.2:3b',
      'ollama/qwen3:8b',
      'ollama/gpt-oss:120b-cloud',
    ])
  })

  test('costs nothing where it runs on the own machine; what it passes on has an unknown price', async () => {
    const models = (await catalogueOf({ rows: rowsAt(ollama), detectOllama: true })).models()

    expect(models[0]).toMatchObject({
      region: 'local',
      price: { input: 0, output: 0 },
      aliases: expect.arrayContaining(['Llama']),
    })
    expect(models[2]).toMatchObject({ region: null, price: null })
  })

  test('is not looked for when that is switched off', async () => {
    const catalogue = await catalogueOf({ rows: rowsAt(ollama), detectOllama: false })

    expect(ollama.requests).toEqual([])
    expect(catalogue.provider('ollama')).toBeUndefined()
  })

  test('may be set without the path', async () => {
    const catalogue = await catalogueOf({ baseUrls: { ollama: ollama.url.replace('/v1', '') } })

    expect(catalogue.models()[0]?.id).toBe('ollama/llama3.2:3b')
  })

  test('leaves the demo on when it is not there, and takes over once it is, a minute later', async () => {
    let now = Date.parse('2026-11-23T12:00:00Z')
    ollama.lists(reply => reply.whole(500, ''))
    const clock = { now: () => new Date(now) }
    const catalogue = await catalogueOf({ rows: rowsAt(ollama), detectOllama: true, clock })
    const before = catalogue.defaults()

    ollama.lists(['llama3.2:3b', 'qwen3:8b'])
    now += 60_000
    await expect.poll(() => catalogue.defaults()).toEqual(['ollama/llama3.2:3b', 'ollama/qwen3:8b'])

    expect(before).toEqual(['demo/ada', 'demo/alan'])
    expect(ollama.requests).toHaveLength(2)
  })

  test('counts as connected before it answers, so that its jobs have a queue by then', async () => {
    ollama.lists(reply => reply.whole(500, ''))
    const catalogue = await catalogueOf({ rows: rowsAt(ollama), detectOllama: true })

    expect(catalogue.provider('ollama')).toBeUndefined()
    expect(catalogue.connected()).toEqual(expect.arrayContaining(['ollama', 'demo']))
  })

  test('is on when the operator names its models, even while it does not answer', async () => {
    await ollama.close()
    const models = ['ollama/llama3.2:3b', 'ollama/qwen3:8b']

    const catalogue = await catalogueOf({ rows: rowsAt(ollama), models })

    expect(catalogue.models().map(model => model.id)).toEqual(models)
    expect(catalogue.provider('ollama')).toBeDefined()
  })

  test('is on when DEFAULT_CONTESTANTS names its models, even while it does not answer', async () => {
    await ollama.close()
    const defaults = ['ollama/llama3.2:3b', 'ollama/qwen3:8b']

    const catalogue = await catalogueOf({ rows: rowsAt(ollama), defaults })

    expect(catalogue.defaults()).toEqual(defaults)
  })
})
