/** What is connected and what is missing, as the app knows it. Nothing in here is a secret's value. */
import type { Region } from '../core/model.ts'
import type { Text } from '../core/text/index.ts'

export type Connections = {
  database: 'embedded' | 'postgres'
  queue: 'postgres' | 'redis'
  /** Every provider there can be, on or off. */
  providers: readonly ProviderConnection[]
  /** The platforms' variables that are set, by name. */
  platformVariables: ReadonlySet<string>
  discordApplicationId: string | null
  /** The manifest that makes the Slack app by pasting. */
  slackManifest(text: Text): string
  /** Other settings, as the environment or a file has them; null: not set. Secrets are not among them. */
  settings: readonly { variable: string; value: string | null }[]
}

export type ProviderConnection = {
  id: string
  name: string
  keyVariable: string | null
  baseUrlVariable: string | null
  on: boolean
  /** Where it is asked, or would be; null: nowhere yet, or on this machine's own. */
  host: string | null
  region: Region | null
}

/** A way to connect a platform: all of its variables, together. */
export const slackVariables = [
  ['SLACK_BOT_TOKEN', 'SLACK_SIGNING_SECRET'],
  ['SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN'],
  ['SLACK_CLIENT_ID', 'SLACK_CLIENT_SECRET', 'SLACK_STATE_SECRET', 'SLACK_SIGNING_SECRET', 'SLACK_TOKEN_KEY'],
] as const

export const discordVariables = [['DISCORD_TOKEN']] as const

/** Where a key is made, by provider id. */
export const keyPages: Readonly<Record<string, string>> = {
  qwen: 'https://modelstudio.console.alibabacloud.com/?tab=app#/api-key',
  openai: 'https://platform.openai.com/api-keys',
  deepseek: 'https://platform.deepseek.com/api_keys',
  huggingface: 'https://huggingface.co/settings/tokens',
  groq: 'https://console.groq.com/keys',
  together: 'https://api.together.ai/settings/api-keys',
  ernie: 'https://console.bce.baidu.com/iam/#/iam/apikey/list',
  doubao: 'https://console.volcengine.com/ark',
  anthropic: 'https://console.anthropic.com/settings/keys',
  gemini: 'https://aistudio.google.com/apikey',
  openrouter: 'https://openrouter.ai/settings/keys',
  azure: 'https://ai.azure.com',
  ollama: 'https://ollama.com/download',
}

/** View channels, send messages and in threads, make threads, embed links, attach files, read history, react. */
const discordPermissions =
  (1n << 10n) | (1n << 11n) | (1n << 38n) | (1n << 35n) | (1n << 14n) | (1n << 15n) | (1n << 16n) | (1n << 6n)

export function discordInvite(applicationId: string): string {
  const query = new URLSearchParams({
    client_id: applicationId,
    scope: 'bot applications.commands',
    permissions: String(discordPermissions),
  })
  return `https://discord.com/oauth2/authorize?${query}`
}
