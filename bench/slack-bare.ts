/** A straightforward bot on bare Bolt, as the guides show it: post, stream, edit the message now and then. In its own process. */
import { App } from '@slack/bolt'
import OpenAI from 'openai'
import { report } from './slack-child.ts'

/** What such a bot edits by: often enough to look alive. */
const editMs = 700

const { SLACK_BOT_TOKEN = '', SLACK_SIGNING_SECRET = '', SLACK_API_URL = '', PROVIDER_URL = '' } = process.env
const app = new App({
  token: SLACK_BOT_TOKEN,
  signingSecret: SLACK_SIGNING_SECRET,
  clientOptions: { slackApiUrl: SLACK_API_URL },
  logger: {
    debug() {},
    info() {},
    warn() {},
    error() {},
    setLevel() {},
    getLevel: () => 'error' as never,
    setName() {},
  },
})
const openai = new OpenAI({ apiKey: 'sk-bench', baseURL: PROVIDER_URL })
const models = ['deepseek-flash', 'gpt-6.1-sol']

app.command('/compare', async ({ ack, command, client }) => {
  await ack()
  const channel = command.channel_id
  const ballot = await client.chat.postMessage({ channel, text: `${command.user_name} asks: ${command.text}` })
  const thread = ballot.ts
  await Promise.all(
    models.map(async (model, index) => {
      const label = `Answer ${String.fromCharCode(65 + index)}`
      const reply = await client.chat.postMessage({ channel, ...(thread && { thread_ts: thread }), text: label })
      const edit = (text: string) => client.chat.update({ channel, ts: reply.ts ?? '', text: `${label}\n\n${text}` })
      const stream = await openai.chat.completions.create({
        model,
        stream: true,
        messages: [{ role: 'user', content: command.text }],
      })
      let text = ''
      let editedAt = 0
      for await (const chunk of stream) {
        text += chunk.choices[0]?.delta.content ?? ''
        if (text === '' || performance.now() - editedAt < editMs) continue
        await edit(text)
        editedAt = performance.now()
      }
      await edit(text)
    }),
  )
  for (const name of ['regional_indicator_a', 'regional_indicator_b', 'handshake', '-1']) {
    await client.reactions.add({ channel, timestamp: thread ?? '', name })
  }
})
app.error(async () => {})
process.on('unhandledRejection', () => {})

const server = await app.start({ port: 0, host: '127.0.0.1' })
const address = server.address()
report(typeof address === 'object' && address ? `http://127.0.0.1:${address.port}/slack/events` : '')
