/** Votes of a made-up team over a quarter, for pictures: the same in every run. The demo models stand for real ones. */
import type { Choice, Platform } from '../../src/core/comparison.ts'
import { categories, labels } from '../../src/core/comparison.ts'
import type { ModelId } from '../../src/core/model.ts'
import type { Store } from '../../src/core/ports.ts'
import type { Locale } from '../../src/core/text/index.ts'
import { answered, hold } from '../../test/contract/ballots.ts'
import { seeded } from '../../test/core/rating/votes.ts'

/** How good each is, in points; how fast in ms; what an answer costs in millionths of a dollar. */
const models: readonly { id: ModelId; points: number; ms: number; micros: number; list: boolean }[] = [
  { id: 'qwen/qwen3.8-max', points: 1075, ms: 620, micros: 4_100, list: true },
  { id: 'openai/gpt-6.1-sol', points: 1050, ms: 940, micros: 11_800, list: true },
  { id: 'anthropic/claude-opus-5-5', points: 1035, ms: 1_310, micros: 16_900, list: false },
  { id: 'deepseek/deepseek-v4-pro', points: 985, ms: 760, micros: 1_900, list: true },
  { id: 'groq/llama-3.3-70b-versatile', points: 920, ms: 210, micros: 900, list: false },
  { id: 'gemini/gemini-3.1-pro-preview', points: 1045, ms: 880, micros: 9_400, list: true },
  { id: 'doubao/doubao-seed-2-1-pro-260628', points: 960, ms: 690, micros: 1_500, list: false },
  { id: 'ernie/ernie-5.1', points: 930, ms: 1_050, micros: 1_200, list: false },
]

/** With these the catalogue knows their models' names; nobody asks them anything. */
export const modelKeys = {
  ANTHROPIC_API_KEY: 'none',
  ARK_API_KEY: 'none',
  DASHSCOPE_API_KEY: 'none',
  DEEPSEEK_API_KEY: 'none',
  GEMINI_API_KEY: 'none',
  GROQ_API_KEY: 'none',
  OPENAI_API_KEY: 'none',
  QIANFAN_API_KEY: 'none',
}

const prompts = [
  'Explain recursion to a ten-year-old.',
  'Why does this query need a lock?',
  'Write a release note for the new login.',
  'Is this contract clause one-sided?',
  'Translate the error message into German.',
  'Which of these two plans is cheaper in three years?',
]

const weeks = 12

const people = ['Ada', 'Bo', 'Cleo', 'Dan', 'Eve', 'Finn', 'Gus', 'Hana']

/** Where the team compares, and how many of the models; the last votes are some hours old. */
export type Where = { platform: Platform; externalId: string; channel: string; place?: string; models?: number }

export async function castVotes(store: Store, where: Where): Promise<void> {
  const random = seeded(7)
  const workspaceId = await store.people.workspace(where.platform, where.externalId)
  const team = {
    store,
    workspaceId,
    people: await Promise.all(people.map(name => store.people.person(workspaceId, name, { name }))),
  }
  const compared = models.slice(0, where.models ?? 5)
  const now = Date.now()
  for (let week = 0; week <= weeks; week++) {
    for (let n = 0; n < 9; n++) {
      const shuffled = compared.map(model => ({ model, at: random() })).sort((a, b) => a.at - b.at)
      const shown = shuffled.slice(0, random() < 0.2 ? 3 : 2).map(({ model }) => model)
      const votes = team.people.flatMap((_, by) => (random() < 0.4 ? [{ by, choice: chosen(shown, random) }] : []))
      const answers = Object.fromEntries(
        shown.map(({ ms, micros, list }, place) => [
          labels[place],
          {
            ...answered,
            text: `${list ? '- First\n- Second\n' : ''}An answer of ${'word '.repeat(20 + Math.floor(random() * (list ? 60 : 30)))}`,
            firstTokenMs: Math.round(ms * (0.7 + 0.6 * random())),
            costMicros: Math.round(micros * (0.7 + 0.6 * random())),
          },
        ]),
      )
      await hold(team, {
        models: shown.map(({ id }) => id),
        prompt: prompts[Math.floor(random() * prompts.length)] ?? '',
        channel: where.channel,
        ...(where.place !== undefined && { place: where.place }),
        category: random() < 0.25 ? null : (categories[Math.floor(random() * 4)] ?? null),
        askedBy: Math.floor(random() * people.length),
        at: new Date(now - (weeks - week) * 7 * 86_400_000 - (n + 1) * 3_600_000),
        votes,
        answers,
      })
    }
  }
}

/** Where and in which language a summary is posted. */
export async function setUp(
  store: Store,
  workspaceId: string,
  { boss, channel, locale }: { boss: string; channel: string; locale: Locale },
): Promise<void> {
  const person = await store.people.person(workspaceId, boss, { name: 'Boss' })
  await store.summaries.changeSettings(
    workspaceId,
    { enabled: true, channel, weekday: 1, minuteOfDay: 540, timeZone: 'Europe/Berlin', locale, quietWeeks: 'post' },
    { personId: person.id, at: new Date() },
  )
}

function chosen(shown: readonly { points: number }[], random: () => number): Choice {
  const drawn = random()
  if (drawn < 0.1) return 'tie'
  if (drawn < 0.16) return 'both_bad'
  const weights = shown.map(({ points }) => 10 ** (points / 400))
  const target = random() * weights.reduce((sum, weight) => sum + weight, 0)
  const place = weights.findIndex((_, at) => weights.slice(0, at + 1).reduce((sum, weight) => sum + weight, 0) > target)
  return labels[Math.max(0, place)] ?? 'A'
}
