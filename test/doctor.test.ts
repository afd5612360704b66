/** The doctor as people run it: a process of its own, told everything by its environment and a `.env` file. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { type AddressInfo, createServer as createSocketServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { Client } from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest'
import packageJson from '../package.json' with { type: 'json' }
import { textFor } from '../src/core/text/index.ts'
import type { Check } from '../src/doctor/check.ts'
import { checkNode } from '../src/doctor/node.ts'
import { createLog } from '../src/log.ts'
import { openStore } from '../src/store/index.ts'
import { environment, run } from './app/process.ts'
import { refuses, type Script, type StandIn, startStandIn } from './providers/stand-in.ts'
import { createDatabase } from './services/database.ts'
import { createRedisDatabase, startRedis } from './services/redis.ts'
import type { Server as Service } from './services/server.ts'

const entry = join(import.meta.dirname, '..', packageJson.scripts.doctor.replace(/^node /, ''))

/** Where the doctor runs; whatever it finds there is the test's. */
let folder: string
let standIn: StandIn
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'faceoff-doctor-'))
  standIn = await startStandIn()
  standIn.lists(['qwen3.8-max', 'gpt-6.1-sol'])
})
afterEach(async () => {
  await standIn.close()
  rmSync(folder, { recursive: true, force: true })
})

type Outcome = { code: number | null; stdout: string; stderr: string }

async function doctor(settings: Record<string, string> = {}, ...args: string[]): Promise<Outcome> {
  const child = spawn(process.execPath, [entry, ...args], { cwd: folder, env: environment(settings) })
  const outcome = { code: null, stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', chunk => {
    outcome.stdout += chunk
  })
  child.stderr.setEncoding('utf8').on('data', chunk => {
    outcome.stderr += chunk
  })
  const [code] = await once(child, 'close')
  return { ...outcome, code }
}

/** The exit code, and what the checks of this name say. */
async function finding(
  name: string,
  settings: Record<string, string>,
): Promise<Partial<Check> & Pick<Outcome, 'code'>> {
  const { code, stdout } = await doctor(settings, '--json')
  const { checks }: { checks: Check[] } = JSON.parse(stdout)
  return { code, ...checks.find(check => check.name === name) }
}

/** Two providers at the stand-in, and the two models that it lists. */
function twoProviders(): Record<string, string> {
  return {
    DASHSCOPE_API_KEY: 'sk-of-qwen',
    DASHSCOPE_BASE_URL: standIn.url,
    OPENAI_API_KEY: 'sk-of-openai',
    OPENAI_BASE_URL: standIn.url,
    MODELS: 'qwen/qwen3.8-max,openai/gpt-6.1-sol',
  }
}

