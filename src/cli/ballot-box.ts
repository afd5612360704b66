/** Where the command line finds the votes: on the server, in a folder that nobody uses, or with the process that does. */
import type { Config } from '../config.ts'
import { fastChatLines } from '../core/export.ts'
import type { Tallies } from '../core/ports.ts'
import type { Text } from '../core/text/index.ts'
import { type Door, findDoor } from '../store/door.ts'
import { inspectFolder } from '../store/folder.ts'
import { openStore, StoreRefusal, sentenceOf } from '../store/index.ts'

export type BallotBox = AsyncDisposable & {
  check(): ReturnType<Tallies['check']>
  rebuild(): ReturnType<Tallies['check']>
  /** Lines in FastChat's form, in pieces. */
  lines(): AsyncIterable<string>
}

/** The message is a sentence for the operator. */
export class BallotBoxClosed extends Error {}

/** Millions of votes take their time. */
const queryTimeoutMs = 3_600_000

/** Throws `BallotBoxClosed`. */
export async function openBallotBox({ database, secrets }: Config, text: Text): Promise<BallotBox> {
  const { cli, start } = text
  if (database.kind === 'postgres') return opened({ databaseUrl: secrets.databaseUrl ?? '', queryTimeoutMs }, text)
  const { dataDir } = database
  const folder = inspectFolder(dataDir)
  if (folder.kind === 'unusable') throw new BallotBoxClosed(start.folderUnusable(dataDir, folder.code))
  if (folder.kind === 'new') throw new BallotBoxClosed(cli.noDatabase(dataDir))
  if (folder.kind === 'free') return opened({ dataDir }, text)
  const door = findDoor(dataDir)
  if (door === null) throw new BallotBoxClosed(cli.appSilent(dataDir))
  return asked(door, cli.appSilent(dataDir))
}

async function opened(
  place: { databaseUrl: string; queryTimeoutMs: number } | { dataDir: string },
  text: Text,
): Promise<BallotBox> {
  const log = { info: () => {}, warn: () => {}, error: () => {} }
  const onFatal = (error: Error) => {
    throw error
  }
  try {
    const { store } = await openStore({ ...place, log, onFatal })
    return {
      check: () => store.tallies.check(),
      rebuild: async () => {
        await store.tallies.rebuild()
        return store.tallies.check()
      },
      lines: () => fastChatLines(store.tallies),
      [Symbol.asyncDispose]: () => store.close(),
    }
  } catch (error) {
    throw error instanceof StoreRefusal ? new BallotBoxClosed(sentenceOf(error, text)) : error
  }
}

/** The running app does it. */
function asked({ url, token }: Door, silent: string): BallotBox {
  const ask = async (path: string, method = 'GET') => {
    const headers = { authorization: `Bearer ${token}` }
    const answer = await fetch(`${url}/local/${path}`, { method, headers }).catch(() => null)
    if (!answer?.ok) throw new BallotBoxClosed(silent)
    return answer
  }
  const counted = async (answer: Response): ReturnType<Tallies['check']> => {
    const { rows, wrong } = Object(await answer.json())
    return { rows: Number(rows), wrong: Number(wrong) }
  }
  return {
    check: async () => counted(await ask('tallies')),
    rebuild: async () => counted(await ask('tallies', 'POST')),
    lines: async function* () {
      const { body } = await ask('votes')
      const decoder = new TextDecoder()
      let last = ''
      for await (const chunk of body ?? []) {
        const piece = last + decoder.decode(chunk, { stream: true })
        last = piece.slice(-1)
        yield piece.slice(0, -1)
      }
      // An empty last line says that nothing is missing.
      if (last !== '\n') throw new BallotBoxClosed(silent)
    },
    [Symbol.asyncDispose]: async () => {},
  }
}
