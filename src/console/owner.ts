/** The link that makes whoever uses it first the console's admin, and is dead afterwards. */
import type { Person, Settings } from '../core/ports.ts'
import { isSameSecret } from './gate.ts'

/** Holds the id of the person who used the link. */
const ownerSetting = 'console.owner'

type Link = { ownerToken: string | null; settings: Settings }

/** True while the link is the right one and nobody has used it. */
export async function isOwnerLink({ ownerToken, settings }: Link, token: string): Promise<boolean> {
  if (ownerToken === null || !isSameSecret(token, ownerToken)) return false
  return (await settings.get(ownerSetting)) === undefined
}

/** Spends the link for this person. False when somebody else was faster. */
export async function spendOwnerLink({ settings }: Link, person: Person): Promise<boolean> {
  return (await settings.initialise(ownerSetting, person.id)) === person.id
}