describe('where everything works', () => {
  test('every check is fine, and the exit code is 0', async () => {
    await using database = await createDatabase(inject('postgresUrl'))
    await using redis = await createRedisDatabase(inject('redisUrl'))
    const opened = await openStore({ databaseUrl: database.url, log: createLog('silent'), onFatal: () => {} })
    await opened.store.close()

    const { code, stdout, stderr } = await doctor({
      DATABASE_URL: database.url,
      REDIS_URL: redis.url,
      ...twoProviders(),
    })

    expect(stderr).toBe('')
    expect(stdout).toMatch(/^✓ ok {7}Node 24\.\d+\.\d+ is new enough\.$/m)
    expect(stdout).toMatch(
      /PostgreSQL \d+\.\S+.* at 127\.0\.0\.1:\d+\/test_\w+ answers, and its tables are up to date\./,
    )
    expect(stdout).toMatch(/Redis \d+\.\d+\.\d+ at 127\.0\.0\.1:\d+ answers and keeps what it is given\./)
    expect(stdout).toContain('PORT=0: Faceoff takes any free port.')
    expect(stdout).toContain('/compare uses qwen/qwen3.8-max, openai/gpt-6.1-sol.')
    expect(stdout).toContain(`OpenAI (${new URL(standIn.url).host}) answers and accepts the key.`)
    expect(stdout).toMatch(/Not connected; each is switched on by its variable: Groq \(GROQ_API_KEY\), .+\./)
    expect(stdout).not.toMatch(/^[!✗]/m)
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('Everything works.')
    expect(code).toBe(0)
  })

  test('that is, nothing is asked for more than a list of models', async () => {
    await doctor(twoProviders())

    expect(standIn.requests.map(({ path }) => path)).toEqual(['/models', '/models'])
  })

  test('a first start needs nothing, and the doctor makes nothing', async () => {
    const { code, stdout } = await doctor({ DATA_DIR: join(folder, 'data') })

    expect(stdout).toContain(`The embedded database will be made in ${join(folder, 'data')} at the first start.`)
    expect(stdout).toContain('! warning  Only the built-in demo models can be compared')
    expect(stdout).toContain('→ Set DASHSCOPE_API_KEY, OPENAI_API_KEY or another key, or start Ollama.')
    expect(stdout).toContain('Found: 1 warning.')
    expect(readdirSync(folder)).toEqual([])
    expect(code).toBe(0)
  })

  test('also while Faceoff runs: its folder and its port are in the right hands', async () => {
    const settings = { DATA_DIR: join(folder, 'data') }
    await using app = await run(settings)
    const { port } = new URL(app.url)

    const { code, stdout } = await doctor({ ...settings, PORT: port })

    expect(stdout).toContain(
      `Faceoff is running: process ${app.pid} has the embedded database in ${settings.DATA_DIR} open.`,
    )
    expect(stdout).toContain(`Faceoff is running: it answers on port ${port}.`)
    expect(code).toBe(0)

    await app.kill()
    expect((await finding('database', settings)).message).toContain('nobody uses it now.')
  })
})

describe('how it speaks', () => {
  test('in German where the system does', async () => {
    const { code, stdout } = await doctor({ LANG: 'de_DE.UTF-8', REDIS_URL: 'redis://127.0.0.1:1' })

    expect(stdout).toContain('✓ gut      Alle Einstellungen sind lesbar.')
    expect(stdout).toContain('✗ Fehler   Unter 127.0.0.1:1 ist kein Redis erreichbar (ECONNREFUSED).')
    expect(stdout).toContain('→ Starte Redis, berichtige die Adresse in REDIS_URL oder entferne REDIS_URL.')
    expect(stdout).toContain('Gefunden: 1 Fehler, 1 Hinweis.')
    expect(code).toBe(1)
  })

  test('in JSON for machines', async () => {
    const { code, stdout } = await doctor({ REDIS_URL: 'redis://127.0.0.1:1' }, '--json')

    const report: { ok: boolean; checks: Check[] } = JSON.parse(stdout)
    expect(report.ok).toBe(false)
    expect(report.checks).toContainEqual({
      name: 'redis',
      status: 'problem',
      message: 'No Redis can be reached at 127.0.0.1:1 (ECONNREFUSED).',
      remedy: 'Start Redis, or correct the address in REDIS_URL, or remove REDIS_URL.',
    })
    expect(report.checks.map(({ name }) => name)).toEqual([
      'node',
      'settings',
      'database',
      'redis',
      'discord',
      'slack',
      'port',
      'models',
      'off',
    ])
    expect(code).toBe(1)
  })

  test('without colours where nobody sees them', async () => {
    expect((await doctor({ REDIS_URL: 'redis://127.0.0.1:1' })).stdout).not.toContain('\x1b')
  })

  test('of how to call it, when it is called wrongly', async () => {
    const { code, stdout, stderr } = await doctor({}, '--jsno')

    expect(code).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toMatch(/^Usage: npm run -s doctor -- \[--json\]/)
  })
})

describe('Node', () => {
  test.each([
    ['24.0.0', 'ok'],
    ['26.1.0', 'ok'],
    ['22.21.0', 'problem'],
  ])('%s: %s', (version, status) => {
    expect(checkNode(version, textFor('en'))).toMatchObject({ status, message: expect.stringContaining(version) })
  })
})

