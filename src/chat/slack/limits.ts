/** Slack's numbers, as its reference gave them in August 2026. */

/** Calls a minute and workspace, of methods that we call often. */
export const limits: Readonly<Record<string, number>> = {
  'chat.startStream': 20,
  'chat.stopStream': 20,
  'chat.appendStream': 100,
  'chat.update': 50,
  'chat.postEphemeral': 100,
  'reactions.add': 50,
  'reactions.get': 50,
  'conversations.history': 50,
  'conversations.replies': 50,
  'files.getUploadURLExternal': 100,
  'views.publish': 100,
}

/** About one post a second and channel; short bursts pass. */
export const postsPerChannel = { most: 4, seconds: 4 }

/** Characters of one message, all its texts together. Slack's limit is 12,000; people were refused from 11,000 on. */
export const messageLimit = 9_500

/** Characters of a prompt in a ballot; the whole is behind a button. */
export const promptShown = 1_500

/** Characters of what stands for a picture. */
export const altLimit = 2_000

/** Characters of a section, and of what a text field of a form takes. */
export const sectionLimit = 3_000
