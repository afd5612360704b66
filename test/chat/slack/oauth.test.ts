/** Many workspaces, each installed by itself. */
import { afterEach, describe, expect, test, vi } from 'vitest'
import { sealsOf } from '../../../src/chat/slack/seals.ts'
import { type ASlack, startFaceoff } from './a-slack.ts'

let faceoff: ASlack
afterEach(() => faceoff?.[Symbol.asyncDispose]())

describe('two workspaces that installed the app', () => {
  test('do not see each other’s anything', async () => {
    faceoff = await startFaceoff({ way: 'oauth', minuteMs: 2_000 })
    const { slack, acme, general, ada, models, store } = faceoff
    const zenith = slack.workspace({ name: 'Zenith', installed: false })
    const lobby = slack.channel(zenith, 'lobby')
    const zoe = slack.person(zenith, 'zoe')
    models.always('An answer.')

    expect((await ada.slash(general, '/compare', 'Too early?')).status).toBe(401)
    expect(await ada.install(`${faceoff.url}/slack/install`)).toMatchObject({ status: 200 })
    expect((await zoe.install(`${faceoff.url}/slack/install`)).body).toContain('Zenith')
    await ada.slash(general, '/compare', 'A secret of Acme')
    await zoe.slash(lobby, '/compare', 'A secret of Zenith')
    const ours = await slack.until(() => slack.messages(general).find(message => message.shown.includes('Vote!')))
    const theirs = await slack.until(() => slack.messages(lobby).find(message => message.shown.includes('Vote!')))

    // A button of one workspace, pressed in the other: what is signed by Slack may still be about somebody else's ballot.
    const id = await faceoff.newest(acme)
    const stolen = { ...theirs.blocks.find(block => block.type === 'actions') }
    stolen.elements = [{ type: 'button', action_id: 'vote:A', value: id, text: { type: 'plain_text', text: 'A' } }]
    theirs.blocks.push({ ...stolen, block_id: 'stolen' })
    const pressed = await zoe.press(theirs, 'vote:A', id)
    await slack.until(() => pressed.ephemerals.length > 0)
    expect(pressed.ephemerals[0]?.shown).toBe('There is no such comparison.')
    expect((await faceoff.view(id)).ballot.voted).toBe(0)

    await ada.openHome()
    await zoe.openHome()
    const [homeOfAda, homeOfZoe] = await slack.until(() => ada.home && zoe.home && [ada.home, zoe.home])
    expect(JSON.stringify(homeOfAda?.given)).not.toContain(lobby.id)
    expect(JSON.stringify(homeOfZoe?.given)).not.toContain(general.id)
    const calls = slack.calls.filter(call => call.method.startsWith('chat.'))
    for (const call of calls) expect(call.args.channel).toBe(call.team === acme.id ? general.id : lobby.id)
    expect(ours.team).toBe(acme.id)
    expect(await store.people.workspace('slack', acme.id)).not.toBe(await store.people.workspace('slack', zenith.id))
  })

  test('are forgotten when they uninstall it', async () => {
    faceoff = await startFaceoff({ way: 'oauth', minuteMs: 2_000 })
    const { slack, acme, general, ada, store } = faceoff
    await ada.install(`${faceoff.url}/slack/install`)
    expect(await store.installations.find('slack', acme.id)).toBeDefined()

    await slack.uninstall(acme)

    await vi.waitUntil(async () => (await store.installations.find('slack', acme.id)) === undefined)
    expect((await ada.slash(general, '/compare', 'Still there?')).status).toBe(401)
  })
})

test('an app that a whole organisation installed serves its workspaces', async () => {
  faceoff = await startFaceoff({ way: 'oauth', minuteMs: 2_000 })
  const { slack, store, models } = faceoff
  const enterprise = { id: 'E0ORG', name: 'The organisation', install: true }
  const branch = slack.workspace({ name: 'Branch', installed: false, enterprise })
  const lobby = slack.channel(branch, 'lobby')
  const zoe = slack.person(branch, 'zoe')
  models.always('An answer.')

  await zoe.install(`${faceoff.url}/slack/install`)
  await zoe.slash(lobby, '/compare', 'From a branch?')
  const ballot = await slack.until(() => slack.messages(lobby).find(message => message.shown.includes('Vote!')))
  const voted = await zoe.press(ballot, 'vote:A')
  await slack.until(() => voted.ephemerals.length > 0)

  expect(voted.ephemerals[0]?.shown).toBe('Your vote: Answer A')
  expect(await store.installations.find('slack', enterprise.id)).toBeDefined()
  expect(await store.installations.find('slack', branch.id)).toBeUndefined()
})

test('a token is nowhere in the database as it is', async () => {
  faceoff = await startFaceoff({ way: 'oauth', minuteMs: 2_000 })
  const { acme, ada, store } = faceoff
  await ada.install(`${faceoff.url}/slack/install`)

  const sealed = await store.installations.find('slack', acme.id)

  expect(acme.botToken).not.toBe('')
  expect(sealed).not.toContain(acme.botToken)
  expect(sealed).not.toContain(Buffer.from(acme.botToken).toString('base64url').slice(4, 20))
})

test('an install that began in another browser, or long ago, is refused', async () => {
  faceoff = await startFaceoff({ way: 'oauth' })
  const begun = await fetch(`${faceoff.url}/slack/install`, { redirect: 'manual' })
  const state = new URL(begun.headers.get('location') ?? '').searchParams.get('state') ?? ''
  const cookie = begun.headers.getSetCookie().join('; ')

  const elsewhere = await fetch(`${faceoff.url}/slack/oauth_redirect?code=1&state=${state}`)
  const forged = await fetch(`${faceoff.url}/slack/oauth_redirect?code=1&state=${state}x`, { headers: { cookie } })

  expect([elsewhere.status, forged.status]).toEqual([400, 400])
  expect(faceoff.slack.callsOf('oauth.v2.access')).toEqual([])
})

describe('a seal', () => {
  const [oldKey, newKey] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)]

  test('opens for its owner, and for nobody else', () => {
    const seals = sealsOf([oldKey])

    const sealed = seals.seal('xoxb-1', 'T1')

    expect(seals.open(sealed, 'T1')).toBe('xoxb-1')
    expect(seals.open(sealed, 'T2')).toBeUndefined()
    expect(seals.open(`${sealed.slice(0, -2)}AA`, 'T1')).toBeUndefined()
    expect(sealsOf([newKey]).open(sealed, 'T1')).toBeUndefined()
  })

  test('made with an old key opens beside a new one, which seals from then on', () => {
    const sealed = sealsOf([oldKey]).seal('xoxb-1', 'T1')
    const both = sealsOf([newKey, oldKey])

    expect(both.open(sealed, 'T1')).toBe('xoxb-1')
    expect(sealsOf([newKey]).open(both.seal('xoxb-1', 'T1'), 'T1')).toBe('xoxb-1')
  })
})
