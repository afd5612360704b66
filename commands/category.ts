/** Categories as an option of a command. */
import { type OptionChoice, readChoice } from '../src/core/command.ts'
import { type Category, categories } from '../src/core/comparison.ts'
import { FaceoffError } from '../src/core/errors.ts'

export const categoryChoices: readonly OptionChoice[] = categories.map(value => ({
  value,
  name: text => text.categories[value],
}))

/** null: none was chosen. Throws `category_unknown`. */
export function readCategory(given = ''): Category | null {
  if (given.trim() === '') return null
  const chosen = readChoice(given, categoryChoices)
  const category = categories.find(id => id === chosen)
  if (category === undefined) throw new FaceoffError({ code: 'category_unknown', category: given })
  return category
}
