import { request } from 'node:http'
import { DOMParser } from 'linkedom'
import { v7 as newId } from 'uuid'
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest'
import { answered, hold, newTeam, type Team } from '../contract/ballots.ts'
import { ABrowser } from './a-browser.ts'
import { type AConsole, ownerToken, startConsole } from './a-console.ts'
import { gone, one, two } from './votes-cast.ts'

const hostile = '<img src=x onerror=alert(1)> & "quotes"'

/** As `Intl` writes it, with thin spaces. */
const week48 = 'Week 48, Nov 23\u2009–\u200929, 2026'

/** Wednesday of week 48. */
const wednesday = new Date('2026-11-25T12:00:00.000Z')
const tuesday = new Date('2026-11-24T12:00:00.000Z')

let now = wednesday
let console: AConsole
let team: Team
let visitor: ABrowser
let admin: ABrowser
/** Of week 48: the posted summary, and an open ballot with votes. */
let posted: string
let late: string
/** Of a Discord server. */
let foreign: string

beforeAll(async () => {
  console = await startConsole({ postgresUrl: inject('postgresUrl'), now: () => now })
  visitor = new ABrowser(console.url)
  admin = await adminOf(console)
  team = await newTeam(console.store, 3, console)
  await console.store.people.rename(team.people[0]?.id ?? '', 'Ada <b>&\u0001')
  await castVotes(team, 'arena')
  const open = { models: [one, gone], channel: 'arena', prompt: 'Still open?', end: 'open', at: tuesday } as const
  late = await hold(team, { ...open, votes: [0, 1].map(by => ({ by, choice: 'B' })) })
  posted = (await post()).id
  foreign = await postElsewhere()
})

afterAll(() => console[Symbol.asyncDispose]())

describe('the list', () => {
  test('has what was posted, with its headline and the way to its page', async () => {
    const { status, text } = await visitor.get('/summaries')

    expect(status).toBe(200)
    expect(text).toContain(`<a href="/summaries/${posted}">${week48}</a>`)
    expect(text).toMatch(/Quillfish One (led|beat) Marblewren Two 5 to 1 this week/)
    expect(text).toContain('Every Monday at 09:00 (Europe/Berlin). Next: Mon, Dec 7, 9:00 AM.')
    expect(text).toMatch(/aria-current="page">Weekly summaries</)
  })

  test('has those of other workspaces for admins only, marked with their platform', async () => {
    expect((await visitor.get('/summaries')).text).not.toContain(foreign)

    const { text } = await admin.get('/summaries')

    expect(text).toContain('Of other workspaces')
    expect(text).toMatch(new RegExp(`href="/summaries/${foreign}">[^<]+</a> <span class="chip">From Discord</span>`))
  })

  test('says that there is none yet', async () => {
    await using empty = await startConsole({ postgresUrl: inject('postgresUrl') })

    expect((await new ABrowser(empty.url).get('/summaries')).text).toContain('There is no summary yet.')
    expect((await new ABrowser(empty.url, 'de').get('/summaries')).text).toContain('Es gibt noch keine Zusammenfassung')
  })
})

