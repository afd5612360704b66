/** The votes that count, for other programs. */
import type { CountedBallot, Tallies } from './ports.ts'

/** Ballots asked for at once. */
const pageSize = 500

/**
 * One line of JSON per vote in FastChat's form (what `faceoff rate` reads), oldest comparison first, in pieces of many
 * lines. Voters are numbered as they appear: whoever has the file learns who voted alike, not who voted.
 */
export async function* fastChatLines(tallies: Pick<Tallies, 'ballots'>): AsyncGenerator<string> {
  const voters = new Map<string, string>()
  const pseudonym = (id: string) => {
    const known = voters.get(id) ?? `voter-${voters.size + 1}`
    voters.set(id, known)
    return known
  }
  let after: string | null = null
  for (;;) {
    const page: CountedBallot[] = await tallies.ballots(after, pageSize)
    if (page.length === 0) return
    after = page.at(-1)?.comparisonId ?? null
    yield page.map(ballot => linesOf(ballot, pseudonym)).join('')
  }
}

function linesOf(ballot: CountedBallot, pseudonym: (id: string) => string): string {
  const models: readonly string[] = ballot.models
  const [a, b] = models
  return ballot.votes
    .map(({ voterId, choice }) => {
      const place = models.indexOf(choice)
      const winner =
        choice === 'tie'
          ? 'tie'
          : choice === 'both_bad'
            ? 'tie (bothbad)'
            : `model_${String.fromCharCode(0x61 + place)}`
      const line = {
        ...(models.length === 2 ? { model_a: a, model_b: b } : { models }),
        winner,
        judge: pseudonym(voterId),
        question_id: ballot.comparisonId,
        tstamp: Math.floor(ballot.revealedAt.getTime() / 1000),
        category: ballot.category,
      }
      return `${JSON.stringify(line)}\n`
    })
    .join('')
}
