/** The environment, read once. No other file names an environment variable of ours. */
import { isIP } from 'node:net'
import { z } from 'zod'
import { type Locale, localeFor, type Text, textFor } from './core/text/index.ts'

export const roles = ['gateway', 'worker', 'console'] as const
export type Role = (typeof roles)[number]

export type Config = {
  /** The operator's language, for what is printed at start. */
  locale: Locale
  roles: ReadonlySet<Role>
  logLevel: string
  http: { host: string; port: number; publicUrl: string | null }
  database: { kind: 'postgres' } | { kind: 'embedded'; dataDir: string }
  queue: { kind: 'redis' } | { kind: 'postgres' }
  /** `<PREFIX>_BASE_URL` by variable name. */
  baseUrls: Readonly<Record<string, string>>
  /** Path of an optional file; missing is fine. */
  modelsFile: string
  /** `provider/model`, or null for the catalogue's choice. */
  models: readonly string[] | null
  defaultContestants: readonly string[] | null
  votingMs: number
  /** Where a comparison without a key of its own may find models. */
  ollama: { detect: boolean }
  discordApplicationId: string | null
  /** Null: Discord is not connected. `apiUrl`, `guildId` null: Discord's own address; commands for every server. */
  discord: { apiUrl: string | null; guildId: string | null } | null
  /** Names of the Discord and Slack variables that are set: the Connect page shows which are missing. */
  platformVariables: ReadonlySet<string>
  secrets: Secrets
}

/** Apart from the rest, so that a config can be printed. */
export type Secrets = {
  databaseUrl: string | null
  redisUrl: string | null
  consolePassword: string | null
  discordToken: string | null
  /** Provider keys by variable name. */
  providerKeys: Readonly<Record<string, string>>
}

/** Every sentence names one variable and what to do about it. */
export class ConfigError extends Error {
  readonly sentences: readonly string[]

  constructor(sentences: readonly string[]) {
    super(sentences.join('\n'))
    this.sentences = sentences
  }
}

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const
const platformVariable = /^(DISCORD|SLACK)_[A-Z_]+$/

/**
 * Reads the environment. Throws a `ConfigError` that holds a sentence for every wrong value, in the language of
 * `LC_ALL`, `LC_MESSAGES` or `LANG`. An empty value counts as unset.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const locale = operatorLocale(env)
  const text = textFor(locale).config
  const given = Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value?.trim() ? [[name, value.trim()]] : [])),
  )
  const parsed = schema(text).safeParse(given)
  if (!parsed.success) {
    throw new ConfigError(parsed.error.issues.map(({ path, message }) => message.replace('{name}', String(path[0]))))
  }
  const value = parsed.data
  if (!isLoopback(value.HOST) && value.CONSOLE_PASSWORD === undefined) {
    throw new ConfigError([text.passwordNeeded(value.HOST)])
  }
  if (value.DATABASE_URL === undefined && value.ROLES.size < roles.length) {
    throw new ConfigError([text.databaseNeeded])
  }
  return {
    locale,
    roles: value.ROLES,
    logLevel: value.LOG_LEVEL,
    http: { host: value.HOST, port: value.PORT, publicUrl: value.PUBLIC_URL ?? null },
    database: value.DATABASE_URL ? { kind: 'postgres' } : { kind: 'embedded', dataDir: value.DATA_DIR },
    queue: { kind: value.REDIS_URL ? 'redis' : 'postgres' },
    baseUrls: pick(given, name => name.endsWith('_BASE_URL')),
    modelsFile: value.MODELS_FILE,
    models: value.MODELS ?? null,
    defaultContestants: value.DEFAULT_CONTESTANTS ?? null,
    votingMs: value.VOTING_HOURS * 3_600_000,
    ollama: { detect: value.OLLAMA_DETECT },
    discordApplicationId: value.DISCORD_APPLICATION_ID ?? null,
    discord: value.DISCORD_TOKEN
      ? { apiUrl: value.DISCORD_API_URL ?? null, guildId: value.DISCORD_GUILD_ID ?? null }
      : null,
    platformVariables: new Set(Object.keys(given).filter(name => platformVariable.test(name))),
    secrets: {
      databaseUrl: value.DATABASE_URL ?? null,
      redisUrl: value.REDIS_URL ?? null,
      consolePassword: value.CONSOLE_PASSWORD ?? null,
      discordToken: value.DISCORD_TOKEN ?? null,
      providerKeys: pick(given, name => isProviderKey(name)),
    },
  }
}

/** The language of whoever starts a process here. */
export function operatorLocale(env: Readonly<Record<string, string | undefined>>): Locale {
  return localeFor(env.LC_ALL || env.LC_MESSAGES || env.LANG)
}

