/**
 * Keeps a blind ballot blind when a model says who it is.
 *
 * Every contestant's names are masked in every answer of the comparison, not only a model's own in its own: in an
 * answer about "Qwen and GPT" the one masked word would tell who wrote it.
 */

const mask = '▇▇▇'

const letterOrDigit = /[\p{L}\p{N}]/u

/** `text` with every whole-word occurrence of the names (any case, `-`, `_`, space or nothing between parts) masked. */
export function maskNames(text: string, names: readonly string[]): string {
  const pattern = namesPattern(names)
  return pattern ? text.replace(pattern, mask) : text
}

/** True when `text` holds one of the names as a whole word. */
export function holdsName(text: string, names: readonly string[]): boolean {
  return namesPattern(names)?.test(text) ?? false
}

/**
 * What of a growing text can be shown already: without a tail that may turn out to be the beginning of a name, such as
 * the "Qw" of "Qwen". The tail is shown as soon as it cannot be one, and at the end in any case.
 */
export function settledPart(text: string, names: readonly string[]): string {
  const longest = Math.max(0, ...names.map(name => name.length * 2))
  for (let start = Math.max(0, text.length - longest); start < text.length; start++) {
    if (start > 0 && letterOrDigit.test(text.charAt(start - 1))) continue
    const tail = squash(text.slice(start))
    if (tail.length > 0 && names.some(name => squash(name).startsWith(tail))) return text.slice(0, start)
  }
  return text
}

function namesPattern(names: readonly string[]): RegExp | undefined {
  if (names.length === 0) return undefined
  const alternatives = [...names]
    .sort((a, b) => b.length - a.length)
    .map(name => parts(name).map(escapeRegExp).join('[\\s_-]*'))
  // Digits may follow a name without a gap ("GPT4", "Qwen2.5-Max"), letters may not ("Llamas" is an animal's plural).
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${alternatives.join('|')})(?!\\p{L})[\\d.]*`, 'giu')
}

function parts(name: string): string[] {
  return name.split(/[\s_-]+/).filter(part => part !== '')
}

function squash(text: string): string {
  return text.toLowerCase().replace(/[\s_-]+/g, '')
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
