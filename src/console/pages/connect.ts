/** For admins: what is connected, what is missing, and exactly what to set for it. */
import type { Text } from '../../core/text/index.ts'
import {
  type Connections,
  discordInvite,
  discordVariables,
  keyPages,
  type ProviderConnection,
  slackVariables,
} from '../connections.ts'
import { type Html, html } from '../html.ts'

export function connectPage({ connections, text }: { connections: Connections; text: Text }): Html {
  const { connect } = text.console
  const on = connections.providers.filter(provider => provider.on)
  const off = connections.providers.filter(provider => !provider.on)
  return html`<h1>${text.console.connectTitle}</h1>
<p>${connect.intro}</p>
<section aria-labelledby="models-h"><h2 id="models-h">${connect.providers}</h2>
<ul class="cards">${[...on, ...off].map(provider => providerCard(provider, text))}</ul>
<p>${connect.ownProvider}</p></section>
<section aria-labelledby="slack-h"><h2 id="slack-h">Slack ${state(isConnected(slackVariables, connections), text)}</h2>
<p>${connect.slackHow}</p>
${ways(slackVariables, connections, text)}
${copyBox('slack-manifest', connect.slackManifest, connections.slackManifest(text), text)}</section>
<section aria-labelledby="discord-h"><h2 id="discord-h">Discord ${state(connections.platformVariables.has('DISCORD_TOKEN'), text)}</h2>
<p>${connect.discordHow}</p>
${ways(discordVariables, connections, text)}
${
  connections.discordApplicationId
    ? copyBox('discord-invite', connect.discordInvite, discordInvite(connections.discordApplicationId), text)
    : html`<p class="missing">${connect.discordMissing}</p>`
}</section>
<section aria-labelledby="base-h"><h2 id="base-h">${connect.base}</h2>
<dl class="facts">
<dt>${connect.database}</dt><dd>${connections.database === 'postgres' ? connect.postgres : connect.embedded} ${locked('DATABASE_URL', connections.database === 'postgres', text)}</dd>
<dt>${connect.queue}</dt><dd>${connections.queue === 'redis' ? connect.redis : connect.queueOnDatabase} ${locked('REDIS_URL', connections.queue === 'redis', text)}</dd>
${connections.settings.map(({ variable, value }) => html`<dt><code>${variable}</code></dt><dd>${value ?? connect.notSet} ${locked(variable, value !== null, text)}</dd>`)}
</dl></section>`
}

function providerCard(provider: ProviderConnection, text: Text): Html {
  const { connect } = text.console
  const { keyVariable, baseUrlVariable, host, region } = provider
  const keyPage = keyPages[provider.id]
  const where = region
    ? `${text.models.region} ${text.models.regions[region]}`
    : `${text.models.region} ${text.console.unknownPlace}`
  const variable = keyVariable ?? baseUrlVariable
  return html`<li class="card ${provider.on ? 'is-on' : 'is-off'}"><h3>${provider.name} <span class="chip ${provider.on ? 'good' : ''}">${provider.on ? connect.on : connect.off}</span></h3>
<p>${host ? html`<code>${host}</code> · ` : ''}${where}</p>
${variable ? html`<p>${provider.on && keyVariable ? locked(keyVariable, true, text) : html`${connect.set} <code>${variable}</code>`}${keyVariable && baseUrlVariable ? html` <small>${connect.elsewhere} <code>${baseUrlVariable}</code></small>` : ''}</p>` : ''}
${!provider.on && keyPage ? html`<p><a href="${keyPage}" target="_blank" rel="noopener noreferrer">${keyVariable ? connect.getKey : connect.getProgram}</a></p>` : ''}</li>`
}

function ways(alternatives: readonly (readonly string[])[], { platformVariables }: Connections, text: Text): Html {
  const { connect } = text.console
  return html`<ul class="ways">${alternatives.map(
    variables =>
      html`<li>${variables.map(
        name =>
          html`<span class="variable ${platformVariables.has(name) ? 'good' : ''}"><code>${name}</code> ${platformVariables.has(name) ? `🔒 ${connect.isSet}` : connect.notSet}</span> `,
      )}</li>`,
  )}</ul>`
}

/** A setting that the environment or a file decides is shown, not offered. */
function locked(variable: string, isSet: boolean, text: Text): Html {
  if (!isSet) return html``
  return html`<span class="locked" title="${text.console.connect.lockedWhy}">🔒 ${text.console.connect.locked(variable)}</span>`
}

function state(isOn: boolean, { console: { connect } }: Text): Html {
  return html`<span class="chip ${isOn ? 'good' : ''}">${isOn ? connect.on : connect.off}</span>`
}

function isConnected(ways: readonly (readonly string[])[], { platformVariables }: Connections): boolean {
  return ways.some(variables => variables.every(name => platformVariables.has(name)))
}

function copyBox(id: string, title: string, content: string, text: Text): Html {
  return html`<div class="copy-box"><h3 id="${id}-h">${title} <button class="plain" type="button" data-copy-from="${id}" data-copied="${text.console.copied}" hidden>${text.console.copy}</button></h3><pre id="${id}" tabindex="0" role="group" aria-labelledby="${id}-h"><code>${content}</code></pre></div>`
}
