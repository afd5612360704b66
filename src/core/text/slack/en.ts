/** What only Slack's adapter says, in English. */
export const slackEn = {
  /** Slack allows 24 characters. */
  compareThis: 'Compare answers to this',
  wholeAsFile: 'Whole answer as a file',
  fileComment: (label: string) => `The whole of answer ${label}`,
  moreInFile: 'The answer goes on: get the whole of it as a file.',
  lastCounts:
    'You have several reactions on this ballot. Everybody has one vote: the last one counts. Slack lets me remove only my own.',
  undecided:
    'You left several reactions on this ballot while I was away, so I cannot know which came last and count none. Take all but one back, or use the buttons.',
  thePrompt: 'The prompt',
  cutHere: '… Slack shows no more of it here.',
  form: {
    title: 'New comparison',
    submit: 'Compare',
    cancel: 'Cancel',
    prompt: 'Prompt',
    models: 'Models, two to six',
    modelsHint: (models: string) => `Empty: ${models}`,
    category: 'Category',
    noCategory: 'None',
    names: 'Names',
    blind: 'Hide the names until the reveal',
  },
  home: {
    title: 'Your team’s own model arena',
    open: 'Open for your vote',
    nothingOpen: 'Nothing is open for your vote.',
    recent: 'Recent results',
    nothingRecent: 'No results yet.',
    ballot: (name: string, channel: string) => `${name} asked in ${channel}`,
    toBallot: 'To the ballot',
    result: (channel: string, outcome: string) => `${channel}: ${outcome}`,
    settings: 'Settings, for admins',
    comparing: (models: string) => `Without models named, /compare uses ${models}.`,
    votingHours: (hours: string) => `A ballot is open for ${hours} hours.`,
    change: 'Both come from the environment where Faceoff runs; the console shows all of it.',
    console: 'Open the console',
  },
  closed: {
    not_in_channel: (bot: string) =>
      `I am not in this channel, so I cannot post here. Type /invite @${bot} and ask again.`,
    channel_not_found: (bot: string) =>
      `I cannot see this channel. If it is private, type /invite @${bot} and ask again; in a direct message between people I cannot post.`,
    is_archived: () => 'This channel is archived, so nobody can post here. Ask in another one.',
    missing_scope: (_bot: string, scope: string) =>
      `Slack has not given me the right “${scope}”. An admin has to install the app again, from the current manifest.`,
    token: () => 'Slack no longer accepts my token. An admin has to install the app again.',
    restricted: () => 'Who may post in this channel is restricted. Ask in another one, or have an admin let apps post.',
  },
  install: {
    done: (team: string) => `Faceoff is installed in ${team}. Invite it into a channel and type /compare there.`,
    failed: 'That did not work: the link is too old, was used in another browser, or Slack refused it. Start again.',
    again: 'Install again',
  },
  /** What the operator reads. */
  start: {
    install: (url: string) => `Slack: workspaces install the app at ${url}`,
    slackRejects: (code: string) =>
      `Slack rejects SLACK_BOT_TOKEN (${code}). Copy the bot token again from the app’s page “OAuth & Permissions”.`,
    appTokenRejected: (code: string) =>
      `Slack rejects SLACK_APP_TOKEN (${code}). It needs the scope connections:write, and Socket Mode has to be on.`,
    incomplete: (missing: string) => `Slack is set up halfway: set ${missing} as well.`,
    keyNeeded: 'SLACK_TOKEN_KEY must be 32 bytes in base64: openssl rand -base64 32 makes one.',
    both: 'SLACK_BOT_TOKEN is for one workspace and SLACK_CLIENT_ID for many: remove one of them.',
    socketsForOne: 'SLACK_APP_TOKEN (Socket Mode) serves one workspace: remove it, or SLACK_CLIENT_ID.',
  },
  doctor: {
    off: 'Slack is not set up.',
    fine: (team: string, bot: string, way: string) => `Slack: connected to ${team}, as ${bot}; events come ${way}.`,
    overHttp: 'over HTTP',
    overSockets: 'by Socket Mode',
    byOAuth: (url: string) => `Slack: workspaces install the app at ${url}.`,
    noPublicUrl: 'Slack can only reach this machine at a public address.',
    noPublicUrlRemedy: 'Set PUBLIC_URL to the address that Slack reaches, or use Socket Mode: SLACK_APP_TOKEN.',
    rejects: (variable: string, code: string) => `Slack rejects ${variable} (${code}).`,
    rejectsRemedy: (variable: string) => `Copy ${variable} again from the app’s pages at https://api.slack.com/apps.`,
    scopes: (scopes: string) => `Slack has not granted: ${scopes}.`,
    scopesRemedy: 'Install the app again from the current manifest (manifest.json).',
    unreachable: (code: string) => `Slack cannot be reached (${code}).`,
    unreachableRemedy: 'Check that this machine reaches slack.com, or correct SLACK_API_URL.',
  },
}

export type SlackText = typeof slackEn
