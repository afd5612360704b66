import { AxeBuilder } from '@axe-core/playwright'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, inject, onTestFinished, test, vi } from 'vitest'
import { textFor } from '../../src/core/text/index.ts'
import { createDatabase } from '../services/database.ts'
import { programPath } from '../services/programs.ts'
import { type AConsole, ownerToken, startConsole } from './a-console.ts'
import { castVotes } from './votes-cast.ts'

// A whole story in a real browser, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000 })

const desktop = { width: 1280, height: 800 }
const phone = { width: 360, height: 740 }

const code = 'def  tag(x):\n\treturn "<b>" + x  # two  spaces, a tab'

let browser: Browser
let console: AConsole

beforeAll(async () => {
  const flags = ['no-sandbox', 'disable-gpu', 'disable-quic', 'no-first-run', 'disable-background-networking']
  browser = await chromium.launch({
    executablePath: programPath('chromium', 'chromium'),
    args: [...flags, 'disable-component-update', 'disable-sync'].map(flag => `--${flag}`),
  })
  console = await startConsole({
    postgresUrl: inject('postgresUrl'),
    models: [{ name: 'Quillfish One' }, { name: 'Marblewren Two' }, { name: 'Third Model', price: null, region: null }],
  })
}, 300_000)

afterAll(async () => {
  await browser.close()
  await console[Symbol.asyncDispose]()
})

afterEach(() => console.quiet())

describe.each([
  { language: 'en', tag: 'en-GB', viewport: desktop, place: 'a desktop' },
  { language: 'de', tag: 'de-AT', viewport: desktop, place: 'a desktop' },
  { language: 'en', tag: 'en-US', viewport: phone, place: 'a phone' },
  { language: 'de', tag: 'de-DE', viewport: phone, place: 'a phone' },
] as const)('on $place in $tag', ({ language, tag, viewport }) => {
  const text = textFor(language)

  test('a newcomer asks, watches two answers stream, votes with a colleague, and reveals', async () => {
    const asker = await visitor({ viewport, locale: tag })
    const colleague = await visitor({ viewport, locale: tag, colorScheme: 'dark' })
    const name = newName('Ada')
    await asker.goto('/')
    await expectGood(asker)

    // Typing a command, with the keyboard alone.
    await asker.getByLabel(text.console.yourName).fill(name)
    const composer = asker.getByLabel(text.console.message)
    await composer.pressSequentially('/')
    await asker.getByRole('option', { name: '/help' }).waitFor()
    await expectGood(asker)
    await composer.press('ArrowDown')
    await composer.press('ArrowUp')
    await composer.press('Enter')
    expect(await composer.inputValue()).toBe('/compare ')
    await composer.pressSequentially('What does this do?')
    await composer.press('Shift+Enter')
    await paste(composer, `\n\`\`\`python\n${code}\n\`\`\``)
    await composer.press('Enter')

    const comparison = asker.locator('article.comparison').last()
    await comparison.getByRole('heading', { name: text.ballot.asked(name) }).waitFor()
    expect(await comparison.locator('.prompt pre').textContent()).toBe(`${code}\n`)
    expect(await composer.inputValue()).toBe('')

    // The second model is slow, and does not hold the first.
    const [first, second] = [comparison.locator('.answer').nth(0), comparison.locator('.answer').nth(1)]
    console.models.write(0, '### It makes a tag\n\n```python\nreturn')
    await first.locator('.hljs-keyword').waitFor()
    await second.getByText(text.answer.thinking).waitFor()
    await comparison.getByRole('button', { name: text.ballot.stop, exact: true }).waitFor()
    await expectGood(asker)
    console.models.write(0, ' 1\n```\n')
    console.models.end(0)
    await first.getByText(text.answer.done).waitFor()
    console.models.write(1, 'It wraps `x`. [More](https://elsewhere.example/page)')
    console.models.end(1)
    await second.getByText('(elsewhere.example)').waitFor()
    await comparison.getByText(text.ballot.phase.open).waitFor()

    // One vote each: changed, taken back, cast again.
    const button = (label: string) => comparison.getByRole('button', { name: label, exact: true })
    await button(text.ballot.answer('A')).click()
    await comparison
      .getByRole('status')
      .getByText(text.ballot.yourVote(text.ballot.answer('A')))
      .waitFor()
    await button(text.ballot.choice.tie).click()
    await isPressed(button(text.ballot.choice.tie))
    await isPressed(button(text.ballot.answer('A')), false)
    await button(text.ballot.choice.tie).click()
    await comparison.getByText(text.ballot.voted(0)).waitFor()
    await button(text.ballot.answer('B')).click()
    await comparison.getByText(text.ballot.voted(1)).waitFor()

    // A second browser is a second voter, who chooses a name on the way.
    await colleague.goto('/')
    const theirs = colleague.locator('article.comparison').last()
    await theirs.getByRole('button', { name: text.ballot.answer('B'), exact: true }).click()
    const dialog = colleague.getByRole('dialog')
    await dialog.getByLabel(text.console.yourName).fill(newName('Ben'))
    await expectGood(colleague)
    await dialog.getByRole('button', { name: text.console.proceed }).click()
    await colleague.getByText(text.ballot.voted(2)).first().waitFor()
    await comparison.getByText(text.ballot.voted(2)).waitFor()
    expect(await theirs.getByRole('button', { name: text.ballot.reveal }).count()).toBe(0)
    expect(await asker.locator('article.comparison').last().innerHTML()).not.toMatch(/Quillfish|Marblewren/)

    await button(text.ballot.reveal).click()
    await comparison.getByRole('heading', { name: text.results.winner('Marblewren Two') }).waitFor()
    await comparison.getByRole('table').getByText(text.results.votes(2)).waitFor()
    const lost = comparison.getByRole('row', { name: /Quillfish/ }).locator('.bar')
    expect(await lost.evaluate(bar => bar.getBoundingClientRect().width)).toBe(0)
    await theirs.getByText('Marblewren Two').first().waitFor()
    await expectGood(asker)
    await expectGood(colleague)

    // Everything is still there afterwards, under an address of its own.
    await comparison.getByTitle(text.ballot.permalink).click()
    await asker.waitForURL('**/c/*')
    await asker.getByRole('heading', { name: text.results.winner('Marblewren Two') }).waitFor()
    await asker.reload()
    await asker.getByRole('heading', { name: text.results.winner('Marblewren Two') }).waitFor()
    await expectGood(asker)
  })
})

