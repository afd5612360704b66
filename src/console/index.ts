/**
 * The console: the third platform, in the browser. `createConsole` gives its chat adapter and its web pages;
 * `listen` (server.ts) puts the pages on a port.
 */
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { HTTPException } from 'hono/http-exception'
import type { Charts } from '../charts/index.ts'
import type { Arena } from '../core/arena.ts'
import type { Command } from '../core/command.ts'
import { asFaceoffError } from '../core/errors.ts'
import type { Catalogue, Chat, Clock, Store } from '../core/ports.ts'
import { sentenceFor } from '../core/text/index.ts'
import type { Log } from '../log.ts'
import { actingRoutes } from './acting.ts'
import { Assets } from './assets.ts'
import { boardRoutes } from './board.ts'
import { ConsoleChat } from './chat.ts'
import type { Connections } from './connections.ts'
import { Feeds, feedRoutes } from './feeds.ts'
import { formCheck, hostCheck, PasswordGate, securityHeaders } from './gate.ts'
import { Live } from './live.ts'
import { localRoutes } from './local.ts'
import { Markdown } from './markdown.ts'
import { askPassword } from './pages/entry.ts'
import { readingRoutes, showMissing } from './reading.ts'
import { type Site, showPlainPage, showTrouble, wantsParts } from './site.ts'
import { summaryRoutes } from './summaries.ts'
import { Viewers } from './viewer.ts'

export type { Connections } from './connections.ts'
export { listen } from './server.ts'

/** Bytes of a form: the longest prompt, encoded, with room for a plain answer to longer ones. */
const longestForm = 1_000_000

export type ConsoleParts = {
  arena: Arena
  commands: readonly Command[]
  store: Pick<Store, 'people' | 'settings' | 'feed' | 'answers' | 'votes' | 'tallies'>
  catalogue: Pick<Catalogue, 'models' | 'defaults'>
  /** Asked each time the Connect page is shown. */
  connections: () => Connections
  /** Throws while the process cannot work. */
  readiness: () => Promise<void>
  /** Where people reach the console, if that is known; with `https:` cookies are sent over HTTPS only. */
  publicUrl: string | null
  password: string | null
  /** The secret in the link that makes its first user the admin. */
  ownerToken: string | null
  /** Signs cookies; has to stay the same for people to stay who they are. */
  cookieSecret: string
  /** Host names, with or without a port, besides this machine's own. */
  allowedHosts: readonly string[]
  charts: Pick<Charts, 'svg' | 'png'>
  /** What the command line on this machine shows to be let in; null: it is not. */
  localToken: string | null
  clock: Clock
  log: Log
}

export type Console = {
  chat: Chat
  fetch: Hono['fetch']
  /** Ends every page's event stream. */
  close(): Promise<void>
}

export function createConsole(parts: ConsoleParts): Console {
  const { arena, store, log, clock, publicUrl, cookieSecret } = parts
  const secure = publicUrl?.startsWith('https:') ?? false
  const workspaceId = once(() => store.people.workspace('console', 'console'))
  const live = new Live({ arena, votes: store.votes, feed: store.feed, log })
  const site: Site = {
    arena,
    commands: parts.commands,
    catalogue: parts.catalogue,
    settings: store.settings,
    connections: parts.connections,
    charts: parts.charts,
    publicUrl,
    ownerToken: parts.ownerToken,
    clock,
    workspaceId,
    viewers: new Viewers({ people: store.people, secret: cookieSecret, secure, workspaceId }),
    password: new PasswordGate({ password: parts.password, cookieSecret, secure, clock }),
    feeds: new Feeds(cookieSecret),
    live,
    markdown: new Markdown(),
    assets: new Assets(),
  }
  return {
    chat: new ConsoleChat({ answers: store.answers, screen: live, log }),
    fetch: createApp(site, parts).fetch,
    close: () => live.close(),
  }
}

function createApp(site: Site, { readiness, allowedHosts, publicUrl, localToken, store, log }: ConsoleParts): Hono {
  const app = new Hono()
  const publicHost = publicUrl === null ? [] : [new URL(publicUrl).host]

  app.use(securityHeaders())
  // Asked by machines, by whatever name they know this one.
  app.get('/healthz', c => c.json({ status: 'alive' }))
  app.get('/readyz', async c => {
    try {
      await readiness()
      return c.json({ status: 'ready' })
    } catch (error) {
      log.warn({ err: error }, 'not ready')
      return c.json({ status: 'not ready' }, 503)
    }
  })

  app.route('/', localRoutes({ token: localToken, tallies: store.tallies }))

  app.use(hostCheck([...allowedHosts, ...publicHost]), ...formCheck(publicUrl))
  app.get('/assets/:name', site.assets.handler)
  app.use(async (c, next) => {
    await next()
    // Pages say who somebody is, and how they voted.
    if (!c.res.headers.has('cache-control')) c.header('Cache-Control', 'no-store')
  })
  app.route('/', feedRoutes(site))
  app.use(async (c, next) => {
    const isEntrance = c.req.method === 'POST' && ['/password', '/language'].includes(c.req.path)
    if (isEntrance || (await site.password.isOpenTo(c))) return next()
    // Whoever was let in once and is not any more sees why on a page, not in a part of one.
    if (wantsParts(c)) c.header('HX-Refresh', 'true')
    const viewer = await site.viewers.of(c)
    const { pathname, search } = new URL(c.req.url)
    const back = c.req.method === 'GET' ? `${pathname}${search}` : '/'
    const { passwordTitle } = viewer.text.console
    const content = askPassword(viewer.text, back, null)
    return showPlainPage(site, c, viewer, { title: passwordTitle, content, status: 401 })
  })
  app.use(
    bodyLimit({
      maxSize: longestForm,
      onError: async c => {
        const viewer = await site.viewers.of(c)
        return showTrouble(site, c, viewer, viewer.text.console.tooLarge, 413)
      },
    }),
  )
  app.route('/', readingRoutes(site))
  app.route('/', boardRoutes(site))
  app.route('/', summaryRoutes(site))
  app.route('/', actingRoutes(site))

  app.notFound(async c => showMissing(site, c, await site.viewers.of(c)))
  app.onError(async (thrown, c) => {
    if (thrown instanceof HTTPException) return thrown.getResponse()
    const viewer = await site.viewers.of(c).catch(() => null)
    const error = asFaceoffError(thrown)
    if (error.problem.code === 'comparison_missing' && viewer) return showMissing(site, c, viewer)
    log.error({ err: thrown, path: c.req.routePath }, 'request failed')
    if (viewer === null) return c.text('Something went wrong on our side.', 500)
    return showTrouble(site, c, viewer, sentenceFor({ code: 'internal' }, viewer.text), 500)
  })
  return app
}

/** Asks until it is answered, then remembers the answer. */
function once<Value>(ask: () => Promise<Value>): () => Promise<Value> {
  let answer: Promise<Value> | undefined
  return () => {
    answer ??= ask().catch(error => {
      answer = undefined
      throw error
    })
    return answer
  }
}
