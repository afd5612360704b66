/** The model catalogue of this installation: which providers are on, what can be compared, and who answers. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Model, ModelId, Region } from '../core/model.ts'
import { providerOf } from '../core/model.ts'
import type { Catalogue, Clock, Provider } from '../core/ports.ts'
import type { Text } from '../core/text/index.ts'
import type { Log } from '../log.ts'
import { readBaseUrl, regionOf } from './address.ts'
import { builtInRows } from './catalogue.ts'
import { CatalogueError } from './catalogue-error.ts'
import { isModelId, pickDefaults, problemsOfDefaults, problemsOfNames } from './choice.ts'
import { Demo } from './demo.ts'
import { aliasesFor } from './families.ts'
import { ListedModels } from './listed-models.ts'
import { OpenAiCompatible } from './openai-compatible.ts'
import type { Limits, ModelRow, ProviderRow, Retirement } from './row.ts'
import type { TimeLimits } from './watchdog.ts'

export { CatalogueError } from './catalogue-error.ts'
export { providerRows } from './models-file.ts'
export type { ProviderRow } from './row.ts'

export type CatalogueOptions = {
  /** From `providerRows(models.json)`; default: the built-in ones. */
  rows?: readonly ProviderRow[] | undefined
  /** The value of each row's `keyVariable`, by provider id. */
  keys?: Readonly<Record<string, string | undefined>> | undefined
  /** The value of each row's `baseUrlVariable`, by provider id. */
  baseUrls?: Readonly<Record<string, string | undefined>> | undefined
  /** `MODELS`: what can be compared, and nothing else. */
  models?: readonly string[] | undefined
  /** `DEFAULT_CONTESTANTS`. */
  defaults?: readonly string[] | undefined
  /** Look for an Ollama at its usual address when `OLLAMA_BASE_URL` is not set. Default true. */
  detectOllama?: boolean | undefined
  /** Milliseconds before each word of a demo answer; 0: none. */
  demoWordMs?: number | undefined
  timeLimits?: Partial<TimeLimits> | undefined
  clock?: Clock | undefined
  log: Log
  /** In the operator's language. */
  text: Text
}

/** One provider, for the pages that show what is connected. Nothing in it is secret. */
type ProviderInfo = {
  id: string
  name: string
  keyVariable: string | null
  baseUrlVariable: string | null
  on: boolean
  /** Where it is asked, or would be; null: no address is known yet, or none is needed. */
  host: string | null
  region: Region | null
}

export type ProviderCatalogue = Catalogue & {
  /** Every provider there can be, on or off. */
  providers(): readonly ProviderInfo[]
  /** Ids of the providers that are on or may turn out to be, as an Ollama that is started later: each needs a queue. */
  connected(): readonly string[]
  /** For the provider's queue. Throws for a provider that is not in `providers()`. */
  limits(provider: string): Limits
  /** When the vendor announced that the model is switched off; undefined where it announced nothing. */
  retirement(model: ModelId): Retirement | undefined
}

/** A provider that is on, or may turn out to be. */
type Connection = {
  row: ProviderRow
  url: string | null
  region: Region | null
  provider: Provider
  listed?: ListedModels
}

/** A start never waits longer than this for a provider that lists its own models. */
const firstLookMs = 1_500

/**
 * Throws a `CatalogueError` when the options cannot be used. Waits a moment for Ollama's list, and for nobody else.
 */
export async function createCatalogue(options: CatalogueOptions): Promise<ProviderCatalogue> {
  const rows = options.rows ?? builtInRows
  const text = options.text.catalogue
  const named = options.models ?? []
  const defaults = options.defaults ?? []
  const ids = rows.map(row => row.id)
  const problems = [
    ...problemsOfNames('MODELS', named, ids, text),
    ...problemsOfNames('DEFAULT_CONTESTANTS', defaults, ids, text),
  ]
  const connections: Connection[] = []
  for (const row of rows) {
    const connected = connectRow(row, options)
    if (Array.isArray(connected)) problems.push(...connected)
    else if (connected) connections.push(connected)
  }
  if (problems.length > 0) throw new CatalogueError(problems)

  const looks = connections.map(connection => connection.listed?.look())
  const enough = new AbortController()
  const wait = sleep(firstLookMs, undefined, { signal: enough.signal }).catch(() => undefined)
  await Promise.race([Promise.all(looks), wait])
  enough.abort()

  const catalogue = new Installed(rows, connections, [...new Set(named.filter(isModelId))], defaults.filter(isModelId))
  const later = catalogue.problems(text)
  if (later.length > 0) throw new CatalogueError(later)
  options.log.info({ providers: catalogue.on(), models: catalogue.models().length }, 'models ready')
  return catalogue
}

