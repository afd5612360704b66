/** Where a text must not be cut: links, addresses, inline code, emphasis. */

type Span = { start: number; end: number }

/**
 * For each place in `text` whether it is within such a span; what is open at the end of the text counts as well. Spans
 * longer than `longest` units are left out: they cannot be kept whole. Takes time in proportion to the text.
 */
export function spansIn(text: string, longest: number): (at: number) => boolean {
  const spans = [...codeIn(text), ...linksIn(text), ...addressesIn(text), ...emphasisIn(text)]
  const inside = new Uint8Array(text.length + 1)
  const depths = new Int32Array(text.length + 2)
  for (const { start, end } of spans) {
    if (end - start > longest) continue
    depths[start + 1] = (depths[start + 1] ?? 0) + 1
    depths[end] = (depths[end] ?? 0) - 1
  }
  let depth = 0
  for (let at = 0; at <= text.length; at++) {
    depth += depths[at] ?? 0
    inside[at] = depth > 0 ? 1 : 0
  }
  return at => inside[at] === 1
}

function codeIn(text: string): Span[] {
  const runs = [...text.matchAll(/`+/g)].map(({ 0: ticks, index }) => ({ start: index, length: ticks.length }))
  const next = new Map<number, number>()
  const partner = runs.map(() => -1)
  for (let index = runs.length - 1; index >= 0; index--) {
    const length = runs[index]?.length ?? 0
    partner[index] = next.get(length) ?? -1
    next.set(length, index)
  }
  const spans: Span[] = []
  for (let index = 0; index < runs.length; index++) {
    const { start = 0 } = runs[index] ?? {}
    const closing = runs[partner[index] ?? -1]
    if (closing) {
      spans.push({ start, end: closing.start + closing.length })
      index = partner[index] ?? index
    } else spans.push({ start, end: text.length })
  }
  return spans
}

function linksIn(text: string): Span[] {
  const spans: Span[] = []
  const open: number[] = []
  let lastClosing = 0
  for (const { 0: bracket, index } of text.matchAll(/!?\[|\]\(?/g)) {
    if (bracket.endsWith('[')) open.push(index)
    else {
      const start = open.pop()
      if (start === undefined || bracket === ']' || lastClosing < 0) continue
      lastClosing = text.indexOf(')', index)
      // Our own links say where they lead.
      const host =
        lastClosing < 0 ? '' : (/^\) \([^()\s]{1,253}\)/.exec(text.slice(lastClosing, lastClosing + 258))?.[0] ?? ')')
      spans.push({ start, end: lastClosing < 0 ? text.length : lastClosing + host.length })
    }
  }
  for (const start of open.slice(-1)) spans.push({ start, end: text.length })
  return spans
}

function addressesIn(text: string): Span[] {
  return [...text.matchAll(/<?https?:\/\/\S+/g)].map(({ 0: address, index }) => ({
    start: index,
    end: index + address.length,
  }))
}

function emphasisIn(text: string): Span[] {
  const spans: Span[] = []
  const open = new Map<string, number>()
  for (const { 0: marker, index } of text.matchAll(/\\.|\*{1,3}|_{1,3}|~~/g)) {
    if (marker.startsWith('\\')) continue
    const end = index + marker.length
    const start = open.get(marker)
    if (start !== undefined && /\S/.test(text[index - 1] ?? ' ')) {
      spans.push({ start, end })
      open.delete(marker)
    } else if (
      /\S/.test(text[end] ?? ' ') &&
      !/[\p{L}\p{N}]/u.test(marker[0] === '_' ? (text[index - 1] ?? ' ') : ' ')
    ) {
      open.set(marker, index)
    }
  }
  for (const start of open.values()) spans.push({ start, end: text.length })
  return spans
}
