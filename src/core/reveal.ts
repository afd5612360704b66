/** How a ballot ends: by a person, by its time, or because there is nothing left to compare. */
import { type Ballot, phaseOf } from './ballot.ts'
import { canBeRevealed, closeBallot } from './closing.ts'
import type { Comparison } from './comparison.ts'
import { FaceoffError } from './errors.ts'
import type { Parts, Person } from './ports.ts'
import { existing, showAnswerOf, showBallot, showBallotOf } from './showing.ts'

/** Asks the runs to stop; what was written so far stays and can be voted on. Throws `not_asker_nor_admin`. */
export async function stopAnswers(parts: Parts, comparisonId: string, person: Person): Promise<Ballot> {
  const comparison = await existing(parts, comparisonId)
  mustLead(person, comparison)
  if (comparison.status !== 'open') throw new FaceoffError({ code: 'ballot_closed' })
  await parts.store.comparisons.stop(comparisonId, parts.clock.now())
  return settle(parts, comparisonId)
}

/**
 * Closes the ballot and names the models. Answers still under way are stopped. Throws `not_asker_nor_admin`,
 * `ballot_closed`, or `too_early_to_reveal` while fewer than two answers can be read.
 */
export async function revealBallot(parts: Parts, comparisonId: string, person: Person): Promise<Ballot> {
  const comparison = await existing(parts, comparisonId)
  mustLead(person, comparison)
  if (comparison.status !== 'open') throw new FaceoffError({ code: 'ballot_closed' })
  if (!canBeRevealed(comparison)) throw new FaceoffError({ code: 'too_early_to_reveal' })
  await closeBallot(parts, comparison)
  return showClosed(parts, comparisonId)
}

/** Its message or its thread was deleted: what people cannot see they cannot vote on. */
export async function abandonBallot(parts: Parts, comparisonId: string): Promise<void> {
  const comparison = await existing(parts, comparisonId)
  if (comparison.status !== 'open') return
  await closeBallot(parts, comparison)
  await showBallot(parts, comparisonId)
}

/** The end of the voting time: revealed where there is something to compare, else void. */
export async function closeDueBallots(parts: Parts): Promise<void> {
  for (const comparisonId of await parts.store.comparisons.due(parts.clock.now())) {
    await closeBallot(parts, await existing(parts, comparisonId))
    await showClosed(parts, comparisonId)
  }
}

/**
 * After an answer has become final: shows the ballot, and once all are final voids it when fewer than two can be read.
 * Not before: the answer that is left is worth reading to its end.
 */
export async function settle(parts: Parts, comparisonId: string): Promise<Ballot> {
  const comparison = await existing(parts, comparisonId)
  if (phaseOf(comparison) !== 'open' || canBeRevealed(comparison)) return showBallotOf(parts, comparison)
  await closeBallot(parts, comparison)
  return showClosed(parts, comparisonId)
}

/** The ballot with its results, and the answers with their names. */
async function showClosed(parts: Parts, comparisonId: string): Promise<Ballot> {
  const comparison = await existing(parts, comparisonId)
  const ballot = await showBallotOf(parts, comparison)
  await Promise.all(comparison.contestants.map(contestant => showAnswerOf(parts, comparison, contestant)))
  return ballot
}

function mustLead(person: Person, comparison: Comparison): void {
  if (!person.admin && person.id !== comparison.asker.id) throw new FaceoffError({ code: 'not_asker_nor_admin' })
}
