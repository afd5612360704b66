/** Past comparisons: the page with its search form, and the reply to `/history`. */
import { categories } from '../../core/comparison.ts'
import type { History, HistoryEntry } from '../../core/history.ts'
import { historyFacts } from '../../core/history-text.ts'
import type { ModelId } from '../../core/model.ts'
import type { Text } from '../../core/text/index.ts'
import { type Html, html, raw } from '../html.ts'

/** The fields of the form, as an address gives them. */
export type HistoryFields = Readonly<Record<'words' | 'model' | 'category' | 'person' | 'since' | 'until', string>>

export function historyPage(
  history: History,
  fields: HistoryFields,
  models: readonly { id: ModelId; name: string }[],
  text: Text,
): Html {
  const { title, more } = text.history
  const next = history.more === null ? '' : new URLSearchParams({ ...filled(fields), before: history.more }).toString()
  return html`<div class="board"><h1>${title}</h1>
${form(fields, models, text)}
${entries(history.entries, text)}
${next === '' ? '' : html`<p><a class="button plain" href="/history?${next}">${more}</a></p>`}
</div>`
}

export function historyReply(history: History, text: Text): Html {
  return html`<h2>${text.history.title}</h2>${entries(history.entries, text)}
<p><a class="button plain" href="/history">${text.history.wholePage}</a></p>`
}

function filled(fields: HistoryFields): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ''))
}

function form(fields: HistoryFields, models: readonly { id: ModelId; name: string }[], text: Text): Html {
  const { history, leaderboard, categories: names } = text
  const selected = (is: boolean) => (is ? raw(' selected') : '')
  return html`<form class="filters" action="/history" role="search">
<label>${history.words}<input type="search" name="words" value="${fields.words}"></label>
<label>${text.rating.model}<select name="model"><option value="">${history.any}</option>${models.map(({ id, name }) => html`<option value="${id}"${selected(id === fields.model)}>${name}</option>`)}</select></label>
<label>${leaderboard.category}<select name="category"><option value="">${history.any}</option>${categories.map(category => html`<option value="${category}"${selected(category === fields.category)}>${names[category]}</option>`)}</select></label>
<label>${history.person}<input name="person" value="${fields.person}"></label>
<label>${history.since}<input type="date" name="since" value="${fields.since}"></label>
<label>${history.until}<input type="date" name="until" value="${fields.until}"></label>
<button class="primary">${history.find}</button>
</form>`
}

function entries(found: readonly HistoryEntry[], text: Text): Html {
  if (found.length === 0) return html`<p>${text.history.nothing}</p>`
  return html`<ul class="history">${found.map(entry => html`<li><a href="/c/${entry.comparisonId}">${entry.prompt}</a><p class="basis">${historyFacts(entry, text)}</p></li>`)}</ul>`
}
