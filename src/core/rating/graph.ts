/** Who met whom, and who beat whom: what can be rated at all. */

/** A kind of ballot and how its votes fell: votes for each model, and votes that named nobody. */
export type Meetings = { models: readonly number[]; wins: readonly number[]; draws: number }

/**
 * The groups of models that met, directly or through others, each ascending; larger groups first, then by first member.
 * Between two groups no vote says anything: their models are never ranked against each other.
 */
export function components(size: number, meetings: readonly Meetings[]): number[][] {
  const links = Array.from({ length: size }, (): Set<number> => new Set())
  for (const { models } of meetings) {
    const [hub = 0] = models
    for (const model of models) {
      links[hub]?.add(model)
      links[model]?.add(hub)
    }
  }
  const seen = new Set<number>()
  const groups: number[][] = []
  for (let start = 0; start < size; start++) {
    if (seen.has(start)) continue
    const group = reachable(start, links)
    for (const model of group) seen.add(model)
    groups.push([...group].sort((a, b) => a - b))
  }
  return groups.sort((a, b) => b.length - a.length || (a[0] ?? 0) - (b[0] ?? 0))
}

/** Who never lost, and whether anybody can be compared with everybody. */
export type Outcome = {
  /**
   * True when the likelihood has a maximum: from every model of the group every other can be reached along "has beaten"
   * (a draw counts both ways). Otherwise some models never lost to the rest, and the likelihood grows without end as
   * their ratings do (Ford 1957; Hunter 2004, assumption 1).
   */
  hasMaximum: boolean
  /** Models that never lost to anybody, nor drew, though they met others. */
  undefeated: number[]
}

export function outcomeOf(group: readonly number[], meetings: readonly Meetings[]): Outcome {
  if (group.length < 2) return { hasMaximum: false, undefeated: [] }
  const { beat, lostTo } = results(group, meetings)
  const [start = 0] = group
  return {
    hasMaximum: reachable(start, beat).size === group.length && reachable(start, lostTo).size === group.length,
    undefeated: group.filter(model => (lostTo[model]?.size ?? 0) === 0),
  }
}

function results(
  group: readonly number[],
  meetings: readonly Meetings[],
): { beat: Set<number>[]; lostTo: Set<number>[] } {
  const size = Math.max(...group) + 1
  const beat = Array.from({ length: size }, (): Set<number> => new Set())
  const lostTo = Array.from({ length: size }, (): Set<number> => new Set())
  for (const { models, wins, draws } of meetings) {
    for (let at = 0; at < models.length; at++) {
      if ((wins[at] ?? 0) === 0 && draws === 0) continue
      const winner = models[at] ?? 0
      for (const loser of models) {
        if (loser === winner) continue
        beat[winner]?.add(loser)
        lostTo[loser]?.add(winner)
      }
    }
  }
  return { beat, lostTo }
}

function reachable(start: number, links: readonly ReadonlySet<number>[]): Set<number> {
  const found = new Set([start])
  for (const model of found) {
    for (const next of links[model] ?? []) found.add(next)
  }
  return found
}
