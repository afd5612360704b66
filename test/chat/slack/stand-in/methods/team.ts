import { flag, type Json, string } from '../json.ts'
import type { User, Workspace } from '../model.ts'
import { Refusal } from '../refusal.ts'
import type { Method } from './request.ts'

/** Seconds from UTC, now. */
function offsetOf(timeZone: string, at: number): number {
  const there = new Date(at).toLocaleString('en-US', { timeZone })
  const utc = new Date(at).toLocaleString('en-US', { timeZone: 'UTC' })
  return (Date.parse(there) - Date.parse(utc)) / 1000
}

export const team: Record<string, Method> = {
  'auth.test': {
    scopes: [],
    run({ workspace, appId }) {
      return {
        url: `https://${workspace.domain}.slack.com/`,
        team: workspace.name,
        user: 'faceoff',
        team_id: workspace.id,
        user_id: workspace.botUserId,
        bot_id: workspace.botId,
        app_id: appId,
        ...(workspace.enterprise && { enterprise_id: workspace.enterprise.id }),
        is_enterprise_install: workspace.enterprise?.install ?? false,
      }
    },
  },
  'auth.revoke': {
    scopes: [],
    run({ state, token, args }) {
      if (flag(args.test) === true) return { revoked: false }
      const record = state.tokens.get(token)
      if (record !== undefined) record.state = 'token_revoked'
      return { revoked: true }
    },
  },
  'team.info': {
    scopes: ['team:read'],
    run: ({ workspace: { id, name, domain } }) => ({ team: { id, name, domain, email_domain: '' } }),
  },
  'bots.info': {
    scopes: ['users:read'],
    run({ workspace, args, appId }) {
      if (string(args.bot) !== workspace.botId) throw new Refusal('bot_not_found')
      const bot = { id: workspace.botId, app_id: appId, user_id: workspace.botUserId, name: 'Faceoff', deleted: false }
      return { bot: { ...bot, icons: {}, updated: 0 } }
    },
  },
  'users.info': {
    scopes: ['users:read'],
    run({ workspace, args, state }) {
      const user = workspace.users.get(string(args.user))
      if (user === undefined) throw new Refusal('user_not_found')
      return { user: userJson(user, workspace, state.clock.now, flag(args.include_locale) === true) }
    },
  },
  'users.list': {
    scopes: ['users:read'],
    run: ({ workspace, args, state }) => ({
      members: [...workspace.users.values()]
        .slice(0, Number(args.limit) || 200)
        .map(user => userJson(user, workspace, state.clock.now, flag(args.include_locale) === true)),
    }),
  },
}

function userJson(user: User, workspace: Workspace, now: number, withLocale: boolean): Json {
  return {
    id: user.id,
    team_id: workspace.id,
    name: user.name,
    real_name: user.name,
    deleted: false,
    profile: { display_name: user.name, real_name: user.name, team: workspace.id },
    is_admin: user.admin,
    is_owner: false,
    is_primary_owner: false,
    is_restricted: false,
    is_ultra_restricted: false,
    is_bot: user.bot,
    is_app_user: false,
    tz: user.tz,
    tz_label: user.tz,
    tz_offset: offsetOf(user.tz, now),
    ...(withLocale && { locale: user.locale }),
  }
}
