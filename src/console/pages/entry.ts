/** The small pages with one thing to do: choose a name, give the password, become the admin, read what is wrong. */
import type { Text } from '../../core/text/index.ts'
import { type Html, html } from '../html.ts'
import type { Viewer } from '../viewer.ts'
import { nameField } from './arena.ts'

/**
 * Asks for a name and then goes on with what was to be done: `action` gets the same fields again, and the name.
 */
export function askName(
  viewer: Viewer,
  to: { action: string; fields: Readonly<Record<string, string>>; problem: string | null },
  inDialog: boolean,
): Html {
  const { text } = viewer
  const hidden = Object.entries(to.fields).filter(([name]) => name !== 'name')
  const current = to.fields.name ?? viewer.person?.name ?? ''
  const title = viewer.person ? text.console.changeName : text.console.chooseName
  return html`<form class="form" method="post" action="${to.action}">
${inDialog ? html`<h2>${title}</h2>` : html`<h1>${title}</h1>`}
<p>${text.console.nameHint}</p>
${hidden.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
${nameField(current, text)}
<p class="problem" role="alert">${to.problem ?? ''}</p>
<p class="buttons">${inDialog ? html`<button class="plain" type="button" data-close>${text.console.close}</button>` : ''}<button class="primary">${text.console.proceed}</button></p>
</form>`
}

export function askPassword(text: Text, back: string, problem: string | null): Html {
  return html`<form class="form" method="post" action="/password"><h1>${text.console.passwordTitle}</h1>
<input type="hidden" name="back" value="${back}">
<label>${text.console.password}<input type="password" name="password" autocomplete="current-password" required></label>
<p class="problem" role="alert">${problem ?? ''}</p>
<p class="buttons"><button class="primary">${text.console.proceed}</button></p></form>`
}

/** A button, not the visit, spends the link: whoever previews links would spend it otherwise. */
export function askOwner(viewer: Viewer, token: string, problem: string | null): Html {
  const { text } = viewer
  return html`<form class="form" method="post" action="/owner/${token}"><h1>${text.console.ownerTitle}</h1>
<p>${text.console.ownerHint}</p>
${viewer.person ? '' : nameField('', text)}
<p class="problem" role="alert">${problem ?? ''}</p>
<p class="buttons"><button class="primary">${text.console.ownerButton}</button></p></form>`
}

export function notice(title: string, sentence: string, text: Text): Html {
  return html`<section class="notice"><h1>${title}</h1><p>${sentence}</p><p><a class="button plain" href="/">${text.console.toArena}</a></p></section>`
}
