/**
 * Takes the README's pictures of Slack: `node docs/pictures/slack.ts`. Faceoff talks to the tests' stand-in, and what it
 * sent there is drawn. Needs Chromium, PostgreSQL's programs, and an emoji font
 * (Debian: fonts-noto-color-emoji).
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { createElement, type ReactElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { type Block, Message as Drawn } from 'slack-blocks-to-jsx'
import { startApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import { openStore } from '../../src/store/index.ts'
import { scopes } from '../../test/chat/slack/scopes.ts'
import { type Message, startSlack } from '../../test/chat/slack/stand-in/index.ts'
import { says, startStandIn } from '../../test/providers/stand-in.ts'
import { createDatabase } from '../../test/services/database.ts'
import { startPostgres } from '../../test/services/postgres.ts'
import { programPath } from '../../test/services/programs.ts'
import { castVotes, modelKeys, setUp } from './votes.ts'

const answers = {
  'qwen3.8-max':
    'Imagine a set of Russian dolls: to open the biggest one, you open it and find a smaller one **just like it** inside.\n\n1. Open the doll.\n2. Is there another one inside? Do the same with it.\n3. The smallest one does not open: you are done.\n\nRecursion is solving a problem by solving a smaller copy of it, until it is too small to be a problem.',
  'gpt-6.1-sol':
    'You stand in a long queue and want to know your place. You ask the person in front of you, who asks the next one, and so on.\n\n```python\ndef place(person):\n    if person.is_first:\n        return 1\n    return place(person.in_front) + 1\n```\n\nThe first person says “1”, and everybody adds one on the way back.',
}

const logo = `data:image/svg+xml;base64,${readFileSync(join(import.meta.dirname, '..', '..', 'src', 'console', 'assets', 'icon.svg')).toString('base64')}`
const signs: Readonly<Record<string, string>> = {
  regional_indicator_a: '🇦',
  regional_indicator_b: '🇧',
  handshake: '🤝',
  '-1': '👎',
}

await using postgres = await startPostgres()
await using database = await createDatabase(postgres.url)
await using providers = await startStandIn()
await using slack = await startSlack({ scopes, limits: false })
for (const [model, text] of Object.entries(answers)) providers.alwaysFor(model, says(text, [24, 118]))
const acme = slack.workspace({ name: 'Acme' })
const general = slack.channel(acme, 'general')
const ada = slack.person(acme, 'Ada')
const others = ['Bo', 'Cleo', 'Dan', 'Eve'].map(name => slack.person(acme, name))
await using app = await startApp(
  readConfig({
    DATABASE_URL: database.url,
    PORT: '0',
    LOG_LEVEL: 'fatal',
    OLLAMA_DETECT: 'no',
    MODELS_FILE: '/nonexistent/models.json',
    ...modelKeys,
    DASHSCOPE_API_KEY: 'sk-picture',
    DASHSCOPE_BASE_URL: providers.url,
    OPENAI_API_KEY: 'sk-picture',
    OPENAI_BASE_URL: providers.url,
    SLACK_BOT_TOKEN: acme.botToken,
    SLACK_SIGNING_SECRET: slack.app.signingSecret,
    SLACK_API_URL: slack.apiUrl,
  }),
)
slack.app.requestUrl = `${app.url}/slack/events`

await ada.slash(general, '/compare', '--category coding Explain recursion to a ten-year-old.')
const ballot = await slack.until(() => slack.messages(general)[0])
await slack.until(() => ballot.reactions.length === 4)
for (const [index, person] of others.entries()) {
  await person.react(ballot, index < 3 ? 'regional_indicator_b' : 'handshake')
}
await ada.react(ballot, 'regional_indicator_a')
await slack.until(() => ballot.shown.includes('5 people'))
const thread = slack.messages(general, ballot)
const voting = [drawn(ballot), ...thread.map(message => drawn(message, true))]
await ada.press(ballot, 'reveal')
await slack.until(() => ballot.shown.includes('Result:') && thread.every(message => message.blocks.length > 0))
const revealed = [drawn(ballot), ...thread.map(message => drawn(message, true))]
await ada.slash(general, '/leaderboard')
const boardInTwo = await slack.until(() => {
  const posted = slack.messages(general).filter(message => message.ours && message.threadTs === undefined)
  return posted.length === 3 && posted.slice(1)
})
const board = boardInTwo.map(message => drawn(message))

const browser = await chromium.launch({
  executablePath: programPath('chromium', 'chromium'),
  args: ['--no-sandbox', '--disable-gpu'],
})
const style = readFileSync(createRequire(import.meta.url).resolve('slack-blocks-to-jsx/dist/style.css'), 'utf8')
await take('slack-voting', 820, voting)
await take('slack-revealed', 820, revealed)
await take('slack-leaderboard', 820, board)
await take('slack-leaderboard-phone', 420, board)
await take('slack-summary-phone', 420, [drawn(await summarised('de', 3))])
await browser.close()
process.exit(0)

/** A week of a team that compares so many models, posted by an admin in a channel of its own. */
async function summarised(locale: 'en' | 'de', models: number): Promise<Message> {
  const log = { info: () => {}, warn: () => {}, error: () => {} }
  const { store } = await openStore({ databaseUrl: database.url, log, onFatal: () => {} })
  const team = slack.channel(acme, `models-${locale}`)
  const boss = slack.person(acme, `boss-${locale}`, { admin: true })
  const workspaceId = await store.people.workspace('slack', acme.id)
  await setUp(store, workspaceId, { boss: boss.id, channel: team.id, locale })
  await castVotes(store, { platform: 'slack', externalId: acme.id, channel: team.id, models })
  await boss.slash(team, '/summary', 'post')
  const post = await slack.until(() => slack.messages(team).find(message => message.ours))
  await store.close()
  return post
}

