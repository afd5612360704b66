/** The manifest that makes the Slack app by pasting. Written to `manifest.json` from the list of commands. */
import type { Command } from '../../core/command.ts'
import type { Text } from '../../core/text/index.ts'

/** What the app may do. Nothing here lets it read what people write, but for what they say to it. */
export const botScopes = [
  'app_mentions:read',
  'chat:write',
  'commands',
  'files:write',
  'reactions:read',
  'reactions:write',
  'users:read',
] as const

const botEvents = [
  'app_home_opened',
  'app_mention',
  'app_uninstalled',
  'reaction_added',
  'reaction_removed',
  'tokens_revoked',
] as const

/** `publicUrl`: where Slack reaches us; null for Socket Mode. */
export function slackManifest(commands: readonly Command[], publicUrl: string | null, text: Text): object {
  const url = publicUrl === null ? null : new URL('/slack/events', publicUrl).href
  const request = url === null ? {} : { request_url: url }
  return {
    display_information: { name: text.appName, description: text.tagline, background_color: '#2b2560' },
    features: {
      // Without a tab for messages Slack takes no direct message from an app; nobody has to write to it there.
      app_home: { home_tab_enabled: true, messages_tab_enabled: true, messages_tab_read_only_enabled: true },
      bot_user: { display_name: text.appName, always_online: true },
      shortcuts: [
        {
          name: text.slack.compareThis,
          type: 'message',
          callback_id: 'compare_this',
          description: text.commands.compare.slice(0, 150),
        },
      ],
      slash_commands: commands.map(command => ({
        command: `/${command.name}`,
        ...(url === null ? {} : { url }),
        description: command.summary(text),
        usage_hint: usageOf(command) || undefined,
        should_escape: false,
      })),
    },
    oauth_config: {
      ...(publicUrl === null ? {} : { redirect_urls: [new URL('/slack/oauth_redirect', publicUrl).href] }),
      scopes: { bot: botScopes },
    },
    settings: {
      event_subscriptions: { ...request, bot_events: botEvents },
      interactivity: { is_enabled: true, ...request },
      org_deploy_enabled: false,
      socket_mode_enabled: url === null,
      token_rotation_enabled: false,
    },
  }
}

function usageOf({ options }: Command): string {
  const [only, ...others] = options
  // One word is enough where there is nothing else to say.
  if (only?.kind === 'choice' && others.length === 0)
    return `[${(only.choices ?? []).map(({ value }) => value).join('|')}]`
  return options.map(({ name, kind }) => (kind === 'text' ? name : `[--${name} …]`)).join(' ')
}
