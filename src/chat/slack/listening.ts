import type { App, BlockAction, ButtonAction, Context, RespondFn } from '@slack/bolt'
import type { Arena } from '../../core/arena.ts'
import type { Ballot } from '../../core/ballot.ts'
import { type Command, findCommand, type Input } from '../../core/command.ts'
import { type Choice, type Label, labels } from '../../core/comparison.ts'
import { asFaceoffError, FaceoffError } from '../../core/errors.ts'
import type { Catalogue, Store } from '../../core/ports.ts'
import { type Text, textFor } from '../../core/text/index.ts'
import type { Log } from '../../log.ts'
import { postOnce } from '../ledger.ts'
import { NotKept } from './acknowledging.ts'
import type { SlackApi } from './api.ts'
import type { SlackChat } from './chat.ts'
import { choiceOf } from './emoji.ts'
import { compareForm, fieldOf, inputOf, type Origin, originOf, readingView } from './forms.ts'
import { homeView, listed } from './home.ts'
import { Inbox } from './inbox.ts'
import { sectionLimit } from './limits.ts'
import type { Links } from './links.ts'
import type { Known, Members } from './members.ts'
import { nameOf } from './messages.ts'
import { placeOf, placeText, type Team, teamIn } from './place.ts'
import type { Replying } from './replying.ts'
import type { Teams } from './teams.ts'
import { said, type Telling } from './telling.ts'
import { postedAs } from './thread.ts'
import { Ack, idOf, type Kept, keptShape, plainText, read, type Typed, type Wish } from './wishes.ts'

export type ListeningParts = {
  telling: Telling
  replying: Replying
  links: Links
  api: SlackApi
  chat: SlackChat
  members: Members
  teams: Pick<Teams, 'remove'>
  arena: Arena
  commands: readonly Command[]
  store: Pick<Store, 'posts' | 'votes' | 'wishes'>
  catalogue: Pick<Catalogue, 'models' | 'defaults'>
  votingMs: number
  consoleUrl: string | null
  log: Log
}

/** Of a workspace, the comparisons among which App Home looks for open ballots and results. */
const mostOnHome = 40

export class Listening {
  readonly #parts: ListeningParts
  /** By ballot: reactions are taken in the order in which Slack sent them. */
  readonly #reacting = new Map<string, Promise<unknown>>()
  readonly #underWay = new Set<Promise<unknown>>()
  readonly #inbox: Inbox

