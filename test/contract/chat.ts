/** What every platform holds to, whatever it shows comparisons in. */
import { v7 as newId } from 'uuid'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Arena } from '../../src/core/arena.ts'
import type { AnswerState, Ballot } from '../../src/core/ballot.ts'
import type { Label, Platform } from '../../src/core/comparison.ts'
import type { Chat, Person, Store } from '../../src/core/ports.ts'
import type { PostedSummary } from '../../src/core/summary.ts'
import type { Models } from './scripted.ts'

export type ChatHarness = AsyncDisposable & {
  chat: Chat
  /** A summary that is due in a channel of this platform, and how often it stands there. */
  dueSummary(): Promise<PostedSummary>
  summaryPosts(summary: PostedSummary): Promise<number>
  /** The rules on this chat. Labels follow the order of `models`: the first is A. */
  arena: Arena
  models: Models
  asker: Person
  where: { workspaceId: string; platform: Platform; channel: string }
  /** What somebody sees of a comparison who has no part in it. */
  read(comparisonId: string): Promise<Seen>
}

export type Seen = {
  /** How often the comparison stands in its channel. */
  posts: number
  /** What can be read. */
  text: string
  /** Everything that reaches a reader's machine: markup, attributes, ids, links. */
  raw: string
  /** What would act instead of being read: pings, scripts, fetched pictures, links that claim to lead elsewhere. */
  acting: string[]
}

const prompt = 'Which one is the better tool for this?'

/** Names that stand in no other text, so that each occurrence is a leak. */
export const contractModels = [
  { id: 'test/quillfish-1', name: 'Quillfish One', aliases: ['Quillfish'] },
  { id: 'test/marblewren-2', name: 'Marblewren Two', aliases: ['Marblewren'] },
] as const

/** How an answer ends unless the test says otherwise. */
const whole = 'That is all.'

const hostile = [
  '@everyone @here <!channel> <!everyone> <@123456789012345678> <@U0123ABCD> <@&123456789012345678>',
  '<script>alert(1)</script><img src=x onerror=alert(1)>',
  '![tracker](https://tracker.example/pixel.png)',
  '[https://bank.example](https://thief.example/login)',
  '<https://thief.example/login|https://bank.example>',
  '[click](javascript:alert(1)) [data](data:text/html,<script>alert(1)</script>)',
  '```\n</code></pre><script>alert(1)</script>\n```',
  '"><svg onload=alert(1)> <hx-partial hx-target="body">gone</hx-partial>',
] as const

