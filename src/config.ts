/** The environment, read once. No other file names an environment variable of ours. */
import { isIP } from 'node:net'
import { z } from 'zod'
import { type Locale, localeFor, type Text, textFor } from './core/text/index.ts'
import { isTimeZone, type Schedule, type Weekday, weekdays } from './core/week.ts'

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
  /** When a workspace gets its weekly summary that has not said otherwise. */
  summarySchedule: Schedule
  /** Where a comparison without a key of its own may find models. */
  ollama: { detect: boolean }
  discordApplicationId: string | null
  /** Null: Discord is not connected. `apiUrl`, `guildId` null: Discord's own address; commands for every server. */
  discord: { apiUrl: string | null; guildId: string | null } | null
  /** Null: Slack is not connected. One workspace, by events over HTTP or sockets; or many, by OAuth. */
  slack: { way: 'http' | 'sockets' | 'oauth'; apiUrl: string } | null
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
  slack: SlackSecrets
  /** Provider keys by variable name. */
  providerKeys: Readonly<Record<string, string>>
}

/** Empty where the way that is taken needs none. `tokenKeys`: 32 bytes each, the newest first. */
export type SlackSecrets = {
  botToken: string
  signingSecret: string
  appToken: string
  clientId: string
  clientSecret: string
  stateSecret: string
  tokenKeys: readonly Buffer[]
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
  const way = slackWay(given, value.SLACK_TOKEN_KEY, textFor(locale).slack.start)
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
    summarySchedule: { ...value.SUMMARY_CRON, timeZone: value.SUMMARY_TZ },
    ollama: { detect: value.OLLAMA_DETECT },
    discordApplicationId: value.DISCORD_APPLICATION_ID ?? null,
    discord: value.DISCORD_TOKEN
      ? { apiUrl: value.DISCORD_API_URL ?? null, guildId: value.DISCORD_GUILD_ID ?? null }
      : null,
    slack: way && { way, apiUrl: value.SLACK_API_URL ?? 'https://slack.com/api/' },
    platformVariables: new Set(Object.keys(given).filter(name => platformVariable.test(name))),
    secrets: {
      databaseUrl: value.DATABASE_URL ?? null,
      redisUrl: value.REDIS_URL ?? null,
      consolePassword: value.CONSOLE_PASSWORD ?? null,
      discordToken: value.DISCORD_TOKEN ?? null,
      slack: {
        botToken: value.SLACK_BOT_TOKEN ?? '',
        signingSecret: value.SLACK_SIGNING_SECRET ?? '',
        appToken: value.SLACK_APP_TOKEN ?? '',
        clientId: value.SLACK_CLIENT_ID ?? '',
        clientSecret: value.SLACK_CLIENT_SECRET ?? '',
        stateSecret: value.SLACK_STATE_SECRET ?? '',
        tokenKeys: value.SLACK_TOKEN_KEY ?? [],
      },
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

/** How Slack is connected. Throws a `ConfigError` for half a way, or two. */
function slackWay(
  given: Readonly<Record<string, string>>,
  tokenKeys: readonly Buffer[] | undefined,
  text: Text['slack']['start'],
): 'http' | 'sockets' | 'oauth' | null {
  const has = (name: string) => given[name] !== undefined
  const need = (...names: string[]) => {
    const missing = names.filter(name => !has(name))
    if (missing.length > 0) throw new ConfigError([text.incomplete(missing.join(', '))])
  }
  if (tokenKeys?.some(key => key.length !== 32)) throw new ConfigError([text.keyNeeded])
  if (has('SLACK_BOT_TOKEN')) {
    if (has('SLACK_CLIENT_ID')) throw new ConfigError([text.both])
    if (has('SLACK_APP_TOKEN')) return 'sockets'
    need('SLACK_SIGNING_SECRET')
    return 'http'
  }
  if (has('SLACK_CLIENT_ID')) {
    if (has('SLACK_APP_TOKEN')) throw new ConfigError([text.socketsForOne])
    need('SLACK_CLIENT_SECRET', 'SLACK_STATE_SECRET', 'SLACK_SIGNING_SECRET', 'SLACK_TOKEN_KEY', 'PUBLIC_URL')
    return 'oauth'
  }
  if (has('SLACK_APP_TOKEN') || has('SLACK_SIGNING_SECRET')) need('SLACK_BOT_TOKEN')
  return null
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
  const word = z.string().regex(/^\S+$/, { error: text.oneWordNeeded('{name}') })
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
    SUMMARY_CRON: z
      .string()
      .default('0 9 * * 1')
      .transform((value, issues) => {
        const read = weeklyTime(value)
        if (read === undefined) issues.addIssue({ code: 'custom', message: text.weeklyCronNeeded('{name}') })
        return read ?? z.NEVER
      }),
    SUMMARY_TZ: z
      .string()
      .refine(isTimeZone, { error: text.timeZoneNeeded('{name}') })
      .default('Europe/Berlin'),
    OLLAMA_DETECT: z
      .enum(['yes', 'no'], { error: text.choiceNeeded('{name}', 'yes, no') })
      .default('yes')
      .transform(value => value === 'yes'),
    DISCORD_TOKEN: word.optional(),
    DISCORD_APPLICATION_ID: snowflake(text.numberIdNeeded('{name}')),
    DISCORD_GUILD_ID: snowflake(text.guildIdNeeded('{name}')),
    SLACK_BOT_TOKEN: word.optional(),
    SLACK_SIGNING_SECRET: word.optional(),
    SLACK_APP_TOKEN: word.optional(),
    SLACK_CLIENT_ID: word.optional(),
    SLACK_CLIENT_SECRET: word.optional(),
    SLACK_STATE_SECRET: word.optional(),
    SLACK_TOKEN_KEY: list.transform(keys => keys.map(key => Buffer.from(key, 'base64'))).optional(),
    SLACK_API_URL: url(['http:', 'https:'], 'https://slack.com/api/').transform(value => value?.replace(/\/*$/, '/')),
    // Paths are put behind it.
    DISCORD_API_URL: url(['http:', 'https:'], 'https://discord.com/api').transform(value => value?.replace(/\/+$/, '')),
  })
}

/** One time in a week as cron has it, `0 9 * * 1`; undefined for anything else: there is one summary a week. */
function weeklyTime(cron: string): { weekday: Weekday; minuteOfDay: number } | undefined {
  const [, minute, hour, day] = /^(\d{1,2})\s+(\d{1,2})\s+\*\s+\*\s+([0-7]|[a-z]{3})$/i.exec(cron) ?? []
  const names = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']
  const named = names.indexOf((day ?? '').toLowerCase())
  // Sunday is 0 or 7 there, and 7 here.
  const weekday = named === -1 ? Number(day) : named
  const known = weekdays.find(number => number % 7 === weekday % 7)
  if (known === undefined || Number(minute) > 59 || Number(hour) > 23) return undefined
  return { weekday: known, minuteOfDay: Number(hour) * 60 + Number(minute) }
}

function pick(given: Record<string, string>, wanted: (name: string) => boolean): Record<string, string> {
  return Object.fromEntries(Object.entries(given).filter(([name]) => wanted(name)))
}
