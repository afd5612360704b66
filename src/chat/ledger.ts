/** Posting exactly once, on platforms that promise it nowhere: claim, post under a key, record; in doubt, look. */
import { setTimeout as pause } from 'node:timers/promises'
import { asFaceoffError, FaceoffError } from '../core/errors.ts'
import type { Ledger } from '../core/ports.ts'

/** How often somebody looks whether a post that another process is making is there, in milliseconds. */
const lookEveryMs = 200

/** Longer than a claim lasts: by then it is recorded, or ours. */
const longestWaitMs = 20_000

export type Posting = {
  posts: Ledger
  /** Of the comparison, or of the summary, that the post is a part of. */
  id: string
  /** What is posted, such as `ballot`. */
  part: string
  /** Posts it and returns the platform's id of it. */
  post(): Promise<string>
  /** Looks for it on the platform: somebody may have posted it and died before that was recorded. */
  find(): Promise<string | undefined>
}

/** The platform's id of the post, made now unless it was made before. Throws what `post` and `find` throw. */
export async function postOnce({ posts, id, part, post, find }: Posting): Promise<string> {
  for (let waitedMs = 0; waitedMs <= longestWaitMs; waitedMs += lookEveryMs) {
    const claim = await posts.claim(id, part)
    if (claim.kind === 'posted') return claim.externalId
    if (claim.kind === 'mine') {
      const there = claim.inDoubt ? await found(posts, id, part, find) : undefined
      const externalId = there ?? (await posted(posts, id, part, post))
      await posts.record(id, part, externalId)
      return externalId
    }
    await pause(lookEveryMs)
  }
  throw new FaceoffError({ code: 'chat_down' }, { message: `${part} is being posted by somebody else` })
}

async function found(posts: Ledger, id: string, part: string, find: Posting['find']) {
  try {
    return await find()
  } catch (thrown) {
    // As much in doubt as before: whoever tries next looks at once, and need not wait for this claim to lapse.
    await posts.release(id, part)
    throw thrown
  }
}

async function posted(posts: Ledger, id: string, part: string, post: () => Promise<string>): Promise<string> {
  try {
    return await post()
  } catch (thrown) {
    // Refused is not posted: whoever tries next need not look. After anything else nobody knows.
    if (asFaceoffError(thrown).kind === 'permanent') await posts.forget(id, part)
    else await posts.release(id, part)
    throw thrown
  }
}
