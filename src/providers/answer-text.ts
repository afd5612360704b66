const opening = '<think>'
const closing = '</think>'

/**
 * Turns the pieces that a provider sends into text that can be shown: a leading `<think>…</think>` is left out, wherever
 * the tags are split; no piece ends between the two halves of a character; NUL, which databases refuse, is dropped.
 *
 *   start ──anything else──▶ text
 *     └──<think>──▶ thinking ──</think>──▶ gap ──first word──▶ text
 */
export class AnswerText {
  #state: 'start' | 'thinking' | 'gap' | 'text'
  /** What cannot be decided before the next piece. */
  #held = ''

  constructor(options: { thinkTags: boolean }) {
    this.#state = options.thinkTags ? 'start' : 'text'
  }

  /** The text that can be shown now, and whether the piece was hidden reasoning. */
  push(piece: string): { text: string; thinking: boolean } {
    this.#held += piece
    if (this.#state === 'start') this.#leaveStart()
    const thinking = this.#state === 'thinking'
    if (this.#state === 'thinking') this.#leaveThinking()
    if (this.#state === 'gap') this.#leaveGap()
    return { text: this.#state === 'text' ? this.#release(wholeLength(this.#held)) : '', thinking }
  }

  /** What is left at the end. Reasoning that was never closed is no answer. */
  end(): string {
    return this.#state === 'start' || this.#state === 'text' ? this.#release(this.#held.length) : ''
  }

  #leaveStart(): void {
    const begun = this.#held.trimStart()
    if (begun.startsWith(opening)) {
      this.#held = begun.slice(opening.length)
      this.#state = 'thinking'
    } else if (!opening.startsWith(begun)) {
      this.#state = 'text'
    }
  }

  #leaveThinking(): void {
    const end = this.#held.indexOf(closing)
    if (end >= 0) {
      this.#held = this.#held.slice(end + closing.length)
      this.#state = 'gap'
    } else {
      this.#held = this.#held.slice(-(closing.length - 1))
    }
  }

  #leaveGap(): void {
    this.#held = this.#held.trimStart()
    if (this.#held !== '') this.#state = 'text'
  }

  #release(length: number): string {
    const text = this.#held.slice(0, length)
    this.#held = this.#held.slice(length)
    return text.replaceAll('\0', '').toWellFormed()
  }
}

/** The length up to which no character is cut in two. */
function wholeLength(text: string): number {
  const last = text.charCodeAt(text.length - 1)
  const isHighHalf = last >= 0xd800 && last <= 0xdbff
  return isHighHalf ? text.length - 1 : text.length
}
