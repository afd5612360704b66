/** What vendors say about their models, beside what the team's own votes say. */
import type { Category } from './comparison.ts'
import { type Duel, leaderboardOf } from './leaderboard.ts'
import type { ModelId } from './model.ts'
import type { Parts } from './ports.ts'

/** Models by parts of their ids, in small letters: the very model, and the family that has followed it since. */
type Party = { name: string; exact: readonly string[]; family: readonly string[] }

export type Claim = {
  id: string
  vendor: string
  /** As it was published, in the claim's own language. */
  quote: string
  /** YYYY-MM. */
  published: string
  subject: Party
  rivals: readonly Party[]
  categories: readonly Category[]
}

/** The claims that are set beside the votes. Another one is another entry. */
export const claims: readonly Claim[] = [
  {
    id: 'qwen2.5-max',
    vendor: 'Alibaba',
    quote: 'Qwen2.5-Max beats GPT-4 and Llama in reasoning and language understanding',
    published: '2025-01',
    subject: { name: 'Qwen2.5-Max', exact: ['qwen-max-2025-01-25', 'qwen2.5-max'], family: ['qwen'] },
    rivals: [
      { name: 'GPT-4', exact: ['gpt-4'], family: ['gpt'] },
      { name: 'Llama', exact: ['llama'], family: ['llama'] },
    ],
    categories: ['reasoning', 'language'],
  },
]

/** `supports`, `contradicts`: settled at 95 % for or against the claim; `open`: votes, but not enough; `untested`: none. */
export type ClaimOutcome = 'supports' | 'contradicts' | 'open' | 'untested'

export type ClaimPair = {
  subject: { model: ModelId; name: string }
  rival: { model: ModelId; name: string }
  /** Both are the very models that were claimed about, not later ones of their families. */
  exact: boolean
  /** The probability that the subject is better. */
  subjectBetter: number
  /** In points, from the subject's side, with its 95 % interval. */
  difference: number
  lower: number
  upper: number
  wins: number
  losses: number
  draws: number
  outcome: Exclude<ClaimOutcome, 'untested'>
  moreComparisons: number | null
}

export type ClaimResult = {
  claim: Claim
  tests: { category: Category; rival: string; outcome: ClaimOutcome; pairs: ClaimPair[] }[]
}

/** Each claim against the votes of all time, in team mode, category by category and rival by rival. */
export async function claimResultsOf(
  parts: Pick<Parts, 'store' | 'catalogue' | 'clock'>,
  workspaceId: string,
): Promise<ClaimResult[]> {
  return Promise.all(
    claims.map(async claim => {
      const tests = await Promise.all(
        claim.categories.map(async category => {
          const board = await leaderboardOf(parts, { workspaceId, category, period: 'all', mode: 'team' })
          return claim.rivals.map(rival => {
            const pairs = board.duels.flatMap(duel => pairOf(duel, claim.subject, rival, board.names))
            return { category, rival: rival.name, outcome: outcomeOf(pairs), pairs }
          })
        }),
      )
      return { claim, tests: tests.flat() }
    }),
  )
}

function pairOf(duel: Duel, subject: Party, rival: Party, names: Readonly<Record<string, string>>): ClaimPair[] {
  const { a, b, settled, moreComparisons, draws } = duel
  // Models that never met on one ballot say little about each other.
  if (duel.wins + duel.losses + draws === 0) return []
  const nameOf = (model: ModelId) => ({ model, name: names[model] ?? model })
  const [first, second] = [isOf(a, subject) && isOf(b, rival), isOf(b, subject) && isOf(a, rival)]
  if (!first && !second) return []
  const [own, other] = first ? [a, b] : [b, a]
  const difference = first ? duel.difference : -duel.difference
  return [
    {
      subject: nameOf(own),
      rival: nameOf(other),
      exact: isExactly(own, subject) && isExactly(other, rival),
      subjectBetter: first ? duel.aBetter : 1 - duel.aBetter,
      difference,
      lower: first ? duel.lower : -duel.upper,
      upper: first ? duel.upper : -duel.lower,
      wins: first ? duel.wins : duel.losses,
      losses: first ? duel.losses : duel.wins,
      draws,
      outcome: settled ? (difference > 0 ? 'supports' : 'contradicts') : 'open',
      moreComparisons,
    },
  ]
}

/** Where pairs disagree, or none is settled, it is open. */
function outcomeOf(pairs: readonly ClaimPair[]): ClaimOutcome {
  if (pairs.length === 0) return 'untested'
  const settled = new Set(pairs.map(({ outcome }) => outcome).filter(outcome => outcome !== 'open'))
  const [only] = settled
  return settled.size === 1 && only !== undefined ? only : 'open'
}

function isOf(model: ModelId, party: Party): boolean {
  return isExactly(model, party) || party.family.some(part => model.toLowerCase().includes(part))
}

function isExactly(model: ModelId, { exact }: Party): boolean {
  return exact.some(part => model.toLowerCase().includes(part))
}
