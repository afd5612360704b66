/** What can be typed here: the page, and the reply to `/help`. */
import type { Command } from '../../core/command.ts'
import type { Text } from '../../core/text/index.ts'
import { type Html, html } from '../html.ts'

export function helpText(commands: readonly Command[], text: Text): Html {
  const { help } = text
  const choosing = commands.filter(command => command.options.length > 0)
  return html`<p>${help.intro}</p>
<dl class="commands">${commands.map(command => html`<dt><code>/${command.name}</code></dt><dd>${command.summary(text)}</dd>`)}</dl>
<pre tabindex="0"><code>${help.example}</code></pre>
<pre tabindex="0"><code>${help.exampleFull}</code></pre>
<h3>${help.optionsTitle}</h3>
${choosing.map(
  ({ name, options }) => html`<h4><code>/${name}</code></h4>
<dl class="commands">${options.map(option => html`<dt><code>${option.name}</code></dt><dd>${option.summary(text)}</dd>`)}</dl>`,
)}
<h3>${help.votingTitle}</h3>
<p>${help.voting}</p>`
}