describe.each([
  { language: 'en', tag: 'en-GB', viewport: desktop, place: 'a desktop' },
  { language: 'de', tag: 'de-DE', viewport: phone, place: 'a phone' },
] as const)('on $place in $tag', ({ language, tag, viewport }) => {
  const text = textFor(language)

  test('the form asks the same as the command', async () => {
    const page = await visitor({ viewport, locale: tag })
    await page.goto('/')
    await page.getByLabel(text.console.yourName).fill(newName('Cleo'))
    await page.getByLabel(text.console.message).fill('/models')
    await page.getByLabel(text.console.message).press('Enter')
    // Whoever had no name yet gets the reply as a page: the chat is another one from now on.
    await page.waitForURL('/models')
    await page.getByRole('table').getByText('Third Model').waitFor()

    await page.goto('/')
    await page.getByLabel(text.console.message).fill('/help')
    await page.getByLabel(text.console.message).press('Enter')
    await page.getByText(text.console.onlyYou).waitFor()
    await expectGood(page)
    await page.getByLabel(text.console.message).fill('Asked by form')
    await page.getByText(text.console.options).click()
    const dialog = page.getByRole('dialog')
    expect(await dialog.getByLabel(text.console.form.prompt, { exact: true }).inputValue()).toBe('Asked by form')
    await expectGood(page)
    for (const box of await dialog.getByRole('checkbox', { name: /Quillfish|Marblewren/ }).all()) await box.uncheck()
    await dialog.getByRole('button', { name: text.console.form.submit }).click()
    await dialog
      .getByRole('alert')
      .getByText(/2|zwei|two/i)
      .waitFor()
    await dialog.getByRole('checkbox', { name: /Marblewren/ }).check()
    await dialog.getByRole('checkbox', { name: /Third Model/ }).check()
    await dialog.getByLabel(text.console.form.category).selectOption('coding')
    await dialog.getByRole('checkbox', { name: text.console.form.blind }).uncheck()
    await dialog.getByRole('button', { name: text.console.form.submit }).click()

    const comparison = page.locator('article.comparison').last()
    await comparison.getByText('Asked by form').waitFor()
    await comparison.getByText(text.console.notBlind).waitFor()
    await comparison.getByText('Third Model').waitFor()
    await dialog.waitFor({ state: 'hidden' })
    expect(await page.getByLabel(text.console.message).inputValue()).toBe('')
  })

  test('the other pages are in order too', async () => {
    const page = await visitor({ viewport, locale: tag })
    await page.goto('/')
    await page.getByLabel(text.console.yourName).fill(newName('Dora'))
    await page.getByLabel(text.console.message).fill('/nothing')
    await page.getByLabel(text.console.message).press('Enter')
    await page.getByRole('alert').getByText('/nothing').waitFor()
    expect(await page.getByLabel(text.console.message).inputValue()).toBe('/nothing')

    for (const path of ['/models', '/help', '/compare', '/name', '/connect', '/owner/wrong', '/nowhere']) {
      await page.goto(path)
      await expectGood(page)
    }
  })
})

