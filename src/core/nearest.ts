/** The candidate within two edits (Levenshtein) or with the same beginning, if there is one. */
export function nearest(wanted: string, candidates: readonly string[]): string | null {
  const low = wanted.toLowerCase()
  const scored = candidates
    .map(candidate => ({ candidate, distance: distance(low, candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)
  const [best] = scored
  if (best && best.distance <= Math.min(2, low.length - 1)) return best.candidate
  if (low.length < 2) return null
  return candidates.find(candidate => candidate.toLowerCase().includes(low)) ?? null
}

/** Levenshtein: inserted, removed and replaced characters. */
function distance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let row = 1; row <= a.length; row++) {
    const current = [row]
    for (let column = 1; column <= b.length; column++) {
      const replaced = (previous[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1)
      current[column] = Math.min(replaced, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1)
    }
    previous = current
  }
  return previous[b.length] ?? 0
}
