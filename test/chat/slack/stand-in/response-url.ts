/** What an app posts to a `response_url`: shown to one person or to all, also where the app's bot may not post. */
import { flag, type Json, string } from './json.ts'
import { contentsOf } from './methods/chat.ts'
import type { MessageFields, ResponseUrl } from './model.ts'
import { Refusal } from './refusal.ts'
import type { State } from './state.ts'
import type { Parts, Reply } from './web-api.ts'

const mostUses = 5
const validMs = 30 * 60_000

export function respond(parts: Parts, address: string, body: Json): Reply & { error?: string } {
  const target = parts.state.responseUrls.get(address)
  const refused = (status: number, error: string) => ({ ...plain(status, error), error })
  if (target === undefined) return refused(404, 'no_service')
  if (parts.state.clock.now - target.at > validMs) return refused(404, 'expired_url')
  if (target.uses >= mostUses) return refused(404, 'used_url')
  try {
    show(parts.state, target, body, 'response_url', address)
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown
    return { ...plain(404, JSON.stringify({ ok: false, error: thrown.error, ...thrown.more })), error: thrown.error }
  }
  target.uses += 1
  return plain(200, 'ok')
}

/** Also what an app answers a slash command with directly. */
export function show(state: State, target: ResponseUrl, body: Json, via: string, address: string): void {
  const { original } = target
  if (flag(body.delete_original) === true) {
    if (original !== undefined) original.deleted = true
    return
  }
  const workspace = state.workspaces.get(target.team)
  const contents = contentsOf({ state, workspace }, body)
  if (flag(body.replace_original) === true && original !== undefined) {
    original.text = contents.text
    original.blocks = contents.blocks ?? []
    original.attachments = contents.attachments ?? []
    original.edits.push({ at: state.clock.now, text: original.text, blocks: original.blocks })
    return
  }
  const fields: MessageFields = {
    team: target.team,
    channel: target.channel,
    ts: state.clock.timestamp(),
    threadTs: string(body.thread_ts) || undefined,
    user: workspace?.botUserId ?? '',
    ours: true,
    text: contents.text,
    blocks: contents.blocks ?? [],
    attachments: contents.attachments ?? [],
    unfurlLinks: flag(body.unfurl_links),
    unfurlMedia: flag(body.unfurl_media),
    linkNames: flag(body.link_names) === true || body.parse === 'full',
    via,
  }
  if (body.response_type === 'in_channel') state.add(fields)
  else state.ephemerals.push({ message: state.ephemeral(fields), user: target.user, responseUrl: address })
}

function plain(status: number, body: string): Reply {
  return { status, headers: { 'content-type': body.startsWith('{') ? 'application/json' : 'text/plain' }, body }
}