/** The connection, what is wrong with its settings, or undefined when the provider is off. */
function connectRow(row: ProviderRow, options: CatalogueOptions): Connection | string[] | undefined {
  const clock = options.clock ?? { now: () => new Date() }
  const text = options.text.catalogue
  if (row.kind === 'demo') {
    const demo = new Demo(options.demoWordMs === undefined ? {} : { wordMs: options.demoWordMs })
    return { row, url: null, region: 'local', provider: demo }
  }
  const key = options.keys?.[row.id]?.trim() || null
  const given = options.baseUrls?.[row.id]?.trim() || undefined
  const read = given === undefined ? undefined : readBaseUrl(given)
  const usual = row.baseUrls[0]?.url

  // Without a variable there is nothing to be read.
  const baseUrlVariable = row.baseUrlVariable ?? ''
  if (read && 'problem' in read) return [`${baseUrlVariable} ${text.address[read.problem]}.`]
  if (read && row.moved) return [text.addressTwice(baseUrlVariable, row.name)]
  if (key !== null && !/^[\x21-\x7e]+$/.test(key)) return [text.keyBad(row.keyVariable ?? '')]
  if (row.keyVariable !== null && key === null) return undefined
  const url = read?.url ?? usual
  if (url === undefined) return [text.addressMissing(row.keyVariable ?? '', baseUrlVariable, row.name)]
  const chosen = read !== undefined || row.moved
  const wanted = chosen || namesOf(row, options).length > 0
  if (row.kind === 'listed' && !wanted && options.detectOllama === false) return undefined

  const baseUrl = row.kind === 'listed' ? withVersion(url) : url
  const region = regionOf(baseUrl, row.baseUrls)
  const models = [...row.models, ...namesOf(row, options).map(id => ({ id }))]
  const provider = new OpenAiCompatible({
    ...row,
    baseUrl,
    key,
    models,
    clock,
    ...(options.timeLimits ? { timeLimits: options.timeLimits } : {}),
  })
  const connection: Connection = { row, url: baseUrl, region, provider }
  if (row.kind === 'listed') connection.listed = new ListedModels(row.id, provider, { region, wanted })
  return connection
}

/** The provider's models that MODELS or DEFAULT_CONTESTANTS name and no row describes. */
function namesOf(row: ProviderRow, options: CatalogueOptions): string[] {
  return [...(options.models ?? []), ...(options.defaults ?? [])]
    .filter(name => isModelId(name) && providerOf(name) === row.id)
    .map(name => name.slice(row.id.length + 1))
    .filter(id => !row.models.some(model => model.id === id))
}

/** People set Ollama's address without the path of its OpenAI-compatible part. */
function withVersion(url: string): string {
  return new URL(url).pathname === '/' ? `${url}/v1` : url
}

class Installed implements ProviderCatalogue {
  readonly #rows: readonly ProviderRow[]
  readonly #connections: ReadonlyMap<string, Connection>
  readonly #named: readonly ModelId[]
  readonly #defaults: readonly ModelId[]
  /** What the rows say; what providers list themselves is asked for each time. */
  readonly #described: readonly Model[]

  constructor(
    rows: readonly ProviderRow[],
    connections: readonly Connection[],
    named: readonly ModelId[],
    defaults: readonly ModelId[],
  ) {
    this.#rows = rows
    this.#connections = new Map(connections.map(connection => [connection.row.id, connection]))
    this.#named = named
    this.#defaults = defaults
    this.#described = connections.flatMap(({ row, region }) => row.models.map(model => modelOf(row, model, region)))
  }

