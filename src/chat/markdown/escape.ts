/** Text of people and models, made harmless: what a platform would act upon is broken without being seen. */

/**
 * A zero-width space. Platforms look for their sequences letter by letter, so one of these in them makes them plain text:
 * also within code, where a backslash would be seen, and no matter where the platform thinks that code begins.
 */
export const gap = '\u200b'

const threadNameLimit = 100

/** Any text of people, as Discord shows it letter by letter; mentions in it are text. Lines stay lines. */
export function discordEscape(text: string): string {
  const escaped = text
    .replace(/[\\*_~`|[\]#]/g, '\\$&')
    .replace(/^(\s*)([>+-])/gm, '$1\\$2')
    .replace(/^(\s*\d+)([.)])/gm, '$1\\$2')
  // A link is shown as a link only while no backslash is in it.
  return withoutMentions(escaped.replace(/https?:\/\/\S+/g, link => link.replace(/\\([_~#])/g, '$1')))
}

/** Any text of people for Slack's mrkdwn, as Slack shows it letter by letter, within its code spans as well. */
export function slackEscape(text: string): string {
  return (
    text
      .replace(/@(?=channel|here|everyone)/g, `@${gap}`)
      // Slack knows no escapes; letters that look the same format nothing. Within words they format nothing anyway.
      .replace(/(?<![\p{L}\p{N}])[*_~](?=\S)/gu, mark => twins[mark] ?? mark)
      .replaceAll('`', 'ˋ')
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replace(/^([ \t]*)(?=&gt;)/gm, `$1${gap}`)
  )
}

const twins: Record<string, string> = { '*': '∗', _: 'ˍ', '~': '∼' }

/** A thread's title: 1 to 100 UTF-16 units in one line, of text alone, cut behind a word. */
export function threadName(prompt: string): string {
  const text = prompt
    .toWellFormed()
    .replace(/<(?:[@#][!&]?|id:|\/[^<>\n]{1,40}:|a?:\w{1,40}:|t:)[\w:-]*>/g, '')
    // Emoji are joined by a character of this class, and flags of regions are made of them.
    .replace(/(?![\u200d\u{E0020}-\u{E007F}])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/[*_~`#<>|@\\]/g, '')
    .replace(/\s+/g, ' ')
    .trim()
  if (text.replace(/[\p{Cf}\p{M}\s]/gu, '') === '') return 'Faceoff'
  if (text.length <= threadNameLimit) return text
  const end = new Intl.Segmenter().segment(text).containing(threadNameLimit - 1)?.index ?? 0
  const word = text.slice(0, end + 1).lastIndexOf(' ')
  const least = threadNameLimit / 2
  const head = word > least ? text.slice(0, word) : text.slice(0, end > least ? end : threadNameLimit - 2)
  return `${head.replace(/[\ud800-\udbff]$/, '').trimEnd()}…`
}

/** Text for Discord, in which no mention, time, emoji, or command acts. */
export function withoutMentions(text: string): string {
  return text
    .replace(/@(?=everyone|here)/g, `@${gap}`)
    .replace(/<(?=[@#][!&]?\w|\/[^<>\n]{1,200}:\d|a?:\w+:\d|t:-?\d|id:\w|https?:[^<>\s]*\|)/g, `<${gap}`)
}

/** Text for Slack's Markdown, in which no mention acts and no link has another's name. */
export function withoutSequences(text: string): string {
  return text
    .replace(/@(?=channel|here|everyone)/g, `@${gap}`)
    .replace(/<(?=[!@#](?!--)|[a-z]+:[^<>\s]*\|)/gi, `<${gap}`)
}
