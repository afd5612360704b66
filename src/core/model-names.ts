import type { ModelId } from './model.ts'
import type { Catalogue } from './ports.ts'

/** What people call a model; one that has left the catalogue since keeps its id as its name. */
export function namesById(catalogue: Pick<Catalogue, 'models'>): (model: ModelId | string) => string {
  const models = catalogue.models()
  const names = new Map<string, string>(models.map(({ id, name }) => [id, name]))
  // Two providers may offer models of one name: then the id tells them apart.
  const counts = Map.groupBy(models, ({ name }) => name)
  return id => {
    const name = names.get(id) ?? id
    return (counts.get(name)?.length ?? 1) > 1 ? `${name} (${id.slice(0, id.indexOf('/'))})` : name
  }
}