  constructor(parts: ListeningParts) {
    this.#parts = parts
    this.#inbox = new Inbox({
      wishes: parts.store.wishes,
      perform: (_, body) => this.#perform(body),
      log: parts.log,
    })
  }

  /** Does what was acknowledged and not done, by a process that died. */
  async takeLeft(): Promise<void> {
    await this.#inbox.takeLeft()
  }

  /** Registers everything with Bolt. */
  on(app: App): void {
    app.command(/.*/, async ({ ack, body, context }) => {
      const team = teamIn(context, body.team_id)
      const wish: Wish = {
        team,
        user: { id: body.user_id, name: body.user_name },
        channel: body.channel_id,
        thread: null,
        responseUrl: body.response_url,
        key: `command/${body.trigger_id}`,
      }
      const name = body.command.replace(/^\//, '')
      if (name === 'compare' && body.text.trim() === '') {
        await ack()
        await this.#openForm(team, body.trigger_id, body.user_id, originFrom(wish))
        return
      }
      await this.#keep(wish, { line: `${name} ${body.text}` }, ack)
    })

    app.event('app_mention', async ({ event, body, context }) => {
      // Another bot's words are nobody's wish.
      if (event.user === undefined || event.bot_id !== undefined) return
      const team = teamIn(context, body.team_id)
      const wish: Wish = {
        team,
        user: { id: event.user },
        channel: event.channel,
        thread: event.thread_ts ?? null,
        responseUrl: null,
        key: `event/${body.event_id}`,
      }
      const mention = plainText(event.text).replace(/^\s*@\S+\s*/, '')
      await this.#keepMention(wish, { mention })
    })

    app.shortcut('compare_this', async ({ ack, shortcut, context }) => {
      await ack()
      if (shortcut.type !== 'message_action') return
      const { message, channel, user, response_url: responseUrl } = shortcut
      const origin = { channel: channel.id, thread: null, responseUrl }
      const team = teamIn(context, shortcut.team?.id)
      const prompt = plainText(message.text ?? '')
      // A form cannot hold it, and must not cut it.
      if (prompt.length > sectionLimit) {
        const key = `shortcut/${shortcut.trigger_id}`
        await this.#keep({ ...origin, team, user: { id: user.id, name: user.name }, key }, { prompt })
        return
      }
      await this.#openForm(team, shortcut.trigger_id, user.id, origin, prompt)
    })

    app.view('compare', async ({ ack, body, view, context }) => {
      const team = teamIn(context, body.team?.id)
      const origin = originOf(view.private_metadata)
      const wish: Wish = {
        ...origin,
        team,
        user: { id: body.user.id, name: body.user.name },
        key: `view/${view.id}`,
      }
      const acknowledged = new Ack(response => ack(response as never))
      const refuse = (problem: FaceoffError['problem'], sentence: string) =>
        acknowledged.once({ response_action: 'errors', errors: { [fieldOf(problem)]: sentence } })
      const read = () => ({ command: findCommand('compare', this.#parts.commands), input: inputOf(view.state.values) })
      await this.#track(this.#run(wish, read, acknowledged, refuse))
    })

    app.action<BlockAction<ButtonAction>>(/^vote:/, async ({ ack, action, body, respond, context }) => {
      await ack()
      const choice = action.action_id.slice('vote:'.length) as Choice
      await this.#act(body, context, respond, async (id, { person }, text) => {
        const { ownChoice } = await this.#parts.arena.view(id, person)
        if (ownChoice === choice) {
          await this.#parts.arena.withdraw(id, person)
          return text.chat.noVote
        }
        await this.#parts.arena.vote(id, person, choice)
        return text.ballot.yourVote(nameOf(choice, text))
      })
    })

    app.action<BlockAction<ButtonAction>>('stop', async ({ ack, body, respond, context }) => {
      await ack()
      await this.#act(body, context, respond, async (id, { person }) => {
        await this.#parts.arena.stop(id, person)
        return null
      })
    })

    app.action<BlockAction<ButtonAction>>('reveal', async ({ ack, body, respond, context }) => {
      await ack()
      await this.#act(body, context, respond, async (id, { person }) => {
        await this.#parts.arena.reveal(id, person)
        return null
      })
    })

    app.action<BlockAction<ButtonAction>>('prompt', async ({ ack, body, respond, context }) => {
      await ack()
      await this.#act(body, context, respond, async (id, _, text) => {
        const { ballot } = await this.#parts.arena.view(id, null)
        await this.#open(
          teamIn(context, body.team?.id),
          body.trigger_id,
          readingView(text.slack.thePrompt, ballot.prompt, text),
        )
        return null
      })
    })

    app.action<BlockAction<ButtonAction>>(/^file:/, async ({ ack, action, body, respond, context }) => {
      await ack()
      const label = labels.find(candidate => action.action_id === `file:${candidate}`)
      if (label === undefined) return
      await this.#act(body, context, respond, async (id, _, text) => {
        await this.#upload(id, label, text)
        return null
      })
    })

    // Links in our messages are buttons to Slack, and want an answer.
    app.action(/^(?!vote:|file:|stop$|reveal$|prompt$|summary$)/, async ({ ack }) => ack())

    app.event('reaction_added', async ({ event, body, context }) => {
      const team = teamIn(context, body.team_id)
      await this.#reaction(team, event, async (id, choice, known) => {
        if (isRetry(context)) return this.reconcile(id)
        await this.#parts.arena.react(id, known.person, choice)
        const standing = await this.#parts.store.votes.reactions(id, known.person.id)
        if (standing.length > 1) await this.#parts.telling.once(id, event.user, 'lastCounts')
      })
    })

    app.event('reaction_removed', async ({ event, body, context }) => {
      const team = teamIn(context, body.team_id)
      await this.#reaction(team, event, async (id, choice, known) => {
        // Another skin tone of it may still stand there; and what comes late may be long untrue.
        const isDoubtful = isRetry(context) || event.reaction.includes('::')
        if (isDoubtful) return this.reconcile(id)
        await this.#parts.arena.unreact(id, known.person, choice)
      })
    })

    app.event('app_home_opened', async ({ event, body, context }) => {
      if (event.tab === 'home') await this.#showHome(teamIn(context, body.team_id), event.user)
    })

    app.event('app_uninstalled', async ({ body, context }) => this.#parts.teams.remove(teamIn(context, body.team_id)))
    app.event('tokens_revoked', async ({ event, body, context }) => {
      if ((event.tokens.bot ?? []).length > 0) await this.#parts.teams.remove(teamIn(context, body.team_id))
    })

    app.error(async error => {
      this.#parts.log.error({ err: error }, 'event from Slack failed')
      if (error instanceof NotKept) throw error
    })
  }

  /** Resolves when nothing is under way that was begun for somebody. */
  async close(): Promise<void> {
    await this.#inbox.close()
    await Promise.allSettled([...this.#underWay, ...this.#reacting.values()])
  }

  /** Brings a ballot up to what Slack holds. */
  async reconcile(comparisonId: string): Promise<void> {
    const undecided = await this.#parts.arena.reconcile(comparisonId)
    for (const userId of undecided) await this.#parts.telling.once(comparisonId, userId, 'undecided')
  }

  /** Tells those whose reactions leave open what they mean, once per ballot. */
  async tellUndecided({ comparisonId }: Ballot, userIds: readonly string[]): Promise<void> {
    for (const userId of userIds) await this.#parts.telling.once(comparisonId, userId, 'undecided')
  }

  /**
   * Acknowledged once it is kept: from then on it is done, whatever becomes of this process. Slack sends it once only, so
   * what cannot be kept is done all the same.
   */
  async #keep(wish: Wish, typed: Typed, ack?: () => Promise<void>): Promise<void> {
    const id = idOf(wish.team, wish.key)
    const body = JSON.stringify({ wish, typed } satisfies Kept)
    const acknowledged = ack ? new Ack(ack) : null
    await this.#inbox.keep(id, body).catch(error => this.#parts.log.error({ err: error }, 'wish not kept'))
    acknowledged?.once()
    this.#inbox.begin(id, body)
  }

  /** Slack sends again what was not acknowledged: then it may be kept. */
  async #keepMention(wish: Wish, typed: Typed): Promise<void> {
    const id = idOf(wish.team, wish.key)
    const body = JSON.stringify({ wish, typed } satisfies Kept)
    await this.#inbox.keep(id, body).catch(error => Promise.reject(new NotKept(error)))
    this.#inbox.begin(id, body)
  }

  async #perform(body: string): Promise<void> {
    const { wish, typed } = keptShape.parse(JSON.parse(body))
    const { commands } = this.#parts
    await this.#run(wish, () => read(typed, commands), null)
  }

  async #run(
    wish: Wish,
    read: () => { command: Command; input: Input },
    acknowledged: Ack | null,
    refuse: (problem: FaceoffError['problem'], sentence: string) => boolean = () => false,
  ): Promise<void> {
    const { arena, chat, members, telling, replying, log } = this.#parts
    const { team, user, channel } = wish
    let text = textFor('en')
    try {
      const known = await members.known(team, user.id, user.name)
      text = textFor(known.locale)
      const { command, input } = read()
      const id = idOf(team, wish.key)
      using _ = chat.whenStored(id, () => acknowledged?.once())
      const reply = await command.run(
        {
          arena,
          person: known.person,
          workspaceId: known.workspaceId,
          platform: 'slack',
          channel,
          place: placeText({ ...team, channel, thread: wish.thread, user: user.id, responseUrl: wish.responseUrl }),
          id,
          locale: known.locale,
        },
        input,
      )
      await replying.reply(wish, reply, known.locale)
      acknowledged?.once()
    } catch (thrown) {
      const error = asFaceoffError(thrown)
      if (error.kind !== 'user') log.warn({ err: error, channel }, 'command failed')
      const sentence = await telling.sentence(team, error, text)
      if (!refuse(error.problem, sentence))
        await telling.tell(wish, said(sentence)).catch(late => log.warn({ err: late }, 'not told'))
      acknowledged?.once()
    }
  }

  /** A button on a ballot. Its receipt, or why not, is for the person alone. */
  async #act(
    body: BlockAction<ButtonAction>,
    context: Context,
    respond: RespondFn,
    act: (comparisonId: string, known: Known, text: Text) => Promise<string | null>,
  ): Promise<void> {
    const { members, arena, log } = this.#parts
    const team = teamIn(context, body.team?.id)
    const [action] = body.actions
    let text = textFor('en')
    const work = async () => {
      try {
        const known = await members.known(team, body.user.id, body.user.name)
        text = textFor(known.locale)
        const comparisonId = action?.value ?? ''
        const { ballot } = await arena.view(comparisonId, null)
        if (ballot.workspaceId !== known.workspaceId) throw new FaceoffError({ code: 'comparison_missing' })
        const receipt = await act(comparisonId, known, text)
        if (receipt !== null) await respond({ response_type: 'ephemeral', replace_original: false, ...said(receipt) })
      } catch (thrown) {
        const error = asFaceoffError(thrown)
        if (error.kind !== 'user') log.warn({ err: error }, 'button failed')
        const sentence = await this.#parts.telling.sentence(team, error, text)
        await respond({ response_type: 'ephemeral', replace_original: false, ...said(sentence) })
      }
    }
    await this.#track(work())
  }

  async #reaction(
    team: Team,
    event: { user: string; reaction: string; item: { type: string; channel?: string; ts?: string } },
    take: (comparisonId: string, choice: Choice, known: Known) => Promise<void>,
  ): Promise<void> {
    const { store, members, arena, log } = this.#parts
    const { channel, ts } = event.item
    const choice = choiceOf(event.reaction)
    if (choice === undefined || channel === undefined || ts === undefined) return
    const key = `${channel}/${ts}`
    const before = this.#reacting.get(key) ?? Promise.resolve()
    const work = before.then(async () => {
      try {
        const comparisonId = await store.posts.at('slack', 'ballot', key)
        if (comparisonId === undefined) return
        if ((await members.member(team, event.user))?.bot) return
        const known = await members.known(team, event.user)
        const { ballot } = await arena.view(comparisonId, null)
        if (ballot.workspaceId === known.workspaceId) await take(comparisonId, choice, known)
      } catch (thrown) {
        const error = asFaceoffError(thrown)
        // One that came too early or too late is no mistake: the first is found again once the ballot is open.
        if (error.kind !== 'user') log.warn({ err: error }, 'reaction not taken')
      }
    })
    this.#reacting.set(key, work)
    await work
    if (this.#reacting.get(key) === work) this.#reacting.delete(key)
  }

  async #openForm(team: Team, triggerId: string, userId: string, origin: Origin, prompt = ''): Promise<void> {
    const { members, catalogue } = this.#parts
    const text = textFor((await members.member(team, userId))?.locale ?? 'en')
    await this.#open(team, triggerId, compareForm(origin, catalogue, text, prompt))
  }

  async #open(team: Team, triggerId: string, view: ReturnType<typeof compareForm>): Promise<void> {
    await this.#parts.api.call(team, {
      method: 'views.open',
      urgency: 'now',
      ask: client => client.views.open({ trigger_id: triggerId, view }),
    })
  }

  /** The whole answer, in its thread, once before the reveal and once after it. */
  async #upload(comparisonId: string, label: Label, text: Text): Promise<void> {
    const { arena, api, store } = this.#parts
    const { ballot, answers } = await arena.view(comparisonId, null)
    const answer = answers.find(candidate => candidate.label === label)
    if (answer === undefined || answer.text === '') return
    const place = placeOf(ballot.place)
    const posted = (await store.posts.of(comparisonId)).get('ballot')
    const thread = place.thread ?? (posted === undefined ? undefined : postedAs(posted).ts)
    if (thread === undefined) return
    await postOnce({
      posts: store.posts,
      id: comparisonId,
      part: ballot.results === null ? `file:${label}` : `file:${label}:revealed`,
      find: async () => undefined,
      post: async () => {
        await api.call(place, {
          method: 'files.getUploadURLExternal',
          urgency: 'must',
          ask: client =>
            client.files.uploadV2({
              channel_id: place.channel,
              thread_ts: thread,
              filename: `answer-${label.toLowerCase()}.md`,
              title: text.ballot.answer(label),
              initial_comment: text.slack.fileComment(label),
              content: answer.text,
            }),
        })
        return 'uploaded'
      },
    })
  }

  async #showHome(team: Team, userId: string): Promise<void> {
    const { arena, api, members, catalogue, votingMs, consoleUrl } = this.#parts
    const { person, locale, workspaceId } = await members.known(team, userId)
    const views = await arena.recent({ workspaceId, limit: mostOnHome }, person)
    const { open, recent } = listed(views)
    const ids = [...open, ...recent].map(({ ballot }) => ballot.comparisonId)
    const links = await this.#parts.links.to(team, ids)
    const view = homeView({
      views,
      links,
      catalogue,
      votingMs,
      isAdmin: person.admin,
      consoleUrl,
      text: textFor(locale),
    })
    await api.call(team, {
      method: 'views.publish',
      urgency: 'now',
      ask: client => client.views.publish({ user_id: userId, view }),
    })
  }

  async #track<T>(work: Promise<T>): Promise<T> {
    this.#underWay.add(work)
    try {
      return await work
    } finally {
      this.#underWay.delete(work)
    }
  }
}

function originFrom({ channel, thread, responseUrl }: Wish): Origin {
  return { channel, thread, responseUrl }
}

/** Socket Mode counts from 0 what HTTP does not mention. */
function isRetry({ retryNum = 0 }: Context): boolean {
  return retryNum > 0
}
