/**
 * One page that somebody has open, at the end of its event stream. It is told whole states and sends what is different
 * from what it sent before; while the browser is slow, the newest state of each part waits, and nothing else.
 */
import type { SSEStreamingApi } from 'hono/streaming'
import type { AnswerState, Ballot } from '../core/ballot.ts'
import { isFinal } from '../core/ballot.ts'
import type { ComparisonView } from '../core/comparing.ts'
import { markupOf, partial } from './html.ts'
import { announcement, answerPart, article, type Frame, type Part, partsOf } from './pages/comparison.ts'
import type { Viewer } from './viewer.ts'

/** Proxies close what stays silent for a minute. */
const heartbeatMs = 20_000

/** Parts whose last state is remembered; forgetting one costs sending it again. */
const mostParts = 2_000

/** What a page shows: the channel from its rendering on, or one comparison. */
export type Scope = { workspaceId: string } & (
  | { kind: 'channel'; channel: string; newestRendered: string }
  | { kind: 'one'; comparisonId: string }
)

export class Page {
  readonly viewer: Viewer
  /** Resolves when the browser has left, or the page was closed. */
  readonly gone: Promise<void>
  readonly #scope: Scope
  readonly #stream: SSEStreamingApi
  readonly #frame: () => Frame
  readonly #subjects: () => Promise<string[]>
  readonly #appended = new Set<string>()
  readonly #sent = new Map<string, string>()
  readonly #statuses = new Map<string, AnswerState['entry']['status']>()
  readonly #outbox = new Map<string, string>()
  readonly #leave: () => void
  #newest: string
  #flushing = false

  /** `subjects`: the comparisons that the page has to be brought up to date with. */
  constructor(parts: {
    viewer: Viewer
    scope: Scope
    stream: SSEStreamingApi
    frame: () => Frame
    subjects: () => Promise<string[]>
  }) {
    this.viewer = parts.viewer
    this.#scope = parts.scope
    this.#stream = parts.stream
    this.#frame = parts.frame
    this.#subjects = parts.subjects
    this.#newest = parts.scope.kind === 'channel' ? parts.scope.newestRendered : parts.scope.comparisonId
    const { promise, resolve } = Promise.withResolvers<void>()
    this.gone = promise
    const heartbeat = setInterval(() => void this.#stream.write(': still here\n\n'), heartbeatMs)
    this.#leave = () => {
      clearInterval(heartbeat)
      resolve()
    }
    this.#stream.onAbort(this.#leave)
  }

  subjects(): Promise<string[]> {
    return this.#subjects()
  }

  shows(ballot: Ballot): boolean {
    if (ballot.workspaceId !== this.#scope.workspaceId) return false
    if (this.#scope.kind === 'one') return ballot.comparisonId === this.#scope.comparisonId
    return ballot.channel === this.#scope.channel
  }

  show(view: ComparisonView): void {
    const { comparisonId } = view.ballot
    const parts = partsOf(view, this.viewer, this.#frame())
    for (const answer of view.answers) this.#announce(answer)
    if (this.#isNew(comparisonId)) {
      this.#appended.add(comparisonId)
      if (comparisonId > this.#newest) this.#newest = comparisonId
      this.#outbox.set(comparisonId, partial('#feed', 'beforeend', article(view, this.viewer, this.#frame())))
      for (const part of parts) this.#sent.set(part.id, markupOf(part.content))
    } else {
      for (const part of parts) this.#put(part)
    }
    void this.#flush()
  }

  /** A streaming answer alone. */
  showAnswer(answer: AnswerState): void {
    if (this.#isNew(answer.comparisonId)) return
    this.#announce(answer)
    this.#put(answerPart(answer, false, this.viewer, this.#frame()))
    void this.#flush()
  }

  async close(): Promise<void> {
    this.#leave()
    await this.#stream.close()
  }

  #isNew(comparisonId: string): boolean {
    if (this.#scope.kind === 'one') return false
    return comparisonId > this.#scope.newestRendered && !this.#appended.has(comparisonId)
  }

  #put({ id, content }: Part): void {
    const markup = markupOf(content)
    if (this.#sent.get(id) === markup) return
    if (this.#sent.size > mostParts) this.#sent.clear()
    this.#sent.set(id, markup)
    this.#outbox.set(id, partial(`#${id}`, 'outerMorph', content))
  }

  /** Screen readers hear once that an answer is there, not every word of it. */
  #announce(answer: AnswerState): void {
    const key = `${answer.comparisonId}-${answer.label}`
    const before = this.#statuses.get(key)
    this.#statuses.set(key, answer.entry.status)
    if (before === undefined || isFinal({ status: before }) || !isFinal(answer.entry)) return
    this.#outbox.set(`done-${key}`, partial('#announcements', 'beforeend', announcement(answer, this.viewer)))
  }

  async #flush(): Promise<void> {
    if (this.#flushing) return
    this.#flushing = true
    // Whatever is put into the outbox within this turn goes out together.
    await Promise.resolve()
    while (this.#outbox.size > 0 && !this.#stream.aborted && !this.#stream.closed) {
      const data = [...this.#outbox.values()].join('')
      this.#outbox.clear()
      await this.#stream.writeSSE({ data, id: this.#newest })
    }
    this.#flushing = false
  }
}
