/** Votes by reaction: what people do on Discord, in the order in which they did it, and what it means. */
import { randomUUID } from 'node:crypto'
import type { Arena } from '../../core/arena.ts'
import { asFaceoffError } from '../../core/errors.ts'
import type { Person, Store } from '../../core/ports.ts'
import { textFor } from '../../core/text/index.ts'
import type { Log } from '../../log.ts'
import { InOrder } from '../in-order.ts'
import { type DiscordChat, parts } from './chat.ts'
import { choiceOf } from './emoji.ts'
import type { ReactionEvent } from './gateway.ts'

export type BallotVotesParts = {
  arena: Arena
  store: Pick<Store, 'people' | 'posts' | 'votes' | 'settings' | 'comparisons'>
  chat: DiscordChat
  log: Log
}

type Notice = 'last_counts' | 'undecided'

export class BallotVotes {
  readonly #parts: BallotVotesParts
  /** What happens on one message happens in order. */
  readonly #queue = new InOrder()
  #reconciling: Promise<void> | undefined

  constructor(given: BallotVotesParts) {
    this.#parts = given
  }

  async react(kind: 'added' | 'removed', event: ReactionEvent): Promise<void> {
    const choice = choiceOf(event.emoji)
    if (choice === undefined) return
    await this.#inOrder(event.messageId, async () => {
      const { arena, store, chat } = this.#parts
      const comparisonId = await store.posts.at('discord', parts.ballot, event.messageId)
      if (comparisonId === undefined) return
      const { ballot } = await arena.view(comparisonId, null)
      const voter = await this.#voterOf(ballot.workspaceId, event)
      if (voter === undefined) return
      if (kind === 'removed') {
        await arena.unreact(comparisonId, voter, choice)
        return
      }
      await arena.react(comparisonId, voter, choice)
      const stale = (await store.votes.reactions(comparisonId, voter.id)).filter(other => other !== choice)
      if (stale.length === 0) return
      if (await chat.removeReactions(comparisonId, ballot.place, event.userId, stale)) return
      await this.#tellOnce(comparisonId, { id: event.userId, name: voter.name }, voter, 'last_counts')
    })
  }

  async cleared(messageId: string): Promise<void> {
    await this.#inOrder(messageId, async () => {
      const comparisonId = await this.#parts.store.posts.at('discord', parts.ballot, messageId)
      if (comparisonId !== undefined) await this.reconcile(comparisonId)
    })
  }

  async threadDeleted(threadId: string): Promise<void> {
    const comparisonId = await this.#parts.store.posts.at('discord', parts.thread, threadId)
    if (comparisonId !== undefined) await this.#parts.arena.abandon(comparisonId)
  }

  /** Every open ballot, one after another; whoever asks while it runs gets the run that is under way. */
  reconcileAll(): Promise<void> {
    this.#reconciling ??= this.#reconcileEach().finally(() => {
      this.#reconciling = undefined
    })
    return this.#reconciling
  }

  async reconcile(comparisonId: string): Promise<void> {
    const { arena, store } = this.#parts
    const undecided = await arena.reconcile(comparisonId)
    if (undecided.length === 0) return
    const { ballot } = await arena.view(comparisonId, null)
    for (const userId of undecided) {
      const voter = await store.people.known(ballot.workspaceId, userId)
      if (voter) await this.#tellOnce(comparisonId, { id: userId, name: voter.name }, voter, 'undecided')
    }
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    await Promise.allSettled([this.#queue.idle(), this.#reconciling])
  }

  async #reconcileEach(): Promise<void> {
    for (const comparisonId of await this.#parts.store.comparisons.open('discord')) {
      await this.reconcile(comparisonId).catch(error =>
        this.#parts.log.warn({ err: error, comparisonId }, 'ballot not reconciled'),
      )
    }
  }

  /** Discord does not name those who take a reaction back: only known people have one to take. */
  async #voterOf(workspaceId: string, { userId, name }: ReactionEvent): Promise<Person | undefined> {
    const { people } = this.#parts.store
    return name === null ? people.known(workspaceId, userId) : people.person(workspaceId, userId, { name })
  }

  /** Once in a lifetime: whoever knows does not want to hear it again. */
  async #tellOnce(comparisonId: string, user: { id: string; name: string }, { id, locale }: Person, notice: Notice) {
    const { arena, store, chat } = this.#parts
    const mark = randomUUID()
    if ((await store.settings.initialise(`told.${notice}.${id}`, mark)) !== mark) return
    const { ballot } = await arena.view(comparisonId, null)
    await chat.tell(comparisonId, ballot.place, user, textFor(locale ?? ballot.locale).chat.notice[notice])
  }

  async #inOrder(messageId: string, act: () => Promise<void>): Promise<void> {
    try {
      await this.#queue.run(messageId, act)
    } catch (thrown) {
      // Too early, too late: there is nobody to answer, and reconciling finds what counts.
      if (asFaceoffError(thrown).kind !== 'user') this.#parts.log.warn({ err: thrown }, 'reaction not counted')
    }
  }
}
