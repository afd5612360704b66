/**
 * Markdown read line by line, as far as it takes to know in which quotes, list items and fenced blocks a line stands.
 * Unlike a whole parser it can stop and go on anywhere.
 */

/** A quote or a list item that lines stand in. An item's mark is its number or bullet with the spaces around it. */
export type Container = { isQuote: boolean; mark: string }

export type Fence = { marker: string; info: string }

/** What a line stands in. */
export type Place = { containers: readonly Container[]; fence: Fence | null }

export type Line = {
  /** What goes on from the line before. */
  kept: readonly Container[]
  /** Where the line begins in the line's containers, in UTF-16 units. */
  content: number
  /** `code`: within a fenced block. `item`: begins a list item or a quote. */
  kind: 'blank' | 'text' | 'heading' | 'item' | 'opening' | 'code' | 'closing'
  /** What the line leaves open. */
  after: Place
}

export const nowhere: Place = { containers: [], fence: null }

/** Deeper containers, wider ones together, and longer fences are no structure that anybody meant. */
const widest = 15
const longestMarker = 6

/** UTF-16 units that the closing of a fenced block takes at most. */
export const longestClosing = 1 + widest + longestMarker

const quoteMark = /^ {0,3}>[ \t]?/
const itemMark = /^( {0,5}(?:[-+*]|\d{1,9}[.)]))( {1,4}(?! )|[ \t]|$)/
const rule = /^ *([-*_])(?: *\1){2,} *$/
const fenceMark = /^ {0,3}(`{3,6}|~{3,6})(?!`|~)(.*)$/

export function readLine(line: string, place: Place): Line {
  const { kept, at } = keptBy(line, place.containers)
  const isWithinAll = kept.length === place.containers.length
  if (place.fence && isWithinAll) {
    const closes = closesFence(line.slice(at), place.fence)
    return { kept, content: at, kind: closes ? 'closing' : 'code', after: closes ? { ...place, fence: null } : place }
  }
  const containers = [...kept]
  let content = at
  for (;;) {
    const rest = line.slice(content)
    const opened = opening(rest)
    if (opened === null || widthOf(containers) + opened.mark.length > widest) break
    containers.push(opened)
    content += opened.isQuote ? (quoteMark.exec(rest)?.[0].length ?? 0) : Math.min(opened.mark.length, rest.length)
  }
  const rest = line.slice(content)
  const [, marker, info = ''] = fenceMark.exec(rest) ?? []
  // Backticks behind the fence make it inline code.
  const isFence = marker !== undefined && !(marker.startsWith('`') && info.includes('`'))
  const after: Place = { containers, fence: isFence ? { marker, info: info.trim() } : null }
  const isBlank = rest.trim() === ''
  const kind =
    containers.length > kept.length
      ? 'item'
      : isBlank
        ? 'blank'
        : isFence
          ? 'opening'
          : /^ {0,3}#{1,6}\s/.test(rest)
            ? 'heading'
            : 'text'
  return { kept, content, kind, after }
}

/** What has to stand before a line so that it is in `containers` that are open already. */
export function continuation(containers: readonly Container[]): string {
  return containers.map(({ isQuote, mark }) => (isQuote ? mark : ' '.repeat(mark.length))).join('')
}

/** The containers that `line` goes on in, and where its content begins. */
export function keptBy(line: string, containers: readonly Container[]): { kept: Container[]; at: number } {
  const kept: Container[] = []
  let at = 0
  for (const container of containers) {
    const rest = line.slice(at)
    if (container.isQuote) {
      const mark = quoteMark.exec(rest)?.[0]
      if (mark === undefined) break
      at += mark.length
    } else if (rest.trim() !== '') {
      const space = /^[ \t]*/.exec(rest)?.[0] ?? ''
      const isTab = space.startsWith('\t')
      if (!isTab && space.length < container.mark.length) break
      at += isTab ? 1 : container.mark.length
    }
    kept.push(container)
  }
  return { kept, at }
}

function opening(text: string): Container | null {
  if (quoteMark.test(text)) return { isQuote: true, mark: '> ' }
  const [, mark, space = ''] = rule.test(text) ? [] : (itemMark.exec(text) ?? [])
  return mark === undefined
    ? null
    : { isQuote: false, mark: mark + (space.trim() === '' && space !== '' ? space : ' ') }
}

function closesFence(text: string, fence: Fence): boolean {
  const marker = /^ {0,3}(`{3,}|~{3,})[ \t]*$/.exec(text)?.[1]
  return marker !== undefined && marker[0] === fence.marker[0] && marker.length >= fence.marker.length
}

function widthOf(containers: readonly Container[]): number {
  return continuation(containers).length
}
