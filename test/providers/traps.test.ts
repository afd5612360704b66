/** Every way in which a stream can go wrong that the SDK lets pass, or reports as something else. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { FaceoffError } from '../../src/core/errors.ts'
import type { AnswerPart } from '../../src/core/ports.ts'
import { answer, collect, textOf } from '../contract/provider.ts'
import { aModel, aProvider } from './a-provider.ts'
import {
  gate,
  type Reply,
  refuses,
  type Script,
  type StandIn,
  says,
  stallsBehindComments,
  startStandIn,
} from './stand-in.ts'

const model = aModel('lab/any')
const quick = { firstMs: 80, betweenMs: 80, settleMs: 80, totalMs: 10_000 }

let standIn: StandIn
beforeEach(async () => {
  standIn = await startStandIn()
})
afterEach(() => standIn.close())

/** What was read, and the code it failed with. `heard` resolves for the script when the first part has been read. */
async function outcome(
  script: (reply: Reply, heard: Promise<void>) => unknown,
  changes: Parameters<typeof aProvider>[1] = {},
) {
  const heard = gate()
  standIn.next(reply => script(reply, heard.opened))
  const parts: AnswerPart[] = []
  try {
    for await (const part of answer(aProvider(standIn, changes), model, 'Hello')) {
      parts.push(part)
      heard.open()
    }
    return { parts, code: undefined }
  } catch (thrown) {
    if (!(thrown instanceof FaceoffError)) throw thrown
    return { parts, code: thrown.problem.code }
  }
}

describe('a stream that breaks off is no answer', () => {
  test('a cut connection', async () => {
    const { parts, code } = await outcome(async (reply, heard) => {
      reply.text('Half an')
      await heard
      reply.cut()
    })

    expect(code).toBe('answer_cut')
    expect(textOf(parts)).toBe('Half an')
  })

  test('a clean end without finish_reason', async () => {
    const { code } = await outcome(reply => reply.text('Half an').end())

    expect(code).toBe('answer_cut')
  })

  test('[DONE] without finish_reason', async () => {
    const { code } = await outcome(reply => reply.text('Half an').done())

    expect(code).toBe('answer_cut')
  })

  test('a malformed frame', async () => {
    const { code } = await outcome(reply => reply.text('Half an').raw('data: {"cho\n\n').end())

    expect(code).toBe('bad_response')
  })

  test('a frame that is no chunk', async () => {
    const { code } = await outcome(reply => reply.chunk({ choices: 'none' }).end())

    expect(code).toBe('bad_response')
  })

  test('a connection that is refused', async () => {
    const gone = await startStandIn()
    await gone.close()

    const asked = collect(aProvider(gone), model, 'Hello')

    await expect(asked).rejects.toMatchObject({
      problem: { code: 'provider_down' },
      message: expect.stringContaining('ECONNREFUSED'),
    })
  })
})

describe('a complete answer stays complete', () => {
  const whole = (reply: Reply) => reply.delta({ content: 'All of it.' }, 'stop')

  test('without [DONE]', async () => {
    const { parts, code } = await outcome(reply => whole(reply).end())

    expect(code).toBeUndefined()
    expect(parts.at(-1)).toEqual({ type: 'end', reason: 'stop' })
  })

  test('without usage, which then stays unknown', async () => {
    const { parts } = await outcome(reply => whole(reply).done())

    expect(parts.some(part => part.type === 'usage')).toBe(false)
  })

  test('when the connection is cut before the usage', async () => {
    const { parts, code } = await outcome(async (reply, heard) => {
      whole(reply)
      await heard
      reply.cut()
    })

    expect(code).toBeUndefined()
    expect(parts.at(-1)).toEqual({ type: 'end', reason: 'stop' })
  })

  test('when the provider never ends the stream', async () => {
    const { parts, code } = await outcome(
      async reply => {
        whole(reply)
        await reply.closed
      },
      { timeLimits: { ...quick, firstMs: 60_000, betweenMs: 60_000 } },
    )

    expect(code).toBeUndefined()
    expect(textOf(parts)).toBe('All of it.')
  })

  test('when it was cut at the token limit, and says so', async () => {
    const { parts } = await outcome(reply => reply.text('As far as').finish('length').done())

    expect(parts.at(-1)).toEqual({ type: 'end', reason: 'length' })
  })
})

