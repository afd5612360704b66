/** The form for a workspace's summaries. Discord allows five fields: time and zone share one, "never" is a day. */
import {
  type APIModalInteractionResponseCallbackData,
  ButtonStyle,
  ChannelType,
  ComponentType,
  type ModalSubmitFields,
  SelectMenuDefaultValueType,
  TextInputStyle,
} from 'discord.js'
import type { SummarySettings } from '../../core/summary.ts'
import { readSettings, timeText, weekdayName } from '../../core/summary-text.ts'
import { locales, type Text, textFor } from '../../core/text/index.ts'
import { weekdays } from '../../core/week.ts'

/** Custom ids: of the button that opens the form, and of the form. */
export const summaryForm = 'summary'

export function changeButton(text: Text) {
  return {
    type: ComponentType.ActionRow,
    components: [
      {
        type: ComponentType.Button,
        style: ButtonStyle.Secondary,
        custom_id: summaryForm,
        label: text.summary.settings.change,
      },
    ],
  } as const
}

export function summaryModal(now: SummarySettings, text: Text): APIModalInteractionResponseCallbackData {
  const { settings: words } = text.summary
  const { enabled, weekday, minuteOfDay, timeZone, channel, locale, quietWeeks } = now
  const option = (value: string, label: string, isDefault: boolean) => ({ value, label, default: isDefault })
  return {
    custom_id: summaryForm,
    title: text.summary.title,
    components: [
      {
        type: ComponentType.Label,
        label: words.channel,
        description: words.busiestHint,
        component: {
          type: ComponentType.ChannelSelect,
          custom_id: 'channel',
          channel_types: [ChannelType.GuildText, ChannelType.GuildAnnouncement],
          required: false,
          min_values: 0,
          max_values: 1,
          ...(channel !== null && { default_values: [{ id: channel, type: SelectMenuDefaultValueType.Channel }] }),
        },
      },
      {
        type: ComponentType.Label,
        label: words.day,
        component: {
          type: ComponentType.StringSelect,
          custom_id: 'day',
          required: true,
          options: [
            ...weekdays.map(day => option(String(day), weekdayName(day, text), enabled && day === weekday)),
            option('never', words.never, !enabled),
          ],
        },
      },
      {
        type: ComponentType.Label,
        label: words.timeAndZone,
        component: {
          type: ComponentType.TextInput,
          custom_id: 'time',
          style: TextInputStyle.Short,
          required: true,
          max_length: 60,
          placeholder: words.timeAndZoneHint,
          value: `${timeText(minuteOfDay)} ${timeZone}`,
        },
      },
      {
        type: ComponentType.Label,
        label: words.language,
        component: {
          type: ComponentType.StringSelect,
          custom_id: 'language',
          required: true,
          options: locales.map(known => option(known, textFor(known).language, known === locale)),
        },
      },
      {
        type: ComponentType.Label,
        label: words.quietWeeks,
        component: {
          type: ComponentType.StringSelect,
          custom_id: 'quiet',
          required: true,
          options: (['post', 'skip'] as const).map(value => option(value, words.quiet[value], value === quietWeeks)),
        },
      },
    ],
  }
}

/** Throws `time_bad`, `time_zone_unknown` or `option_bad`. */
export function settingsIn(fields: ModalSubmitFields, now: SummarySettings): SummarySettings {
  const [, time = '', timeZone = ''] = /^\s*(\S*)\s*(.*)$/.exec(fields.getTextInputValue('time')) ?? []
  return readSettings(
    {
      time,
      timeZone: timeZone.trim() === '' ? now.timeZone : timeZone,
      day: fields.getStringSelectValues('day')[0] ?? '',
      channel: fields.getSelectedChannels('channel')?.first()?.id ?? '',
      locale: fields.getStringSelectValues('language')[0] ?? '',
      quietWeeks: fields.getStringSelectValues('quiet')[0] ?? '',
    },
    now,
  )
}
