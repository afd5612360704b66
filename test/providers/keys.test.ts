/** A key belongs to the origin it was given for. Every case is watched at a real socket. */
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { textFor } from '../../src/core/text/index.ts'
import { type CatalogueOptions, createCatalogue, providerRows } from '../../src/providers/index.ts'
import { collect } from '../contract/provider.ts'
import { aModel, aProvider } from './a-provider.ts'
import { type StandIn, startStandIn } from './stand-in.ts'

const text = textFor('en')

let standIn: StandIn
let elsewhere: StandIn
beforeEach(async () => {
  standIn = await startStandIn()
  elsewhere = await startStandIn()
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await standIn.close()
  await elsewhere.close()
})

function catalogueOf(options: Partial<CatalogueOptions>) {
  return createCatalogue({ detectOllama: false, log: pino({ level: 'silent' }), text, ...options })
}

/** Asks a model of this provider and returns the headers that arrived. */
async function headersSent(provider: string, options: Partial<CatalogueOptions>) {
  const catalogue = await catalogueOf(options)
  const on = catalogue.provider(provider)
  if (!on) throw new Error(`${provider} is off`)
  await collect(on, aModel(`${provider}/any`), 'Hello')
  return standIn.chats().at(-1)?.headers
}

describe('what the OpenAI SDK finds in the environment', () => {
  beforeEach(() => {
    vi.stubEnv('OPENAI_API_KEY', 'sk-of-openai')
    vi.stubEnv('OPENAI_ADMIN_KEY', 'sk-admin-of-openai')
    vi.stubEnv('OPENAI_BASE_URL', elsewhere.url)
    vi.stubEnv('OPENAI_ORG_ID', 'org-of-openai')
    vi.stubEnv('OPENAI_PROJECT_ID', 'proj-of-openai')
    vi.stubEnv('OPENAI_CUSTOM_HEADERS', 'X-Custom: custom-of-openai\nAuthorization: Bearer sk-custom-of-openai')
  })

  test('never reaches another provider', async () => {
    const headers = await headersSent('qwen', { keys: { qwen: 'sk-of-qwen' }, baseUrls: { qwen: standIn.url } })

    expect(headers?.authorization).toBe('Bearer sk-of-qwen')
    expect(JSON.stringify(headers)).not.toContain('of-openai')
  })

  test('is no key for a provider without one', async () => {
    const rows = providerRows(
      JSON.stringify({ providers: { lab: { name: 'Lab', baseUrl: standIn.url, models: [{ id: 'any' }] } } }),
      text,
    )

    const headers = await headersSent('lab', { rows })

    expect(headers?.authorization).toBeUndefined()
    expect(JSON.stringify(headers)).not.toContain('of-openai')
  })

  test('is not used for OpenAI either: what counts is what the operator set for Faceoff', async () => {
    const headers = await headersSent('openai', { keys: { openai: 'sk-given' }, baseUrls: { openai: standIn.url } })

    expect(headers?.authorization).toBe('Bearer sk-given')
    expect(JSON.stringify(headers)).not.toContain('of-openai')
    expect(elsewhere.requests).toEqual([])
  })

  test('does not reach a list of models', async () => {
    await aProvider(standIn).health()

    expect(standIn.requests[0]?.headers.authorization).toBe('Bearer sk-lab-secret')
    expect(JSON.stringify(standIn.requests[0]?.headers)).not.toContain('of-openai')
  })
})

describe('a redirect is refused', () => {
  test.each([301, 302, 303, 307, 308])('%i: neither the prompt nor the key goes along', async status => {
    standIn.always(reply => reply.whole(status, '', { location: `${elsewhere.url}/chat/completions` }))

    const asked = collect(aProvider(standIn), aModel('lab/any'), 'Hello')

    await expect(asked).rejects.toMatchObject({ problem: { code: 'request_rejected' } })
    expect(elsewhere.requests).toEqual([])
  })

  test('for the list of models too', async () => {
    standIn.lists(reply => reply.whole(307, '', { location: `${elsewhere.url}/models` }))

    expect(await aProvider(standIn).health()).toEqual({ ok: false, failure: 'request_rejected' })
    expect(elsewhere.requests).toEqual([])
  })
})

