import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest'
import { createDatabase } from '../services/database.ts'
import { ABrowser, type Heard } from './a-browser.ts'
import { type AConsole, ownerToken, startConsole } from './a-console.ts'

let console: AConsole
let asker: ABrowser
let reader: ABrowser
let people = 0

beforeAll(async () => {
  console = await startConsole({ postgresUrl: inject('postgresUrl'), models: [{}, {}, {}, {}, {}, {}, {}] })
})

afterAll(() => console[Symbol.asyncDispose]())

beforeEach(async () => {
  people += 2
  asker = new ABrowser(console.url)
  reader = new ABrowser(console.url)
  await asker.join(`Asker ${people}`)
  await reader.join(`Reader ${people}`)
})

afterEach(async () => {
  asker.close()
  reader.close()
  await console.quiet()
})

describe('asking', () => {
  test('what does not begin with a slash is a prompt, kept as it was typed', async () => {
    const line = 'First line\n\n    indented <b>code</b>\n-- not an option: really'

    const { status, location } = await asker.post('/say', { line })

    expect(status).toBe(303)
    const id = location?.replace('/#c-', '') ?? ''
    expect((await console.arena.view(id, null)).ballot.prompt).toBe(line)
  })

  test('a command takes its options as typed', async () => {
    const id = await ask('/compare models: test/model-3, test/model-1 category: coding blind: no Why?')

    const { ballot } = await console.arena.view(id, null)
    expect(ballot.prompt).toBe('Why?')
    expect(ballot.category).toBe('coding')
    expect(ballot.entries.map(({ model }) => model?.id)).toEqual(['test/model-3', 'test/model-1'])
  })

  test('the form asks the same without typing a command', async () => {
    const form = (await asker.get('/compare')).text
    expect(form.match(/name="models"[^>]*checked/g)).toHaveLength(2)

    const models = 'test/model-1,test/model-2,test/model-3,test/model-4,test/model-5,test/model-6'
    const { location } = await asker.post('/compare', { prompt: 'Six?', models, category: 'writing', blind: 'yes' })

    const { ballot } = await console.arena.view(location?.replace('/#c-', '') ?? '', null)
    expect(ballot.entries).toHaveLength(6)
    expect([ballot.blind, ballot.category]).toEqual([true, 'writing'])
  })

  test.each([
    ['   ', 'There is no prompt'],
    ['/compare', 'There is no prompt'],
    ['/comapre hello', 'Did you mean /compare?'],
    ['/compare models: test/model-1 hello', 'One model alone cannot be compared'],
    ['/compare models: test/model-1, test/modl-2 hello', 'Did you mean “test/model-2”?'],
    ['/compare models: test/model-1, test/model-1 hello', 'is named twice'],
    ['/compare category: cooking hello', 'There is no category “cooking”'],
    [`/compare ${'x'.repeat(40_001)}`, '40,001 characters; 40,000 are possible'],
  ])('%j is answered by a sentence; nothing is created and the text stays', async (line, sentence) => {
    const before = await channel()

    const parts = await asker.send('/say', { line })
    const page = await asker.post('/say', { line })

    expect([parts.status, page.status]).toEqual([422, 422])
    expect(parts.text).toContain(sentence)
    expect(parts.headers.get('hx-trigger')).toBeNull()
    expect(page.text).toContain(sentence)
    expect(page.text).toContain(`>${line}</textarea>`)
    expect(await channel()).toEqual(before)
  })

  test('a form without models says so and keeps the rest', async () => {
    const { status, text } = await asker.post('/compare', { prompt: 'Kept', category: 'coding' })

    expect(status).toBe(422)
    expect(text).toContain('>Kept</textarea>')
    expect(text).toMatch(/value="coding" selected/)
  })

  test.each([
    ['/models', 'test/model-7'],
    ['/help', 'One vote each'],
  ])('%s is answered for this person only', async (line, content) => {
    const heard = await reader.listen('/events?since=')

    const { text } = await asker.send('/say', { line })

    expect(text).toContain('Only you can see this')
    expect(text).toContain(content)
    expect(heard.text).not.toContain(content)
    expect((await asker.post('/say', { line })).location).toBe(line)
  })
})

