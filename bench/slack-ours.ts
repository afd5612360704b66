/** Faceoff in its own process, with everything that `npm start` has. */
import { startApp } from '../src/app.ts'
import { readConfig } from '../src/config.ts'
import { report } from './slack-child.ts'

const app = await startApp(readConfig(process.env))
report(`${app.url}/slack/events`)
