/** The main story, by each way in which Slack's events come. */
import { afterEach, describe, expect, test } from 'vitest'
import { type ASlack, startFaceoff } from './a-slack.ts'
import type { Call, Message } from './stand-in/index.ts'

let faceoff: ASlack
afterEach(() => faceoff[Symbol.asyncDispose]())

describe.each(['http', 'sockets'] as const)('a comparison in Slack, over %s', way => {
  test('goes from the command to the reveal, with a restart in between', async () => {
    faceoff = await startFaceoff({ way, minuteMs: 2_000 })
    const { slack, acme, general, ada, models } = faceoff
    const [bob, eve] = [slack.person(acme, 'bob'), slack.person(acme, 'eve', { locale: 'de-DE' })]

    const asked = await ada.slash(general, '/compare', '--category coding Why is the sky <blue> & not green?')
    expect(asked.status).toBe(200)
    expect(asked.body).toBe('')
    const id = await faceoff.newest()
    const ballot = await slack.until(() => slack.messages(general)[0])
    expect(ballot.shown).toContain('ada asks')
    expect(ballot.shown).toContain('Why is the sky <blue> & not green?')
    expect(ballot.shown).toContain('Coding')

    models.write(1, 'Rayleigh ')
    models.write(0, 'The air ')
    const [a, b] = await slack.until(() => thread(ballot).length === 2 && thread(ballot))
    await slack.until(() => a?.shown.includes('The air') && b?.shown.includes('Rayleigh'))
    expect([a?.shown, b?.shown].map(text => text?.split('\n')[0])).toEqual(['**Answer A**', '**Answer B**'])
    expect(a?.stream?.state).toBe('open')
    models.write(0, 'scatters blue.')
    models.write(1, 'scattering.')
    models.end(0)
    models.end(1)
    await faceoff.until(id, view => view.ballot.phase === 'open')
    await slack.until(() => seeds(ballot).length === 4)
    expect(a?.shown).toBe('**Answer A**\n\nThe air scatters blue.')
    expect(a?.stream?.state).toBe('stopped')

    await ada.react(ballot, 'regional_indicator_a')
    await bob.react(ballot, 'regional_indicator_a')
    await eve.react(ballot, 'handshake::skin-tone-3')
    await faceoff.until(id, view => view.ballot.voted === 3)
    // One changes, after having been told once; one leaves.
    await bob.react(ballot, 'regional_indicator_b')
    await slack.until(() => bob.ephemerals.some(message => message.shown.includes('the last one counts')))
    await slack.until(() => ballot.shown.includes('3 people have voted'))

    await faceoff.stop()
    // Nobody listens meanwhile.
    await eve.unreact(ballot, 'handshake::skin-tone-3')
    await faceoff.start()
    await faceoff.until(id, view => view.ballot.voted === 2)
    await slack.until(() => ballot.shown.includes('2 people have voted'))

    const refused = await bob.press(ballot, 'reveal')
    await slack.until(() => refused.ephemerals.length > 0)
    expect(refused.ephemerals[0]?.shown).toContain('Only the person who asked')
    await ada.press(ballot, 'reveal')
    await slack.until(() => ballot.shown.includes('Result:'))
    await slack.until(() => a?.shown.includes('Quillfish One') && b?.shown.includes('Marblewren Two'))
    expect(ballot.shown).toContain('Tied: Quillfish One, Marblewren Two')
    expect(ballot.shown).toContain('*A · Quillfish One*: 1 vote')
    expect(slack.messages(general)).toHaveLength(3)
    expect(slack.limited).toEqual([])
    expect(slack.messages().flatMap(message => message.previews)).toEqual([])
  })

  test('counts buttons as it counts emoji, and gives a receipt', async () => {
    faceoff = await startFaceoff({ way, minuteMs: 2_000 })
    const { slack, acme, general, ada } = faceoff
    const eve = slack.person(acme, 'eve', { locale: 'de-DE' })
    const { ballot, id } = await openBallot()

    const voted = await ada.press(ballot, 'vote:A')
    await slack.until(() => voted.ephemerals.length > 0)
    expect(voted.ephemerals[0]?.shown).toBe('Your vote: Answer A')
    const inGerman = await eve.press(ballot, 'vote:both_bad')
    await slack.until(() => inGerman.ephemerals.length > 0)
    expect(inGerman.ephemerals[0]?.shown).toContain('Deine Stimme')
    await faceoff.until(id, view => view.ballot.voted === 2)

    const back = await ada.press(ballot, 'vote:A')
    await slack.until(() => back.ephemerals.length > 0)
    expect(back.ephemerals[0]?.shown).toBe('Your vote is taken back.')
    expect((await faceoff.view(id)).ballot.voted).toBe(1)
    expect(general.id).toBe(ballot.channel)
  })
})

