/** Installing the app by oneself: `/slack/install` leads to Slack, and Slack back to `/slack/oauth_redirect`. */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { webApi } from '@slack/bolt'
import { localeFor, textFor } from '../../core/text/index.ts'
import type { Log } from '../../log.ts'
import { botScopes } from './manifest.ts'
import { silent } from './silent.ts'
import type { InstalledTeams } from './teams.ts'

/** How long somebody may take at Slack's page, in milliseconds. */
const patienceMs = 600_000
const cookieName = 'faceoff_slack_install'

type OAuthParts = {
  clientId: string
  clientSecret: string
  stateSecret: string
  apiUrl: string
  publicUrl: string
  teams: InstalledTeams
  now: () => number
  log: Log
}

export class OAuth {
  readonly #parts: OAuthParts

  constructor(parts: OAuthParts) {
    this.#parts = parts
  }

  /** The state is signed, short-lived, and bound to this browser by a cookie. */
  begin(): Response {
    const { clientId, apiUrl } = this.#parts
    const nonce = randomBytes(18).toString('base64url')
    const url = new URL('/oauth/v2/authorize', apiUrl)
    url.search = new URLSearchParams({
      client_id: clientId,
      scope: botScopes.join(','),
      redirect_uri: this.#redirectUri,
      state: this.#sign(`${this.#parts.now()}.${nonce}`),
    }).toString()
    const secure = this.#redirectUri.startsWith('https:') ? '; Secure' : ''
    const cookie = `${cookieName}=${nonce}; Path=/slack; Max-Age=600; HttpOnly; SameSite=Lax${secure}`
    return new Response(null, { status: 302, headers: { location: url.href, 'set-cookie': cookie } })
  }

  async finish(request: Request): Promise<Response> {
    const text = textFor(localeFor(request.headers.get('accept-language')))
    const { searchParams } = new URL(request.url)
    const code = searchParams.get('code')
    const team = code !== null && this.#isOwn(request, searchParams.get('state')) ? await this.#exchange(code) : null
    const words = text.slack.install
    return page(
      team === null ? 400 : 200,
      text.locale,
      team === null ? words.failed : words.done(team),
      team === null ? words.again : null,
    )
  }

  get #redirectUri(): string {
    return `${this.#parts.publicUrl}/slack/oauth_redirect`
  }

  /** The workspace's name, or null where Slack refused. */
  async #exchange(code: string): Promise<string | null> {
    const { clientId, clientSecret, apiUrl, teams, log } = this.#parts
    const client = new webApi.WebClient(undefined, {
      slackApiUrl: apiUrl,
      timeout: 10_000,
      retryConfig: { retries: 0 },
      logger: silent,
    })
    try {
      const granted = await client.oauth.v2.access({
        client_id: clientId,
        client_secret: clientSecret,
        code,
        redirect_uri: this.#redirectUri,
      })
      const owner = granted.is_enterprise_install ? granted.enterprise : granted.team
      const { access_token: token, bot_user_id: botUserId } = granted
      if (owner?.id === undefined || token === undefined || botUserId === undefined) return null
      const teamName = owner.name ?? owner.id
      const who = new webApi.WebClient(token, { slackApiUrl: apiUrl, timeout: 10_000, logger: silent })
      const botName = (await who.auth.test().catch(() => undefined))?.user ?? 'faceoff'
      await teams.save(owner.id, { token, botUserId, botName, team: granted.team?.id ?? owner.id, teamName })
      log.info({ team: owner.id }, 'Slack app installed')
      return teamName
    } catch (error) {
      log.warn({ err: error }, 'Slack app not installed')
      return null
    }
  }

  #isOwn(request: Request, state: string | null): boolean {
    const [at = '', nonce = '', signature = ''] = (state ?? '').split('.')
    const age = this.#parts.now() - Number(at)
    if (!isSame(this.#sign(`${at}.${nonce}`), `${at}.${nonce}.${signature}`)) return false
    const cookies = (request.headers.get('cookie') ?? '').split(/;\s*/)
    return age >= 0 && age < patienceMs && cookies.includes(`${cookieName}=${nonce}`)
  }

  #sign(value: string): string {
    const signature = createHmac('sha256', this.#parts.stateSecret).update(value).digest('base64url')
    return `${value}.${signature}`
  }
}

function isSame(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b))
}

function page(status: number, lang: string, sentence: string, again: string | null): Response {
  const escaped = sentence.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  const link = again === null ? '' : `<p><a href="/slack/install">${again}</a></p>`
  const html = `<!doctype html><html lang="${lang}"><meta charset="utf-8"><title>Faceoff</title><p>${escaped}</p>${link}</html>`
  const headers = {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'",
    'set-cookie': `${cookieName}=; Path=/slack; Max-Age=0; HttpOnly; SameSite=Lax`,
  }
  return new Response(html, { status, headers })
}
