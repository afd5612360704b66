/** `models.json`: providers of the operator's own, and changes to the built-in ones. */
import { z } from 'zod'
import type { Price } from '../core/model.ts'
import type { Text } from '../core/text/index.ts'
import { isKnownAddress, isPrivateHost, readBaseUrl, regionOf } from './address.ts'
import { builtInRows } from './catalogue.ts'
import { CatalogueError } from './catalogue-error.ts'
import { aliasesFor } from './families.ts'
import type { ModelRow, ProviderRow } from './row.ts'

const usualConcurrency = 4

/** The words for mistakes in the file; each is read after the place of its mistake. */
type Words = Text['catalogue']['file']

/** What the file may hold. What stands in it is given back as it is, base URLs without their trailing slashes. */
function fileShape({ file: words, address }: Text['catalogue']) {
  const name = z.string(words.noText).trim().min(1, words.empty).max(80, words.tooLong(80))
  const count = z.int(words.noWholeNumber).min(1, words.belowOne)
  const amount = z.number(words.noNumber).min(0, words.negative)
  const choice = <const Choices extends readonly string[]>(...choices: Choices) =>
    z.enum(choices, words.noChoice(choices.join(', ')))

  const baseUrl = z.string(words.noText).transform((typed, context) => {
    const read = readBaseUrl(typed)
    if ('url' in read) return read.url
    context.addIssue({ code: 'custom', message: address[read.problem] })
    return z.NEVER
  })
  // The environment gives no other variable to a provider.
  const keyEnv = z
    .string(words.noText)
    .regex(/^[A-Z][A-Z0-9_]*$/, { error: words.noVariable, abort: true })
    .regex(/^(?!DISCORD_|SLACK_).*_(API_KEY|TOKEN)$/, words.noKeyVariable)

  const price = z
    .strictObject({
      input: amount,
      output: amount,
      currency: choice('USD', 'CNY').default('USD'),
      asOf: z.iso.date(words.noDate('2026-11-23')),
      source: name.default('models.json'),
    })
    .transform(given => given satisfies Price)
  const model = z.strictObject({
    id: name.max(200, words.tooLong(200)),
    name: name.optional(),
    aliases: z.array(name, words.noList).optional(),
    contextTokens: count.optional(),
    price: price.optional(),
    body: z
      .record(z.string(), z.unknown(), words.noObject)
      .refine(body => ownFields.every(field => !(field in body)), { error: words.notInBody })
      .optional(),
  })
  const provider = z.strictObject({
    name: name.optional(),
    baseUrl: baseUrl.optional(),
    keyEnv: keyEnv.optional(),
    region: choice('cn', 'sg', 'us', 'eu', 'hk', 'jp', 'various', 'local').optional(),
    tokenLimitField: choice('max_tokens', 'max_completion_tokens').optional(),
    maxAnswerTokens: count.optional(),
    concurrency: count.optional(),
    rateLimit: z.strictObject({ max: count, perMs: count }).optional(),
    models: z.array(model, words.noList).optional(),
  })
  const id = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, words.noId)
  return z.strictObject({ providers: z.record(id, provider, words.noObject) })
}

/** Fields of a request that are ours to set. */
const ownFields = ['model', 'messages', 'stream', 'stream_options']

type ProviderEntry = z.infer<ReturnType<typeof fileShape>>['providers'][string]
type ModelEntry = NonNullable<ProviderEntry['models']>[number]

/**
 * Every provider there can be: the built-in ones as `models.json` changes them, then the ones it adds. Which of them are
 * on depends on the keys. `content` is the file's text; undefined when there is none.
 *
 * Throws a `CatalogueError` with one sentence per mistake.
 */