test('takes reactions that came while the socket was away', async () => {
  faceoff = await startFaceoff({ way: 'sockets', minuteMs: 2_000 })
  const { slack, ada } = faceoff
  const { ballot, id } = await openBallot()

  slack.pauseEvents()
  await ada.react(ballot, 'regional_indicator_b')
  slack.resumeEvents()
  slack.dropSockets()

  const { ballot: counted } = await faceoff.until(id, view => view.ballot.voted === 1)
  expect(counted.voted).toBe(1)
})

test('counts a reaction that came before its answer once the answer is there', async () => {
  faceoff = await startFaceoff({ minuteMs: 2_000 })
  const { slack, general, ada, models } = faceoff
  await ada.slash(general, '/compare', 'Why?')
  const ballot = await slack.until(() => slack.messages(general)[0])

  await ada.react(ballot, 'regional_indicator_a')
  for (const place of [0, 1]) {
    models.write(place, 'Because.')
    models.end(place)
  }

  const id = await faceoff.newest()
  expect((await faceoff.until(id, view => view.ballot.voted === 1)).ballot.phase).toBe('open')
})

test('believes Slack, not an event that comes late', async () => {
  faceoff = await startFaceoff({ minuteMs: 2_000 })
  const { slack, ada } = faceoff
  const { ballot, id } = await openBallot()
  const added = await ada.react(ballot, 'regional_indicator_a')
  await ada.unreact(ballot, 'regional_indicator_a')
  await faceoff.until(id, view => view.ballot.voted === 0)

  if (added.event === undefined) throw new Error('not told')
  await slack.redeliver(added.event)
  await slack.until(() => slack.callsOf('reactions.get').length >= 2)

  expect((await faceoff.view(id)).ballot.voted).toBe(0)
})

test('seeds other letters where a workspace has not the first choice, and counts them', async () => {
  faceoff = await startFaceoff({ minuteMs: 2_000 })
  const { slack, ada } = faceoff
  const isRegional = (call: Call) => String(call.args.name).startsWith('regional')
  slack.fail({ method: 'reactions.add', error: 'invalid_name', times: 100, when: isRegional })
  const { ballot, id } = await openBallot()

  await ada.react(ballot, 'alphabet-white-b')
  await faceoff.until(id, view => view.ballot.voted === 1)

  expect(seeds(ballot)).toEqual(['alphabet-white-a', 'alphabet-white-b', 'handshake', '-1'])
  expect(slack.callsOf('reactions.add').filter(isRegional)).toHaveLength(1)
})

test('does not count other bots', async () => {
  faceoff = await startFaceoff({ minuteMs: 2_000 })
  const { slack, acme, ada } = faceoff
  const robot = slack.person(acme, 'robot', { bot: true })
  const { ballot, id } = await openBallot()

  await robot.react(ballot, 'regional_indicator_a')
  await ada.react(ballot, 'regional_indicator_b')
  await faceoff.until(id, view => view.ballot.voted === 1)
  await faceoff.stop()
  await faceoff.start()
  await slack.until(() => slack.callsOf('reactions.get').length >= 2)

  expect((await faceoff.view(id)).ballot.voted).toBe(1)
})

function thread(ballot: Message): Message[] {
  return faceoff.slack.messages(undefined, ballot)
}

function seeds(ballot: Message): string[] {
  return ballot.reactions.filter(({ users }) => users.includes(faceoff.acme.botUserId)).map(({ name }) => name)
}

/** A comparison whose answers are there and whose ballot is ready for votes. */
async function openBallot(): Promise<{ ballot: Message; id: string }> {
  const { slack, general, ada, models } = faceoff
  await ada.slash(general, '/compare', 'Why?')
  const ballot = await slack.until(() => slack.messages(general)[0])
  for (const place of [0, 1]) {
    models.write(place, 'Because.')
    models.end(place)
  }
  const id = await faceoff.newest()
  await slack.until(() => seeds(ballot).length === 4)
  await slack.until(() => ballot.shown.includes('Vote!'))
  return { ballot, id }
}