describe('the page of a week', () => {
  test('says what the post said, in sentences and real tables', async () => {
    const { status, text } = await visitor.get(`/summaries/${posted}`)

    expect(status).toBe(200)
    expect(text).toContain(`<h1>${week48}</h1>`)
    expect(text).toMatch(/class="verdict">Quillfish One (led|beat) Marblewren Two 5 to 1 this week/)
    expect(text).toContain('5 comparisons, 9 votes by 3 people.')
    expect(text).toContain('Of all votes so far:')
    expect(text).toContain('What the post said, with ballots closed until Wed, Nov 25, 1:00 PM.')
    expect(captions(text)).toEqual(['This week, by model', 'Ratings, with the change in a week', 'By category'])
    expect(cellsOf(text, 'Quillfish One')).toMatchObject({ Votes: '6', Won: '5', Tied: '0', 'All bad': '0' })
    expect(cellsOf(text, 'Marblewren Two')).toMatchObject({ Votes: '9', Won: '3', Tied: '0', 'All bad': '0' })
    expect(cellsOf(text, 'Quillfish One')).toMatchObject({
      Failed: '1 (33\u00a0%)',
      Refused: '0',
      'Per win': '$0.00014',
    })
    expect(text).not.toMatch(/style="|<script(?! src)|<img src=x/)
  })

  test('draws the ratings, with a text alternative', async () => {
    const { text } = await visitor.get(`/summaries/${posted}`)

    const files = [...text.matchAll(/(?:srcset|src|href)="(\/summaries\/[^"]+\/chart\.[^"]+)"/g)].map(
      ([, file]) => file,
    )
    expect(files).toHaveLength(6)
    expect(text).toMatch(/alt="Ratings with 95 % intervals: [^"]*Quillfish One: \d+ \(\d+ to \d+\)/)
    for (const file of files) {
      const { status, headers } = await visitor.get(file?.replaceAll('&amp;', '&') ?? '')
      expect([status, headers.get('content-type')]).toEqual([200, expect.stringMatching(/^image\/(svg\+xml|png)/)])
    }
  })

  test('has the prompts of the week, and the ballots that were open, with links', async () => {
    const { text } = await visitor.get(`/summaries/${posted}`)

    expect(text).toContain('&lt;img src=x onerror=alert(1)&gt; &amp; &quot;quotes&quot;</a>')
    expect(text).toContain('Quillfish One 3, Marblewren Two 0')
    expect(text).toContain('1 ballot was open at that moment.')
    expect(text).toMatch(new RegExp(`<a href="/c/${late}" dir="auto">Still open\\?</a> <span class="chip">Vote!`))
    for (const [, id = ''] of text.matchAll(/href="\/c\/([^"]+)"/g)) {
      expect((await visitor.get(`/c/${id}`)).status).toBe(200)
    }
  })

  test('says that no vote came late, until one does; then shows the week with it', async () => {
    const before = await visitor.get(`/summaries/${posted}`)
    expect(before.text).toContain('No vote came late: the numbers are those of the post.')
    expect(before.text).not.toContain('id="now"')

    await console.store.comparisons.close(late, 'revealed', new Date('2026-11-26T12:00:00.000Z'))
    now = new Date('2026-11-27T12:00:00.000Z')
    onTestFinished(() => {
      now = wednesday
    })
    const { text } = await visitor.get(`/summaries/${posted}`)

    expect(text).toContain('<a href="#now">More votes came late; below is the week with them.</a>')
    const [asPosted = '', withLate = ''] = text.split('<section id="now">')
    expect(cellsOf(asPosted, 'Quillfish One')).toMatchObject({ Votes: '6', Won: '5' })
    expect(asPosted).toContain('5 comparisons, 9 votes by 3 people.')
    expect(cellsOf(withLate, 'Quillfish One')).toMatchObject({ Votes: '8', Won: '5' })
    expect(withLate).toContain('5 comparisons, 11 votes by 3 people.')
  })

  test('names the weeks before it that nobody could post', async () => {
    const week = { id: '2026-W47', start: day(16), end: day(23), timeZone: 'UTC' }
    const row = { id: newId(), workspaceId: console.workspaceId, week, locale: 'en', asOf: day(23), channel: 'arena' }
    await console.store.summaries.open({ ...row, locale: 'en', status: 'missed', numbers: null }, false)

    expect((await visitor.get(`/summaries/${posted}`)).text).toContain('There was no summary for 47/2026')
    expect((await visitor.get(`/summaries/${row.id}`)).status).toBe(404)
    expect((await visitor.get('/summaries')).text).not.toContain(row.id)
  })

  test('of another workspace is there for whoever has the address, without links into this one', async () => {
    const { status, text } = await visitor.get(`/summaries/${foreign}`)

    expect(status).toBe(200)
    expect(text).toContain('<span class="chip">From Discord</span>')
    expect(text).toContain('&lt;img src=x onerror=alert(1)&gt;')
    expect(text).not.toMatch(/href="\/c\/|Leaderboard of today/)
    expect((await visitor.get(`/summaries/${foreign}/chart.svg`)).status).toBe(200)
  })

  test('is in the language of whoever looks', async () => {
    const { text } = await new ABrowser(console.url, 'de').get(`/summaries/${posted}`)

    expect(text).toContain('<h1>Woche 48, 23.–29.11.2026</h1>')
    expect(captions(text)).toContain('Diese Woche, nach Modell')
    expect(text).toMatch(/chart\.svg\?lang=de/)
  })

  test.each([
    '/summaries/nonsense',
    '/summaries/00000000-0000-7000-8000-000000000000',
    '/summaries/00000000-0000-7000-8000-000000000000/chart.svg',
    '/summaries/nonsense/chart.png',
  ])('%s is not found', async path => {
    expect((await visitor.get(path)).status).toBe(404)
  })
})