/** Only this machine can reach such a host. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
}

function isProviderKey(name: string): boolean {
  return (name.endsWith('_API_KEY') || name.endsWith('_TOKEN')) && !platformVariable.test(name)
}

function schema(text: Text['config']) {
  const url = (protocols: readonly string[], example: string) =>
    z
      .string()
      .refine(value => URL.canParse(value) && protocols.includes(new URL(value).protocol), {
        error: text.urlNeeded('{name}', example),
      })
      .optional()
  const list = z.string().transform(value =>
    value
      .split(',')
      .map(part => part.trim())
      .filter(part => part !== ''),
  )
  const number = (least: number, most: number) =>
    z.coerce
      .number({ error: text.numberNeeded('{name}', least, most) })
      .refine(value => value >= least && value <= most, { error: text.numberNeeded('{name}', least, most) })
  const snowflake = (error: string) =>
    z
      .string()
      .regex(/^\d{15,22}$/, { error })
      .optional()
  return z.object({
    DATABASE_URL: url(['postgres:', 'postgresql:'], 'postgres://user:password@host:5432/faceoff'),
    REDIS_URL: url(['redis:', 'rediss:'], 'redis://host:6379'),
    DATA_DIR: z.string().default('./data'),
    ROLES: list
      .refine(names => names.length > 0 && names.every(name => roles.includes(name as Role)), {
        error: text.choiceNeeded('{name}', roles.join(', ')),
      })
      .transform(names => new Set(names as Role[]))
      .default(new Set(roles)),
    HOST: z.string().default('127.0.0.1'),
    PORT: number(0, 65_535)
      .refine(Number.isInteger, { error: text.numberNeeded('{name}', 0, 65_535) })
      .default(3000),
    // Paths are put behind it.
    PUBLIC_URL: url(['http:', 'https:'], 'https://faceoff.example.org').transform(value => value?.replace(/\/+$/, '')),
    CONSOLE_PASSWORD: z
      .string()
      .min(8, { error: text.passwordShort('{name}', 8) })
      .optional(),
    LOG_LEVEL: z.enum(logLevels, { error: text.choiceNeeded('{name}', logLevels.join(', ')) }).default('info'),
    MODELS_FILE: z.string().default('./models.json'),
    MODELS: list.optional(),
    DEFAULT_CONTESTANTS: list.optional(),
    VOTING_HOURS: number(0.1, 24 * 30).default(24),
    OLLAMA_DETECT: z
      .enum(['yes', 'no'], { error: text.choiceNeeded('{name}', 'yes, no') })
      .default('yes')
      .transform(value => value === 'yes'),
    DISCORD_TOKEN: z
      .string()
      .regex(/^\S+$/, { error: text.oneWordNeeded('{name}') })
      .optional(),
    DISCORD_APPLICATION_ID: snowflake(text.numberIdNeeded('{name}')),
    DISCORD_GUILD_ID: snowflake(text.guildIdNeeded('{name}')),
    // Paths are put behind it.
    DISCORD_API_URL: url(['http:', 'https:'], 'https://discord.com/api').transform(value => value?.replace(/\/+$/, '')),
  })
}

function pick(given: Record<string, string>, wanted: (name: string) => boolean): Record<string, string> {
  return Object.fromEntries(Object.entries(given).filter(([name]) => wanted(name)))
}
