/**
 * The row in PostgreSQL and the job on the queue are not written together. The sweep closes that gap from the side of
 * the rows: whatever is not final and has no job gets one. It may run in every process at once; adding a job that
 * exists changes nothing.
 */
import type { AnswerRef } from './comparison.ts'
import { providerOf } from './model.ts'
import type { Parts } from './ports.ts'
import { closeDueBallots, settle } from './reveal.ts'
import { contestantOf, existing, showAnswerOf, showBallotOf } from './showing.ts'

export async function sweep(parts: Parts): Promise<void> {
  const unfinished = await parts.store.answers.unfinished()
  for (const [provider, answers] of Map.groupBy(unfinished, ({ model }) => providerOf(model))) {
    const refs = answers.map(({ ref }) => ref)
    const mended = parts.catalogue.provider(provider) ? addMissing(parts, provider, refs) : failAll(parts, refs)
    // A queue that is away is no reason to leave other providers' answers lying, or a ballot open.
    await mended.catch(error => parts.log.warn({ err: error, provider }, 'jobs not added, left to the next sweep'))
  }
  await closeDueBallots(parts)
  await showUnshown(parts)
}

/** Somebody is at it, as a rule, within this time; in milliseconds. */
const showingMs = 10_000

async function showUnshown(parts: Parts): Promise<void> {
  const platforms = parts.chats.map(({ platform }) => platform).filter(platform => platform !== 'console')
  const due = await parts.store.unshown.list(platforms, showingMs)
  const byComparison = Map.groupBy(due, ({ comparisonId }) => comparisonId)
  await Promise.all(
    [...byComparison].map(async ([comparisonId, owed]) => {
      const comparison = await existing(parts, comparisonId)
      for (const { part } of owed) {
        if (part === 'ballot') await showBallotOf(parts, comparison)
        else await showAnswerOf(parts, comparison, contestantOf(comparison, { comparisonId, label: part }))
      }
    }),
  )
}

async function addMissing({ queue, log }: Parts, provider: string, refs: AnswerRef[]): Promise<void> {
  const having = new Set((await queue.having(provider, refs)).map(keyOf))
  const missing = refs.filter(ref => !having.has(keyOf(ref)))
  if (missing.length === 0) return
  await queue.add(provider, missing)
  log.info({ provider, jobs: missing.length }, 'jobs added again')
}

/** The operator took the provider away: its contestants would wait forever. */
async function failAll(parts: Parts, refs: AnswerRef[]): Promise<void> {
  for (const ref of refs) {
    if (await parts.store.answers.fail(ref, 'provider_off')) await settle(parts, ref.comparisonId)
  }
}

function keyOf(ref: AnswerRef): string {
  return `${ref.comparisonId}-${ref.label}`
}
