/** Writes `manifest.json`, from which a Slack app is made by pasting: node docs/manifest.ts */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { commands } from '../commands/index.ts'
import { slackManifest } from '../src/chat/slack/index.ts'
import { textFor } from '../src/core/text/index.ts'

// Socket Mode: Slack needs no address of ours, so that it works wherever Faceoff runs.
const manifest = slackManifest(commands, null, textFor('en'))
writeFileSync(join(import.meta.dirname, '..', 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`)