test('the chart of a week comes in every look, with its headline for whoever takes it away', async () => {
  const svg = await visitor.get(`/summaries/${posted}/chart.svg?theme=dark&width=narrow&lang=de`)
  const bare = await visitor.get(`/summaries/${posted}/chart.svg?bare=yes`)
  const png = await visitor.get(`/summaries/${posted}/chart.png`)

  expect(svg.text).toMatch(/^<svg [^>]*width="360"/)
  expect(svg.text).toContain('>Woche 48, 23.–29.11.2026<')
  expect(bare.text).not.toContain(`>${week48}<`)
  expect(png.headers.get('content-type')).toBe('image/png')
  expect(png.text.slice(1, 4)).toBe('PNG')
  expect((await visitor.get(`/summaries/${posted}/chart.gif`)).status).toBe(404)
})

describe('the feed', () => {
  const feedOn = (page: string) => /href="(\/feeds\/[^"]+)"/.exec(page)?.[1] ?? ''

  test('is Atom, with an entry for every week, escaped', async () => {
    const path = feedOn((await visitor.get('/summaries')).text)
    const { status, text, headers } = await visitor.get(path)

    expect(status).toBe(200)
    expect(headers.get('content-type')).toBe('application/atom+xml; charset=utf-8')
    expect(headers.get('cache-control')).toBe('private, max-age=300')
    expect(text).toMatch(/^<\?xml version="1\.0" encoding="utf-8"\?>\n<feed xmlns="http:\/\/www\.w3\.org\/2005\/Atom"/)
    expect(text).toContain('Most active: Ada &lt;b&gt;&amp; (')
    expect([...text].filter(character => character < ' ' && character !== '\n')).toEqual([])
    const feed = new DOMParser().parseFromString(text, 'text/xml')
    const said = (selector: string) => feed.querySelector(selector)?.textContent
    expect(said('feed > title')).toBe('Faceoff: Weekly summaries')
    expect(said('feed > id')).toBe(`urn:uuid:${console.workspaceId}`)
    expect(said('feed > updated')).toBe('2026-11-25T12:00:00.000Z')
    expect(said('feed > author > name')).toBe('Faceoff')
    expect(said('entry > id')).toBe(`urn:uuid:${posted}`)
    expect(said('entry > title')).toBe(week48)
    expect(said('entry > updated')).toBe('2026-11-25T12:00:00.000Z')
    expect(said('entry > summary')).toMatch(
      /^Quillfish One .* 5 comparisons, 9 votes by 3 people\. Most active: Ada <b>&/,
    )
    expect(feed.querySelector('entry > link')?.getAttribute('href')).toBe(`${console.url}/summaries/${posted}`)
    expect(feed.querySelector('feed > link[rel=self]')?.getAttribute('href')).toBe(`${console.url}${path}`)
  })

  test('of another workspace is linked from its summaries, in its own language', async () => {
    const path = feedOn((await visitor.get(`/summaries/${foreign}`)).text)
    const { text } = await visitor.get(path)

    expect(path).not.toBe(feedOn((await visitor.get('/summaries')).text))
    expect(text).toContain('<title>Woche 48, 23.–29.11.2026</title>')
    expect(text).toContain('xml:lang="de"')
    expect(text).not.toContain(posted)
  })

  test('opens to its address alone, without the password, and by the public name', async () => {
    const options = {
      postgresUrl: inject('postgresUrl'),
      password: 'a long password',
      publicUrl: 'https://faceoff.example',
    }
    await using locked = await startConsole({ ...options, now: () => now })
    await castVotes(await newTeam(locked.store, 3, locked), 'arena')
    const reader = new ABrowser(locked.url)
    await reader.post('/password', { password: 'a long password' })
    const path = feedOn((await reader.get('/summaries')).text)
    const stranger = new ABrowser(locked.url)

    expect((await stranger.get('/summaries')).status).toBe(401)
    const none = await stranger.get(path)
    expect(none.status).toBe(200)
    expect(none.text).not.toContain('<entry')
    const { id } = await locked.arena.summaries.post(locked.workspaceId, await adminIn(locked))
    expect((await stranger.get(path)).text).toContain(`href="https://faceoff.example/summaries/${id}"`)
    expect((await stranger.get(path)).text).toContain(`href="https://faceoff.example${path}"`)
    const chosen = path.slice(0, -'.atom'.length)
    for (const wrong of [
      `${chosen.slice(0, -1)}_.atom`,
      `${chosen}`,
      `${chosen}=.atom`,
      `/feeds/${locked.workspaceId}/.atom`,
      path.replace(locked.workspaceId, newId()),
      '/feeds/x.atom',
    ]) {
      const { status, text } = await stranger.get(wrong)
      expect([wrong, status]).toEqual([wrong, 404])
      expect(text).toBe('There is no such feed.')
    }
  })

  test('is not given out under a name that is not ours', async () => {
    const path = feedOn((await visitor.get('/summaries')).text)
    const asked = Promise.withResolvers<number | undefined>()
    request(console.url + path, { headers: { host: 'evil.example' } }, ({ statusCode }) =>
      asked.resolve(statusCode),
    ).end()

    expect(await asked.promise).toBe(421)
  })
})

