/** Numbers, money and times as people read them, by `Intl`, in the language of the text they stand in. */
import type { Currency, Price } from '../model.ts'
import type { Text } from './index.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

/** `micros`: millionths of `currency`. Unknown and free are words, never `0`. */
export function formatMoney(micros: number | null, currency: Currency | null, text: Text): string {
  if (micros === null || currency === null) return text.results.unknown
  if (micros === 0) return text.results.free
  return amount(micros / 1_000_000, currency, text)
}

/** Units of currency per million tokens, in and out: `$2.50 / $10.00`. */
export function formatPrice(price: Price | null, text: Text): string {
  if (price === null) return text.results.unknown
  if (price.input === 0 && price.output === 0) return text.results.free
  return `${amount(price.input, price.currency, text)} / ${amount(price.output, price.currency, text)}`
}

/** `840 ms`, `4.2 s`, `2 min 5 s`. */
export function formatDuration(ms: number | null, text: Text, display: 'short' | 'narrow' = 'short'): string {
  if (ms === null) return text.results.unknown
  if (ms < 1000) return unit(Math.round(ms), 'millisecond', text, display)
  // What rounds to 60.0 s is a minute.
  if (ms < minuteMs - 50) return unit(Math.round(ms / 100) / 10, 'second', text, display)
  const seconds = Math.round(ms / 1000)
  return `${unit(Math.floor(seconds / 60), 'minute', text, display)} ${unit(seconds % 60, 'second', text, display)}`
}

/** A count such as tokens, with the language's grouping. */
export function formatCount(count: number | null, text: Text): string {
  return count === null ? text.results.unknown : new Intl.NumberFormat(text.locale).format(count)
}

/** A context window, short: `262K`. */
export function formatContext(tokens: number | null, text: Text): string {
  if (tokens === null) return text.results.unknown
  return new Intl.NumberFormat(text.locale, { notation: 'compact', maximumFractionDigits: 1 }).format(tokens)
}

/** A calendar day given as YYYY-MM-DD. */
export function formatDay(day: string, text: Text): string {
  const date = new Date(`${day}T00:00:00Z`)
  return new Intl.DateTimeFormat(text.locale, { dateStyle: 'medium', timeZone: 'UTC' }).format(date)
}

/** A day, in UTC. */
export function formatDate(date: Date, text: Text): string {
  return formatDay(date.toISOString().slice(0, 10), text)
}

/** Points of a rating, or between two: whole, and with a minus that is as wide as a plus. */
export function formatPoints(points: number, text: Text): string {
  const whole = new Intl.NumberFormat(text.locale, {
    maximumFractionDigits: 0,
    useGrouping: false,
    signDisplay: 'negative',
  })
  return whole.format(points).replace('-', '−')
}

/** A share in 0…1: `61.3 %`. */
export function formatShare(share: number, text: Text, digits = 1): string {
  return `${new Intl.NumberFormat(text.locale, { maximumFractionDigits: digits }).format(100 * share)}\u00a0%`
}

/** The time of day; with the date as well where that is another day than `now`. */
export function formatMoment(date: Date, now: Date, text: Text, timeZone: string): string {
  const day = new Intl.DateTimeFormat('en-CA', { timeZone })
  const style: Intl.DateTimeFormatOptions =
    day.format(date) === day.format(now) ? { timeStyle: 'short' } : { dateStyle: 'medium', timeStyle: 'short' }
  return new Intl.DateTimeFormat(text.locale, { ...style, timeZone }).format(date)
}

/** To the second, for waits that people watch. */
export function formatClock(date: Date, text: Text, timeZone: string): string {
  return new Intl.DateTimeFormat(text.locale, { timeStyle: 'medium', timeZone }).format(date)
}

/** `in 24 hours`, `5 minutes ago`. */
export function formatRelative(date: Date, now: Date, text: Text): string {
  const ms = date.getTime() - now.getTime()
  const away = Math.abs(ms)
  const format = new Intl.RelativeTimeFormat(text.locale, { numeric: 'always' })
  if (away >= 2 * dayMs) return format.format(Math.round(ms / dayMs), 'day')
  if (away >= 1.5 * hourMs) return format.format(Math.round(ms / hourMs), 'hour')
  if (away >= minuteMs) return format.format(Math.round(ms / minuteMs), 'minute')
  return format.format(Math.round(ms / 1000), 'second')
}

/** Cents from one unit on; below that two digits that say something. */
function amount(value: number, currency: Currency, text: Text): string {
  const digits: Intl.NumberFormatOptions =
    value >= 1 ? { minimumFractionDigits: 2, maximumFractionDigits: 2 } : { maximumSignificantDigits: 2 }
  const formatted = new Intl.NumberFormat(text.locale, { style: 'currency', currency, ...digits })
  return formatted.format(value)
}

function unit(
  value: number,
  name: 'millisecond' | 'second' | 'minute',
  text: Text,
  unitDisplay: 'short' | 'narrow',
): string {
  return new Intl.NumberFormat(text.locale, { style: 'unit', unit: name, unitDisplay }).format(value)
}
