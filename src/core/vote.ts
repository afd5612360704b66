import { type Ballot, openChoices } from './ballot.ts'
import { existing, showBallot } from './comparing.ts'
import type { Choice, Comparison } from './comparison.ts'
import { FaceoffError } from './errors.ts'
import type { Parts, Person } from './ports.ts'

/**
 * Casts or changes one person's vote. Throws `ballot_closed`, or `choice_not_open` for an answer that cannot be read
 * yet. An answer that can be read stays readable, so only the closing can come between the check and the write, and
 * the write checks that itself.
 */
export async function castVote(parts: Parts, comparisonId: string, voter: Person, choice: Choice): Promise<Ballot> {
  const comparison = await existing(parts, comparisonId)
  mustBeOpen(comparison)
  if (!openChoices(comparison).includes(choice)) throw new FaceoffError({ code: 'choice_not_open', choice })
  const cast = await parts.store.votes.cast(comparisonId, voter.id, choice, parts.clock.now())
  if (!cast) throw new FaceoffError({ code: 'ballot_closed' })
  return showBallot(parts, comparisonId)
}

/** Takes the vote back. Throws `ballot_closed`. */
export async function withdrawVote(parts: Parts, comparisonId: string, voter: Person): Promise<Ballot> {
  mustBeOpen(await existing(parts, comparisonId))
  const withdrawn = await parts.store.votes.withdraw(comparisonId, voter.id)
  if (!withdrawn) throw new FaceoffError({ code: 'ballot_closed' })
  return showBallot(parts, comparisonId)
}

function mustBeOpen(comparison: Comparison): void {
  if (comparison.status !== 'open') throw new FaceoffError({ code: 'ballot_closed' })
}
