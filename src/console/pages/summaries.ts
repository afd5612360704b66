/** The weekly summaries: the list with the settings, and the replies about both in the channel. */
import type { SummaryRow } from '../../core/ports.ts'
import type { PostOutcome, SummarySetup } from '../../core/summarising.ts'
import {
  momentText,
  settingsLines,
  summaryHeadline,
  type TypedSettings,
  timeText,
  weekdayName,
  weekTitle,
} from '../../core/summary-text.ts'
import { locales, type Text, textFor } from '../../core/text/index.ts'
import { weekdays } from '../../core/week.ts'
import { type Html, html, raw } from '../html.ts'
import { platformChip, soFarPath } from './summary.ts'

/** What could not be done, with what was typed. */
export type SettingsAttempt = { problem: string; typed: TypedSettings }

export type ShownSummaries = {
  own: readonly SummaryRow[]
  /** Of other workspaces; only admins see them. */
  others: readonly SummaryRow[]
  setup: SummarySetup
  mayChange: boolean
  attempt: SettingsAttempt | null
  /** Why this week's could not be posted. */
  postProblem: string | null
  isSaved: boolean
  feed: string
  text: Text
}

export function summariesPage(shown: ShownSummaries): Html {
  const { own, others, setup, attempt, mayChange, feed, text } = shown
  const { summary } = text
  return html`<div class="board weeks"><h1>${summary.all}</h1>
<p class="basis">${linesOf(setup, text)
    .flatMap(({ name, value }) => (name === summary.title || name === '' ? [value] : []))
    .join('. ')}</p>
<p class="downloads"><a href="${soFarPath}">${summary.soFar}</a> · <a href="${feed}">${summary.page.feed}</a>: ${summary.page.feedHint}</p>
${shown.postProblem === null || mayChange ? '' : html`<p class="problem" role="alert">${shown.postProblem}</p>`}
${own.length === 0 ? html`<p>${summary.page.none}</p>` : list(own, text)}
${others.length === 0 ? '' : html`<section><h2>${summary.page.others}</h2>${list(others, text)}</section>`}
${mayChange || attempt !== null ? settingsSection(shown) : ''}
</div>`
}

/** In a chat: what was posted, or that it was before. */
export function postedReply({ outcome, id, week, channel, next }: PostOutcome, text: Text): Html {
  const { summary } = text
  return html`<p>${summary[outcome](`#${channel}`, weekTitle(week, text))}${next === null ? '' : ` ${summary.next(momentText(next, week.timeZone, text))}`}</p>
<p><a class="button plain" href="/summaries/${id}">${summary.wholePage}</a></p>`
}

/** In a chat: the settings as they stand. */
export function settingsReply(setup: SummarySetup, mayChange: boolean, text: Text): Html {
  const { settings } = text.summary
  const lines = linesOf(setup, text)
  return html`<h2>${settings.title}</h2>
<dl class="facts">${lines.filter(({ name }) => name !== '').map(({ name, value }) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>
${lines.filter(({ name }) => name === '').map(({ value }) => html`<p>${value}</p>`)}
<p>${mayChange ? html`<a class="button plain" href="/summaries#settings">${settings.change}</a>` : settings.adminsChange}</p>`
}

/** Without the channel, of which the console has one. */
function linesOf(setup: SummarySetup, text: Text): { name: string; value: string }[] {
  const lines = settingsLines(setup, channel => `#${channel}`, text)
  return lines.filter(({ name }) => name !== text.summary.settings.channel)
}

function list(rows: readonly SummaryRow[], text: Text): Html {
  const entry = ({ id, week, platform, numbers }: SummaryRow) =>
    html`<li><a href="/summaries/${id}">${weekTitle(week, text)}</a>${platform === 'console' ? '' : html` ${platformChip(platform, text)}`}<p class="basis">${numbers === null ? '' : summaryHeadline(numbers, text)}</p></li>`
  return html`<ul class="history">${rows.map(entry)}</ul>`
}

function settingsSection({ setup, attempt, postProblem, isSaved, text }: ShownSummaries): Html {
  const { settings: say, page, next } = text.summary
  const typed = attempt?.typed ?? typedFrom(setup)
  const { timeZone } = setup.settings
  const selected = (is: boolean) => (is ? raw(' selected') : '')
  const option = (value: string, name: string, chosen: string) =>
    html`<option value="${value}"${selected(value === chosen)}>${name}</option>`
  const saved = setup.next === null ? say.saved : `${say.saved} ${next(momentText(setup.next, timeZone, text))}`
  return html`<section id="settings"><h2>${say.title}</h2>
${isSaved ? html`<p class="receipt" role="status">${saved}</p>` : ''}
<form class="form" method="post" action="/summaries/settings">
<div class="settings">
<label>${say.day}<select name="day">${option('never', say.never, typed.day)}${weekdays.map(day => option(String(day), weekdayName(day, text), typed.day))}</select></label>
<label>${say.time}<input type="time" name="time" value="${typed.time}" required></label>
<label>${say.timeZone}<input name="timeZone" value="${typed.timeZone}" list="time-zones" autocomplete="off" spellcheck="false" required></label>
<label>${say.language}<select name="locale">${locales.map(locale => option(locale, textFor(locale).language, typed.locale))}</select></label>
<label>${say.quietWeeks}<select name="quietWeeks">${(['post', 'skip'] as const).map(value => option(value, say.quiet[value], typed.quietWeeks))}</select></label>
</div>
<datalist id="time-zones">${Intl.supportedValuesOf('timeZone').map(zone => html`<option value="${zone}"></option>`)}</datalist>
<p class="problem" role="alert">${attempt?.problem ?? ''}</p>
<p class="buttons"><button class="primary">${say.save}</button></p>
</form>
<form class="form" method="post" action="/summaries/post">
<p class="basis">${page.postNowHint}</p>
<p class="problem" role="alert">${postProblem ?? ''}</p>
<p class="buttons"><button>${page.postNow}</button></p>
</form></section>`
}

function typedFrom({ settings }: SummarySetup): TypedSettings {
  const { enabled, weekday, minuteOfDay, timeZone, channel, locale, quietWeeks } = settings
  return {
    day: enabled ? String(weekday) : 'never',
    time: timeText(minuteOfDay),
    timeZone,
    channel: channel ?? '',
    locale,
    quietWeeks,
  }
}
