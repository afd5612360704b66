import type { Model, ModelId } from '../core/model.ts'
import { providerOf } from '../core/model.ts'
import type { Text } from '../core/text/index.ts'

const fewest = 2
const most = 6

/** `provider/model`, with something on both sides of the first slash. */
export function isModelId(text: string): text is ModelId {
  return /^[^/\s]+\/\S+$/.test(text)
}

/** What is wrong with the names that an operator lists in `variable`, one sentence each. */
export function problemsOfNames(
  variable: string,
  names: readonly string[],
  providers: readonly string[],
  text: Text['catalogue'],
): string[] {
  return names.flatMap(name => {
    if (!isModelId(name)) return [text.noModelName(variable, name)]
    if (providers.includes(providerOf(name))) return []
    return [text.providerUnknown(variable, name, providers.join(', '))]
  })
}

/** What is wrong with DEFAULT_CONTESTANTS, when `comparable` can be compared. */
export function problemsOfDefaults(
  defaults: readonly ModelId[],
  comparable: readonly ModelId[],
  text: Text['catalogue'],
): string[] {
  const problems = defaults.filter(id => !comparable.includes(id)).map(text.defaultNotComparable)
  if (new Set(defaults).size < defaults.length) problems.push(text.defaultTwice)
  if (defaults.length < fewest || defaults.length > most) {
    problems.push(text.defaultsCount(fewest, most, defaults.length))
  }
  return problems
}

/**
 * Two contestants for a bare `/compare`: Qwen's flagship against GPT's where both can be compared; otherwise the first
 * model and the first that differs most from it: of another provider and another name, of another name, any other.
 */
export function pickDefaults(models: readonly Model[], flagships: readonly ModelId[]): ModelId[] {
  if (flagships.length >= fewest && flagships.every(id => models.some(model => model.id === id))) return [...flagships]
  const [first, ...others] = models
  if (!first) return []
  const second =
    others.find(model => model.provider !== first.provider && model.name !== first.name) ??
    others.find(model => model.name !== first.name) ??
    others[0]
  return second ? [first.id, second.id] : [first.id]
}