  models(): readonly Model[] {
    const available = this.#available()
    if (this.#named.length > 0) return this.#named.map(id => available.find(model => model.id === id) ?? this.#bare(id))
    // A model of one's own Ollama may be wanted by default before Ollama answers.
    const asked = this.#defaults.filter(id => this.#isListed(id) && !available.some(model => model.id === id))
    const real = [...available.filter(model => !this.#isDemo(model)), ...asked.map(id => this.#bare(id))]
    return real.length >= 2 ? real : [...real, ...available.filter(model => this.#isDemo(model))]
  }

  defaults(): readonly ModelId[] {
    if (this.#defaults.length > 0) return this.#defaults
    const models = this.models()
    const real = models.filter(model => !this.#isDemo(model))
    const demo = models.filter(model => this.#isDemo(model))
    const pool = real.length >= 2 ? real : demo.length >= 2 ? demo : models
    return pickDefaults(pool, this.#flagships())
  }

  provider(id: string): Provider | undefined {
    return this.#isOn(id) ? this.#connections.get(id)?.provider : undefined
  }

  providers(): readonly ProviderInfo[] {
    return this.#rows.map(row => {
      const connection = this.#connections.get(row.id)
      const url = connection ? connection.url : (row.baseUrls[0]?.url ?? null)
      return {
        id: row.id,
        name: row.name,
        keyVariable: row.keyVariable,
        baseUrlVariable: row.baseUrlVariable,
        on: this.#isOn(row.id),
        host: url === null ? null : new URL(url).host,
        region: connection ? connection.region : (row.baseUrls[0]?.region ?? null),
      }
    })
  }

  connected(): readonly string[] {
    return [...this.#connections.keys()]
  }

  limits(provider: string): Limits {
    const row = this.#rows.find(candidate => candidate.id === provider)
    if (!row) throw new RangeError(`no provider ${provider}`)
    return { concurrency: row.concurrency, rateLimit: row.rateLimit }
  }

  retirement(model: ModelId): Retirement | undefined {
    const row = this.#rows.find(candidate => candidate.id === providerOf(model))
    return row?.models.find(candidate => model === `${row.id}/${candidate.id}`)?.retirement
  }

  /** What is wrong with MODELS and DEFAULT_CONTESTANTS, now that it is known which providers are on. */
  problems(text: Text['catalogue']): string[] {
    const off = this.#named.flatMap(id => this.#offProblem('MODELS', id, text))
    if (off.length > 0) return off
    if (this.#named.length === 1) return [text.oneModel]
    if (this.#defaults.length === 0) return []
    const offDefaults = this.#defaults.flatMap(id => this.#offProblem('DEFAULT_CONTESTANTS', id, text))
    if (offDefaults.length > 0) return offDefaults
    const comparable = this.models().map(model => model.id)
    return problemsOfDefaults(this.#defaults, comparable, text)
  }

  on(): string[] {
    return this.#rows.map(row => row.id).filter(id => this.#isOn(id))
  }

  #available(): Model[] {
    const listed = [...this.#connections.values()].flatMap(connection => connection.listed?.models() ?? [])
    const rest = listed.filter(model => !this.#described.some(described => described.id === model.id))
    const demo = this.#described.filter(model => this.#isDemo(model))
    return [...this.#described.filter(model => !this.#isDemo(model)), ...rest, ...demo]
  }

  #offProblem(variable: string, id: ModelId, text: Text['catalogue']): string[] {
    const row = this.#rows.find(candidate => candidate.id === providerOf(id))
    if (!row || this.#isOn(row.id)) return []
    return [text.modelOff(variable, id, row.keyVariable ?? row.baseUrlVariable ?? '')]
  }

  #isOn(id: string): boolean {
    const connection = this.#connections.get(id)
    return connection !== undefined && (connection.listed?.isOn() ?? true)
  }

  #isListed(id: ModelId): boolean {
    return this.#connections.get(providerOf(id))?.listed !== undefined
  }

  #isDemo(model: Model): boolean {
    return this.#connections.get(model.provider)?.row.kind === 'demo'
  }

  #flagships(): ModelId[] {
    return ['qwen', 'openai'].flatMap((id): ModelId[] => {
      const flagship = this.#rows.find(row => row.id === id)?.models[0]
      return flagship ? [`${id}/${flagship.id}`] : []
    })
  }

  #bare(id: ModelId): Model {
    const provider = providerOf(id)
    const name = id.slice(provider.length + 1)
    const region = this.#connections.get(provider)?.region ?? null
    return { id, provider, name, aliases: aliasesFor(name), contextTokens: null, price: null, region }
  }
}

function modelOf(row: ProviderRow, model: ModelRow, region: Region | null): Model {
  const regional = region === null ? undefined : model.priceIn?.[region]
  return {
    id: `${row.id}/${model.id}`,
    provider: row.id,
    name: model.name,
    aliases: model.aliases,
    contextTokens: model.contextTokens,
    price: regional === undefined ? model.price : regional,
    region,
  }
}
