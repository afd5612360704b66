/**
 * Slack. `createSlack` gives its chat adapter and what answers Slack's requests; `start` connects, by Socket Mode where
 * that is wished for.
 */
import { App, SocketModeReceiver, webApi } from '@slack/bolt'
import type { Charts } from '../../charts/index.ts'
import type { Arena } from '../../core/arena.ts'
import type { Command } from '../../core/command.ts'
import { asFaceoffError } from '../../core/errors.ts'
import type { Catalogue, Chat, Store } from '../../core/ports.ts'
import type { Log } from '../../log.ts'
import { acknowledgeMentionsOnceKept } from './acknowledging.ts'
import { SlackApi } from './api.ts'
import { SlackChat } from './chat.ts'
import { Links } from './links.ts'
import { Listening } from './listening.ts'
import { Members } from './members.ts'
import { OAuth } from './oauth.ts'
import { Pictures } from './pictures.ts'
import { HttpReceiver, teamOf } from './receiver.ts'
import { codeOf } from './refusals.ts'
import { Replying } from './replying.ts'
import { sealsOf } from './seals.ts'
import { SlackSummaries } from './summaries.ts'
import { listenForSummaries } from './summary-listening.ts'
import { type Access, InstalledTeams, oneTeam, type Teams } from './teams.ts'
import { Telling } from './telling.ts'

export { askSlack } from './asking-slack.ts'
export { botScopes, slackManifest } from './manifest.ts'

/** How the app gets in. */
export type SlackAccess =
  | {
      kind: 'token'
      botToken: string
      events: { kind: 'http'; signingSecret: string } | { kind: 'sockets'; appToken: string }
    }
  | {
      kind: 'oauth'
      clientId: string
      clientSecret: string
      stateSecret: string
      signingSecret: string
      /** 32 bytes each: the first seals, all open. */
      tokenKeys: readonly Buffer[]
    }

export type SlackParts = {
  access: SlackAccess
  /** Ends in `/api/`. */
  apiUrl: string
  /** Where people reach this server; for OAuth and links. */
  publicUrl: string | null
  arena: Arena
  commands: readonly Command[]
  charts: Pick<Charts, 'post'>
  store: Pick<
    Store,
    'posts' | 'votes' | 'answers' | 'people' | 'comparisons' | 'installations' | 'budgets' | 'wishes' | 'summaryPosts'
  >
  catalogue: Pick<Catalogue, 'models' | 'defaults'>
  votingMs: number
  log: Log
  /** How long Slack's minute is, in milliseconds; shorter in tests. */
  minuteMs?: number
}

export type Slack = {
  chat: Chat
  /** Answers what is asked below `/slack/`. */
  fetch(request: Request): Promise<Response>
  /** The workspace's name; null where there are many, or Slack cannot be asked. */
  name(): Promise<string | null>
  /** Takes events, and brings open ballots up to date. */
  start(): Promise<void>
  /** Takes no more events; resolves when what was begun is done. */
  close(): Promise<void>
}

/** Slack rejects a token; `variable` is the one that holds it. */
export class SlackUnusable extends Error {
  readonly variable: 'SLACK_BOT_TOKEN' | 'SLACK_APP_TOKEN'
  readonly code: string

  constructor(variable: SlackUnusable['variable'], code: string, cause: unknown) {
    super(`Slack cannot be used: ${code}`, { cause })
    this.variable = variable
    this.code = code
  }
}