describe.each([
  { language: 'en', locale: 'en-GB', viewport: desktop, colorScheme: 'light' },
  { language: 'de', locale: 'de-AT', viewport: phone, colorScheme: 'dark' },
  { language: 'en', locale: 'en-US', viewport: phone, colorScheme: 'light' },
  { language: 'de', locale: 'de-DE', viewport: desktop, colorScheme: 'dark' },
] as const)('the leaderboard at $viewport.width px in $locale', ({ language, ...options }) => {
  const text = textFor(language)
  let voted: AConsole
  beforeAll(async () => {
    voted = await startConsole({ postgresUrl: inject('postgresUrl') })
    await castVotes(voted)
  })
  afterAll(() => voted[Symbol.asyncDispose]())

  test('is filtered, sorted and looked at; its charts are drawn', async () => {
    const page = await visitor({ ...options, baseURL: voted.url })
    await page.goto('/leaderboard')
    await page.getByText(text.leaderboard.basis(21, 3, 7)).waitFor()
    await page.locator('.standings').getByText('Quillfish One').waitFor()
    for (const chart of await page.locator('.chart:visible img').all()) {
      await chart.scrollIntoViewIfNeeded()
      await expect.poll(() => chart.evaluate(image => (image as HTMLImageElement).naturalWidth)).toBeGreaterThan(300)
    }
    await expectGood(page)

    await page.locator('select[name=category]').selectOption('coding')
    await page.locator('select[name=mode]').selectOption('style')
    await page.getByRole('button', { name: text.leaderboard.page.show }).first().click()
    await page.waitForURL('**/leaderboard?category=coding&period=all&mode=style')
    await page.getByText(text.leaderboard.basis(9, 3, 3)).waitFor()
    await page.getByRole('heading', { name: text.leaderboard.page.effectsTitle }).waitFor()
    await expectGood(page)
  })

  test('answers /leaderboard and /history in the channel, and has pages for method, claims and history', async () => {
    const page = await visitor({ ...options, baseURL: voted.url })
    await page.goto('/name')
    await page.getByLabel(text.console.yourName).fill(newName('Hal'))
    await page.getByRole('button', { name: text.console.proceed }).click()
    await page.waitForURL('/')
    for (const line of ['/leaderboard coding', '/history sky']) {
      await page.getByLabel(text.console.message).fill(line)
      await page.getByLabel(text.console.message).press('Enter')
    }
    await page.locator('.ephemeral .standings').getByText('Quillfish One').waitFor()
    await page.locator('.ephemeral .history').getByText('Why is the sky blue?').first().waitFor()
    await expectGood(page)

    for (const path of ['/method', '/claims', '/history', '/history?words=nothing+like+this']) {
      await page.goto(path)
      await expectGood(page)
    }
    await page.goto('/history?words=sky&category=coding')
    await page.getByRole('link', { name: 'Why is the sky blue?' }).first().click()
    await page.waitForURL('**/c/*')
  })
})

