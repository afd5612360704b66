/** What the manifest asks for: the stand-in's workspaces grant this, as Slack's would. */
export { botScopes as scopes } from '../../../src/chat/slack/manifest.ts'