describe('the settings', () => {
  test('are each a problem where they cannot be read, and then nothing else is looked at', async () => {
    const { code, stdout } = await doctor({ PORT: 'http', LOG_LEVEL: 'loud' })

    expect(stdout).toContain('✗ problem  PORT must be a number from 0 to 65535.')
    expect(stdout).toContain('✗ problem  LOG_LEVEL can only be: trace, debug')
    expect(stdout).toContain('→ Change it where it is set')
    expect(stdout).toContain('Found: 2 problems.')
    expect(code).toBe(1)
  })

  test('come from .env too, as when Faceoff starts', async () => {
    writeFileSync(join(folder, '.env'), 'LOG_LEVEL=loud\nREDIS_URL=redis://127.0.0.1:1\n')

    expect(await finding('settings', { LOG_LEVEL: '' })).toMatchObject({ status: 'ok' })
    expect(await finding('redis', { LOG_LEVEL: '' })).toMatchObject({ status: 'problem' })
  })

  test('an .env that is no file is said to be none', async () => {
    mkdirSync(join(folder, '.env'))

    expect(await finding('settings', {})).toMatchObject({
      code: 1,
      status: 'problem',
      message: expect.stringMatching(/^The file \.env cannot be read \(\w+\)\./),
    })
  })

  test('in models.json are named with their place', async () => {
    writeFileSync(join(folder, 'models.json'), '{ "providers": { "lab": { "name": "Lab" } } }')

    const { code, stdout } = await doctor()

    expect(stdout).toContain('✗ problem  models.json: providers.lab.baseUrl is missing.')
    expect(stdout).toContain('✗ problem  models.json: providers.lab.models is missing.')
    expect(code).toBe(1)
  })

  test('a models.json that is no file is a problem', async () => {
    mkdirSync(join(folder, 'models.json'))

    expect(await finding('models', {})).toMatchObject({
      status: 'problem',
      message:
        './models.json cannot be read (EISDIR): make it a file that Faceoff may read, or set MODELS_FILE to another one.',
    })
  })

  test('in MODELS that name a provider without its key are a problem', async () => {
    expect(await finding('models', { MODELS: 'openai/gpt-6.1-sol,demo/ada' })).toMatchObject({
      code: 1,
      status: 'problem',
      message: 'MODELS names openai/gpt-6.1-sol, but OPENAI_API_KEY is not set.',
    })
  })
})

describe('the database', () => {
  test('that is empty is fine, and stays empty', async () => {
    await using database = await createDatabase(inject('postgresUrl'))

    const found = await finding('database', { DATABASE_URL: database.url })

    expect(found).toMatchObject({ code: 0, status: 'ok' })
    expect(found.message).toContain('Faceoff makes its tables there at the first start.')
    expect(await rowsOf(database.url, `SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace`)).toEqual(
      [],
    )
  })

  test('of a newer version is a problem', async () => {
    await using database = await createDatabase(inject('postgresUrl'))
    const opened = await openStore({ databaseUrl: database.url, log: createLog('silent'), onFatal: () => {} })
    await opened.store.close()
    await rowsOf(database.url, `INSERT INTO kysely_migration (name, timestamp) VALUES ('9999_future', '')`)

    expect(await finding('database', { DATABASE_URL: database.url })).toMatchObject({
      code: 1,
      message: 'The database was changed by a newer version of Faceoff (9999_future). Run that version or a later one.',
    })
  })

  test('in which we may not make tables is a problem, with the statement that mends it', async () => {
    await using database = await createDatabase(inject('postgresUrl'))
    const { pathname } = new URL(database.url)
    const role = pathname.replace('/test_', 'role_')
    await rowsOf(database.url, `CREATE ROLE ${role} LOGIN`)
    const url = new URL(database.url)
    url.username = role

    const before = await finding('database', { DATABASE_URL: url.href })
    await rowsOf(database.url, String(before.remedy?.split(': ')[1]))
    const after = await finding('database', { DATABASE_URL: url.href })
    await rowsOf(database.url, `ALTER DATABASE ${pathname.slice(1)} OWNER TO faceoff`)
    await rowsOf(database.url, `DROP ROLE ${role}`)

    expect(before).toMatchObject({
      code: 1,
      message: `The user ${role} may not create tables in the database ${pathname.slice(1)}.`,
    })
    expect(after).toMatchObject({ code: 0, status: 'ok' })
  })

  test('that does not exist is a problem', async () => {
    const url = new URL(inject('postgresUrl'))
    url.pathname = '/nobodys'

    expect(await finding('database', { DATABASE_URL: url.href })).toMatchObject({
      code: 1,
      message: `The server is there, but has no database of the name in ${url.host}/nobodys.`,
      remedy: 'As an administrator of the server: CREATE DATABASE "nobodys"; or correct the name in DATABASE_URL.',
    })
  })

  test('whose server does not know the user is a problem', async () => {
    const url = new URL(inject('postgresUrl'))
    url.username = 'nobody'

    expect(await finding('database', { DATABASE_URL: url.href })).toMatchObject({
      code: 1,
      message: `PostgreSQL at ${url.host}/postgres does not let this user in.`,
    })
  })

  test('whose server is not there is a problem', async () => {
    expect(await finding('database', { DATABASE_URL: 'postgres://me:secret@127.0.0.1:1/x' })).toMatchObject({
      code: 1,
      status: 'problem',
      message: 'No PostgreSQL can be reached at 127.0.0.1:1/x (ECONNREFUSED).',
      remedy: 'Start the server, or correct the address in DATABASE_URL.',
    })
  })

  test('whose folder is a file is a problem', async () => {
    const file = join(folder, 'file')
    writeFileSync(file, '')

    expect(await finding('database', { DATA_DIR: join(file, 'data') })).toMatchObject({
      code: 1,
      message: `The data folder ${join(file, 'data')} cannot be read and written (ENOTDIR).`,
      remedy: 'Set DATA_DIR to a folder that you may write to.',
    })
  })

  test('that another PostgreSQL wrote is a problem', async () => {
    mkdirSync(join(folder, 'database'))
    writeFileSync(join(folder, 'database', 'PG_VERSION'), '17\n')

    const found = await finding('database', { DATA_DIR: folder })

    expect(found).toMatchObject({ code: 1, status: 'problem' })
    expect(found.message).toContain('was written by PostgreSQL 17')
  })
})

