/** The ways to ask: command, form, shortcut, mention; and what only the person who asks sees. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { type ASlack, startFaceoff } from './a-slack.ts'
import type { Json, Message, Person } from './stand-in/index.ts'

let faceoff: ASlack
beforeAll(async () => {
  faceoff = await startFaceoff({ limits: false, minuteMs: 2_000 })
})
afterAll(() => faceoff[Symbol.asyncDispose]())

/** Somebody new, so that what they see is theirs alone. */
function somebody(locale = 'en-US', admin = false): Person {
  return faceoff.slack.person(faceoff.acme, `person${faceoff.acme.users.size}`, { locale, admin })
}

function ballotOf(prompt: string): Promise<Message> {
  return faceoff.slack.until(() =>
    faceoff.slack.messages().find(message => message.ours && message.shown.includes(prompt)),
  )
}

describe('the command', () => {
  test('has kept what was asked when it is acknowledged', async () => {
    const { slack, general, store } = faceoff
    const person = somebody()
    const held = slack.hold('users.info')

    const asked = await person.slash(general, '/compare', 'Is it stored?')
    const kept = await store.wishes.left('slack', 0)
    held.open()

    expect(asked.status).toBe(200)
    expect(kept.map(({ body }) => body).join()).toContain('Is it stored?')
    await ballotOf('Is it stored?')
    await vi.waitUntil(async () => (await store.wishes.left('slack', 0)).length === 0)
  })

  test('says privately what somebody got wrong, in their language', async () => {
    const person = somebody('de-DE')

    const asked = await person.slash(faceoff.general, '/compare', '--models test/model-1,test/modle-2 Warum?')

    await faceoff.slack.until(() => asked.ephemerals.length > 0)
    expect(asked.ephemerals[0]?.shown).toContain('test/model-2')
    expect(asked.ephemerals[0]?.shown).toMatch(/Meintest|Meinst/)
  })

  test('shows models and help to the person alone', async () => {
    const person = somebody()

    const models = await person.slash(faceoff.general, '/models')
    const help = await person.slash(faceoff.general, '/help')
    await faceoff.slack.until(() => models.ephemerals.length === 1 && help.ephemerals.length === 1)

    expect(models.ephemerals[0]?.shown).toContain('Quillfish One')
    expect(models.ephemerals[0]?.shown).toContain('$2.00 / $10.00')
    expect(help.ephemerals[0]?.shown).toContain('/compare')
  })

  test('shows a long prompt shortened, and the whole of it on request', async () => {
    const { general, slack } = faceoff
    const person = somebody()
    const prompt = `A long one. ${'word '.repeat(900)}the end`
    await person.slash(general, '/compare', prompt)
    const ballot = await ballotOf('A long one.')

    const pressed = await person.press(ballot, 'prompt')
    const [view] = await slack.until(() => pressed.views.length > 0 && pressed.views)

    expect(ballot.shown).not.toContain('the end')
    expect(JSON.stringify(view?.given)).toContain('the end')
  })
})

