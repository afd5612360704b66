import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { ABrowser } from './a-browser.ts'
import { type AConsole, ownerToken, startConsole } from './a-console.ts'

describe('who somebody is in the console', () => {
  let console: AConsole

  beforeAll(async () => {
    console = await startConsole({ postgresUrl: inject('postgresUrl') })
  })

  afterAll(() => console[Symbol.asyncDispose]())

  test('anybody may read without a name', async () => {
    const { status, text } = await new ABrowser(console.url).get('/')

    expect(status).toBe(200)
    expect(text).toContain('Choose a name')
  })

  test('a name is chosen once per browser', async () => {
    const browser = new ABrowser(console.url)

    await browser.join('Frida')

    expect((await browser.get('/')).text).toContain('Frida')
    expect((await new ABrowser(console.url).get('/')).text).not.toContain('<span class="name">Frida')
  })

  test('a taken name is refused, whatever its case, and what was typed is kept', async () => {
    await new ABrowser(console.url).join('Gustav')

    const { status, text } = await new ABrowser(console.url).post('/name', { name: 'GUSTAV' })

    expect(status).toBe(422)
    expect(text).toContain('Somebody here is called “GUSTAV” already')
    expect(text).toContain('value="GUSTAV"')
  })

  test.each([[''], ['   '], ['\u202e\u200b'], ['x'.repeat(41)]])('%j is no name', async name => {
    const { status, text } = await new ABrowser(console.url).post('/name', { name })

    expect(status).toBe(422)
    expect(text).toContain('Choose a name of 1 to 40 characters')
  })

  test('a name can be changed, and who asked before has the new one', async () => {
    const browser = new ABrowser(console.url)
    await browser.join('Hedwig')
    await browser.post('/say', { line: 'Who asked this?' })

    await browser.post('/name', { name: 'Hedda' })

    const { text } = await browser.get('/')
    expect(text).toContain('Hedda asks')
    expect(text).not.toContain('Hedwig')
  })

  test('whoever acts without a name is asked for it, and goes on with the same form', async () => {
    const browser = new ABrowser(console.url)

    const asked = await browser.post('/say', { line: 'What was I about to say?' })
    expect(asked.text).toContain('name="line" value="What was I about to say?"')
    const done = await browser.post('/say', { line: 'What was I about to say?', name: 'Ilse' })

    expect(done.status).toBe(303)
    expect((await browser.get('/')).text).toContain('Ilse asks')
  })

  test('a name and a first prompt can be sent together', async () => {
    const browser = new ABrowser(console.url)

    const { headers } = await browser.send('/say', { name: 'Jonas', line: 'Both at once' })

    // The page around was for somebody without a name.
    expect(headers.get('hx-refresh')).toBe('true')
    expect((await browser.get('/')).text).toContain('Jonas asks')
  })

  test('a forged cookie is nobody', async () => {
    const frida = (await console.store.people.person(console.workspaceId, 'somebody', { name: 'Somebody' })).id

    const { text } = await new ABrowser(console.url).get('/', { cookie: `person=${frida}.AAAA` })

    expect(text).not.toContain('<span class="name">')
  })

  test('the cookie is out of reach for scripts and other sites', async () => {
    const { headers } = await new ABrowser(console.url).post('/name', { name: 'Karla' })

    const cookie = headers.getSetCookie().find(line => line.startsWith('person='))
    expect(cookie).toMatch(/HttpOnly/i)
    expect(cookie).toMatch(/SameSite=Lax/i)
    expect(cookie).not.toMatch(/Secure/i)
  })

  test('the language follows the browser, and the switch outranks it', async () => {
    const browser = new ABrowser(console.url, 'fr, de-AT;q=0.8, en;q=0.5')
    expect((await browser.get('/')).text).toContain('<html lang="de">')

    const switched = await browser.post('/language', { language: 'en', back: '/help' })

    expect(switched.location).toBe('/help')
    expect((await browser.get('/')).text).toContain('<html lang="en">')
  })

  test.each([['https://evil.example/'], ['//evil.example'], ['/\\evil.example'], ['javascript:alert(1)']])(
    'the language switch does not lead to %s',
    async back => {
      const { location } = await new ABrowser(console.url).post('/language', { language: 'de', back })

      expect(location).toBe('/')
    },
  )
})

describe('the owner link', () => {
  test('makes the first who presses its button an admin, and is dead afterwards', async () => {
    await using console = await startConsole({ postgresUrl: inject('postgresUrl') })
    const owner = new ABrowser(console.url)
    const path = `/owner/${ownerToken}`

    // A link preview visits too, and spends nothing.
    await new ABrowser(console.url).get(path)
    const { status, location } = await owner.post(path, { name: 'Lotte' })

    expect([status, location]).toEqual([303, '/connect'])
    expect((await owner.get('/connect')).status).toBe(200)
    const late = new ABrowser(console.url)
    expect((await late.get(path)).status).toBe(410)
    expect((await late.post(path, { name: 'Late' })).status).toBe(410)
    expect((await late.get('/connect')).status).toBe(403)
  })

  test('is spent by one of two who press at the same moment', async () => {
    await using console = await startConsole({ postgresUrl: inject('postgresUrl') })
    const path = `/owner/${ownerToken}`

    const both = await Promise.all(['First', 'Second'].map(name => new ABrowser(console.url).post(path, { name })))

    expect(both.map(({ status }) => status).sort()).toEqual([303, 410])
  })

  test('another token opens nothing', async () => {
    await using console = await startConsole({ postgresUrl: inject('postgresUrl') })

    const { status } = await new ABrowser(console.url).post('/owner/another-token', { name: 'Mallory' })

    expect(status).toBe(410)
  })
})
