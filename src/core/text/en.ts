import { slackEn } from './slack/en.ts'
import { summaryEn } from './summary/en.ts'
import { categoryNames, type ProblemSentences, percent, plural, type VerdictSentences } from './words.ts'

const count = plural('en')

const problem: ProblemSentences = {
  prompt_empty: () => 'There is no prompt. Write one after /compare.',
  prompt_too_long: p =>
    `The prompt has ${p.length.toLocaleString('en')} characters; ${p.limit.toLocaleString('en')} are possible. Shorten it.`,
  model_unknown: p =>
    p.suggestion === null
      ? `There is no model “${p.model}” here. /models lists what can be compared.`
      : `There is no model “${p.model}” here. Did you mean “${p.suggestion}”?`,
  model_twice: p => `“${p.model}” is named twice. A comparison needs different models.`,
  too_few_models: p =>
    p.given === 1
      ? 'One model alone cannot be compared. Name at least two.'
      : 'No two models can be compared here yet. An admin can connect a provider.',
  too_many_models: p => `${p.given} models are too many: ${p.limit} at most.`,
  category_unknown: p =>
    `There is no category “${p.category}”. Choose reasoning, language, coding, writing, translation, knowledge or other.`,
  option_bad: p => `“${p.value}” does not fit the option “${p.option}”.`,
  command_unknown: p =>
    p.suggestion === null
      ? `There is no command /${p.command}. /help lists them.`
      : `There is no command /${p.command}. Did you mean /${p.suggestion}?`,
  comparison_missing: () => 'There is no such comparison.',
  ballot_closed: () => 'This ballot is closed; votes no longer change.',
  choice_not_open: p =>
    p.choice.length === 1
      ? `${p.choice} cannot be voted for: vote for answers that are complete.`
      : 'That cannot be voted for yet: two answers have to be complete.',
  not_asker_nor_admin: () => 'Only the person who asked, or an admin, can do that.',
  too_early_to_reveal: () => 'There is nothing to reveal yet: wait for two answers, or stop the comparison.',
  name_bad: p => `Choose a name of 1 to ${p.limit} characters.`,
  name_taken: p => `Somebody here is called “${p.name}” already. Choose another name.`,
  admins_only: () => 'Only an admin can do that.',
  time_bad: p => `“${p.time}” is no time of day. Write it as 09:00.`,
  time_zone_unknown: p => `There is no time zone “${p.timeZone}”. Write it as Europe/Berlin or America/New_York.`,
  summary_without_channel: () =>
    'Nothing was compared here yet, so I do not know where to post. Compare something, or choose a channel with /summary settings.',

  provider_busy: () => 'The provider is busy.',
  provider_down: () => 'The provider cannot be reached.',
  provider_silent: () => 'The provider went silent.',
  answer_cut: () => 'The connection to the provider broke off before the answer was complete.',
  bad_response: () => 'The provider sent something that is no answer.',
  empty_answer: () => 'The model returned an empty answer.',
  key_rejected: () => 'The provider rejects our key. An admin has to check it.',
  no_credit: () => 'The account with this provider has no credit left. An admin has to top it up.',
  model_missing: () => 'The provider does not offer this model (any more). An admin can choose another one.',
  prompt_refused: () => 'The provider’s content filter refused this prompt or its answer.',
  context_exceeded: () => 'The prompt is too long for this model.',
  request_rejected: () => 'The provider rejected the request.',
  provider_off: () => 'This model is not connected any more.',
  chat_down: () => 'The chat platform does not answer at the moment. Try again in a minute.',
  chat_closed: p =>
    p.missing === null
      ? 'I may not write in this channel. An admin can let me in.'
      : `I may not do that in this channel: I need the right “${p.missing}”. An admin can give it to me.`,
  post_gone: () => 'The message is not there any more.',
  gave_up: () => 'The answer was interrupted too many times.',
  internal: () => 'Something went wrong on our side. An admin finds it in the log.',
}

const verdict: VerdictSentences = {
  no_votes: () => 'There are no votes yet, so there is nothing to rate.',
  one_model: (v, name) => `${name(v.model)} stands alone: a rating needs a second model to compare it with.`,
  islands: v =>
    `The votes fall into ${v.groups} groups of models that never met; models of different groups are not ranked against each other.`,
  all_drawn: () => 'No vote preferred one model to another: these votes tell no difference between them.',
  undefeated: (v, name) =>
    `${name(v.model)} has not lost a vote yet, so nobody can say how far ahead it is; the ratings are held back towards the mean until it does.`,
  one_sided: () =>
    'Some models have never lost a vote to any of the others, so nobody can say how far apart they are; the ratings are held back towards the mean until they do.',
  settled: (v, name) =>
    `${name(v.a)} is better than ${name(v.b)} with ${percent(v.aBetter, 'more than')} probability; that is settled at 95 %.`,
  open: (v, name) => {
    const lead =
      v.aBetter === 0.5
        ? `${name(v.a)} and ${name(v.b)} are level`
        : `${name(v.a)} is better than ${name(v.b)} with ${percent(v.aBetter, 'more than')} probability`
    return v.moreComparisons === null
      ? `${lead}; they are too close to call.`
      : `${lead}; by today’s estimate about ${count(v.moreComparisons, { one: '1 more comparison', other: `${v.moreComparisons} more comparisons` })} would settle it.`
  },
}

