import { chromium } from 'playwright-core'

const base = 'http://127.0.0.1:3055',
  ctl = 'http://127.0.0.1:3056'
const b = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic'],
})
const ctx = await b.newContext({ viewport: { width: 1280, height: 860 }, locale: 'en-US' })
const p = await ctx.newPage()
p.on('console', m => console.log('CONSOLE', m.type(), m.text()))
p.on('pageerror', e => console.log('ERR', e.message))
await p.goto(base)
await p.screenshot({ path: '/tmp/s1.png' })
await p.fill('input[name=name]', 'Anna ' + Math.random().toString(36).slice(2, 6))
await p.fill('#line', 'Explain recursion to a ten-year-old.\n\nUse `code` and **Markdown**.')
await p.press('#line', 'Enter')
await p.waitForSelector('article.comparison')
await p.screenshot({ path: '/tmp/s2.png' })
const w = (n, t) => fetch(`${ctl}/write?n=${n}`, { method: 'POST', body: t })
await w(
  0,
  '### Think of a mirror\n\nRecursion is when a thing uses **itself**:\n\n1. Look at the box.\n2. Is there a smaller box inside? Open it.\n\n',
)
await w(
  1,
  'A function that calls itself, until it needn’t. See [the docs](https://evil.example/x) and ![a picture](https://t.example/p.png).',
)
await p.waitForSelector('.answer .md h6')
await p.screenshot({ path: '/tmp/s3.png' })
await w(
  0,
  '```python\ndef open_box(box):\n    # stop when empty\n    if not box.inside:\n        return "candy"\n    return open_box(box.inside)  # smaller\n```\n\n| level | box |\n|---|---|\n| 1 | big |\n| 2 | small |\n',
)
await fetch(`${ctl}/end?n=0`)
await fetch(`${ctl}/end?n=1`)
await p.waitForSelector('.is-open .phase')
await p.waitForSelector('button.choice')
await p.click('button.choice >> nth=0')
await p.waitForSelector('button.choice[aria-pressed=true]')
await p.waitForTimeout(200)
await p.screenshot({ path: '/tmp/s4.png' })
await p.click('.leading .primary')
await p.waitForSelector('.results table')
await p.waitForTimeout(300)
await p.screenshot({ path: '/tmp/s5.png' })
await p.fill('#line', '/')
await p.type('#line', '')
await p.press('#line', 'End')
await p.screenshot({ path: '/tmp/s6.png' })
await p.press('#line', 'Escape')
await p.fill('#line', 'What is the best way to test this?')
await p.click('a.options')
await p.waitForSelector('dialog[open]')
await p.waitForTimeout(200)
await p.screenshot({ path: '/tmp/s7.png' })
await p.press('body', 'Escape')
await p.fill('#line', '/models')
await p.press('#line', 'Enter')
await p.waitForSelector('.ephemeral')
await p.waitForTimeout(200)
await p.screenshot({ path: '/tmp/s8.png' })
await p.fill('#line', '/comapre hi')
await p.press('#line', 'Enter')
await p.waitForSelector('#say-problem:not(:empty)')
await p.screenshot({ path: '/tmp/s9.png' })
await p.goto(base + '/owner/the-owner-s-token')
await p.screenshot({ path: '/tmp/s10.png' })
if (await p.locator('main form button.primary').count()) {
  await p.click('main form button.primary')
  await p.waitForURL('**/connect')
} else await p.goto(base + '/connect')
await p.screenshot({ path: '/tmp/s11.png', fullPage: false })
const state = await ctx.storageState()
// dark + phone
const ph = await b.newContext({
  viewport: { width: 360, height: 740 },
  colorScheme: 'dark',
  locale: 'de-DE',
  storageState: state,
})
const q = await ph.newPage()
await q.goto(base)
await q.waitForTimeout(300)
await q.screenshot({ path: '/tmp/s12.png' })
await q.click('.menu summary')
await q.screenshot({ path: '/tmp/s13.png' })
const dk = await b.newContext({
  viewport: { width: 1280, height: 860 },
  colorScheme: 'dark',
  locale: 'de-DE',
  storageState: state,
})
const r = await dk.newPage()
await r.goto(base)
await r.waitForTimeout(300)
await r.screenshot({ path: '/tmp/s14.png' })
await b.close()