describe('HTTP 200 is not yet an answer', () => {
  test.each<[string, Script, string]>([
    ['JSON instead of a stream', refuses(200, { id: 'x', choices: [] }), 'bad_response'],
    ['JSON with an error code that is known', refuses(200, { error: { code: 'insufficient_quota' } }), 'no_credit'],
    [
      'an HTML page',
      reply => reply.whole(200, '<html>Sign in</html>', { 'content-type': 'text/html' }),
      'bad_response',
    ],
    ['a stream without a chunk', reply => reply.end(), 'bad_response'],
    ['a stream of [DONE] alone', reply => reply.done(), 'bad_response'],
    ['no text', reply => reply.finish().done(), 'empty_answer'],
    ['white space', reply => reply.text(' \n').finish().done(), 'empty_answer'],
    [
      'an error frame',
      reply =>
        reply
          .text('Hm')
          .chunk({ error: { message: 'oh' } })
          .end(),
      'provider_down',
    ],
    [
      'an error event',
      reply => reply.raw('event: error\ndata: {"error":{"code":"data_inspection_failed"}}\n\n'),
      'prompt_refused',
    ],
    [
      "OpenRouter's error frame",
      reply => {
        reply.text('Hm')
        reply.chunk({ error: { code: 429, message: 'x' }, choices: [{ index: 0, delta: {}, finish_reason: 'error' }] })
        reply.done()
      },
      'provider_busy',
    ],
  ])('%s', async (_, script, expected) => {
    const { code } = await outcome(script)

    expect(code).toBe(expected)
  })

  test.each([
    ['content_filter', 'prompt_refused'],
    ['insufficient_system_resource', 'provider_busy'],
    ['error', 'provider_down'],
    ['tool_calls', 'bad_response'],
    ['constructor', undefined],
    ['eos', undefined],
  ])('finish_reason %s means %s', async (reason, expected) => {
    const { code } = await outcome(reply => reply.text('Hm').finish(reason).done())

    expect(code).toBe(expected)
  })
})

describe('a silent provider is noticed', () => {
  const silent = { code: 'provider_silent' }

  test('when it never sends headers', async () => {
    expect(await outcome(reply => reply.closed, { timeLimits: quick })).toMatchObject(silent)
  })

  test('behind keep-alive comments, before the first word', async () => {
    expect(await outcome(stallsBehindComments(), { timeLimits: quick })).toMatchObject(silent)
  })

  test('behind keep-alive comments, after the first words', async () => {
    const { parts, code } = await outcome(stallsBehindComments('Well, '), { timeLimits: quick })

    expect(code).toBe('provider_silent')
    expect(textOf(parts)).toBe('Well, ')
  })

  test('behind chunks that say nothing', async () => {
    const empty: Script = async reply => {
      const beat = setInterval(() => reply.delta({ role: 'assistant', content: '' }), 5)
      await reply.closed
      clearInterval(beat)
    }

    expect(await outcome(empty, { timeLimits: quick })).toMatchObject(silent)
  })

  test('when it says a little for ever', async () => {
    const endless: Script = async reply => {
      const beat = setInterval(() => reply.text('and '), 5)
      await reply.closed
      clearInterval(beat)
    }

    expect(await outcome(endless, { timeLimits: { totalMs: 150 } })).toMatchObject(silent)
  })

  test('but not while it thinks', async () => {
    const thinks: Script = async reply => {
      const since = performance.now()
      const beat = setInterval(() => {
        reply.reasoning('hm')
        if (performance.now() - since > 1_000) reply.text('Forty-two.').finish().done()
      }, 5)
      await reply.closed
      clearInterval(beat)
    }

    const { parts, code } = await outcome(thinks, { timeLimits: { firstMs: 800, betweenMs: 800 } })

    expect(code).toBeUndefined()
    expect(textOf(parts)).toBe('Forty-two.')
  })
})

