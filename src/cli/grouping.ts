/**
 * Groups votes while they are read: each becomes three small numbers (what was chosen on which ballot, which comparison,
 * which voter), and only those are kept. Ten million votes take about 120 MB, and less without voters or comparisons.
 */

import type { Cluster, Tallies, Votes } from '../core/rating/index.ts'
import { compare } from '../core/rating/votes.ts'
import { Names } from './names.ts'

/** What a vote chose: a place on the ballot (0 is the first), or one of these. */
export const tie = -1
export const bothBad = -2

/** No comparison, no voter. */
export const unknown = -1

/** A ballot with its labels in one order; its outcomes are numbered from `first`: each place, tie, both bad. */
type Layout = { number: number; models: readonly number[]; set: number; first: number }

/** Clusters with more votes than this are hardly ever alike: looking for their twins would cost more than it saves. */
const mostAlike = 64

export class Grouping {
  readonly models = new Names()
  readonly questions = new Names()
  readonly voters = new Names()
  private readonly layouts: Layout[] = []
  /** Layout by outcome. */
  private readonly byOutcome: Layout[] = []
  private readonly layoutNumbers = new Map<string, number>()
  private readonly sets = new Map<string, number>()
  /** Layout + 1 of the pair (a, b) at a·width + b. */
  private pairs = new Int32Array(64 * 64)
  private width = 64
  /** By question: the set of its first ballot, and the comparison that is. Others stand in `#comparisons`. */
  private readonly firstSets = new Column()
  private readonly firstComparisons = new Column()
  private readonly comparisons = new Map<number, number>()
  private comparisonCount = 0
  private readonly outcomeLog = new Column()
  private readonly comparisonLog = new Column()
  private readonly voterLog = new Column()

  /** The number of votes so far. */
  get votes(): number {
    return this.outcomeLog.length
  }

  /** A vote on two models; equal numbers stand for a model that was put beside itself. */
  addPair(a: number, b: number, choice: number, question: number, voter: number): void {
    let layout = a < this.width && b < this.width ? (this.pairs[a * this.width + b] ?? 0) - 1 : -1
    if (layout < 0) {
      layout = this.layoutOf(a === b ? [a] : [a, b])
      this.remember(a, b, layout)
    }
    this.add(layout, a === b && choice >= 0 ? 0 : choice, question, voter)
  }

  /** A vote on any number of different models. */
  addBallot(models: readonly number[], choice: number, question: number, voter: number): void {
    this.add(this.layoutOf(models), choice, question, voter)
  }

  /** `withVoters`: arena mode does without the voters' clusters, which can be many. */
  tallies(withVoters: boolean): Tallies {
    const names = this.layouts.map(({ models }) => models.map(number => this.models.name(number)))
    const voters = new Clustering(this.voterLog, this.outcomeLog, this.voters.size)
    const busiest = this.busiest(voters)
    return {
      comparisons: this.clusters(new Clustering(this.comparisonLog, this.outcomeLog, this.comparisonCount), names),
      voters: {
        known: this.voters.size,
        busiest:
          busiest < 0 ? null : { voter: this.voters.name(busiest), votes: this.rows(voters.members(busiest), names) },
        clusters: withVoters ? this.clusters(voters, names, 'known only') : [],
      },
    }
  }

  private add(layout: number, choice: number, question: number, voter: number): void {
    const { models, set, first } = this.layouts[layout] ?? noLayout
    this.outcomeLog.push(first + (choice >= 0 ? choice : models.length - 1 - choice))
    if (question >= 0) this.comparisonLog.put(this.outcomeLog.length - 1, this.comparison(question, set))
    if (voter >= 0) this.voterLog.put(this.outcomeLog.length - 1, voter)
  }

  private comparison(question: number, set: number): number {
    if (question === this.firstSets.length) {
      this.firstSets.push(set)
      this.firstComparisons.push(this.comparisonCount)
      return this.comparisonCount++
    }
    if (this.firstSets.at(question) === set) return this.firstComparisons.at(question)
    const key = question * 2 ** 21 + set
    const known = this.comparisons.get(key)
    if (known !== undefined) return known
    this.comparisons.set(key, this.comparisonCount)
    return this.comparisonCount++
  }

  private layoutOf(models: readonly number[]): number {
    const key = models.join()
    const known = this.layoutNumbers.get(key)
    if (known !== undefined) return known
    const sorted = [...models].sort((a, b) => a - b).join()
    const set = this.sets.get(sorted) ?? this.sets.size
    this.sets.set(sorted, set)
    const layout = { number: this.layouts.length, models: [...models], set, first: this.byOutcome.length }
    for (let outcome = 0; outcome < models.length + 2; outcome++) this.byOutcome.push(layout)
    this.layoutNumbers.set(key, this.layouts.length)
    return this.layouts.push(layout) - 1
  }

  private remember(a: number, b: number, layout: number): void {
    // Beyond a few thousand models the table would outgrow the votes; the map serves those.
    if (Math.max(a, b) >= 4096) return
    if (Math.max(a, b) >= this.width) {
      const width = 2 ** Math.ceil(Math.log2(Math.max(a, b) + 1))
      const pairs = new Int32Array(width * width)
      for (let row = 0; row < this.width; row++) {
        pairs.set(this.pairs.subarray(row * this.width, (row + 1) * this.width), row * width)
      }
      this.pairs = pairs
      this.width = width
    }
    this.pairs[a * this.width + b] = layout + 1
  }

