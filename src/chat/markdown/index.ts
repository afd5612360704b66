/** Markdown of models, and text of people, for chat platforms. */
export { discordEscape, slackEscape, threadName } from './escape.ts'
export { discordMarkdown, slackMarkdown } from './rewrite.ts'
export { splitMarkdown } from './split.ts'
