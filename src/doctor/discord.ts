import { type APIGuild, Routes } from 'discord.js'
import { DiscordRest, discordIdentity } from '../chat/discord/index.ts'
import type { Config } from '../config.ts'
import { discordInvite } from '../console/connections.ts'
import type { Text } from '../core/text/index.ts'
import { type Check, ok, problem, warning } from './check.ts'

/** Milliseconds for each question. */
const longestMs = 5_000

/** Whether Discord knows our token, and whether the app is on a server. */
export async function checkDiscord({ discord, secrets }: Config, { doctor }: Text): Promise<Check[]> {
  const words = doctor.discord
  if (discord === null) return [ok('discord', words.off)]
  const { host } = new URL(discord.apiUrl ?? 'https://discord.com')
  const unreachable = problem('discord', words.unreachable(host), words.unreachableRemedy(host))
  const rest = new DiscordRest({ apiUrl: discord.apiUrl, token: secrets.discordToken ?? '' })
  const identity = await discordIdentity(rest)
  if (identity === 'rejected') return [problem('discord', words.rejected, words.rejectedRemedy)]
  if (identity === null) return [unreachable]
  const { applicationId, name } = identity
  const guilds = await rest.get(Routes.userGuilds(), { signal: AbortSignal.timeout(longestMs) }).then(
    found => found as Pick<APIGuild, 'id'>[],
    () => null,
  )
  if (guilds === null) return [unreachable]
  const link = discordInvite(applicationId)
  const { guildId } = discord
  if (guildId !== null && !guilds.some(({ id }) => id === guildId)) {
    return [problem('discord', words.notThere(name, guildId), words.notThereRemedy(link))]
  }
  if (guilds.length === 0) return [warning('discord', words.nowhere(name), words.nowhereRemedy(link))]
  return [ok('discord', words.fine(name, guilds.length))]
}