describe('the settings', () => {
  const typed = { day: '5', time: '16:30', timeZone: 'America/New_York', locale: 'de', quietWeeks: 'skip' }

  test('are a form for admins, and for nobody else', async () => {
    expect((await visitor.get('/summaries')).text).not.toContain('<form class="form"')

    const { text } = await admin.get('/summaries')

    expect(text).toContain(
      '<option value="never">Never: no summaries</option><option value="1" selected>Monday</option>',
    )
    expect(text).toContain('<input type="time" name="time" value="09:00" required>')
    expect(text).toContain('<option value="America/New_York"></option>')
    expect(text).not.toContain('name="channel"')
  })

  test('are changed by an admin, who learns when the next one comes', async () => {
    const { status, location } = await admin.post('/summaries/settings', typed)

    expect([status, location]).toEqual([303, '/summaries?saved#settings'])
    const { text } = await admin.get('/summaries?saved')
    expect(text).toContain('role="status">Saved. Next: Fri, Dec 4, 4:30 PM.</p>')
    expect(text).toContain('<option value="5" selected>Friday</option>')
    expect((await console.arena.summaries.setup(console.workspaceId)).settings).toEqual({
      enabled: true,
      channel: null,
      weekday: 5,
      minuteOfDay: 990,
      timeZone: 'America/New_York',
      locale: 'de',
      quietWeeks: 'skip',
    })
  })

  test('can be: never', async () => {
    await admin.post('/summaries/settings', { ...typed, day: 'never' })

    expect((await admin.get('/summaries?saved')).text).toContain('role="status">Saved.</p>')
    expect((await admin.get('/summaries')).text).toContain('<option value="never" selected>')
    await admin.post('/summaries/settings', typed)
  })

  test.each([
    { field: 'time', value: 'noon <i>', sentence: /noon &lt;i&gt;/ },
    { field: 'timeZone', value: 'Atlantis/<i>', sentence: /Atlantis\/&lt;i&gt;/ },
  ])('keep what was typed when the $field is wrong, and say so beside it', async ({ field, value, sentence }) => {
    const { status, text } = await admin.post('/summaries/settings', { ...typed, day: '3', [field]: value })

    expect(status).toBe(422)
    expect(/<p class="problem" role="alert">([^<]+)</.exec(text)?.[1]).toMatch(sentence)
    expect(text).toContain('<option value="3" selected>Wednesday</option>')
    expect(text).toContain(`name="${field}" value="${value.replace('<i>', '&lt;i&gt;')}"`)
    expect((await console.arena.summaries.setup(console.workspaceId)).settings.weekday).toBe(5)
  })

  test('are refused to everybody else', async () => {
    const ben = new ABrowser(console.url)
    await ben.join('Ben')

    const { status, text } = await ben.post('/summaries/settings', { ...typed, day: '2' })

    expect(status).toBe(403)
    expect(text).toMatch(/<p class="problem" role="alert">[^<]*admin/)
    expect(text).toContain('<option value="2" selected>Tuesday</option>')
    expect((await ben.post('/summaries/post', {})).status).toBe(403)
    expect((await console.arena.summaries.setup(console.workspaceId)).settings.weekday).toBe(5)
  })

  test('ask for a name first, and go on', async () => {
    const { text } = await new ABrowser(console.url).post('/summaries/settings', typed)

    expect(text).toMatch(/<form class="form" method="post" action="\/summaries\/settings">\s*<h1>Choose a name/)
  })
})

