/**
 * Takes the README's pictures of Discord: `node docs/pictures/discord.ts`. Faceoff talks to the tests' stand-in, and what
 * it sent there is drawn. Needs Chromium, PostgreSQL's programs, and an emoji font (Debian: fonts-noto-color-emoji).
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { APIEmbed } from 'discord.js'
import { chromium, type Page } from 'playwright-core'
import { startApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import { openStore } from '../../src/store/index.ts'
import { type Channel, type Message, startDiscord } from '../../test/chat/discord/stand-in/index.ts'
import { says, startStandIn } from '../../test/providers/stand-in.ts'
import { createDatabase } from '../../test/services/database.ts'
import { startPostgres } from '../../test/services/postgres.ts'
import { programPath } from '../../test/services/programs.ts'
import { castVotes, modelKeys, setUp } from './votes.ts'

const answers = {
  'qwen3.8-max':
    'Imagine Russian dolls: to open the biggest one, you open it and find a smaller one **just like it** inside.\n\n1. Open the doll.\n2. Is there another one inside? Do the same with it.\n3. The smallest one does not open: you are done.\n\n| doll | inside |\n|---|---|\n| big | a smaller one |\n| smallest | nothing |',
  'gpt-6.1-sol':
    'You stand in a queue and want to know your place. You ask the person in front of you, who asks the next one:\n\n```python\ndef place(person):\n    if person.is_first:\n        return 1\n    return place(person.in_front) + 1\n```\nThe first one says “1”, and everybody adds one on the way back.',
}

const modules = join(import.meta.dirname, '..', '..', 'node_modules')
const origin = 'http://pictures.example'

await using postgres = await startPostgres()
await using database = await createDatabase(postgres.url)
await using providers = await startStandIn()
await using discord = await startDiscord()
for (const [model, text] of Object.entries(answers)) providers.alwaysFor(model, says(text, [24, 118]))
const guild = discord.guild({ name: 'Acme' })
const models = discord.textChannel(guild, 'models')
await using _app = await startApp(
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
    DISCORD_TOKEN: discord.token,
    DISCORD_API_URL: discord.url,
  }),
)
await discord.until(() => discord.connections > 0)

const browser = await chromium.launch({
  executablePath: programPath('chromium', 'chromium'),
  args: ['--no-sandbox', '--disable-gpu'],
})
const english = await told('en-US', 'Explain recursion to a ten-year-old.')
await take('discord-ballot', 760, drawn(english.voting, english.thread))
await take('discord-thread', 760, english.thread.messages.map(message => drawn(message)).join(''))
await take('discord-leaderboard', 760, drawn(english.board))
await take('discord-leaderboard-phone', 450, drawn(english.board))
const german = await told('de', 'Erkläre einem zehnjährigen Kind Rekursion.')
await take('discord-revealed', 760, drawn(german.revealed))
for (const [name, locale, models] of [
  ['discord-summary', 'en-US', 3],
  ['discord-summary-german', 'de', 8],
] as const) {
  await take(`${name}-phone`, 420, drawn(await summarised(locale, models)))
}
await browser.close()
process.exit(0)

/** A week of a team that compares so many models, posted by whoever manages its server. */
async function summarised(locale: string, models: number): Promise<Message> {
  const log = { info: () => {}, warn: () => {}, error: () => {} }
  const { store } = await openStore({ databaseUrl: database.url, log, onFatal: () => {} })
  const team = discord.guild({ name: 'Acme' })
  const channel = discord.textChannel(team, 'models')
  await castVotes(store, { platform: 'discord', externalId: team.id, channel: channel.id, models })
  const workspaceId = await store.people.workspace('discord', team.id)
  const boss = discord.person('Boss', { locale, manageServer: true })
  await setUp(store, workspaceId, { boss: boss.id, channel: channel.id, locale: locale === 'de' ? 'de' : 'en' })
  boss.slash(channel, 'summary', { what: 'post' })
  await discord.until(() => channel.messages.length > 0, 'the summary')
  await store.close()
  const [post] = channel.messages
  if (!post) throw new Error('no summary')
  return post
}

type Told = { voting: Message; thread: Channel; revealed: Message; board: Message }

