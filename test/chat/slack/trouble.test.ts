/** What can go wrong between Slack and us, and what people see of it. */
import { afterEach, describe, expect, test, vi } from 'vitest'
import { type ASlack, type ASlackOptions, ask, startFaceoff } from './a-slack.ts'
import type { Message } from './stand-in/index.ts'

let faceoff: ASlack
afterEach(() => faceoff[Symbol.asyncDispose]())

async function start(options: ASlackOptions = {}): Promise<ASlack> {
  faceoff = await startFaceoff({ minuteMs: 2_000, ...options })
  return faceoff
}

function finish(...texts: string[]): void {
  for (const [place, text] of texts.entries()) {
    faceoff.models.write(place, text)
    faceoff.models.end(place)
  }
}

function ballot(): Promise<Message> {
  return faceoff.slack.until(() => faceoff.slack.messages(faceoff.general)[0])
}

function answers(of: Message): Message[] {
  return faceoff.slack.messages(faceoff.general, of)
}

describe('a request that is not from Slack', () => {
  const mention = (team: string) => ({
    type: 'event_callback',
    team_id: team,
    event_id: 'Ev1',
    event: { type: 'app_mention', user: 'U1', text: 'hello', channel: 'C1', ts: '1.1' },
  })

  test.each([
    ['a wrong signature', { signature: 'wrong' }],
    ['no signature', { signature: 'missing' }],
    ['an old timestamp', { timestamp: 'old' }],
  ] as const)('with %s is answered 401 and nothing else', async (_, options) => {
    const { slack, acme } = await start()

    const delivered = await slack.post(mention(acme.id), options)

    expect(delivered).toMatchObject({ status: 401, body: '' })
  })

  test('of a workspace that we are not in is answered 401 and nothing else', async () => {
    const { slack } = await start()
    const other = slack.workspace({ name: 'Elsewhere' })

    const delivered = await slack.post(mention(other.id))

    expect(delivered).toMatchObject({ status: 401, body: '' })
    expect(slack.calls.map(({ method }) => method)).toEqual(['auth.test'])
  })

  test('with a charset in its content type is understood', async () => {
    const { slack, general, ada } = await start()
    const payload = ada.slashPayload(general, '/help', '')

    const delivered = await slack.post(payload, {
      as: 'form',
      headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
    })

    expect(delivered.status).toBe(200)
  })
})

describe('a channel that is closed to us is answered where the person asked', () => {
  test.each([
    ['not_in_channel', { bot: false }, /invite @faceoff/],
    ['channel_not_found', { bot: false, private: true }, /invite @faceoff/],
    ['is_archived', { archived: true }, /archived/],
  ] as const)('%s', async (_, channel, sentence) => {
    const { slack, acme, ada } = await start()
    const closed = slack.channel(acme, 'closed', channel)

    const asked = await ada.slash(closed, '/compare', 'Anybody here?')
    await slack.until(() => asked.ephemerals.length > 0)

    expect(asked.status).toBe(200)
    expect(asked.ephemerals[0]?.shown).toMatch(sentence)
    const { ballot: stored } = await faceoff.view(await faceoff.newest())
    expect(stored.phase).toBe('void')
    // Nobody tries again and again.
    await faceoff.sweep()
    expect(slack.callsOf('chat.postMessage')).toHaveLength(1)
  })

  test('a missing right is named, a revoked token too', async () => {
    const { slack, acme, general, ada } = await start()
    acme.scopes.delete('chat:write')
    const unable = await ada.slash(general, '/compare', 'Can you write?')
    await slack.until(() => unable.ephemerals.length > 0)
    expect(unable.ephemerals[0]?.shown).toContain('chat:write')

    await slack.revokeTokens(acme)
    const revoked = await ada.slash(general, '/compare', 'And now?')
    await slack.until(() => revoked.ephemerals.length > 0)
    expect(revoked.ephemerals[0]?.shown).toContain('install the app again')
  })
})