describe('posting now', () => {
  test('posts the week so far, once', async () => {
    await using fresh = await startConsole({ postgresUrl: inject('postgresUrl'), now: () => now })
    const eve = await adminOf(fresh)

    const nothing = await eve.post('/summaries/post', {})
    expect(nothing.status).toBe(422)
    expect(nothing.text).toContain('Nothing was compared here')
    await castVotes(await newTeam(fresh.store, 3, fresh), 'arena')

    const first = await eve.post('/summaries/post', {})
    const second = await eve.post('/summaries/post', {})

    expect(first.location).toMatch(/^\/summaries\/[0-9a-f-]{36}\?outcome=posted$/)
    expect(second.location).toBe(first.location?.replace('posted', 'already'))
    expect((await eve.get(first.location ?? '')).text).toContain(`Posted in #arena: ${week48}.`)
    expect((await eve.get(second.location ?? '')).text).toContain('was posted in #arena already; there is one a week.')
    expect(await fresh.store.summaries.list({ limit: 5 })).toHaveLength(1)
  })
})

describe('in the channel', () => {
  test('/summary shows the week so far to the one who asks', async () => {
    const cleo = new ABrowser(console.url)
    await cleo.join('Cleo')

    const { text } = await cleo.send('/say', { line: '/summary' })

    expect(text).toContain(`So far this week: ${week48}`)
    expect(text).toMatch(/Quillfish One (led|beat) Marblewren Two 5 to 1 this week/)
    expect(cellsOf(text, 'Quillfish One')).toEqual({ Votes: '6', Won: '5', Tied: '0', 'All bad': '0' })
    expect(text).toContain('src="/summaries/so-far/chart.svg?lang=en')
    expect(text).toContain('Coding: Quillfish One 3')
    expect((await cleo.get('/summaries/so-far/chart.svg')).status).toBe(200)
    expect((await cleo.post('/say', { line: '/summary' })).location).toBe('/summaries/so-far')
    const page = await cleo.get('/summaries/so-far')
    expect(page.text).toContain(`<h1>So far this week: ${week48}</h1>`)
    expect(page.text).toContain('1 ballot is still open.')
  })

  test('/summary post posts once, and links to the page; only admins may', async () => {
    const dora = new ABrowser(console.url)
    await dora.join('Dora')

    const already = await admin.send('/say', { line: '/summary post' })

    expect(already.text).toContain(`${week48} was posted in #arena already; there is one a week.`)
    expect(already.text).toContain(`href="/summaries/${posted}"`)
    expect((await admin.post('/say', { line: '/summary post' })).location).toBe(`/summaries/${posted}?outcome=already`)
    const refused = await dora.send('/say', { line: '/summary post' })
    expect([refused.status, refused.text]).toEqual([422, expect.stringContaining('admin')])
  })

  test('/summary settings says how it is set, and admins where to change it', async () => {
    const emil = new ABrowser(console.url, 'de')
    await emil.join('Emil')

    const forAdmin = await admin.send('/say', { line: '/summary settings' })
    const forEmil = await emil.send('/say', { line: '/summary einstellungen' })

    expect(forAdmin.text).toContain('<dd>Every Friday at 16:30 (America/New_York)</dd>')
    expect(forAdmin.text).toContain('href="/summaries#settings"')
    expect(forAdmin.text).not.toContain('#arena')
    expect(forEmil.text).toContain('<dd>Jeden Freitag um 16:30 (America/New_York)</dd>')
    expect(forEmil.text).toContain('Ein Admin kann das ändern.')
  })
})

