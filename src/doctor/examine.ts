/** Every check there is, all at once. */
import { type Config, ConfigError, readConfig } from '../config.ts'
import type { Text } from '../core/text/index.ts'
import { type Check, codeOf, ok, problem, within } from './check.ts'
import { checkDatabase } from './database.ts'
import { checkDiscord } from './discord.ts'
import { checkPort } from './port.ts'
import { checkProviders } from './providers.ts'
import { checkRedis } from './redis.ts'
import { checkSlack } from './slack.ts'

/** Each check has shorter limits of its own, and better words when they are over. In milliseconds. */
const longestMs = 12_000

/**
 * Looks at whatever the settings name, and changes nothing. With settings that cannot be read there is nothing else to
 * look at. Never throws, and takes no longer than `longestMs`.
 */
export async function examine(env: Readonly<Record<string, string | undefined>>, text: Text): Promise<Check[]> {
  const { doctor } = text
  const config = settingsOf(env)
  if (Array.isArray(config)) {
    return config.map(sentence => problem('settings', sentence, doctor.settings.remedy))
  }
  const checks: Record<string, Promise<Check[]>> = {
    database: checkDatabase(config, text),
    redis: checkRedis(config, text),
    discord: checkDiscord(config, text),
    slack: checkSlack(config, text),
    port: checkPort(config, text),
    providers: checkProviders(config, text),
  }
  const groups = Object.entries(checks).map(async ([name, check]) => {
    try {
      return await within(longestMs, check)
    } catch (thrown) {
      // The class of an error is ours or the library's; its message may quote anything.
      const what = thrown instanceof Error ? `${thrown.name}, ${codeOf(thrown)}` : typeof thrown
      return [problem(name, doctor.defect(name, what), doctor.defectRemedy)]
    }
  })
  return [ok('settings', doctor.settings.fine), ...(await Promise.all(groups)).flat()]
}

/** The settings, or a sentence for each that is wrong. */
function settingsOf(env: Readonly<Record<string, string | undefined>>): Config | string[] {
  try {
    return readConfig(env)
  } catch (thrown) {
    if (thrown instanceof ConfigError) return [...thrown.sentences]
    throw thrown
  }
}
