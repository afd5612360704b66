import type { SlackText } from './en.ts'

/** Was nur der Adapter für Slack sagt, auf Deutsch. */
export const slackDe: SlackText = {
  compareThis: 'Antworten vergleichen',
  wholeAsFile: 'Ganze Antwort als Datei',
  fileComment: label => `Antwort ${label} im Ganzen`,
  moreInFile: 'Die Antwort geht weiter: Als Datei gibt es sie ganz.',
  lastCounts:
    'Auf dieser Abstimmung stehen mehrere Reaktionen von dir. Jede Person hat eine Stimme: Die letzte zählt. Slack lässt mich nur meine eigenen entfernen.',
  undecided:
    'Du hast auf dieser Abstimmung mehrere Reaktionen hinterlassen, während ich weg war. Ich kann nicht wissen, welche die letzte war, und zähle keine. Nimm alle bis auf eine zurück, oder nimm die Knöpfe.',
  thePrompt: 'Der Prompt',
  cutHere: '… Mehr zeigt Slack hier nicht.',
  form: {
    title: 'Neuer Vergleich',
    submit: 'Vergleichen',
    cancel: 'Abbrechen',
    prompt: 'Prompt',
    models: 'Modelle, zwei bis sechs',
    modelsHint: models => `Leer: ${models}`,
    category: 'Kategorie',
    noCategory: 'Keine',
    names: 'Namen',
    blind: 'Namen bis zur Auflösung verbergen',
  },
  home: {
    title: 'Die Modell-Arena eures Teams',
    open: 'Offen für deine Stimme',
    nothingOpen: 'Nichts wartet auf deine Stimme.',
    recent: 'Neueste Ergebnisse',
    nothingRecent: 'Noch keine Ergebnisse.',
    ballot: (name, channel) => `${name} fragte in ${channel}`,
    toBallot: 'Zur Abstimmung',
    result: (channel, outcome) => `${channel}: ${outcome}`,
    settings: 'Einstellungen, für Admins',
    comparing: models => `Werden keine Modelle genannt, nimmt /compare ${models}.`,
    votingHours: hours => `Eine Abstimmung ist ${hours} Stunden offen.`,
    change: 'Beides kommt aus der Umgebung, in der Faceoff läuft; die Konsole zeigt alles davon.',
    console: 'Konsole öffnen',
  },
  closed: {
    not_in_channel: bot =>
      `Ich bin nicht in diesem Kanal und kann hier nichts posten. Tippe /invite @${bot} und frage noch einmal.`,
    channel_not_found: bot =>
      `Ich sehe diesen Kanal nicht. Ist er privat, tippe /invite @${bot} und frage noch einmal; in Direktnachrichten zwischen Menschen kann ich nicht posten.`,
    is_archived: () => 'Dieser Kanal ist archiviert, hier kann niemand posten. Frage in einem anderen.',
    missing_scope: (_bot, scope) =>
      `Slack hat mir das Recht „${scope}“ nicht gegeben. Wer Adminrechte hat, muss die App neu installieren, mit dem aktuellen Manifest.`,
    token: () => 'Slack nimmt mein Token nicht mehr an. Wer Adminrechte hat, muss die App neu installieren.',
    restricted: () =>
      'Wer in diesem Kanal posten darf, ist beschränkt. Frage in einem anderen, oder lass Apps hier zu.',
  },
  install: {
    done: team => `Faceoff ist in ${team} installiert. Lade es in einen Kanal ein und tippe dort /compare.`,
    failed:
      'Das hat nicht geklappt: Der Link ist zu alt, kam aus einem anderen Browser, oder Slack hat ihn abgelehnt. Beginne von vorn.',
    again: 'Noch einmal installieren',
  },
  start: {
    install: url => `Slack: Workspaces installieren die App unter ${url}`,
    slackRejects: code =>
      `Slack lehnt SLACK_BOT_TOKEN ab (${code}). Kopiere das Bot-Token neu von der Seite „OAuth & Permissions“ der App.`,
    appTokenRejected: code =>
      `Slack lehnt SLACK_APP_TOKEN ab (${code}). Es braucht das Recht connections:write, und Socket Mode muss an sein.`,
    incomplete: missing => `Slack ist nur halb eingerichtet: Setze auch ${missing}.`,
    keyNeeded: 'SLACK_TOKEN_KEY muss aus 32 Bytes in Base64 bestehen: openssl rand -base64 32 macht eines.',
    both: 'SLACK_BOT_TOKEN ist für einen Workspace und SLACK_CLIENT_ID für viele: Entferne eines von beiden.',
    socketsForOne: 'SLACK_APP_TOKEN (Socket Mode) bedient einen Workspace: Entferne es oder SLACK_CLIENT_ID.',
  },
  doctor: {
    off: 'Slack ist nicht eingerichtet.',
    fine: (team, bot, way) => `Slack: mit ${team} verbunden, als ${bot}; Ereignisse kommen ${way}.`,
    overHttp: 'über HTTP',
    overSockets: 'über Socket Mode',
    byOAuth: url => `Slack: Workspaces installieren die App unter ${url}.`,
    noPublicUrl: 'Slack erreicht diesen Rechner nur unter einer öffentlichen Adresse.',
    noPublicUrlRemedy: 'Setze PUBLIC_URL auf die Adresse, die Slack erreicht, oder nimm Socket Mode: SLACK_APP_TOKEN.',
    rejects: (variable, code) => `Slack lehnt ${variable} ab (${code}).`,
    rejectsRemedy: variable => `Kopiere ${variable} neu von den Seiten der App auf https://api.slack.com/apps.`,
    scopes: scopes => `Slack hat nicht gewährt: ${scopes}.`,
    scopesRemedy: 'Installiere die App neu, mit dem aktuellen Manifest (manifest.json).',
    unreachable: code => `Slack ist nicht erreichbar (${code}).`,
    unreachableRemedy: 'Prüfe, ob dieser Rechner slack.com erreicht, oder berichtige SLACK_API_URL.',
  },
}
