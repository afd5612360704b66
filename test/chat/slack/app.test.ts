/** Slack in the whole app: by its environment, on the console's own port, with real queues and a stand-in for providers. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startApp } from '../../../src/app.ts'
import { readConfig } from '../../../src/config.ts'
import { textFor } from '../../../src/core/text/index.ts'
import { checkSlack } from '../../../src/doctor/slack.ts'
import { startWorld, type World } from '../../app/harness.ts'
import { gate, says } from '../../providers/stand-in.ts'
import { scopes } from './scopes.ts'
import { type Channel, type Person, type Slack, startSlack, type Workspace } from './stand-in/index.ts'

describe.each(['redis', 'postgres'] as const)('the app, with the queue on %s', queue => {
  let slack: Slack
  let world: World
  let acme: Workspace
  let general: Channel
  let ada: Person

  beforeAll(async () => {
    slack = await startSlack({ scopes, limits: false })
    acme = slack.workspace({ name: 'Acme' })
    general = slack.channel(acme, 'general')
    ada = slack.person(acme, 'ada')
    world = await startWorld({ queue, env: environment(slack, acme), overrides: { graceMs: 100 } })
    slack.app.requestUrl = `${world.app.url}/slack/events`
  })
  afterAll(async () => {
    await world[Symbol.asyncDispose]()
    await slack.close()
  })

  test('shows Slack and the console the same port', async () => {
    expect((await fetch(`${world.app.url}/healthz`)).status).toBe(200)
    expect((await fetch(`${world.app.url}/slack/events`, { method: 'POST', body: '{}' })).status).toBe(401)
    expect(world.app.banner.join('\n')).toContain('Acme')
  })

  test('goes on with an answer that a stopped process began', async () => {
    const rest = gate()
    world.providers.alwaysFor('qwen3.8-max', async reply => {
      reply.text('So far ')
      await Promise.race([rest.opened, reply.closed])
    })
    world.providers.alwaysFor('gpt-6.1-sol', says('Done at once.'))
    await ada.slash(general, '/compare', 'Will it survive?')
    const ballot = await slack.until(() => slack.messages(general)[0])
    const answers = () => slack.messages(general, ballot)
    await slack.until(() => answers().some(message => message.shown.includes('So far')))

    await world.app[Symbol.asyncDispose]()
    world.providers.alwaysFor('qwen3.8-max', says('From the beginning to the end.'))
    await world.restart()
    slack.app.requestUrl = `${world.app.url}/slack/events`

    await slack.until(() => answers().some(message => message.shown.endsWith('From the beginning to the end.')), 60_000)
    await slack.until(() => ballot.shown.includes('Vote!'))
    expect(answers()).toHaveLength(2)
    expect(answers().some(message => message.shown.endsWith('Done at once.'))).toBe(true)
  })
})

describe('a token that Slack rejects', () => {
  test.each([
    ['SLACK_BOT_TOKEN', { SLACK_BOT_TOKEN: 'xoxb-wrong' }],
    ['SLACK_APP_TOKEN', { SLACK_APP_TOKEN: 'xapp-wrong' }],
  ])('stops the start with one sentence, and the doctor says the same: %s', async (variable, wrong) => {
    await using slack = await startSlack({ scopes })
    const acme = slack.workspace({ name: 'Acme' })
    await using world = await startWorld()
    const env = { ...world.env, ...environment(slack, acme), SLACK_APP_TOKEN: slack.app.appToken, ...wrong }

    await expect(startApp(readConfig(env))).rejects.toThrow(variable)
    const [check] = await checkSlack(readConfig(env), textFor('en'))

    expect(check).toMatchObject({ status: 'problem', message: `Slack rejects ${variable} (invalid_auth).` })
  })
})

describe('the doctor', () => {
  test('finds what Slack has not granted, and that it cannot be reached', async () => {
    await using slack = await startSlack({ scopes: ['commands', 'chat:write'] })
    const acme = slack.workspace({ name: 'Acme' })
    const env = { ...environment(slack, acme), PUBLIC_URL: 'https://faceoff.example.org' }

    const [granted] = await checkSlack(readConfig(env), textFor('en'))
    const [gone] = await checkSlack(readConfig({ ...env, SLACK_API_URL: 'http://127.0.0.1:59999/api/' }), textFor('en'))

    expect(granted).toMatchObject({ status: 'problem' })
    expect(granted?.message).toContain('reactions:write')
    expect(gone).toMatchObject({ status: 'problem' })
    expect(gone?.message).toContain('ECONNREFUSED')
  })

  test('is content with an app that is all there', async () => {
    await using slack = await startSlack({ scopes })
    const acme = slack.workspace({ name: 'Acme' })
    const env = { ...environment(slack, acme), SLACK_APP_TOKEN: slack.app.appToken }

    const [check] = await checkSlack(readConfig(env), textFor('en'))

    expect(check).toMatchObject({ status: 'ok' })
    expect(check?.message).toContain('Acme')
  })
})

function environment(slack: Slack, workspace: Workspace): Record<string, string> {
  return {
    SLACK_BOT_TOKEN: workspace.botToken,
    SLACK_SIGNING_SECRET: slack.app.signingSecret,
    SLACK_API_URL: slack.apiUrl,
  }
}