describe('Redis', () => {
  let redis: Service
  let admin: Redis
  beforeAll(async () => {
    redis = await startRedis()
    admin = new Redis(redis.url)
    // The last test takes the server away.
    admin.on('error', () => {})
  })
  afterAll(async () => {
    admin.disconnect()
    await redis.stop()
  })

  test('that may throw jobs away is a warning, with the command that mends it', async () => {
    await admin.config('SET', 'maxmemory-policy', 'allkeys-lru')

    const found = await finding('redis', { REDIS_URL: redis.url })
    await admin.config('SET', 'maxmemory-policy', 'noeviction')

    const { port } = new URL(redis.url)
    expect(found).toMatchObject({
      code: 0,
      status: 'warning',
      message: expect.stringContaining('its maxmemory-policy is allkeys-lru.'),
      remedy: `redis-cli -h 127.0.0.1 -p ${port} CONFIG SET maxmemory-policy noeviction`,
    })
  })

  test.each([
    ['none', ''],
    ['a wrong one', ':guessed@'],
  ])('that wants another password is a problem: %s', async (_, password) => {
    await admin.config('SET', 'requirepass', 'the right one')

    const found = await finding('redis', { REDIS_URL: redis.url.replace('//', `//${password}`) })
    await admin.config('SET', 'requirepass', '')

    expect(found).toMatchObject({ code: 1, remedy: 'Correct the user and the password in REDIS_URL.' })
  })

  test('that is gone is a problem', async () => {
    await redis.kill()

    expect(await finding('redis', { REDIS_URL: redis.url })).toMatchObject({
      code: 1,
      message: expect.stringContaining('(ECONNREFUSED)'),
    })
  })
})

