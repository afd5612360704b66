/** The emoji that people vote with, by Slack's names. */
import type { Choice, Label } from '../../core/comparison.ts'

const letters: readonly Label[] = ['A', 'B', 'C', 'D', 'E', 'F']

/**
 * What the app seeds, best first: which letters a workspace has depends on its age and on what it added. Where it has
 * none of them people vote by the buttons.
 */
export function namesOf(choice: Choice): readonly string[] {
  if (choice === 'tie') return ['handshake']
  if (choice === 'both_bad') return ['-1']
  const letter = choice.toLowerCase()
  return [`regional_indicator_${letter}`, `alphabet-white-${letter}`, `alphabet-yellow-${letter}`]
}

const choices = new Map<string, Choice>([
  ['handshake', 'tie'],
  ['-1', 'both_bad'],
  ['thumbsdown', 'both_bad'],
  // 🅰 and 🅱, which every workspace has.
  ['a', 'A'],
  ['b', 'B'],
  ...letters.flatMap(letter => namesOf(letter).map(name => [name, letter] as const)),
])

/** Skin tones mean the same. */
export function choiceOf(reaction: string): Choice | undefined {
  return choices.get(reaction.replace(/::skin-tone-\d$/, ''))
}