describe('answers arrive whole', () => {
  test('where Slack has no streams', async () => {
    const { slack, general, ada } = await start()
    slack.fail({ method: 'chat.startStream', error: 'unknown_method', times: 10 })
    await ada.slash(general, '/compare', 'Why?')

    faceoff.models.write(0, 'First ')
    const root = await ballot()
    await slack.until(() => answers(root)[0]?.shown.includes('First'))
    finish('and last.', 'Once.')

    await slack.until(
      () =>
        answers(root)
          .map(({ shown }) => shown)
          .join() === '**Answer A**\n\nFirst and last.,**Answer B**\n\nOnce.',
    )
    expect(slack.callsOf('chat.startStream')).toHaveLength(1)
  })

  test('when Slack ends a stream by itself', async () => {
    const { slack, general, ada } = await start()
    await ada.slash(general, '/compare', 'Why?')
    const root = await ballot()
    faceoff.models.write(0, 'Before. ')
    await slack.until(() => answers(root)[0]?.shown.includes('Before.'))

    slack.advance(301_000)
    finish('After.', 'Once.')

    await slack.until(() => answers(root)[0]?.shown === '**Answer A**\n\nBefore. After.')
  })

  test('when an append fails for no reason', async () => {
    const { slack, general, ada } = await start()
    await ada.slash(general, '/compare', 'Why?')
    const root = await ballot()
    faceoff.models.write(0, 'Before. ')
    await slack.until(() => answers(root)[0]?.shown.includes('Before.'))

    slack.fail({ method: 'chat.appendStream', status: 500 })
    faceoff.models.write(0, 'Between. ')
    await slack.until(() => answers(root)[0]?.shown.includes('Between.'))
    finish('After.', 'Once.')

    await slack.until(() => answers(root)[0]?.shown === '**Answer A**\n\nBefore. Between. After.')
  })

  test('when the answer to a stop is lost', async () => {
    const { slack, general, ada } = await start()
    await ada.slash(general, '/compare', 'Why?')
    const root = await ballot()
    faceoff.models.write(0, 'Before. ')
    await slack.until(() => answers(root)[0]?.shown.includes('Before.'))

    slack.loseAnswer('chat.stopStream')
    finish('After.', 'Once.')

    await slack.until(
      () => answers(root)[0]?.shown === '**Answer A**\n\nBefore. After.' && answers(root)[1]?.shown.includes('Once.'),
    )
    await faceoff.until(await faceoff.newest(), view => view.ballot.phase === 'open')
  })

  test('in several messages, code closed and opened again, while it grows', async () => {
    const { slack, general, ada } = await start()
    await ada.slash(general, '/compare', 'Write code')
    const root = await ballot()
    const lines = Array.from({ length: 1_200 }, (_, index) => `line number ${index}`)

    faceoff.models.write(0, `\`\`\`js\n${lines.slice(0, 600).join('\n')}\n`)
    await slack.until(() => answers(root).some(message => message.shown.includes('line number 599')))
    finish(`${lines.slice(600).join('\n')}\n\`\`\``, 'Once.')

    await slack.until(() => answers(root).some(message => message.shown.includes('line number 1199')))
    const texts = answers(root).map(message => message.shown)
    const code = texts.filter(text => text.includes('line number'))
    expect(code.length).toBeGreaterThan(1)
    for (const text of code) expect(text.match(/^```/gm)).toHaveLength(2)
    expect(texts.join('\n').match(/line number \d+/g)).toHaveLength(1_200)
  })

  test('after the process that streamed them is gone', async () => {
    const { slack, general, ada } = await start()
    await ada.slash(general, '/compare', 'Why?')
    const root = await ballot()
    faceoff.models.write(0, 'Half an answer')
    await slack.until(() => answers(root)[0]?.shown.includes('Half'))

    await faceoff.stop()
    await faceoff.start()
    faceoff.models.clear()
    await faceoff.sweep()
    finish('Another answer.', 'Once.')

    await slack.until(() => answers(root)[0]?.shown === '**Answer A**\n\nAnother answer.')
    await slack.until(() => answers(root)[1]?.shown === '**Answer B**\n\nOnce.')
    expect(answers(root)).toHaveLength(2)
  })
})

test('a 429 on edits delays neither a command nor a form', async () => {
  const { slack, general, ada } = await start({ minuteMs: 60_000 })
  await ada.slash(general, '/compare', 'Why?')
  const root = await ballot()
  slack.fail({ method: 'chat.appendStream', status: 429, headers: { 'retry-after': '30' }, times: 100 })
  slack.fail({ method: 'chat.update', status: 429, headers: { 'retry-after': '30' }, times: 100 })
  faceoff.models.write(0, 'One ')
  await slack.until(() => answers(root)[0]?.shown.includes('One'))
  faceoff.models.write(0, 'two ')
  await slack.until(() => slack.limited.length > 0)

  const form = await ada.slash(general, '/compare')
  const another = await ada.slash(general, '/compare', 'And why not?')

  await slack.until(() => form.views.length === 1)
  expect([form.late, another.late]).toEqual([false, false])
  expect((await faceoff.view(await faceoff.newest())).ballot.prompt).toBe('And why not?')
})

test('a ballot whose post was lost on the way is not posted twice where we may look', async () => {
  const { slack, general, acme } = await start()
  acme.scopes.add('channels:history')
  slack.loseAnswer('chat.postMessage')

  await ask(faceoff)

  expect(slack.messages(general)).toHaveLength(1)
  expect(slack.callsOf('chat.postMessage')).toHaveLength(1)
})

test('a stream whose beginning was lost on the way is not begun twice where we may look', async () => {
  const { slack, general, ada, acme, store } = await start()
  acme.scopes.add('channels:history')
  await ada.slash(general, '/compare', 'Why?')
  const root = await ballot()
  slack.loseAnswer('chat.startStream')
  faceoff.models.write(0, 'First.')
  await slack.until(() => answers(root).length === 1)
  const id = await faceoff.newest()

  // Somebody else's turn: what was claimed and never recorded is looked for.
  await store.posts.release(id, 'A')
  finish('Last.', 'Once.')

  await slack.until(() => answers(root)[0]?.shown === '**Answer A**\n\nFirst.Last.', 40_000)
  await slack.until(() => answers(root)[1]?.shown === '**Answer B**\n\nOnce.')
  expect(answers(root)).toHaveLength(2)
})

test('a wish that was acknowledged is done by the next process', async () => {
  const { slack, general, ada } = await start()
  const held = slack.hold('users.info')
  await ada.slash(general, '/compare', 'Will you be back?')
  await held.arrived

  const left = await faceoff.store.wishes.left('slack', 0)
  held.open()
  await ballot()
  await slack.until(() => slack.callsOf('chat.postMessage').length === 1)
  // As if it had died before it could say so.
  await faceoff.stop()
  await faceoff.store.wishes.keep('slack', left)
  await faceoff.start()
  await vi.waitUntil(async () => (await faceoff.store.wishes.left('slack', 0)).length === 0)

  expect(left).toHaveLength(1)
  expect(slack.messages(general)).toHaveLength(1)
})

test('a ballot that somebody deleted ends', async () => {
  const { slack, general, ada } = await start()
  await ada.slash(general, '/compare', 'Why?')
  const root = await ballot()
  root.deleted = true

  finish('One.', 'Two.')

  const { ballot: ended } = await faceoff.until(
    await faceoff.newest(),
    view => view.ballot.phase !== 'running' && view.ballot.phase !== 'open',
  )
  expect(['revealed', 'void']).toContain(ended.phase)
  expect(slack.messages(general).filter(message => message.threadTs === undefined)).toEqual([])
})

test('a hundred comparisons at once all complete within the budgets of the methods', { timeout: 120_000 }, async () => {
  // A minute of 1.5 s.
  const { slack, acme } = await start({ minuteMs: 1_500 })
  const channels = Array.from({ length: 5 }, (_, index) => slack.channel(acme, `channel-${index}`))
  const people = Array.from({ length: 20 }, (_, index) => slack.person(acme, `person-${index}`))
  faceoff.models.always('An answer.')

  const asked = await Promise.all(
    Array.from({ length: 100 }, (_, index) => {
      const person = people[index % people.length]
      const channel = channels[index % channels.length]
      if (person === undefined || channel === undefined) throw new Error('nobody')
      return person.slash(channel, '/compare', `Question ${index}?`)
    }),
  )

  expect(asked.filter(({ status }) => status !== 200)).toEqual([])
  const isDone = () => {
    const all = slack.messages()
    const texts = all.filter(message => message.shown.includes('An answer.'))
    const open = all.filter(message => message.shown.includes('Vote!'))
    return texts.length === 200 && open.length === 100
  }
  await slack.until(isDone, 100_000)
  // A minute of 1.5 s leaves little room for a machine that is busy with other things.
  expect(slack.limited.length).toBeLessThan(slack.calls.length / 50)
})
