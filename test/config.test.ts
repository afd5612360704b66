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
  ])('%o', (env, sentence) => {
    expect(sentences(env)).toEqual([sentence])
  })
})

test('a slash at the end of PUBLIC_URL is not doubled in links', () => {
  expect(readConfig({ PUBLIC_URL: 'https://faceoff.example.org/' }).http.publicUrl).toBe('https://faceoff.example.org')
})
