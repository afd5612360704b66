/** The channel: comparisons as messages, the newest at the bottom, and the composer below them. */
import type { Command, Option } from '../../core/command.ts'
import type { ComparisonView } from '../../core/comparing.ts'
import { categories, labels } from '../../core/comparison.ts'
import type { Model, ModelId } from '../../core/model.ts'
import { formatPrice } from '../../core/text/format.ts'
import type { Text } from '../../core/text/index.ts'
import { type Html, html, raw } from '../html.ts'
import { nameLimit, type Viewer } from '../viewer.ts'
import { article, type Frame } from './comparison.ts'

/** What is compared by default, and what else could be. */
export type Choices = { models: readonly Model[]; defaults: readonly ModelId[] }

/** What somebody typed, kept when it could not be done. */
export type Attempt = { problem: string; fields: Readonly<Record<string, string>> }

export function arena(page: {
  views: readonly ComparisonView[]
  /** Where earlier comparisons go on; null: there are none. */
  earlierThan: string | null
  viewer: Viewer
  frame: Frame
  commands: readonly Command[]
  choices: Choices
  attempt: Attempt | null
  /** False on a page of earlier comparisons. */
  live: boolean
}): Html {
  const { text } = page.viewer
  const newest = page.views.at(-1)?.ballot.comparisonId ?? ''
  return html`<header class="channel"><h1># arena</h1><p>${text.console.topic}</p></header>
<div class="scroller">
<div class="feed" id="feed">
${page.earlierThan ? earlierLink(page.earlierThan, text) : ''}
${page.live ? welcome(text, page.commands) : ''}
${page.views.map(view => article(view, page.viewer, page.frame))}
</div>
</div>
${page.live ? html`<div id="live" hx-sse:connect="/events?since=${newest}" hx-swap="none" hidden></div>` : html`<p class="back"><a href="/">${text.console.toNewest}</a></p>`}
${composer(page)}`
}

/** Earlier comparisons, in the place of the link that asked for them. */
export function earlier(
  views: readonly ComparisonView[],
  earlierThan: string | null,
  viewer: Viewer,
  frame: Frame,
): Html {
  return html`${earlierThan ? earlierLink(earlierThan, viewer.text) : ''}${views.map(view => article(view, viewer, frame))}`
}

export function compareForm(viewer: Viewer, choices: Choices, attempt: Attempt | null, inDialog: boolean): Html {
  const { text } = viewer
  const { form } = text.console
  const fields = attempt?.fields ?? {}
  const chosen = new Set(fields.models?.split(',') ?? choices.defaults)
  const cancel = html`<button class="plain" type="button" data-close>${text.console.close}</button>`
  return html`<form class="form" method="post" action="/compare" hx-post="/compare" hx-swap="none">
<h2 id="compare-title">${form.title}</h2>
${viewer.person ? '' : nameField(fields.name ?? '', text)}
<label>${form.prompt}<textarea name="prompt" rows="6" required data-prompt>${fields.prompt ?? ''}</textarea></label>
<fieldset><legend>${form.models(labels.length)}</legend><div class="model-choices">${choices.models.map(model => modelChoice(model, chosen.has(model.id), text))}</div></fieldset>
<div class="row"><label>${form.category}<select name="category"><option value="">${form.noCategory}</option>${categories.map(
    category =>
      html`<option value="${category}"${fields.category === category ? raw(' selected') : ''}>${text.categories[category]}</option>`,
  )}</select></label>
<label class="switch"><input type="checkbox" name="blind" value="yes"${fields.blind === 'no' ? '' : raw(' checked')}> <span>${form.blind}</span></label></div>
<p class="problem" id="compare-problem" role="alert">${attempt?.problem ?? ''}</p>
<p class="buttons">${inDialog ? cancel : ''}<button class="primary">${form.submit}</button></p>
</form>`
}

export function nameField(value: string, text: Text): Html {
  return html`<label class="name-field">${text.console.yourName}<input name="name" value="${value}" maxlength="${nameLimit}" autocomplete="nickname" required></label>`
}

/** A reply that only one person sees: it is on their page, and nowhere else. */
export function ephemeral(content: Html, text: Text): Html {
  return html`<aside class="ephemeral"><p class="only-you">${text.console.onlyYou} <button class="quiet" type="button" data-dismiss>${text.console.dismiss}</button></p>${content}</aside>`
}

function earlierLink(before: string, text: Text): Html {
  return html`<p class="earlier" id="earlier"><a class="button plain" href="/?before=${before}" hx-get="/?before=${before}" hx-target="#earlier" hx-swap="outerHTML">${text.console.earlier}</a></p>`
}

function welcome(text: Text, commands: readonly Command[]): Html {
  return html`<section class="welcome"><h2>${text.console.welcomeTitle}</h2><p>${text.help.intro}</p>
<ul>${commands.map(command => html`<li><code>/${command.name}</code> ${command.summary(text)}</li>`)}</ul></section>`
}

function composer(page: {
  viewer: Viewer
  commands: readonly Command[]
  choices: Choices
  attempt: Attempt | null
}): Html {
  const { viewer, choices, attempt } = page
  const { text } = viewer
  return html`<form class="composer" id="composer" method="post" action="/say" hx-post="/say" hx-swap="none" autocomplete="off">
<p class="problem" id="say-problem" role="alert">${attempt?.problem ?? ''}</p>
<ul class="suggestions" id="suggestions" role="listbox" aria-label="${text.console.commands}" hidden>${page.commands.map(command => suggestion(command, text))}</ul>
${viewer.person ? '' : html`<div class="join">${nameField(attempt?.fields.name ?? '', text)}<p>${text.console.nameHint}</p></div>`}
<div class="field">
<textarea id="line" name="line" rows="1" aria-label="${text.console.message}" aria-describedby="composer-hint" placeholder="${text.console.placeholder}">${attempt?.fields.line ?? ''}</textarea>
<a class="button plain options" href="/compare" hx-get="/compare" hx-target="#dialog" hx-swap="innerHTML">${text.console.options}</a>
<button class="primary send">${text.console.send}</button>
</div>
<p class="hint" id="composer-hint">${hint(choices, text)}</p>
</form>`
}

function hint({ models, defaults }: Choices, text: Text): string {
  const names = defaults.map(id => models.find(model => model.id === id)?.name ?? id)
  if (names.length === 0) return text.start.comparingNothing
  return text.console.hint(new Intl.ListFormat(text.locale).format(names))
}

function suggestion(command: Command, text: Text): Html {
  const usage = command.options.map(usageOf).join(' ')
  return html`<li role="option" id="suggest-${command.name}" data-command="${command.name}" aria-selected="false"><b>/${command.name}</b> <span class="usage">${usage}</span><span class="summary">${command.summary(text)}</span></li>`
}

function usageOf(option: Option): string {
  if (option.kind === 'text') return option.required ? option.name : `[${option.name}]`
  return `[${option.name}: …]`
}

function modelChoice(model: Model, isChosen: boolean, text: Text): Html {
  const region = model.region ? text.models.regions[model.region] : text.console.unknownPlace
  return html`<label class="model-choice"><input type="checkbox" name="models" value="${model.id}"${isChosen ? raw(' checked') : ''}> <span><b>${model.name}</b><small>${model.id}</small><small>${text.console.form.price(formatPrice(model.price, text))}</small><small>${text.models.region} ${region}</small></span></label>`
}