/** One comparison from the question to the leaderboard; `voting` and `thread` as they were before the reveal. */
async function told(locale: string, prompt: string): Promise<Told> {
  const ada = discord.person('Ada', { locale })
  const others = ['Bo', 'Cleo', 'Dan', 'Eve'].map(name => discord.person(name))
  const asked = ada.slash(models, 'compare', { prompt, category: 'coding' })
  await discord.until(() => asked.reply?.reactions.has('👎'))
  const ballot = asked.reply
  const thread = ballot && discord.threadOf(ballot)
  if (!ballot || !thread) throw new Error('no ballot')
  for (const [index, person] of others.entries()) person.react(ballot, index < 3 ? '🇧' : '🤝')
  ada.react(ballot, '🇦')
  await discord.until(() => ballot.content.includes('5 pe') || ballot.content.includes('5 Pe'))
  const before = { voting: structuredClone(ballot), thread: { ...thread, messages: structuredClone(thread.messages) } }
  const id = /"reveal:([^"]+)"/.exec(JSON.stringify(ballot.components))?.[1] ?? ''
  ada.press(ballot, `reveal:${id}`)
  await discord.until(() => ballot.components.length === 0)
  const board = ada.slash(models, 'leaderboard')
  await discord.until(() => board.reply !== undefined && board.reply.content !== '')
  if (!board.reply) throw new Error('no leaderboard')
  return { ...before, revealed: ballot, board: board.reply }
}

async function take(name: string, width: number, content: string): Promise<void> {
  const page = await browser.newPage({ viewport: { width, height: 400 }, deviceScaleFactor: 1.5 })
  await servePackages(page)
  await page.goto(`${origin}/`)
  await page.setContent(`<!doctype html><html lang="en"><meta charset="utf-8">
<script type="importmap">${JSON.stringify({ imports: importMap() })}</script>
<script type="module">import '@skyra/discord-components-core'; await customElements.whenDefined('discord-message'); document.body.dataset.ready = ''</script>
<style>
  body { margin: 0; background: #313338 }
  discord-messages { border: 0; padding: 8px 0; font-family: "gg sans", "Noto Sans", "DejaVu Sans", "Noto Color Emoji", sans-serif; line-height: 1.375 }
  .when { background: #3f4147; border-radius: 3px; padding: 0 2px }
  .picture { max-width: 100%; border-radius: 8px; margin-top: 4px; display: block }
</style><body><discord-messages>${content}</discord-messages></body></html>`)
  await page.locator('body[data-ready]').waitFor()
  await page.evaluate('new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve)))')
  await page.locator('discord-messages').screenshot({ path: join(import.meta.dirname, `${name}.png`) })
  await page.close()
}

/** The components as their packages have them: the browser asks a place that is nowhere but here. */
async function servePackages(page: Page): Promise<void> {
  await page.route(`${origin}/**`, async route => {
    const { pathname } = new URL(route.request().url())
    if (pathname === '/') return route.fulfill({ contentType: 'text/html', body: '' })
    return route.fulfill({ contentType: 'text/javascript', body: readFileSync(join(modules, pathname)) })
  })
}

function importMap(): Record<string, string> {
  const packages = ['lit', 'lit-html', 'lit-element', '@lit/reactive-element', '@lit/context']
  return Object.fromEntries(
    [...packages, '@skyra/discord-components-core'].flatMap(name => {
      const { main, module } = JSON.parse(readFileSync(join(modules, name, 'package.json'), 'utf8'))
      return [
        [name, `${origin}/${name}/${module ?? main}`],
        [`${name}/`, `${origin}/${name}/`],
      ]
    }),
  )
}

function drawn(message: Message, thread?: Channel): string {
  const avatar = picture('🥊')
  const embeds = message.embeds.map(embed => embedded(embed, message))
  const pictures = message.attachments
    .filter(({ filename }) => filename.endsWith('.png') && embeds.length === 0)
    .map(({ bytes }) => `<img class="picture" src="data:image/png;base64,${Buffer.from(bytes).toString('base64')}">`)
  const reactions = [...message.reactions].map(
    ([emoji, users]) => `<discord-reaction name="${emoji}" emoji="${emoji}" count="${users.size}"></discord-reaction>`,
  )
  const rows = message.components.map(
    row => `<discord-action-row>${buttonsIn(row).map(button).join('')}</discord-action-row>`,
  )
  const below = [
    thread ? startOf(thread) : '',
    rows.length > 0 ? `<discord-attachments slot="components">${rows.join('')}</discord-attachments>` : '',
    reactions.length > 0 ? `<discord-reactions slot="reactions">${reactions.join('')}</discord-reactions>` : '',
  ]
  return `<discord-message author="Faceoff" bot avatar="${avatar}" timestamp="12:00">${markdown(message.content)}${pictures.join('')}${embeds.join('')}${below.join('')}</discord-message>`
}