describe('the port', () => {
  test('that somebody else has is a problem, also when they answer politely', async () => {
    const other = createServer((_, response) => response.end('{"status":"someone else"}'))
    const port = await listening(other)

    const found = await finding('port', { PORT: String(port) })
    other.close()

    expect(found).toMatchObject({
      code: 1,
      message: `Another program uses port ${port}.`,
      remedy: expect.stringContaining('Set PORT to another number'),
    })
  })

  test('that is free is fine', async () => {
    const other = createServer()
    const port = await listening(other)
    other.close()
    await once(other, 'close')

    expect(await finding('port', { PORT: String(port) })).toMatchObject({
      code: 0,
      message: `Port ${port} on 127.0.0.1 is free.`,
    })
  })

  test('of a host that is not here is a problem', async () => {
    expect(await finding('port', { HOST: '192.0.2.1', CONSOLE_PASSWORD: 'long enough' })).toMatchObject({
      code: 1,
      message: 'HOST=192.0.2.1 is no address of this machine.',
    })
  })

  test('is not needed without a console', async () => {
    const settings = { ROLES: 'worker', DATABASE_URL: inject('postgresUrl') }

    expect(await finding('port', settings)).toMatchObject({ status: 'ok', message: expect.stringContaining('ROLES') })
  })
})

describe('a provider', () => {
  test.each<[string, Script, Partial<Check>]>([
    [
      'that rejects the key',
      refuses(401, { error: { code: 'invalid_api_key' } }),
      { status: 'problem', message: 'rejects the key.', remedy: 'Set OPENAI_API_KEY to a valid key.' },
    ],
    [
      'whose account is empty',
      refuses(402, {}),
      { status: 'problem', message: 'has no credit left.', remedy: 'Top up the account' },
    ],
    ['that is busy', refuses(429, {}), { status: 'warning', message: 'is busy', remedy: 'again in a minute' }],
    [
      'that is out of order',
      refuses(500, {}),
      { status: 'problem', message: 'cannot be reached', remedy: 'OPENAI_BASE_URL' },
    ],
    [
      'that is another kind of server',
      reply => reply.whole(200, '<html>', { 'content-type': 'text/html' }),
      { status: 'problem', message: 'does not answer like an OpenAI-compatible provider', remedy: 'OPENAI_BASE_URL' },
    ],
    [
      'that has no list of models',
      refuses(404, {}),
      { status: 'warning', message: 'could not be checked', remedy: 'OPENAI_API_KEY, OPENAI_BASE_URL' },
    ],
    [
      'that does not list a model',
      refuses(200, { data: [{ id: 'qwen3.8-max' }] }),
      { status: 'warning', message: 'does not list gpt-6.1-sol', remedy: 'Set MODELS' },
    ],
  ])('%s', async (_, script, expected) => {
    standIn.lists(script)

    const { code, status, message, remedy } = await finding('provider:openai', twoProviders())

    expect(message).toMatch(/^OpenAI \(127\.0\.0\.1:\d+\) /)
    expect(message).toContain(expected.message)
    expect(remedy).toContain(expected.remedy)
    expect(status).toBe(expected.status)
    expect(code).toBe(expected.status === 'problem' ? 1 : 0)
  })

  test('that is not there is a problem', async () => {
    await standIn.close()

    expect(await finding('provider:qwen', twoProviders())).toMatchObject({
      code: 1,
      remedy: expect.stringContaining('DASHSCOPE_BASE_URL'),
    })
  })

  test('of one’s own that is not there has to be started', async () => {
    await standIn.close()

    expect(await finding('provider:ollama', { OLLAMA_BASE_URL: standIn.url })).toMatchObject({
      code: 1,
      remedy: 'Start Ollama, or correct its address in OLLAMA_BASE_URL.',
    })
  })

  test('whose model its vendor switches off is a warning', async () => {
    const model = 'qwen/qwen-max-2025-01-25'
    const settings = { ...twoProviders(), MODELS: `${model},openai/gpt-6.1-sol` }

    expect(await finding(`model:${model}`, settings)).toMatchObject({
      code: 0,
      status: 'warning',
      message: expect.stringContaining('on Jul 13, 2026'),
      remedy: `Set MODELS to what you want to compare, without ${model}.`,
    })
  })
})