describe('a built-in provider that models.json moves', () => {
  const moved = (entry: object) => JSON.stringify({ providers: { openai: entry } })

  test('needs a key of its own', () => {
    expect(() => providerRows(moved({ baseUrl: standIn.url }), text)).toThrow(
      'models.json: providers.openai.keyEnv is missing: OPENAI_API_KEY is not sent to another address, so name a key for it.',
    )
    expect(() => providerRows(moved({ baseUrl: standIn.url, keyEnv: 'OPENAI_API_KEY' }), text)).toThrow(
      'models.json: providers.openai.keyEnv must be a variable of its own, because OPENAI_API_KEY is for OpenAI.',
    )
  })

  test('is asked there, with that key', async () => {
    const rows = providerRows(moved({ baseUrl: standIn.url, keyEnv: 'GATEWAY_API_KEY' }), text)

    expect(rows.find(row => row.id === 'openai')?.keyVariable).toBe('GATEWAY_API_KEY')
    const headers = await headersSent('openai', { rows, keys: { openai: 'sk-of-the-gateway' } })
    expect(headers?.authorization).toBe('Bearer sk-of-the-gateway')
  })

  test('cannot be moved by the environment as well', async () => {
    const rows = providerRows(moved({ baseUrl: standIn.url, keyEnv: 'GATEWAY_API_KEY' }), text)

    const made = catalogueOf({ rows, keys: { openai: 'sk-of-the-gateway' }, baseUrls: { openai: elsewhere.url } })

    await expect(made).rejects.toThrow('models.json and OPENAI_BASE_URL both say where OpenAI is: remove one of them.')
  })

  test('keeps its key at another of its own addresses', () => {
    const us = 'https://dashscope-us.aliyuncs.com/compatible-mode/v1'
    const rows = providerRows(JSON.stringify({ providers: { qwen: { baseUrl: us } } }), text)

    expect(rows.find(row => row.id === 'qwen')).toMatchObject({
      keyVariable: 'DASHSCOPE_API_KEY',
      baseUrls: [{ url: us, region: 'us' }],
    })
  })
})

test('an added provider cannot ask for the key of a built-in one', () => {
  const lab = { name: 'Lab', baseUrl: 'https://lab.example', keyEnv: 'DASHSCOPE_API_KEY', models: [{ id: 'any' }] }

  expect(() => providerRows(JSON.stringify({ providers: { lab } }), text)).toThrow(
    'models.json: providers.lab.keyEnv must be a variable of its own, because DASHSCOPE_API_KEY is for Alibaba Cloud Model Studio.',
  )
})

describe('the variable of a key in models.json', () => {
  const rowsWith = (keyEnv: string) => {
    const lab = { name: 'Lab', baseUrl: 'https://lab.example', keyEnv, models: [{ id: 'any' }] }
    return () => providerRows(JSON.stringify({ providers: { lab } }), text)
  }

  test.each(['LAB_API_KEY', 'LAB_TOKEN'])('%s is one that the environment gives to providers', variable => {
    expect(rowsWith(variable)().find(({ id }) => id === 'lab')?.keyVariable).toBe(variable)
    expect(readConfig({ [variable]: 'sk' }).secrets.providerKeys).toEqual({ [variable]: 'sk' })
  })

  test.each(['LAB_KEY', 'DATABASE_URL', 'CONSOLE_PASSWORD', 'DISCORD_TOKEN', 'SLACK_BOT_TOKEN', 'SLACK_API_KEY'])(
    '%s is refused: a provider never gets it',
    variable => {
      expect(rowsWith(variable)).toThrow(
        'models.json: providers.lab.keyEnv must end in _API_KEY or _TOKEN and not begin with DISCORD_ or SLACK_.',
      )
      const env = { SLACK_BOT_TOKEN: 'xoxb', SLACK_SIGNING_SECRET: 'secret', [variable]: 'postgres://somewhere' }
      expect(readConfig(env).secrets.providerKeys).toEqual({})
    },
  )
})

test('a key that no header can carry is refused without being repeated', async () => {
  const made = catalogueOf({ keys: { openai: 'sk-secret\nsecond line' } })

  await expect(made).rejects.toThrow(/^OPENAI_API_KEY must be one word/)
  await expect(made).rejects.not.toThrow(/sk-secret/)
})
