import { describe, expect, test } from 'vitest'
import {
  daysBefore,
  isSameDay,
  isTimeZone,
  lastTime,
  nextTime,
  type Schedule,
  weekNamed,
  weekOf,
  weekToSummarise,
} from '../../src/core/week.ts'

const at = (iso: string) => new Date(iso)
const mondayAtNine = (timeZone: string): Schedule => ({ weekday: 1, minuteOfDay: 9 * 60, timeZone })

describe('a week', () => {
  test.each([
    ['2026-11-25T12:00:00Z', 'Europe/Berlin', '2026-W48'],
    // New Year: the week belongs to the year of its Thursday.
    ['2027-01-01T12:00:00Z', 'Europe/Berlin', '2026-W53'],
    ['2024-12-30T12:00:00Z', 'Europe/Berlin', '2025-W01'],
    // It is Monday there already, or still Sunday.
    ['2026-11-22T23:30:00Z', 'Europe/Berlin', '2026-W48'],
    ['2026-11-23T04:30:00Z', 'America/New_York', '2026-W47'],
    ['2026-11-22T18:30:00Z', 'Asia/Kolkata', '2026-W48'],
  ])('%s in %s is in %s', (moment, timeZone, id) => {
    expect(weekOf(at(moment), timeZone).id).toBe(id)
  })

  test('is an hour shorter or longer when the clocks change in it', () => {
    const hours = ({ start, end }: { start: Date; end: Date }) => (end.getTime() - start.getTime()) / 3_600_000

    expect(hours(weekOf(at('2026-03-29T12:00:00Z'), 'Europe/Berlin'))).toBe(167)
    expect(hours(weekOf(at('2026-10-25T12:00:00Z'), 'Europe/Berlin'))).toBe(169)
    expect(hours(weekOf(at('2026-03-29T12:00:00Z'), 'Asia/Kolkata'))).toBe(168)
  })

  test('begins and ends at midnight there', () => {
    expect(weekOf(at('2026-10-25T12:00:00Z'), 'Europe/Berlin')).toEqual({
      id: '2026-W43',
      start: at('2026-10-18T22:00:00Z'),
      end: at('2026-10-25T23:00:00Z'),
      timeZone: 'Europe/Berlin',
    })
  })

  test('is found again by its name', () => {
    for (const moment of [
      '2026-01-01T00:00:00Z',
      '2026-03-29T12:00:00Z',
      '2026-12-31T23:59:59Z',
      '2021-01-03T12:00:00Z',
    ]) {
      const week = weekOf(at(moment), 'America/New_York')
      expect(weekNamed(week.id, 'America/New_York')).toEqual(week)
    }
    expect(weekNamed('2026-W54', 'UTC')).toBeUndefined()
    expect(weekNamed('2025-W53', 'UTC')).toBeUndefined()
    expect(weekNamed('soon', 'UTC')).toBeUndefined()
  })
})

describe('the week a summary is about', () => {
  test.each([
    ['Monday', '2026-11-23T08:00:00Z', '2026-W47'],
    ['Wednesday', '2026-11-25T08:00:00Z', '2026-W47'],
    ['Thursday evening', '2026-11-26T17:00:00Z', '2026-W48'],
    ['Friday', '2026-11-27T15:00:00Z', '2026-W48'],
    ['Sunday', '2026-11-29T15:00:00Z', '2026-W48'],
  ])('posted on a %s is the one with most of the last seven days', (_, moment, week) => {
    expect(weekToSummarise(at(moment), 'Europe/Berlin').id).toBe(week)
  })
})

describe('a schedule', () => {
  test.each([
    ['Europe/Berlin', '2026-03-29T12:00:00Z', '2026-03-23T08:00:00Z', '2026-03-30T07:00:00Z'],
    ['Europe/Berlin', '2026-10-25T12:00:00Z', '2026-10-19T07:00:00Z', '2026-10-26T08:00:00Z'],
    ['America/New_York', '2026-03-08T12:00:00Z', '2026-03-02T14:00:00Z', '2026-03-09T13:00:00Z'],
    ['America/New_York', '2026-11-01T12:00:00Z', '2026-10-26T13:00:00Z', '2026-11-02T14:00:00Z'],
    ['Asia/Kolkata', '2026-10-25T12:00:00Z', '2026-10-19T03:30:00Z', '2026-10-26T03:30:00Z'],
  ])('in %s comes at the same time of day across a change of the clocks', (timeZone, now, last, next) => {
    expect(lastTime(mondayAtNine(timeZone), at(now))).toEqual(at(last))
    expect(nextTime(mondayAtNine(timeZone), at(now))).toEqual(at(next))
  })

  test('has come at its very moment', () => {
    const moment = at('2026-11-23T08:00:00Z')
    expect(lastTime(mondayAtNine('Europe/Berlin'), moment)).toEqual(moment)
    expect(nextTime(mondayAtNine('Europe/Berlin'), moment)).toEqual(at('2026-11-30T08:00:00Z'))
  })

  test('comes once where its time is left out, and once where it comes twice', () => {
    const sunday = (minuteOfDay: number): Schedule => ({ weekday: 7, minuteOfDay, timeZone: 'Europe/Berlin' })

    // 2:30 is not there on 29 March 2026, and is there twice on 25 October 2026.
    expect(nextTime(sunday(150), at('2026-03-28T12:00:00Z'))).toEqual(at('2026-03-29T01:30:00Z'))
    expect(nextTime(sunday(150), at('2026-03-29T01:30:00Z'))).toEqual(at('2026-04-05T00:30:00Z'))
    expect(nextTime(sunday(150), at('2026-10-24T12:00:00Z'))).toEqual(at('2026-10-25T00:30:00Z'))
    expect(nextTime(sunday(150), at('2026-10-25T00:30:00Z'))).toEqual(at('2026-11-01T01:30:00Z'))
  })

  test('counts the day where people are', () => {
    expect(isSameDay(at('2026-11-23T08:00:00Z'), at('2026-11-23T22:59:00Z'), 'Europe/Berlin')).toBe(true)
    expect(isSameDay(at('2026-11-23T08:00:00Z'), at('2026-11-23T23:00:00Z'), 'Europe/Berlin')).toBe(false)
  })

  test('a week before is at the same time of day', () => {
    expect(daysBefore(at('2026-10-26T08:00:30.250Z'), 7, 'Europe/Berlin')).toEqual(at('2026-10-19T07:00:30.250Z'))
  })
})

test('a time zone is an IANA name that is known', () => {
  expect(['Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'UTC'].map(isTimeZone)).toEqual([true, true, true, true])
  expect(['Mars/Olympus', '', '+01:00', 'Berlin'].map(isTimeZone)).toEqual([false, false, false, false])
})
