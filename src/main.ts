import { existsSync } from 'node:fs'
import closeWithGrace from 'close-with-grace'
import { type App, startApp } from './app.ts'
import { ConfigError, readConfig } from './config.ts'

/** Milliseconds for stopping: running answers get 10 s of them. */
const delay = 20_000

if (existsSync('.env')) process.loadEnvFile()

const app = await started()
if (app) {
  closeWithGrace({ delay }, ({ err }) => {
    // The package ends the process for it, and says nothing.
    if (err) process.stderr.write(`${err.stack ?? err}\n`)
    return app[Symbol.asyncDispose]()
  })
  for (const line of app.banner) process.stdout.write(`${line}\n`)
}

async function started(): Promise<App | undefined> {
  try {
    return await startApp(readConfig(process.env), { onFatal: die })
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    for (const sentence of error.sentences) process.stderr.write(`${sentence}\n`)
    process.exitCode = 1
    return undefined
  }
}

/** Nothing can be saved any more: the supervisor, or the person, starts us again. */
function die(error: Error): never {
  process.stderr.write(`${error.message}\n`)
  process.exit(1)
}
