import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { FaceoffError, type Problem } from '../../src/core/errors.ts'
import { gate, refuses, says } from '../providers/stand-in.ts'
import { gpt, qwen, startWorld, statuses, type World } from './harness.ts'

/** The models' own names, as the providers know them. */
const qwenModel = 'qwen3.8-max'
const gptModel = 'gpt-6.1-sol'

describe.each(['redis', 'postgres'] as const)('a comparison, with the queue on %s', queue => {
  let world: World

  beforeAll(async () => {
    world = await startWorld({ queue })
  })
  afterAll(() => world[Symbol.asyncDispose]())

  test('goes from the question to the revealed verdict', async () => {
    world.providers.alwaysFor(qwenModel, says(['The ', 'air ', 'scatters blue.'], [10, 20]))
    world.providers.alwaysFor(gptModel, says('Rayleigh scattering.', [11, 30]))
    const [ada, bob, eve] = await Promise.all([world.person('Ada'), world.person('Bob'), world.person('Eve')])

    const id = await world.ask(ada)
    const open = await world.until(id, view => view.ballot.phase === 'open')
    expect(open.answers.map(answer => answer.text).sort()).toEqual(['Rayleigh scattering.', 'The air scatters blue.'])
    expect(open.ballot.choices).toEqual(['A', 'B', 'tie', 'both_bad'])

    await world.app.arena.vote(id, ada, 'A')
    await world.app.arena.vote(id, bob, 'A')
    await world.app.arena.vote(id, bob, 'B')
    await world.app.arena.vote(id, eve, 'tie')
    const voted = await world.app.arena.withdraw(id, eve)
    expect(voted).toMatchObject({ voted: 2, results: null })

    const revealed = await world.app.arena.reveal(id, ada)
    const byModel = new Map(
      revealed.entries.map(entry => [entry.model?.id, revealed.results?.byLabel.find(r => r.label === entry.label)]),
    )
    expect(byModel.get(qwen)).toMatchObject({ votes: 1, promptTokens: 10, completionTokens: 20, currency: 'USD' })
    expect(byModel.get(qwen)?.costMicros).toBe(10 * 2 + 20 * 6)
    expect(byModel.get(gpt)).toMatchObject({ votes: 1, promptTokens: 11, completionTokens: 30 })
    expect(byModel.get(gpt)?.firstTokenMs).toBeGreaterThanOrEqual(0)
    expect(byModel.get(gpt)?.durationMs).toBeGreaterThanOrEqual(0)
    expect(revealed.results).toMatchObject({ ties: 0, bothBad: 0, winners: ['A', 'B'] })
  })

  test('tells nothing about who is who before the reveal', async () => {
    world.providers.alwaysFor(qwenModel, says('I am Qwen, made by Alibaba Cloud.'))
    world.providers.alwaysFor(gptModel, says(['I am Chat', 'GPT by Open', 'AI; not Qwen.']))
    const ada = await world.person('Ada')

    const id = await world.ask(ada)
    const open = await world.until(id, view => view.ballot.phase === 'open')

    expect(JSON.stringify(open)).not.toMatch(/qwen|alibaba|gpt|openai|cost|token|duration/i)
    expect(open.ballot.entries.map(entry => entry.namedItself)).toEqual([true, true])
    const revealed = await world.app.arena.reveal(id, ada)
    expect(revealed.entries.map(entry => entry.model?.id).sort()).toEqual([gpt, qwen])
    const after = await world.app.arena.view(id, null)
    expect(after.answers.map(answer => answer.text)).toContain('I am Qwen, made by Alibaba Cloud.')
  })

  test('a failing model does not hold the other, and fewer than two answers void the ballot', async () => {
    world.providers.alwaysFor(qwenModel, refuses(401, { error: { message: 'no', code: 'invalid_api_key' } }))
    world.providers.alwaysFor(gptModel, says('Rayleigh scattering.'))

    const id = await world.ask(await world.person('Ada'))
    const ended = await world.until(id, view => view.ballot.phase === 'void')
    expect(statuses(ended).toSorted()).toEqual(['done', 'failed'])

    const failed = ended.ballot.entries.find(entry => entry.status === 'failed')
    expect(failed).toMatchObject({ failure: 'key_rejected', model: { id: qwen } })
  })

  test('with three contestants goes on without the one that failed', async () => {
    world.providers.alwaysFor(qwenModel, says('One.'))
    world.providers.alwaysFor(gptModel, says('Two.'))
    world.providers.alwaysFor('qwen3.8-flash', refuses(402, { error: { message: 'no money' } }))
    const ada = await world.person('Ada')

    const id = await world.ask(ada, { models: [qwen, gpt, 'qwen/qwen3.8-flash'] })
    const open = await world.until(id, view => view.ballot.phase === 'open')

    const failed = open.ballot.entries.find(entry => entry.status === 'failed')
    expect(failed?.failure).toBe('no_credit')
    expect(open.ballot.choices).toHaveLength(4)
    await expect(world.app.arena.vote(id, ada, failed?.label ?? 'A')).rejects.toThrow('choice_not_open')
  })

  test('retries what may pass, and asks only once where it is no use', async () => {
    const before = world.providers.chats().length
    world.providers.alwaysFor(gptModel, refuses(400, { error: { message: 'bad', code: 'content_filter' } }))
    let tries = 0
    world.providers.alwaysFor(qwenModel, reply => {
      tries++
      if (tries === 1) reply.json(503, { error: { message: 'busy' } })
      else if (tries === 2) reply.text('Half an ans').cut()
      else says('A whole answer.')(reply)
    })

    const id = await world.ask(await world.person('Ada'))
    const ended = await world.until(id, view => statuses(view).toSorted().join() === 'done,failed')

    expect(ended.answers.map(answer => answer.text).sort()).toEqual(['', 'A whole answer.'])
    expect(world.providers.chats().length - before).toBe(4)
  })

  test('after the last try shows the reason', async () => {
    world.providers.alwaysFor(qwenModel, reply => reply.text('Half').end())
    world.providers.alwaysFor(gptModel, says('Fine.'))

    const id = await world.ask(await world.person('Ada'))
    const ended = await world.until(id, view => view.ballot.phase === 'void')

    expect(ended.ballot.entries.find(entry => entry.status === 'failed')?.failure).toBe('answer_cut')
  })

  test('is stopped by its asker: what was written stays and can be voted on', async () => {
    const ends = gate()
    const slow = (text: string) => async (reply: Parameters<ReturnType<typeof says>>[0]) => {
      reply.text(text)
      await Promise.race([ends.opened, reply.closed])
    }
    world.providers.alwaysFor(qwenModel, slow('So far so good'))
    world.providers.alwaysFor(gptModel, slow('Once upon a time'))
    const [ada, bob] = await Promise.all([world.person('Ada'), world.person('Bob')])

    const id = await world.ask(ada)
    await world.until(id, view => view.answers.every(answer => answer.text !== ''))
    await expect(world.app.arena.stop(id, bob)).rejects.toThrow('not_asker_nor_admin')
    await world.app.arena.stop(id, ada)
    const open = await world.until(id, view => view.ballot.phase === 'open')
    ends.open()

    expect(statuses(open)).toEqual(['stopped', 'stopped'])
    expect(open.answers.map(answer => answer.text).sort()).toEqual(['Once upon a time', 'So far so good'])
    expect(await world.app.arena.vote(id, bob, 'B')).toMatchObject({ voted: 1 })
  })

  test('is revealed by its asker or an admin, once, and takes no votes afterwards', async () => {
    world.providers.alwaysFor(qwenModel, says('One.'))
    world.providers.alwaysFor(gptModel, says('Two.'))
    const [ada, bob, eve] = await Promise.all([world.person('Ada'), world.person('Bob'), world.person('Eve')])
    await world.store.people.makeAdmin(eve.id)

    const id = await world.ask(ada)
    await world.until(id, view => view.ballot.phase === 'open')
    await expect(world.app.arena.reveal(id, bob)).rejects.toThrow('not_asker_nor_admin')
    await world.app.arena.reveal(id, { ...eve, admin: true })

    await expect(world.app.arena.reveal(id, ada)).rejects.toThrow('ballot_closed')
    await expect(world.app.arena.vote(id, bob, 'A')).rejects.toThrow('ballot_closed')
    await expect(world.app.arena.withdraw(id, bob)).rejects.toThrow('ballot_closed')
  })

  test('cannot be revealed before there is something to reveal', async () => {
    const ends = gate()
    world.providers.alwaysFor(qwenModel, says('One.'))
    world.providers.alwaysFor(gptModel, async reply => {
      await ends.opened
      says('Two.')(reply)
    })
    const ada = await world.person('Ada')

    const id = await world.ask(ada)
    await world.until(id, view => statuses(view).includes('done'))
    await expect(world.app.arena.reveal(id, ada)).rejects.toThrow('too_early_to_reveal')
    ends.open()
    await world.until(id, view => view.ballot.phase === 'open')
  })
})