describe('the form', () => {
  test('opens for a bare command, and asks what was filled in', async () => {
    const { slack, general } = faceoff
    const person = somebody()
    const asked = await person.slash(general, '/compare')
    const [form] = await slack.until(() => asked.views.length > 0 && asked.views)
    if (form === undefined) throw new Error('no form')
    expect(JSON.stringify(form.given)).toContain('Quillfish One · $2.00 / $10.00')
    expect(JSON.stringify(form.given)).toContain('the United States')

    const sent = await person.submit(form, {
      prompt: 'From the form?',
      models: ['test/model-2', 'test/model-1'],
      category: 'writing',
      blind: [],
    })

    expect(sent.status).toBe(200)
    expect(form.open).toBe(false)
    const ballot = await ballotOf('From the form?')
    expect(ballot.channel).toBe(general.id)
    const { ballot: stored } = await faceoff.view(await faceoff.newest())
    expect(stored).toMatchObject({ category: 'writing', blind: false })
    expect(stored.entries.map(({ model }) => model?.id)).toEqual(['test/model-2', 'test/model-1'])
  })

  test('stays open and says beside the field what is wrong', async () => {
    const { slack, general } = faceoff
    const person = somebody()
    const asked = await person.slash(general, '/compare')
    const [form] = await slack.until(() => asked.views.length > 0 && asked.views)
    if (form === undefined) throw new Error('no form')

    const sent = await person.submit(form, { prompt: 'One only', models: ['test/model-1'] })

    expect(sent.errors.models).toContain('at least two')
    expect(form.open).toBe(true)
  })

  test('opens from a message with its text', async () => {
    const { slack, general } = faceoff
    const person = somebody('de-DE')
    const message = person.says(general, 'Is 1 &lt; 2, &amp; who says so? <https://example.com|example.com>')

    const acted = await person.shortcut(message, 'compare_this')
    const [form] = await slack.until(() => acted.views.length > 0 && acted.views)

    expect(JSON.stringify(form?.given)).toContain('Is 1 < 2, & who says so? https://example.com')
    expect(JSON.stringify(form?.given)).toContain('Neuer Vergleich')
  })
})

test('a message that is too long for a form is compared at once, whole', async () => {
  const prompt = Array.from({ length: 700 }, (_, index) => `word${index}`).join(' ')
  const person = somebody()
  const message = person.says(faceoff.general, prompt)

  await person.shortcut(message, 'compare_this')

  const ballot = await ballotOf('word0 word1')
  const id = /"value":"([0-9a-f-]{36})"/.exec(JSON.stringify(ballot.blocks))?.[1] ?? ''
  expect((await faceoff.store.comparisons.find(id))?.prompt).toBe(prompt)
})

describe('a mention', () => {
  test('asks in the channel', async () => {
    const person = somebody()

    await person.mention(faceoff.general, 'Who was first &amp; why?')

    const ballot = await ballotOf('Who was first & why?')
    expect(ballot.threadTs).toBeUndefined()
  })

  test('inside a thread keeps ballot and answers there', async () => {
    const { general, slack, models } = faceoff
    const person = somebody()
    const root = person.says(general, 'A talk among people')
    await faceoff.quiet()

    await person.mention(general, 'And what do models say?', { thread: root })
    const ballot = await ballotOf('And what do models say?')
    for (const place of [0, 1]) {
      models.write(place, 'Nothing.')
      models.end(place)
    }

    expect(ballot.threadTs).toBe(root.ts)
    await slack.until(() => slack.messages(general, root).filter(message => message.ours).length === 3)
  })

  test('that is delivered twice asks once', async () => {
    const { slack, general } = faceoff
    const person = somebody()
    const acted = await person.mention(general, 'Only once?')
    await ballotOf('Only once?')
    const before = (await faceoff.arena.recent({ workspaceId: await workspaceId(), limit: 100 }, null)).length

    if (acted.event === undefined) throw new Error('not told')
    await slack.redeliver(acted.event)
    await person.mention(general, 'Something later?')
    await ballotOf('Something later?')

    const after = await faceoff.arena.recent({ workspaceId: await workspaceId(), limit: 100 }, null)
    expect(after.length).toBe(before + 1)
    expect(
      slack.messages(general).filter(message => message.ours && message.shown.includes('Only once?')),
    ).toHaveLength(1)
  })

  test('of a command answers the person alone', async () => {
    const person = somebody()

    await person.mention(faceoff.general, 'models')
    await faceoff.slack.until(() => person.ephemerals.length > 0)

    expect(person.ephemerals[0]?.shown).toContain('Quillfish One')
  })
})

