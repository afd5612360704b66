/** How wide text is where every character has the same width: terminals and code blocks. */

/** Columns that a text takes: Han, Kana, Hangul and emoji take two, combining marks none. */
export function widthOf(text: string): number {
  return segments(text).reduce((sum, segment) => sum + columns(segment), 0)
}

/** `text` in exactly `width` columns: cut with "…" or filled up with spaces, on the left where numbers end. */
export function fitted(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const cut = shortened(text, width)
  const gap = ' '.repeat(Math.max(0, width - widthOf(cut)))
  return align === 'left' ? cut + gap : gap + cut
}

/** `text` in `width` columns or fewer. */
export function shortened(text: string, width: number): string {
  if (widthOf(text) <= width) return text
  let kept = ''
  let used = 1
  for (const segment of segments(text)) {
    used += columns(segment)
    if (used > width) break
    kept += segment
  }
  return `${kept}…`
}

function segments(text: string): string[] {
  return [...new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(text)].map(({ segment }) => segment)
}

function columns(segment: string): number {
  if (/^[\p{Mn}\p{Me}\p{Cf}\p{Cc}]+$/u.test(segment)) return 0
  return wide.test(segment) ? 2 : 1
}

/** The blocks that Unicode's East Asian Width calls wide or full-width, and what is drawn as an emoji. */
const wide =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6b\uff01-\uff60\uffe0-\uffe6\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}]|^\p{Emoji_Presentation}|\ufe0f/u
