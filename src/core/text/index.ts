import type { Problem } from '../errors.ts'
import type { Verdict } from '../rating/verdict.ts'
import { de } from './de.ts'
import { en } from './en.ts'

export const locales = ['en', 'de'] as const
export type Locale = (typeof locales)[number]

/** Keys and parameters come from the English texts; the words are each language's own. */
export type Text = typeof en

const texts: Record<Locale, Text> = { en, de }

export function textFor(locale: Locale): Text {
  return texts[locale]
}

/** The language that fits a BCP 47 tag best, such as Discord's `de` or a browser's `de-AT`; English otherwise. */
export function localeFor(tag: string | null | undefined): Locale {
  return tag?.toLowerCase().startsWith('de') ? 'de' : 'en'
}

/** The sentence a person reads about a problem. */
export function sentenceFor(problem: Problem, text: Text): string {
  // Each code's sentence takes that code's own fields; TypeScript cannot follow the pairing through the index.
  const sentence = text.problem[problem.code] as (problem: Problem) => string
  return sentence(problem)
}

/** The one sentence under a leaderboard; `name` turns a model's id into what people call it. */
export function verdictSentence(
  verdict: Verdict,
  text: Text,
  name: (model: string) => string = model => model,
): string {
  const sentence = text.rating.verdict[verdict.kind] as (verdict: Verdict, name: (model: string) => string) => string
  return sentence(verdict, name)
}
