/** Who looks at a page, in which language and at what time of day. */
import { randomUUID } from 'node:crypto'
import type { Context } from 'hono'
import { accepts } from 'hono/accepts'
import { getCookie, getSignedCookie, setCookie, setSignedCookie } from 'hono/cookie'
import type { Ballot } from '../core/ballot.ts'
import { FaceoffError } from '../core/errors.ts'
import type { People, Person } from '../core/ports.ts'
import { type Locale, localeFor, locales, type Text, textFor } from '../core/text/index.ts'

export type Viewer = { person: Person | null; locale: Locale; text: Text; timeZone: string }

export const nameLimit = 40

const yearSeconds = 365 * 24 * 3600

/** What people choose once per browser, and the cookies that remember it. */
export class Viewers {
  readonly #people: People
  readonly #secret: string
  readonly #secure: boolean
  readonly #workspaceId: () => Promise<string>

  constructor(parts: { people: People; secret: string; secure: boolean; workspaceId: () => Promise<string> }) {
    this.#people = parts.people
    this.#secret = parts.secret
    this.#secure = parts.secure
    this.#workspaceId = parts.workspaceId
  }

  async of(c: Context): Promise<Viewer> {
    const locale = languageOf(c)
    const id = await getSignedCookie(c, this.#secret, 'person')
    const person = id ? ((await this.#people.find(id)) ?? null) : null
    return { person, locale, text: textFor(locale), timeZone: timeZoneOf(c) }
  }

  /** Somebody new, whom this browser is from now on. Throws `name_bad` or `name_taken`. */
  async join(c: Context, givenName: string): Promise<Person> {
    const workspaceId = await this.#workspaceId()
    // The browser is the identity, so each one is somebody new.
    const person = await this.#people.person(workspaceId, randomUUID(), { name: readName(givenName) })
    await setSignedCookie(c, 'person', person.id, this.#secret, this.#cookie(yearSeconds))
    return person
  }

  async rename(person: Person, givenName: string): Promise<void> {
    await this.#people.rename(person.id, readName(givenName))
  }

  makeAdmin(person: Person): Promise<void> {
    return this.#people.makeAdmin(person.id)
  }

  speak(c: Context, locale: Locale): void {
    setCookie(c, 'language', locale, this.#cookie(yearSeconds))
  }

  #cookie(maxAge: number) {
    return { httpOnly: true, sameSite: 'Lax', secure: this.#secure, path: '/', maxAge } as const
  }
}

/** Stopping and revealing are for whoever asked, and for admins. */
export function mayLead({ person }: Viewer, ballot: Ballot): boolean {
  return person !== null && (person.admin || person.id === ballot.asker.id)
}

/** Without what makes one name look like another: control and direction characters, runs of white space. */
function readName(given: string): string {
  const name = given
    .toWellFormed()
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  if (name === '' || [...name].length > nameLimit) throw new FaceoffError({ code: 'name_bad', limit: nameLimit })
  return name
}

function languageOf(c: Context): Locale {
  const chosen = getCookie(c, 'language')
  const known = locales.find(locale => locale === chosen)
  if (known) return known
  const wanted = accepts(c, {
    header: 'Accept-Language',
    supports: [...locales],
    default: 'en',
    match: (accepted, { supports, default: fallback }) =>
      [...accepted]
        .sort((a, b) => b.q - a.q)
        .map(({ type }) => type.toLowerCase().slice(0, 2))
        .find(language => supports.includes(language)) ?? fallback,
  })
  return localeFor(wanted)
}

/** As the browser told by our script; before that the server's own, which is right for a console at home. */
function timeZoneOf(c: Context): string {
  const home = Intl.DateTimeFormat().resolvedOptions().timeZone
  const told = getCookie(c, 'timezone') ?? home
  try {
    new Intl.DateTimeFormat('en', { timeZone: told })
    return told
  } catch {
    return home
  }
}