describe('voting', () => {
  test('a choice is cast, changed and taken back, and the count is for everybody', async () => {
    const id = await asked()
    const heard = await reader.listen(`/events?c=${id}`)

    const cast = await asker.send(`/c/${id}/vote`, { choice: 'A' })
    expect(cast.text).toContain('Your vote: Answer A')
    expect(pressed(cast.text)).toEqual(['Answer A'])
    await hear(heard, '1 person has voted')

    const changed = await asker.send(`/c/${id}/vote`, { choice: 'tie' })
    expect(pressed(changed.text)).toEqual(['Tie'])

    // The pressed button says what it will do.
    expect(changed.text).toMatch(/value="none" aria-pressed="true"/)
    const back = await asker.send(`/c/${id}/vote`, { choice: 'none' })
    expect(pressed(back.text)).toEqual([])
    expect(back.text).toContain('Your vote is taken back')
    await hear(heard, 'Nobody has voted yet')
  })

  test('everybody sees their own vote and nobody else’s', async () => {
    const id = await asked()
    await asker.send(`/c/${id}/vote`, { choice: 'A' })

    const heard = await reader.listen(`/events?c=${id}`)
    await reader.send(`/c/${id}/vote`, { choice: 'B' })
    await hear(heard, '2 people have voted')

    expect(pressed((await asker.get(`/c/${id}`)).text)).toEqual(['Answer A'])
    expect(pressed((await reader.get(`/c/${id}`)).text)).toEqual(['Answer B'])
    expect(pressed((await new ABrowser(console.url).get(`/c/${id}`)).text)).toEqual([])
    expect(heard.text).not.toMatch(/aria-pressed="true"><[^>]*>[^<]*<\/span> Answer A/)
  })

  test('a second page of the same person follows', async () => {
    const id = await asked()
    const heard = await asker.listen(`/events?c=${id}`)

    await asker.send(`/c/${id}/vote`, { choice: 'both_bad' })

    await hear(heard, 'value="none" aria-pressed="true"')
  })

  test('works without script', async () => {
    const id = await asked()

    const { status, location } = await asker.post(`/c/${id}/vote`, { choice: 'B' })

    expect([status, location]).toEqual([303, `/c/${id}`])
    expect(pressed((await asker.get(`/c/${id}`)).text)).toEqual(['Answer B'])
  })

  test.each(['E', 'x', '', '../A'])('%j cannot be chosen', async choice => {
    const id = await asked()

    const { status, text } = await asker.send(`/c/${id}/vote`, { choice })

    expect(status).toBe(409)
    expect(text).toContain('cannot be voted for')
  })

  test('whoever has no name is asked for it in place and then has voted', async () => {
    const id = await asked()
    const stranger = new ABrowser(console.url)

    const dialog = await stranger.send(`/c/${id}/vote`, { choice: 'A' })
    expect(dialog.text).toContain('hx-target="#dialog"')
    expect(dialog.text).toContain(`action="/c/${id}/vote"`)
    await stranger.post(`/c/${id}/vote`, { choice: 'A', name: `Stranger ${people}` })

    expect(pressed((await stranger.get(`/c/${id}`)).text)).toEqual(['Answer A'])
  })
})

describe('stopping and revealing', () => {
  test('is offered to the asker, and refused to others', async () => {
    const id = await asked()

    expect((await asker.get(`/c/${id}`)).text).toContain(`action="/c/${id}/reveal"`)
    expect((await reader.get(`/c/${id}`)).text).not.toContain(`action="/c/${id}/reveal"`)
    const refused = await reader.send(`/c/${id}/reveal`, {})
    expect(refused.status).toBe(403)
    expect(refused.text).toContain('Only the person who asked')
    expect((await console.arena.view(id, null)).ballot.phase).toBe('open')
  })

  test('the reveal shows names, votes, cost, tokens and times to everybody', async () => {
    const id = await asked()
    await reader.send(`/c/${id}/vote`, { choice: 'B' })
    const heard = await reader.listen(`/events?c=${id}`)

    await asker.send(`/c/${id}/reveal`, {})

    await hear(heard, 'Model 2 wins')
    for (const shown of ['Model 1', '1 vote', '$0.0035', '12 in, 345 out', 'class="answer is-done won"']) {
      expect(heard.text).toContain(shown)
    }
    expect((await reader.send(`/c/${id}/vote`, { choice: 'A' })).status).toBe(409)
  })

  test('an admin may end what others asked', async () => {
    const id = await asked()
    await reader.post(`/owner/${ownerToken}`, {})

    const { status } = await reader.send(`/c/${id}/reveal`, {})

    expect(status).toBe(200)
  })

  test('stopping keeps what is written and lets people vote on it', async () => {
    const id = await ask('Stop me')
    const heard = await asker.listen(`/events?c=${id}`)
    console.models.write(0, 'Half of A')
    console.models.write(1, 'Half of B')
    await hear(heard, 'Half of A')
    await hear(heard, 'Half of B')

    await asker.send(`/c/${id}/stop`, {})

    await hear(heard, 'Stopped')
    const { text } = await asker.get(`/c/${id}`)
    expect(text).toContain('Half of A')
    await expect.poll(async () => (await console.arena.view(id, null)).ballot.choices).toContain('tie')
  })
})

