import type { Category } from '../comparison.ts'
import type { Problem } from '../errors.ts'
import type { Verdict } from '../rating/verdict.ts'

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

/** A sentence for every verdict; `name` turns a model's id into what people call it. */
export type VerdictSentences = {
  [Kind in Verdict['kind']]: (verdict: Extract<Verdict, { kind: Kind }>, name: (model: string) => string) => string
}

/** "93 %"; what is all but certain is never called certain. */
export function percent(probability: number, moreThan: string): string {
  return probability > 0.99 ? `${moreThan} 99 %` : `${Math.round(100 * probability)} %`
}