/** Every sentence a user sees, in English. `de.ts` has the same keys: the compiler sees to it. */
export const en = {
  locale: 'en',
  language: 'English',
  appName: 'Faceoff',
  tagline: 'Your team’s own model arena',

  commands: {
    compare: 'Put one prompt to several models and vote on the answers',
    leaderboard: 'Which model is better by your own votes, and how sure that is',
    history: 'Past comparisons by words, model, category, person or day',
    summary: 'The week so far, for you alone; admins post it, or change the settings',
    models: 'What can be compared, at what price, and where prompts are processed',
    help: 'What you can type here',
  },
  options: {
    prompt: 'What to ask. Several lines, Markdown and code are fine',
    models: 'Two to six models, separated by commas',
    category: 'What kind of prompt this is',
    blind: 'Hide the names until the reveal: yes (default) or no. Only blind votes count in the leaderboard',
    leaderboardCategory: 'Only prompts of this kind',
    period: 'Only ballots revealed in this time',
    words: 'Words of the prompt; once the names are visible, of the answers too',
    model: 'Only comparisons with this model, or a part of its name; open blind ones are left out',
    person: 'Only what this person asked',
    since: 'Asked on this day or later, such as 2026-11-23',
    until: 'Asked on this day or earlier',
    mode: 'How to rate: for a team (default), as LMArena does, or with style held equal',
    summaryWhat: 'Empty: show it. Or post it now, or the settings',
  },
  help: {
    intro:
      'Faceoff puts the same prompt to several models. Their answers appear side by side without names; you vote; then the names are revealed.',
    example: '/compare Explain recursion to a ten-year-old',
    exampleFull:
      '/compare models: qwen/qwen3.8-max, openai/gpt-6.1-sol category: coding blind: no\nReview this function …',
    optionsTitle: 'Options, before or after the prompt',
    votingTitle: 'Voting',
    voting:
      'One vote each, by emoji under the ballot: a letter, 🤝 for a tie, 👎 if all are bad. A second choice replaces the first; choosing the same again takes it back. Nobody sees the counts before the reveal.',
  },
  categories: categoryNames({
    reasoning: 'Reasoning',
    language: 'Language',
    coding: 'Coding',
    writing: 'Writing',
    translation: 'Translation',
    knowledge: 'Knowledge',
    other: 'Other',
  }),
  yes: 'yes',
  no: 'no',

  ballot: {
    asked: (name: string) => `${name} asks`,
    voted: (n: number) =>
      n === 0 ? 'Nobody has voted yet' : count(n, { one: `1 person has voted`, other: `${n} people have voted` }),
    until: (when: string) => `Voting ends ${when}`,
    phase: {
      running: 'The models are answering',
      open: 'Vote!',
      revealed: 'Revealed',
      void: 'Void: fewer than two answers to compare',
    },
    open: 'Not blind: the names are visible, so the votes do not count in the leaderboard',
    yourVote: (choice: string) => `Your vote: ${choice}`,
    choice: { tie: 'Tie', both_bad: 'All bad' },
    vote: (choice: string) => `Vote for ${choice}`,
    answer: (label: string) => `Answer ${label}`,
    stop: 'Stop',
    stopping: 'Stopping …',
    reveal: 'Reveal',
    permalink: 'Link to this comparison',
    showPrompt: 'Show the whole prompt',
  },
  answer: {
    queued: 'Waiting',
    retrying: (reason: string, when: string) => `${reason} Next try ${when}.`,
    streaming: 'Answering …',
    thinking: 'Thinking …',
    done: 'Complete',
    stopped: 'Stopped',
    failed: 'No answer',
    cut: 'Cut at the model’s token limit',
    namedItself: 'Said its own name; it was hidden until the reveal',
  },
  results: {
    title: 'Result',
    winner: (names: string) => `${names} wins`,
    tied: (names: string) => `Tied: ${names}`,
    undecided: 'No winner',
    noVotes: 'Nobody voted',
    votes: (n: number) => count(n, { one: '1 vote', other: `${n} votes` }),
    model: 'Model',
    votesColumn: 'Votes',
    cost: 'Cost',
    tokens: 'Tokens',
    firstToken: 'First token',
    duration: 'Total time',
    unknown: 'unknown',
    free: 'free',
  },
  models: {
    title: 'Models',
    model: 'Model',
    price: 'Price per million tokens (in / out)',
    region: 'Prompts are processed in',
    health: 'Health',
    healthy: 'answers',
    byDefault: 'default',
    context: 'Context',
    pricedOn: (date: string) => `as of ${date}`,
    notOffered: 'The provider does not list this model',
    regions: {
      cn: 'mainland China',
      sg: 'Singapore',
      us: 'the United States',
      eu: 'the European Union',
      hk: 'Hong Kong',
      jp: 'Japan',
      various: 'wherever the provider routes it',
      local: 'this machine or your network',
    },
  },

  problem,

  slack: slackEn,
  summary: summaryEn,

  /** What Discord and Slack say beyond what every platform says. */
  chat: {
    compareThis: 'Compare answers to this',
    part: (label: string, n: number) => `Answer ${label}, part ${n}`,
    restInFile: 'The rest is in the file.',
    wholeInFile: 'The whole answer is in the file.',
    result: (title: string) => `Result: ${title}`,
    firstToken: (duration: string) => `first token ${duration}`,
    total: (duration: string) => `total ${duration}`,
    tokens: (n: string) => `${n} tokens`,
    ties: (n: number) => count(n, { one: '1 tie', other: `${n} ties` }),
    bothBad: (n: number) => count(n, { one: '1 × all bad', other: `${n} × all bad` }),
    byButtons: 'Vote by the buttons: I may not add reactions here.',
    place: {
      in_thread: 'The answers follow below, because there are no threads in a thread.',
      in_voice: 'The answers follow below, because this channel has no threads.',
      no_right: 'The answers follow below, because I may not open a thread here.',
      not_installed:
        'I am not a member here, so there is no thread and only the buttons count. After 15 minutes I can change this message only when somebody presses one.',
    },
    noVote: 'Your vote is taken back.',
    notice: {
      last_counts:
        'You have several reactions on one ballot. Everybody has one vote: the last one counts. I may not remove the others.',
      undecided:
        'You left several reactions on one ballot while I was away, so I cannot know which came last and count none. Take all but one back, or use the buttons.',
    },
    noText: 'This message has no text that could be compared.',
    names: {
      compare: 'compare',
      models: 'models',
      help: 'help',
      prompt: 'prompt',
      category: 'category',
      blind: 'blind',
      leaderboard: 'leaderboard',
      history: 'history',
      summary: 'summary',
      what: 'what',
      period: 'period',
      mode: 'mode',
      words: 'words',
      model: 'model',
      person: 'person',
      since: 'since',
      until: 'until',
    } as Record<string, string>,
    form: {
      title: 'New comparison',
      prompt: 'Prompt',
      models: 'Models, separated by commas',
      modelsHint: (models: string) => `Empty: ${models}`,
      category: 'Category',
      blind: 'Hide the names until the reveal?',
    },
  },

  console: {
    skip: 'Skip to the content',
    menu: 'Menu',
    topic: 'Put one prompt to several models, vote blind, reveal',
    help: 'Help',
    dialog: 'Dialog',
    offline: 'No connection. Trying again …',
    earlier: 'Load earlier comparisons',
    toNewest: 'Back to the newest comparisons',
    toArena: 'To #arena',
    comparison: 'Comparison',
    notBlind: 'not blind',
    copy: 'Copy',
    copyLink: 'Copy link',
    copied: 'Copied',
    won: 'Most votes',
    at: (time: string) => `at ${time}`,
    shortly: 'shortly',
    unknownPlace: 'a country the provider does not name',
    tokens: (prompt: string, completion: string) => `${prompt} in, ${completion} out`,
    voteHere: 'Vote',
    takenBack: 'Your vote is taken back',

    welcomeTitle: 'Welcome to #arena',
    message: 'Message to #arena',
    placeholder: 'Ask the models something, or type / for commands',
    hint: (models: string) => `Enter asks ${models}. Shift+Enter starts a new line.`,
    options: 'Options …',
    send: 'Send',
    commands: 'Commands',
    onlyYou: 'Only you can see this',
    dismiss: 'Dismiss',
    close: 'Close',
    form: {
      title: 'New comparison',
      prompt: 'Prompt',
      models: (most: number) => `Models, two to ${most}`,
      price: (price: string) => `Price: ${price}`,
      category: 'Category',
      noCategory: 'None',
      blind: 'Hide the names until the reveal',
      submit: 'Compare',
    },

    chooseName: 'Choose a name',
    changeName: 'Change your name',
    yourName: 'Your name',
    nameHint: 'Chosen once per browser. Everybody here sees it beside what you ask.',
    proceed: 'Continue',
    admin: 'admin',
    ownerTitle: 'Become the admin',
    ownerHint: 'Admins stop and reveal every comparison and see what is connected. This link works once.',
    ownerButton: 'Become the admin',
    ownerDead: 'This link is not valid, or somebody has used it already.',
    passwordTitle: 'This console has a password',
    password: 'Password',
    passwordWrong: 'That is not the password.',
    passwordWait: (seconds: number) => `Too many wrong passwords. Try again in ${seconds} s.`,

    notFound: 'Not found',
    noSuchPage: 'There is no such page.',
    notDone: 'That did not work',
    tooLarge: 'That is too long. Shorten it.',
    adminsOnly: 'Only admins see this page. The link that makes the first admin is printed where Faceoff starts.',

    connectTitle: 'Connect',
    connect: {
      intro:
        'The environment and models.json decide; this page shows what they say. Set a variable where Faceoff starts, then start it again.',
      providers: 'Model providers',
      ownProvider: 'Any other OpenAI-compatible address can be added in models.json.',
      on: 'connected',
      off: 'not connected',
      set: 'Set',
      elsewhere: 'another address:',
      getKey: 'Get a key',
      getProgram: 'Get the program',
      slackHow:
        'Create an app from this manifest at api.slack.com/apps, install it in your workspace, and set one of these groups of variables:',
      slackManifest: 'Slack app manifest',
      discordHow:
        'Create an app at discord.com/developers/applications, reset and copy its token under Bot, set it here, start Faceoff again, and open the invite link:',
      discordInvite: 'Discord invite link',
      discordMissing: 'The invite link appears here once DISCORD_TOKEN or DISCORD_APPLICATION_ID is set.',
      base: 'Database, queue and settings',
      database: 'Database',
      queue: 'Queue',
      postgres: 'PostgreSQL',
      embedded: 'Embedded. For a team, set DATABASE_URL.',
      redis: 'Redis',
      queueOnDatabase: 'On the same database. For many comparisons at once, set REDIS_URL.',
      isSet: 'set',
      notSet: 'not set',
      locked: (variable: string) => `set by ${variable}`,
      lockedWhy: 'Comes from the environment or a file and can only be changed there.',
    },
  },

  /** What the operator reads when the environment is wrong. */
  config: {
    urlNeeded: (name: string, example: string) => `${name} is not a usable address. It looks like ${example}.`,
    numberNeeded: (name: string, least: number, most: number) => `${name} must be a number from ${least} to ${most}.`,
    choiceNeeded: (name: string, choices: string) => `${name} can only be: ${choices}.`,
    numberIdNeeded: (name: string) => `${name} must be the number that Discord’s developer portal shows for the app.`,
    guildIdNeeded: (name: string) =>
      `${name} must be the number of a Discord server: switch on Developer Mode, right-click the server, Copy Server ID.`,
    oneWordNeeded: (name: string) => `${name} must be one word, without spaces or quotes.`,
    weeklyCronNeeded: (name: string) =>
      `${name} must be one time in a week, as cron writes it: 0 9 * * 1 is Monday at 9:00.`,
    timeZoneNeeded: (name: string) => `${name} must be a time zone such as Europe/Berlin or America/New_York.`,
    passwordShort: (name: string, least: number) => `${name} needs at least ${least} characters.`,
    passwordNeeded: (host: string) =>
      `HOST=${host} can be reached from other machines: set CONSOLE_PASSWORD as well, or HOST=127.0.0.1.`,
    databaseNeeded:
      'ROLES splits Faceoff into several processes, which the embedded database cannot serve: set DATABASE_URL as well.',
  },

  /** What the operator reads at start. */
  start: {
    ready: (url: string) => `Faceoff is ready: ${url}`,
    ownerLink: (url: string) => `Become the console’s admin, once, by this link: ${url}`,
    embedded: (dir: string) =>
      `Database: embedded, in ${dir}. It adds about 250 to 350 MB of memory, and is safe against a killed process but not against a power cut. For a team, set DATABASE_URL.`,
    postgres: 'Database: PostgreSQL (DATABASE_URL)',
    queueOnRedis: 'Queue: Redis (REDIS_URL)',
    queueOnDatabase: 'Queue: on the same database. For many comparisons at once, set REDIS_URL.',
    comparing: (names: string) => `/compare uses ${names}`,
    comparingNothing: 'Nothing can be compared yet: fewer than two models are connected.',
    demo: 'These are built-in demo models. Set DASHSCOPE_API_KEY, OPENAI_API_KEY or another key to compare real ones.',
    notConnected: (platform: string, variables: string, url: string) =>
      `${platform}: not connected (${variables}); see ${url}`,
    connectedAs: (platform: string, name: string) => `${platform}: connected as ${name}`,
    unreachablePlatform: (platform: string) => `${platform}: cannot be reached at the moment; trying again`,
    discordRejects:
      'Discord rejects DISCORD_TOKEN. Reset the token in the developer portal (Bot, Reset Token) and set it anew.',
    noDatabase: 'The database in DATABASE_URL cannot be reached. Check the address, and that the server runs.',
    noRedis: 'The Redis server in REDIS_URL cannot be reached. Check the address, and that the server runs.',
    folderInUse: (folder: string, pid: number | null) =>
      `The data folder ${folder} is in use by ${pid === null ? 'another process' : `process ${pid}`}. Stop it first, or set DATA_DIR to another folder.`,
    folderUnusable: (folder: string, code: string) =>
      `The data folder ${folder} cannot be used (${code}). Set DATA_DIR to a folder that Faceoff may write to.`,
    folderVersion: (folder: string, found: string, needed: string) =>
      `The data folder ${folder} was written by PostgreSQL ${found}; this version has ${needed} built in. Run the version of Faceoff that wrote it, or set DATA_DIR to another folder.`,
    lacksRights: 'The user in DATABASE_URL may not create tables. npm run doctor says how to allow it.',
    serverTooOld: (found: string, oldest: number) =>
      `The server in DATABASE_URL is PostgreSQL ${found}; ${oldest} or newer is needed.`,
    newerSchema: (migration: string) =>
      `The database was changed by a newer version of Faceoff (${migration}). Run that version or a later one.`,
    portTaken: (port: number) => `Port ${port} is in use. Set PORT to another one, or stop the program that uses it.`,
    portForbidden: (port: number) =>
      `Port ${port} is for this machine’s administrators only. Set PORT to a number above 1023.`,
    hostUnusable: (host: string) => `HOST=${host} is no address of this machine.`,
  },

  /** What the operator reads about models.json and the variables that choose models and providers. */
  catalogue: {
    noModelName: (variable: string, name: string) =>
      `${variable}: "${name}" must be written as provider/model, such as qwen/qwen3.8-max.`,
    providerUnknown: (variable: string, name: string, known: string) =>
      `${variable}: "${name}" has an unknown provider; known are ${known}.`,
    modelOff: (variable: string, model: string, needed: string) =>
      `${variable} names ${model}, but ${needed} is not set.`,
    oneModel: 'MODELS names one model, but a comparison needs two.',
    defaultNotComparable: (model: string) =>
      `DEFAULT_CONTESTANTS: "${model}" is not among the models that can be compared; add it to MODELS.`,
    defaultTwice: 'DEFAULT_CONTESTANTS names a model twice.',
    defaultsCount: (fewest: number, most: number, given: number) =>
      `DEFAULT_CONTESTANTS must name ${fewest} to ${most} models, not ${given}.`,
    keyBad: (variable: string) =>
      `${variable} must be one word without spaces, quotes from a word processor or line breaks.`,
    addressTwice: (variable: string, provider: string) =>
      `models.json and ${variable} both say where ${provider} is: remove one of them.`,
    addressMissing: (keyVariable: string, variable: string, provider: string) =>
      `${keyVariable} is set, so ${variable} must say where ${provider} is.`,
    /** To be read after the name of an address. */
    address: {
      noAddress: 'must be an address that begins with https:// or http://',
      holdsPassword: 'must not hold a user name or password',
      holdsQuery: 'must not hold a ? or #',
      plainHttp: 'must begin with https://, because plain http is for this machine and private networks only',
    },
    file: {
      unreadable: (file: string, code: string) =>
        `${file} cannot be read (${code}): make it a file that Faceoff may read, or set MODELS_FILE to another one.`,
      noJsonAt: (line: string, column: string) =>
        `models.json is not valid JSON: the mistake is at line ${line}, column ${column}.`,
      noJsonCharacter: (character: string) =>
        `models.json is not valid JSON: there is a ${character} where JSON allows none.`,
      noJsonEnd: 'models.json is not valid JSON: it ends too early.',
      theFile: 'the file',
      // The rest is to be read after a place.
      missing: 'is missing',
      wrongForm: 'has the wrong form',
      empty: 'must not be empty',
      tooLong: (most: number) => `must not be longer than ${most} characters`,
      noText: 'must be a text',
      noNumber: 'must be a number',
      noWholeNumber: 'must be a whole number',
      belowOne: 'must be at least 1',
      negative: 'must not be negative',
      noDate: (example: string) => `must be a date such as "${example}"`,
      noList: 'must be a list',
      noObject: 'must be an object',
      noChoice: (choices: string) => `can only be: ${choices}`,
      noField: (fields: string) => `has no field ${fields}`,
      noId: 'must be small letters, digits and hyphens',
      noVariable: 'must be the name of an environment variable',
      noKeyVariable: 'must end in _API_KEY or _TOKEN and not begin with DISCORD_ or SLACK_',
      notInBody: 'must not set model, messages, stream or stream_options',
      foreignKey: (variable: string, provider: string) =>
        `must be a variable of its own, because ${variable} is for ${provider}`,
      keyNeeded: (variable: string) => `is missing: ${variable} is not sent to another address, so name a key for it`,
      baseUrlNeeded: 'needs a baseUrl beside it',
      demoFixed: 'cannot be changed, because the demo is built in',
      noModel: 'must name at least one model',
      modelTwice: (model: string) => `"${model}" is there twice`,
    },
  },

  /** What `npm run doctor` says. */
  doctor: {
    usage: `Usage: npm run -s doctor -- [--json]

Checks the settings, the database, Redis, the port and every provider that is on, and says what to do about each
problem. Changes nothing. Exit code 1 if there is a problem; warnings are fine.

  --json   print JSON`,
    status: { ok: 'ok', warning: 'warning', problem: 'problem' },
    sum: (problems: number, warnings: number) => {
      const found = [
        ...(problems === 0 ? [] : [count(problems, { one: '1 problem', other: `${problems} problems` })]),
        ...(warnings === 0 ? [] : [count(warnings, { one: '1 warning', other: `${warnings} warnings` })]),
      ]
      return found.length === 0 ? 'Everything works.' : `Found: ${found.join(', ')}.`
    },
    defect: (check: string, error: string) => `The check “${check}” itself has failed (${error}).`,
    defectRemedy: 'This is a mistake in Faceoff: please report it with this line.',
    node: {
      fine: (version: string) => `Node ${version} is new enough.`,
      tooOld: (version: string, needed: number) =>
        `Node ${version} is too old: Faceoff needs ${needed} or newer. Nothing else was checked.`,
      remedy: (needed: number) =>
        `Run npm ci once, then npm run doctor and npm start: they bring Node ${needed} along. Or install Node ${needed}.`,
    },
    settings: {
      fine: 'Every setting can be read.',
      remedy:
        'Change it where it is set: in the environment, which wins, or in .env or models.json. Then run this again.',
      envUnreadable: (code: string) => `The file .env cannot be read (${code}). Nothing else was checked.`,
      envRemedy: 'chmod u+r .env',
    },
    folder: {
      isNew: (folder: string) => `The embedded database will be made in ${folder} at the first start.`,
      free: (folder: string) => `The embedded database in ${folder} can be opened by Faceoff; nobody uses it now.`,
      held: (folder: string, pid: number | null) =>
        `Faceoff is running: ${pid === null ? 'another process' : `process ${pid}`} has the embedded database in ${folder} open.`,
      unusable: (folder: string, code: string) => `The data folder ${folder} cannot be read and written (${code}).`,
      remedy: 'Set DATA_DIR to a folder that you may write to.',
    },
    database: {
      server: (version: string, address: string) => `PostgreSQL ${version} at ${address} answers`,
      ready: (server: string) => `${server}, and its tables are up to date.`,
      empty: (server: string) => `${server}. Faceoff makes its tables there at the first start.`,
      behind: (server: string) => `${server}. Faceoff brings its tables up to date at the next start.`,
      lacksRights: (user: string, database: string) =>
        `The user ${user} may not create tables in the database ${database}.`,
      rightsRemedy: (database: string, user: string) =>
        `As an administrator of the server: ALTER DATABASE ${database} OWNER TO ${user};`,
      unreachable: (address: string, code: string) => `No PostgreSQL can be reached at ${address} (${code}).`,
      unreachableRemedy: 'Start the server, or correct the address in DATABASE_URL.',
      rejected: (address: string) => `PostgreSQL at ${address} rejects the user or the password.`,
      rejectedRemedy: 'Correct the user and the password in DATABASE_URL.',
      keptOut: (address: string) => `PostgreSQL at ${address} does not let this user in.`,
      keptOutRemedy:
        'Correct the user in DATABASE_URL; where the server demands encryption, add ?sslmode=require to it.',
      missing: (address: string) => `The server is there, but has no database of the name in ${address}.`,
      missingRemedy: (name: string) =>
        `As an administrator of the server: CREATE DATABASE ${name}; or correct the name in DATABASE_URL.`,
      failed: (address: string, code: string) => `PostgreSQL at ${address} refuses to work (code ${code}).`,
      failedRemedy: (code: string) => `The server’s own log says more; search it for ${code}.`,
      tooOldRemedy: 'Upgrade the server, or set DATABASE_URL to another one.',
    },
    redis: {
      onDatabase: 'REDIS_URL is not set, so the queue is kept in the database.',
      fine: (version: string, address: string) => `Redis ${version} at ${address} answers and keeps what it is given.`,
      tooOld: (version: string, oldest: string) => `Redis ${version} is too old: ${oldest} or newer is needed.`,
      tooOldRemedy: 'Upgrade Redis, or remove REDIS_URL: then the queue is kept in the database.',
      evicts: (address: string, policy: string) =>
        `Redis at ${address} may throw away waiting jobs when its memory is full: its maxmemory-policy is ${policy}.`,
      evictsRemedy: (host: string, port: string) =>
        `redis-cli -h ${host} -p ${port} CONFIG SET maxmemory-policy noeviction`,
      rejected: (address: string) => `Redis at ${address} rejects the user or the password.`,
      rejectedRemedy: 'Correct the user and the password in REDIS_URL.',
      unreachable: (address: string, code: string) => `No Redis can be reached at ${address} (${code}).`,
      unreachableRemedy: 'Start Redis, or correct the address in REDIS_URL, or remove REDIS_URL.',
      failed: (address: string, code: string) => `Redis at ${address} refuses to work (${code}).`,
      failedRemedy: 'Redis’s own log says more. For NOPERM: give the user in REDIS_URL the right to all commands.',
    },
    discord: {
      off: 'Discord is not connected: DISCORD_TOKEN is not set.',
      fine: (name: string, servers: number) =>
        `Discord accepts the token of ${name}, which is on ${count(servers, { one: '1 server', other: `${servers} servers` })}.`,
      rejected: 'Discord rejects the token.',
      rejectedRemedy: 'In the developer portal, under Bot, press Reset Token, and set DISCORD_TOKEN to what it shows.',
      unreachable: (host: string) => `Discord cannot be reached at ${host}.`,
      unreachableRemedy: (host: string) => `Check that this machine reaches ${host}, or correct DISCORD_API_URL.`,
      nowhere: (name: string) => `Discord accepts the token of ${name}, which is on no server yet.`,
      nowhereRemedy: (link: string) => `Open ${link}`,
      notThere: (name: string, guild: string) => `${name} is not on the server ${guild} in DISCORD_GUILD_ID.`,
      notThereRemedy: (link: string) => `Open ${link}, or correct DISCORD_GUILD_ID.`,
    },
    port: {
      none: 'ROLES has no console here, so no port is needed.',
      any: 'PORT=0: Faceoff takes any free port.',
      free: (host: string, port: number) => `Port ${port} on ${host} is free.`,
      ours: (port: number) => `Faceoff is running: it answers on port ${port}.`,
      taken: (port: number) => `Another program uses port ${port}.`,
      takenRemedy: (port: number) =>
        `Set PORT to another number, or stop that program; lsof -i :${port} says which it is.`,
      forbidden: (port: number) => `Only an administrator may use port ${port}.`,
      forbiddenRemedy: 'Set PORT to a number above 1023.',
      hostRemedy: 'Set HOST to 127.0.0.1, or to an address of this machine.',
      failed: (host: string, port: number, code: string) => `Nobody can listen on port ${port} of ${host} (${code}).`,
    },
    models: {
      demo: 'Only the built-in demo models can be compared: no other provider is on.',
      nothing: 'Nothing can be compared yet: fewer than two models are connected.',
      demoRemedy: 'Set DASHSCOPE_API_KEY, OPENAI_API_KEY or another key, or start Ollama.',
      retires: (name: string, id: string, day: string) =>
        `${name} (${id}): its vendor announced to switch it off on ${day}.`,
      retired: (name: string, id: string, day: string) =>
        `${name} (${id}): its vendor announced to switch it off on ${day}, so it may not answer any more.`,
      retiresRemedy: (id: string) => `Set MODELS to what you want to compare, without ${id}.`,
      off: (providers: string) => `Not connected; each is switched on by its variable: ${providers}.`,
    },
    provider: {
      acceptsKey: (who: string) => `${who} answers and accepts the key.`,
      answers: (who: string) => `${who} answers.`,
      noList: (who: string) => `${who} answers, but lists no models, so the key could not be checked.`,
      noListRemedy: (variables: string) => `If its models do not answer /compare, check ${variables}.`,
      notListed: (who: string, models: string) => `${who} answers, but does not list ${models} for this key.`,
      notListedRemedy: 'Set MODELS to what you want to compare, without these.',
      rejectsKey: (who: string) => `${who} rejects the key.`,
      rejectsKeyRemedy: (key: string, place: string) =>
        `Set ${key} to a valid key. A key of another region needs that region’s address in ${place}.`,
      needsKey: (who: string) => `${who} asks for a key, and none is set.`,
      needsKeyRemedy: (id: string) => `In models.json, name the variable of its key: providers.${id}.keyEnv.`,
      noCredit: (who: string) => `${who} says that the account has no credit left.`,
      noCreditRemedy: (variable: string) => `Top up the account, or remove ${variable} to switch the provider off.`,
      busy: (who: string) => `${who} is busy at the moment.`,
      busyRemedy: 'Run npm run doctor again in a minute.',
      down: (who: string) => `${who} cannot be reached, or is out of order.`,
      silent: (who: string) => `${who} did not answer in time.`,
      startRemedy: (name: string, place: string) => `Start ${name}, or correct its address in ${place}.`,
      reachRemedy: (host: string, place: string) =>
        `Check that this machine reaches ${host}, or correct the address in ${place}.`,
      strange: (who: string) => `${who} does not answer like an OpenAI-compatible provider.`,
      strangeRemedy: (place: string) => `Correct the address in ${place}: as a rule it ends in /v1.`,
    },
  },

  rating: {
    verdict,
    rank: 'Rank',
    model: 'Model',
    rating: 'Rating',
    interval: '95 % interval',
    votes: 'Votes',
    comparisons: 'Comparisons',
    winRate: 'Won',
    bothBad: 'Both bad',
    group: (n: number) => `Group ${n}`,
    provisional: (votes: number, comparisons: number) =>
      `* provisional: fewer than ${votes} votes or ${comparisons} comparisons, or no finite best fit yet`,
    position: (share: string, lower: string, upper: string) =>
      `The first of two answers was chosen in ${share} of decided votes (95 % interval ${lower} to ${upper}; 50 % would be no pull).`,
    busiest: (voter: string, share: string, changes: boolean) =>
      `The busiest voter, ${voter}, gave ${share} of the votes; without them the order would ${changes ? 'change' : 'be the same'}.`,
  },

  leaderboard: {
    title: 'Leaderboard',
    allCategories: 'All categories',
    periods: {
      all: 'All time',
      year: 'Last 52 weeks',
      quarter: 'Last 13 weeks',
      month: 'Last 4 weeks',
      week: 'This week',
    },
    modes: { team: 'Team', arena: 'Arena', style: 'Style-controlled' },
    category: 'Category',
    period: 'Period',
    mode: 'Mode',
    basis: (votes: number, voters: number, comparisons: number) =>
      `${count(votes, { one: '1 vote', other: `${votes.toLocaleString('en')} votes` })} by ${count(voters, { one: '1 person', other: `${voters} people` })} on ${count(comparisons, { one: '1 comparison', other: `${comparisons.toLocaleString('en')} comparisons` })}`,
    sinceDay: (day: string) => `since ${day}`,
    provisionalNote: (votes: number, comparisons: number) =>
      `* provisional: fewer than ${votes} votes or ${comparisons} comparisons, or no finite best fit yet.`,
    islandsNote: 'Models of different groups never met, not even through others: their ratings do not compare.',
    busiestNote: (share: string, changes: boolean) =>
      `The busiest voter gave ${share} of the votes; without them the order would ${changes ? 'change' : 'be the same'}.`,
    newestOnly: (comparisons: string) => `Style is held equal over the newest ${comparisons} comparisons.`,
    won: (share: string) => `won ${share}`,
    bad: (share: string) => `bad ${share}`,
    votesShort: (votes: number, comparisons: number) =>
      `${count(votes, { one: '1 vote', other: `${votes} votes` })} / ${comparisons}`,
    legend: '± 95 %; votes / comparisons; bad: all answers bad; then first token (median), cost per answer',
    more: (n: number) => `… and ${count(n, { one: '1 more model', other: `${n} more models` })}`,
    provisional: 'provisional',
    firstToken: 'First token (median)',
    cost: 'Cost per answer',
    page: {
      show: 'Show',
      howItWorks: 'How this is counted',
      wholePage: 'Charts, filters and downloads',
      download: 'Download',
      captions: {
        intervals: 'The dot is the rating, the bar its 95 % interval; a hollow dot is provisional. 1000 is the mean.',
        matrix:
          'Blue: the model of the row won more often; orange: the model of the column did. n is the number of votes.',
        cost: 'Up is better, left is cheaper. The bar is the 95 % interval of the rating.',
        speed: 'Up is better, left is faster. The bar is the 95 % interval of the rating.',
        history: 'Each point counts all votes on ballots revealed until the end of that week.',
      },
      duelTitle: 'A against B',
      duelFirst: 'Model',
      duelSecond: 'against',
      duelNone: 'These two cannot be compared: choose two different models.',
      duelCounts: (a: string, wins: number, b: string, losses: number, draws: number) =>
        `On ballots that held both: ${count(wins, { one: '1 vote', other: `${wins} votes` })} for ${a}, ${losses} for ${b}, ${draws} for neither.`,
      duelDifference: (difference: string, lower: string, upper: string) =>
        `Difference of the ratings: ${difference} points (95 % interval ${lower} to ${upper}).`,
      effectsTitle: 'What style alone does',
      effectsHint:
        'How the odds of being chosen change with one standard deviation more of a feature, the model being the same. × 1.00 is no effect.',
      feature: 'Feature',
      effect: 'Odds',
      features: { tokens: 'Length', headers: 'Headings', listItems: 'List items', bold: 'Bold text' },
    },
    charts: {
      intervals: 'Rating with its 95 % interval',
      matrix: 'Who won against whom: the share of the row against the column, a draw counting half',
      cost: 'Rating against the cost of an answer',
      speed: 'Rating against the time to the first token',
      history: 'Ratings after each week, from all votes until then',
      ratingAxis: 'Rating (Elo points)',
      costAxis: 'Cost of an answer',
      speedAxis: 'Time to the first token (median)',
      weekAxis: 'Week from Monday',
      intervalOf: (rank: string, name: string, rating: number, lower: number, upper: number) =>
        `Rank ${rank}: ${name}, ${rating}, from ${lower} to ${upper}.`,
      shareOf: (a: string, b: string, share: string, votes: number) =>
        `${a} against ${b}: ${share} of ${count(votes, { one: '1 vote', other: `${votes} votes` })}.`,
      pointOf: (name: string, rating: number, at: string) => `${name}: ${rating} at ${at}.`,
      changeOf: (name: string, from: number | null, to: number) =>
        from === null ? `${name}: ${to}.` : `${name}: from ${from} to ${to}.`,
    },
  },

  history: {
    title: 'History',
    words: 'Words',
    person: 'Asked by',
    since: 'From',
    until: 'To',
    any: 'Any',
    find: 'Find',
    more: 'Earlier comparisons',
    nothing: 'Nothing was found.',
    wholePage: 'Search further',
    moreInChat: 'There are more; name words, a model, a person or days to find them.',
  },
  method: {
    title: 'How this is counted',
    intro:
      'The leaderboard answers one question: which model do the people here prefer, for the prompts they ask, and how sure can one be? Everything comes from your own votes.',
    back: 'To the leaderboard',
    sections: (votes: number, comparisons: number) => [
      {
        title: 'Which votes count',
        paragraphs: [
          'Votes on blind ballots, once they are revealed. Who sees the names votes for a name, so ballots with visible names do not count; nor do void ones. A vote that is changed, taken back or forgotten changes the numbers at once.',
          'An answer that failed was not on the ballot. A period begins on a Monday, 0:00 UTC, and counts ballots revealed since then.',
        ],
      },
      {
        title: 'The rating',
        paragraphs: [
          'Ratings are points as in chess, with a mean of 1000. Only differences mean something: 100 points more win about 64 of 100 votes against the other, 200 points about 76, 400 points about 91.',
          'A tie counts half for each, and so does “all bad”, which is shown as a rate of its own as well. A ballot of four is one vote among four, not three votes.',
        ],
      },
      {
        title: 'The interval',
        paragraphs: [
          'With few votes luck decides much. The 95 % interval says how far the rating may be off: of a hundred such intervals about ninety-five hold the true value. People who vote on the same answers tend to agree, so five votes on one comparison say less than five votes on five; the interval allows for that, and, from twenty voters on, for one person’s votes being alike.',
          'The rank is a range for the same reason: “1–3” means that no other model is better for certain, and two might be. Whether A is better than B is always answered from their difference, never by looking whether two bars overlap.',
        ],
      },
      {
        title: 'Provisional, groups, undefeated',
        paragraphs: [
          `A model is provisional until it has ${votes} votes on ${comparisons} comparisons, and as long as some model has never lost to the others: then nobody can say how far ahead it is, and the rating is held back towards the mean.`,
          'Models that never met, not even through others, stand in groups of their own and are not ranked against each other.',
        ],
      },
      {
        title: 'The three modes',
        paragraphs: [
          'Team is made for ten to five hundred votes by people who know each other, and is the default. It expects ratings to lie within a few hundred points of each other until votes say otherwise.',
          'Arena is the arithmetic of LMArena, for comparison. It takes every vote as independent, so with few votes it sounds surer than it should.',
          'Style-controlled asks what would be left if all answers were equally long and formatted alike: length, headings, lists and bold text are taken into the reckoning beside the model.',
        ],
      },
      {
        title: 'What to be wary of',
        paragraphs: [
          'The first answer may be chosen more often just because it stands first; labels are shuffled, and the note under the table says how strong the pull is. If one person gives most of the votes, the note says whether the order hangs on them.',
          'The estimate of how many more comparisons would settle a question takes today’s difference for the true one. It is a rough guide, not a promise.',
        ],
      },
    ],
  },
  claims: {
    title: 'Claims put to the test',
    intro: 'What vendors say about their models, and what your own blind votes say, category by category.',
    by: (vendor: string, published: string) => `${vendor}, ${published}`,
    claimed: 'The claim',
    found: 'Your votes',
    beats: (subject: string, rival: string) => `${subject} beats ${rival}`,
    outcomes: {
      supports: 'Your votes agree.',
      contradicts: 'Your votes say the opposite.',
      open: 'Not settled yet.',
      untested: 'Not tested yet.',
    },
    howToTest: (category: string) =>
      `Compare models of both families with the category “${category}”, and it is counted here.`,
    pair: (
      subject: string,
      rival: string,
      share: string,
      difference: string,
      lower: string,
      upper: string,
      n: number,
    ) =>
      `${subject} is better than ${rival} with ${share} probability: ${difference} points apart (95 % interval ${lower} to ${upper}), ${count(n, { one: '1 vote', other: `${n} votes` })}.`,
    moreThan: 'more than',
    laterModels: 'These are other models of the same families than the claim names.',
  },

  /** What the command line says. */
  cli: {
    usage: `Usage: npm run -s faceoff -- rate VOTES.jsonl [--mode team|arena] [--json]
       npm run -s faceoff -- export [--format fastchat] > VOTES.jsonl
       npm run -s faceoff -- tallies --check | --rebuild

rate: rates the models in a file of votes, one JSON object per line (- reads from standard input):
  {"model_a":"x","model_b":"y","winner":"model_a"}   winner: model_a, model_b, tie or tie (bothbad)
  {"models":["x","y","z"],"winner":"y"}              any number of models
Optional: "judge" names the voter; "battle", or else "question_id", names the comparison.

  --mode team    for a team's votes: few, and several on the same answers (default)
  --mode arena   LMArena's arithmetic
  --json         print JSON

export: writes the votes that count (on revealed, blind ballots) as such lines; voters are numbers.
tallies: compares what the leaderboard reads with the votes, or counts it anew from them.
Both find the database as npm start does, and ask Faceoff itself while it runs on the embedded one.`,
    commandUnknown: (name: string) => `There is no command “${name}”.`,
    optionWrong: (option: string) => `“${option}” is no option here.`,
    fileNeeded: 'Name one file of votes, or - for standard input.',
    modeUnknown: (mode: string) => `There is no mode “${mode}”: choose team or arena.`,
    fileUnreadable: (file: string, code: string) => `${file} cannot be read (${code}).`,
    badLines: (file: string, n: number) =>
      `${file}: ${count(n, { one: '1 line is no vote', other: `${n} lines are no votes` })}. Nothing was rated.`,
    badLine: (line: number, reason: string) => `  line ${line}: ${reason}`,
    moreBadLines: (n: number) => `  … and ${n} more`,
    line: {
      not_json: () => 'not valid JSON',
      not_an_object: () => 'not a JSON object',
      not_utf8: () => 'not valid UTF-8',
      models_empty: () => '“models” is empty',
      field_missing: (field: string) => `“${field}” is missing`,
      not_a_name: (field: string) => `“${field}” holds no name`,
      not_exact: (field: string) => `“${field}” is a number too large to be exact; write it as a string`,
      winner_unknown: (winner: string) => `the winner “${winner}” is none of the models, nor a tie`,
      model_twice: (model: string) => `“${model}” is named twice`,
    },
    reading: (votes: string) => `${votes} votes`,
    formatUnknown: (format: string) => `There is no format “${format}”: choose fastchat.`,
    talliesStep: 'Say either --check or --rebuild.',
    talliesRight: (rows: number) =>
      `${count(rows, { one: '1 row agrees', other: `${rows} rows agree` })} with the votes.`,
    talliesRebuilt: (rows: number) => `Counted anew: ${count(rows, { one: '1 row', other: `${rows} rows` })}.`,
    talliesWrong: (wrong: number, rows: number) =>
      `${count(wrong, { one: '1 row does', other: `${wrong} rows do` })} not agree with the votes, of ${rows}. npm run -s faceoff -- tallies --rebuild counts them anew.`,
    noDatabase: (folder: string) => `There is no database in ${folder} yet: it is made when Faceoff first starts.`,
    appSilent: (folder: string) =>
      `Faceoff is running with the database in ${folder}, but does not answer. Try again in a moment, or stop it first.`,
  },
}
