/**
 * From the rows to the platforms. What could not be shown is no reason to stop: the rows are right, and the sweep shows
 * them again until the platform has them.
 */
import { answerStateOf, type Ballot, ballotOf } from './ballot.ts'
import { closeBallot } from './closing.ts'
import type { AnswerRef, Comparison, Contestant, Platform } from './comparison.ts'
import { asFaceoffError, FaceoffError } from './errors.ts'
import type { Chat, Parts, ShownPart } from './ports.ts'

/** Throws `comparison_missing`. */
export async function existing({ store }: Pick<Parts, 'store'>, comparisonId: string): Promise<Comparison> {
  const comparison = await store.comparisons.find(comparisonId)
  if (comparison === undefined) throw new FaceoffError({ code: 'comparison_missing' })
  return comparison
}

/** Shows the ballot as the rows have it now. */
export async function showBallot(parts: Parts, comparisonId: string): Promise<Ballot> {
  return showBallotOf(parts, await existing(parts, comparisonId))
}

/** Shows the ballot as it was just read. */
export async function showBallotOf(parts: Parts, comparison: Comparison): Promise<Ballot> {
  const ballot = ballotOf(comparison, parts.catalogue)
  await shown(parts, comparison, 'ballot', chat => chat.showBallot(ballot))
  return ballot
}

/** Shows the answer under `contestant.label` as it was just read. */
export async function showAnswerOf(parts: Parts, comparison: Comparison, contestant: Contestant): Promise<void> {
  const state = answerStateOf(comparison, contestant, parts.catalogue)
  await shown(parts, comparison, contestant.label, chat => chat.showAnswer(state))
}

/** Throws `internal` for a job of a contestant that does not exist. */
export function contestantOf(comparison: Comparison, ref: AnswerRef): Contestant {
  const contestant = comparison.contestants.find(({ label }) => label === ref.label)
  if (contestant === undefined) {
    throw new FaceoffError({ code: 'internal' }, { message: 'job of a contestant that does not exist' })
  }
  return contestant
}

export function chatFor({ chats }: Pick<Parts, 'chats'>, platform: Platform): Chat {
  const chat = chats.find(candidate => candidate.platform === platform)
  if (chat === undefined) throw new FaceoffError({ code: 'internal' }, { message: `${platform} is not connected` })
  return chat
}

async function shown(
  parts: Parts,
  comparison: Comparison,
  part: ShownPart,
  show: (chat: Chat) => Promise<void>,
): Promise<void> {
  const { store, log } = parts
  const closed = comparison.status !== 'open'
  try {
    await show(chatFor(parts, comparison.platform))
    if (comparison.platform !== 'console') await store.unshown.settle(comparison.id, part, closed)
  } catch (thrown) {
    const error = asFaceoffError(thrown)
    log.warn({ err: error, comparisonId: comparison.id, part }, 'not shown')
    // What the platform will not have is owed to nobody any more.
    if (error.kind === 'permanent') await store.unshown.settle(comparison.id, part, closed).catch(() => {})
    // Nobody can read or vote on what somebody deleted.
    if (error.problem.code === 'post_gone' && !closed) await closeBallot(parts, comparison)
  }
}
