/**
 * Groups votes while they are read. A vote becomes three small numbers (what was chosen on which ballot, which question,
 * which voter), and only those are kept; a vote without question and voter is only counted. Ten million votes take about
 * 120 MB, or next to nothing.
 */

import type { Cluster, Tallies, Votes } from '../core/rating/index.ts'
import { compare } from '../core/rating/votes.ts'
import { Names } from './names.ts'

/** What a vote chose: a place on the ballot (0 is the first), or one of these. */
export const tie = -1
export const bothBad = -2

/** No question, no voter. */
export const unknown = -1

/** A ballot with its labels in one order; its outcomes are numbered from `first`: each place, tie, both bad. */
type Layout = { number: number; models: readonly number[]; set: number; first: number }

/** Clusters with more votes than this are hardly ever alike: looking for their twins would cost more than it saves. */
const mostAlike = 64

export class Grouping {
  readonly models = new Names()
  readonly questions = new Names()
  readonly voters = new Names()
  /** The number of votes so far. */
  votes = 0
  private readonly layouts: Layout[] = []
  /** Layout by outcome. */
  private readonly byOutcome: Layout[] = []
  private readonly layoutNumbers = new Map<string, number>()
  private readonly sets = new Map<string, number>()
  /** First outcome + 1 of the pair (a, b) at a·width + b. */
  private pairs = new Int32Array(64 * 64)
  private width = 64
  /** By outcome: votes without question and voter. All others are in the logs. */
  private readonly counts: number[] = []
  private readonly outcomeLog = new Column()
  private readonly questionLog = new Column()
  private readonly voterLog = new Column()

  /** A vote on two models; equal numbers stand for a model that was put beside itself. */
  addPair(a: number, b: number, choice: number, question: number, voter: number): void {
    const known = a < this.width && b < this.width ? (this.pairs[a * this.width + b] ?? 0) : 0
    if (known > 0) {
      // 0, 1, tie and both bad become 0, 1, 2 and 3, without an `if` that the processor would guess wrong half the time.
      const sign = choice >> 31
      this.add(known - 1 + (choice ^ sign) + (sign & 2), question, voter)
    } else if (a === b) this.addBallot([a], Math.min(choice, 0), question, voter)
    else {
      this.addBallot([a, b], choice, question, voter)
      this.remember(a, b)
    }
  }

  /** A vote on any number of different models. */
  addBallot(models: readonly number[], choice: number, question: number, voter: number): void {
    const { first } = this.layoutOf(models)
    this.add(first + (choice >= 0 ? choice : models.length - 1 - choice), question, voter)
  }

  /** `withVoters`: arena mode does without the voters' clusters, which can be many. */
  tallies(withVoters: boolean): Tallies {
    const models = Array.from({ length: this.models.size }, (_, number) => this.models.name(number))
    const names = this.layouts.map(layout => layout.models.map(number => models[number] ?? ''))
    const outcomes = this.outcomeLog.all()
    const questions = new Clustering(this.questionLog.all(), outcomes, this.questions.size)
    const voters = new Clustering(this.voterLog.all(), outcomes, this.voters.size)
    const busiest = this.busiest(voters)
    const comparisons = new AlikeClusters(this.byOutcome, names)
    for (let question = 0; question < questions.size; question++) comparisons.addQuestion(questions.members(question))
    for (const alone of [this.counts, questions.alone]) {
      alone.forEach((count, outcome) => {
        comparisons.addAlone(outcome, count)
      })
    }
    const clusters = new AlikeClusters(this.byOutcome, names)
    for (let voter = 0; withVoters && voter < voters.size; voter++) clusters.add(voters.members(voter))
    return {
      comparisons: comparisons.found(),
      voters: {
        known: this.voters.size,
        busiest:
          busiest < 0 ? null : { voter: this.voters.name(busiest), votes: clusters.votesOf(voters.members(busiest)) },
        clusters: clusters.found(),
      },
    }
  }

  private add(outcome: number, question: number, voter: number): void {
    this.votes++
    if (question < 0 && voter < 0) {
      this.counts[outcome] = (this.counts[outcome] ?? 0) + 1
      return
    }
    this.outcomeLog.push(outcome)
    this.questionLog.push(question)
    this.voterLog.push(voter)
  }

  private layoutOf(models: readonly number[]): Layout {
    const key = models.join()
    const known = this.layouts[this.layoutNumbers.get(key) ?? -1]
    if (known !== undefined) return known
    const sorted = [...models].sort((a, b) => a - b).join()
    const set = this.sets.get(sorted) ?? this.sets.size
    this.sets.set(sorted, set)
    const layout = { number: this.layouts.length, models: [...models], set, first: this.byOutcome.length }
    for (let outcome = 0; outcome < models.length + 2; outcome++) {
      this.byOutcome.push(layout)
      this.counts.push(0)
    }
    this.layoutNumbers.set(key, layout.number)
    this.layouts.push(layout)
    return layout
  }

  private remember(a: number, b: number): void {
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
    this.pairs[a * this.width + b] = this.layoutOf([a, b]).first + 1
  }