export function chatContract(name: string, start: () => Promise<ChatHarness>): void {
  describe(`the chat of ${name}`, () => {
    let harness: ChatHarness

    beforeAll(async () => {
      harness = await start()
    })

    afterAll(() => harness[Symbol.asyncDispose]())

    test('posts a ballot once, however often it is shown', async () => {
      const ballot = await compare()

      await Promise.all([harness.chat.showBallot(ballot), harness.chat.showBallot(ballot)])

      expect((await harness.read(ballot.comparisonId)).posts).toBe(1)
      await finish(ballot)
    })

    test('posts a summary once, whoever asks for it, and how often', async () => {
      const summary = await harness.dueSummary()

      await Promise.all([harness.chat.postSummary(summary), harness.chat.postSummary(summary)])
      await harness.chat.postSummary(summary)

      expect(await harness.summaryPosts(summary)).toBe(1)
    })

    test('shows who asked and the prompt', async () => {
      const ballot = await compare()

      const { text } = await harness.read(ballot.comparisonId)

      expect(text).toContain(harness.asker.name)
      expect(text).toContain(prompt)
      await finish(ballot)
    })

    test('shows a text while it is written', async () => {
      const ballot = await compare()

      harness.models.write(0, 'The beginning of an answer. ')

      await expect.poll(() => textOf(ballot)).toContain('The beginning of an answer.')
      await finish(ballot)
    })

    test('ends with the whole text after many that came faster than they could be shown', async () => {
      const ballot = await compare()
      const words = Array.from({ length: 300 }, (_, index) => `word${index}`)

      for (const word of words) harness.models.write(0, `${word} `)
      await finish(ballot)

      expect((await textOf(ballot)).replace(/\s+/g, ' ')).toContain(words.join(' '))
    })

    test('has a final text on show when it says so', async () => {
      const ballot = await compare()
      harness.models.write(0, 'The whole answer, as the row has it.')
      await finish(ballot)
      const answer = await answerUnder('A', ballot)

      await harness.chat.showAnswer(answer)

      expect(await textOf(ballot)).toContain('The whole answer, as the row has it.')
    })

    test('lets no late draft replace a final text', async () => {
      const ballot = await compare()
      harness.models.write(0, 'The final word.')
      await finish(ballot)
      const answer = await answerUnder('A', ballot)

      const draft: AnswerState = { ...answer, text: 'An older draft', entry: { ...answer.entry, status: 'streaming' } }
      await harness.chat.showAnswer(draft)
      await harness.chat.showAnswer(answer)

      const text = await textOf(ballot)
      expect(text).toContain('The final word.')
      expect(text).not.toContain('An older draft')
    })

    test('says why an answer failed, and shows the other one', async () => {
      const ballot = await compare()

      harness.models.fail(0, 'prompt_refused')
      harness.models.write(1, 'I do have an answer.')
      harness.models.end(1)

      await expect.poll(() => textOf(ballot)).toContain('content filter refused')
      await expect.poll(() => textOf(ballot)).toContain('I do have an answer.')
    })

    test('tells nothing of who is who until the reveal', async () => {
      const ballot = await compare()
      harness.models.write(0, 'Hello, I am Quillfish One, and better than Marblewren.')
      await expect.poll(() => textOf(ballot)).toContain('Hello')

      const whileWriting = await harness.read(ballot.comparisonId)
      await finish(ballot)
      const whileVoting = await harness.read(ballot.comparisonId)

      for (const { raw } of [whileWriting, whileVoting]) {
        expect(raw).not.toMatch(/quillfish|marblewren|model-\d|test\//i)
        // Cost, speed and length give a model away as well.
        expect(raw).not.toMatch(/\$\s?\d|\b345\b/)
      }
    })

    test('names the models once the ballot is revealed', async () => {
      const ballot = await compare()
      await finish(ballot)

      await harness.arena.reveal(ballot.comparisonId, harness.asker)

      const { text } = await harness.read(ballot.comparisonId)
      expect(text).toContain('Quillfish One')
      expect(text).toContain('Marblewren Two')
    })

    test.each(hostile)('lets nothing in a text act: %s', async text => {
      const ballot = await compare(`${prompt}\n\n${text}`)
      harness.models.write(0, `Look: ${text}`)
      await finish(ballot, 'Harmless.')

      expect((await harness.read(ballot.comparisonId)).acting).toEqual([])
    })

    async function compare(asked = prompt): Promise<Ballot> {
      const { arena, asker, where } = harness
      const request = { ...where, asker, prompt: asked, models: [], category: null, blind: true, locale: 'en' } as const
      return arena.compare(request)
    }

    async function textOf(ballot: Ballot): Promise<string> {
      return (await harness.read(ballot.comparisonId)).text
    }

    async function answerUnder(label: Label, ballot: Ballot): Promise<AnswerState> {
      const { answers } = await harness.arena.view(ballot.comparisonId, null)
      const answer = answers.find(candidate => candidate.label === label)
      if (answer === undefined) throw new Error(`no answer ${label}`)
      return answer
    }

    /** Lets both models come to their end and waits until people can vote. */
    async function finish(ballot: Ballot, last = ''): Promise<void> {
      for (const place of [0, 1]) {
        harness.models.write(place, `\n\n${last || whole}`)
        harness.models.end(place)
      }
      const phase = async () => (await harness.arena.view(ballot.comparisonId, null)).ballot.phase
      await expect.poll(phase, { timeout: 10_000 }).toBe('open')
      // What the rows have, a platform may take a moment to show.
      const endings = async () => (await textOf(ballot)).split(last || whole).length - 1
      await expect.poll(endings, { timeout: 10_000 }).toBe(2)
    }
  })
}

/** This week of a workspace, on the ledger as due. */
export async function summaryDue(
  { store, arena }: { store: Store; arena: Pick<Arena, 'summaries'> },
  where: Pick<PostedSummary, 'workspaceId' | 'platform' | 'externalId' | 'channel' | 'place'>,
): Promise<PostedSummary> {
  const { workspaceId, channel } = where
  const { week, asOf, numbers } = await arena.summaries.soFar(workspaceId, channel)
  const row = { id: newId(), workspaceId, week, locale: 'en', asOf, channel, status: 'due', numbers } as const
  const { id } = await store.summaries.open(row, false)
  return { ...where, id, week, asOf, numbers, locale: 'en', missed: [] }
}
