/** A vendor's claim beside the team's own result. */
import type { ClaimPair, ClaimResult } from '../../core/claims.ts'
import { formatPoints } from '../../core/text/format.ts'
import type { Text } from '../../core/text/index.ts'
import { percent } from '../../core/text/words.ts'
import { type Html, html } from '../html.ts'

export function claimsPage(results: readonly ClaimResult[], text: Text): Html {
  const { claims } = text
  return html`<div class="prose claims"><h1>${claims.title}</h1><p>${claims.intro}</p>
${results.map(result => claimSection(result, text))}
<p><a class="button plain" href="/leaderboard">${text.method.back}</a></p></div>`
}

function claimSection({ claim, tests }: ClaimResult, text: Text): Html {
  const { claims } = text
  const month = new Intl.DateTimeFormat(text.locale, { month: 'long', year: 'numeric', timeZone: 'UTC' })
  const published = month.format(new Date(`${claim.published}-01T00:00:00Z`))
  return html`<section class="claim"><blockquote lang="en"><p>${claim.quote}</p></blockquote>
<p class="basis">${claims.by(claim.vendor, published)}</p>
<div class="scroll" tabindex="0" role="region" aria-label="${claims.title}"><table class="standings"><thead><tr><th scope="col">${text.leaderboard.category}</th><th scope="col">${claims.claimed}</th><th scope="col">${claims.found}</th></tr></thead>
<tbody>${tests.map(
    test => html`<tr><th scope="row">${text.categories[test.category]}</th>
<td data-label="${claims.claimed}">${claims.beats(claim.subject.name, test.rival)}</td>
<td data-label="${claims.found}"><b class="outcome ${test.outcome}">${claims.outcomes[test.outcome]}</b>${test.pairs.length === 0 ? html` <span>${claims.howToTest(text.categories[test.category])}</span>` : html`<ul>${test.pairs.map(pair => html`<li>${pairSentence(pair, text)}</li>`)}</ul>`}</td></tr>`,
  )}</tbody></table></div></section>`
}

function pairSentence(pair: ClaimPair, text: Text): string {
  const { claims } = text
  // Told from the side of the one that is ahead.
  const leads = pair.difference >= 0
  const [ahead, behind] = leads ? [pair.subject, pair.rival] : [pair.rival, pair.subject]
  return [
    claims.pair(
      ahead.name,
      behind.name,
      percent(leads ? pair.subjectBetter : 1 - pair.subjectBetter, claims.moreThan),
      formatPoints(Math.abs(pair.difference), text),
      formatPoints(leads ? pair.lower : -pair.upper, text),
      formatPoints(leads ? pair.upper : -pair.lower, text),
      pair.wins + pair.losses + pair.draws,
    ),
    ...(pair.exact ? [] : [claims.laterModels]),
  ].join(' ')
}
