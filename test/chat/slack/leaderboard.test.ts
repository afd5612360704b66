/** `/leaderboard`, which all may see: the words at once, the picture when Slack takes it. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { hold, newTeam } from '../../contract/ballots.ts'
import { type ASlack, startFaceoff } from './a-slack.ts'
import type { Message } from './stand-in/index.ts'

let faceoff: ASlack
beforeEach(async () => {
  faceoff = await startFaceoff({ limits: false, minuteMs: 600 })
})
afterEach(() => faceoff[Symbol.asyncDispose]())

async function vote(): Promise<void> {
  const { store, acme } = faceoff
  const team = await newTeam(store, 2, { workspaceId: await store.people.workspace('slack', acme.id) })
  const votes = [
    { by: 0, choice: 'A' },
    { by: 1, choice: 'B' },
  ] as const
  await hold(team, { models: ['test/model-1', 'test/model-2'], votes })
}

function ours(): Message[] {
  return faceoff.slack.messages().filter(message => message.ours)
}

function pictures(): Message[] {
  return ours().filter(message => message.blocks.some(block => block.type === 'image'))
}

test('shows all the table, then the picture with what it says', async () => {
  const { slack, general, acme } = faceoff
  await vote()
  const held = slack.hold('files.getUploadURLExternal')

  const asked = await slack.person(acme, 'eve', { locale: 'de-DE' }).slash(general, '/leaderboard')
  await held.arrived
  const early = ours().map(message => message.shown)
  held.open()
  const [picture] = await slack.until(() => pictures().length > 0 && pictures())

  expect(asked.ephemerals).toEqual([])
  expect(early).toEqual([expect.stringMatching(/Rangliste[\s\S]+```[\s\S]+Quillfish One/)])
  expect(ours()).toHaveLength(2)
  const [file] = slack.files
  expect(file).toMatchObject({ name: 'leaderboard.png' })
  expect(file?.bytes.subarray(1, 4).toString()).toBe('PNG')
  expect(picture?.blocks).toEqual([
    { type: 'image', slack_file: { id: file?.id }, alt_text: expect.stringContaining('Quillfish One') },
  ])
  // Nobody sees the file but in the message.
  expect(slack.messages().flatMap(message => message.files)).toEqual([])
})

test('shows the picture once Slack has worked through it', async () => {
  const { slack, general, ada } = faceoff
  await vote()
  slack.refusePictures(2)

  await ada.slash(general, '/leaderboard')
  await slack.until(() => pictures().length > 0)

  const answers = slack.callsOf('response_url').map(({ error }) => error)
  expect(answers).toEqual([undefined, 'invalid_blocks', 'invalid_blocks', undefined])
  expect(slack.callsOf('files.completeUploadExternal')).toHaveLength(1)
})

test('lets the words stand alone where Slack never takes the picture', async () => {
  const { slack, general, ada } = faceoff
  await vote()
  slack.refusePictures(Number.POSITIVE_INFINITY)

  await ada.slash(general, '/leaderboard')
  await slack.until(() => slack.callsOf('response_url').filter(({ error }) => error !== undefined).length === 4)
  await faceoff.stop()

  expect(slack.callsOf('response_url')).toHaveLength(5)
  expect(ours()).toHaveLength(1)
  expect(ada.ephemerals).toEqual([])
})

test('lets the words stand alone where it may not upload', async () => {
  const { slack, general, ada, acme } = faceoff
  await vote()
  acme.scopes.delete('files:write')

  await ada.slash(general, '/leaderboard')
  await slack.until(() => slack.callsOf('files.getUploadURLExternal').some(({ error }) => error !== undefined))
  await faceoff.stop()

  expect(ours()).toHaveLength(1)
  expect(ada.ephemerals).toEqual([])
})

test('uploads nothing where there is nothing to see', async () => {
  const { slack, general, ada } = faceoff

  await ada.slash(general, '/leaderboard')
  await slack.until(() => ours().length === 1)
  await faceoff.stop()

  expect(slack.callsOf('files.getUploadURLExternal')).toEqual([])
})

test('is seen by all where the bot is no member', async () => {
  const { slack, acme, ada } = faceoff
  const closed = slack.channel(acme, 'closed', { bot: false, private: true })
  await vote()

  await ada.slash(closed, '/leaderboard')
  await slack.until(() => pictures().length > 0)

  expect(slack.messages(closed).map(({ via }) => via)).toEqual(['response_url', 'response_url'])
})

test('asked for in a thread stays there', async () => {
  const { slack, general, ada } = faceoff
  await vote()
  const root = ada.says(general, 'Who is ahead?')

  await ada.mention(general, 'leaderboard', { thread: root })
  await slack.until(() => pictures().length > 0)

  expect(ours().map(({ threadTs }) => threadTs)).toEqual([root.ts, root.ts])
  expect(ours()[0]?.shown).toContain('Leaderboard')
  expect(ada.ephemerals).toEqual([])
})

test('says alone what was wrong with the wish', async () => {
  const { slack, general, ada } = faceoff

  const asked = await ada.slash(general, '/leaderboard', '--period fortnight')
  await slack.until(() => asked.ephemerals.length > 0)

  expect(ours()).toEqual([])
})
