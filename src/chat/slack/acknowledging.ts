/** When Slack is told that an event arrived: it sends it again where it is not. */
import type { App } from '@slack/bolt'

/** Bolt lets an error through whose `code` is set. */
export class NotKept extends Error {
  readonly code = 'faceoff_not_kept'

  constructor(cause: unknown) {
    super('a mention was not kept', { cause })
  }
}

/** Somebody's wish, unlike the other events, which only say that Slack holds something new. */
export function isMention({ event }: Record<string, unknown>): boolean {
  return typeof event === 'object' && event !== null && 'type' in event && event.type === 'app_mention'
}

/** Bolt acknowledges an event before its listeners run; a mention is acknowledged after them, unless it was not kept. */
export function acknowledgeMentionsOnceKept(app: App): void {
  const process = app.processEvent.bind(app)
  app.processEvent = async event => {
    if (!isMention(event.body)) return process(event)
    await process({ ...event, ack: async () => {} })
    await event.ack()
  }
}