describe('a page that is open', () => {
  test('gets a new comparison, each part as it changes, and one announcement per answer', async () => {
    const heard = await reader.listen('/events?since=')
    const id = await ask('Watch this')
    await hear(heard, `hx-target="#feed" hx-swap="beforeend"><article class="comparison" id="c-${id}"`)

    console.models.write(0, 'Some **text**')
    await hear(heard, 'Some <strong>text</strong>')
    await finish(id)

    await hear(heard, '<p>Answer A: Complete</p>')
    await hear(heard, '<p>Answer B: Complete</p>')
    expect(heard.text.split('<p>Answer A: Complete</p>')).toHaveLength(2)
    expect(heard.text.split(`<article class="comparison" id="c-${id}"`)).toHaveLength(2)
  })

  test('does not get again what has not changed', async () => {
    const id = await ask('Once is enough')
    console.models.write(1, 'B is here')
    console.models.end(1)
    const heard = await reader.listen(`/events?c=${id}`)
    await hear(heard, 'Complete')

    console.models.write(0, 'first ')
    await hear(heard, '<p>first</p>')
    console.models.write(0, 'second')
    await hear(heard, '<p>first second</p>')
    console.models.end(0)
    await hear(heard, 'Answer A: Complete')

    const completeB = heard.text.split('<p>B is here</p>').slice(1)
    expect(completeB.length).toBeLessThanOrEqual(2)
    expect(heard.text.split('<p>Answer B: Complete</p>').length).toBeLessThanOrEqual(2)
  })

  test('is brought up to date when it comes back after news it has missed', async () => {
    const seen = await asked()
    const missed = await asked()

    const heard = await reader.listen(`/events?since=${seen}`, { 'last-event-id': seen })

    await hear(heard, `<article class="comparison" id="c-${missed}"`)
    await hear(heard, `hx-target="#s-${seen}"`)
    expect(heard.text).not.toContain(`<article class="comparison" id="c-${seen}"`)
  })

  test('of one comparison hears of no other', async () => {
    const one = await asked()
    const heard = await reader.listen(`/events?c=${one}`)
    await hear(heard, one)

    const other = await asked()
    await asker.send(`/c/${one}/vote`, { choice: 'A' })
    await hear(heard, '1 person has voted')

    expect(heard.text).not.toContain(other)
  })

  test('hears why an answer waits, and when it is tried again', async () => {
    const id = await ask('Busy')
    const heard = await reader.listen(`/events?c=${id}`)

    console.models.fail(0, 'provider_busy')

    await hear(heard, 'The provider is busy. Next try shortly.')
    await asker.send(`/c/${id}/stop`, {})
  })

  test('reads in its own language', async () => {
    const id = await asked()
    const german = new ABrowser(console.url, 'de')

    const heard = await german.listen(`/events?c=${id}`)

    await hear(heard, 'Noch niemand hat abgestimmt')
    german.close()
  })

  test('ends when the console closes', async () => {
    const closing = await startConsole({ postgresUrl: inject('postgresUrl') })
    const heard = await new ABrowser(closing.url).listen('/events?since=')

    await closing[Symbol.asyncDispose]()

    await heard.ended
    expect(heard.status).toBe(200)
  })

  test('ends at once when it comes back while the console closes', async () => {
    await using closing = await startConsole({ postgresUrl: inject('postgresUrl') })
    await closing.closePages()

    const heard = await new ABrowser(closing.url).listen('/events?since=')

    await heard.ended
    expect(heard.status).toBe(200)
  })
})

