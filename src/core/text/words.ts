import type { Category } from '../comparison.ts'
import type { Problem } from '../errors.ts'

/** Picks the form of a word that the language uses with `n`. */
export function plural(locale: string): (n: number, forms: { one: string; other: string }) => string {
  const rules = new Intl.PluralRules(locale)
  return (n, forms) => (rules.select(n) === 'one' ? forms.one : forms.other)
}

/** Holds every language to the full list of categories. */
export function categoryNames(names: Record<Category, string>): Record<Category, string> {
  return names
}

/** A sentence for every code; codes that share a shape carry no fields. */
export type ProblemSentences = { [Code in Problem['code']]: (problem: Extract<Problem, { code: Code }>) => string }
