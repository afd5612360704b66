/**
 * A process of its own for the tests of the embedded database: opens the folder it is given, says `open`, and then
 * stores one setting after the other, saying each name once it is stored. Ends when it is killed, or with the sentence
 * of a refusal on standard error.
 */
import { argv, stderr, stdout } from 'node:process'
import { openStore, StoreRefusal } from '../../src/store/index.ts'
import { silence } from './silence.ts'

const [, , dataDir = '', prefix = ''] = argv

try {
  const { store } = await openStore({ dataDir, log: silence, onFatal: error => stderr.write(`${error}\n`) })
  stdout.write('open\n')
  for (let n = 0; ; n++) {
    await store.settings.initialise(`${prefix}-${n}`, 'stored')
    stdout.write(`${prefix}-${n}\n`)
  }
} catch (error) {
  if (!(error instanceof StoreRefusal)) throw error
  stderr.write(error.message)
  process.exitCode = 1
}
