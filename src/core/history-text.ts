/** Past comparisons in words. */
import type { HistoryEntry } from './history.ts'
import { formatDate } from './text/format.ts'
import type { Text } from './text/index.ts'

/** "Ada · Nov 23, 2026 · Coding · Qwen3.8 Max, GPT-6.1 Sol · Qwen3.8 Max wins": what stands under the prompt. */
export function historyFacts(entry: HistoryEntry, text: Text): string {
  const { asker, createdAt, category, models, winners, phase, voted } = entry
  const outcome =
    winners === null
      ? text.ballot.phase[phase]
      : winners.length === 0
        ? text.results.undecided
        : winners.length === 1
          ? text.results.winner(winners.join())
          : text.results.tied(winners.join(', '))
  return [
    asker.name,
    formatDate(createdAt, text),
    ...(category ? [text.categories[category]] : []),
    ...(models ? [models.map(({ name }) => name).join(', ')] : []),
    text.ballot.voted(voted),
    outcome,
  ].join(' · ')
}
