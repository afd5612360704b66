/** The link that makes whoever uses it first the console's admin, and is dead afterwards. */
import { createHash } from 'node:crypto'
import type { Person, Settings } from '../core/ports.ts'
import { isSameSecret } from './gate.ts'

/** Holds the id of the person who used the link; every link has its own. */
function settingOf(token: string): string {
  return `console.owner_link.${createHash('sha256').update(token).digest('hex').slice(0, 32)}`
}

type Link = { ownerToken: string | null; settings: Settings }

/** True while the link is the right one and nobody has used it. */
export async function isOwnerLink({ ownerToken, settings }: Link, token: string): Promise<boolean> {
  if (ownerToken === null || !isSameSecret(token, ownerToken)) return false
  return (await settings.get(settingOf(token))) === undefined
}

/** Spends the link for this person. False when somebody else was faster. */
export async function spendOwnerLink({ settings }: Link, token: string, person: Person): Promise<boolean> {
  return (await settings.initialise(settingOf(token), person.id)) === person.id
}
