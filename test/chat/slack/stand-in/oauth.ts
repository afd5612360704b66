/** Installing the app: the page is `emulate`'s, which workspace it is for and what the token means is ours. */
import { type Json, string } from './json.ts'
import type { Workspace } from './model.ts'
import { Refusal } from './refusal.ts'
import type { Parts, Reply } from './web-api.ts'

export async function authorizePage({ state, emulated, app }: Parts, query: URLSearchParams): Promise<Reply> {
  if (query.get('client_id') !== app.clientId) return page(400, 'Invalid client_id parameter')
  const chosen = state.workspaces.get(query.get('team') ?? '')
  if (chosen !== undefined) {
    const { status, html } = await emulated.authorizePage(chosen, query)
    return page(status, html)
  }
  const links = [...state.workspaces.values()].map(workspace => {
    const address = `/oauth/v2/authorize?${new URLSearchParams([...query, ['team', workspace.id]])}`
    return `<li><a href="${address.replaceAll('&', '&amp;')}">${workspace.name}</a></li>`
  })
  return page(200, `<h1>Choose a workspace</h1><ul>${links.join('')}</ul>`)
}

export async function allow({ state, emulated }: Parts, team: string, form: URLSearchParams): Promise<Reply> {
  const workspace = state.workspaces.get(team)
  if (workspace === undefined) return page(400, 'no such workspace')
  const location = await emulated.allow(workspace, form)
  return { status: 302, headers: { location }, body: '' }
}

function page(status: number, body: string): Reply {
  return { status, headers: { 'content-type': 'text/html; charset=utf-8' }, body }
}

/** `oauth.v2.access` */
export async function grant({ state, emulated, app }: Parts, args: Json, authorization: string): Promise<Json> {
  const { answer, workspace } = await emulated.exchange(args, authorization)
  if (workspace === undefined) throw new Refusal(string(answer.error) || 'invalid_code')
  const scopes = string(answer.scope).split(',').filter(Boolean)
  workspace.scopes = new Set(scopes)
  const token = install(state, workspace, string(answer.access_token))
  const { enterprise } = workspace
  const { authed_user } = answer
  return {
    ok: true,
    access_token: token,
    token_type: 'bot',
    scope: scopes.join(','),
    bot_user_id: workspace.botUserId,
    app_id: app.id,
    team: enterprise?.install ? null : { id: workspace.id, name: workspace.name },
    enterprise: enterprise ? { id: enterprise.id, name: enterprise.name } : null,
    is_enterprise_install: enterprise?.install ?? false,
    authed_user,
  }
}

export function install(state: Parts['state'], workspace: Workspace, token: string): string {
  workspace.botToken = token
  state.tokens.set(token, { team: workspace.id, kind: 'bot', state: 'active', scopes: undefined })
  return token
}