describe('a wish that cannot be fulfilled is one clear problem, and nothing is created', () => {
  let world: World

  beforeAll(async () => {
    world = await startWorld()
  })
  afterAll(() => world[Symbol.asyncDispose]())

  test.each<[string, object, Problem]>([
    ['no prompt', { prompt: ' \n ' }, { code: 'prompt_empty' }],
    ['nothing but what cannot be stored', { prompt: '\0' }, { code: 'prompt_empty' }],
    ['a prompt too long', { prompt: 'x'.repeat(40_001) }, { code: 'prompt_too_long', length: 40_001, limit: 40_000 }],
    [
      'an unknown model',
      { models: ['qwen/qwen3.8-mx', gpt] },
      { code: 'model_unknown', model: 'qwen/qwen3.8-mx', suggestion: qwen },
    ],
    ['the same model twice', { models: [qwen, qwen] }, { code: 'model_twice', model: qwen }],
    ['one model alone', { models: [qwen] }, { code: 'too_few_models', given: 1 }],
  ])('%s', async (_, wish, problem) => {
    const ada = await world.person('Ada')

    const thrown = await world.ask(ada, { ...wish, channel: 'bad' }).catch((error: unknown) => error)

    expect(thrown).toBeInstanceOf(FaceoffError)
    expect(thrown).toMatchObject({ problem, kind: 'user' })
    const { workspaceId } = ada
    expect(await world.store.comparisons.recent({ workspaceId, channel: 'bad', limit: 10 })).toEqual([])
  })
})