/** Week 47 has one ballot; week 48 has three, of which one divides people and one is clear. */
async function castVotes(of: Team, channel: string): Promise<void> {
  const at = tuesday
  const votes = (...choices: ('A' | 'B')[]) => choices.map((choice, by) => ({ by, choice }))
  const failed = { ...answered, status: 'failed', failure: 'provider_down', costMicros: null, currency: null } as const
  await hold(of, { models: [one, two], channel, at: day(17), votes: votes('B', 'A', 'B') })
  await hold(of, { models: [one, two], channel, at, category: 'coding', prompt: hostile, votes: votes('A', 'A', 'A') })
  await hold(of, { models: [one, two], channel, at, category: 'writing', prompt: 'Tea?', votes: votes('A', 'B', 'A') })
  await hold(of, { models: [two, gone], channel, at, prompt: 'Coffee?', askedBy: 1, votes: votes('A', 'B', 'A') })
  await hold(of, { models: [one, two, gone], channel, at, prompt: 'Milk?', askedBy: 1, answers: { A: failed } })
}

function day(ofNovember: number): Date {
  return new Date(Date.UTC(2026, 10, ofNovember))
}

async function post() {
  return console.arena.summaries.post(console.workspaceId, await adminIn(console))
}

async function adminIn({ store, workspaceId }: AConsole) {
  return { ...(await store.people.person(workspaceId, 'the-admin', { name: 'The Admin' })), admin: true }
}

/** A summary that was posted on Discord, in German. */
async function postElsewhere(): Promise<string> {
  const there = await newTeam(console.store, 3)
  await castVotes(there, 'general')
  const { workspaceId } = there
  const { week, asOf, numbers } = await console.arena.summaries.soFar(workspaceId, 'general')
  const row = {
    id: newId(),
    workspaceId,
    week,
    asOf,
    numbers,
    channel: 'general',
    locale: 'de',
    status: 'due',
  } as const
  await console.store.summaries.open(row, false)
  await console.store.summaries.settle(row.id, 'posted')
  return row.id
}

async function adminOf({ url }: AConsole): Promise<ABrowser> {
  const browser = new ABrowser(url)
  await browser.post(`/owner/${ownerToken}`, { name: 'Olga' })
  return browser
}

function captions(page: string): (string | undefined)[] {
  return [...page.matchAll(/<caption[^>]*>([^<]+)</g)].map(([, caption]) => caption)
}

/** A model's first row on a page, by its labels. */
function cellsOf(page: string, model: string): Record<string, string> {
  const row = new RegExp(`<tr><th scope="row">${model}</th>(.*?)</tr>`, 's').exec(page)?.[1] ?? ''
  const cells = row.matchAll(/data-label="([^"]+)"[^>]*>([^<]*)</g)
  return Object.fromEntries([...cells].map(([, label, value]) => [label ?? '', value ?? '']))
}