async function take(name: string, width: number, messages: readonly string[]): Promise<void> {
  const page = await browser.newPage({ viewport: { width, height: 400 }, deviceScaleFactor: 1.5 })
  await page.setContent(
    `<!doctype html><meta charset="utf-8"><style>${style}
      body { margin: 0; background: #fff; font: 15px/1.46 Lato, "DejaVu Sans", sans-serif }
      .slack_blocks_to_jsx__markdown_block, .slack_blocks_to_jsx__markdown_block * { white-space: normal }
      .slack_blocks_to_jsx__markdown_block pre, .slack_blocks_to_jsx__markdown_block pre * { white-space: pre-wrap }
      .slack_blocks_to_jsx__markdown_block p, .slack_blocks_to_jsx__markdown_block ol { margin: 4px 0 }
      main { padding: 16px 20px; display: grid; gap: 12px }
      .reply { margin-left: 46px; padding-left: 14px; border-left: 2px solid #ddd }
      .reactions { display: flex; gap: 6px; margin: 6px 0 0 46px }
      .reactions span { border: 1px solid #1264a3; background: #e8f5fa; border-radius: 12px; padding: 1px 9px; font-size: 13px }
    </style><main id="all">${messages.join('')}</main>`,
  )
  await page.locator('#all').screenshot({ path: join(import.meta.dirname, `${name}.png`) })
  await page.close()
}

/** What Slack would draw: the stream's text is Markdown, as that of the block. */
function drawn(message: Message, isReply = false): string {
  const streamed = message.stream?.text ? [{ type: 'markdown', text: message.stream.text }] : []
  // To Slack `verbatim` means that nothing becomes a link by itself; the drawing takes it for "no formatting".
  const sent = JSON.stringify([...streamed, ...message.blocks]).replaceAll(',"verbatim":true', '')
  const blocks: Block[] = JSON.parse(sent, (_, value) => withPicture(withCode(value)))
  const element: ReactElement = createElement(Drawn, {
    blocks,
    logo,
    name: 'Faceoff',
    theme: 'light',
    time: new Date(),
  })
  const reactions = message.reactions.map(({ name, users }) => `<span>${signs[name] ?? name} ${users.length}</span>`)
  const below = reactions.length > 0 ? `<div class="reactions">${reactions.join('')}</div>` : ''
  return `<div class="${isReply ? 'reply' : ''}">${renderToStaticMarkup(element)}${below}</div>`
}

/** In a block of code an asterisk is one; the drawing doubles it unless it is another character. */
function withCode(value: unknown): unknown {
  if (typeof value !== 'string') return value
  return value.replace(/```[\s\S]*?```/g, code => code.replaceAll('*', '∗'))
}

/** The file that was uploaded, where a block shows one. */
function withPicture(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('slack_file' in value)) return value
  const { slack_file, ...block } = value
  const file = slack.files.find(({ id }) => JSON.stringify({ id }) === JSON.stringify(slack_file))
  return { ...block, image_url: `data:image/png;base64,${file?.bytes.toString('base64')}` }
}