  private busiest(voters: Clustering): number {
    let busiest = -1
    let most = 0
    for (let voter = 0; voter < this.voters.size; voter++) {
      const votes = voters.members(voter).length
      const sooner = votes === most && compare(this.voters.name(voter), this.voters.name(busiest)) < 0
      if (votes <= most && !sooner) continue
      most = votes
      busiest = voter
    }
    return busiest
  }

  /** Clusters whose votes fell alike, counted together; a vote without a cluster is one by itself. */
  private clusters(clustering: Clustering, names: readonly (readonly string[])[], which?: 'known only'): Cluster[] {
    const found: Cluster[] = []
    // State machine over a cluster's sorted outcomes: clusters that end in the same state are alike.
    const times: number[] = [0]
    const outcomes: (readonly number[])[] = [[]]
    const following = new Map<number, number>()
    const after = (state: number, outcome: number): number => {
      const key = state * this.byOutcome.length + outcome
      const known = following.get(key)
      if (known !== undefined) return known
      following.set(key, times.length)
      outcomes.push([...(outcomes[state] ?? []), outcome])
      return times.push(0) - 1
    }
    for (let cluster = 0; cluster < clustering.size; cluster++) {
      const members = clustering.members(cluster)
      if (members.length > mostAlike) {
        found.push({ times: 1, votes: this.rows(members, names) })
        continue
      }
      let state = 0
      for (const outcome of sorted(members)) state = after(state, outcome)
      times[state] = (times[state] ?? 0) + 1
    }
    if (which !== 'known only') {
      clustering.alone.forEach((count, outcome) => {
        if (count === 0) return
        const state = after(0, outcome)
        times[state] = (times[state] ?? 0) + count
      })
    }
    times.forEach((count, state) => {
      if (count > 0 && state > 0) found.push({ times: count, votes: this.rows(outcomes[state] ?? [], names) })
    })
    return found
  }

  private rows(outcomes: Iterable<number>, names: readonly (readonly string[])[]): Votes[] {
    const rows = new Map<Layout, number[]>()
    for (const outcome of outcomes) {
      const layout = this.byOutcome[outcome] ?? noLayout
      const counts = rows.get(layout) ?? new Array<number>(layout.models.length + 2).fill(0)
      rows.set(layout, counts)
      counts[outcome - layout.first] = (counts[outcome - layout.first] ?? 0) + 1
    }
    return [...rows].map(([layout, counts]) => ({
      models: names[layout.number] ?? [],
      wins: counts.slice(0, -2),
      ties: counts.at(-2) ?? 0,
      bothBad: counts.at(-1) ?? 0,
    }))
  }
}

const noLayout: Layout = { number: -1, models: [], set: 0, first: 0 }

/** A list of numbers that grows; places never written hold `unknown`. */
class Column {
  private values = new Int32Array(1 << 10).fill(unknown)
  length = 0

  at(place: number): number {
    return place < this.length ? (this.values[place] ?? unknown) : unknown
  }

  push(value: number): void {
    this.put(this.length, value)
  }

  put(place: number, value: number): void {
    if (place >= this.values.length) this.grow(place + 1)
    this.values[place] = value
    this.length = place + 1
  }

  private grow(size: number): void {
    const larger = new Int32Array(2 ** Math.ceil(Math.log2(size))).fill(unknown, this.values.length)
    larger.set(this.values)
    this.values = larger
  }
}

/** The outcomes of each cluster side by side, by counting sort. */
class Clustering {
  readonly size: number
  /** By outcome: how many votes belong to no cluster. */
  readonly alone: number[] = []
  private readonly ends: Int32Array
  private readonly outcomes: Int32Array

  constructor(clusters: Column, outcomes: Column, size: number) {
    this.size = size
    this.ends = new Int32Array(size + 1)
    for (let vote = 0; vote < clusters.length; vote++) {
      const cluster = clusters.at(vote)
      if (cluster >= 0) this.ends[cluster + 1] = (this.ends[cluster + 1] ?? 0) + 1
    }
    for (let cluster = 0; cluster < size; cluster++) {
      this.ends[cluster + 1] = (this.ends[cluster + 1] ?? 0) + (this.ends[cluster] ?? 0)
    }
    this.outcomes = new Int32Array(this.ends[size] ?? 0)
    const next = this.ends.slice()
    for (let vote = 0; vote < outcomes.length; vote++) {
      const outcome = outcomes.at(vote)
      const cluster = clusters.at(vote)
      if (cluster < 0) {
        this.alone[outcome] = (this.alone[outcome] ?? 0) + 1
        continue
      }
      const place = next[cluster] ?? 0
      next[cluster] = place + 1
      this.outcomes[place] = outcome
    }
  }

  members(cluster: number): Int32Array {
    return this.outcomes.subarray(this.ends[cluster], this.ends[cluster + 1])
  }
}

/** Sorts in place; clusters are short, so inserting beats a call. */
function sorted(members: Int32Array): Int32Array {
  for (let at = 1; at < members.length; at++) {
    const value = members[at] ?? 0
    let place = at
    while (place > 0 && (members[place - 1] ?? 0) > value) {
      members[place] = members[place - 1] ?? 0
      place--
    }
    members[place] = value
  }
  return members
}
