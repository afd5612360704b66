/** The end of a ballot in the rows; what comes of it on the platforms is shown by others. */
import { isReadable } from './ballot.ts'
import { type Comparison, contestantsNeeded } from './comparison.ts'
import type { Parts } from './ports.ts'
import { takeReactions } from './reactions.ts'

/** Revealed where there is something to compare, else void. Votes that only the platform knows of are counted first. */
export async function closeBallot(parts: Parts, comparison: Comparison): Promise<void> {
  const { store, clock, log } = parts
  const outcome = canBeRevealed(comparison) ? 'revealed' : 'void'
  await takeReactions(parts, comparison).catch(error => {
    log.warn({ err: error, comparisonId: comparison.id }, 'reactions not read, closing with the votes that are known')
  })
  if (await store.comparisons.close(comparison.id, outcome, clock.now())) {
    log.info({ comparisonId: comparison.id, outcome }, 'ballot closed')
  }
}

export function canBeRevealed(comparison: Comparison): boolean {
  return comparison.contestants.filter(contestant => isReadable(contestant.answer)).length >= contestantsNeeded
}
