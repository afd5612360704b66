import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { aProvider } from './a-provider.ts'
import { refuses, type Script, type StandIn, startStandIn } from './stand-in.ts'

let standIn: StandIn
beforeEach(async () => {
  standIn = await startStandIn()
})
afterEach(() => standIn.close())

describe('the health of a provider', () => {
  test('is the list of what it offers', async () => {
    standIn.lists(['one', 'two'])

    expect(await aProvider(standIn).health()).toEqual({ ok: true, offered: ['one', 'two'] })
  })

  test.each<[string, Script, readonly string[] | null]>([
    ['a bare list (Together)', refuses(200, [{ id: 'one' }]), ['one']],
    ['names with a prefix (Gemini)', refuses(200, { data: [{ id: 'models/one' }] }), ['one']],
    ['entries without an id', refuses(200, { data: [{ id: 'one' }, {}, null] }), ['one']],
    ['no list at all', refuses(404, {}), null],
    ['a list that cannot be asked for', refuses(405, {}), null],
  ])('understands %s', async (_, script, offered) => {
    standIn.lists(script)

    expect(await aProvider(standIn).health()).toEqual({ ok: true, offered })
  })

  test('counts a configured name that only adds a host, or leaves out a tag, as offered', async () => {
    standIn.lists(['org/model', 'llama3.2:latest'])
    const provider = aProvider(standIn, { models: [{ id: 'org/model:cheapest' }, { id: 'llama3.2' }, { id: 'gone' }] })

    const health = await provider.health()

    expect(health.ok && health.offered).toEqual(['org/model', 'llama3.2:latest', 'org/model:cheapest', 'llama3.2'])
  })

  test.each<[string, Script, string]>([
    ['a rejected key', refuses(401, { error: { code: 'invalid_api_key' } }), 'key_rejected'],
    ['no money', refuses(402, {}), 'no_credit'],
    ['a failing server', refuses(500, {}), 'provider_down'],
    ['a page instead of a list', reply => reply.whole(200, '<html>', { 'content-type': 'text/html' }), 'bad_response'],
    ['some other JSON', refuses(200, { hello: 'world' }), 'bad_response'],
    ['a cut connection', reply => reply.cut(), 'provider_down'],
  ])('says what is the matter: %s', async (_, script, failure) => {
    standIn.lists(script)

    expect(await aProvider(standIn).health()).toEqual({ ok: false, failure })
  })

  test('says that nobody answers', async () => {
    await standIn.close()

    expect(await aProvider(standIn).health()).toEqual({ ok: false, failure: 'provider_down' })
  })

  test.each<[string, Script]>([
    ['no headers', reply => reply.closed],
    ['headers and no body', reply => reply.open().closed],
  ])('does not wait for ever: %s', async (_, script) => {
    standIn.lists(script)

    const health = await aProvider(standIn, { timeLimits: { healthMs: 80 } }).health()

    expect(health).toEqual({ ok: false, failure: 'provider_silent' })
  })

  test('is remembered for a minute, good or bad, also while it is being asked', async () => {
    let now = Date.parse('2026-11-23T12:00:00Z')
    standIn.lists(refuses(500, {}))
    const provider = aProvider(standIn, { clock: { now: () => new Date(now) } })

    await Promise.all([provider.health(), provider.health()])
    now += 59_000
    const remembered = await provider.health()
    standIn.lists(['one'])
    now += 1_000
    const asked = await provider.health()

    expect(remembered.ok).toBe(false)
    expect(asked.ok).toBe(true)
    expect(standIn.requests).toHaveLength(2)
  })
})
