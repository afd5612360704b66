import { type Ballot, openChoices } from './ballot.ts'
import type { Choice, Comparison } from './comparison.ts'
import { asFaceoffError, FaceoffError } from './errors.ts'
import type { Parts, Person } from './ports.ts'
import { takeReactions } from './reactions.ts'
import { abandonBallot } from './reveal.ts'
import { existing, showBallot } from './showing.ts'

/**
 * Casts or changes one person's vote. Throws `ballot_closed`, or `choice_not_open` for an answer that cannot be read
 * yet. An answer that can be read stays readable, so only the closing can come between the check and the write, and
 * the write checks that itself.
 */
export async function castVote(parts: Parts, comparisonId: string, voter: Person, choice: Choice): Promise<Ballot> {
  mustTake(choice, await existing(parts, comparisonId))
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

/**
 * A reaction that the platform reports. Throws as `castVote` does; one that came too early for its answer is found on the
 * platform once the answer can be read.
 */
export async function addReaction(parts: Parts, comparisonId: string, voter: Person, choice: Choice): Promise<Ballot> {
  mustTake(choice, await existing(parts, comparisonId))
  const counted = await parts.store.votes.react(comparisonId, voter.id, choice, parts.clock.now())
  if (!counted) throw new FaceoffError({ code: 'ballot_closed' })
  return showBallot(parts, comparisonId)
}

/** A reaction is gone, whoever removed it. Throws `ballot_closed`. */
export async function removeReaction(
  parts: Parts,
  comparisonId: string,
  voter: Person,
  choice: Choice,
): Promise<Ballot> {
  mustBeOpen(await existing(parts, comparisonId))
  const taken = await parts.store.votes.unreact(comparisonId, voter.id, choice)
  if (!taken) throw new FaceoffError({ code: 'ballot_closed' })
  return showBallot(parts, comparisonId)
}

/** Brings the votes up to what the platform holds; returns its ids of voters whose reactions leave open which counts. */
export async function reconcile(parts: Parts, comparisonId: string): Promise<string[]> {
  try {
    const undecided = await takeReactions(parts, await existing(parts, comparisonId))
    await showBallot(parts, comparisonId)
    return undecided
  } catch (thrown) {
    if (asFaceoffError(thrown).problem.code !== 'post_gone') throw thrown
    await abandonBallot(parts, comparisonId)
    return []
  }
}

function mustTake(choice: Choice, comparison: Comparison): void {
  mustBeOpen(comparison)
  if (!openChoices(comparison).includes(choice)) throw new FaceoffError({ code: 'choice_not_open', choice })
}

function mustBeOpen(comparison: Comparison): void {
  if (comparison.status !== 'open') throw new FaceoffError({ code: 'ballot_closed' })
}
