/** How the leaderboard is made, for people who do not do statistics. */
import { settledComparisons, settledVotes } from '../../core/rating/index.ts'
import type { Text } from '../../core/text/index.ts'
import { type Html, html } from '../html.ts'

export function methodPage({ method }: Text): Html {
  return html`<div class="prose"><h1>${method.title}</h1>
<p>${method.intro}</p>
${method.sections(settledVotes, settledComparisons).map(({ title, paragraphs }) => html`<section><h2>${title}</h2>${paragraphs.map(paragraph => html`<p>${paragraph}</p>`)}</section>`)}
<p><a class="button plain" href="/leaderboard">${method.back}</a></p></div>`
}
