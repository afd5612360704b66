/**
 * Where a comparison is shown on Discord. It is stored with the comparison, so that any process, and a restarted one,
 * can go on.
 */
import { z } from 'zod'
import type { Posts } from '../../core/ports.ts'

/** Why there is no thread: people are told. */
const reasons = ['in_thread', 'in_voice', 'no_right', 'not_installed'] as const
export type WithoutThread = (typeof reasons)[number]

const place = z.object({
  channelId: z.string(),
  /**
   * `thread`: the answers stand in a thread on the ballot; `here`: they follow it in its channel; `reply`: the app is no
   * member there, and everything goes through the interaction, as long as its token lives.
   */
  mode: z.enum(['thread', 'here', 'reply']),
  why: z.enum(reasons).nullable(),
  applicationId: z.string(),
  /** The interaction's, good for 15 minutes. */
  token: z.string(),
})

export type Place = z.infer<typeof place>

export function placeText(of: Place): string {
  return JSON.stringify(of)
}

const conversation = 'channel '

/** What a workspace is called here: its server, or, outside of servers, its one conversation. */
export function workspaceName(guildId: string | null, channelId: string): string {
  return guildId ?? `${conversation}${channelId}`
}

/** The server of a workspace; null for a conversation. */
export function guildOf(workspace: string): string | null {
  return workspace.startsWith(conversation) ? null : workspace
}

/** Where a ballot stands; null where nothing can be linked, or it was not posted. */
export async function ballotLink(
  posts: Pick<Posts, 'of'>,
  comparisonId: string,
  { guildId, channel }: { guildId: string | null; channel: string },
): Promise<string | null> {
  const messageId = guildId === null ? undefined : (await posts.of(comparisonId)).get('ballot')
  return messageId === undefined ? null : `https://discord.com/channels/${guildId}/${channel}/${messageId}`
}

/** Throws for a comparison of another platform: that is a defect. */
export function placeOf(text: string | null): Place {
  return place.parse(JSON.parse(text ?? 'null'))
}
