import { nowhere, readLine } from './lines.ts'

/** Longer lists are read in parts. */
const longList = 1000

/** A part of a text: a fenced block, or what stands between two gaps. Parts follow each other by a line break. */
export type Block = { text: string; isFenced: boolean }

/** `text` in its outermost blocks, gaps included, so that each can be read on its own, in time in proportion to it. */
export function blocksOf(text: string): Block[] {
  const blocks: Block[] = []
  let begun: string[] = []
  let size = 0
  let isFenced = false
  let isBlankBefore = false
  let place = nowhere
  const end = () => {
    if (begun.length > 0) blocks.push({ text: begun.join('\n'), isFenced })
    begun = []
    size = 0
    isFenced = false
  }
  for (const line of text.split('\n')) {
    const { kept, kind, after } = readLine(line, place)
    const isOutermost = kept.length === 0 && kind !== 'code' && kind !== 'closing' && kind !== 'blank'
    const opensFence = kind === 'opening' && kept.length === 0
    if (isOutermost && (opensFence || isBlankBefore || (kind === 'item' && size > longList))) end()
    begun.push(line)
    size += line.length + 1
    isFenced ||= opensFence
    if (kind === 'closing' && after.containers.length === 0) end()
    isBlankBefore = kind === 'blank'
    place = after
  }
  end()
  return blocks
}
