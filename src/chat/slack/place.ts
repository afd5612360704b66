/**
 * Where a comparison is shown on Slack. It is stored with the comparison, so that any process, and a restarted one, can
 * go on.
 */
import type { Context } from '@slack/bolt'
import { z } from 'zod'

const place = z.object({
  team: z.string(),
  /** Set where the app is installed on a whole organisation: the token is found by it. */
  enterprise: z.string().nullable(),
  channel: z.string(),
  /** Somebody asked inside a thread: everything goes there. Otherwise the ballot opens a thread of its own. */
  thread: z.string().nullable(),
  /** Who asked, for whom Slack streams. */
  user: z.string(),
  /** Good for 30 minutes and five answers; reaches people where the app may not post. */
  responseUrl: z.string().nullable(),
})

export type Place = z.infer<typeof place>

/** A workspace, and how its token is found. */
export type Team = Pick<Place, 'team' | 'enterprise'>

export function placeText(of: Place): string {
  return JSON.stringify(of)
}

/** Whose event it is. */
export function teamIn(context: Context, team: string | undefined): Team {
  return { team: context.teamId ?? team ?? '', enterprise: context.enterpriseId ?? null }
}

/** Throws for a comparison of another platform: that is a defect. */
export function placeOf(text: string | null): Place {
  return place.parse(JSON.parse(text ?? 'null'))
}
