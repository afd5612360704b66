/** What stands before every page: whose host name this is, where a form came from, and the console's password. */
import { createHash, timingSafeEqual } from 'node:crypto'
import { isIP } from 'node:net'
import { getConnInfo } from '@hono/node-server/conninfo'
import type { Context, MiddlewareHandler } from 'hono'
import { getSignedCookie, setSignedCookie } from 'hono/cookie'
import { csrf } from 'hono/csrf'
import { secureHeaders } from 'hono/secure-headers'
import type { Clock } from '../core/ports.ts'

/** No inline script or style, nothing from elsewhere, in nobody's frame. */
export function securityHeaders(): MiddlewareHandler {
  return secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'", 'data:'],
      connectSrc: ["'self'"],
      formAction: ["'self'"],
      baseUri: ["'none'"],
      frameAncestors: ["'none'"],
    },
    xFrameOptions: 'DENY',
    // Not `no-referrer`: with it browsers send `Origin: null` with our own forms. Other sites still learn nothing.
    referrerPolicy: 'same-origin',
    // Whether there is HTTPS, and for which subdomains, is the proxy's to say.
    strictTransportSecurity: false,
  })
}

/**
 * Refuses host names that are not ours: a foreign name that resolves to this machine (DNS rebinding) would make a
 * foreign page same-origin with the console. An address in place of a name cannot be rebound.
 */
export function hostCheck(allowed: readonly string[]): MiddlewareHandler {
  const names = new Set(['localhost', ...allowed.map(host => host.toLowerCase())])
  return async (c, next) => {
    const host = (c.req.header('host') ?? '').toLowerCase()
    const name = host.replace(/:\d+$/, '')
    const isOurs = names.has(host) || names.has(name) || isIP(name.replace(/^\[|\]$/g, '')) !== 0
    return isOurs ? next() : c.text('This console has another name.', 421)
  }
}

/** Forms come from our own pages only, and nothing but forms is taken. */
export function formCheck(publicUrl: string | null): MiddlewareHandler[] {
  const publicOrigin = publicUrl === null ? null : new URL(publicUrl).origin
  const ownOrigin = csrf({
    origin: (origin, c) => origin === publicOrigin || origin === new URL(c.req.url).origin,
  })
  const formsOnly: MiddlewareHandler = async (c, next) => {
    if (c.req.method === 'GET' || c.req.method === 'HEAD') return next()
    const type = c.req.header('content-type') ?? ''
    const isForm = /^(application\/x-www-form-urlencoded|multipart\/form-data)\b/i.test(type)
    return isForm ? next() : c.text('Forms only.', 415)
  }
  return [formsOnly, ownOrigin]
}

/** Wrong passwords that one address may give within a minute. */
const freeGuesses = 5
const guessWindowMs = 60_000
/** Addresses that are remembered at most. */
const mostAddresses = 10_000

/** One password for the whole console, as a session cookie that dies with the password. */
export class PasswordGate {
  readonly #digest: Buffer | null
  readonly #secret: string
  readonly #secure: boolean
  readonly #clock: Clock
  readonly #guesses = new Map<string, number[]>()

  constructor(parts: { password: string | null; cookieSecret: string; secure: boolean; clock: Clock }) {
    this.#digest = parts.password === null ? null : digestOf(parts.password)
    this.#secret = `${parts.cookieSecret}:${this.#digest?.toString('hex') ?? ''}`
    this.#secure = parts.secure
    this.#clock = parts.clock
  }

  async isOpenTo(c: Context): Promise<boolean> {
    return this.#digest === null || (await getSignedCookie(c, this.#secret, 'entry')) === 'granted'
  }

  /** `wait`: too many wrong ones; seconds until the next may be tried. */
  async enter(c: Context, password: string): Promise<'granted' | 'wrong' | { waitSeconds: number }> {
    const address = getConnInfo(c).remote.address ?? ''
    const now = this.#clock.now().getTime()
    const recent = (this.#guesses.get(address) ?? []).filter(at => at > now - guessWindowMs)
    const [first] = recent
    if (recent.length >= freeGuesses && first !== undefined) {
      return { waitSeconds: Math.ceil((first + guessWindowMs - now) / 1000) }
    }
    if (this.#digest !== null && !timingSafeEqual(digestOf(password), this.#digest)) {
      this.#remember(address, [...recent, now])
      return 'wrong'
    }
    await setSignedCookie(c, 'entry', 'granted', this.#secret, {
      httpOnly: true,
      sameSite: 'Lax',
      secure: this.#secure,
      path: '/',
    })
    return 'granted'
  }

  #remember(address: string, guesses: number[]): void {
    this.#guesses.delete(address)
    this.#guesses.set(address, guesses)
    const [oldest] = this.#guesses.keys()
    if (this.#guesses.size > mostAddresses && oldest !== undefined) this.#guesses.delete(oldest)
  }
}

/** Compares in a time that tells nothing about where two secrets differ. */
export function isSameSecret(a: string, b: string): boolean {
  return timingSafeEqual(digestOf(a), digestOf(b))
}

function digestOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}
