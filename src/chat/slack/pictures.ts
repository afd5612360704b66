/** Pictures in messages: uploaded where nobody sees them, then shown by a block of a message. */
import { setTimeout as pause } from 'node:timers/promises'
import type { types } from '@slack/bolt'
import { asFaceoffError } from '../../core/errors.ts'
import type { Log } from '../../log.ts'
import type { SlackApi } from './api.ts'
import { altLimit } from './limits.ts'
import type { Team } from './place.ts'
import { codeOf } from './refusals.ts'

export type Picture = {
  png: Uint8Array
  /** For those who do not see it. */
  alt: string
  /** The file's. */
  name: string
}

/**
 * Slack works on an upload for a second or more, and refuses messages with it until then: how long to wait before each
 * further try, in seconds of Slack's minute. All tries and one message more fit into the five uses of a `response_url`.
 */
const pauses = [1, 2, 4]

export class Pictures {
  readonly #api: SlackApi
  readonly #minuteMs: number
  readonly #log: Log
  readonly #end = new AbortController()

  constructor(parts: { api: SlackApi; minuteMs: number; log: Log }) {
    this.#api = parts.api
    this.#minuteMs = parts.minuteMs
    this.#log = parts.log
  }

  /**
   * What `post` returns for a message that has the block in it; null where Slack does not take the picture: a message
   * without it is as good then. Whatever else is wrong with the message is thrown.
   */
  async show<T>(team: Team, picture: Picture, post: (block: types.ImageBlock) => Promise<T>): Promise<T | null> {
    const id = await this.#upload(team, picture).catch(thrown => this.#giveUp(asFaceoffError(thrown)))
    if (id === null) return null
    const block = { type: 'image', slack_file: { id }, alt_text: picture.alt.slice(0, altLimit) } as const
    for (const waitS of [...pauses, null]) {
      try {
        return await post(block)
      } catch (thrown) {
        if (codeOf(thrown) !== 'invalid_blocks') throw thrown
        if (waitS === null || !(await this.#wait(waitS))) return this.#giveUp(asFaceoffError(thrown))
      }
    }
    return null
  }

  /** Pictures that Slack has not taken by now are given up. */
  close(): void {
    this.#end.abort()
  }

  async #upload(team: Team, { png, name }: Picture): Promise<string | null> {
    const { files } = await this.#api.call(team, {
      method: 'files.getUploadURLExternal',
      urgency: 'must',
      ask: client => client.filesUploadV2({ file: Buffer.from(png), filename: name }),
    })
    return files[0]?.files?.[0]?.id ?? null
  }

  /** False when there is no time left. */
  #wait(seconds: number): Promise<boolean> {
    const { signal } = this.#end
    return pause((seconds * this.#minuteMs) / 60, true, { signal }).catch(() => false)
  }

  #giveUp(error: Error): null {
    this.#log.warn({ err: error }, 'picture not shown')
    return null
  }
}
