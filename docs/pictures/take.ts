/** Takes the README's pictures of the real program: `node docs/pictures/take.ts`. Needs Chromium. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { openStore } from '../../src/store/index.ts'
import { type Running, run } from '../../test/app/process.ts'
import { programPath } from '../../test/services/programs.ts'
import { castVotes, modelKeys } from './votes.ts'

const flags = ['no-sandbox', 'disable-gpu', 'disable-quic', 'no-first-run', 'disable-background-networking']
const folder = mkdtempSync(join(tmpdir(), 'faceoff-pictures-'))

try {
  await using app = await run({ DATA_DIR: join(folder, 'arena') })
  const browser = await chromium.launch({
    executablePath: programPath('chromium', 'chromium'),
    args: [...flags, 'disable-component-update', 'disable-sync'].map(flag => `--${flag}`),
  })
  const desktop = { viewport: { width: 1280, height: 1060 }, deviceScaleFactor: 1.25 }
  const ada = await visitor(browser, app.url, 'Ada', desktop)
  await ask(ada, 'Explain recursion to a ten-year-old, in three sentences.')
  await ada.getByRole('button', { name: 'Answer A' }).click()
  await ada.getByText('Your vote: Answer A').first().waitFor()
  await take(ada, 'arena')
  await ada.getByRole('button', { name: 'Reveal' }).click()
  await ada.getByRole('table').waitFor()
  await take(ada, 'revealed')

  const phone = {
    viewport: { width: 390, height: 780 },
    deviceScaleFactor: 2,
    colorScheme: 'dark',
    locale: 'de-DE',
  } as const
  const bea = await visitor(browser, app.url, 'Bea', phone)
  await ask(bea, 'Erkläre einem zehnjährigen Kind Rekursion, in drei Sätzen.')
  await take(bea, 'phone')

  await fill(join(folder, 'votes'))
  await using voted = await run({ DATA_DIR: join(folder, 'votes'), ...modelKeys })
  await takeBoard(browser, voted.url, 'leaderboard', { ...desktop, locale: 'en' }, null)
  await takeBoard(
    browser,
    voted.url,
    'leaderboard-dark',
    { ...desktop, locale: 'en', colorScheme: 'dark' },
    '.chart.cost',
  )
  await takeBoard(browser, voted.url, 'leaderboard-phone', { ...phone, colorScheme: 'light' }, null)
  await takeBoard(browser, voted.url, 'leaderboard-phone-dark', phone, '.duel')
  const weekPath = await postedWeek(browser, voted)
  await takeWeek(browser, voted.url + weekPath, 'summary', { ...desktop, locale: 'en' })
  await takeWeek(browser, voted.url + weekPath, 'summary-phone', phone)
  await browser.close()
} finally {
  rmSync(folder, { recursive: true, force: true })
}

async function visitor(browser: Browser, baseURL: string, name: string, options: BrowserContextOptions): Promise<Page> {
  const page = await browser.newPage({ ...options, baseURL })
  await page.goto('/')
  await page.locator('form:has(#line) input[name=name]').fill(name)
  return page
}

async function ask(page: Page, prompt: string): Promise<void> {
  await page.locator('#line').fill(`/compare ${prompt}`)
  await page.locator('#line').press('Enter')
  await page.locator('.status.is-open').last().waitFor()
}

/** The made-up team's votes, before the app opens the database. */
async function fill(dataDir: string): Promise<void> {
  const log = { info: () => {}, warn: () => {}, error: () => {} }
  const onFatal = (error: Error) => {
    throw error
  }
  const { store } = await openStore({ dataDir, log, onFatal })
  await castVotes(store, { platform: 'console', externalId: 'console', channel: 'arena' })
  await store.close()
}

/** The leaderboard, scrolled to `from`. */
async function takeBoard(
  browser: Browser,
  baseURL: string,
  name: string,
  options: BrowserContextOptions,
  from: string | null,
): Promise<void> {
  const page = await browser.newPage({ ...options, baseURL })
  await page.goto('/leaderboard')
  for (const chart of await page.locator('.chart:visible img').all()) {
    await chart.scrollIntoViewIfNeeded()
    await chart.evaluate(image => (image as HTMLImageElement).decode())
  }
  if (from === null) await page.evaluate("document.querySelector('main').scrollTop = 0")
  else await page.locator(from).evaluate(element => element.scrollIntoView())
  await take(page, name)
  await page.close()
}

/** Posts the week so far as the owner, and returns where it stands. */
async function postedWeek(browser: Browser, { url, printed }: Running): Promise<string> {
  const page = await browser.newPage({ baseURL: url, locale: 'en' })
  const ownerLink = printed.map(line => /http\S+\/owner\/\S+/.exec(line)?.[0]).find(link => link !== undefined)
  await page.goto(ownerLink ?? '')
  await page.locator('main input[name=name]').fill('Zoe')
  await page.locator('main button.primary').click()
  await page.waitForURL('**/connect')
  await page.goto('/summaries')
  await page.locator('form[action="/summaries/post"] button').click()
  await page.waitForURL(/\/summaries\/[0-9a-f-]{36}/)
  const { pathname } = new URL(page.url())
  await page.close()
  return pathname
}

async function takeWeek(browser: Browser, url: string, name: string, options: BrowserContextOptions): Promise<void> {
  const page = await browser.newPage(options)
  await page.goto(url)
  await page
    .locator('.chart:visible img')
    .first()
    .evaluate(image => (image as HTMLImageElement).decode())
  await take(page, name)
  await page.close()
}

async function take(page: Page, name: string): Promise<void> {
  await page.mouse.move(0, 0)
  await page.evaluate('document.activeElement?.blur()')
  await page.screenshot({ path: join(import.meta.dirname, `${name}.png`) })
}
