/** The emoji that people vote with. */
import { type Choice, choiceEmoji } from '../../core/comparison.ts'

const choices = new Map(Object.entries(choiceEmoji).map(([choice, emoji]) => [emoji, choice as Choice]))

/** Skin tones mean the same; Discord names some emoji with U+FE0F and some without. */
export function choiceOf(emoji: string | null): Choice | undefined {
  return choices.get((emoji ?? '').replace(/[\u{1F3FB}-\u{1F3FF}\uFE0F]/gu, ''))
}