describe.each([
  { language: 'en', locale: 'en-GB', viewport: desktop, colorScheme: 'light' },
  { language: 'de', locale: 'de-AT', viewport: phone, colorScheme: 'dark' },
  { language: 'en', locale: 'en-US', viewport: phone, colorScheme: 'light' },
  { language: 'de', locale: 'de-DE', viewport: desktop, colorScheme: 'dark' },
] as const)('the weekly summaries at $viewport.width px in $locale', ({ language, ...options }) => {
  const text = textFor(language)
  let voted: AConsole
  beforeAll(async () => {
    voted = await startConsole({
      postgresUrl: inject('postgresUrl'),
      models: [{ name: 'Quillfish One' }, { name: 'Marblewren Two With A Name That Is Long' }],
      now: () => new Date('2026-11-25T12:00:00.000Z'),
    })
    await castVotes(voted)
  })
  afterAll(() => voted[Symbol.asyncDispose]())

  test('are set up and posted by an admin, read, followed and printed', async () => {
    const page = await visitor({ ...options, baseURL: voted.url })
    await page.goto(`/owner/${ownerToken}`)
    await page.getByLabel(text.console.yourName).fill(newName('Ivo'))
    await page.getByRole('button', { name: text.console.ownerButton }).click()
    await page.waitForURL('**/connect')

    await page.goto('/summaries')
    await page.getByText(text.summary.page.none).waitFor()
    await expectGood(page)
    await page.getByLabel(text.summary.settings.day).selectOption('5')
    await page.getByLabel(text.summary.settings.timeZone).fill('Atlantis')
    await page.getByRole('button', { name: text.summary.settings.save }).click()
    await page.getByRole('alert').getByText('Atlantis').waitFor()
    await expectGood(page)
    await page.getByLabel(text.summary.settings.timeZone).fill('Europe/Berlin')
    await page.getByRole('button', { name: text.summary.settings.save }).click()
    await page.getByRole('status').getByText(text.summary.settings.saved).waitFor()
    await page.getByRole('button', { name: text.summary.page.postNow }).click()

    await page.waitForURL('**/summaries/*?outcome=posted')
    const chart = page.locator('.chart img')
    await expect.poll(() => chart.evaluate(image => (image as HTMLImageElement).naturalWidth)).toBeGreaterThan(300)
    await expectGood(page)
    await page.evaluate('window.print = () => { document.title = "printed" }')
    await page.getByRole('button', { name: text.summary.page.print }).click()
    expect(await page.title()).toBe('printed')
    const feed = await page.getByRole('link', { name: text.summary.page.feed }).getAttribute('href')
    const isWellFormed = await page.evaluate(async path => {
      const xml = await (await fetch(path)).text()
      return new DOMParser().parseFromString(xml, 'application/xml').querySelector('parsererror') === null
    }, feed ?? '')
    expect(isWellFormed).toBe(true)

    await page.goto('/summaries/so-far')
    await expectGood(page)
    await page.goto('/')
    for (const line of ['/summary', '/summary settings', '/summary post']) {
      await page.getByLabel(text.console.message).fill(line)
      await page.getByLabel(text.console.message).press('Enter')
    }
    await page.locator('.ephemeral .standings').getByText('Quillfish One').waitFor()
    await page.locator('.ephemeral').getByRole('link', { name: text.summary.settings.change }).waitFor()
    await page.locator('.ephemeral').nth(2).waitFor()
    await expectGood(page)
  })

  test('on paper are black on white, without the way around', async () => {
    const page = await visitor({ ...options, baseURL: voted.url })
    await page.emulateMedia({ media: 'print' })
    await page.setViewportSize({ width: 718, height: 1000 })
    await page.goto('/summaries/so-far')

    expect(await page.locator('.sidebar:visible, .menu:visible, .back:visible, button:visible').count()).toBe(0)
    expect(await page.locator('main').evaluate(main => getComputedStyle(main).color)).toBe('rgb(0, 0, 0)')
    expect(await page.locator('.standings thead').first().isVisible()).toBe(true)
    expect(await page.locator('.chart img').evaluate(image => (image as HTMLImageElement).currentSrc)).toMatch(
      /theme=light&width=wide/,
    )
  })
})

