/**
 * Discord as a platform. `chat` posts and edits from any process by Discord's HTTP API; `open` connects the one process
 * that hears what people do.
 */
import { type RESTGetCurrentApplicationResult, Routes } from 'discord.js'
import type { Charts } from '../../charts/index.ts'
import type { Arena } from '../../core/arena.ts'
import type { Command } from '../../core/command.ts'
import { asFaceoffError } from '../../core/errors.ts'
import type { Catalogue, Chat, Store } from '../../core/ports.ts'
import type { Log } from '../../log.ts'
import { BallotVotes } from './ballot-votes.ts'
import { DiscordChat } from './chat.ts'
import { Gateway } from './gateway.ts'
import { Interactions } from './interactions.ts'
import { register } from './registration.ts'
import { codeOf, DiscordRest } from './rest.ts'
import { DiscordSummaries } from './summaries.ts'

export { DiscordRest } from './rest.ts'

/** A gateway can be silently dead, and reactions are replayed only where Discord resumes; in milliseconds. */
const reconcileEveryMs = 10 * 60_000

/** How long the start waits for Discord to say who we are, in milliseconds. */
const identityMs = 5_000

const registerRetryMs = 30_000

export type DiscordParts = {
  arena: Arena
  commands: readonly Command[]
  catalogue: Pick<Catalogue, 'models' | 'defaults'>
  charts: Pick<Charts, 'post'>
  store: Pick<Store, 'people' | 'posts' | 'answers' | 'votes' | 'settings' | 'comparisons' | 'summaryPosts'>
  token: string
  /** Null: Discord's own. */
  apiUrl: string | null
  /** Commands are registered in this server alone, at once. */
  guildId: string | null
  /** Where people reach the console, if they do. */
  consoleUrl: string | null
  log: Log
}

export type Discord = {
  chat: Chat
  /** Connects and registers the commands, and keeps at it; returns at once. */
  open(): void
  close(): Promise<void>
}

export type DiscordIdentity = { applicationId: string; name: string } | null

/** Who the token belongs to: `rejected` by Discord, or null while Discord cannot be asked. */
export async function discordIdentity(rest: DiscordRest): Promise<DiscordIdentity | 'rejected'> {
  try {
    const signal = AbortSignal.timeout(identityMs)
    const { id, name } = (await rest.get(Routes.currentApplication(), { signal })) as RESTGetCurrentApplicationResult
    return { applicationId: id, name }
  } catch (error) {
    return isUnauthorised(error) ? 'rejected' : null
  }
}

export function createDiscord(given: DiscordParts): Discord {
  const { arena, commands, catalogue, charts, store, token, apiUrl, guildId, consoleUrl, log } = given
  const rest = new DiscordRest({ apiUrl, token })
  const end = new AbortController()
  const onSeeded = (comparisonId: string) => {
    votes.reconcile(comparisonId).catch(error => log.warn({ err: error, comparisonId }, 'ballot not reconciled'))
  }
  const { posts, summaryPosts: ledger } = store
  const summaries = new DiscordSummaries({ rest, posts, ledger, charts, consoleUrl, log })
  const chat = new DiscordChat({ rest, posts, answers: store.answers, summaries, log, onSeeded })
  const votes = new BallotVotes({ arena, store, chat, log })
  const interactions = new Interactions({
    arena,
    commands,
    catalogue,
    people: store.people,
    posts,
    charts,
    summaries,
    votes: store.votes,
    chat,
    log,
  })
  const gateway = new Gateway(
    { apiUrl, token },
    {
      onInteraction: interaction => interactions.handle(interaction),
      onReaction: (kind, event) => votes.react(kind, event),
      onReactionsCleared: messageId => votes.cleared(messageId),
      onThreadDeleted: threadId => votes.threadDeleted(threadId),
      onConnected: () => votes.reconcileAll(),
    },
    log,
  )
  let timer: NodeJS.Timeout | undefined
  let retry: NodeJS.Timeout | undefined

  const registerCommands = async () => {
    try {
      const identity = await discordIdentity(rest)
      if (identity === null || identity === 'rejected') throw new Error('who we are on Discord is not known')
      const changed = await register(rest, commands, { applicationId: identity.applicationId, guildId })
      log.info({ changed, guildId }, 'discord commands registered')
    } catch (error) {
      log.warn({ err: error, retryMs: registerRetryMs }, 'discord commands not registered')
      if (!end.signal.aborted) retry = setTimeout(registerCommands, registerRetryMs)
    }
  }

  return {
    chat,
    open: () => {
      gateway.open()
      void registerCommands()
      timer = setInterval(() => votes.reconcileAll().catch(() => {}), reconcileEveryMs)
    },
    close: async () => {
      end.abort()
      clearInterval(timer)
      clearTimeout(retry)
      await gateway.close()
      await votes.idle()
      await chat.close()
    },
  }
}

function isUnauthorised(error: unknown): boolean {
  const { cause } = asFaceoffError(error)
  return codeOf(error) === 0 || (cause instanceof Error && 'status' in cause && cause.status === 401)
}
