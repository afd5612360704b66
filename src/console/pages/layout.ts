/** The frame of every page: the way around, whose browser this is, and what the script needs. */
import type { Locale } from '../../core/text/index.ts'
import { locales, textFor } from '../../core/text/index.ts'
import type { Assets } from '../assets.ts'
import { type Html, html, raw } from '../html.ts'
import type { Viewer } from '../viewer.ts'
import { hueOf, initialsOf } from './comparison.ts'

export type Place = 'arena' | 'leaderboard' | 'summaries' | 'history' | 'models' | 'help' | 'connect' | 'name' | null

export type Shell = { assets: Assets; viewer: Viewer /** Path of this page, to come back to. */; path: string }

// No evaluated code, no injected style, and no waiting of a minute before a lost connection is tried again.
const htmxConfig = JSON.stringify({
  includeIndicatorCSS: false,
  history: false,
  extensions: 'sse',
  sse: { reconnectDelay: 300, reconnectMaxDelay: 5000 },
})

/** A page of the console, with the way around it. */
export function layout(shell: Shell, page: { title: string; place: Place; content: Html; chat?: boolean }): Html {
  const { viewer } = shell
  const { text } = viewer
  return document(
    shell,
    page.title,
    html`<a class="skip" href="#main">${text.console.skip}</a>
<div class="app">
<details class="menu"><summary><span class="brand">${mark()} ${text.appName}</span><span class="menu-label">${text.console.menu}</span></summary>${way(shell, page.place)}</details>
<nav class="sidebar" aria-label="${text.console.menu}"><p class="brand">${mark()} ${text.appName}</p>${way(shell, page.place)}</nav>
<main id="main" class="${page.chat ? 'chat' : 'page'}" tabindex="-1">${page.content}</main>
</div>
<dialog id="dialog" aria-label="${text.console.dialog}"></dialog>
<div id="announcements" class="hidden" role="status"></div>
<p class="trouble" id="trouble" role="alert"></p>
<p class="offline" role="status" hidden>${text.console.offline}</p>`,
  )
}

/** A page before the console: the password, a refusal. */
export function plainPage(shell: Shell, title: string, content: Html): Html {
  return document(
    shell,
    title,
    html`<main id="main" class="plain-page"><p class="brand">${mark()} ${shell.viewer.text.appName}</p>${content}${languages(shell)}</main>`,
  )
}

function document({ assets, viewer }: Shell, title: string, body: Html): Html {
  const { text } = viewer
  return html`<!doctype html>
<html lang="${viewer.locale}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, interactive-widget=resizes-content">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<meta name="htmx-config" content="${htmxConfig}">
<title>${title} · ${text.appName}</title>
<link rel="icon" href="${assets.url('icon.svg')}" type="image/svg+xml">
<link rel="stylesheet" href="${assets.url('console.css')}">
<script src="${assets.url('htmx.js')}" defer></script>
<script src="${assets.url('htmx-sse.js')}" defer></script>
<script src="${assets.url('console.js')}" defer></script>
</head>
<body>${body}</body>
</html>`
}

function way(shell: Shell, place: Place): Html {
  const { viewer } = shell
  const { text, person } = viewer
  const item = (name: Exclude<Place, null>, href: string, label: string) =>
    html`<li><a href="${href}"${name === place ? raw(' aria-current="page"') : ''}>${label}</a></li>`
  return html`<div class="way">
<p class="workspace">${text.tagline}</p>
<ul>
${item('arena', '/', '# arena')}
${item('leaderboard', '/leaderboard', text.leaderboard.title)}
${item('summaries', '/summaries', text.summary.all)}
${item('history', '/history', text.history.title)}
${item('models', '/models', text.models.title)}
${item('help', '/help', text.console.help)}
${person?.admin ? item('connect', '/connect', text.console.connectTitle) : ''}
</ul>
<div class="self">
${
  person
    ? html`<a class="me" href="/name"${place === 'name' ? raw(' aria-current="page"') : ''} title="${text.console.changeName}"><span class="avatar hue-${hueOf(person.id)}" aria-hidden="true">${initialsOf(person.name)}</span> <span class="name">${person.name}</span>${person.admin ? html` <span class="chip">${text.console.admin}</span>` : ''}</a>`
    : html`<a class="me" href="/name">${text.console.chooseName}</a>`
}
${languages(shell)}
</div>
</div>`
}

function languages({ viewer, path }: Shell): Html {
  const button = (locale: Locale) => {
    const { language } = textFor(locale)
    return html`<button name="language" value="${locale}" lang="${locale}" aria-pressed="${locale === viewer.locale ? 'true' : 'false'}">${language}</button>`
  }
  return html`<form class="languages" method="post" action="/language"><input type="hidden" name="back" value="${path}">${locales.map(button)}</form>`
}

/** Two speech bubbles that face each other. */
function mark(): Html {
  return html`<svg class="mark" viewBox="0 0 32 32" aria-hidden="true"><path class="left" d="M3 6h12v14H9l-4 4v-4H3z"/><path class="right" d="M17 10h12v14h-2v4l-4-4h-6z"/></svg>`
}