test('a page of another process shows what is written and voted here', async () => {
  await using database = await createDatabase(inject('postgresUrl'))
  const options = { postgresUrl: inject('postgresUrl'), databaseUrl: database.url }
  await using here = await startConsole(options)
  await using there = await startConsole(options)
  const [writer, watcher] = [new ABrowser(here.url), new ABrowser(there.url)]
  await writer.join('Writer')
  const heard = await watcher.listen('/events?since=')
  const { location } = await writer.post('/say', { line: 'Seen from afar' })
  const id = location?.replace('/#c-', '') ?? ''

  await hear(heard, 'Seen from afar')
  here.models.write(0, 'A word, ')
  await hear(heard, '<p>A word,')
  here.models.write(0, 'and another.')
  await hear(heard, '<p>A word, and another.</p>')
  here.models.end(0)
  await hear(heard, 'Answer A: Complete')
  await writer.send(`/c/${id}/vote`, { choice: 'A' })
  await hear(heard, '1 person has voted')
})

test('what other platforms ask is neither shown nor voted on here', async () => {
  const elsewhere = await console.store.people.workspace('discord', 'a guild')
  const member = await console.store.people.person(elsewhere, 'member', { name: 'Member' })
  const id = '01a20000-0000-7000-8000-000000000001'
  const createdAt = new Date()
  await console.store.comparisons.create({
    id,
    workspaceId: elsewhere,
    channel: 'arena',
    askerId: member.id,
    prompt: 'Between us',
    category: null,
    blind: true,
    locale: 'en',
    createdAt,
    closesAt: new Date(createdAt.getTime() + 60_000),
    contestants: [
      { label: 'A', model: 'test/model-1' },
      { label: 'B', model: 'test/model-2' },
    ],
  })

  for (const path of [`/c/${id}`, `/events?c=${id}`]) expect((await reader.get(path)).status).toBe(404)
  for (const step of ['vote', 'stop', 'reveal']) {
    expect((await reader.send(`/c/${id}/${step}`, { choice: 'A' })).status).toBe(404)
  }
  expect((await reader.get('/')).text).not.toContain('Between us')
})

test('the channel shows the newest ten and leads to earlier ones', async () => {
  for (let index = 0; index < 11; index++) await ask(`Prompt number ${index}`)

  const newest = (await reader.get('/')).text
  const [, before = ''] = /href="\/\?before=([^"]+)"/.exec(newest) ?? []
  const earlier = await reader.get(`/?before=${before}`, { 'hx-request': 'true' })

  expect(newest.match(/<article/g)).toHaveLength(10)
  expect(newest.indexOf('Prompt number 9')).toBeLessThan(newest.indexOf('Prompt number 10'))
  expect(newest).not.toContain('Prompt number 0<')
  expect(earlier.text).toContain('Prompt number 0<')
  expect(earlier.text).not.toContain('<html')
})

async function ask(line: string): Promise<string> {
  const { location, text } = await asker.post('/say', { line })
  if (location === null) throw new Error(text)
  return location.replace('/#c-', '')
}

/** A comparison that people can vote on. */
async function asked(): Promise<string> {
  const id = await ask('Which one?')
  await finish(id)
  return id
}

async function finish(id: string): Promise<void> {
  for (const place of [0, 1]) {
    console.models.write(place, 'The end.')
    console.models.end(place)
  }
  await expect.poll(async () => (await console.arena.view(id, null)).ballot.phase, { timeout: 10_000 }).toBe('open')
}

async function channel(): Promise<string[]> {
  const where = { workspaceId: console.workspaceId, channel: 'arena', limit: 100 }
  return (await console.arena.recent(where, null)).map(({ ballot }) => ballot.comparisonId)
}

async function hear(heard: Heard, words: string): Promise<void> {
  await expect.poll(() => heard.text, { timeout: 10_000 }).toContain(words)
}

function pressed(html: string): string[] {
  return [...html.matchAll(/aria-pressed="true"><span[^>]*>[^<]*<\/span> ([^<]*)</g)].map(([, name = '']) => name)
}
