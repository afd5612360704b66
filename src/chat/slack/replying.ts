/** What a command answers, shown: most of it to the person alone, the leaderboard to all, with a picture after the words. */
import type { Charts } from '../../charts/index.ts'
import type { Command, Reply } from '../../core/command.ts'
import { asFaceoffError } from '../../core/errors.ts'
import type { Leaderboard } from '../../core/leaderboard.ts'
import type { WeekSummary } from '../../core/summary.ts'
import { type Locale, textFor } from '../../core/text/index.ts'
import type { Log } from '../../log.ts'
import type { Links } from './links.ts'
import type { Pictures } from './pictures.ts'
import { boardMessage, helpMessage, historyMessage, modelsMessage, postedMessage, settingsMessage } from './replies.ts'
import type { SlackSummaries } from './summaries.ts'
import type { Addressee, Telling } from './telling.ts'

export type ReplyingParts = {
  telling: Telling
  pictures: Pictures
  links: Links
  charts: Pick<Charts, 'post'>
  summaries: Pick<SlackSummaries, 'messageOf' | 'pictureOf'>
  commands: readonly Command[]
  log: Log
}

export class Replying {
  readonly #parts: ReplyingParts
  readonly #drawing = new Set<Promise<void>>()

  constructor(parts: ReplyingParts) {
    this.#parts = parts
  }

  /** Resolves when the words are there. */
  async reply(to: Addressee, reply: Reply, locale: Locale): Promise<void> {
    const text = textFor(locale)
    const { telling, links, commands } = this.#parts
    switch (reply.kind) {
      case 'ballot':
        return
      case 'models':
        return telling.tell(to, modelsMessage(reply.entries, text))
      case 'help':
        return telling.tell(to, helpMessage(commands, text))
      case 'summary':
        return this.#summary(to, reply.summary, locale)
      case 'summary_posted':
        return telling.tell(to, postedMessage(reply.posted, text))
      case 'summary_settings':
        return telling.tell(to, settingsMessage(reply, text))
      case 'history': {
        const ids = reply.history.entries.map(({ comparisonId }) => comparisonId)
        return telling.tell(to, historyMessage(reply.history, await links.to(to.team, ids), text))
      }
      case 'leaderboard':
        await telling.show(to, boardMessage(reply.leaderboard, text))
        this.#later(() => this.#showPicture(to, reply.leaderboard, locale))
    }
  }

  /** Resolves when no picture is on its way. */
  async close(): Promise<void> {
    await Promise.all(this.#drawing)
  }

  /** For the asker alone: words first, and the picture after them. */
  async #summary(to: Addressee, summary: WeekSummary, locale: Locale): Promise<void> {
    const { summaries, telling, pictures } = this.#parts
    const text = textFor(locale)
    await telling.tell(to, await summaries.messageOf(summary, { team: to.team, text, url: null, isPost: false }))
    this.#later(async () => {
      const picture = await summaries.pictureOf(summary, locale)
      if (picture === null) return
      await pictures.show(to.team, picture, block => telling.tell(to, { text: text.summary.title, blocks: [block] }))
    })
  }

  /** A picture is an addition: nobody waits for it, and without it everything is said all the same. */
  #later(show: () => Promise<void>): void {
    const drawing = show()
      .catch(thrown => this.#parts.log.warn({ err: asFaceoffError(thrown) }, 'picture not drawn'))
      .finally(() => this.#drawing.delete(drawing))
    this.#drawing.add(drawing)
  }

  async #showPicture(to: Addressee, board: Leaderboard, locale: Locale): Promise<void> {
    const { charts, pictures, telling } = this.#parts
    const picture = await charts.post(board, { locale, theme: 'light' })
    if (picture === null) return
    await pictures.show(to.team, { ...picture, name: 'leaderboard.png' }, block =>
      telling.show(to, { text: textFor(locale).leaderboard.title, blocks: [block] }),
    )
  }
}