  private busiest(voters: Clustering): number {
    let busiest = -1
    let most = 0
    for (let voter = 0; voter < this.voters.size; voter++) {
      const votes = voters.sizeOf(voter)
      const sooner = votes === most && compare(this.voters.name(voter), this.voters.name(busiest)) < 0
      if (votes <= most && !sooner) continue
      most = votes
      busiest = voter
    }
    return busiest
  }
}

/** Clusters of votes; those whose votes fell alike are counted together. */
class AlikeClusters {
  private readonly byOutcome: readonly Layout[]
  private readonly names: readonly (readonly string[])[]
  private readonly large: Cluster[] = []
  // State machine over a cluster's sorted outcomes: clusters that end in the same state are alike.
  private readonly times: number[] = [0]
  private readonly outcomes: (readonly number[])[] = [[]]
  private readonly following = new Map<number, number>()

  /** `names`: the models by layout. */
  constructor(byOutcome: readonly Layout[], names: readonly (readonly string[])[]) {
    this.byOutcome = byOutcome
    this.names = names
  }

  /** One cluster of these outcomes, which are put into order. */
  add(members: Int32Array): void {
    if (members.length === 0) return
    if (members.length > mostAlike) {
      this.large.push({ times: 1, votes: this.votesOf(members) })
      return
    }
    let state = 0
    for (const outcome of sorted(members)) state = this.after(state, outcome)
    this.times[state] = (this.times[state] ?? 0) + 1
  }

  /** The same question about other models is another comparison. */
  addQuestion(members: Int32Array): void {
    const setOf = (outcome: number) => this.byOutcome[outcome]?.set ?? 0
    const set = setOf(members[0] ?? 0)
    let same = true
    for (let at = 1; at < members.length && same; at++) same = setOf(members[at] ?? 0) === set
    if (same) this.add(members)
    else for (const own of Map.groupBy(members, setOf).values()) this.add(Int32Array.from(own))
  }

  /** So many clusters of this one vote. */
  addAlone(outcome: number, times: number): void {
    if (times === 0) return
    const state = this.after(0, outcome)
    this.times[state] = (this.times[state] ?? 0) + times
  }

  found(): Cluster[] {
    const alike = this.times.flatMap((times, state) =>
      times === 0 ? [] : [{ times, votes: this.votesOf(this.outcomes[state] ?? []) }],
    )
    return [...this.large, ...alike]
  }

  votesOf(outcomes: Iterable<number>): Votes[] {
    const rows = new Map<Layout, number[]>()
    for (const outcome of outcomes) {
      const layout = this.byOutcome[outcome] ?? noLayout
      const counts = rows.get(layout) ?? new Array<number>(layout.models.length + 2).fill(0)
      rows.set(layout, counts)
      counts[outcome - layout.first] = (counts[outcome - layout.first] ?? 0) + 1
    }
    return [...rows].map(([layout, counts]) => ({
      models: this.names[layout.number] ?? [],
      wins: counts.slice(0, -2),
      ties: counts.at(-2) ?? 0,
      bothBad: counts.at(-1) ?? 0,
    }))
  }

  private after(state: number, outcome: number): number {
    const key = state * this.byOutcome.length + outcome
    const known = this.following.get(key)
    if (known !== undefined) return known
    this.following.set(key, this.times.length)
    this.outcomes.push([...(this.outcomes[state] ?? []), outcome])
    return this.times.push(0) - 1
  }
}

const noLayout: Layout = { number: -1, models: [], set: 0, first: 0 }

/** A list of numbers that grows. */
class Column {
  private values = new Int32Array(1 << 10)
  private length = 0

  push(value: number): void {
    if (this.length === this.values.length) {
      const larger = new Int32Array(2 * this.length)
      larger.set(this.values)
      this.values = larger
    }
    this.values[this.length++] = value
  }

  all(): Int32Array<ArrayBuffer> {
    return this.values.subarray(0, this.length)
  }
}

/** The outcomes of each cluster side by side, by counting sort. */
class Clustering {
  readonly size: number
  /** By outcome: how many votes belong to no cluster. */
  readonly alone: number[] = []
  private readonly ends: Int32Array
  private readonly outcomes: Int32Array

  /** `clusters` and `outcomes` by vote. */
  constructor(clusters: Int32Array, outcomes: Int32Array, size: number) {
    this.size = size
    this.ends = new Int32Array(size + 1)
    for (const cluster of clusters) if (cluster >= 0) this.ends[cluster + 1] = (this.ends[cluster + 1] ?? 0) + 1
    for (let cluster = 0; cluster < size; cluster++) {
      this.ends[cluster + 1] = (this.ends[cluster + 1] ?? 0) + (this.ends[cluster] ?? 0)
    }
    this.outcomes = new Int32Array(this.ends[size] ?? 0)
    const next = this.ends.slice()
    for (let vote = 0; vote < outcomes.length; vote++) {
      const outcome = outcomes[vote] ?? 0
      const cluster = clusters[vote] ?? unknown
      if (cluster < 0) {
        this.alone[outcome] = (this.alone[outcome] ?? 0) + 1
        continue
      }
      const place = next[cluster] ?? 0
      next[cluster] = place + 1
      this.outcomes[place] = outcome
    }
  }

  sizeOf(cluster: number): number {
    return (this.ends[cluster + 1] ?? 0) - (this.ends[cluster] ?? 0)
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
