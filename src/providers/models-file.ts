/** `models.json`: providers of the operator's own, and changes to the built-in ones. */
import { z } from 'zod'
import type { Price } from '../core/model.ts'
import { isKnownAddress, isPrivateHost, readBaseUrl, regionOf } from './address.ts'
import { builtInRows } from './catalogue.ts'
import { CatalogueError } from './catalogue-error.ts'
import { aliasesFor } from './families.ts'
import type { ModelRow, ProviderRow } from './row.ts'

const usualConcurrency = 4

const name = z
  .string('must be a text')
  .trim()
  .min(1, 'must not be empty')
  .max(80, 'must not be longer than 80 characters')

const count = z.int('must be a whole number').min(1, 'must be at least 1')

const amount = z.number('must be a number').min(0, 'must not be negative')

const baseUrl = z.string('must be a text').transform((text, context) => {
  const read = readBaseUrl(text)
  if ('url' in read) return read.url
  context.addIssue({ code: 'custom', message: read.problem })
  return z.NEVER
})

const price = z
  .strictObject({
    input: amount,
    output: amount,
    currency: z.enum(['USD', 'CNY'], 'must be "USD" or "CNY"').default('USD'),
    asOf: z.iso.date('must be a date such as "2026-11-23"'),
    source: name.default('models.json'),
  })
  .transform(given => given satisfies Price)

const modelEntry = z.strictObject({
  id: name.max(200, 'must not be longer than 200 characters'),
  name: name.optional(),
  aliases: z.array(name, 'must be a list of texts').optional(),
  contextTokens: count.optional(),
  price: price.optional(),
  body: z
    .record(z.string(), z.unknown(), 'must be an object')
    .refine(body => ['model', 'messages', 'stream', 'stream_options'].every(field => !(field in body)), {
      error: 'must not set model, messages, stream or stream_options',
    })
    .optional(),
})

const providerEntry = z.strictObject({
  name: name.optional(),
  baseUrl: baseUrl.optional(),
  keyEnv: z
    .string('must be a text')
    .regex(/^[A-Z][A-Z0-9_]*$/, 'must be the name of an environment variable')
    .optional(),
  region: z
    .enum(['cn', 'sg', 'us', 'eu', 'hk', 'jp', 'various', 'local'], 'must be cn, sg, us, eu, hk, jp, various or local')
    .optional(),
  tokenLimitField: z
    .enum(['max_tokens', 'max_completion_tokens'], 'must be "max_tokens" or "max_completion_tokens"')
    .optional(),
  maxAnswerTokens: count.optional(),
  concurrency: count.optional(),
  rateLimit: z.strictObject({ max: count, perMs: count }).optional(),
  models: z.array(modelEntry, 'must be a list').optional(),
})

const file = z.strictObject({
  providers: z.record(
    z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'must be small letters, digits and hyphens'),
    providerEntry,
    'must be an object',
  ),
})

type ModelEntry = z.infer<typeof modelEntry>
type ProviderEntry = z.infer<typeof providerEntry>

/**
 * Every provider there can be: the built-in ones as `models.json` changes them, then the ones it adds. Which of them are
 * on depends on the keys. `content` is the file's text; undefined when there is none.
 *
 * Throws a `CatalogueError` with one sentence per mistake.
 */
export function providerRows(content?: string): readonly ProviderRow[] {
  if (content === undefined) return builtInRows
  const entries = read(content)
  const problems = Object.entries(entries).flatMap(([id, entry]) => problemsOf(id, entry))
  if (problems.length > 0) throw new CatalogueError(problems)
  const builtIn = builtInRows.map(row => {
    const entry = entries[row.id]
    return entry ? changed(row, entry) : row
  })
  const added = Object.entries(entries).filter(([id]) => !builtInRows.some(row => row.id === id))
  return [...builtIn, ...added.map(([id, entry]) => addedRow(id, entry))]
}

function read(content: string): Readonly<Record<string, ProviderEntry>> {
  let json: unknown
  try {
    json = JSON.parse(content)
  } catch (thrown) {
    throw new CatalogueError([`models.json is not valid JSON: ${thrown instanceof Error ? thrown.message : thrown}.`])
  }
  const parsed = file.safeParse(json, { error: wording })
  if (parsed.success) return parsed.data.providers
  throw new CatalogueError(
    parsed.error.issues.map(issue =>
      sentence(issue.path, issue.code === 'invalid_key' ? keyWording(issue) : issue.message),
    ),
  )
}

/** What zod says by itself, in our words; fields with words of their own never get here. */
function wording(issue: { code?: string; keys?: readonly string[]; input?: unknown }): string {
  if (issue.code === 'unrecognized_keys') return `has no field ${(issue.keys ?? []).map(key => `"${key}"`).join(', ')}`
  return issue.input === undefined ? 'is missing' : 'has the wrong form'
}

function keyWording(issue: { issues: readonly { message: string }[] }): string {
  return issue.issues[0]?.message ?? 'has the wrong form'
}

