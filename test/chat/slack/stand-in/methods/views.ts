import { problemsOfView } from '../blocks.ts'
import { isJson, type Json, string } from '../json.ts'
import type { Trigger, View } from '../model.ts'
import { Refusal, refusal } from '../refusal.ts'
import type { State } from '../state.ts'
import { type Method, type Request, structured, viewAsJson } from './request.ts'

function givenView(request: Request, type: View['type']): Json {
  const view = structured(request.args, 'view')
  if (!isJson(view)) throw new Refusal('invalid_arguments')
  const problems = problemsOfView(view)
  if (view.type !== type) problems.push('unexpected type [json-pointer:/view/type]')
  if (problems.length > 0) throw refusal('invalid_arguments', problems)
  if (JSON.stringify(view).length > 250_000) throw new Refusal('view_too_large')
  return view
}

function spend(request: Request): Trigger & { id: string } {
  const id = string(request.args.trigger_id)
  const trigger = request.state.triggers.get(id)
  if (trigger === undefined || trigger.team !== request.workspace.id) throw new Refusal('invalid_trigger_id')
  if (trigger.used) throw new Refusal('exchanged_trigger_id')
  if (request.state.clock.now - trigger.at > 3000) throw new Refusal('expired_trigger_id')
  trigger.used = true
  return { ...trigger, id }
}

/** Opened by a method, or by the answer to a submission. */
export function openView(
  state: State,
  view: Pick<View, 'team' | 'user' | 'type' | 'given' | 'triggerId'>,
  below?: View,
): View {
  const id = state.id('V')
  const opened: View = {
    ...view,
    id,
    hash: state.id('h'),
    rootId: below?.rootId ?? id,
    previousId: below?.id,
    values: {},
    versions: 1,
    open: true,
  }
  state.views.push(opened)
  return opened
}

export function replaceView(state: State, view: View, given: Json): void {
  view.given = given
  view.hash = state.id('h')
  view.versions += 1
}

function checkExternalId(request: Request, given: Json, but?: View): void {
  const id = string(given.external_id)
  const taken = request.state.views.some(
    each =>
      each !== but && each.open && id !== '' && each.team === request.workspace.id && each.given.external_id === id,
  )
  if (taken) throw new Refusal('duplicate_external_id')
}

function checkHash(request: Request, view: View): void {
  const hash = string(request.args.hash)
  if (hash !== '' && hash !== view.hash) throw new Refusal('hash_conflict')
}

export const views: Record<string, Method> = {
  'views.open': {
    scopes: [],
    run(request) {
      const given = givenView(request, 'modal')
      checkExternalId(request, given)
      const { team, user, id } = spend(request)
      const view = openView(request.state, { team, user, type: 'modal', given, triggerId: id })
      return { view: viewAsJson(request, view) }
    },
  },
  'views.push': {
    scopes: [],
    run(request) {
      const given = givenView(request, 'modal')
      checkExternalId(request, given)
      const { team, user, id, viewId } = spend(request)
      const below = request.state.views.find(each => each.id === viewId && each.open)
      if (below === undefined) throw new Refusal('not_found')
      const stack = request.state.views.filter(each => each.rootId === below.rootId && each.open)
      if (stack.length >= 3) throw new Refusal('push_limit_reached')
      const view = openView(request.state, { team, user, type: 'modal', given, triggerId: id }, below)
      return { view: viewAsJson(request, view) }
    },
  },
  'views.update': {
    scopes: [],
    run(request) {
      const { args, state, workspace } = request
      const given = givenView(request, 'modal')
      const view = state.views.find(
        each =>
          each.team === workspace.id &&
          each.open &&
          each.type === 'modal' &&
          (each.id === args.view_id ||
            (string(args.external_id) !== '' && each.given.external_id === args.external_id)),
      )
      if (view === undefined) throw new Refusal('not_found')
      checkHash(request, view)
      checkExternalId(request, given, view)
      replaceView(state, view, given)
      return { view: viewAsJson(request, view) }
    },
  },
  'views.publish': {
    scopes: [],
    run(request) {
      const { args, state, workspace } = request
      const given = givenView(request, 'home')
      const user = string(args.user_id)
      if (!workspace.users.has(user)) throw new Refusal('user_not_found')
      const shown = state.views.find(each => each.team === workspace.id && each.user === user && each.type === 'home')
      if (shown !== undefined) {
        checkHash(request, shown)
        replaceView(state, shown, given)
        return { view: viewAsJson(request, shown) }
      }
      const view = openView(state, { team: workspace.id, user, type: 'home', given, triggerId: undefined })
      return { view: viewAsJson(request, view) }
    },
  },
}