function embedded(embed: Record<string, unknown>, message: Message): string {
  const { title, description, color, fields, footer, image } = embed as APIEmbed
  const file = message.attachments.find(({ filename }) => image?.url === `attachment://${filename}`)
  const picture = file ? ` image="data:image/png;base64,${Buffer.from(file.bytes).toString('base64')}"` : ''
  const shown = (fields ?? []).map(
    ({ name, value }) => `<discord-embed-field field-title="${escaped(name)}">${markdown(value)}</discord-embed-field>`,
  )
  return `<discord-embed slot="embeds" embed-title="${escaped(title ?? '')}" color="#${(color ?? 0).toString(16)}"${picture}>
<discord-embed-description slot="description">${markdown(description ?? '')}</discord-embed-description>
<discord-embed-fields slot="fields">${shown.join('')}</discord-embed-fields>
${footer ? `<discord-embed-footer slot="footer">${escaped(footer.text)}</discord-embed-footer>` : ''}</discord-embed>`
}

/** As Discord shows a thread below the message it is on. */
function startOf({ name, messages }: Channel): string {
  return `<discord-thread slot="thread" name="${escaped(name)}" cta="${messages.length} Messages"></discord-thread>`
}

function buttonsIn(row: Record<string, unknown>): Record<string, unknown>[] {
  return Array.isArray(row.components) ? row.components : []
}

function button({ label, emoji, style, disabled }: Record<string, unknown>): string {
  const sign = typeof emoji === 'object' && emoji !== null && 'name' in emoji ? `${emoji.name} ` : ''
  return `<discord-button type="${style === 1 ? 'primary' : 'secondary'}" ${disabled === true ? 'disabled' : ''}>${sign}${escaped(String(label))}</discord-button>`
}

/** Discord's Markdown, as far as our messages have it. */
function markdown(content: string): string {
  const parts = content.split(/```(\w*)\n([\s\S]*?)\n?```/)
  let html = ''
  for (let at = 0; at < parts.length; at += 3) {
    html += (parts[at] ?? '').split('\n').map(line).join('<br>').replaceAll('<br><discord-quote', '<discord-quote')
    const [language, code] = [parts[at + 1], parts[at + 2]]
    if (code !== undefined) html += `<discord-code multiline language="${language}">${escaped(code)}</discord-code>`
  }
  return html.replaceAll(/<\/(discord-quote|discord-header|discord-subscript|discord-code)><br>/g, '</$1>')
}

function line(text: string): string {
  const [, mark = '', rest = text] = /^(-# |## |### |> )?([\s\S]*)$/.exec(text) ?? []
  const inner = inline(rest)
  if (mark === '-# ') return `<discord-subscript>${inner}</discord-subscript>`
  if (mark === '> ') return `<discord-quote>${inner}</discord-quote>`
  if (mark !== '') return `<discord-header level="${mark.length - 1}">${inner}</discord-header>`
  return inner
}

function inline(text: string): string {
  return escaped(text)
    .replace(/\*\*(.+?)\*\*/g, '<discord-bold>$1</discord-bold>')
    .replace(/\[([^\]]+)\]\((https:[^)]+)\)/g, '<discord-link href="$2">$1</discord-link>')
    .replace(/`([^`]+)`/g, '<discord-code>$1</discord-code>')
    .replace(/&lt;t:\d+:R&gt;/g, '<span class="when">in 24 hours</span>')
    .replace(/\\([^\w\s])/g, '$1')
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

function picture(emoji: string): string {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="16" fill="#2b2560" opacity="${emoji === '🥊' ? 1 : 0}"/><text x="16" y="24" font-size="22" text-anchor="middle" font-family="Noto Color Emoji">${emoji}</text></svg>`
  return `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`
}
