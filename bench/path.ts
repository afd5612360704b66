/** How fast comparisons go through the whole path, against the parts it is made of. */
import { askers, bareJobs, bareRequests, bareRows, type Contender, wholePath } from './contenders.ts'
import { jobsOnPostgres, jobsOnRedis } from './jobs.ts'
import { median, type Report, type Row, rounded } from './report.ts'
import type { Services } from './services.ts'

const rounds = 5
/** In one measurement. */
const comparisons = 200
const warmUp = 50

type Measured = { perSecond: number; cpuMs: number }

export async function measurePath(services: Services): Promise<Report> {
  await using stack = new AsyncDisposableStack()
  const redis = {
    jobs: stack.use(bareJobs('bare jobs, Redis', await jobsOnRedis(await services.redis()))),
    whole: stack.use(await wholePath('whole path, Redis', services, await services.redis())),
  }
  const postgres = {
    jobs: stack.use(bareJobs('bare jobs, PostgreSQL', await jobsOnPostgres(await services.database()))),
    whole: stack.use(await wholePath('whole path, PostgreSQL', services, undefined)),
  }
  const rows = stack.use(await bareRows(await services.database()))
  const requests = bareRequests(services.provider.url)

  const results = await inTurns([redis.jobs, redis.whole, postgres.jobs, postgres.whole, rows, requests])
  const overParts = ({ jobs, whole }: typeof redis) =>
    results.msEach(whole) / (results.msEach(jobs) + results.msEach(rows) + results.msEach(requests))
  const figures = {
    ...figuresOf('redis', redis),
    ...figuresOf('postgres', postgres),
    rowsPerSecond: results.perSecond(rows),
    requestsPerSecond: results.perSecond(requests),
    redisTransactionsEach: await redis.whole.transactions(comparisons),
    postgresTransactionsEach: await postgres.whole.transactions(comparisons),
  }
  function figuresOf(name: string, pair: typeof redis) {
    return {
      [`${name}JobsPerSecond`]: results.perSecond(pair.jobs),
      [`${name}WholePerSecond`]: results.perSecond(pair.whole),
      [`${name}WholeOfJobsRatio`]: results.ratio(pair.whole, pair.jobs),
      [`${name}WholeOverPartsRatio`]: overParts(pair),
    }
  }
  return {
    tables: [
      {
        title: `Whole path: ${comparisons} comparisons of 2 contestants, ${askers} askers at once, an instant provider`,
        columns: ['comparisons/s', 'ms each', 'our CPU ms', 'of bare jobs'],
        rows: [
          results.row(redis.jobs),
          results.row(redis.whole, redis.jobs),
          results.row(postgres.jobs),
          results.row(postgres.whole, postgres.jobs),
          results.row(rows),
          results.row(requests),
        ],
        meaning:
          `A comparison takes ${rounded(overParts(redis), 1)} times (Redis) and ${rounded(overParts(postgres), 1)} times ` +
          '(PostgreSQL) as long as its bare jobs, its least rows and its bare provider requests together, in ' +
          `${rounded(figures.redisTransactionsEach)} and ${rounded(figures.postgresTransactionsEach)} database transactions.`,
      },
    ],
    figures,
  }
}

/** Measures all of them in each round, and begins each round with the next one, so that none always follows the same. */
async function inTurns(contenders: readonly Contender[]): Promise<Results> {
  const measured = new Map<Contender, Measured[]>(contenders.map(contender => [contender, []]))
  for (const contender of contenders) await contender.run(warmUp)
  for (let round = 0; round < rounds; round++) {
    for (const contender of [...contenders.slice(round), ...contenders.slice(0, round)]) {
      measured.get(contender)?.push(await measure(contender))
    }
  }
  return new Results(measured)
}

async function measure(contender: Contender): Promise<Measured> {
  const cpu = process.cpuUsage()
  const startedAt = performance.now()
  await contender.run(comparisons)
  const tookMs = performance.now() - startedAt
  const { user, system } = process.cpuUsage(cpu)
  return { perSecond: (comparisons / tookMs) * 1000, cpuMs: (user + system) / 1000 / comparisons }
}

/** Medians over the rounds. */
class Results {
  readonly #measured: ReadonlyMap<Contender, readonly Measured[]>

  constructor(measured: ReadonlyMap<Contender, readonly Measured[]>) {
    this.#measured = measured
  }

  perSecond(contender: Contender): number {
    return median(this.#of(contender).map(({ perSecond }) => perSecond))
  }

  msEach(contender: Contender): number {
    return 1000 / this.perSecond(contender)
  }

  /** Each round's own ratio, so that what slows a round down slows both sides. */
  ratio(contender: Contender, base: Contender): number {
    const bases = this.#of(base)
    return median(
      this.#of(contender).map(({ perSecond }, round) => perSecond / (bases[round]?.perSecond ?? Number.NaN)),
    )
  }

  row(contender: Contender, base?: Contender): Row {
    const cpuMs = median(this.#of(contender).map(measured => measured.cpuMs))
    return {
      name: contender.name,
      cells: [
        rounded(this.perSecond(contender)),
        rounded(this.msEach(contender), 1),
        rounded(cpuMs, 1),
        base ? rounded(this.ratio(contender, base), 3) : '',
      ],
    }
  }

  #of(contender: Contender): readonly Measured[] {
    return this.#measured.get(contender) ?? []
  }
}