export function providerRows(content: string | undefined, { catalogue: text }: Text): readonly ProviderRow[] {
  if (content === undefined) return builtInRows
  const entries = read(content, text)
  const problems = Object.entries(entries).flatMap(([id, entry]) => problemsOf(id, entry, text.file))
  if (problems.length > 0) throw new CatalogueError(problems)
  const builtIn = builtInRows.map(row => {
    const entry = entries[row.id]
    return entry ? changed(row, entry) : row
  })
  const added = Object.entries(entries).filter(([id]) => !builtInRows.some(row => row.id === id))
  return [...builtIn, ...added.map(([id, entry]) => addedRow(id, entry))]
}

function read(content: string, text: Text['catalogue']): Readonly<Record<string, ProviderEntry>> {
  const words = text.file
  const parsed = fileShape(text).safeParse(json(content, words), { error: issue => wording(issue, words) })
  if (parsed.success) return parsed.data.providers
  throw new CatalogueError(
    parsed.error.issues.map(issue => {
      const message = issue.code === 'invalid_key' ? issue.issues[0]?.message : issue.message
      return sentence(issue.path, message ?? words.wrongForm, words)
    }),
  )
}

function json(content: string, words: Words): unknown {
  try {
    // Editors on Windows put a byte order mark in front.
    return JSON.parse(content.replace(/^\uFEFF/, ''))
  } catch (thrown) {
    throw new CatalogueError([jsonProblem(thrown instanceof Error ? thrown.message : '', words)])
  }
}

/** V8's message may quote what stands in the file, and there a key could stand by mistake: only its place is taken. */
function jsonProblem(message: string, words: Words): string {
  const [, line, column] = /\(line (\d+) column (\d+)\)/.exec(message) ?? []
  if (line !== undefined && column !== undefined) return words.noJsonAt(line, column)
  const [, character] = /^Unexpected token '(.)'/u.exec(message) ?? []
  return character === undefined ? words.noJsonEnd : words.noJsonCharacter(character)
}

/** What zod says by itself, in our words; fields with words of their own never get here. */
function wording(issue: { code?: string; keys?: readonly string[]; input?: unknown }, words: Words): string {
  if (issue.code === 'unrecognized_keys') return words.noField((issue.keys ?? []).map(key => `"${key}"`).join(', '))
  return issue.input === undefined ? words.missing : words.wrongForm
}

/** What one entry alone does not show: whose key it names, what it changes, what an added provider needs. */
function problemsOf(id: string, entry: ProviderEntry, words: Words): string[] {
  const at = (field: string, problem: string) => sentence(['providers', id, ...field.split('.')], problem, words)
  const row = builtInRows.find(candidate => candidate.id === id)
  const problems: string[] = []
  const owner = builtInRows.find(candidate => candidate.keyVariable !== null && candidate.keyVariable === entry.keyEnv)
  if (owner?.keyVariable) problems.push(at('keyEnv', words.foreignKey(owner.keyVariable, owner.name)))
  if (row) {
    const leaves = entry.baseUrl !== undefined && !isKnownAddress(entry.baseUrl, row.baseUrls)
    if (row.kind === 'demo') return [at('', words.demoFixed)]
    if (leaves && entry.keyEnv === undefined && row.keyVariable !== null) {
      problems.push(at('keyEnv', words.keyNeeded(row.keyVariable)))
    }
    if (entry.baseUrl === undefined) {
      if (entry.keyEnv !== undefined) problems.push(at('keyEnv', words.baseUrlNeeded))
      if (entry.region !== undefined) problems.push(at('region', words.baseUrlNeeded))
    }
  } else {
    for (const field of ['name', 'baseUrl', 'models'] as const) {
      if (entry[field] === undefined) problems.push(at(field, words.missing))
    }
    if (entry.models?.length === 0) problems.push(at('models', words.noModel))
  }
  for (const [index, model] of (entry.models ?? []).entries()) {
    const first = entry.models?.findIndex(other => other.id === model.id)
    if (first !== index) problems.push(at(`models.${index}.id`, words.modelTwice(model.id)))
  }
  return problems
}

function sentence(path: readonly PropertyKey[], problem: string, words: Words): string {
  const place = path
    .filter(part => part !== '')
    .map(String)
    .join('.')
  return `models.json: ${place || words.theFile} ${problem}.`
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
