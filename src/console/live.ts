/**
 * Keeps open pages up to date. One subscription to the store's feed per process; what changes is read once and sent to
 * every page that shows it, as the parts that have really changed. What is being written in this very process is sent
 * at once, before the database has it.
 */

import type { Arena } from '../core/arena.ts'
import type { AnswerState } from '../core/ballot.ts'
import type { ComparisonView } from '../core/comparing.ts'
import type { Choice } from '../core/comparison.ts'
import type { Feed, Votes } from '../core/ports.ts'
import type { Log } from '../log.ts'
import type { Screen } from './chat.ts'
import { Paced } from './paced.ts'
import type { Page } from './page.ts'

/** Shortest time between two readings of one comparison, in milliseconds. */
const readPauseMs = 100

/** Longer while this process writes the answers itself: its pages have the text already. */
const readPauseOfWriterMs = 400

/** Shortest time between two renderings of one streaming answer, in milliseconds. */
const drawPauseMs = 80

/** Of the process's time, what rendering may take: one part in this many. */
const drawShare = 3

/** Comparisons that are kept between two news about them. */
const remembered = 300

type Subject = {
  id: string
  view: ComparisonView | undefined
  /** What this process is writing, by label. */
  drafts: Map<string, Draft>
  /** The viewers' own votes, by person. */
  own: Map<string, Choice | null>
  reads: Paced<null>
}

type Draft = { answer: AnswerState; draws: Paced<AnswerState> }

export class Live implements Screen {
  readonly #arena: Pick<Arena, 'view'>
  readonly #votes: Pick<Votes, 'own'>
  readonly #log: Log
  readonly #pages = new Set<Page>()
  readonly #subjects = new Map<string, Subject>()
  readonly #unsubscribe: () => void
  #closed = false