test('an admin sees what is connected, and no secret', async () => {
  await using admins = await startConsole({
    postgresUrl: inject('postgresUrl'),
    publicUrl: 'https://faceoff.example',
    connections: {
      providers: [
        {
          id: 'qwen',
          name: 'Alibaba',
          keyVariable: 'DASHSCOPE_API_KEY',
          baseUrlVariable: null,
          on: true,
          host: 'a.example',
          region: 'sg',
        },
        {
          id: 'openai',
          name: 'OpenAI',
          keyVariable: 'OPENAI_API_KEY',
          baseUrlVariable: null,
          on: false,
          host: 'b.example',
          region: null,
        },
      ],
      platformVariables: new Set(['SLACK_BOT_TOKEN']),
      discordApplicationId: '123456789012345678',
      settings: [{ variable: 'MODELS', value: 'qwen/qwen3.8-max' }],
    },
  })
  const page = await visitor({ viewport: desktop, locale: 'en', baseURL: admins.url })

  await page.goto(`/owner/${ownerToken}`)
  await page.getByLabel('Your name').fill('Eve')
  await page.getByRole('button', { name: 'Become the admin' }).click()
  await page.waitForURL('**/connect')

  await page.getByText('set by DASHSCOPE_API_KEY').waitFor()
  await page.getByText('Set OPENAI_API_KEY').waitFor()
  await page.getByText('set by MODELS').waitFor()
  const manifest = JSON.parse((await page.locator('#slack-manifest').textContent()) ?? '')
  expect(manifest.features.slash_commands.map((command: { command: string }) => command.command)).toEqual([
    '/compare',
    '/leaderboard',
    '/summary',
    '/history',
    '/models',
    '/help',
  ])
  expect(manifest.settings.interactivity.request_url).toBe('https://faceoff.example/slack/events')
  const invite = new URL((await page.locator('#discord-invite').textContent()) ?? '')
  expect(invite.searchParams.get('client_id')).toBe('123456789012345678')
  await expectGood(page)
})

test('without script everything works by plain forms', async () => {
  const page = await visitor({ viewport: desktop, locale: 'en', javaScriptEnabled: false })
  await page.goto('/')
  await page.getByLabel('Your name').fill(newName('Fay'))
  await page.getByLabel('Message to #arena').fill('No script here')
  await page.getByRole('button', { name: 'Send' }).click()
  console.models.write(0, 'One')
  console.models.write(1, 'Two')
  for (const place of [0, 1]) console.models.end(place)
  await expect.poll(async () => (await console.store.answers.unfinished()).length).toBe(0)

  await page.goto('/')
  const comparison = page.locator('article.comparison').last()
  await comparison.getByText('No script here').waitFor()
  await comparison.getByRole('button', { name: 'Answer B' }).click()
  await page.waitForURL('**/c/*')
  await isPressed(page.getByRole('button', { name: 'Answer B' }))
  await page.getByRole('button', { name: 'Reveal' }).click()

  await page.getByRole('heading', { name: 'Marblewren Two wins' }).waitFor()
})

test('whoever reads further up stays there, and whoever is at the bottom follows', async () => {
  const page = await visitor({ viewport: desktop, locale: 'en' })
  await page.goto('/')
  await page.getByLabel('Your name').fill(newName('Gil'))
  await page.getByLabel('Message to #arena').fill('A long one, please')
  await page.getByLabel('Message to #arena').press('Enter')
  await page.locator('.composer:not(:has(.join))').waitFor()
  const answer = page.locator('article.comparison').last().locator('.answer').first()
  const fromBottom = () =>
    page
      .locator('.scroller')
      .evaluate(({ scrollHeight, scrollTop, clientHeight }) => scrollHeight - scrollTop - clientHeight)

  console.models.write(0, 'A paragraph that goes on.\n\n'.repeat(60))
  await answer.getByText('goes on').nth(59).waitFor()
  await expect.poll(fromBottom).toBeLessThan(5)

  await page.locator('.scroller').hover()
  await page.mouse.wheel(0, -600)
  await expect.poll(fromBottom).toBeGreaterThan(500)
  const before = await page.locator('.scroller').evaluate(element => element.scrollTop)
  console.models.write(0, 'More and more.\n\n'.repeat(30))
  await answer.getByText('More and more.').nth(29).waitFor()

  expect(await page.locator('.scroller').evaluate(element => element.scrollTop)).toBe(before)
})

