import type { Text } from './index.ts'
import { slackDe } from './slack/de.ts'
import { summaryDe } from './summary/de.ts'
import { categoryNames, percent, plural } from './words.ts'

const count = plural('de')

/** Every sentence a user sees, in German. */
export const de: Text = {
  locale: 'de',
  language: 'Deutsch',
  appName: 'Faceoff',
  tagline: 'Die Modell-Arena eures Teams',

  commands: {
    compare: 'Einen Prompt mehreren Modellen stellen und über die Antworten abstimmen',
    leaderboard: 'Welches Modell nach euren eigenen Stimmen besser ist, und wie sicher das ist',
    history: 'Frühere Vergleiche nach Wörtern, Modell, Kategorie, Person oder Tag',
    summary: 'Die Woche bisher, nur für dich; Admins veröffentlichen sie oder ändern die Einstellungen',
    models: 'Was verglichen werden kann, zu welchem Preis, und wo Prompts verarbeitet werden',
    help: 'Was man hier eingeben kann',
  },
  options: {
    prompt: 'Die Frage. Mehrere Zeilen, Markdown und Code sind möglich',
    models: 'Zwei bis sechs Modelle, durch Kommas getrennt',
    category: 'Um welche Art Prompt es geht',
    blind: 'Namen bis zur Auflösung verbergen: ja (Standard) oder nein. Nur blinde Stimmen zählen in der Rangliste',
    leaderboardCategory: 'Nur Prompts dieser Art',
    period: 'Nur Abstimmungen, die in dieser Zeit aufgelöst wurden',
    words: 'Wörter des Prompts; sobald die Namen sichtbar sind, auch der Antworten',
    model: 'Nur Vergleiche mit diesem Modell, oder einem Teil seines Namens; offene blinde bleiben weg',
    person: 'Nur was diese Person gefragt hat',
    since: 'An diesem Tag oder später gefragt, etwa 23.11.2026',
    until: 'An diesem Tag oder früher gefragt',
    mode: 'Wie gewertet wird: für ein Team (Standard), wie bei LMArena, oder bei gleichem Stil',
    summaryWhat: 'Leer: zeigen. Sonst jetzt veröffentlichen, oder die Einstellungen',
  },
  help: {
    intro:
      'Faceoff stellt denselben Prompt mehreren Modellen. Ihre Antworten erscheinen nebeneinander ohne Namen; ihr stimmt ab; dann werden die Namen aufgedeckt.',
    example: '/compare Erkläre einem zehnjährigen Kind Rekursion',
    exampleFull:
      '/compare models: qwen/qwen3.8-max, openai/gpt-6.1-sol category: coding blind: nein\nPrüfe diese Funktion …',
    optionsTitle: 'Optionen, vor oder nach dem Prompt',
    votingTitle: 'Abstimmen',
    voting:
      'Eine Stimme pro Person, per Emoji unter dem Stimmzettel: ein Buchstabe, 🤝 für unentschieden, 👎 wenn alle schlecht sind. Eine zweite Wahl ersetzt die erste; dieselbe noch einmal nimmt sie zurück. Vor der Auflösung sieht niemand die Zählung.',
  },
  categories: categoryNames({
    reasoning: 'Logisches Denken',
    language: 'Sprachverständnis',
    coding: 'Programmieren',
    writing: 'Schreiben',
    translation: 'Übersetzen',
    knowledge: 'Wissen',
    other: 'Sonstiges',
  }),
  yes: 'ja',
  no: 'nein',

  ballot: {
    asked: name => `${name} fragt`,
    voted: n =>
      n === 0
        ? 'Noch niemand hat abgestimmt'
        : count(n, { one: '1 Person hat abgestimmt', other: `${n} Personen haben abgestimmt` }),
    until: when => `Die Abstimmung endet ${when}`,
    phase: {
      running: 'Die Modelle antworten',
      open: 'Stimmt ab!',
      revealed: 'Aufgelöst',
      void: 'Ungültig: weniger als zwei Antworten zum Vergleichen',
    },
    open: 'Nicht blind: die Namen sind sichtbar, darum zählen die Stimmen nicht in der Rangliste',
    yourVote: choice => `Deine Stimme: ${choice}`,
    choice: { tie: 'Unentschieden', both_bad: 'Alle schlecht' },
    vote: choice => `Für ${choice} stimmen`,
    answer: label => `Antwort ${label}`,
    stop: 'Anhalten',
    stopping: 'Wird angehalten …',
    reveal: 'Auflösen',
    permalink: 'Link zu diesem Vergleich',
    showPrompt: 'Ganzen Prompt zeigen',
  },
  answer: {
    queued: 'Wartet',
    retrying: (reason, when) => `${reason} Nächster Versuch ${when}.`,
    streaming: 'Antwortet …',
    thinking: 'Denkt nach …',
    done: 'Vollständig',
    stopped: 'Angehalten',
    failed: 'Keine Antwort',
    cut: 'Am Token-Limit des Modells abgeschnitten',
    namedItself: 'Nannte den eigenen Namen; er war bis zur Auflösung verborgen',
  },
  results: {
    title: 'Ergebnis',
    winner: names => `${names} gewinnt`,
    tied: names => `Gleichstand: ${names}`,
    undecided: 'Kein Sieger',
    noVotes: 'Niemand hat abgestimmt',
    votes: n => count(n, { one: '1 Stimme', other: `${n} Stimmen` }),
    model: 'Modell',
    votesColumn: 'Stimmen',
    cost: 'Kosten',
    tokens: 'Tokens',
    firstToken: 'Erstes Token',
    duration: 'Gesamtzeit',
    unknown: 'unbekannt',
    free: 'kostenlos',
  },
  models: {
    title: 'Modelle',
    model: 'Modell',
    price: 'Preis je Million Tokens (Eingabe / Ausgabe)',
    region: 'Verarbeitet werden Prompts in',
    health: 'Zustand',
    healthy: 'antwortet',
    byDefault: 'Standard',
    context: 'Kontext',
    pricedOn: date => `Stand ${date}`,
    notOffered: 'Der Anbieter führt dieses Modell nicht',
    regions: {
      cn: 'Festlandchina',
      sg: 'Singapur',
      us: 'den Vereinigten Staaten',
      eu: 'der Europäischen Union',
      hk: 'Hongkong',
      jp: 'Japan',
      various: 'wechselnden Ländern, je nach Weiterleitung',
      local: 'diesem Rechner oder eurem Netz',
    },
  },

  problem: {
    prompt_empty: () => 'Es fehlt der Prompt. Schreib ihn hinter /compare.',
    prompt_too_long: p =>
      `Der Prompt hat ${p.length.toLocaleString('de')} Zeichen; möglich sind ${p.limit.toLocaleString('de')}. Bitte kürzen.`,
    model_unknown: p =>
      p.suggestion === null
        ? `Ein Modell „${p.model}“ gibt es hier nicht. /models zeigt, was verglichen werden kann.`
        : `Ein Modell „${p.model}“ gibt es hier nicht. Meintest du „${p.suggestion}“?`,
    model_twice: p => `„${p.model}“ ist doppelt genannt. Ein Vergleich braucht verschiedene Modelle.`,
    too_few_models: p =>
      p.given === 1
        ? 'Ein Modell allein lässt sich nicht vergleichen. Nenne mindestens zwei.'
        : 'Hier lassen sich noch keine zwei Modelle vergleichen. Jemand mit Adminrechten kann einen Anbieter verbinden.',
    too_many_models: p => `${p.given} Modelle sind zu viele: höchstens ${p.limit}.`,
    category_unknown: p =>
      `Eine Kategorie „${p.category}“ gibt es nicht. Möglich sind reasoning, language, coding, writing, translation, knowledge und other.`,
    option_bad: p => `„${p.value}“ passt nicht zur Option „${p.option}“.`,
    command_unknown: p =>
      p.suggestion === null
        ? `Einen Befehl /${p.command} gibt es nicht. /help zeigt alle.`
        : `Einen Befehl /${p.command} gibt es nicht. Meintest du /${p.suggestion}?`,
    comparison_missing: () => 'Diesen Vergleich gibt es nicht.',
    ballot_closed: () => 'Diese Abstimmung ist beendet; Stimmen ändern sich nicht mehr.',
    choice_not_open: p =>
      p.choice.length === 1
        ? `Für ${p.choice} kann man nicht stimmen: nur für vollständige Antworten.`
        : 'Dafür kann man noch nicht stimmen: erst müssen zwei Antworten vollständig sein.',
    not_asker_nor_admin: () => 'Das kann nur, wer gefragt hat, oder jemand mit Adminrechten.',
    too_early_to_reveal: () => 'Noch gibt es nichts aufzulösen: warte auf zwei Antworten oder halte den Vergleich an.',
    name_bad: p => `Wähle einen Namen mit 1 bis ${p.limit} Zeichen.`,
    name_taken: p => `„${p.name}“ heißt hier schon jemand. Wähle einen anderen Namen.`,
    admins_only: () => 'Das kann nur ein Admin.',
    time_bad: p => `„${p.time}“ ist keine Uhrzeit. Schreibe sie wie 09:00.`,
    time_zone_unknown: p =>
      `Es gibt keine Zeitzone „${p.timeZone}“. Schreibe sie wie Europe/Berlin oder America/New_York.`,
    summary_without_channel: () =>
      'Hier wurde noch nichts verglichen, also weiß ich nicht, wohin. Vergleiche etwas, oder wähle einen Kanal mit /summary settings.',

    provider_busy: () => 'Der Anbieter ist ausgelastet.',
    provider_down: () => 'Der Anbieter ist nicht erreichbar.',
    provider_silent: () => 'Der Anbieter antwortet nicht mehr.',
    answer_cut: () => 'Die Verbindung zum Anbieter brach ab, bevor die Antwort vollständig war.',
    bad_response: () => 'Der Anbieter schickte etwas, das keine Antwort ist.',
    empty_answer: () => 'Das Modell gab eine leere Antwort.',
    key_rejected: () => 'Der Anbieter lehnt unseren Schlüssel ab. Jemand mit Adminrechten muss ihn prüfen.',
    no_credit: () => 'Das Guthaben bei diesem Anbieter ist aufgebraucht. Jemand mit Adminrechten muss es aufladen.',
    model_missing: () =>
      'Der Anbieter führt dieses Modell nicht (mehr). Jemand mit Adminrechten kann ein anderes wählen.',
    prompt_refused: () => 'Der Inhaltsfilter des Anbieters lehnte den Prompt oder die Antwort ab.',
    context_exceeded: () => 'Der Prompt ist zu lang für dieses Modell.',
    request_rejected: () => 'Der Anbieter lehnte die Anfrage ab.',
    provider_off: () => 'Dieses Modell ist nicht mehr verbunden.',
    chat_down: () => 'Die Chat-Plattform antwortet gerade nicht. Versuche es in einer Minute noch einmal.',
    chat_closed: p =>
      p.missing === null
        ? 'In diesem Kanal darf ich nicht schreiben. Ein Admin kann mich hereinlassen.'
        : `Das darf ich in diesem Kanal nicht: Mir fehlt das Recht „${p.missing}“. Ein Admin kann es mir geben.`,
    post_gone: () => 'Die Nachricht gibt es nicht mehr.',
    gave_up: () => 'Die Antwort wurde zu oft unterbrochen.',
    internal: () => 'Bei uns ging etwas schief. Wer Adminrechte hat, findet es im Log.',
  },

  slack: slackDe,
  summary: summaryDe,

  chat: {
    compareThis: 'Antworten darauf vergleichen',
    part: (label, n) => `Antwort ${label}, Teil ${n}`,
    restInFile: 'Der Rest steht in der Datei.',
    wholeInFile: 'Die ganze Antwort steht in der Datei.',
    result: title => `Ergebnis: ${title}`,
    firstToken: duration => `erstes Token ${duration}`,
    total: duration => `insgesamt ${duration}`,
    tokens: n => `${n} Tokens`,
    ties: n => count(n, { one: '1 × unentschieden', other: `${n} × unentschieden` }),
    bothBad: n => count(n, { one: '1 × alle schlecht', other: `${n} × alle schlecht` }),
    byButtons: 'Stimmt mit den Knöpfen ab: Ich darf hier keine Reaktionen hinzufügen.',
    place: {
      in_thread: 'Die Antworten folgen hier, denn in einem Thread gibt es keine Threads.',
      in_voice: 'Die Antworten folgen hier, denn dieser Kanal hat keine Threads.',
      no_right: 'Die Antworten folgen hier, denn ich darf hier keinen Thread öffnen.',
      not_installed:
        'Ich bin hier kein Mitglied, darum gibt es keinen Thread, und nur die Knöpfe zählen. Nach 15 Minuten kann ich diese Nachricht nur noch ändern, wenn jemand einen drückt.',
    },
    noVote: 'Deine Stimme ist zurückgenommen.',
    notice: {
      last_counts:
        'Auf einer Abstimmung stehen mehrere Reaktionen von dir. Jede Person hat eine Stimme: Die letzte zählt. Die anderen darf ich nicht entfernen.',
      undecided:
        'Du hast, während ich weg war, mehrere Reaktionen auf einer Abstimmung hinterlassen. Ich kann nicht wissen, welche die letzte war, und zähle keine. Nimm alle bis auf eine zurück, oder nimm die Knöpfe.',
    },
    noText: 'Diese Nachricht hat keinen Text, der sich vergleichen ließe.',
    names: {
      compare: 'vergleichen',
      models: 'modelle',
      help: 'hilfe',
      prompt: 'prompt',
      category: 'kategorie',
      blind: 'blind',
      leaderboard: 'bestenliste',
      history: 'verlauf',
      summary: 'zusammenfassung',
      what: 'was',
      period: 'zeitraum',
      mode: 'art',
      words: 'worte',
      model: 'modell',
      person: 'person',
      since: 'seit',
      until: 'bis',
    },
    form: {
      title: 'Neuer Vergleich',
      prompt: 'Prompt',
      models: 'Modelle, durch Kommas getrennt',
      modelsHint: models => `Leer: ${models}`,
      category: 'Kategorie',
      blind: 'Namen bis zur Auflösung verbergen?',
    },
  },

  console: {
    skip: 'Zum Inhalt springen',
    menu: 'Menü',
    topic: 'Einen Prompt mehreren Modellen stellen, blind abstimmen, auflösen',
    help: 'Hilfe',
    dialog: 'Dialog',
    offline: 'Keine Verbindung. Neuer Versuch …',
    earlier: 'Frühere Vergleiche laden',
    toNewest: 'Zurück zu den neuesten Vergleichen',
    toArena: 'Zu #arena',
    comparison: 'Vergleich',
    notBlind: 'nicht blind',
    copy: 'Kopieren',
    copyLink: 'Link kopieren',
    copied: 'Kopiert',
    won: 'Die meisten Stimmen',
    at: time => `um ${time}`,
    shortly: 'in Kürze',
    unknownPlace: 'einem Land, das der Anbieter nicht nennt',
    tokens: (prompt, completion) => `${prompt} ein, ${completion} aus`,
    voteHere: 'Abstimmen',
    takenBack: 'Deine Stimme ist zurückgenommen',

    welcomeTitle: 'Willkommen in #arena',
    message: 'Nachricht an #arena',
    placeholder: 'Frag die Modelle etwas, oder tippe / für Befehle',
    hint: models => `Enter fragt ${models}. Umschalt+Enter beginnt eine neue Zeile.`,
    options: 'Optionen …',
    send: 'Senden',
    commands: 'Befehle',
    onlyYou: 'Nur du siehst das',
    dismiss: 'Ausblenden',
    close: 'Schließen',
    form: {
      title: 'Neuer Vergleich',
      prompt: 'Prompt',
      models: most => `Modelle, zwei bis ${most}`,
      price: price => `Preis: ${price}`,
      category: 'Kategorie',
      noCategory: 'Keine',
      blind: 'Namen bis zur Auflösung verbergen',
      submit: 'Vergleichen',
    },

    chooseName: 'Wähle einen Namen',
    changeName: 'Namen ändern',
    yourName: 'Dein Name',
    nameHint: 'Einmal je Browser gewählt. Alle hier sehen ihn bei dem, was du fragst.',
    proceed: 'Weiter',
    admin: 'Admin',
    ownerTitle: 'Adminrechte übernehmen',
    ownerHint:
      'Mit Adminrechten hältst du jeden Vergleich an, löst ihn auf und siehst, was verbunden ist. Dieser Link gilt einmal.',
    ownerButton: 'Adminrechte übernehmen',
    ownerDead: 'Dieser Link ist ungültig, oder jemand hat ihn schon benutzt.',
    passwordTitle: 'Diese Konsole hat ein Passwort',
    password: 'Passwort',
    passwordWrong: 'Das ist nicht das Passwort.',
    passwordWait: seconds => `Zu viele falsche Passwörter. Versuch es in ${seconds} s noch einmal.`,

    notFound: 'Nicht gefunden',
    noSuchPage: 'Diese Seite gibt es nicht.',
    notDone: 'Das ging nicht',
    tooLarge: 'Das ist zu lang. Bitte kürzen.',
    adminsOnly:
      'Diese Seite sieht nur, wer Adminrechte hat. Der Link, der sie zuerst vergibt, steht da, wo Faceoff startet.',

    connectTitle: 'Verbinden',
    connect: {
      intro:
        'Die Umgebung und models.json entscheiden; diese Seite zeigt, was sie sagen. Setze eine Variable da, wo Faceoff startet, und starte neu.',
      providers: 'Modellanbieter',
      ownProvider: 'Jede andere OpenAI-kompatible Adresse lässt sich in models.json ergänzen.',
      on: 'verbunden',
      off: 'nicht verbunden',
      set: 'Setze',
      elsewhere: 'andere Adresse:',
      getKey: 'Schlüssel besorgen',
      getProgram: 'Programm besorgen',
      slackHow:
        'Lege mit diesem Manifest unter api.slack.com/apps eine App an, installiere sie in eurem Workspace und setze eine dieser Gruppen von Variablen:',
      slackManifest: 'Manifest der Slack-App',
      discordHow:
        'Lege unter discord.com/developers/applications eine App an, setze unter Bot ihr Token zurück und kopiere es, trage es hier ein, starte Faceoff neu und öffne den Einladungslink:',
      discordInvite: 'Einladungslink für Discord',
      discordMissing:
        'Der Einladungslink erscheint hier, sobald DISCORD_TOKEN oder DISCORD_APPLICATION_ID gesetzt ist.',
      base: 'Datenbank, Warteschlange und Einstellungen',
      database: 'Datenbank',
      queue: 'Warteschlange',
      postgres: 'PostgreSQL',
      embedded: 'Eingebettet. Für ein Team: DATABASE_URL setzen.',
      redis: 'Redis',
      queueOnDatabase: 'Auf derselben Datenbank. Für viele Vergleiche zugleich: REDIS_URL setzen.',
      isSet: 'gesetzt',
      notSet: 'nicht gesetzt',
      locked: variable => `gesetzt durch ${variable}`,
      lockedWhy: 'Kommt aus der Umgebung oder einer Datei und lässt sich nur dort ändern.',
    },
  },

  config: {
    urlNeeded: (name, example) => `${name} ist keine brauchbare Adresse. Sie sieht so aus: ${example}.`,
    numberNeeded: (name, least, most) => `${name} muss eine Zahl von ${least} bis ${most} sein.`,
    choiceNeeded: (name, choices) => `${name} kann nur sein: ${choices}.`,
    numberIdNeeded: name => `${name} muss die Zahl sein, die Discords Entwicklerportal für die App zeigt.`,
    guildIdNeeded: name =>
      `${name} muss die Nummer eines Discord-Servers sein: Entwicklermodus einschalten, rechte Maustaste auf den Server, Server-ID kopieren.`,
    oneWordNeeded: name => `${name} muss ein Wort sein, ohne Leerzeichen und Anführungszeichen.`,
    weeklyCronNeeded: name =>
      `${name} muss ein Zeitpunkt in der Woche sein, wie cron ihn schreibt: 0 9 * * 1 ist Montag um 9:00.`,
    timeZoneNeeded: name => `${name} muss eine Zeitzone sein, etwa Europe/Berlin oder America/New_York.`,
    passwordShort: (name, least) => `${name} braucht mindestens ${least} Zeichen.`,
    passwordNeeded: host =>
      `HOST=${host} ist von anderen Rechnern aus erreichbar: setze auch CONSOLE_PASSWORD, oder HOST=127.0.0.1.`,
    databaseNeeded:
      'ROLES teilt Faceoff auf mehrere Prozesse auf, denen die eingebettete Datenbank nicht dienen kann: setze auch DATABASE_URL.',
  },

  start: {
    ready: url => `Faceoff ist bereit: ${url}`,
    ownerLink: url => `Adminrechte in der Konsole gibt, einmalig, dieser Link: ${url}`,
    embedded: dir =>
      `Datenbank: eingebettet, in ${dir}. Sie braucht etwa 250 bis 350 MB Speicher zusätzlich und übersteht einen abgebrochenen Prozess, aber keinen Stromausfall. Für ein Team: DATABASE_URL setzen.`,
    postgres: 'Datenbank: PostgreSQL (DATABASE_URL)',
    queueOnRedis: 'Warteschlange: Redis (REDIS_URL)',
    queueOnDatabase: 'Warteschlange: auf derselben Datenbank. Für viele Vergleiche zugleich: REDIS_URL setzen.',
    comparing: names => `/compare nutzt ${names}`,
    comparingNothing: 'Noch lässt sich nichts vergleichen: weniger als zwei Modelle sind verbunden.',
    demo: 'Das sind eingebaute Demo-Modelle. Für echte: DASHSCOPE_API_KEY, OPENAI_API_KEY oder einen anderen Schlüssel setzen.',
    notConnected: (platform, variables, url) => `${platform}: nicht verbunden (${variables}); siehe ${url}`,
    connectedAs: (platform, name) => `${platform}: verbunden als ${name}`,
    unreachablePlatform: platform => `${platform}: gerade nicht erreichbar; es wird weiter versucht`,
    discordRejects:
      'Discord lehnt DISCORD_TOKEN ab. Setze das Token im Entwicklerportal zurück (Bot, Reset Token) und trage es neu ein.',
    noDatabase: 'Die Datenbank in DATABASE_URL ist nicht erreichbar. Prüfe die Adresse, und ob der Server läuft.',
    noRedis: 'Der Redis-Server in REDIS_URL ist nicht erreichbar. Prüfe die Adresse, und ob der Server läuft.',
    folderInUse: (folder, pid) =>
      `Der Datenordner ${folder} wird von ${pid === null ? 'einem anderen Prozess' : `Prozess ${pid}`} benutzt. Beende ihn zuerst oder setze DATA_DIR auf einen anderen Ordner.`,
    folderUnusable: (folder, code) =>
      `Der Datenordner ${folder} ist nicht benutzbar (${code}). Setze DATA_DIR auf einen Ordner, in den Faceoff schreiben darf.`,
    folderVersion: (folder, found, needed) =>
      `Den Datenordner ${folder} hat PostgreSQL ${found} geschrieben; in dieser Version steckt ${needed}. Starte die Faceoff-Version, die ihn geschrieben hat, oder setze DATA_DIR auf einen anderen Ordner.`,
    lacksRights: 'Der Benutzer in DATABASE_URL darf keine Tabellen anlegen. npm run doctor sagt, wie er es darf.',
    serverTooOld: (found, oldest) =>
      `Der Server in DATABASE_URL ist PostgreSQL ${found}; nötig ist ${oldest} oder neuer.`,
    newerSchema: migration =>
      `Die Datenbank hat eine neuere Version von Faceoff geändert (${migration}). Starte diese oder eine spätere.`,
    portTaken: port => `Port ${port} ist belegt. Setze PORT auf einen anderen oder beende das Programm, das ihn nutzt.`,
    portForbidden: port => `Port ${port} ist nur mit Adminrechten zu haben. Setze PORT auf eine Zahl über 1023.`,
    hostUnusable: host => `HOST=${host} ist keine Adresse dieses Rechners.`,
  },

  catalogue: {
    noModelName: (variable, name) =>
      `${variable}: "${name}" muss als Anbieter/Modell geschrieben sein, etwa qwen/qwen3.8-max.`,
    providerUnknown: (variable, name, known) =>
      `${variable}: Den Anbieter von "${name}" gibt es nicht; bekannt sind ${known}.`,
    modelOff: (variable, model, needed) => `${variable} nennt ${model}, aber ${needed} ist nicht gesetzt.`,
    oneModel: 'MODELS nennt ein einziges Modell, ein Vergleich braucht aber zwei.',
    defaultNotComparable: model =>
      `DEFAULT_CONTESTANTS: "${model}" gehört nicht zu den Modellen, die verglichen werden können; ergänze es in MODELS.`,
    defaultTwice: 'DEFAULT_CONTESTANTS nennt ein Modell doppelt.',
    defaultsCount: (fewest, most, given) =>
      `DEFAULT_CONTESTANTS muss ${fewest} bis ${most} Modelle nennen, nicht ${given}.`,
    keyBad: variable =>
      `${variable} muss ein einziges Wort sein, ohne Leerzeichen, typografische Anführungszeichen und Zeilenumbrüche.`,
    addressTwice: (variable, provider) =>
      `models.json und ${variable} sagen beide, wo ${provider} ist: entferne eines davon.`,
    addressMissing: (keyVariable, variable, provider) =>
      `${keyVariable} ist gesetzt, also muss ${variable} sagen, wo ${provider} ist.`,
    address: {
      noAddress: 'muss eine Adresse sein, die mit https:// oder http:// beginnt',
      holdsPassword: 'darf weder Benutzernamen noch Passwort enthalten',
      holdsQuery: 'darf weder ? noch # enthalten',
      plainHttp: 'muss mit https:// beginnen, denn http ohne s ist nur für diesen Rechner und private Netze',
    },
    file: {
      unreadable: (file, code) =>
        `${file} ist nicht lesbar (${code}): mach daraus eine Datei, die Faceoff lesen darf, oder setze MODELS_FILE auf eine andere.`,
      noJsonAt: (line, column) =>
        `models.json ist kein gültiges JSON: der Fehler steht in Zeile ${line}, Spalte ${column}.`,
      noJsonCharacter: character =>
        `models.json ist kein gültiges JSON: irgendwo steht ein ${character}, das JSON dort nicht erlaubt.`,
      noJsonEnd: 'models.json ist kein gültiges JSON: die Datei endet zu früh.',
      theFile: 'die Datei',
      missing: 'fehlt',
      wrongForm: 'hat die falsche Form',
      empty: 'darf nicht leer sein',
      tooLong: most => `darf nicht länger als ${most} Zeichen sein`,
      noText: 'muss ein Text sein',
      noNumber: 'muss eine Zahl sein',
      noWholeNumber: 'muss eine ganze Zahl sein',
      belowOne: 'muss mindestens 1 sein',
      negative: 'darf nicht negativ sein',
      noDate: example => `muss ein Datum sein, etwa "${example}"`,
      noList: 'muss eine Liste sein',
      noObject: 'muss ein Objekt sein',
      noChoice: choices => `kann nur sein: ${choices}`,
      noField: fields => `hat kein Feld ${fields}`,
      noId: 'darf nur aus Kleinbuchstaben, Ziffern und Bindestrichen bestehen',
      noVariable: 'muss der Name einer Umgebungsvariablen sein',
      noKeyVariable: 'muss auf _API_KEY oder _TOKEN enden und darf nicht mit DISCORD_ oder SLACK_ beginnen',
      notInBody: 'darf model, messages, stream und stream_options nicht setzen',
      foreignKey: (variable, provider) => `muss eine eigene Variable sein, denn ${variable} gehört zu ${provider}`,
      keyNeeded: variable =>
        `fehlt: ${variable} wird nicht an eine andere Adresse geschickt, nenne also einen Schlüssel für diese`,
      baseUrlNeeded: 'braucht eine baseUrl daneben',
      demoFixed: 'ist unveränderlich, denn die Demo ist eingebaut',
      noModel: 'muss mindestens ein Modell nennen',
      modelTwice: model => `"${model}" steht doppelt da`,
    },
  },

  doctor: {
    usage: `Aufruf: npm run -s doctor -- [--json]

Prüft die Einstellungen, die Datenbank, Redis, den Port und jeden eingeschalteten Anbieter und sagt zu jedem Fehler,
was zu tun ist. Ändert nichts. Exit-Code 1 bei einem Fehler; Hinweise sind in Ordnung.

  --json   gibt JSON aus`,
    status: { ok: 'gut', warning: 'Hinweis', problem: 'Fehler' },
    sum: (problems, warnings) => {
      const found = [
        ...(problems === 0 ? [] : [`${problems} Fehler`]),
        ...(warnings === 0 ? [] : [count(warnings, { one: '1 Hinweis', other: `${warnings} Hinweise` })]),
      ]
      return found.length === 0 ? 'Alles funktioniert.' : `Gefunden: ${found.join(', ')}.`
    },
    defect: (check, error) => `Die Prüfung „${check}“ ist selbst gescheitert (${error}).`,
    defectRemedy: 'Das ist ein Fehler in Faceoff: bitte melde ihn mit dieser Zeile.',
    node: {
      fine: version => `Node ${version} ist neu genug.`,
      tooOld: (version, needed) =>
        `Node ${version} ist zu alt: Faceoff braucht ${needed} oder neuer. Sonst wurde nichts geprüft.`,
      remedy: needed =>
        `Führe einmal npm ci aus, dann npm run doctor und npm start: sie bringen Node ${needed} mit. Oder installiere Node ${needed}.`,
    },
    settings: {
      fine: 'Alle Einstellungen sind lesbar.',
      remedy:
        'Ändere es dort, wo es gesetzt ist: in der Umgebung, die Vorrang hat, oder in .env oder models.json. Dann prüfe noch einmal.',
      envUnreadable: code => `Die Datei .env ist nicht lesbar (${code}). Sonst wurde nichts geprüft.`,
      envRemedy: 'Gib dir das Leserecht: chmod u+r .env',
    },
    folder: {
      isNew: folder => `Die eingebettete Datenbank entsteht beim ersten Start in ${folder}.`,
      free: folder => `Die eingebettete Datenbank in ${folder} steht Faceoff offen; gerade benutzt sie niemand.`,
      held: (folder, pid) =>
        `Faceoff läuft: ${pid === null ? 'ein anderer Prozess' : `Prozess ${pid}`} hat die eingebettete Datenbank in ${folder} geöffnet.`,
      unusable: (folder, code) => `Der Datenordner ${folder} lässt sich nicht lesen und beschreiben (${code}).`,
      remedy: 'Setze DATA_DIR auf einen Ordner, in den du schreiben darfst.',
    },
    database: {
      server: (version, address) => `PostgreSQL ${version} unter ${address} antwortet`,
      ready: server => `${server}, und die Tabellen sind auf dem neuesten Stand.`,
      empty: server => `${server}. Faceoff legt dort beim ersten Start seine Tabellen an.`,
      behind: server => `${server}. Faceoff bringt die Tabellen beim nächsten Start auf den neuesten Stand.`,
      lacksRights: (user, database) => `${user} darf in der Datenbank ${database} keine Tabellen anlegen.`,
      rightsRemedy: (database, user) => `Mit Adminrechten auf dem Server: ALTER DATABASE ${database} OWNER TO ${user};`,
      unreachable: (address, code) => `Unter ${address} ist kein PostgreSQL erreichbar (${code}).`,
      unreachableRemedy: 'Starte den Server oder berichtige die Adresse in DATABASE_URL.',
      rejected: address => `PostgreSQL unter ${address} lehnt Benutzer oder Passwort ab.`,
      rejectedRemedy: 'Berichtige Benutzer und Passwort in DATABASE_URL.',
      keptOut: address => `PostgreSQL unter ${address} lässt diesen Benutzer nicht ein.`,
      keptOutRemedy:
        'Berichtige den Benutzer in DATABASE_URL; verlangt der Server Verschlüsselung, hänge ?sslmode=require an.',
      missing: address => `Der Server ist da, hat aber keine Datenbank mit dem Namen in ${address}.`,
      missingRemedy: name =>
        `Mit Adminrechten auf dem Server: CREATE DATABASE ${name}; oder berichtige den Namen in DATABASE_URL.`,
      failed: (address, code) => `PostgreSQL unter ${address} verweigert die Arbeit (Code ${code}).`,
      failedRemedy: code => `Mehr sagt das Log des Servers; suche darin nach ${code}.`,
      tooOldRemedy: 'Erneuere den Server oder setze DATABASE_URL auf einen anderen.',
    },
    redis: {
      onDatabase: 'REDIS_URL ist nicht gesetzt, also liegt die Warteschlange in der Datenbank.',
      fine: (version, address) => `Redis ${version} unter ${address} antwortet und behält, was man ihm gibt.`,
      tooOld: (version, oldest) => `Redis ${version} ist zu alt: nötig ist ${oldest} oder neuer.`,
      tooOldRemedy: 'Erneuere Redis oder entferne REDIS_URL: dann liegt die Warteschlange in der Datenbank.',
      evicts: (address, policy) =>
        `Redis unter ${address} wirft vielleicht wartende Aufträge weg, wenn der Speicher voll ist: die maxmemory-policy ist ${policy}.`,
      evictsRemedy: (host, port) =>
        `Auf der Kommandozeile: redis-cli -h ${host} -p ${port} CONFIG SET maxmemory-policy noeviction`,
      rejected: address => `Redis unter ${address} lehnt Benutzer oder Passwort ab.`,
      rejectedRemedy: 'Berichtige Benutzer und Passwort in REDIS_URL.',
      unreachable: (address, code) => `Unter ${address} ist kein Redis erreichbar (${code}).`,
      unreachableRemedy: 'Starte Redis, berichtige die Adresse in REDIS_URL oder entferne REDIS_URL.',
      failed: (address, code) => `Redis unter ${address} verweigert die Arbeit (${code}).`,
      failedRemedy:
        'Mehr sagt das Log von Redis. Bei NOPERM: gib dem Benutzer in REDIS_URL das Recht auf alle Befehle.',
    },
    discord: {
      off: 'Discord ist nicht verbunden: DISCORD_TOKEN ist nicht gesetzt.',
      fine: (name, servers) =>
        `Discord nimmt das Token von ${name} an; die App ist auf ${count(servers, { one: '1 Server', other: `${servers} Servern` })}.`,
      rejected: 'Discord lehnt das Token ab.',
      rejectedRemedy:
        'Drücke im Entwicklerportal unter Bot auf Reset Token und trage in DISCORD_TOKEN ein, was dort steht.',
      unreachable: host => `Discord ist unter ${host} nicht erreichbar.`,
      unreachableRemedy: host => `Prüfe, ob dieser Rechner ${host} erreicht, oder berichtige DISCORD_API_URL.`,
      nowhere: name => `Discord nimmt das Token von ${name} an; die App ist noch auf keinem Server.`,
      nowhereRemedy: link => `Öffne ${link}`,
      notThere: (name, guild) => `${name} ist nicht auf dem Server ${guild} aus DISCORD_GUILD_ID.`,
      notThereRemedy: link => `Öffne ${link}, oder berichtige DISCORD_GUILD_ID.`,
    },
    port: {
      none: 'ROLES nennt hier keine Konsole, also braucht es keinen Port.',
      any: 'PORT=0: Faceoff nimmt irgendeinen freien Port.',
      free: (host, port) => `Port ${port} auf ${host} ist frei.`,
      ours: port => `Faceoff läuft: es antwortet auf Port ${port}.`,
      taken: port => `Ein anderes Programm benutzt Port ${port}.`,
      takenRemedy: port =>
        `Setze PORT auf eine andere Zahl oder beende das Programm; welches es ist, sagt lsof -i :${port}.`,
      forbidden: port => `Port ${port} ist nur mit Adminrechten zu haben.`,
      forbiddenRemedy: 'Setze PORT auf eine Zahl über 1023.',
      hostRemedy: 'Setze HOST auf 127.0.0.1 oder auf eine Adresse dieses Rechners.',
      failed: (host, port, code) => `Auf Port ${port} von ${host} kann niemand lauschen (${code}).`,
    },
    models: {
      demo: 'Nur die eingebauten Demo-Modelle lassen sich vergleichen: kein anderer Anbieter ist eingeschaltet.',
      nothing: 'Noch lässt sich nichts vergleichen: weniger als zwei Modelle sind verbunden.',
      demoRemedy: 'Setze DASHSCOPE_API_KEY, OPENAI_API_KEY oder einen anderen Schlüssel, oder starte Ollama.',
      retires: (name, id, day) => `${name} (${id}): laut Ankündigung des Herstellers endet es am ${day}.`,
      retired: (name, id, day) =>
        `${name} (${id}): laut Ankündigung des Herstellers endete es am ${day}; es antwortet vielleicht nicht mehr.`,
      retiresRemedy: id => `Setze MODELS auf das, was ihr vergleichen wollt, ohne ${id}.`,
      off: providers => `Nicht verbunden; jeden schaltet seine Variable ein: ${providers}.`,
    },
    provider: {
      acceptsKey: who => `${who} antwortet und nimmt den Schlüssel an.`,
      answers: who => `${who} antwortet.`,
      noList: who => `${who} antwortet, zählt aber keine Modelle auf; der Schlüssel ließ sich daher nicht prüfen.`,
      noListRemedy: variables => `Wenn die Modelle bei /compare nicht antworten, prüfe ${variables}.`,
      notListed: (who, models) => `${who} antwortet, nennt für diesen Schlüssel aber nicht: ${models}.`,
      notListedRemedy: 'Setze MODELS auf das, was ihr vergleichen wollt, ohne diese.',
      rejectsKey: who => `${who} lehnt den Schlüssel ab.`,
      rejectsKeyRemedy: (key, place) =>
        `Setze ${key} auf einen gültigen Schlüssel. Gehört er zu einer anderen Region, braucht ${place} deren Adresse.`,
      needsKey: who => `${who} verlangt einen Schlüssel, und keiner ist gesetzt.`,
      needsKeyRemedy: id => `Nenne in models.json die Variable des Schlüssels: providers.${id}.keyEnv.`,
      noCredit: who => `${who} sagt, dass das Guthaben aufgebraucht ist.`,
      noCreditRemedy: variable => `Lade das Guthaben auf, oder entferne ${variable}, um den Anbieter auszuschalten.`,
      busy: who => `${who} ist gerade ausgelastet.`,
      busyRemedy: 'Führe npm run doctor in einer Minute noch einmal aus.',
      down: who => `${who} ist nicht erreichbar oder gestört.`,
      silent: who => `${who} antwortete nicht rechtzeitig.`,
      startRemedy: (name, place) => `Starte ${name} oder berichtige die Adresse in ${place}.`,
      reachRemedy: (host, place) =>
        `Prüfe, ob dieser Rechner ${host} erreicht, oder berichtige die Adresse in ${place}.`,
      strange: who => `${who} antwortet nicht wie ein OpenAI-kompatibler Anbieter.`,
      strangeRemedy: place => `Berichtige die Adresse in ${place}: in der Regel endet sie auf /v1.`,
    },
  },

  rating: {
    verdict: {
      no_votes: () => 'Noch gibt es keine Stimmen, also nichts zu werten.',
      one_model: (v, name) => `${name(v.model)} steht allein: Eine Wertung braucht ein zweites Modell zum Vergleich.`,
      islands: v =>
        `Die Stimmen zerfallen in ${v.groups} Gruppen von Modellen, die sich nie begegnet sind; Modelle verschiedener Gruppen werden nicht miteinander verglichen.`,
      all_drawn: () => 'Keine Stimme zog ein Modell einem anderen vor: Diese Stimmen zeigen keinen Unterschied.',
      undefeated: (v, name) =>
        `${name(v.model)} hat noch keine Stimme verloren; wie groß der Vorsprung ist, weiß daher niemand. Bis dahin hält die Wertung alle näher am Mittel.`,
      one_sided: () =>
        'Einige Modelle haben gegen die übrigen noch keine Stimme verloren; wie groß der Abstand ist, weiß daher niemand. Bis dahin hält die Wertung alle näher am Mittel.',
      settled: (v, name) =>
        `${name(v.a)} ist mit ${percent(v.aBetter, 'mehr als')} Wahrscheinlichkeit besser als ${name(v.b)}; das ist auf dem 95-%-Niveau entschieden.`,
      open: (v, name) => {
        const lead =
          v.aBetter === 0.5
            ? `${name(v.a)} und ${name(v.b)} liegen gleichauf`
            : `${name(v.a)} ist mit ${percent(v.aBetter, 'mehr als')} Wahrscheinlichkeit besser als ${name(v.b)}`
        return v.moreComparisons === null
          ? `${lead}; der Abstand ist zu klein für ein Urteil.`
          : `${lead}; nach heutiger Schätzung würden etwa ${count(v.moreComparisons, { one: '1 weiterer Vergleich', other: `${v.moreComparisons} weitere Vergleiche` })} das entscheiden.`
      },
    },
    rank: 'Rang',
    model: 'Modell',
    rating: 'Wertung',
    interval: '95-%-Intervall',
    votes: 'Stimmen',
    comparisons: 'Vergleiche',
    winRate: 'Gewonnen',
    bothBad: 'Alle schlecht',
    group: n => `Gruppe ${n}`,
    provisional: (votes, comparisons) =>
      `* vorläufig: weniger als ${votes} Stimmen oder ${comparisons} Vergleiche, oder noch keine endliche beste Lösung`,
    position: (share, lower, upper) =>
      `Die erste von zwei Antworten wurde in ${share} der entschiedenen Stimmen gewählt (95-%-Intervall ${lower} bis ${upper}; 50 % hieße kein Einfluss des Platzes).`,
    busiest: (voter, share, changes) =>
      `Am meisten abgestimmt hat ${voter}, mit ${share} der Stimmen; ohne sie ${changes ? 'wäre die Reihenfolge eine andere' : 'bliebe die Reihenfolge gleich'}.`,
  },

  leaderboard: {
    title: 'Rangliste',
    allCategories: 'Alle Kategorien',
    periods: {
      all: 'Seit Beginn',
      year: 'Letzte 52 Wochen',
      quarter: 'Letzte 13 Wochen',
      month: 'Letzte 4 Wochen',
      week: 'Diese Woche',
    },
    modes: { team: 'Team', arena: 'Arena', style: 'Stil ausgeglichen' },
    category: 'Kategorie',
    period: 'Zeitraum',
    mode: 'Modus',
    basis: (votes, voters, comparisons) =>
      `${count(votes, { one: '1 Stimme', other: `${votes.toLocaleString('de')} Stimmen` })} von ${count(voters, { one: '1 Person', other: `${voters} Personen` })} zu ${count(comparisons, { one: '1 Vergleich', other: `${comparisons.toLocaleString('de')} Vergleichen` })}`,
    sinceDay: day => `seit ${day}`,
    provisionalNote: (votes, comparisons) =>
      `* vorläufig: weniger als ${votes} Stimmen oder ${comparisons} Vergleiche, oder noch keine endliche beste Anpassung.`,
    islandsNote:
      'Modelle verschiedener Gruppen sind sich nie begegnet, auch nicht über andere: ihre Wertungen sind nicht vergleichbar.',
    busiestNote: (share, changes) =>
      `Die fleißigste Person gab ${share} der Stimmen; ohne sie wäre die Reihenfolge ${changes ? 'eine andere' : 'dieselbe'}.`,
    newestOnly: comparisons => `Der Stil ist über die neuesten ${comparisons} Vergleiche ausgeglichen.`,
    won: share => `Siege ${share}`,
    bad: share => `schlecht ${share}`,
    votesShort: (votes, comparisons) =>
      `${count(votes, { one: '1 Stimme', other: `${votes} Stimmen` })} / ${comparisons}`,
    legend:
      '± 95 %; Stimmen / Vergleiche; schlecht: alle Antworten schlecht; dann erstes Wort (Median), Kosten je Antwort',
    more: n => `… und ${count(n, { one: '1 weiteres Modell', other: `${n} weitere Modelle` })}`,
    provisional: 'vorläufig',
    firstToken: 'Erstes Wort (Median)',
    cost: 'Kosten je Antwort',
    page: {
      show: 'Zeigen',
      howItWorks: 'So wird gezählt',
      wholePage: 'Diagramme, Filter und Downloads',
      download: 'Herunterladen',
      captions: {
        intervals:
          'Der Punkt ist die Wertung, der Balken ihr 95-%-Intervall; ein hohler Punkt ist vorläufig. 1000 ist das Mittel.',
        matrix: 'Blau: das Modell der Zeile gewann öfter; orange: das der Spalte. n ist die Zahl der Stimmen.',
        cost: 'Oben ist besser, links ist billiger. Der Balken ist das 95-%-Intervall der Wertung.',
        speed: 'Oben ist besser, links ist schneller. Der Balken ist das 95-%-Intervall der Wertung.',
        history: 'Jeder Punkt zählt alle Stimmen aus Abstimmungen, die bis zum Ende dieser Woche aufgelöst wurden.',
      },
      duelTitle: 'A gegen B',
      duelFirst: 'Modell',
      duelSecond: 'gegen',
      duelNone: 'Diese beiden sind nicht vergleichbar: wähle zwei verschiedene Modelle.',
      duelCounts: (a, wins, b, losses, draws) =>
        `In Abstimmungen mit beiden: ${count(wins, { one: '1 Stimme', other: `${wins} Stimmen` })} für ${a}, ${losses} für ${b}, ${draws} für keines.`,
      duelDifference: (difference, lower, upper) =>
        `Abstand der Wertungen: ${difference} Punkte (95-%-Intervall ${lower} bis ${upper}).`,
      effectsTitle: 'Was der Stil allein bewirkt',
      effectsHint:
        'Wie sich die Chance, gewählt zu werden, mit einer Standardabweichung mehr von einem Merkmal ändert, bei gleichem Modell. × 1,00 ist keine Wirkung.',
      feature: 'Merkmal',
      effect: 'Chance',
      features: { tokens: 'Länge', headers: 'Überschriften', listItems: 'Listenpunkte', bold: 'Fettes' },
    },
    charts: {
      intervals: 'Wertung mit ihrem 95-%-Intervall',
      matrix: 'Wer gegen wen gewann: der Anteil der Zeile gegen die Spalte, ein Unentschieden zählt halb',
      cost: 'Wertung gegen die Kosten einer Antwort',
      speed: 'Wertung gegen die Zeit bis zum ersten Wort',
      history: 'Wertungen nach jeder Woche, aus allen Stimmen bis dahin',
      ratingAxis: 'Wertung (Elo-Punkte)',
      costAxis: 'Kosten einer Antwort',
      speedAxis: 'Zeit bis zum ersten Wort (Median)',
      weekAxis: 'Woche ab Montag',
      intervalOf: (rank, name, rating, lower, upper) => `Rang ${rank}: ${name}, ${rating}, von ${lower} bis ${upper}.`,
      shareOf: (a, b, share, votes) =>
        `${a} gegen ${b}: ${share} von ${count(votes, { one: '1 Stimme', other: `${votes} Stimmen` })}.`,
      pointOf: (name, rating, at) => `${name}: ${rating} bei ${at}.`,
      changeOf: (name, from, to) => (from === null ? `${name}: ${to}.` : `${name}: von ${from} auf ${to}.`),
    },
  },

  history: {
    title: 'Verlauf',
    words: 'Wörter',
    person: 'Gefragt von',
    since: 'Von',
    until: 'Bis',
    any: 'Alle',
    find: 'Suchen',
    more: 'Frühere Vergleiche',
    nothing: 'Nichts gefunden.',
    wholePage: 'Weiter suchen',
    moreInChat: 'Es gibt mehr; nenne Worte, ein Modell, eine Person oder Tage, um es zu finden.',
  },
  method: {
    title: 'So wird gezählt',
    intro:
      'Die Rangliste beantwortet eine Frage: Welches Modell ziehen die Leute hier vor, bei den Prompts, die sie stellen, und wie sicher lässt sich das sagen? Alles kommt aus euren eigenen Stimmen.',
    back: 'Zur Rangliste',
    sections: (votes, comparisons) => [
      {
        title: 'Welche Stimmen zählen',
        paragraphs: [
          'Stimmen aus blinden Abstimmungen, sobald sie aufgelöst sind. Wer die Namen sieht, stimmt für einen Namen; darum zählen Abstimmungen mit sichtbaren Namen nicht, und ungültige auch nicht. Eine Stimme, die geändert, zurückgenommen oder vergessen wird, ändert die Zahlen sofort.',
          'Eine Antwort, die ausfiel, stand nicht zur Wahl. Ein Zeitraum beginnt an einem Montag, 0:00 Uhr UTC, und zählt Abstimmungen, die seitdem aufgelöst wurden.',
        ],
      },
      {
        title: 'Die Wertung',
        paragraphs: [
          'Wertungen sind Punkte wie beim Schach, im Mittel 1000. Nur Abstände bedeuten etwas: 100 Punkte mehr gewinnen etwa 64 von 100 Stimmen gegen das andere Modell, 200 Punkte etwa 76, 400 Punkte etwa 91.',
          'Ein Unentschieden zählt für jedes halb, und ebenso „alle schlecht“, das außerdem als eigener Anteil erscheint. Eine Abstimmung über vier ist eine Stimme unter vieren, nicht drei Stimmen.',
        ],
      },
      {
        title: 'Das Intervall',
        paragraphs: [
          'Bei wenigen Stimmen entscheidet viel der Zufall. Das 95-%-Intervall sagt, wie weit die Wertung daneben liegen kann: Von hundert solchen Intervallen enthalten etwa fünfundneunzig den wahren Wert. Leute, die über dieselben Antworten abstimmen, sind sich oft einig; fünf Stimmen zu einem Vergleich sagen daher weniger als fünf zu fünfen. Das Intervall berücksichtigt das, und ab zwanzig Abstimmenden auch, dass die Stimmen einer Person einander gleichen.',
          'Auch der Rang ist deshalb ein Bereich: „1–3“ heißt, dass kein anderes Modell sicher besser ist, zwei es aber sein könnten. Ob A besser ist als B, folgt immer aus ihrem Abstand, nie daraus, ob sich zwei Balken überlappen.',
        ],
      },
      {
        title: 'Vorläufig, Gruppen, ungeschlagen',
        paragraphs: [
          `Ein Modell ist vorläufig, bis es ${votes} Stimmen aus ${comparisons} Vergleichen hat, und solange irgendein Modell gegen die übrigen nie verloren hat: Dann weiß niemand, wie weit es vorn liegt, und die Wertung bleibt näher am Mittel.`,
          'Modelle, die sich nie begegnet sind, auch nicht über andere, stehen in eigenen Gruppen und werden nicht miteinander verglichen.',
        ],
      },
      {
        title: 'Die drei Modi',
        paragraphs: [
          'Team ist für zehn bis fünfhundert Stimmen von Leuten gemacht, die sich kennen, und der Standard. Es erwartet, dass Wertungen wenige hundert Punkte auseinander liegen, bis die Stimmen etwas anderes sagen.',
          'Arena ist die Rechnung von LMArena, zum Vergleich. Sie nimmt jede Stimme als unabhängig und klingt daher bei wenigen Stimmen sicherer, als sie sein dürfte.',
          'Stil ausgeglichen fragt, was bliebe, wenn alle Antworten gleich lang und gleich gestaltet wären: Länge, Überschriften, Listen und Fettes werden neben dem Modell mitgerechnet.',
        ],
      },
      {
        title: 'Wovor man sich hüten sollte',
        paragraphs: [
          'Die erste Antwort wird vielleicht öfter gewählt, nur weil sie zuerst steht; die Buchstaben sind gemischt, und die Anmerkung unter der Tabelle sagt, wie stark der Sog ist. Kommen die meisten Stimmen von einer Person, sagt sie auch, ob die Reihenfolge an ihr hängt.',
          'Die Schätzung, wie viele Vergleiche eine Frage noch entscheiden würden, hält den heutigen Abstand für den wahren. Sie ist ein grober Anhalt, kein Versprechen.',
        ],
      },
    ],
  },
  claims: {
    title: 'Behauptungen im Test',
    intro: 'Was Anbieter über ihre Modelle sagen, und was eure eigenen blinden Stimmen sagen, Kategorie für Kategorie.',
    by: (vendor, published) => `${vendor}, ${published}`,
    claimed: 'Die Behauptung',
    found: 'Eure Stimmen',
    beats: (subject, rival) => `${subject} schlägt ${rival}`,
    outcomes: {
      supports: 'Eure Stimmen stimmen zu.',
      contradicts: 'Eure Stimmen sagen das Gegenteil.',
      open: 'Noch nicht entschieden.',
      untested: 'Noch nicht geprüft.',
    },
    howToTest: category =>
      `Vergleicht Modelle beider Familien mit der Kategorie „${category}“, dann wird hier gezählt.`,
    pair: (subject, rival, share, difference, lower, upper, n) =>
      `${subject} ist mit ${share} Wahrscheinlichkeit besser als ${rival}: ${difference} Punkte Abstand (95-%-Intervall ${lower} bis ${upper}), ${count(n, { one: '1 Stimme', other: `${n} Stimmen` })}.`,
    moreThan: 'mehr als',
    laterModels: 'Das sind andere Modelle derselben Familien, als die Behauptung nennt.',
  },

  cli: {
    usage: `Aufruf: npm run -s faceoff -- rate STIMMEN.jsonl [--mode team|arena] [--json]
        npm run -s faceoff -- export [--format fastchat] > STIMMEN.jsonl
        npm run -s faceoff -- tallies --check | --rebuild

rate: wertet die Modelle in einer Datei von Stimmen, ein JSON-Objekt je Zeile (- liest von der Standardeingabe):
  {"model_a":"x","model_b":"y","winner":"model_a"}   winner: model_a, model_b, tie oder tie (bothbad)
  {"models":["x","y","z"],"winner":"y"}              beliebig viele Modelle
Wahlfrei: "judge" nennt, wer abstimmt; "battle", sonst "question_id", nennt den Vergleich.

  --mode team    für Stimmen eines Teams: wenige, und mehrere zu denselben Antworten (Standard)
  --mode arena   die Rechnung von LMArena
  --json         gibt JSON aus

export: schreibt die Stimmen, die zählen (aus aufgelösten, blinden Abstimmungen), als solche Zeilen; wer abstimmte, ist eine Zahl.
tallies: vergleicht, was die Rangliste liest, mit den Stimmen, oder zählt es aus ihnen neu.
Beide finden die Datenbank wie npm start und fragen Faceoff selbst, solange es auf der eingebauten läuft.`,
    commandUnknown: name => `Einen Befehl „${name}“ gibt es nicht.`,
    optionWrong: option => `„${option}“ ist hier keine Option.`,
    fileNeeded: 'Nenne eine Datei mit Stimmen, oder - für die Standardeingabe.',
    modeUnknown: mode => `Einen Modus „${mode}“ gibt es nicht: möglich sind team und arena.`,
    fileUnreadable: (file, code) => `${file} ist nicht lesbar (${code}).`,
    badLines: (file, n) =>
      `${file}: ${count(n, { one: '1 Zeile ist keine Stimme', other: `${n} Zeilen sind keine Stimmen` })}. Nichts wurde gewertet.`,
    badLine: (line, reason) => `  Zeile ${line}: ${reason}`,
    moreBadLines: n => `  … und ${n} weitere`,
    line: {
      not_json: () => 'kein gültiges JSON',
      not_an_object: () => 'kein JSON-Objekt',
      not_utf8: () => 'kein gültiges UTF-8',
      models_empty: () => '„models“ ist leer',
      field_missing: field => `„${field}“ fehlt`,
      not_a_name: field => `„${field}“ enthält keinen Namen`,
      not_exact: field => `„${field}“ ist eine Zahl, die zu groß ist, um genau zu sein; schreibe sie als Text`,
      winner_unknown: winner => `der Sieger „${winner}“ ist keines der Modelle und kein Unentschieden`,
      model_twice: model => `„${model}“ ist doppelt genannt`,
    },
    reading: votes => `${votes} Stimmen`,
    formatUnknown: format => `Ein Format „${format}“ gibt es nicht: möglich ist fastchat.`,
    talliesStep: 'Sage entweder --check oder --rebuild.',
    talliesRight: rows =>
      `${count(rows, { one: '1 Zeile stimmt', other: `${rows} Zeilen stimmen` })} mit den Stimmen überein.`,
    talliesRebuilt: rows => `Neu gezählt: ${count(rows, { one: '1 Zeile', other: `${rows} Zeilen` })}.`,
    talliesWrong: (wrong, rows) =>
      `${count(wrong, { one: '1 Zeile stimmt', other: `${wrong} Zeilen stimmen` })} nicht mit den Stimmen überein, von ${rows}. npm run -s faceoff -- tallies --rebuild zählt sie neu.`,
    noDatabase: folder => `In ${folder} ist noch keine Datenbank: sie entsteht, wenn Faceoff zum ersten Mal startet.`,
    appSilent: folder =>
      `Faceoff läuft mit der Datenbank in ${folder}, antwortet aber nicht. Versuche es gleich noch einmal, oder halte es zuerst an.`,
  },
}
