import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest'
import { gate, says, startStandIn } from '../providers/stand-in.ts'
import { createDatabase } from '../services/database.ts'
import { createRedisDatabase } from '../services/redis.ts'
import { gpt, qwen } from './harness.ts'
import { residentMiB, run, runToEnd, Visitor } from './process.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'faceoff-app-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('a first start', () => {
  test('says what is set up, what is missing, and where to go', async () => {
    await using app = await run({ DATA_DIR: folder })

    const printed = app.printed.join('\n')
    expect(printed).toContain(`Database: embedded, in ${folder}`)
    expect(printed).toContain('/compare uses demo/')
    expect(printed).toContain('Discord: not connected (DISCORD_TOKEN)')
    expect(printed).toContain('Slack: not connected (SLACK_BOT_TOKEN)')
    expect(printed).toContain(`${app.url}/owner/`)
    expect(await app.stop()).toBe(0)
  })

  test('speaks German where the system does', async () => {
    await using app = await run({ DATA_DIR: folder, LANG: 'de_DE.UTF-8' })

    expect(app.printed.join('\n')).toContain(`Datenbank: eingebettet, in ${folder}`)
    expect(app.printed.at(-1)).toBe(`Faceoff ist bereit: ${app.url}`)
  })
})

describe('a start that cannot work ends with one sentence', () => {
  test.each<[string, Record<string, string>, string]>([
    ['a port that is none', { PORT: 'http' }, 'PORT must be a number from 0 to 65535.'],
    ['a database that is none', { DATABASE_URL: 'mysql://x' }, 'DATABASE_URL is not a usable address.'],
    [
      'a server that is not there',
      { DATABASE_URL: 'postgres://127.0.0.1:1/x' },
      'The database in DATABASE_URL cannot be reached.',
    ],
    [
      'a Redis that is not there',
      { REDIS_URL: 'redis://127.0.0.1:1' },
      'The Redis server in REDIS_URL cannot be reached.',
    ],
    ['an open door', { HOST: '0.0.0.0' }, 'set CONSOLE_PASSWORD'],
    ['an unknown role', { ROLES: 'worker,waiter' }, 'ROLES can only be: gateway, worker, console.'],
    ['roles without a shared database', { ROLES: 'worker' }, 'set DATABASE_URL as well'],
    ['a model of nobody', { MODELS: 'nobody/x,nobody/y' }, 'nobody'],
    ['several at once, in German', { PORT: 'x', LOG_LEVEL: 'loud', LANG: 'de_DE.UTF-8' }, 'LOG_LEVEL kann nur sein:'],
  ])('%s', async (_, settings, sentence) => {
    const { code, stderr } = await runToEnd({ DATA_DIR: folder, ...settings })

    expect(code).toBe(1)
    expect(stderr).toContain(sentence)
    expect(stderr).not.toMatch(/\bat .+:\d+:\d+/)
  })

  test('a port that is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    const address = await new Promise<{ port: number }>(resolve =>
      other.once('listening', () => resolve(other.address() as { port: number })),
    )

    const { code, stderr } = await runToEnd({ DATA_DIR: folder, PORT: String(address.port) })
    other.close()

    expect(code).toBe(1)
    expect(stderr).toContain(`Port ${address.port} is in use.`)
  })

  test('a data folder that another app uses', async () => {
    await using app = await run({ DATA_DIR: folder })

    const { code, stderr } = await runToEnd({ DATA_DIR: folder })

    expect(code).toBe(1)
    expect(stderr).toContain(`The data folder ${folder} is in use by process ${app.pid}.`)
  })
})

test('after kill -9 in the middle of ten streaming answers all ten finish in their places, once', async () => {
  await using providers = await startStandIn()
  const settings = {
    DATA_DIR: folder,
    DASHSCOPE_API_KEY: 'sk-test',
    DASHSCOPE_BASE_URL: providers.url,
    OPENAI_API_KEY: 'sk-test',
    OPENAI_BASE_URL: providers.url,
  }
  providers.always(async reply => {
    reply.text('Half an answer')
    await reply.closed
  })
  await using first = await run(settings)
  const asker = new Visitor(first.url)
  const ids: string[] = []
  for (let index = 0; index < 5; index++) ids.push(await asker.compare(`Question ${index}`, `${qwen},${gpt}`))
  await providers.chatsReach(10)
  for (const id of ids) await asker.untilPage(id, page => page.split('Half an answer').length === 3)

  await first.kill()
  providers.always(reply => says(`The whole answer to ${reply.request.prompt}.`)(reply))
  await using second = await run(settings)
  const reader = new Visitor(second.url)

  for (const [index, id] of ids.entries()) {
    const whole = `The whole answer to Question ${index}.`
    const page = await reader.untilPage(id, text => text.split(whole).length >= 3)
    expect(page.split(whole)).toHaveLength(3)
    expect(page).not.toContain('Half an answer')
  }
  expect(providers.chats()).toHaveLength(20)
}, 120_000)

test('with sixty answers streaming the process stays under 300 MB, services outside', async () => {
  await using providers = await startStandIn()
  await using database = await createDatabase(inject('postgresUrl'))
  await using redis = await createRedisDatabase(inject('redisUrl'))
  const all = gate()
  providers.always(async reply => {
    for (let index = 0; index < 200; index++) reply.text(`word ${index} of a **long** answer\n`)
    await all.opened
    reply.finish().usage(10, 800).done()
  })
  await using app = await run({
    DATABASE_URL: database.url,
    REDIS_URL: redis.url,
    MODELS_FILE: join(import.meta.dirname, 'sixty.models.json'),
    DASHSCOPE_API_KEY: 'sk-test',
    DASHSCOPE_BASE_URL: providers.url,
    OPENAI_API_KEY: 'sk-test',
    OPENAI_BASE_URL: providers.url,
  })
  const asker = new Visitor(app.url)
  const ids: string[] = []
  for (let index = 0; index < 30; index++) ids.push(await asker.compare(`Question ${index}`, `${qwen},${gpt}`))
  await providers.chatsReach(60)
  for (const id of ids) await asker.untilPage(id, page => page.split('word 199').length === 3)

  expect(residentMiB(app.pid)).toBeLessThan(300)
  all.open()
  for (const id of ids) await asker.untilPage(id, page => page.includes('Vote!'))
}, 120_000)