test('it ends by itself, whoever keeps silent', async () => {
  await using silent = await silence()
  const { port } = silent

  const { code, stdout } = await doctor({
    DATABASE_URL: `postgres://me@127.0.0.1:${port}/x`,
    REDIS_URL: `redis://127.0.0.1:${port}`,
    OPENAI_API_KEY: 'sk-of-openai',
    OPENAI_BASE_URL: `http://127.0.0.1:${port}/v1`,
    PORT: String(port),
  })

  expect(stdout).toContain(`No PostgreSQL can be reached at 127.0.0.1:${port}/x (ETIMEDOUT).`)
  expect(stdout).toContain(`No Redis can be reached at 127.0.0.1:${port} (ETIMEDOUT).`)
  expect(stdout).toContain(`Another program uses port ${port}.`)
  expect(stdout).toContain(`OpenAI (127.0.0.1:${port}) did not answer in time.`)
  expect(code).toBe(1)
})

describe('no secret is ever printed', () => {
  const secret = 'hush-0123456789'
  const keys = ['DASHSCOPE', 'OPENAI', 'GROQ', 'DEEPSEEK', 'LAB'].map(name => `${name}_API_KEY`)
  const platforms = [
    'DISCORD_TOKEN',
    'SLACK_BOT_TOKEN',
    'SLACK_APP_TOKEN',
    'SLACK_SIGNING_SECRET',
    'SLACK_CLIENT_SECRET',
  ]
  const secrets = Object.fromEntries(
    ['CONSOLE_PASSWORD', 'HF_TOKEN', ...keys, ...platforms].map(variable => [variable, `${secret}-${variable}`]),
  )

  test.each<[string, (url: string) => Record<string, string>]>([
    [
      'where nothing can be reached',
      () => ({ DATABASE_URL: `postgres://me:${secret}@127.0.0.1:1/x`, REDIS_URL: `redis://me:${secret}@127.0.0.1:1` }),
    ],
    [
      'where everything is refused, in words that quote it',
      url => ({
        DATABASE_URL: `${inject('postgresUrl').replace('//faceoff@', `//nobody:${secret}@`)}`,
        REDIS_URL: inject('redisUrl').replace('//', `//me:${secret}@`),
        DASHSCOPE_BASE_URL: url,
        OPENAI_BASE_URL: url,
      }),
    ],
    [
      'where addresses hold it and are wrong',
      () => ({
        DATABASE_URL: `mysql://me:${secret}@host/x`,
        REDIS_URL: `http://me:${secret}@host`,
        PUBLIC_URL: `ftp://${secret}`,
      }),
    ],
    ['where base URLs hold it', () => ({ OPENAI_BASE_URL: `https://me:${secret}@host/v1?key=${secret}` })],
    ['where a key holds a line break', () => ({ OPENAI_API_KEY: `${secret}\n${secret}` })],
    ['where it is too short for a password', () => ({ CONSOLE_PASSWORD: secret.slice(0, 6) })],
  ])('%s', async (_, settings) => {
    standIn.lists(reply =>
      reply.json(401, { error: { message: `no such key: ${reply.request.headers.authorization}` } }),
    )
    const all = { ...offline(), ...secrets, ...settings(standIn.url) }

    for (const args of [[], ['--json']]) {
      const { stdout, stderr } = await doctor(all, ...args)
      expect(stdout).not.toBe('')
      expect(stdout + stderr).not.toContain(secret.slice(0, 6))
    }
  })

  test('where it stands in models.json by mistake', async () => {
    writeFileSync(join(folder, 'models.json'), `{ "providers": { "lab": { "keyEnv": ${secret} } } }`)

    const { stdout, stderr } = await doctor(secrets)

    expect(stdout).toContain('models.json is not valid JSON')
    expect(stdout + stderr).not.toContain(secret.slice(0, 6))
  })
})

/** No test asks the internet. */
function offline(): Record<string, string> {
  const variables = ['DASHSCOPE', 'OPENAI', 'GROQ', 'DEEPSEEK', 'HF'].map(name => `${name}_BASE_URL`)
  return Object.fromEntries(variables.map(variable => [variable, standIn.url]))
}

async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

/** A server that takes every connection and never says a word. */
async function silence(): Promise<AsyncDisposable & { port: number }> {
  const sockets = new Set<Socket>()
  const server = createSocketServer(socket => {
    sockets.add(socket.on('error', () => {}).resume())
  })
  const port = await listening(server)
  return {
    port,
    [Symbol.asyncDispose]: async () => {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

async function rowsOf(url: string, statement: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(statement)).rows
  } finally {
    await client.end()
  }
}
