/** What can be compared: the page, and the reply to `/models`. */
import type { ModelEntry } from '../../core/arena.ts'
import { formatContext, formatDay, formatPrice } from '../../core/text/format.ts'
import { sentenceFor, type Text } from '../../core/text/index.ts'
import { type Html, html } from '../html.ts'

export function modelTable(entries: readonly ModelEntry[], text: Text): Html {
  const { models } = text
  if (entries.length === 0) return html`<p>${text.start.comparingNothing}</p>`
  return html`<div class="scroll" tabindex="0"><table class="models">
<thead><tr><th scope="col">${models.model}</th><th scope="col">${models.price}</th><th scope="col">${models.region}</th><th scope="col">${models.context}</th><th scope="col">${models.health}</th></tr></thead>
<tbody>${entries.map(entry => row(entry, text))}</tbody>
</table></div>`
}

function row({ model, health, byDefault }: ModelEntry, text: Text): Html {
  const { models } = text
  const isPriced = model.price !== null && (model.price.input > 0 || model.price.output > 0)
  return html`<tr><th scope="row">${model.name} ${byDefault ? html`<span class="chip">${models.byDefault}</span>` : ''}<code>${model.id}</code></th>
<td>${formatPrice(model.price, text)}${isPriced && model.price ? html`<small title="${model.price.source}">${models.pricedOn(formatDay(model.price.asOf, text))}</small>` : ''}</td>
<td>${model.region ? models.regions[model.region] : text.results.unknown}</td>
<td>${formatContext(model.contextTokens, text)}</td>
<td>${healthOf({ model, health }, text)}</td></tr>`
}

function healthOf({ model, health }: Pick<ModelEntry, 'model' | 'health'>, text: Text): Html {
  if (!health.ok) return html`<span class="bad">${sentenceFor({ code: health.failure }, text)}</span>`
  const name = model.id.slice(model.provider.length + 1)
  if (health.offered !== null && !health.offered.includes(name))
    return html`<span class="bad">${text.models.notOffered}</span>`
  return html`<span class="good">${text.models.healthy}</span>`
}
