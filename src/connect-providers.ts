/** From the settings to what can be compared: for the app, and for the doctor. */
import { readFile } from 'node:fs/promises'
import { type Config, ConfigError } from './config.ts'
import type { Clock } from './core/ports.ts'
import type { Text } from './core/text/index.ts'
import type { Log } from './log.ts'
import { CatalogueError, createCatalogue, type ProviderCatalogue, providerRows } from './providers/index.ts'

/** Throws a `ConfigError` for whatever is wrong in models.json or in the variables that choose models and providers. */
export async function connectProviders(
  config: Config,
  options: { text: Text; log: Log; clock?: Clock | undefined; demoWordMs?: number | undefined },
): Promise<ProviderCatalogue> {
  try {
    const rows = providerRows(await contentOf(config.modelsFile, options.text), options.text)
    const valuesOf = (values: Readonly<Record<string, string>>, variable: 'keyVariable' | 'baseUrlVariable') =>
      Object.fromEntries(rows.map(row => [row.id, values[row[variable] ?? '']]))
    return await createCatalogue({
      ...options,
      rows,
      keys: valuesOf(config.secrets.providerKeys, 'keyVariable'),
      baseUrls: valuesOf(config.baseUrls, 'baseUrlVariable'),
      models: config.models ?? undefined,
      defaults: config.defaultContestants ?? undefined,
      detectOllama: config.ollama.detect,
    })
  } catch (error) {
    throw error instanceof CatalogueError ? new ConfigError(error.problems) : error
  }
}

/** Undefined when there is no such file. */
async function contentOf(file: string, text: Text): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (code === 'ENOENT') return undefined
    throw new ConfigError([text.catalogue.file.unreadable(file, code)])
  }
}
