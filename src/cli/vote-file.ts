/** Reads a file of votes. */
import type { Grouping } from './grouping.ts'
import type { Progress } from './terminal.ts'
import type { VoteLines } from './vote-lines.ts'

// An import of node:fs makes Node load all of node:fs/promises with it: 2 to 4 ms of a command that takes 100.
const { closeSync, createReadStream, fstatSync, openSync, readSync } = process.getBuiltinModule('node:fs')

/** `watch` is told the size, or null for what has none of its own. Throws what the system throws. */
export async function readVotes(
  source: string | AsyncIterable<Uint8Array>,
  lines: VoteLines,
  grouping: Grouping,
  watch: (size: number | null) => Progress,
): Promise<void> {
  if (typeof source !== 'string') {
    await readStream(source, lines, grouping, watch)
    return
  }
  const descriptor = openSync(source, 'r')
  try {
    const stat = fstatSync(descriptor)
    if (!stat.isFile()) {
      await readStream(createReadStream(source, { fd: descriptor, autoClose: false }), lines, grouping, watch)
      return
    }
    using progress = watch(stat.size)
    for (;;) {
      const count = readSync(descriptor, lines.room())
      if (count === 0) break
      lines.put(count)
      progress.advance(count, grouping.votes)
    }
    lines.finish()
  } finally {
    closeSync(descriptor)
  }
}

async function readStream(
  stream: AsyncIterable<Uint8Array>,
  lines: VoteLines,
  grouping: Grouping,
  watch: (size: number | null) => Progress,
): Promise<void> {
  using progress = watch(null)
  for await (const chunk of stream) {
    lines.push(chunk)
    progress.advance(chunk.length, grouping.votes)
  }
  lines.finish()
}
