import { vi } from 'vitest'
import { type ChatHarness, chatContract, contractModels, type Seen, summaryDue } from '../../contract/chat.ts'
import { placeIn, startFaceoff } from './a-slack.ts'
import type { Message } from './stand-in/index.ts'

chatContract('Slack', async (): Promise<ChatHarness> => {
  // A minute of 2 s: the suite asks faster than people do.
  const faceoff = await startFaceoff({ models: contractModels, minuteMs: 2_000 })
  const { arena, chat, models, store, slack, acme, general, ada } = faceoff
  const workspaceId = await store.people.workspace('slack', acme.id)
  const where = { workspaceId, platform: 'slack', channel: general.id, place: placeIn(faceoff) } as const
  return {
    arena,
    chat,
    models,
    asker: await store.people.person(workspaceId, ada.id, { name: 'Astrid' }),
    where,
    read: async id => {
      // The rows are final a moment before Slack is told.
      await vi.waitUntil(async () => !(await store.unshown.list(['slack'], 0)).some(owed => owed.comparisonId === id))
      const messages = slack.messages(general)
      const ballots = messages.filter(
        message => message.threadTs === undefined && JSON.stringify(message.metadata).includes(id),
      )
      const answers = ballots.flatMap(ballot => slack.messages(general, ballot))
      return seen(ballots.length, [...ballots.slice(0, 1), ...answers])
    },
    dueSummary: () => {
      const { id: channel } = slack.channel(acme, 'news')
      return summaryDue(faceoff, { workspaceId, platform: 'slack', externalId: acme.id, channel, place: null })
    },
    summaryPosts: async ({ channel }) => slack.messages().filter(message => message.channel === channel).length,
    [Symbol.asyncDispose]: () => faceoff[Symbol.asyncDispose](),
  }
})

function seen(posts: number, messages: readonly Message[]): Seen {
  return {
    posts,
    text: messages.map(message => message.shown).join('\n'),
    raw: messages
      .map(message => JSON.stringify([message.text, message.blocks, message.stream, message.metadata]))
      .join('\n'),
    acting: messages.flatMap(message => [
      ...message.pings.map(ping => `ping: ${ping.to}`),
      ...message.disguisedLinks.map(link => `disguised: ${link.url}`),
      ...message.previews.map(url => `fetched: ${url}`),
    ]),
  }
}
