/** What commands answer to one person, as Discord's text. */
import type { ModelEntry } from '../../core/arena.ts'
import type { Command, Reply } from '../../core/command.ts'
import { formatContext, formatPrice } from '../../core/text/format.ts'
import { sentenceFor, type Text } from '../../core/text/index.ts'
import { discordEscape, splitMarkdown } from '../markdown/index.ts'
import { contentLimit } from './messages.ts'

/** The reply in as many messages as it takes; a ballot shows itself. */
export function replyTexts(
  reply: Exclude<Reply, { kind: 'ballot' }>,
  commands: readonly Command[],
  text: Text,
): string[] {
  switch (reply.kind) {
    case 'models':
      return paged(modelLines(reply.entries, text))
    case 'help':
      return paged(helpLines(commands, text))
  }
}

function paged(lines: readonly string[]): string[] {
  return splitMarkdown(lines.join('\n'), contentLimit)
}

function modelLines(entries: readonly ModelEntry[], text: Text): string[] {
  const { models } = text
  if (entries.length === 0) return [text.start.comparingNothing]
  return [
    `## ${models.title}`,
    ...entries.map(({ model, health, byDefault }) => {
      const region = model.region === null ? text.results.unknown : models.regions[model.region]
      const facts = [
        ...(byDefault ? [`**${models.byDefault}**`] : []),
        `${formatPrice(model.price, text)}`,
        region,
        ...(model.contextTokens === null ? [] : [`${models.context} ${formatContext(model.contextTokens, text)}`]),
        healthOf({ model, health }, text),
      ]
      return `- **${discordEscape(model.name)}** \`${model.id}\`\n  ${facts.join(' · ')}`
    }),
    `-# ${models.price} · ${models.region} …`,
  ]
}

function healthOf({ model, health }: Pick<ModelEntry, 'model' | 'health'>, text: Text): string {
  if (!health.ok) return `⚠️ ${sentenceFor({ code: health.failure }, text)}`
  const name = model.id.slice(model.provider.length + 1)
  if (health.offered !== null && !health.offered.includes(name)) return `⚠️ ${text.models.notOffered}`
  return `✅ ${text.models.healthy}`
}

function helpLines(commands: readonly Command[], text: Text): string[] {
  const { help } = text
  const named = (name: string) => text.chat.names[name] ?? name
  return [
    help.intro,
    ...commands.map(command => `- \`/${named(command.name)}\` ${command.summary(text)}`),
    `### ${help.optionsTitle}`,
    ...commands.flatMap(({ options }) => options).map(option => `- \`${named(option.name)}\` ${option.summary(text)}`),
    `### ${help.votingTitle}`,
    help.voting,
  ]
}
