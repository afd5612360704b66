import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { ABrowser } from './a-browser.ts'
import { type AConsole, startConsole } from './a-console.ts'

describe('what stands before the console', () => {
  let console: AConsole

  beforeAll(async () => {
    console = await startConsole({
      postgresUrl: inject('postgresUrl'),
      publicUrl: 'https://faceoff.example',
      ready: () => isReady,
    })
  })

  afterAll(() => console[Symbol.asyncDispose]())

  let isReady = true

  test.each([['evil.example'], ['127.0.0.1.evil.example:3000'], ['localhost.evil.example'], ['']])(
    'the host name %j is not ours',
    async host => {
      expect(await statusFor('/', { host })).toBe(421)
    },
  )

  test.each([['localhost:3000'], ['127.0.0.1'], ['[::1]:3000'], ['192.168.1.20:3000'], ['faceoff.example']])(
    'the host name %j is ours',
    async host => {
      expect(await statusFor('/', { host })).toBe(200)
    },
  )

  test('a form from another site is refused', async () => {
    const browser = new ABrowser(console.url)

    expect((await browser.post('/name', { name: 'Nora' }, { origin: 'https://evil.example' })).status).toBe(403)
    expect((await browser.post('/name', { name: 'Nora' }, { origin: 'null' })).status).toBe(403)
    expect((await browser.post('/name', { name: 'Nora' }, { origin: 'https://faceoff.example' })).status).toBe(303)
  })

  test('what is no form is refused', async () => {
    const response = await fetch(`${console.url}/say`, {
      method: 'POST',
      body: '{"line":"hello"}',
      headers: { 'content-type': 'application/json', origin: console.url },
    })

    expect(response.status).toBe(415)
  })

  test('a form longer than any prompt is refused with a sentence', async () => {
    const browser = new ABrowser(console.url)
    await browser.join('Olga')

    const { status, text } = await browser.post('/say', { line: 'x'.repeat(1_100_000) }, { connection: 'close' })

    expect(status).toBe(413)
    expect(text).toContain('That is too long')
  })

  test('what goes wrong is told on the page that is open', async () => {
    const browser = new ABrowser(console.url)
    const headers = { connection: 'close', 'hx-request': 'true' }

    const { text } = await browser.post('/say', { line: 'x'.repeat(1_100_000) }, headers)

    expect(text).toBe('<hx-partial hx-target="#trouble" hx-swap="innerHTML">That is too long. Shorten it.</hx-partial>')
  })

  test('no page runs or loads anything but the console’s own files', async () => {
    for (const path of ['/', '/summaries', '/models', '/help', '/compare', '/name', '/connect', '/nowhere']) {
      const { headers, text } = await new ABrowser(console.url).get(path)

      expect(headers.get('content-security-policy')).toBe(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
          "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
      )
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('cache-control')).toBe('no-store')
      expect(text).not.toMatch(/<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc="\/assets\/)/)
    }
  })

  test('cookies go over HTTPS only where people come by HTTPS', async () => {
    const { headers } = await new ABrowser(console.url).post('/name', { name: 'Paula' })

    expect(headers.getSetCookie().join()).toMatch(/Secure/)
  })

  test('files may be kept as long as their address says which version they are', async () => {
    const { text } = await new ABrowser(console.url).get('/')
    const [, path = ''] = /href="(\/assets\/console\.css\?[^"]+)"/.exec(text) ?? []

    const versioned = await new ABrowser(console.url).get(path)
    const bare = await new ABrowser(console.url).get('/assets/console.css')

    expect(versioned.headers.get('cache-control')).toContain('immutable')
    expect(bare.headers.get('cache-control')).toBe('no-cache')
  })

  test('health says that the process lives, readiness that it can work', async () => {
    isReady = true
    expect(await statusFor('/healthz', { host: 'any.name' })).toBe(200)
    expect(await statusFor('/readyz', { host: 'any.name' })).toBe(200)

    isReady = false

    expect(await statusFor('/healthz', {})).toBe(200)
    expect(await statusFor('/readyz', {})).toBe(503)
  })

  test.each([['/nowhere'], ['/c/nothing'], ['/c/00000000-0000-7000-8000-000000000000'], ['/assets/../index.ts']])(
    '%s is a page in the visitor’s language that says so',
    async path => {
      const { status, text } = await new ABrowser(console.url, 'de').get(path)

      expect(status).toBe(404)
      expect(text).toContain('Nicht gefunden')
    },
  )

  /** `fetch` chooses the host name itself. */
  function statusFor(path: string, headers: Record<string, string>): Promise<number | undefined> {
    const { promise, resolve, reject } = Promise.withResolvers<number | undefined>()
    const asked = request(`${console.url}${path}`, { headers, setHost: !('host' in headers) }, response => {
      response.resume()
      resolve(response.statusCode)
    })
    asked.on('error', reject)
    asked.end()
    return promise
  }
})

describe('the console’s password', () => {
  let console: AConsole

  beforeAll(async () => {
    console = await startConsole({ postgresUrl: inject('postgresUrl'), password: 'correct horse' })
  })

  afterAll(() => console[Symbol.asyncDispose]())

  test('is asked for before everything but health and files', async () => {
    const browser = new ABrowser(console.url)

    for (const path of ['/', '/models', '/help', '/connect', '/events?since=', '/compare', '/owner/x', '/nowhere']) {
      expect([path, (await browser.get(path)).status]).toEqual([path, 401])
    }
    for (const path of ['/say', '/name', '/compare', '/c/x/vote', '/c/x/reveal', '/owner/x']) {
      expect([path, (await browser.post(path, { line: 'hello', name: 'Q' })).status]).toEqual([path, 401])
    }
    for (const path of ['/healthz', '/readyz', '/assets/console.css']) {
      expect([path, (await browser.get(path)).status]).toEqual([path, 200])
    }
  })

  test('is asked for on a page of its own where a part was asked for', async () => {
    const { status, headers } = await new ABrowser(console.url).send('/say', { line: 'hello', name: 'Q' })

    expect(status).toBe(401)
    expect(headers.get('hx-refresh')).toBe('true')
  })

  test('opens the console for this browser, and leads back', async () => {
    const browser = new ABrowser(console.url)

    const { status, location } = await browser.post('/password', { password: 'correct horse', back: '/models' })

    expect([status, location]).toEqual([303, '/models'])
    expect((await browser.get('/models')).status).toBe(200)
    expect((await new ABrowser(console.url).get('/models')).status).toBe(401)
  })

  test('cannot be guessed quickly, and the right one waits as well', async () => {
    const browser = new ABrowser(console.url)
    const guesses = ['one', 'two', 'three', 'four', 'five', 'six']

    const statuses = []
    for (const password of guesses) statuses.push((await browser.post('/password', { password })).status)
    const { status, text } = await browser.post('/password', { password: 'correct horse' })

    expect(statuses).toEqual([401, 401, 401, 401, 401, 429])
    expect(status).toBe(429)
    expect(text).toMatch(/Try again in \d+ s/)
  })
})
