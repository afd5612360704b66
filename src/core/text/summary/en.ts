/** The weekly summary, in English. */
import { percent, plural } from '../words.ts'

const count = plural('en')
const votes = (n: number) => count(n, { one: '1 vote', other: `${n.toLocaleString('en')} votes` })
const comparisons = (n: number) => count(n, { one: '1 comparison', other: `${n.toLocaleString('en')} comparisons` })

export const summaryEn = {
  title: 'Weekly summary',
  all: 'Weekly summaries',
  /** `days`: "Nov 23 – 29, 2026". */
  week: (number: number, days: string) => `Week ${number}, ${days}`,
  soFar: 'So far this week',
  what: { show: 'show', post: 'post', settings: 'settings' },
  headline: {
    quiet: (n: number, asked: number) =>
      `A quiet week: ${votes(n)} and ${comparisons(asked)}. That says nothing about the models yet.`,
    drawn: (n: number) => `${votes(n)} this week, and none preferred one model to another.`,
    level: (a: string, b: string, n: number) => `${a} and ${b} were level this week, with ${votes(n)} each.`,
    /** `aBetter` is below one half where votes on others tell against the one that led: then it is no news to boast of. */
    open: (a: string, wins: number, b: string, losses: number, aBetter: number) =>
      `${a} led ${b} ${wins} to ${losses} this week; too close to call${aBetter < 0.5 ? '' : `: ${percent(aBetter, 'more than')} likely better`}.`,
    settled: (a: string, wins: number, b: string, losses: number, aBetter: number) =>
      `${a} beat ${b} ${wins} to ${losses} this week: ${percent(aBetter, 'more than')} likely better, settled at 95 %.`,
  },
  overall: 'Of all votes so far:',
  turnout: (asked: number, n: number, voters: number) =>
    `${comparisons(asked)}, ${votes(n)} by ${count(voters, { one: '1 person', other: `${voters} people` })}.`,
  mostActive: (names: string, asked: number) => `Most active: ${names} (${comparisons(asked)}).`,
  sections: {
    week: 'This week, by model',
    standings: 'Ratings, with the change in a week',
    categories: 'By category',
    measured: 'Cost, first token, failures',
    prompts: 'Prompts of the week',
    open: 'Still open',
  },
  weekOf: (name: string, wins: number, ties: number, bothBad: number, votes: number) =>
    [
      `${name}: won ${wins} of ${votes}`,
      ...(ties > 0 ? [`${ties} tied`] : []),
      ...(bothBad > 0 ? [`${bothBad} all bad`] : []),
    ].join(', '),
  weekLegend: 'won / tied / all bad, of the votes on ballots with this model',
  won: 'Won',
  tied: 'Tied',
  allBad: 'All bad',
  votes: 'Votes',
  change: 'Change',
  rankChange: (name: string, from: number, to: number) => `${name} went from place ${from} to ${to}.`,
  noRankChange: 'No model changed its place.',
  apart: (n: number) =>
    count(n, {
      one: '1 more model never met these, so it does not compare.',
      other: `${n} more models never met these, so they do not compare.`,
    }),
  category: (category: string, wins: string, n: number) => `${category}: ${wins} (${votes(n)})`,
  winsOf: (name: string, wins: number) => `${name} ${wins}`,
  costPerWin: (amount: string) => `${amount} per win`,
  quoted: (prompt: string) => `“${prompt}”`,
  cost: 'Cost',
  perWin: 'Per win',
  failed: (share: string) => `failed ${share}`,
  refused: (share: string) => `refused ${share}`,
  failedTitle: 'Failed',
  refusedTitle: 'Refused',
  divided: 'Most divided',
  clearest: 'Clearest win',
  quoteVotes: (shares: string, ties: number, bothBad: number) =>
    [
      shares,
      ...(ties > 0 ? [count(ties, { one: '1 tie', other: `${ties} ties` })] : []),
      ...(bothBad > 0 ? [count(bothBad, { one: '1 × all bad', other: `${bothBad} × all bad` })] : []),
    ].join(', '),
  open: (n: number) => count(n, { one: '1 ballot is still open.', other: `${n} ballots are still open.` }),
  ballot: (n: number) => `ballot ${n}`,
  missed: (weeks: string) => `There was no summary for ${weeks}: I was not running, or could not post here.`,
  wholePage: 'All charts and numbers',
  changeOrStop: 'Change or stop: /summary settings',
  pictureTitle: 'Ratings with 95 % intervals',
  picture: (rank: string, name: string, rating: number, lower: number, upper: number, change: string) =>
    `${rank}. ${name}: ${rating} (${lower} to ${upper})${change === '' ? '' : `, ${change} in a week`}.`,
  isNew: 'new',
  posted: (channel: string, week: string) => `Posted in ${channel}: ${week}.`,
  already: (channel: string, week: string) => `${week} was posted in ${channel} already; there is one a week.`,
  next: (moment: string) => `Next: ${moment}.`,
  settings: {
    title: 'Weekly summary: settings',
    change: 'Change …',
    save: 'Save',
    cancel: 'Cancel',
    saved: 'Saved.',
    adminsChange: 'An admin can change this.',
    channel: 'Channel',
    busiestHint: 'Empty: where most comparisons happen',
    busiest: 'where most comparisons happen',
    busiestIs: (channel: string) => `where most comparisons happen, at the moment ${channel}`,
    day: 'Day',
    never: 'Never: no summaries',
    time: 'Time',
    timeZone: 'Time zone',
    timeZoneHint: 'Such as Europe/Berlin',
    timeAndZone: 'Time and time zone',
    timeAndZoneHint: 'Such as 09:00 Europe/Berlin',
    language: 'Language',
    quietWeeks: 'In a quiet week',
    quiet: { post: 'Post a short, honest line', skip: 'Post nothing' },
    on: (day: string, time: string, timeZone: string) => `Every ${day} at ${time} (${timeZone})`,
    off: 'Off',
  },
  notice: {
    cannotPost: (channel: string) => `I could not post the weekly summary in ${channel}.`,
    gone: 'The channel is not there any more.',
    keep: 'The settings stay as they are. Change the channel with /summary settings, or let me in and use /summary post.',
  },
  page: {
    others: 'Of other workspaces',
    asPosted: 'As posted',
    asPostedHint: (moment: string) => `What the post said, with ballots closed until ${moment}.`,
    now: 'With the votes that came late',
    nowHint: 'Votes count for the week in which they were cast, also on ballots that closed after the post.',
    late: 'More votes came late; below is the week with them.',
    same: 'No vote came late: the numbers are those of the post.',
    none: 'There is no summary yet. The first one comes by itself, or an admin posts it with /summary post.',
    wasOpen: (n: number) =>
      count(n, { one: '1 ballot was open at that moment.', other: `${n} ballots were open at that moment.` }),
    feed: 'Feed (Atom)',
    feedHint: 'For feed readers. Whoever has the address can read the summaries.',
    print: 'Print',
    live: 'Leaderboard of today',
    caption:
      'The dot is the rating, hollow while provisional; the bar its 95 % interval; the grey ring the rating a week before.',
    of: (platform: string) => `From ${platform}`,
    postNow: 'Post the week so far now',
    postNowHint: 'The numbers of the post stay as they are then. There is one summary a week.',
  },
}

export type SummaryText = typeof summaryEn