describe('hidden reasoning is never shown', () => {
  test.each(['reasoning_content', 'reasoning'] as const)('in %s', async field => {
    const { parts } = await outcome(reply => {
      reply.reasoning('SECRET', field)
      reply.text('Forty-two.')
      reply.finish()
      reply.done()
    })

    expect(parts[0]).toEqual({ type: 'thinking' })
    expect(textOf(parts)).toBe('Forty-two.')
  })

  test('nor is reasoning alone an answer', async () => {
    const { code } = await outcome(reply => reply.reasoning('SECRET').finish().done())

    expect(code).toBe('empty_answer')
  })

  test('in <think> tags of open models', async () => {
    const { parts } = await outcome(says(['<thi', 'nk>SECRET</', 'think>\n\nForty', '-two.']), { thinkTags: true })

    expect(textOf(parts)).toBe('Forty-two.')
    expect(parts[0]).toEqual({ type: 'thinking' })
  })

  test('but a model without such tags may write them', async () => {
    const { parts } = await outcome(says('<think>is a tag</think>'))

    expect(textOf(parts)).toBe('<think>is a tag</think>')
  })
})

describe('who leaves is let go', () => {
  test('an abort ends the request at the provider', async () => {
    const left = gate()
    standIn.next(async reply => {
      reply.text('Well')
      await reply.closed
      left.open()
    })
    const stop = new AbortController()
    const reason = new Error('stopped')

    const reading = (async () => {
      for await (const _ of answer(aProvider(standIn), model, 'Hello', stop.signal)) stop.abort(reason)
    })()

    await expect(reading).rejects.toBe(reason)
    await left.opened
  })

  test('an abort while the provider has not answered yet throws its reason too', async () => {
    standIn.next(reply => reply.closed)
    const stop = new AbortController()
    const reason = new Error('stopped')

    const asked = collect(aProvider(standIn), model, 'Hello', stop.signal)
    await standIn.chatsReach(1)
    stop.abort(reason)

    await expect(asked).rejects.toBe(reason)
  })

  test('a reader who leaves ends the request at the provider', async () => {
    const left = gate()
    standIn.next(async reply => {
      reply.text('Well')
      await reply.closed
      left.open()
    })

    for await (const _ of answer(aProvider(standIn), model, 'Hello')) break

    await left.opened
  })
})

test('sixty answers at once arrive whole and unmixed', async () => {
  const everybody = gate()
  standIn.always(async reply => {
    for (const word of ['You ', 'said ', reply.request.prompt]) {
      reply.text(word)
      await everybody.opened
    }
    reply.finish().usage(1, 1).done()
  })
  const provider = aProvider(standIn)

  const reading = Array.from({ length: 60 }, (_, index) => collect(provider, model, `number ${index}`))
  await standIn.chatsReach(60)
  everybody.open()

  const texts = (await Promise.all(reading)).map(textOf)
  expect(texts).toEqual(texts.map((_, index) => `You said number ${index}`))
})

describe('what is sent', () => {
  test('the prompt as it is, streaming, with usage, and no limit of our own', async () => {
    await collect(aProvider(standIn), aModel('lab/org/some-model:cheapest'), 'Hello\n\n**you**')

    expect(standIn.chats()[0]?.body).toEqual({
      model: 'org/some-model:cheapest',
      messages: [{ role: 'user', content: 'Hello\n\n**you**' }],
      stream: true,
      stream_options: { include_usage: true },
    })
  })

  test("the operator's token limit in the provider's field, and the model's own switch", async () => {
    const provider = aProvider(standIn, {
      tokenLimitField: 'max_completion_tokens',
      maxAnswerTokens: 500,
      models: [{ id: 'hybrid', body: { enable_thinking: false } }],
    })

    await collect(provider, aModel('lab/hybrid'), 'Hello')

    expect(standIn.chats()[0]?.body).toMatchObject({ max_completion_tokens: 500, enable_thinking: false })
  })

  test('once: a failure is never tried again by itself', async () => {
    standIn.always(refuses(500, {}))

    await expect(collect(aProvider(standIn), model, 'Hello')).rejects.toThrow(FaceoffError)

    expect(standIn.chats()).toHaveLength(1)
  })
})
