/** Faceoff in Slack as people run it, in a process of its own that is killed in the middle. */
import { expect, inject, test } from 'vitest'
import { run } from '../../app/process.ts'
import { gate, says, startStandIn } from '../../providers/stand-in.ts'
import { createDatabase } from '../../services/database.ts'
import { scopes } from './scopes.ts'
import { startSlack } from './stand-in/index.ts'

test('kill -9 loses no answer and no vote, and posts nothing twice', { timeout: 150_000 }, async () => {
  // Whoever died may have posted and not recorded it: with this right we may look.
  await using slack = await startSlack({ scopes: [...scopes, 'channels:history'], limits: false })
  const acme = slack.workspace({ name: 'Acme' })
  const general = slack.channel(acme, 'general')
  const [ada, bob] = [slack.person(acme, 'ada'), slack.person(acme, 'bob')]
  await using providers = await startStandIn()
  await using database = await createDatabase(inject('postgresUrl'))
  const rest = gate()
  providers.alwaysFor('qwen3.8-max', async reply => {
    reply.text('Half of ')
    await Promise.race([rest.opened, reply.closed])
  })
  providers.alwaysFor('gpt-6.1-sol', says('Done at once.'))
  const settings = {
    DATABASE_URL: database.url,
    MODELS_FILE: '/nonexistent/models.json',
    DASHSCOPE_API_KEY: 'sk-test-qwen',
    DASHSCOPE_BASE_URL: providers.url,
    OPENAI_API_KEY: 'sk-test-gpt',
    OPENAI_BASE_URL: providers.url,
    SLACK_BOT_TOKEN: acme.botToken,
    SLACK_SIGNING_SECRET: slack.app.signingSecret,
    SLACK_API_URL: slack.apiUrl,
  }
  const first = await run(settings)
  slack.app.requestUrl = `${first.url}/slack/events`
  await ada.slash(general, '/compare', 'Will it survive?')
  const ballot = await slack.until(() => slack.messages(general)[0])
  const answers = () => slack.messages(general, ballot)
  await slack.until(() => answers().some(({ shown }) => shown.includes('Half of')))
  await slack.until(() => answers().some(({ shown }) => shown.includes('Done at once.')))

  await first.kill()
  // Nobody hears of these.
  await ada.react(ballot, 'regional_indicator_a')
  await bob.react(ballot, 'handshake')
  providers.alwaysFor('qwen3.8-max', says('The whole of it.'))
  await using second = await run(settings)
  slack.app.requestUrl = `${second.url}/slack/events`

  await slack.until(() => answers().some(({ shown }) => shown.endsWith('The whole of it.')), 120_000)
  await slack.until(() => ballot.shown.includes('2 people have voted'), 60_000)
  await ada.press(ballot, 'reveal')
  await slack.until(() => ballot.shown.includes('Result:'))
  await slack.until(() => answers().every(({ shown }) => shown.includes('·')))
  expect(slack.messages(general)).toHaveLength(3)
  expect(answers().map(({ shown }) => shown.split('\n')[0]?.slice(0, 10))).toEqual(['**Answer A', '**Answer B'])
})
