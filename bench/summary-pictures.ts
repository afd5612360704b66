/** Draws one summary's picture again and again, as a process of its own, and says what memory that took. */
import { createCharts } from '../src/charts/index.ts'
import type { ModelId } from '../src/core/model.ts'
import { momentsOf } from '../src/core/rating/index.ts'
import { summaryOf, type WeekSummary } from '../src/core/summary.ts'
import { weekOf } from '../src/core/week.ts'

export const models = 20
export const pictures = 1_000
export const week = weekOf(new Date('2026-11-18T12:00:00Z'), 'Europe/Berlin')

/** MiB; the highest that was seen in the first hundred pictures and in the last. */
export type PictureMemory = { first: number; last: number }

if (import.meta.main) process.send?.(await drawAll())

async function drawAll(): Promise<PictureMemory> {
  const charts = createCharts()
  const summary = smallSummary()
  const resident: number[] = []
  try {
    for (let picture = 0; picture < pictures; picture++) {
      const drawn = await charts.post(summary, { locale: 'en', theme: 'light' })
      if (drawn === null) throw new Error('nothing to see')
      resident.push(process.memoryUsage.rss() / 1024 ** 2)
    }
  } finally {
    await charts.close()
  }
  return { first: Math.max(...resident.slice(0, 100)), last: Math.max(...resident.slice(-100)) }
}

/** As many models as the week of a million votes has. */
function smallSummary(): WeekSummary {
  const all = Array.from({ length: models }, (_, number): ModelId => `demo/m${number}`)
  const ballots = all.slice(1).map((model, at) => ({
    category: null,
    models: [all[at] ?? model, model],
    counts: [3, 2, 1, 0],
    times: 9,
    example: null,
  }))
  const kept = momentsOf({
    comparisons: ballots.map(({ models, times }) => ({
      times,
      votes: [{ models, wins: [3, 2], ties: 1, bothBad: 0 }],
    })),
    voters: { known: 0, busiest: null, clusters: [] },
  })
  const open = { count: 0, comparisonIds: [] }
  const facts = { asked: 9, askers: [], voters: 3, ballots, answers: [], open }
  const numbers = summaryOf(facts, kept, kept, model => model)
  return { workspaceId: 'w', week, asOf: week.end, numbers, missed: [] }
}