test('the keyboard stays where it is while an answer is written', async () => {
  const page = await visitor({ viewport: desktop, locale: 'en' })
  await page.goto('/')
  await page.getByLabel('Your name').fill(newName('Hal'))
  await page.getByLabel('Message to #arena').fill('Keep the focus')
  await page.getByLabel('Message to #arena').press('Enter')
  await page.locator('.composer:not(:has(.join))').waitFor()
  const comparison = page.locator('article.comparison').last()
  console.models.write(0, 'Done. ')
  console.models.end(0)
  const choice = comparison.getByRole('button', { name: 'Answer A' })
  await choice.focus()

  console.models.write(1, 'Still writing.')
  await comparison.getByText('Still writing.').waitFor()

  expect(await choice.evaluate(element => element === document.activeElement)).toBe(true)
  await page.keyboard.press('Enter')
  await isPressed(choice)
})

test('a page finds its way back when the console was away', async () => {
  await using database = await createDatabase(inject('postgresUrl'))
  const options = { postgresUrl: inject('postgresUrl'), databaseUrl: database.url }
  const before = await startConsole(options)
  const port = Number(new URL(before.url).port)
  const page = await visitor({ viewport: desktop, locale: 'en', baseURL: before.url })
  await page.goto('/')
  await page.getByLabel('Your name').fill('Ida')
  await page.getByLabel('Message to #arena').fill('Before the restart')
  await page.getByLabel('Message to #arena').press('Enter')
  await page.locator('.composer:not(:has(.join))').waitFor()
  await before[Symbol.asyncDispose]()
  await page.getByText('No connection').waitFor()

  await using after = await startConsole({ ...options, port })
  const person = await after.store.people.person(after.workspaceId, 'colleague', { name: 'Jo' })
  await after.arena.compare({
    workspaceId: after.workspaceId,
    platform: 'console',
    channel: 'arena',
    asker: person,
    prompt: 'After the restart',
    models: [],
    category: null,
    blind: true,
    locale: 'en',
  })

  await page.getByText('After the restart').waitFor()
  await page.getByText('No connection').waitFor({ state: 'hidden' })
  expect(await page.getByText('Before the restart').count()).toBe(1)
})

type Visitor = Parameters<Browser['newContext']>[0]

/** A page in a browser of its own. The test fails when anything in it is refused or breaks. */
async function visitor(options: Visitor): Promise<Page> {
  const context: BrowserContext = await browser.newContext({
    baseURL: console.url,
    reducedMotion: 'reduce',
    ...options,
  })
  context.setDefaultTimeout(15_000)
  const page = await context.newPage()
  const broken: string[] = []
  page.on('pageerror', error => broken.push(error.message))
  page.on('console', message => {
    // An answer that says no is no defect; a policy that is violated is one.
    const isRefusal = /status of 4\d\d|ERR_CONNECTION_REFUSED|Failed to fetch|network error/i.test(message.text())
    if (message.type() === 'error' && !isRefusal) broken.push(message.text())
  })
  onTestFinished(async () => {
    await context.close()
    expect(broken).toEqual([])
  })
  return page
}

/** No serious accessibility violation, and nothing wider than the window. */
async function expectGood(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
  expect(serious.map(({ id, nodes }) => ({ id, nodes: nodes.map(node => node.html) }))).toEqual([])
  const overflow = await page.evaluate(() =>
    Math.max(
      ...[...document.querySelectorAll('html, main, .sidebar')].map(
        ({ scrollWidth, clientWidth }) => scrollWidth - clientWidth,
      ),
    ),
  )
  expect(overflow).toBeLessThanOrEqual(0)
}

async function isPressed(button: ReturnType<Page['getByRole']>, expected = true): Promise<void> {
  await expect.poll(() => button.getAttribute('aria-pressed'), { timeout: 10_000 }).toBe(String(expected))
}

async function paste(composer: ReturnType<Page['getByLabel']>, content: string): Promise<void> {
  await composer.evaluate((element, inserted) => {
    element.focus()
    document.execCommand('insertText', false, inserted)
  }, content)
}

let names = 0

function newName(base: string): string {
  names++
  return `${base} ${names}`
}
