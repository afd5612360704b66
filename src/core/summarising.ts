/**
 * When a summary is counted and posted. A schedule only wakes; the ledger of weeks (`migrations/0005_summary.sql`) decides,
 * so that two processes, a retry or a crash between two steps end the same.
 *
 *     its time comes ──▶ the week is counted and put on the ledger as due ──▶ posted, once ──▶ posted
 */
import { asFaceoffError, FaceoffError } from './errors.ts'
import { namesById } from './model-names.ts'
import type { Parts, Person, SummaryPlan, SummaryRow } from './ports.ts'
import { chatFor } from './showing.ts'
import {
  isQuiet,
  type PostedSummary,
  type Summary,
  type SummarySettings,
  summaryOf,
  type WeekSummary,
} from './summary.ts'
import { daysBefore, isSameDay, isTimeZone, lastTime, nextTime, type Week, weekOf, weekToSummarise } from './week.ts'

/** Settings as they stand, and what follows from them. */
export type SummarySetup = {
  settings: SummarySettings
  /** Where the next one goes; null: nowhere yet. */
  channel: string | null
  /** When; null while summaries are off. */
  next: Date | null
}

/** `already`: this week's summary was posted before. */
export type PostOutcome = { outcome: 'posted' | 'already'; id: string; week: Week; channel: string; next: Date | null }

/** A week on the ledger whose votes were counted. */
export type CountedRow = SummaryRow & { numbers: Summary }

/** A week on the ledger: as it was posted, as its votes are counted now, and the earlier weeks that nobody could post. */
export type SummaryPage = { row: CountedRow; now: Summary; missed: string[] }

export type Summaries = {
  /** The week so far, with prompts from this channel only: the asker may not read the others. */
  soFar(workspaceId: string, channel: string): Promise<WeekSummary>
  /**
   * Posts the week so far, unless it was posted; first the last one, if the platform would not have that. Throws
   * `admins_only`, `summary_without_channel`, and what a platform throws.
   */
  post(workspaceId: string, person: Person): Promise<PostOutcome>
  /** For a form: nothing that takes longer to find out. */
  settings(workspaceId: string): Promise<SummarySettings>
  setup(workspaceId: string): Promise<SummarySetup>
  /** Throws `admins_only` or `time_zone_unknown`. */
  change(workspaceId: string, person: Person, settings: SummarySettings): Promise<SummarySetup>
  /** What was posted, the newest weeks first; of a workspace, or of all. */
  list(where: { workspaceId?: string; limit: number }): Promise<SummaryRow[]>
  /** As it was posted. Undefined where there is no such summary, or nothing was counted. */
  find(id: string): Promise<CountedRow | undefined>
  /** With a new count beside it. Undefined as with `find`. */
  page(id: string): Promise<SummaryPage | undefined>
  /** Posts what is due: in one workspace, or in all of them. */
  catchUp(workspaceId?: string): Promise<void>
}

type Wish = { workspaceId: string; week: Week; asOf: Date; ratedAt?: Date; channel: string | null }

/** Weeks without a comparison after which a team that has set nothing is left in peace. */
const weeksOfSilence = 4

/** Weeks in which a channel is looked for when somebody asks for a summary. */
const weeksOfMemory = 520

/** Weeks in which somebody looks for what was missed. */
const weeksBack = 8