function problemsOf(id: string, entry: ProviderEntry): string[] {
  const at = (field: string, problem: string) => sentence(['providers', id, ...field.split('.')], problem)
  const row = builtInRows.find(candidate => candidate.id === id)
  const problems: string[] = []
  const owner = builtInRows.find(candidate => candidate.keyVariable !== null && candidate.keyVariable === entry.keyEnv)
  if (owner) problems.push(at('keyEnv', `must be a variable of its own, because ${entry.keyEnv} is for ${owner.name}`))
  if (row) {
    const leaves = entry.baseUrl !== undefined && !isKnownAddress(entry.baseUrl, row.baseUrls)
    if (row.kind === 'demo') return [at('', 'cannot be changed, because the demo is built in')]
    if (leaves && entry.keyEnv === undefined && row.keyVariable !== null) {
      problems.push(at('keyEnv', `is missing: ${row.keyVariable} is not sent to another address, so name a key for it`))
    }
    if (entry.baseUrl === undefined) {
      if (entry.keyEnv !== undefined) problems.push(at('keyEnv', 'needs a baseUrl beside it'))
      if (entry.region !== undefined) problems.push(at('region', 'needs a baseUrl beside it'))
    }
  } else {
    for (const field of ['name', 'baseUrl', 'models'] as const) {
      if (entry[field] === undefined) problems.push(at(field, 'is missing'))
    }
    if (entry.models?.length === 0) problems.push(at('models', 'must name at least one model'))
  }
  for (const [index, model] of (entry.models ?? []).entries()) {
    const first = entry.models?.findIndex(other => other.id === model.id)
    if (first !== index) problems.push(at(`models.${index}.id`, `"${model.id}" is there twice`))
  }
  return problems
}

function sentence(path: readonly PropertyKey[], problem: string): string {
  const where = path
    .filter(part => part !== '')
    .map(String)
    .join('.')
  return `models.json: ${where || 'the file'} ${problem}.`
}

function changed(row: ProviderRow, entry: ProviderEntry): ProviderRow {
  const known = new Map(row.models.map(model => [model.id, model]))
  const entries = new Map((entry.models ?? []).map(model => [model.id, model]))
  const models = [
    ...row.models.map(model => mergedModel(model, entries.get(model.id))),
    ...[...entries.values()].filter(model => !known.has(model.id)).map(newModel),
  ]
  return {
    ...row,
    ...limitsOf(row, entry),
    name: entry.name ?? row.name,
    models,
    ...(entry.baseUrl === undefined ? {} : movedTo(row, entry, entry.baseUrl)),
  }
}

function movedTo(row: ProviderRow, entry: ProviderEntry, url: string) {
  const region = entry.region ?? regionOf(url, row.baseUrls)
  return { moved: true, baseUrls: [{ url, region }], keyVariable: entry.keyEnv ?? row.keyVariable }
}

function addedRow(id: string, entry: ProviderEntry): ProviderRow {
  const url = entry.baseUrl ?? ''
  return {
    id,
    name: entry.name ?? id,
    kind: 'openai-compatible',
    keyVariable: entry.keyEnv ?? null,
    baseUrlVariable: null,
    baseUrls: [{ url, region: entry.region ?? (isPrivateHost(new URL(url).hostname) ? 'local' : null) }],
    moved: false,
    models: (entry.models ?? []).map(newModel),
    thinkTags: true,
    failures: [],
    ...limitsOf(
      { tokenLimitField: 'max_tokens', maxAnswerTokens: null, concurrency: usualConcurrency, rateLimit: null },
      entry,
    ),
  }
}

type Tuning = Pick<ProviderRow, 'tokenLimitField' | 'maxAnswerTokens' | 'concurrency' | 'rateLimit'>

function limitsOf(usual: Tuning, entry: ProviderEntry): Tuning {
  return {
    tokenLimitField: entry.tokenLimitField ?? usual.tokenLimitField,
    maxAnswerTokens: entry.maxAnswerTokens ?? usual.maxAnswerTokens,
    concurrency: entry.concurrency ?? usual.concurrency,
    rateLimit: entry.rateLimit ?? usual.rateLimit,
  }
}

function mergedModel(model: ModelRow, entry: ModelEntry | undefined): ModelRow {
  if (!entry) return model
  const { priceIn, ...rest } = model
  return {
    ...rest,
    // A price that the operator gives holds in every region.
    ...(entry.price || !priceIn ? {} : { priceIn }),
    price: entry.price ?? model.price,
    name: entry.name ?? model.name,
    aliases: entry.aliases ?? model.aliases,
    contextTokens: entry.contextTokens ?? model.contextTokens,
    ...(entry.body ? { body: entry.body } : {}),
  }
}

function newModel(entry: ModelEntry): ModelRow {
  return {
    id: entry.id,
    name: entry.name ?? entry.id,
    aliases: entry.aliases ?? aliasesFor(entry.id),
    contextTokens: entry.contextTokens ?? null,
    price: entry.price ?? null,
    ...(entry.body ? { body: entry.body } : {}),
  }
}
