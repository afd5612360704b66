/** The routes that do something, for a person with a name; whoever has none yet is asked for it and goes on. */
import { type Context, type Handler, Hono } from 'hono'
import { findCommand, type Input, type Reply } from '../core/command.ts'
import type { Choice } from '../core/comparison.ts'
import { labels } from '../core/comparison.ts'
import { asFaceoffError, FaceoffError, type ProblemCode } from '../core/errors.ts'
import { type ParsedLine, parseLine } from '../core/line.ts'
import type { Person } from '../core/ports.ts'
import { locales, sentenceFor, type Text } from '../core/text/index.ts'
import { type Html, html, partial } from './html.ts'
import { isOwnerLink, spendOwnerLink } from './owner.ts'
import { compareForm, ephemeral } from './pages/arena.ts'
import { choiceName, partsOf } from './pages/comparison.ts'
import { askName, askOwner, askPassword, notice } from './pages/entry.ts'
import { helpText } from './pages/help.ts'
import { historyReply } from './pages/history.ts'
import { boardQuery, leaderboardReply } from './pages/leaderboard.ts'
import { modelTable } from './pages/models.ts'
import { postedReply, settingsReply } from './pages/summaries.ts'
import { soFarPath, soFarReply } from './pages/summary.ts'
import { pageOf, showArena } from './reading.ts'
import {
  channel,
  choicesOf,
  fieldsOf,
  frameOf,
  idOf,
  ownPath,
  type Site,
  type Status,
  showPage,
  showPlainPage,
  showTrouble,
  viewHere,
  wantsParts,
} from './site.ts'
import type { Viewer } from './viewer.ts'

export type Fields = Readonly<Record<string, string>>
export type Actor = Viewer & {
  person: Person /** Named in this very request: the page around knows nobody yet. */
  isNew: boolean
}
type Act = (c: Context, actor: Actor, fields: Fields) => Promise<Response>
export type Refusal = { c: Context; viewer: Viewer; fields: Fields; problem: string; code: ProblemCode }

