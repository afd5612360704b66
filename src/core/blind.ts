/**
 * Keeps a blind ballot blind when a model says who it is.
 *
 * Every contestant's names are masked in every answer of the comparison, not only a model's own in its own: in an
 * answer about "Qwen and GPT" the one masked word would tell who wrote it.
 */

const mask = '▇▇▇'

/** Scripts that write words apart; in "我是Qwen。" the name stands alone although letters touch it. */
const wordCharacter = String.raw`[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{N}]`
const isWordCharacter = new RegExp(wordCharacter, 'u')

/** "2.5-Max", "-4o", "4-turbo": which one of the family it is. */
const version = String.raw`(?:\.?\d+\p{Script=Latin}*)*(?:[-_][\p{L}\p{N}]+(?:\.\d+)*)*`

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
 * Masks a text while it grows. A tail that may turn out to be the beginning of a name, such as the "Qw" of "Qwen", is held
 * back until it cannot be one. What lies far enough behind is masked once and for all, so that a long answer costs no more
 * per word than a short one.
 */
export class GrowingMask {
  readonly #names: readonly string[]
  /** No name is longer than this, with separators and all. */
  readonly #reach: number
  /** Characters of the text that are masked for good, and what they became. */
  #settled = 0
  #masked = ''

  constructor(names: readonly string[]) {
    this.#names = names
    this.#reach = Math.max(0, ...names.map(name => name.length * 2))
  }

  /** What can be shown of `text`, which begins with the text of the call before. */
  shown(text: string): string {
    const open = withoutBegunName(text.slice(this.#settled), this.#names, this.#reach)
    const cut = this.#cut(open)
    this.#masked += maskNames(open.slice(0, cut), this.#names)
    this.#settled += cut
    return this.#masked + maskNames(open.slice(cut), this.#names)
  }

  /** Where `open` can be divided without dividing a name: at white space, out of reach of what may still come. */
  #cut(open: string): number {
    if (open.length < 4 * this.#reach) return 0
    let cut = open.length - this.#reach
    while (cut > 0 && !/\s/.test(open.charAt(cut))) cut--
    const parts = maskNames(open.slice(0, cut), this.#names) + maskNames(open.slice(cut), this.#names)
    return parts === maskNames(open, this.#names) ? cut : 0
  }
}

function withoutBegunName(text: string, names: readonly string[], reach: number): string {
  for (let start = Math.max(0, text.length - reach); start < text.length; start++) {
    if (/[\s_-]/.test(text.charAt(start))) continue
    if (isWordCharacter.test(text.charAt(start - 1)) && isWordCharacter.test(text.charAt(start))) continue
    const tail = squash(text.slice(start))
    if (tail.length > 0 && names.some(name => squash(name).startsWith(tail))) return text.slice(0, start)
  }
  return text
}

function namesPattern(names: readonly string[]): RegExp | undefined {
  if (names.length === 0) return undefined
  const alternatives = [...names].sort((a, b) => b.length - a.length).map(namePattern)
  return new RegExp(alternatives.join('|'), 'giu')
}

/**
 * Digits may follow a name without a gap ("GPT4", "Qwen2.5"), letters may not ("Llamas" are animals). What is joined to it
 * goes with it: the rest of "GPT-4o" or "Qwen2.5-Max" would tell as much as the name.
 */
function namePattern(name: string): string {
  const pattern = parts(name).map(escapeRegExp).join('[\\s_-]*')
  const before = isWordCharacter.test(name.charAt(0)) ? `(?<!${wordCharacter})` : ''
  const after = isWordCharacter.test(name.charAt(name.length - 1)) ? `(?!\\p{Script=Latin})${version}` : ''
  return `${before}${pattern}${after}`
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
