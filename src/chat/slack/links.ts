/** Where ballots stand, for whoever wants to go there. */
import type { Posts } from '../../core/ports.ts'
import type { SlackApi } from './api.ts'
import type { Team } from './place.ts'
import { postedAs } from './thread.ts'

export class Links {
  readonly #api: SlackApi
  readonly #posts: Pick<Posts, 'of'>

  constructor(parts: { api: SlackApi; posts: Pick<Posts, 'of'> }) {
    this.#api = parts.api
    this.#posts = parts.posts
  }

  /** By comparison id; without those that stand nowhere, or that Slack gives no link to. */
  async to(team: Team, comparisonIds: readonly string[]): Promise<Map<string, string>> {
    const found = comparisonIds.map(async id => [id, await this.#link(team, id).catch(() => undefined)] as const)
    return new Map((await Promise.all(found)).flatMap(([id, link]) => (link === undefined ? [] : [[id, link]])))
  }

  async #link(team: Team, comparisonId: string): Promise<string | undefined> {
    const posted = (await this.#posts.of(comparisonId)).get('ballot')
    if (posted === undefined) return undefined
    const { channel, ts } = postedAs(posted)
    const { permalink } = await this.#api.call(team, {
      method: 'chat.getPermalink',
      urgency: 'now',
      ask: client => client.chat.getPermalink({ channel, message_ts: ts }),
    })
    return permalink
  }
}
