import { describe, expect, test } from 'vitest'
import type { Price } from '../../src/core/model.ts'
import {
  formatClock,
  formatContext,
  formatCount,
  formatDay,
  formatDuration,
  formatMoment,
  formatMoney,
  formatPrice,
  formatRelative,
} from '../../src/core/text/format.ts'
import { textFor } from '../../src/core/text/index.ts'

const en = textFor('en')
const de = textFor('de')

/** Intl separates by spaces that do not break, and that differ between its versions. */
function plain(text: string): string {
  return text.replace(/[\u00a0\u202f]/g, ' ')
}

describe('money', () => {
  test.each([
    [1_234_500, 'USD', '$1.23', '1,23 $'],
    [4_200, 'USD', '$0.0042', '0,0042 $'],
    [12, 'CNY', 'CN¥0.000012', '0,000012 CN¥'],
    [12_000_000, 'CNY', 'CN¥12.00', '12,00 CN¥'],
  ] as const)('%i millionths of %s', (micros, currency, english, german) => {
    expect(plain(formatMoney(micros, currency, en))).toBe(english)
    expect(plain(formatMoney(micros, currency, de))).toBe(german)
  })

  test('what is unknown is not free, and what is free is not 0', () => {
    expect(formatMoney(null, 'USD', en)).toBe('unknown')
    expect(formatMoney(5, null, de)).toBe('unbekannt')
    expect(formatMoney(0, 'USD', en)).toBe('free')
    expect(formatMoney(0, 'USD', de)).toBe('kostenlos')
  })
})

describe('a price', () => {
  const price: Price = { input: 2.5, output: 10, currency: 'USD', asOf: '2026-11-10', source: 'a page' }

  test('is shown for what goes in and what comes out', () => {
    expect(plain(formatPrice(price, en))).toBe('$2.50 / $10.00')
    expect(plain(formatPrice({ ...price, input: 0.05 }, de))).toBe('0,05 $ / 10,00 $')
  })

  test('may be unknown, or nothing', () => {
    expect(formatPrice(null, en)).toBe('unknown')
    expect(formatPrice({ ...price, input: 0, output: 0 }, de)).toBe('kostenlos')
  })
})

test.each([
  [0, '0 ms', '0 ms'],
  [840, '840 ms', '840 ms'],
  [4_240, '4.2 sec', '4,2 Sek.'],
  [125_000, '2 min 5 sec', '2 Min. 5 Sek.'],
  [null, 'unknown', 'unbekannt'],
])('%s milliseconds', (ms, english, german) => {
  expect(plain(formatDuration(ms, en))).toBe(english)
  expect(plain(formatDuration(ms, de))).toBe(german)
})

test('59.96 seconds are not sixty seconds', () => {
  expect(plain(formatDuration(59_960, en))).toBe('1 min 0 sec')
})

test('counts are grouped, context windows are short', () => {
  expect(formatCount(12_345, en)).toBe('12,345')
  expect(formatCount(12_345, de)).toBe('12.345')
  expect(formatCount(null, en)).toBe('unknown')
  expect(formatContext(262_144, en)).toBe('262.1K')
  expect(formatContext(null, de)).toBe('unbekannt')
})

describe('times', () => {
  const now = new Date('2026-11-23T22:30:00Z')

  test('of the same day have no date, in the reader’s zone', () => {
    const earlier = new Date('2026-11-23T20:15:00Z')

    expect(plain(formatMoment(earlier, now, en, 'UTC'))).toBe('8:15 PM')
    expect(plain(formatMoment(earlier, now, de, 'Europe/Berlin'))).toBe('21:15')
  })

  test('of another day have it, and which day it is depends on the zone', () => {
    const before = new Date('2026-11-22T23:30:00Z')

    expect(plain(formatMoment(before, now, de, 'UTC'))).toBe('22.11.2026, 23:30')
    expect(plain(formatMoment(before, now, de, 'Europe/Berlin'))).toBe('00:30')
  })

  test('to wait for are told to the second', () => {
    expect(plain(formatClock(now, de, 'UTC'))).toBe('22:30:00')
    expect(plain(formatClock(now, en, 'UTC'))).toBe('10:30:00 PM')
  })

  test.each([
    [86_400_000, 'in 24 hours', 'in 24 Stunden'],
    [3 * 86_400_000, 'in 3 days', 'in 3 Tagen'],
    [-5 * 60_000, '5 minutes ago', 'vor 5 Minuten'],
    [12_000, 'in 12 seconds', 'in 12 Sekunden'],
  ])('%i ms away', (away, english, german) => {
    const date = new Date(now.getTime() + away)

    expect(formatRelative(date, now, en)).toBe(english)
    expect(formatRelative(date, now, de)).toBe(german)
  })

  test('a day stays the same day everywhere', () => {
    expect(formatDay('2026-11-10', en)).toBe('Nov 10, 2026')
    expect(formatDay('2026-11-10', de)).toBe('10.11.2026')
  })
})
