import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { commands } from '../../../commands/index.ts'
import { slackManifest } from '../../../src/chat/slack/index.ts'
import { textFor } from '../../../src/core/text/index.ts'

const file = readFileSync(join(import.meta.dirname, '..', '..', '..', 'manifest.json'), 'utf8')

describe('manifest.json', () => {
  test('is what the list of commands makes; node docs/manifest.ts writes it anew', () => {
    expect(JSON.parse(file)).toEqual(JSON.parse(JSON.stringify(slackManifest(commands, null, textFor('en')))))
  })

  test('offers every command', () => {
    const { features }: { features: { slash_commands: { command: string }[] } } = JSON.parse(file)

    expect(features.slash_commands.map(({ command }) => command)).toEqual(commands.map(({ name }) => `/${name}`))
  })

  test('lets direct messages through, and nobody write back', () => {
    const { features }: { features: { app_home: object } } = JSON.parse(file)

    expect(features.app_home).toMatchObject({ messages_tab_enabled: true, messages_tab_read_only_enabled: true })
  })

  test('asks for no right to read what people write', () => {
    expect(file).not.toMatch(/:history|channels:read|groups:read/)
  })
})

test.each(['en', 'de'] as const)('the manifest for HTTP keeps Slack’s limits, in %s', locale => {
  const manifest = JSON.parse(JSON.stringify(slackManifest(commands, 'https://faceoff.example.org', textFor(locale))))

  expect(manifest.settings.event_subscriptions.request_url).toBe('https://faceoff.example.org/slack/events')
  expect(manifest.display_information.description.length).toBeLessThanOrEqual(140)
  for (const { name } of manifest.features.shortcuts) expect(name.length).toBeLessThanOrEqual(24)
  for (const { description, usage_hint = '', url } of manifest.features.slash_commands) {
    expect(description.length).toBeLessThanOrEqual(2_000)
    expect(usage_hint.length).toBeLessThanOrEqual(1_000)
    expect(url).toBe('https://faceoff.example.org/slack/events')
  }
})