  constructor(parts: { arena: Pick<Arena, 'view'>; votes: Pick<Votes, 'own'>; feed: Feed; log: Log }) {
    this.#arena = parts.arena
    this.#votes = parts.votes
    this.#log = parts.log
    this.#unsubscribe = parts.feed.subscribe(event => {
      if (event.kind === 'lost') this.#resync()
      else this.changed(event.comparisonId)
    })
  }

  /** Brings the page up to date and keeps it so until it is gone. */
  async follow(page: Page): Promise<void> {
    // Browsers come back at once, while the server still listens; a stream that nobody ends would hold up the stop.
    if (this.#closed) return page.close()
    this.#pages.add(page)
    this.#catchUp(page)
    await page.gone
    this.#pages.delete(page)
  }

  /** The person's own vote is another one now. */
  voted(comparisonId: string, personId: string): void {
    this.#subjects.get(comparisonId)?.own.delete(personId)
    this.changed(comparisonId)
  }

  /** Somebody changed something about this comparison: look again soon. */
  changed(comparisonId: string): void {
    if (this.#pages.size === 0) return
    const subject = this.#subject(comparisonId)
    // The feed tells of every platform's comparisons; once seen to be another's, they are not looked at again.
    if ((subject.view?.ballot.platform ?? 'console') === 'console') subject.reads.push(null)
  }

  showDraft(answer: AnswerState): void {
    if (this.#pages.size === 0) return
    const subject = this.#subject(answer.comparisonId)
    const known = subject.drafts.get(answer.label)
    if (known && known.answer.run > answer.run) return
    const draft = known ?? this.#begin(subject, answer)
    draft.answer = answer
    draft.draws.push(answer)
  }

  async showFinal(answer: AnswerState): Promise<void> {
    const subject = this.#subjects.get(answer.comparisonId)
    const draft = subject?.drafts.get(answer.label)
    if (subject && draft && draft.answer.run <= answer.run) {
      subject.drafts.delete(answer.label)
      await draft.draws.end()
    }
    this.changed(answer.comparisonId)
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#unsubscribe()
    const subjects = [...this.#subjects.values()]
    await Promise.all(subjects.map(subject => subject.reads.end()))
    await Promise.all([...this.#pages].map(page => page.close()))
  }

  #subject(id: string): Subject {
    const known = this.#subjects.get(id)
    if (known) return known
    const subject: Subject = {
      id,
      view: undefined,
      drafts: new Map(),
      own: new Map(),
      reads: new Paced(
        () => this.#read(subject),
        () => (subject.drafts.size > 0 ? readPauseOfWriterMs : readPauseMs),
      ),
    }
    this.#subjects.set(id, subject)
    this.#forgetOldest()
    return subject
  }

  #forgetOldest(): void {
    if (this.#subjects.size <= remembered) return
    for (const [id, subject] of this.#subjects) {
      if (subject.drafts.size > 0) continue
      this.#subjects.delete(id)
      return
    }
  }

  async #read(subject: Subject): Promise<void> {
    try {
      const view = await this.#arena.view(subject.id, null)
      const before = subject.view
      subject.view = view
      for (const answer of view.answers) this.#dropOutrun(subject, answer)
      if (!isOnlyMoreText(before, view)) subject.own.clear()
      await this.#readOwnVotes(subject)
      for (const page of this.#pages) if (page.shows(view.ballot)) page.show(this.#viewFor(subject, view, page))
    } catch (error) {
      this.#log.warn({ err: error, comparisonId: subject.id }, 'comparison not read for its pages')
    }
  }

  /** A draft gives way when its answer is final, waits again, or has a newer run. */
  #dropOutrun(subject: Subject, answer: AnswerState): void {
    const draft = subject.drafts.get(answer.label)
    if (!draft || draft.answer.run > answer.run) return
    if (draft.answer.run === answer.run && answer.entry.status === 'streaming') return
    subject.drafts.delete(answer.label)
    void draft.draws.end()
  }

  async #readOwnVotes(subject: Subject): Promise<void> {
    const viewers = new Set([...this.#pages].flatMap(({ viewer }) => (viewer.person ? [viewer.person.id] : [])))
    for (const id of viewers) {
      if (subject.own.has(id)) continue
      const own = await this.#votes.own(id, [subject.id])
      subject.own.set(id, own.get(subject.id) ?? null)
    }
  }

  #viewFor(subject: Subject, view: ComparisonView, page: Page): ComparisonView {
    return {
      ballot: view.ballot,
      answers: view.answers.map(answer => subject.drafts.get(answer.label)?.answer ?? answer),
      ownChoice: subject.own.get(page.viewer.person?.id ?? '') ?? null,
    }
  }

  #begin(subject: Subject, answer: AnswerState): Draft {
    let tookMs = 0
    const draw = async (newest: AnswerState) => {
      const startedAt = performance.now()
      this.#draw(subject, newest)
      tookMs = performance.now() - startedAt
    }
    const draws = new Paced(draw, () => Math.max(drawPauseMs, tookMs * this.#draftsNow() * drawShare))
    const draft: Draft = { answer, draws }
    subject.drafts.set(answer.label, draft)
    return draft
  }

  #draftsNow(): number {
    return [...this.#subjects.values()].reduce((sum, { drafts }) => sum + drafts.size, 0)
  }

  #draw(subject: Subject, answer: AnswerState): void {
    const ballot = subject.view?.ballot
    // Not read yet: the first reading shows the draft.
    if (ballot === undefined) this.changed(subject.id)
    else for (const page of this.#pages) if (page.shows(ballot)) page.showAnswer(answer)
  }

  #catchUp(page: Page): void {
    page
      .subjects()
      .then(ids => {
        for (const id of ids) this.changed(id)
      })
      .catch(error => this.#log.warn({ err: error }, 'page not brought up to date'))
  }

  /** News were lost: what is shown anywhere may be old. */
  #resync(): void {
    for (const id of this.#subjects.keys()) this.changed(id)
    for (const page of this.#pages) this.#catchUp(page)
  }
}

/** True when nothing can have changed but the text of answers that are being written. */
function isOnlyMoreText(before: ComparisonView | undefined, after: ComparisonView): boolean {
  if (before === undefined) return false
  const grew = after.answers.some((answer, index) => answer.text !== before.answers[index]?.text)
  return grew && factsOf(before) === factsOf(after)
}

function factsOf(view: ComparisonView): string {
  return JSON.stringify(view.ballot)
}
