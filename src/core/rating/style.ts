/**
 * Style control, as FastChat's `rating_systems.py` (0e6d3e4b): how much of a lead is length and formatting?
 *
 * For answers a and b and each feature f the difference (fa − fb)/(fa + fb + 1), z-scored over all votes, joins the
 * regression beside the ratings; a ridge of 0.5 on the summed loss (parameters on the scale of base-10 odds) keeps all of
 * them finite. A ballot of more than two is not FastChat's: there each answer has its share f/(Σf + 1), in the same
 * units, so that for two the difference of shares is FastChat's difference.
 */
import { type ChoiceModel, type Credited, mostLikely } from './choice.ts'
import { clusteredVotes, largest, scatterOf, variance } from './evidence.ts'
import { inARow, momentsOf } from './moments.ts'
import { type Rate, z95 } from './normal.ts'
import { type Ratings, ratingsOf } from './ratings.ts'
import { indexed, type Strengths } from './strengths.ts'
import { countOf, type Votes } from './votes.ts'

export const styleFeatures = ['tokens', 'headers', 'listItems', 'bold'] as const
export type StyleFeature = (typeof styleFeatures)[number]

/** Counts of one answer. */
export type Style = Record<StyleFeature, number>

/** The votes of one comparison, with the style of each answer in the order of its models. */
export type StyledVotes = Votes & { styles: readonly Style[] }

/**
 * What one standard deviation more of a feature does to the odds of being chosen, in logits, with a 95 % interval: the
 * largest component's, since each is fitted by itself. Empty without votes.
 */
export type StyledRatings = Ratings & {
  effects: Partial<Record<StyleFeature, { effect: number } & Omit<Rate, 'rate'>>>
}

/** FastChat's ridge: ½·0.5·‖parameters‖², ratings counted in base-10 logits. */
const ridge = 0.5

/**
 * Counts FastChat's features in a Markdown answer; fenced code is removed first for all but the tokens. Tokens are
 * counted as words, numbers of up to three digits, runs of signs, and single Han or Kana characters: a factor between
 * tokenisers falls out of a ratio, and a provider's own count would include hidden reasoning.
 */
export function styleOf(answer: string): Style {
  const prose = answer.replace(/```[^`]*```/g, '')
  return {
    tokens: matches(
      answer,
      /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}])\p{L})+|\p{N}{1,3}|[^\s\p{L}\p{N}]+/gu,
    ),
    headers: matches(prose, /^#{1,6}\s/gm),
    listItems: matches(prose, /^\s*\d+\.\s/gm) + matches(prose, /^\s*[-*+]\s/gm),
    bold: matches(prose, /\*\*[^*\n]+\*\*/g) + matches(prose, /__[^_\n]+__/g),
  }
}

/**
 * Ratings with style held equal. `comparisons` holds one entry per comparison; intervals and ranks are made as in team
 * mode, with FastChat's ridge in place of the prior. `voters`: how many are known.
 */
export function rateStyled(comparisons: readonly StyledVotes[], voters: number): StyledRatings {
  const counted = comparisons.filter(votes => countOf(votes) > 0)
  const { ballots, position } = momentsOf({
    comparisons: counted.map(votes => ({ times: 1, votes: [votes] })),
    voters: { known: voters, busiest: null, clusters: [] },
  })
  const { names, meetings } = indexed(ballots, inARow([]))
  const effects: StyledRatings['effects'] = {}
  const strengths = (group: readonly number[]): Strengths => {
    const { theta, covariances, size } = styledStrengths(group, names, counted)
    // Groups come largest first.
    if (Object.keys(effects).length === 0) {
      styleFeatures.forEach((feature, index) => {
        const row = group.length + index
        const effect = theta[row] ?? 0
        const reach = row < size ? z95 * Math.sqrt(largest(covariances, matrix => variance(matrix, row))) : 0
        effects[feature] = { effect, lower: effect - reach, upper: effect + reach }
      })
    }
    return { theta: theta.slice(0, group.length), covariances }
  }
  const ratings = ratingsOf({ names, meetings, ballots, position, voters }, strengths, 'by difference')
  return { ...ratings, effects }
}

function styledStrengths(group: readonly number[], names: readonly string[], comparisons: readonly StyledVotes[]) {
  const places = new Map(group.map((number, place) => [names[number] ?? '', place]))
  const mine = comparisons.filter(({ models }) => places.has(models[0] ?? ''))
  const scale = scaleOf(mine)
  const choices = mine.map((votes): Credited => {
    const drawn = (votes.ties + votes.bothBad) / votes.models.length
    return {
      ballots: { models: votes.models.map(name => places.get(name) ?? 0), styles: regressors(votes, scale) },
      credit: votes.wins.map(wins => wins + drawn),
      votes: countOf(votes),
    }
  })
  const size = group.length + styleFeatures.length
  const penalty = new Float64Array(size).fill(ridge)
  penalty.fill(ridge / Math.LN10 ** 2, 0, group.length)
  const model: ChoiceModel = { rated: group.length, size, choices, penalty }
  const theta = mostLikely(model)
  const clusters = choices.map(choice => ({ times: 1, votes: [choice] }))
  return { theta, covariances: clusteredVotes(model, theta, [scatterOf(model, theta, clusters)]), size }
}

type Scale = Record<StyleFeature, { mean: number; deviation: number }>

/** Mean and standard deviation over votes of each feature's difference, first label less second and so on. */
function scaleOf(comparisons: readonly StyledVotes[]): Scale {
  const scaleFor = (feature: StyleFeature) => {
    let weight = 0
    let sum = 0
    let squares = 0
    for (const votes of comparisons) {
      const shares = sharesOf(votes, feature)
      shares.forEach((share, at) => {
        for (const other of shares.slice(at + 1)) {
          weight += countOf(votes)
          sum += countOf(votes) * (share - other)
          squares += countOf(votes) * (share - other) ** 2
        }
      })
    }
    const mean = weight === 0 ? 0 : sum / weight
    return { mean, deviation: weight === 0 ? 0 : Math.sqrt(Math.max(0, squares / weight - mean ** 2)) }
  }
  return {
    tokens: scaleFor('tokens'),
    headers: scaleFor('headers'),
    listItems: scaleFor('listItems'),
    bold: scaleFor('bold'),
  }
}

/** By answer, then by feature. For two answers the first carries the whole z-scored difference. */
function regressors(votes: StyledVotes, scale: Scale): number[][] {
  const columns = styleFeatures.map(feature => {
    const { mean, deviation } = scale[feature]
    // Shares that never differ leave only rounding behind.
    if (deviation < 1e-9) return votes.models.map(() => 0)
    const shares = sharesOf(votes, feature)
    const [first = 0, second = 0] = shares
    if (shares.length === 2) return [(first - second - mean) / deviation, 0]
    return shares.map(share => share / deviation)
  })
  return votes.models.map((_, at) => columns.map(column => column[at] ?? 0))
}

function sharesOf({ models, styles }: StyledVotes, feature: StyleFeature): number[] {
  const counts = models.map((_, at) => styles[at]?.[feature] ?? 0)
  const total = counts.reduce((sum, count) => sum + count, 1)
  return counts.map(count => count / total)
}

function matches(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0
}
