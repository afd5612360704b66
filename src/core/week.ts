/** Weeks and times of day where people live, by `Intl`, which knows when their clocks change. */

/** Monday is 1, as ISO 8601 has it. */
export const weekdays = [1, 2, 3, 4, 5, 6, 7] as const

export type Weekday = (typeof weekdays)[number]

/** A moment that comes back every week. `minuteOfDay` by the clocks of the time zone, an IANA name. */
export type Schedule = { weekday: Weekday; minuteOfDay: number; timeZone: string }

/** An ISO week, such as `2026-W48`, from Monday 0:00 in its time zone to the next one. */
export type Week = { id: string; start: Date; end: Date; timeZone: string }

const minuteMs = 60_000
const dayMs = 86_400_000

/** True for an IANA name that this runtime knows. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    // Offsets such as `+01:00` would do for `Intl`, and never change their clocks.
    return /^[A-Za-z]/.test(name)
  } catch {
    return false
  }
}

/** The week that holds a moment. */
export function weekOf(at: Date, timeZone: string): Week {
  return weekFrom(mondayOf(dayIn(at, timeZone)), timeZone)
}

/** The week of such an id; undefined for anything else. */
export function weekNamed(id: string, timeZone: string): Week | undefined {
  const [, year, number] = /^(\d{4})-W(\d{2})$/.exec(id) ?? []
  if (year === undefined || number === undefined) return undefined
  // 4 January is in week 1, always.
  const first = mondayOf(Math.floor(Date.UTC(Number(year), 0, 4) / dayMs))
  const week = weekFrom(first + 7 * (Number(number) - 1), timeZone)
  return week.id === id ? week : undefined
}

/** The week that a summary posted at this moment is about: the one that most of the seven days before lie in. */
export function weekToSummarise(at: Date, timeZone: string): Week {
  return weekOf(new Date(at.getTime() - 3.5 * dayMs), timeZone)
}

/** The last time the schedule came, `now` included. */
export function lastTime({ weekday, minuteOfDay, timeZone }: Schedule, now: Date): Date {
  const day = mondayOf(dayIn(now, timeZone)) + weekday - 1
  const inThisWeek = instantOf(day, minuteOfDay, timeZone)
  return inThisWeek <= now ? inThisWeek : instantOf(day - 7, minuteOfDay, timeZone)
}

/** The next time it comes, after `now`. */
export function nextTime({ weekday, minuteOfDay, timeZone }: Schedule, now: Date): Date {
  const day = mondayOf(dayIn(now, timeZone)) + weekday - 1
  const inThisWeek = instantOf(day, minuteOfDay, timeZone)
  return inThisWeek > now ? inThisWeek : instantOf(day + 7, minuteOfDay, timeZone)
}

export function isSameDay(a: Date, b: Date, timeZone: string): boolean {
  return dayIn(a, timeZone) === dayIn(b, timeZone)
}

/** The same time of day so many days before, whatever the clocks did in between. */
export function daysBefore(at: Date, days: number, timeZone: string): Date {
  const local = at.getTime() + offsetMs(at, timeZone)
  const day = Math.floor(local / dayMs)
  const rest = local - day * dayMs
  const minute = Math.floor(rest / minuteMs)
  return new Date(instantOf(day - days, minute, timeZone).getTime() + (rest - minute * minuteMs))
}

/** Days are numbers here, counted from 1 January 1970, a Thursday. */
function dayIn(at: Date, timeZone: string): number {
  return Math.floor((at.getTime() + offsetMs(at, timeZone)) / dayMs)
}

function mondayOf(day: number): number {
  return day - ((((day + 3) % 7) + 7) % 7)
}

function weekFrom(monday: number, timeZone: string): Week {
  // The week belongs to the year that its Thursday is in.
  const thursday = new Date((monday + 3) * dayMs)
  const year = thursday.getUTCFullYear()
  const number = 1 + Math.floor((thursday.getTime() - Date.UTC(year, 0, 1)) / (7 * dayMs))
  return {
    id: `${year}-W${String(number).padStart(2, '0')}`,
    start: instantOf(monday, 0, timeZone),
    end: instantOf(monday + 7, 0, timeZone),
    timeZone,
  }
}

/**
 * When clocks there show this. A time that comes twice is the first of both; one that is left out is so much later as the
 * clocks jump, as if they had not.
 */
function instantOf(day: number, minuteOfDay: number, timeZone: string): Date {
  const local = day * dayMs + minuteOfDay * minuteMs
  // Clocks change once in two days at most: one of these offsets is right.
  const [before, after] = [local - dayMs, local + dayMs].map(near => local - offsetMs(new Date(near), timeZone))
  const fitting = [before, after].filter(
    (at): at is number => at !== undefined && at + offsetMs(new Date(at), timeZone) === local,
  )
  return new Date(fitting.length > 0 ? Math.min(...fitting) : (before ?? local))
}

/** Of the clocks there, ahead of UTC. */
function offsetMs(at: Date, timeZone: string): number {
  const parts = Object.fromEntries(
    formatterFor(timeZone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  )
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts
  const shown = Date.UTC(year, month - 1, day, hour, minute, second)
  return shown - Math.floor(at.getTime() / 1000) * 1000
}

const formatters = new Map<string, Intl.DateTimeFormat>()

function formatterFor(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone)
  if (known) return known
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  formatters.set(timeZone, made)
  return made
}
