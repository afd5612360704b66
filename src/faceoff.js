/**
 * Process entry of the command line. Most of a short command's time is Node reading TypeScript, so what it makes of it is
 * kept; this file is JavaScript because the first one is read before anything can be kept.
 */
import { enableCompileCache } from 'node:module'
import { join } from 'node:path'

// Beside the packages and not, as by default, in a folder for everybody's temporary files, whose code we would run; where it
// cannot be written, there is none.
enableCompileCache(join(import.meta.dirname, '../node_modules/.cache/faceoff'))
await import('./cli.ts')