/** Asks Slack who we are. Throws `SlackUnusable`. */
export async function createSlack(parts: SlackParts): Promise<Slack> {
  const { access, apiUrl, publicUrl, arena, store, log, minuteMs = 60_000 } = parts
  const logger = quietLogger(log)
  const installed =
    access.kind === 'oauth'
      ? new InstalledTeams({ installations: store.installations, seals: sealsOf(access.tokenKeys) })
      : null
  const teams: Teams = installed ?? (await teamOfToken(access.kind === 'token' ? access.botToken : '', apiUrl, logger))
  const isOurs = async (team: Parameters<Teams['find']>[0]) => (await teams.find(team)) !== undefined
  const tokenOf = async (team: Parameters<Teams['find']>[0]) => (await teams.find(team))?.token
  const api = new SlackApi({ tokenOf, budgets: store.budgets, apiUrl, minuteMs, logger })
  const members = new Members({ api, people: store.people })
  const links = new Links({ api, posts: store.posts })
  const pictures = new Pictures({ api, minuteMs, log })
  const telling = new Telling({ api, arena, members, teams, posts: store.posts })
  const summaries = new SlackSummaries({
    api,
    ledger: store.summaryPosts,
    charts: parts.charts,
    pictures,
    links,
    telling,
    consoleUrl: publicUrl,
    log,
  })
  // The chat tells people by the listeners, and the listeners act on the chat.
  const chat: SlackChat = new SlackChat({
    api,
    posts: store.posts,
    answers: store.answers,
    arena,
    members,
    teams,
    summaries,
    minuteMs,
    log,
    tellUndecided: (ballot, userIds) => listening.tellUndecided(ballot, userIds),
  })
  const replying = new Replying({ ...parts, telling, pictures, links, summaries })
  const listening: Listening = new Listening({
    ...parts,
    api,
    chat,
    members,
    teams,
    telling,
    replying,
    links,
    consoleUrl: publicUrl,
  })

  const signingSecret =
    access.kind === 'oauth' ? access.signingSecret : access.events.kind === 'http' ? access.events.signingSecret : null
  const http = signingSecret === null ? null : new HttpReceiver({ signingSecret, isOurs, now: Date.now, log })
  const sockets =
    access.kind === 'token' && access.events.kind === 'sockets'
      ? new SocketModeReceiver({
          appToken: access.events.appToken,
          logger,
          installerOptions: { clientOptions: { slackApiUrl: apiUrl, timeout: 10_000 } },
        })
      : null
  const receiver = http ?? sockets
  if (receiver === null) throw new Error('no way for events to come')
  const bolt = new App({
    receiver,
    logger,
    clientOptions: { slackApiUrl: apiUrl },
    authorize: async (_, body) => {
      const team = teamOf({ ...body })
      const found = team && (await teams.find(team))
      if (!team || !found) throw new Error('not installed there')
      const enterprise = team.enterprise === null ? {} : { enterpriseId: team.enterprise }
      return { botToken: found.token, botUserId: found.botUserId, teamId: team.team, ...enterprise }
    },
  })
  listening.on(bolt)
  listenForSummaries(bolt, { api, arena, members, log })
  acknowledgeMentionsOnceKept(bolt)

  const oauth =
    access.kind === 'oauth' && installed && publicUrl !== null
      ? new OAuth({ ...access, apiUrl, publicUrl, teams: installed, now: Date.now, log })
      : null
  const reconciling = new Reconciling(parts, id => listening.reconcile(id))
  return {
    chat,
    name: () =>
      teams.only().then(
        found => found?.teamName ?? null,
        () => null,
      ),
    fetch: async request => {
      const { pathname } = new URL(request.url)
      if (pathname === '/slack/events' && request.method === 'POST' && http) return http.answer(request)
      if (pathname === '/slack/install' && request.method === 'GET' && oauth) return oauth.begin()
      if (pathname === '/slack/oauth_redirect' && request.method === 'GET' && oauth) return oauth.finish(request)
      return new Response(null, { status: 404 })
    },
    start: async () => {
      await listening.takeLeft()
      sockets?.client.on('connected', () => reconciling.begin())
      if (sockets) {
        await sockets.start().catch(error => {
          throw new SlackUnusable('SLACK_APP_TOKEN', codeOf(error) ?? 'unknown', error)
        })
      } else reconciling.begin()
    },
    close: async () => {
      await sockets?.stop().catch(() => {})
      // What waits for its turn is given up; the rows, and Slack's own memory, have it.
      api.close()
      await reconciling.close()
      await listening.close()
      pictures.close()
      await replying.close()
      await chat.close()
    },
  }
}

/** Asks Slack who we are; where it does not answer, again as soon as that is needed. */
async function teamOfToken(botToken: string, apiUrl: string, logger: webApi.Logger): Promise<Teams> {
  const client = new webApi.WebClient(botToken, {
    slackApiUrl: apiUrl,
    timeout: 10_000,
    retryConfig: { retries: 0 },
    logger,
  })
  let known: Promise<Teams> | undefined
  const ask = () => {
    known ??= identify(client, botToken).catch(error => {
      known = undefined
      throw error
    })
    return known
  }
  await ask().catch(error => {
    const code = codeOf(error)
    if (code !== undefined) throw new SlackUnusable('SLACK_BOT_TOKEN', code, error)
  })
  return {
    find: async team => (await ask()).find(team),
    remove: async () => {},
    only: async () => (await ask()).only(),
  }
}

async function identify(client: InstanceType<typeof webApi.WebClient>, token: string): Promise<Teams> {
  const who = await client.auth.test()
  const access: Access = {
    token,
    botUserId: who.user_id ?? '',
    botName: who.user ?? 'faceoff',
    team: who.team_id ?? '',
    teamName: who.team ?? '',
  }
  return oneTeam(access, who.is_enterprise_install ? (who.enterprise_id ?? null) : null)
}

/** The newest facts win: what people did while nobody listened is read from Slack, ballot by ballot. */
class Reconciling {
  readonly #parts: Pick<SlackParts, 'arena' | 'store' | 'log'>
  readonly #reconcile: (comparisonId: string) => Promise<void>
  #running: Promise<void> | undefined
  #isWanted = false
  #end = false

  constructor(parts: Pick<SlackParts, 'arena' | 'store' | 'log'>, reconcile: (comparisonId: string) => Promise<void>) {
    this.#parts = parts
    this.#reconcile = reconcile
  }

  begin(): void {
    this.#isWanted = true
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined
    })
  }

  async close(): Promise<void> {
    this.#end = true
    await this.#running
  }

  async #run(): Promise<void> {
    const { arena, store, log } = this.#parts
    while (this.#isWanted && !this.#end) {
      this.#isWanted = false
      const open = await store.comparisons.open('slack').catch(() => [])
      for (const comparisonId of open) {
        if (this.#end) return
        try {
          await this.#reconcile(comparisonId)
        } catch (thrown) {
          const error = asFaceoffError(thrown)
          log.warn({ err: error, comparisonId }, 'ballot not reconciled')
          if (error.problem.code === 'post_gone') await arena.abandon(comparisonId).catch(() => {})
        }
      }
    }
  }
}

/** Bolt's own words, by our logger: what is worth a look only, since they may quote what people wrote. */
function quietLogger(log: Log): webApi.Logger {
  return {
    debug: () => {},
    info: () => {},
    warn: message => log.debug({ message: String(message).slice(0, 200) }, 'warning of the Slack client'),
    error: message => log.debug({ message: String(message).slice(0, 200) }, 'error of the Slack client'),
    setLevel: () => {},
    getLevel: () => webApi.LogLevel.ERROR,
    setName: () => {},
  }
}
