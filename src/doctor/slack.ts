import { askSlack, botScopes } from '../chat/slack/index.ts'
import type { Config } from '../config.ts'
import type { Text } from '../core/text/index.ts'
import { type Check, ok, problem, warning } from './check.ts'

/** Whether Slack knows our tokens, has granted what we need, and can reach us. */
export async function checkSlack({ slack, secrets, http }: Config, text: Text): Promise<Check[]> {
  const words = text.slack.doctor
  if (slack === null) return [ok('slack', words.off)]
  if (slack.way === 'oauth') return [ok('slack', words.byOAuth(`${http.publicUrl ?? ''}/slack/install`))]
  const bot = await askSlack(slack.apiUrl, secrets.slack.botToken, 'auth.test')
  if (!bot.ok) return [refused('SLACK_BOT_TOKEN', bot.code, words)]
  if (slack.way === 'sockets') {
    const app = await askSlack(slack.apiUrl, secrets.slack.appToken, 'apps.connections.open')
    if (!app.ok) return [refused('SLACK_APP_TOKEN', app.code, words)]
  } else if (http.publicUrl === null) {
    return [warning('slack', words.noPublicUrl, words.noPublicUrlRemedy)]
  }
  const missing = botScopes.filter(scope => !bot.scopes.includes(scope))
  if (missing.length > 0) return [problem('slack', words.scopes(missing.join(', ')), words.scopesRemedy)]
  return [ok('slack', words.fine(bot.team, bot.name, slack.way === 'sockets' ? words.overSockets : words.overHttp))]
}

/** Slack's own codes are words; a system's are not, and say that nobody answered. */
function refused(variable: string, code: string, words: Text['slack']['doctor']): Check {
  return /^[a-z_]+$/.test(code)
    ? problem('slack', words.rejects(variable, code), words.rejectsRemedy(variable))
    : problem('slack', words.unreachable(code), words.unreachableRemedy)
}
