/** App Home: what this is, what waits for a vote, how it ended, and where an admin changes things. */
import type { types } from '@slack/bolt'
import type { ComparisonView } from '../../core/comparing.ts'
import type { Catalogue } from '../../core/ports.ts'
import type { Text } from '../../core/text/index.ts'
import { slackEscape } from '../markdown/index.ts'
import { plain } from './forms.ts'
import { type Block, button, context, isClosed, moment, resultTitle, section } from './messages.ts'
import { placeOf } from './place.ts'
import { summaryForm } from './summary-form.ts'

/** Ballots of each kind; more is not read here. */
const mostListed = 8

export type HomeParts = {
  /** The workspace's newest, as the reader may see them. */
  views: readonly ComparisonView[]
  /** Links to ballots by comparison id, where Slack gave one. */
  links: ReadonlyMap<string, string>
  catalogue: Pick<Catalogue, 'defaults'>
  votingMs: number
  isAdmin: boolean
  consoleUrl: string | null
  text: Text
}

/** Those that the page lists. */
export function listed(views: readonly ComparisonView[]): { open: ComparisonView[]; recent: ComparisonView[] } {
  const open = views.filter(({ ballot, ownChoice }) => ballot.choices.length > 0 && ownChoice === null)
  const recent = views.filter(({ ballot }) => isClosed(ballot))
  return { open: open.slice(0, mostListed), recent: recent.slice(0, mostListed) }
}

/**
 * Prompts stay where they were asked: the reader may not be in that channel, and Slack keeps the link shut then, and the
 * name of a private channel as well.
 */
export function homeView(parts: HomeParts): types.HomeView {
  const { text, views, links } = parts
  const { home } = text.slack
  const { open, recent } = listed(views)
  const openBlocks = open.map(({ ballot }) => {
    const until = text.ballot.until(moment(ballot.closesAt, '{date_short_pretty} {time}'))
    return linked(
      `${home.ballot(slackEscape(ballot.asker.name), channelOf(ballot.place))} · ${until}`,
      ballot,
      links,
      text,
    )
  })
  const recentBlocks = recent.map(({ ballot }) =>
    linked(home.result(channelOf(ballot.place), slackEscape(resultTitle(ballot, text))), ballot, links, text),
  )
  return {
    type: 'home',
    blocks: [
      { type: 'header', text: plain(home.title) },
      section(slackEscape(text.help.intro)),
      section(`\`${text.help.example}\``),
      { type: 'header', text: plain(home.open) },
      ...(openBlocks.length > 0 ? openBlocks : [context(home.nothingOpen)]),
      { type: 'header', text: plain(home.recent) },
      ...(recentBlocks.length > 0 ? recentBlocks : [context(home.nothingRecent)]),
      ...(parts.isAdmin ? settings(parts) : []),
    ],
  }
}

function settings({ catalogue, votingMs, consoleUrl, text }: HomeParts): Block[] {
  const { home } = text.slack
  const hours = new Intl.NumberFormat(text.locale).format(votingMs / 3_600_000)
  const lines = [home.comparing(catalogue.defaults().join(', ')), home.votingHours(hours), home.change]
  return [
    { type: 'header', text: plain(home.settings) },
    section(slackEscape(lines.join('\n'))),
    { type: 'actions', elements: [button(summaryForm, text.summary.settings.title, 'settings')] },
    ...(consoleUrl === null ? [] : [section(`<${consoleUrl}/connect|${home.console}>`)]),
  ]
}

function linked(
  mrkdwn: string,
  { comparisonId }: ComparisonView['ballot'],
  links: ReadonlyMap<string, string>,
  text: Text,
): Block {
  const url = links.get(comparisonId)
  return section(url === undefined ? mrkdwn : `${mrkdwn}\n<${url}|${text.slack.home.toBallot}>`)
}

function channelOf(place: string | null): string {
  return `<#${placeOf(place).channel}>`
}
