/** Votes that people leave on the platform itself. The newest facts win over what was heard of them. */
import { ballotOf, openChoices } from './ballot.ts'
import type { Comparison } from './comparison.ts'
import type { Parts } from './ports.ts'

/**
 * Counts the reactions that the platform holds on an open ballot, whatever was missed meanwhile. Returns the platform's
 * ids of voters with several new ones, of which nobody knows the last.
 */
export async function takeReactions(parts: Parts, comparison: Comparison): Promise<string[]> {
  const { store, chats, catalogue, clock } = parts
  const chat = chats.find(({ platform }) => platform === comparison.platform)
  if (chat?.reactions === undefined || comparison.status !== 'open') return []
  const open = openChoices(comparison)
  const counted = (await chat.reactions(ballotOf(comparison, catalogue))).filter(({ choice }) => open.includes(choice))
  const externalIds = new Map<string, string>()
  const reactions = []
  for (const { voter, choice } of counted) {
    const { id } = await store.people.person(comparison.workspaceId, voter.externalId, { name: voter.name })
    externalIds.set(id, voter.externalId)
    reactions.push({ voterId: id, choice })
  }
  const taken = await store.votes.reconcile(comparison.id, reactions, clock.now())
  if (!taken) return []
  return taken.undecided.flatMap(id => externalIds.get(id) ?? [])
}