export function createSummaries(parts: Parts): Summaries {
  const { store, clock, log, newId } = parts
  /** What this process has told the queue, by workspace. */
  const scheduled = new Map<string, string>()
  /** The newest week that is on the ledger for good, by workspace: nothing to look for. */
  const settled = new Map<string, string>()

  async function planOf(workspaceId: string): Promise<SummaryPlan> {
    const [plan] = await store.summaries.plans({ workspaceId })
    if (plan === undefined) throw new FaceoffError({ code: 'internal' }, { message: 'no such workspace' })
    return plan
  }

  async function settingsOf({ workspaceId, settings }: SummaryPlan): Promise<SummarySettings> {
    if (settings !== null) {
      const { changedAt: _, changedBy: __, ...own } = settings
      return own
    }
    const newest = await store.summaries.newest(workspaceId, null)
    return {
      ...parts.summarySchedule,
      enabled: true,
      channel: null,
      locale: newest?.locale ?? 'en',
      quietWeeks: 'post',
    }
  }

  /** `weeks`: of how many it is the busiest, where none was chosen. */
  async function channelOf(
    workspaceId: string,
    { channel }: SummarySettings,
    at: Date,
    weeks = weeksOfSilence,
  ): Promise<string | null> {
    const since = new Date(at.getTime() - weeks * 7 * 86_400_000)
    return channel ?? (await store.summaries.busiestChannel(workspaceId, { since, until: at })) ?? null
  }

  /** `ratedAt`: whose ratings; `asOf`: up to when ballots had to be closed for their votes to be counted. */
  async function numbersOf({ workspaceId, week, asOf, ratedAt = asOf, channel }: Wish): Promise<Summary> {
    const [facts, rated, ratedBefore] = await Promise.all([
      store.summaries.facts({ workspaceId, week, asOf, channel }),
      store.tallies.before(workspaceId, ratedAt),
      store.tallies.before(workspaceId, daysBefore(ratedAt, 7, week.timeZone)),
    ])
    return summaryOf(facts, rated, ratedBefore, namesById(parts.catalogue))
  }

  /** Puts the week on the ledger whose time has come, if it is not there. */
  async function openWeek(plan: SummaryPlan): Promise<void> {
    const { workspaceId } = plan
    const settings = await settingsOf(plan)
    // No post waits for a queue that is away.
    void schedule(workspaceId, settings)
    if (!settings.enabled) return
    const now = clock.now()
    const time = lastTime(settings, now)
    if (time < promisedSince(plan)) return
    const week = weekToSummarise(time, settings.timeZone)
    if ((settled.get(workspaceId) ?? '') >= week.id) return
    const known = await store.summaries.find({ workspaceId, week: week.id })
    if (known === undefined || wasTriedBefore(known, time)) await openAt(plan, settings, week, time)
    else if (known.status !== 'due') settled.set(workspaceId, week.id)
  }

  async function openAt(plan: SummaryPlan, settings: SummarySettings, week: Week, time: Date): Promise<void> {
    const { workspaceId } = plan
    // As it was then: a team that breaks its silence after the time was owed nothing.
    const channel = await channelOf(workspaceId, settings, time)
    if (channel === null) return
    await openMissed(plan, settings, time)
    const row = { id: newId(), workspaceId, week, locale: settings.locale, asOf: time, channel }
    if (!isSameDay(time, clock.now(), settings.timeZone)) {
      // Nobody waited for a first one, such as after an update that brought summaries.
      if ((await store.summaries.list({ workspaceId, limit: 1 })).length === 0) return
      await store.summaries.open({ ...row, status: 'missed', numbers: null }, true)
      log.warn({ workspaceId, week: week.id }, 'nobody was up on the day of this summary')
      return
    }
    const numbers = await numbersOf({ workspaceId, week, asOf: time, channel })
    const status = isQuiet(numbers) && settings.quietWeeks === 'skip' ? 'skipped' : 'due'
    await store.summaries.open({ ...row, status, numbers }, true)
  }

  /** Times before this one that nobody was up for, back to the newest week on the ledger: the next post names them. */
  async function openMissed(plan: SummaryPlan, settings: SummarySettings, until: Date): Promise<void> {
    const { workspaceId } = plan
    const [newest] = await store.summaries.list({ workspaceId, limit: 1 })
    if (newest === undefined) return
    let time = until
    for (let weeks = 1; weeks < weeksBack; weeks++) {
      time = lastTime(settings, new Date(time.getTime() - 1))
      // Before it was set so, it may have been off.
      if (time < promisedSince(plan)) return
      const week = weekToSummarise(time, settings.timeZone)
      if (week.id <= newest.week.id) return
      const channel = await channelOf(workspaceId, settings, time)
      // Nothing was owed to a team that was silent.
      if (channel === null) return
      const row = { id: newId(), workspaceId, week, locale: settings.locale, asOf: time, channel }
      await store.summaries.open({ ...row, status: 'missed', numbers: null }, false)
    }
  }

  /** Posts what is on the ledger as due; throws what the platform throws. */
  async function postDue(row: SummaryRow, plan: SummaryPlan): Promise<void> {
    const { id, workspaceId, week, numbers, channel } = row
    if (numbers === null || channel === null) return
    if (!isSameDay(row.asOf, clock.now(), week.timeZone) && !(await isPosted(id))) {
      await store.summaries.settle(id, 'missed')
      log.warn({ workspaceId, week: week.id }, 'the day of this summary was over before it could be posted')
      return
    }
    const posted: PostedSummary = {
      id,
      workspaceId,
      platform: row.platform,
      externalId: plan.externalId,
      channel,
      place: await placeOf(workspaceId, channel),
      locale: row.locale,
      week,
      asOf: row.asOf,
      numbers,
      missed: await missedBefore(row),
    }
    await chatFor(parts, row.platform).postSummary(posted)
    if (await store.summaries.settle(id, 'posted')) log.info({ workspaceId, week: week.id }, 'summary posted')
  }

  /** The week whose time came last, where the platform would not have it. */
  async function refusedWeek(workspaceId: string, settings: SummarySettings): Promise<Week | undefined> {
    const week = weekToSummarise(lastTime(settings, clock.now()), settings.timeZone)
    const known = await store.summaries.find({ workspaceId, week: week.id })
    return known?.status === 'refused' ? week : undefined
  }

  async function isPosted(id: string): Promise<boolean> {
    return (await store.summaryPosts.of(id)).has('post')
  }

  async function placeOf(workspaceId: string, channel: string): Promise<string | null> {
    const newest =
      (await store.summaries.newest(workspaceId, channel)) ?? (await store.summaries.newest(workspaceId, null))
    return newest?.place ?? null
  }

  /** The weeks without a post since the last one that had its own, or was to have none. */
  async function missedBefore({ workspaceId, week }: SummaryRow): Promise<string[]> {
    const earlier = await store.summaries.list({ workspaceId, before: week.id, limit: weeksBack })
    const end = earlier.findIndex(({ status }) => status === 'posted' || status === 'skipped')
    return (end === -1 ? earlier : earlier.slice(0, end)).map(row => row.week.id).reverse()
  }

  /**
   * Tells whoever set it, or else whoever leads the workspace, what is wrong, and where; and only then is it over. While the
   * platform does not answer, it stays due, and the next sweep tells.
   */
  async function refused(row: SummaryRow, plan: SummaryPlan, error: FaceoffError): Promise<void> {
    const { id, channel, locale, workspaceId } = row
    if (channel === null) return
    const notice = { id, externalId: plan.externalId, channel, locale, error, to: plan.settings?.changedBy ?? null }
    try {
      const place = await placeOf(workspaceId, channel)
      await chatFor(parts, row.platform).tellAdmins({ ...notice, place })
    } catch (thrown) {
      log.warn({ err: thrown, workspaceId }, 'admins not told')
      if (asFaceoffError(thrown).kind === 'retryable') return
    }
    await store.summaries.settle(id, 'refused')
  }

  /** Never throws. */
  async function schedule(workspaceId: string, settings: SummarySettings): Promise<void> {
    const { enabled, weekday, minuteOfDay, timeZone } = settings
    const wanted = enabled ? { weekday, minuteOfDay, timeZone } : null
    const key = JSON.stringify(wanted)
    if (scheduled.get(workspaceId) === key) return
    try {
      await parts.queue.schedule(workspaceId, wanted)
      scheduled.set(workspaceId, key)
    } catch (error) {
      // The sweep comes by as well, at most half a minute later than the schedule would have.
      log.warn({ err: error, workspaceId }, 'schedule not set, left to the next sweep')
    }
  }

  async function setupOf(plan: SummaryPlan): Promise<SummarySetup> {
    const settings = await settingsOf(plan)
    return {
      settings,
      channel: await channelOf(plan.workspaceId, settings, clock.now()),
      next: await nextOf(plan.workspaceId, settings),
    }
  }

  /** The next time that brings a post: none comes for a week that has its own already. */
  async function nextOf(workspaceId: string, settings: SummarySettings): Promise<Date | null> {
    if (!settings.enabled) return null
    const next = nextTime(settings, clock.now())
    const week = weekToSummarise(next, settings.timeZone)
    const known = await store.summaries.find({ workspaceId, week: week.id })
    return known?.status === 'posted' ? nextTime(settings, next) : next
  }

  async function find(id: string): Promise<CountedRow | undefined> {
    const row = await store.summaries.find({ id })
    return row === undefined || row.numbers === null ? undefined : { ...row, numbers: row.numbers }
  }

  async function catchUp(workspaceId?: string): Promise<void> {
    const platforms = parts.chats.map(({ platform }) => platform)
    const plans = await store.summaries.plans(workspaceId === undefined ? { platforms } : { workspaceId })
    for (const plan of plans) {
      await openWeek(plan).catch(error => {
        log.error({ err: error, workspaceId: plan.workspaceId }, 'summary not counted, left to the next sweep')
      })
    }
    const byId = new Map(plans.map(plan => [plan.workspaceId, plan]))
    const where = workspaceId === undefined ? {} : { workspaceId }
    for (const row of await store.summaries.list({ ...where, status: 'due', limit: 1_000 })) {
      const plan = byId.get(row.workspaceId)
      if (plan === undefined || !platforms.includes(row.platform)) continue
      await postDue(row, plan).catch(async thrown => {
        const error = asFaceoffError(thrown)
        log.warn({ err: error, workspaceId: row.workspaceId, week: row.week.id }, 'summary not posted')
        if (error.kind === 'permanent') await refused(row, plan, error)
      })
    }
  }

  return {
    soFar: async (workspaceId, channel) => {
      const settings = await settingsOf(await planOf(workspaceId))
      const asOf = clock.now()
      const week = weekOf(asOf, settings.timeZone)
      const numbers = await numbersOf({ workspaceId, week, asOf, channel })
      return { workspaceId, week, asOf, numbers, missed: [] }
    },

    post: async (workspaceId, person) => {
      mustBeAdmin(person)
      const plan = await planOf(workspaceId)
      const settings = await settingsOf(plan)
      // Whoever asks for it gets it, however long nothing was compared.
      const channel = await channelOf(workspaceId, settings, clock.now(), weeksOfMemory)
      if (channel === null) throw new FaceoffError({ code: 'summary_without_channel' })
      const asOf = clock.now()
      const week = (await refusedWeek(workspaceId, settings)) ?? weekOf(asOf, settings.timeZone)
      const known = await store.summaries.find({ workspaceId, week: week.id })
      if (known?.status === 'posted') {
        const next = await nextOf(workspaceId, settings)
        return { outcome: 'already', id: known.id, week, channel: known.channel ?? channel, next }
      }
      const numbers = await numbersOf({ workspaceId, week, asOf, channel })
      const row = await store.summaries.open(
        { id: newId(), workspaceId, week, locale: settings.locale, asOf, channel, status: 'due', numbers },
        true,
      )
      await postDue(row, plan).catch(async thrown => {
        // Whoever asked hears of it: nobody else needs to be told.
        if (asFaceoffError(thrown).kind === 'permanent') await store.summaries.settle(row.id, 'refused')
        throw thrown
      })
      return {
        outcome: row.asOf.getTime() === asOf.getTime() ? 'posted' : 'already',
        id: row.id,
        week,
        channel: row.channel ?? channel,
        next: await nextOf(workspaceId, settings),
      }
    },

    settings: async workspaceId => settingsOf(await planOf(workspaceId)),

    setup: async workspaceId => setupOf(await planOf(workspaceId)),

    change: async (workspaceId, person, settings) => {
      mustBeAdmin(person)
      if (!isTimeZone(settings.timeZone)) {
        throw new FaceoffError({ code: 'time_zone_unknown', timeZone: settings.timeZone })
      }
      await store.summaries.changeSettings(workspaceId, settings, { personId: person.id, at: clock.now() })
      // Whoever fills in a form waits for an answer, and a queue that is away takes its time: the sweep comes by as well.
      void schedule(workspaceId, settings)
      return setupOf(await planOf(workspaceId))
    },

    list: where => store.summaries.list({ ...where, status: 'posted' }),

    find,

    page: async id => {
      const row = await find(id)
      if (row === undefined) return undefined
      const { workspaceId, week, asOf, channel } = row
      const [now, missed] = await Promise.all([
        numbersOf({ workspaceId, week, asOf: clock.now(), ratedAt: asOf, channel }),
        missedBefore(row),
      ])
      return { row, now, missed }
    },

    catchUp,
  }
}

/** Nobody was promised what was set, or began, after its time. */
function promisedSince({ settings, createdAt }: SummaryPlan): Date {
  return settings?.changedAt ?? createdAt
}

/** Somebody asked for it by hand before its time, and it could not be posted: that is no reason not to post it now. */
function wasTriedBefore({ status, asOf }: SummaryRow, time: Date): boolean {
  return status !== 'due' && status !== 'posted' && asOf < time
}

function mustBeAdmin(person: Person): void {
  if (!person.admin) throw new FaceoffError({ code: 'admins_only' })
}
