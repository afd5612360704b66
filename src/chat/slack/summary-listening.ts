/** The settings of the weekly summary on Slack: the button that opens their form, and the form. */
import type { App, BlockAction, ButtonAction } from '@slack/bolt'
import type { Arena } from '../../core/arena.ts'
import { asFaceoffError, FaceoffError } from '../../core/errors.ts'
import { sentenceFor, textFor } from '../../core/text/index.ts'
import type { Log } from '../../log.ts'
import type { SlackApi } from './api.ts'
import type { Members } from './members.ts'
import { teamIn } from './place.ts'
import { savedView, settingsFieldOf, settingsForm, settingsFrom, summaryForm } from './summary-form.ts'
import { said } from './telling.ts'

export type SummaryListeningParts = { api: SlackApi; arena: Pick<Arena, 'summaries'>; members: Members; log: Log }

export function listenForSummaries(app: App, { api, arena, members, log }: SummaryListeningParts): void {
  app.action<BlockAction<ButtonAction>>(summaryForm, async ({ ack, body, respond, context }) => {
    await ack()
    const team = teamIn(context, body.team?.id)
    const { person, locale, workspaceId } = await members.known(team, body.user.id, body.user.name)
    const text = textFor(locale)
    try {
      if (!person.admin) throw new FaceoffError({ code: 'admins_only' })
      const view = settingsForm(await arena.summaries.settings(workspaceId), text)
      await api.call(team, {
        method: 'views.open',
        urgency: 'now',
        ask: client => client.views.open({ trigger_id: body.trigger_id, view }),
      })
    } catch (thrown) {
      const error = asFaceoffError(thrown)
      if (error.kind !== 'user') log.warn({ err: error }, 'form not opened')
      await respond({ response_type: 'ephemeral', replace_original: false, ...said(sentenceFor(error.problem, text)) })
    }
  })

  app.view(summaryForm, async ({ ack, body, view, context }) => {
    const team = teamIn(context, body.team?.id)
    const { person, locale, workspaceId } = await members.known(team, body.user.id, body.user.name)
    const text = textFor(locale)
    try {
      const wished = settingsFrom(view.state.values, await arena.summaries.settings(workspaceId))
      const setup = await arena.summaries.change(workspaceId, person, wished)
      await ack({ response_action: 'update', view: savedView(setup, text) })
    } catch (thrown) {
      const error = asFaceoffError(thrown)
      if (error.kind !== 'user') log.warn({ err: error }, 'settings not changed')
      const errors = { [settingsFieldOf(error.problem)]: sentenceFor(error.problem, text) }
      await ack({ response_action: 'errors', errors })
    }
  })
}