describe('past comparisons', () => {
  test('come with links to their ballots, for the person alone', async () => {
    const { slack, general } = faceoff
    const person = somebody('de-DE')
    await person.slash(general, '/compare', 'How do magnets work?')
    const linked = await ballotOf('How do magnets work?')
    await person.slash(general, '/compare', 'Who found the magnets?')
    const lost = await ballotOf('Who found the magnets?')
    await faceoff.newest()
    slack.fail({
      method: 'chat.getPermalink',
      error: 'message_not_found',
      when: ({ args }) => args.message_ts === lost.ts,
    })

    const asked = await person.slash(general, '/history', 'magnets')
    const shown = await slack.until(() => asked.ephemerals[0]?.shown)

    expect(shown).toMatch(/How do magnets work\?\n_.+_ · <.+\|Zur Abstimmung>/)
    expect(shown).toContain(`<https://acme.slack.com/archives/${general.id}/p${linked.ts.replace('.', '')}|`)
    expect(shown).toMatch(/Who found the magnets\?\n_.+_\n/)
    expect(asked.ephemerals[0]?.disguisedLinks).toEqual([])
  })

  test('are asked for their links all at once', async () => {
    const { slack, general } = faceoff
    const person = somebody()
    for (const prompt of ['Why is grass green?', 'Is grass always green?']) {
      await person.slash(general, '/compare', prompt)
      await ballotOf(prompt)
    }
    await faceoff.newest()
    const held = slack.hold('chat.getPermalink')

    const asked = await person.slash(general, '/history', 'grass')
    await slack.until(() => slack.callsOf('chat.getPermalink').filter(({ status }) => status === 0).length === 2)
    held.open()

    const shown = await slack.until(() => asked.ephemerals[0]?.shown)
    expect(shown.match(/\/archives\//g)).toHaveLength(2)
  })
})

describe('App Home', () => {
  test('lists what is open for a vote without its prompt, and results', async () => {
    const { slack, general, models } = faceoff
    const person = somebody('de-DE', true)
    await faceoff.quiet()
    await person.slash(general, '/compare', 'A secret of this channel')
    for (const place of [0, 1]) {
      models.write(place, 'Yes.')
      models.end(place)
    }
    await faceoff.until(await faceoff.newest(), view => view.ballot.phase === 'open')

    await person.openHome()
    const home = await slack.until(() => person.home)

    const page = JSON.stringify(home.given)
    expect(page).toContain('Offen für deine Stimme')
    expect(page).toContain(`<#${general.id}>`)
    expect(page).toContain('slack.com/archives/')
    expect(page).not.toContain('A secret')
    expect(page).toContain('Einstellungen, für Admins')
    expect(texts(home.given).join('')).toContain('/connect')
  })
})

test('a whole answer comes as a file on request, once', async () => {
  const { slack, general, models } = faceoff
  const person = somebody()
  await faceoff.quiet()
  await person.slash(general, '/compare', 'Write a lot')
  const ballot = await ballotOf('Write a lot')
  const words = Array.from({ length: 4_000 }, (_, index) => `word${index}`).join(' ')
  models.write(0, words)
  models.end(0)
  models.write(1, 'Little.')
  models.end(1)
  const id = await faceoff.newest()
  await faceoff.until(id, view => view.ballot.phase === 'open')
  const last = await slack.until(() =>
    slack.messages(general, ballot).find(message => JSON.stringify(message.blocks).includes('file:A')),
  )
  expect(slack.messages(general, ballot).length).toBeGreaterThan(4)
  const all = slack.messages(general, ballot).map(message => message.shown)
  expect(all.join(' ').match(/word\d+/g)).toHaveLength(4_000)

  await person.press(last, 'file:A')
  const file = await slack.until(() => slack.messages(general, ballot).find(message => message.files.length > 0))
  await person.press(last, 'file:A')

  expect(file.files[0]?.bytes.toString()).toBe(words)
  expect(slack.messages(general, ballot).filter(message => message.files.length > 0)).toHaveLength(1)
})

function workspaceId(): Promise<string> {
  return faceoff.store.people.workspace('slack', faceoff.acme.id)
}

function texts(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(texts)
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value as Json).flatMap(each => (typeof each === 'string' ? [each] : texts(each)))
}