export function actingRoutes(site: Site): Hono {
  const app = new Hono()

  app.post('/say', acting(site, say, sayRefused))
  app.post('/compare', acting(site, compare, compareRefused))
  app.post('/c/:id/vote', acting(site, vote, ballotRefused))
  app.post('/c/:id/stop', acting(site, lead('stop'), ballotRefused))
  app.post('/c/:id/reveal', acting(site, lead('reveal'), ballotRefused))
  app.post('/name', acting(site, rename, nameRefused))
  app.post('/owner/:token', becomeOwner)
  app.post('/language', speak)
  app.post('/password', enter)
  return app

  async function say(c: Context, actor: Actor, fields: Fields): Promise<Response> {
    return answer(c, actor, await run(actor, readLine(fields.line ?? '')))
  }

  /** What does not begin with a slash is a prompt: comparing is what people are here for. */
  function readLine(line: string): ParsedLine {
    if (line.trimStart().startsWith('/')) return parseLine(line, site.commands)
    return { command: findCommand('compare', site.commands), input: { prompt: line.trim() } }
  }

  async function compare(c: Context, actor: Actor, fields: Fields): Promise<Response> {
    const { prompt = '', models = '', category = '', blind } = fields
    // With none chosen the defaults would step in: in a form that shows them, none is a choice.
    if (models === '') throw new FaceoffError({ code: 'too_few_models', given: 1 })
    const input: Input = { prompt, models, category, blind: blind === 'yes' ? 'yes' : 'no' }
    return answer(c, actor, await run(actor, { command: findCommand('compare', site.commands), input }))
  }

  async function run({ person, locale }: Actor, { command, input }: ParsedLine): Promise<Reply> {
    const workspaceId = await site.workspaceId()
    return command.run({ arena: site.arena, person, workspaceId, platform: 'console', channel, locale }, input)
  }

  function answer(c: Context, actor: Actor, reply: Reply): Response | Promise<Response> {
    const { text } = actor
    if (reply.kind === 'ballot') {
      // The ballot itself comes by the page's event stream, as it comes to everybody.
      return done(c, actor, `/#c-${reply.ballot.comparisonId}`, '')
    }
    const { page, shown } = shownIn(reply, text)
    return done(c, actor, page, partial('#feed', 'beforeend', ephemeral(shown, text)))
  }

  /** What only the asker sees, and the page that shows it too. */
  function shownIn(reply: Exclude<Reply, { kind: 'ballot' }>, text: Text): { page: string; shown: Html } {
    switch (reply.kind) {
      case 'models':
        return { page: '/models', shown: html`<h2>${text.models.title}</h2>${modelTable(reply.entries, text)}` }
      case 'leaderboard':
        return {
          page: `/leaderboard${boardQuery(reply.leaderboard)}`,
          shown: leaderboardReply(reply.leaderboard, text),
        }
      case 'history':
        return { page: '/history', shown: historyReply(reply.history, text) }
      case 'summary':
        return { page: soFarPath, shown: soFarReply(reply.summary, text) }
      case 'summary_posted': {
        const { id, outcome } = reply.posted
        return { page: `/summaries/${id}?outcome=${outcome}`, shown: postedReply(reply.posted, text) }
      }
      case 'summary_settings':
        return { page: '/summaries#settings', shown: settingsReply(reply.setup, reply.mayChange, text) }
      case 'help':
        return { page: '/help', shown: html`<h2>${text.console.help}</h2>${helpText(site.commands, text)}` }
    }
  }

  function done(c: Context, actor: Actor, page: string, parts: string): Response | Promise<Response> {
    if (!wantsParts(c)) return c.redirect(page, 303)
    // The page around a new person was for somebody without a name; a reply on it would be gone with it.
    if (actor.isNew && parts === '') c.header('HX-Refresh', 'true')
    else if (actor.isNew) c.header('HX-Redirect', page)
    c.header('HX-Trigger', 'said')
    return c.html(`${partial('#say-problem', 'innerHTML', html``)}${parts}`)
  }

  async function vote(c: Context, actor: Actor, fields: Fields): Promise<Response> {
    const choice = readChoice(fields.choice)
    const id = (await viewHere(site, c.req.param('id'), actor)).ballot.comparisonId
    if (choice === null) await site.arena.withdraw(id, actor.person)
    else await site.arena.vote(id, actor.person, choice)
    site.live.voted(id, actor.person.id)
    const { ballot, console } = actor.text
    return changed(c, actor, id, choice === null ? console.takenBack : ballot.yourVote(choiceName(choice, actor.text)))
  }

  function lead(step: 'stop' | 'reveal'): Act {
    return async (c, actor) => {
      const id = (await viewHere(site, c.req.param('id'), actor)).ballot.comparisonId
      await site.arena[step](id, actor.person)
      site.live.changed(id)
      return changed(c, actor, id, '')
    }
  }

  /** The comparison as it is now, for the page the button was on. */
  async function changed(c: Context, actor: Actor, id: string, receipt: string): Promise<Response> {
    if (!wantsParts(c)) return c.redirect(`/c/${id}`, 303)
    if (actor.isNew) c.header('HX-Refresh', 'true')
    const view = await site.arena.view(id, actor.person)
    const parts = partsOf(view, actor, frameOf(site)).filter(part => !part.id.startsWith('a-'))
    const swaps = parts.map(part => partial(`#${part.id}`, 'outerMorph', part.content))
    return c.html(`${swaps.join('')}${partial(`#n-${id}`, 'innerHTML', html`${receipt}`)}`)
  }

  async function rename(c: Context, actor: Actor, fields: Fields): Promise<Response> {
    if (!actor.isNew) await site.viewers.rename(actor.person, fields.name ?? '')
    return c.redirect('/', 303)
  }

  async function becomeOwner(c: Context): Promise<Response> {
    const fields = await fieldsOf(c)
    const viewer = await site.viewers.of(c)
    const { text } = viewer
    const title = text.console.ownerTitle
    const token = c.req.param('token') ?? ''
    const dead = () =>
      showPage(site, c, viewer, {
        title,
        place: null,
        content: notice(title, text.console.ownerDead, text),
        status: 410,
      })
    if (!(await isOwnerLink(site, token))) return dead()
    try {
      const person = viewer.person ?? (await site.viewers.join(c, fields.name ?? ''))
      if (!(await spendOwnerLink(site, token, person))) return dead()
      await site.viewers.makeAdmin(person)
      return c.redirect('/connect', 303)
    } catch (thrown) {
      const error = asFaceoffError(thrown)
      if (error.kind !== 'user') throw thrown
      const content = askOwner(viewer, token, sentenceFor(error.problem, text))
      return showPage(site, c, viewer, { title, place: null, content, status: 422 })
    }
  }

  async function speak(c: Context): Promise<Response> {
    const fields = await fieldsOf(c)
    const locale = locales.find(known => known === fields.language)
    if (locale) site.viewers.speak(c, locale)
    return c.redirect(ownPath(fields.back), 303)
  }

  async function enter(c: Context): Promise<Response> {
    const fields = await fieldsOf(c)
    const viewer = await site.viewers.of(c)
    const { text } = viewer
    const back = ownPath(fields.back)
    const outcome = await site.password.enter(c, fields.password ?? '')
    if (outcome === 'granted') return c.redirect(back, 303)
    const [status, problem] =
      outcome === 'wrong'
        ? ([401, text.console.passwordWrong] as const)
        : ([429, text.console.passwordWait(outcome.waitSeconds)] as const)
    const content = askPassword(text, back, problem)
    return showPlainPage(site, c, viewer, { title: text.console.passwordTitle, content, status })
  }

  async function sayRefused({ c, viewer, fields, problem }: Refusal): Promise<Response> {
    if (wantsParts(c)) return c.html(partial('#say-problem', 'innerHTML', html`${problem}`), 422)
    const page = await pageOf(site, viewer, undefined)
    return showArena(site, c, viewer, { ...page, live: true, attempt: { problem, fields } })
  }

  async function compareRefused({ c, viewer, fields, problem }: Refusal): Promise<Response> {
    if (wantsParts(c)) return c.html(partial('#compare-problem', 'innerHTML', html`${problem}`), 422)
    const kept = { ...fields, blind: fields.blind ?? 'no' }
    const content = compareForm(viewer, choicesOf(site), { problem, fields: kept }, false)
    return showPage(site, c, viewer, { title: viewer.text.console.form.title, place: 'arena', content, status: 422 })
  }

  async function ballotRefused(refusal: Refusal): Promise<Response> {
    const { c, viewer, problem, code } = refusal
    if (code === 'name_bad' || code === 'name_taken') return nameRefused(refusal)
    const id = idOf(c.req.param('id'))
    if (id === undefined || !wantsParts(c)) return showTrouble(site, c, viewer, problem, statusOf(code))
    return c.html(partial(`#n-${id}`, 'innerHTML', html`${problem}`), statusOf(code))
  }

  async function nameRefused({ c, viewer, fields, problem }: Refusal): Promise<Response> {
    return askForName(site, c, viewer, fields, problem)
  }
}

/** Does it as the person of this browser. What a person can put right is answered by `refused`. */
export function acting(site: Site, act: Act, refused: (refusal: Refusal) => Promise<Response>): Handler {
  return async c => {
    const fields = await fieldsOf(c)
    const viewer = await site.viewers.of(c)
    // A name that was accepted stays, even if what was to be done with it was refused.
    let known = viewer
    try {
      const isNew = viewer.person === null
      if (isNew && fields.name === undefined) return askForName(site, c, viewer, fields, null)
      const person = viewer.person ?? (await site.viewers.join(c, fields.name ?? ''))
      known = { ...viewer, person }
      return await act(c, { ...viewer, person, isNew }, fields)
    } catch (thrown) {
      const { kind, problem } = asFaceoffError(thrown)
      if (kind !== 'user') throw thrown
      return refused({ c, viewer: known, fields, problem: sentenceFor(problem, viewer.text), code: problem.code })
    }
  }
}

/** In a dialog over the page, or as a page; either way its form goes on with what was to be done. */
function askForName(
  site: Site,
  c: Context,
  viewer: Viewer,
  fields: Fields,
  problem: string | null,
): Response | Promise<Response> {
  const to = { action: c.req.path, fields, problem }
  if (wantsParts(c)) return c.html(partial('#dialog', 'innerHTML', askName(viewer, to, true)))
  const { chooseName, changeName } = viewer.text.console
  const title = viewer.person ? changeName : chooseName
  const status = problem === null ? 200 : 422
  return showPage(site, c, viewer, { title, place: 'name', content: askName(viewer, to, false), status })
}

/** null: takes the vote back. */
function readChoice(given = ''): Choice | null {
  if (given === 'none') return null
  const choice = [...labels, 'tie' as const, 'both_bad' as const].find(known => known === given)
  if (choice === undefined) throw new FaceoffError({ code: 'choice_not_open', choice: given.slice(0, 20) })
  return choice
}

function statusOf(code: ProblemCode): Status {
  if (code === 'comparison_missing') return 404
  if (code === 'not_asker_nor_admin') return 403
  return 409
}
