/** The form for a workspace's summaries, and the way back from what somebody filled in. */
import type { types } from '@slack/bolt'
import { z } from 'zod'
import type { Problem } from '../../core/errors.ts'
import type { SummarySetup } from '../../core/summarising.ts'
import type { SummarySettings } from '../../core/summary.ts'
import { readSettings, settingsLines, timeText, weekdayName } from '../../core/summary-text.ts'
import { locales, type Text, textFor } from '../../core/text/index.ts'
import { weekdays } from '../../core/week.ts'
import { slackEscape } from '../markdown/index.ts'
import { plain } from './forms.ts'
import { section } from './messages.ts'

/** The id of the form, and of the button that opens it. */
export const summaryForm = 'summary'

export function settingsForm(now: SummarySettings, text: Text): types.ModalView {
  const { settings: words } = text.summary
  const { enabled, weekday, minuteOfDay, timeZone, channel, locale, quietWeeks } = now
  const option = (value: string, label: string) => ({ text: plain(label, 75), value })
  const days = [...weekdays.map(day => option(String(day), weekdayName(day, text))), option('never', words.never)]
  const languages = locales.map(known => option(known, textFor(known).language))
  const quiet = (['post', 'skip'] as const).map(value => option(value, words.quiet[value]))
  const chosen = <Option extends { value: string }>(options: readonly Option[], value: string) => {
    const found = options.find(one => one.value === value)
    return found === undefined ? {} : { initial_option: found }
  }
  const input = (
    id: string,
    label: string,
    element: types.InputBlock['element'],
    more: object = {},
  ): types.InputBlock => ({
    type: 'input',
    block_id: id,
    label: plain(label),
    element,
    ...more,
  })
  return {
    type: 'modal',
    callback_id: summaryForm,
    title: plain(text.summary.title, 24),
    submit: plain(words.save, 24),
    close: plain(words.cancel, 24),
    blocks: [
      input(
        'channel',
        words.channel,
        {
          type: 'conversations_select',
          action_id: 'value',
          filter: { include: ['public', 'private'], exclude_bot_users: true },
          ...(channel !== null && { initial_conversation: channel }),
        },
        { optional: true, hint: plain(words.busiestHint, 2_000) },
      ),
      input('day', words.day, {
        type: 'static_select',
        action_id: 'value',
        options: days,
        ...chosen(days, enabled ? String(weekday) : 'never'),
      }),
      input('time', words.time, { type: 'timepicker', action_id: 'value', initial_time: timeText(minuteOfDay) }),
      input(
        'zone',
        words.timeZone,
        { type: 'plain_text_input', action_id: 'value', max_length: 60, initial_value: timeZone },
        { hint: plain(words.timeZoneHint, 2_000) },
      ),
      input('language', words.language, {
        type: 'static_select',
        action_id: 'value',
        options: languages,
        ...chosen(languages, locale),
      }),
      input('quiet', words.quietWeeks, {
        type: 'radio_buttons',
        action_id: 'value',
        options: quiet,
        ...chosen(quiet, quietWeeks),
      }),
    ],
  }
}

/** What stands now, after a change. */
export function savedView(setup: SummarySetup, text: Text): types.ModalView {
  return {
    type: 'modal',
    title: plain(text.summary.title, 24),
    close: plain(text.console.close, 24),
    blocks: [section([text.summary.settings.saved, ...settingsMrkdwn(setup, text)].join('\n'))],
  }
}

export function settingsMrkdwn(setup: SummarySetup, text: Text): string[] {
  return settingsLines(setup, channel => channel, text).map(({ name, value }) => {
    // A channel's id is shown as its name.
    const shown = slackEscape(value).replace(/\b[CG][A-Z0-9]{6,}\b/, id => `<#${id}>`)
    return name === '' ? shown : `*${slackEscape(name)}*: ${shown}`
  })
}

const values = z.record(
  z.string(),
  z.object({
    value: z.looseObject({
      value: z.string().nullish(),
      selected_option: z.looseObject({ value: z.string() }).nullish(),
      selected_conversation: z.string().nullish(),
      selected_time: z.string().nullish(),
    }),
  }),
)

/** Throws `time_bad`, `time_zone_unknown` or `option_bad`. */
export function settingsFrom(state: unknown, now: SummarySettings): SummarySettings {
  const given = values.parse(state)
  const chosen = (name: string) => given[name]?.value.selected_option?.value ?? ''
  return readSettings(
    {
      day: chosen('day'),
      time: given.time?.value.selected_time ?? '',
      timeZone: given.zone?.value.value ?? '',
      channel: given.channel?.value.selected_conversation ?? '',
      locale: chosen('language'),
      quietWeeks: chosen('quiet'),
    },
    now,
  )
}

/** The field beside which a problem is shown. */
export function settingsFieldOf({ code }: Problem): 'time' | 'zone' | 'day' {
  if (code === 'time_bad') return 'time'
  return code === 'time_zone_unknown' ? 'zone' : 'day'
}
