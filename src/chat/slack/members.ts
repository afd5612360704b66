/** People as Slack knows them: what they are called, their language, whether they lead the workspace. */
import type { People, Person } from '../../core/ports.ts'
import { type Locale, localeFor } from '../../core/text/index.ts'
import type { SlackApi } from './api.ts'
import type { Team } from './place.ts'

export type Member = { name: string; locale: Locale; admin: boolean; bot: boolean }

/** Whom we act for: the person in our rows, with what Slack says about them. */
export type Known = { person: Person; locale: Locale; workspaceId: string }

/** How long an answer is believed, in milliseconds. */
const believedMs = 3_600_000
const mostMembers = 10_000

/** People wait behind this question: what is not known by then is guessed. In milliseconds. */
const patienceMs = 800

export class Members {
  readonly #api: SlackApi
  readonly #people: People
  readonly #known = new Map<string, { member: Promise<Member | undefined>; at: number }>()
  readonly #workspaces = new Map<string, string>()

  constructor(parts: { api: SlackApi; people: People }) {
    this.#api = parts.api
    this.#people = parts.people
  }

  async workspaceId({ team }: Team): Promise<string> {
    const known = this.#workspaces.get(team) ?? (await this.#people.workspace('slack', team))
    this.#workspaces.set(team, known)
    return known
  }

  /** `name`: what the event calls them, where it does. */
  async known(team: Team, userId: string, name?: string): Promise<Known> {
    const [workspaceId, member] = await Promise.all([this.workspaceId(team), this.member(team, userId)])
    const person = await this.#people.person(workspaceId, userId, { name: member?.name ?? name ?? userId })
    const locale = person.locale ?? member?.locale ?? 'en'
    return { person: { ...person, admin: person.admin || (member?.admin ?? false) }, locale, workspaceId }
  }

  /** Undefined where Slack does not say: the right `users:read` is missing, or it is too slow. */
  async member(team: Team, userId: string): Promise<Member | undefined> {
    const key = `${team.team}/${userId}`
    const known = this.#known.get(key)
    if (known && performance.now() - known.at < believedMs) return known.member
    const asked = this.#ask(team, userId).catch(() => undefined)
    this.#known.set(key, { member: asked, at: performance.now() })
    const [oldest] = this.#known.keys()
    if (this.#known.size > mostMembers && oldest !== undefined) this.#known.delete(oldest)
    const late = Promise.withResolvers<undefined>()
    const timer = setTimeout(() => late.resolve(undefined), patienceMs)
    try {
      const member = await Promise.race([asked, late.promise])
      // Whoever could not be looked up is asked about again.
      if (member === undefined) this.#known.delete(key)
      return member
    } finally {
      clearTimeout(timer)
    }
  }

  async #ask(team: Team, userId: string): Promise<Member | undefined> {
    const { user } = await this.#api.call(team, {
      method: 'users.info',
      urgency: 'now',
      ask: client => client.users.info({ user: userId, include_locale: true }),
    })
    if (user === undefined) return undefined
    const name = user.profile?.display_name || user.real_name || user.name || userId
    return { name, locale: localeFor(user.locale), admin: user.is_admin ?? false, bot: user.is_bot ?? false }
  }
}
