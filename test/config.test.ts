import { describe, expect, test } from 'vitest'
import { ConfigError, readConfig } from '../src/config.ts'

function sentences(env: Record<string, string>): readonly string[] {
  try {
    readConfig(env)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.sentences
    throw error
  }
}

describe('a wrong value is told with its variable and what it can be', () => {
  test.each([
    [{ PORT: '3000.5' }, 'PORT must be a number from 0 to 65535.'],
    [{ PORT: '-1' }, 'PORT must be a number from 0 to 65535.'],
    [{ VOTING_HOURS: 'a day' }, 'VOTING_HOURS must be a number from 0.1 to 720.'],
    [{ ROLES: ',' }, 'ROLES can only be: gateway, worker, console.'],
    [
      { SUMMARY_CRON: '0 9 * * 1-5' },
      'SUMMARY_CRON must be one time in a week, as cron writes it: 0 9 * * 1 is Monday at 9:00.',
    ],
    [
      { SUMMARY_CRON: '0 24 * * 1' },
      'SUMMARY_CRON must be one time in a week, as cron writes it: 0 9 * * 1 is Monday at 9:00.',
    ],
    [{ SUMMARY_TZ: 'Berlin' }, 'SUMMARY_TZ must be a time zone such as Europe/Berlin or America/New_York.'],
  ])('%o', (env, sentence) => {
    expect(sentences(env)).toEqual([sentence])
  })
})

test('a slash at the end of PUBLIC_URL is not doubled in links', () => {
  expect(readConfig({ PUBLIC_URL: 'https://faceoff.example.org/' }).http.publicUrl).toBe('https://faceoff.example.org')
})

describe('the time of the weekly summary', () => {
  test.each([
    [{}, { weekday: 1, minuteOfDay: 540, timeZone: 'Europe/Berlin' }],
    [
      { SUMMARY_CRON: '30 16 * * 5', SUMMARY_TZ: 'Asia/Kolkata' },
      { weekday: 5, minuteOfDay: 990, timeZone: 'Asia/Kolkata' },
    ],
    [{ SUMMARY_CRON: '0 0 * * 0' }, { weekday: 7, minuteOfDay: 0, timeZone: 'Europe/Berlin' }],
    [{ SUMMARY_CRON: '5 7 * * sun' }, { weekday: 7, minuteOfDay: 425, timeZone: 'Europe/Berlin' }],
  ])('%o', (env, schedule) => {
    expect(readConfig(env).summarySchedule).toEqual(schedule)
  })
})

describe('Slack', () => {
  const oauth = {
    SLACK_CLIENT_ID: '1.2',
    SLACK_CLIENT_SECRET: 'secret',
    SLACK_STATE_SECRET: 'state',
    SLACK_SIGNING_SECRET: 'signing',
    SLACK_TOKEN_KEY: Buffer.alloc(32, 1).toString('base64'),
    PUBLIC_URL: 'https://faceoff.example.org',
  }

  test.each([
    [{ SLACK_BOT_TOKEN: 'xoxb-1', SLACK_SIGNING_SECRET: 's' }, 'http'],
    [{ SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1' }, 'sockets'],
    [oauth, 'oauth'],
  ])('is connected by %o', (env, way) => {
    expect(readConfig(env).slack).toEqual({ way, apiUrl: 'https://slack.com/api/' })
  })

  test.each([
    [{ SLACK_BOT_TOKEN: 'xoxb-1' }, 'Slack is set up halfway: set SLACK_SIGNING_SECRET as well.'],
    [{ SLACK_APP_TOKEN: 'xapp-1' }, 'Slack is set up halfway: set SLACK_BOT_TOKEN as well.'],
    [{ ...oauth, SLACK_STATE_SECRET: '' }, 'Slack is set up halfway: set SLACK_STATE_SECRET as well.'],
    [{ ...oauth, PUBLIC_URL: '' }, 'Slack is set up halfway: set PUBLIC_URL as well.'],
    [
      { ...oauth, SLACK_TOKEN_KEY: 'c2hvcnQ=' },
      'SLACK_TOKEN_KEY must be 32 bytes in base64: openssl rand -base64 32 makes one.',
    ],
    [
      { ...oauth, SLACK_BOT_TOKEN: 'xoxb-1' },
      'SLACK_BOT_TOKEN is for one workspace and SLACK_CLIENT_ID for many: remove one of them.',
    ],
  ])('set up halfway is told: %o', (env, sentence) => {
    expect(sentences(env)).toEqual([sentence])
  })

  test('keeps its secrets apart, and a new key before the old one', () => {
    const keys = [2, 1].map(byte => Buffer.alloc(32, byte))

    const config = readConfig({ ...oauth, SLACK_TOKEN_KEY: keys.map(key => key.toString('base64')).join(', ') })

    expect(config.secrets.slack.tokenKeys).toEqual(keys)
    expect(JSON.stringify({ ...config, secrets: undefined })).not.toContain('signing')
  })
})
