import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { hold, newTeam } from '../contract/ballots.ts'
import { ABrowser } from './a-browser.ts'
import { type AConsole, startConsole } from './a-console.ts'
import { castVotes, gone, one } from './votes-cast.ts'

let console: AConsole
let empty: AConsole
let browser: ABrowser
let ids: string[]
beforeAll(async () => {
  console = await startConsole({ postgresUrl: inject('postgresUrl') })
  empty = await startConsole({ postgresUrl: inject('postgresUrl') })
  browser = new ABrowser(console.url)
  ids = await castVotes(console)
})
afterAll(() => Promise.all([console[Symbol.asyncDispose](), empty[Symbol.asyncDispose]()]))

const rows = (page: string) => [...page.matchAll(/<tr><td data-label="Rank"[\s\S]*?<\/tr>/g)].map(([row]) => row)

describe('the leaderboard', () => {
  test('shows every model in a real table, with a sentence and what it rests on', async () => {
    const { status, text } = await browser.get('/leaderboard')

    expect(status).toBe(200)
    expect(rows(text)).toHaveLength(3)
    expect(rows(text).join()).toContain('Quillfish One')
    expect(rows(text).join()).toContain(gone)
    expect(text).toContain('21 votes by 3 people on 7 comparisons')
    expect(text).toMatch(/class="verdict">[^<]+ is better than [^<]+ with \d+ % probability/)
    expect(text).toContain('* provisional')
    expect(text).not.toMatch(/style="|<script(?! src)/)
  })

  test('is sorted by what the address says, either way', async () => {
    const order = async (sort: string) => {
      const { text } = await browser.get(`/leaderboard?sort=${sort}`)
      return rows(text).map(row => /<th scope="row">([^<]+?)\s*</.exec(row)?.[1])
    }

    const byName = await order('name')

    expect(byName).toEqual(byName.toSorted())
    expect(await order('-name')).toEqual(byName.toReversed())
    expect(await order('nonsense')).toEqual(await order('rank'))
    const { text } = await browser.get('/leaderboard?sort=name&category=coding')
    expect(text).toContain('aria-sort="ascending"><a href="/leaderboard?sort=-name&amp;category=coding">Model')
  })

  test('counts the category and the period of the address, and takes nonsense for all', async () => {
    const basis = async (query: string) =>
      /\d+ votes? by \d+ \w+ on \d+ comparisons?/.exec((await browser.get(`/leaderboard${query}`)).text)?.[0]

    expect(await basis('?category=coding')).toBe('9 votes by 3 people on 3 comparisons')
    expect(await basis('?category=poetry&mode=magic&period=ever')).toBe('21 votes by 3 people on 7 comparisons')
  })

  test('sets any two models against each other', async () => {
    const { text } = await browser.get(`/leaderboard?a=${one}&b=${gone}`)

    expect(text).toMatch(/On ballots that held both: \d+ votes? for/)
    expect((await browser.get(`/leaderboard?a=${one}&b=${one}`)).text).toContain('These two cannot be compared')
  })

  test('says what no votes mean, and draws nothing', async () => {
    const nobody = new ABrowser(empty.url, 'de')

    for (const mode of ['team', 'arena', 'style']) {
      const { status, text } = await nobody.get(`/leaderboard?mode=${mode}`)
      expect(status).toBe(200)
      expect(text).toContain('Noch gibt es keine Stimmen, also nichts zu werten.')
      expect(text).not.toContain('<figure')
    }
    expect((await nobody.get('/leaderboard/intervals.svg')).status).toBe(404)
  })
})

describe('downloads', () => {
  test('as CSV have a row for each model, and no formula', async () => {
    const { text, headers } = await browser.get('/leaderboard.csv?category=coding')

    expect(headers.get('content-type')).toContain('text/csv')
    expect(headers.get('content-disposition')).toMatch(/filename="leaderboard-coding-all-team-\d{4}-\d\d-\d\d\.csv"/)
    const [head, ...lines] = text.trim().split('\n')
    expect(head).toContain('rank_best,rank_worst,model,name,rating,lower,upper,votes')
    expect(lines.length).toBe(2)
    expect(text).not.toMatch(/(^|,)[=+@]/m)
  })

  test('as JSON have what the page shows', async () => {
    const board = JSON.parse((await browser.get('/leaderboard.json')).text)

    expect(board).toMatchObject({ category: null, period: 'all', mode: 'team', votes: 21, voters: 3, comparisons: 7 })
    expect(board.islands[0]).toHaveLength(3)
    expect(board.duels).toHaveLength(3)
    expect(board.workspaceId).toBeUndefined()
  })

  test.each(['intervals', 'matrix', 'cost', 'speed', 'history'])('of the chart %s are SVG and PNG', async kind => {
    const svg = await browser.get(`/leaderboard/${kind}.svg?theme=dark&width=narrow&lang=de`)
    const png = await browser.get(`/leaderboard/${kind}.png`)

    expect(svg.headers.get('content-type')).toContain('image/svg+xml')
    expect(svg.text).toMatch(/^<svg [^>]*width="360"/)
    expect(png.headers.get('content-type')).toBe('image/png')
    expect(png.text.slice(1, 4)).toBe('PNG')
  })

  test('of what there is not are not found', async () => {
    for (const path of [
      '/leaderboard/post.svg',
      '/leaderboard/intervals.gif',
      '/leaderboard/x.svg',
      '/leaderboard/constructor.png',
    ]) {
      expect((await browser.get(path)).status).toBe(404)
    }
  })
})

test('the method is told in both languages', async () => {
  expect((await browser.get('/method')).text).toContain('Which votes count')
  expect((await new ABrowser(console.url, 'de').get('/method')).text).toContain('Welche Stimmen zählen')
})

test('a claim stands beside the votes, category by category', async () => {
  const { text } = await browser.get('/claims')

  expect(text).toContain('Qwen2.5-Max beats GPT-4 and Llama in reasoning and language understanding')
  expect(text.match(/Not tested yet\./g)).toHaveLength(4)
})

describe('the history', () => {
  test('finds comparisons, and links to them', async () => {
    const { text } = await browser.get('/history?words=SKY&category=coding&model=model-2')

    const links = [...text.matchAll(/href="\/c\/([^"]+)"/g)].map(([, id]) => id)
    expect(links).toEqual([ids[6], ids[3], ids[0]])
    expect(text).toContain('Quillfish One, Marblewren Two')
  })

  test('takes hostile and foolish searches for what they are', async () => {
    for (const query of [
      'words=%00%25',
      'since=2026-02-31&until=yesterday',
      'before=nobody',
      "person='%3B--",
      'category=poetry',
    ]) {
      expect((await browser.get(`/history?${query}`)).status).toBe(200)
    }
    expect((await browser.get('/history?words=%3Cscript%3E')).text).toContain('value="&lt;script&gt;"')
  })

  test('does not tell who is who on an open ballot', async () => {
    const team = await newTeam(console.store, 1, console)
    const id = await hold(team, { models: [one, gone], prompt: 'Still open', channel: 'arena', end: 'open' })

    const { text } = await browser.get('/history?words=still+open')

    const entry = text.slice(text.indexOf(id), text.indexOf('</li>', text.indexOf(id)))
    expect(entry).toContain('Vote!')
    expect(entry).not.toMatch(/Quillfish|gone/)
    expect((await browser.get(`/history?words=still+open&model=${gone}`)).text).not.toContain(id)
  })
})

describe('in the channel', () => {
  test('/leaderboard and /history answer the one who asks', async () => {
    const ada = new ABrowser(console.url)
    await ada.join('Ada')

    const board = await ada.send('/say', { line: '/leaderboard coding style' })
    const past = await ada.send('/say', { line: '/history sky person: "Voter 1" since: 23.11.2026' })

    expect(board.text).toContain('Coding · All time · Style-controlled')
    expect(board.text).toContain('href="/leaderboard?category=coding&amp;mode=style"')
    expect(past.text).toContain('Why is the sky blue?')
    expect((await ada.send('/say', { line: '/leaderboard sunshine' })).text).toContain('“sunshine” does not fit')
    expect((await ada.send('/say', { line: '/history since: soon' })).text).toContain('“soon” does not fit')
    expect((await ada.post('/say', { line: '/leaderboard writing month' })).location).toBe(
      '/leaderboard?category=writing&period=month',
    )
  })
})
