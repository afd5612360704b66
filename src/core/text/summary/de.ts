/** Die Wochenzusammenfassung, auf Deutsch. */
import { percent, plural } from '../words.ts'
import type { SummaryText } from './en.ts'

const count = plural('de')
const votes = (n: number) => count(n, { one: '1 Stimme', other: `${n.toLocaleString('de')} Stimmen` })
const comparisons = (n: number) => count(n, { one: '1 Vergleich', other: `${n.toLocaleString('de')} Vergleiche` })

export const summaryDe: SummaryText = {
  title: 'Wochenzusammenfassung',
  all: 'Zusammenfassungen',
  week: (number, days) => `Woche ${number}, ${days}`,
  soFar: 'Diese Woche bisher',
  what: { show: 'zeigen', post: 'veröffentlichen', settings: 'einstellungen' },
  headline: {
    quiet: (n, asked) =>
      `Eine ruhige Woche: ${votes(n)} und ${comparisons(asked)}. Das sagt noch nichts über die Modelle.`,
    drawn: n => `${votes(n)} in dieser Woche, und keine zog ein Modell einem anderen vor.`,
    level: (a, b, n) => `${a} und ${b} lagen in dieser Woche gleichauf, mit je ${votes(n)}.`,
    open: (a, wins, b, losses, aBetter) =>
      `${a} lag in dieser Woche mit ${wins} zu ${losses} vor ${b}; zu knapp für ein Urteil${aBetter < 0.5 ? '' : `: mit ${percent(aBetter, 'mehr als')} Wahrscheinlichkeit besser`}.`,
    settled: (a, wins, b, losses, aBetter) =>
      `${a} schlug ${b} in dieser Woche mit ${wins} zu ${losses}: mit ${percent(aBetter, 'mehr als')} Wahrscheinlichkeit besser, auf dem 95-%-Niveau entschieden.`,
  },
  overall: 'Nach allen Stimmen bisher:',
  turnout: (asked, n, voters) =>
    `${comparisons(asked)}, ${votes(n)} von ${count(voters, { one: '1 Person', other: `${voters} Personen` })}.`,
  mostActive: (names, asked) => `Am aktivsten: ${names} (${comparisons(asked)}).`,
  sections: {
    week: 'Diese Woche, nach Modell',
    standings: 'Wertungen, mit der Änderung in einer Woche',
    categories: 'Nach Kategorie',
    measured: 'Kosten, erstes Token, Ausfälle',
    prompts: 'Prompts der Woche',
    open: 'Noch offen',
  },
  weekOf: (name, wins, ties, bothBad, n) =>
    [
      `${name}: ${wins} von ${n} gewonnen`,
      ...(ties > 0 ? [`${ties} unentschieden`] : []),
      ...(bothBad > 0 ? [`${bothBad} alle schlecht`] : []),
    ].join(', '),
  weekLegend: 'gewonnen / unentschieden / alle schlecht, von den Stimmen in Abstimmungen mit diesem Modell',
  won: 'Gewonnen',
  tied: 'Unentschieden',
  allBad: 'Alle schlecht',
  votes: 'Stimmen',
  change: 'Änderung',
  rankChange: (name, from, to) => `${name} kam von Platz ${from} auf ${to}.`,
  noRankChange: 'Kein Modell hat den Platz gewechselt.',
  apart: n =>
    count(n, {
      one: '1 weiteres Modell traf nie auf diese und ist nicht vergleichbar.',
      other: `${n} weitere Modelle trafen nie auf diese und sind nicht vergleichbar.`,
    }),
  category: (category, wins, n) => `${category}: ${wins} (${votes(n)})`,
  winsOf: (name, wins) => `${name} ${wins}`,
  costPerWin: amount => `${amount} je gewonnener Stimme`,
  quoted: prompt => `„${prompt}“`,
  cost: 'Kosten',
  perWin: 'Je gewonnener Stimme',
  failed: share => `ausgefallen ${share}`,
  refused: share => `verweigert ${share}`,
  failedTitle: 'Ausgefallen',
  refusedTitle: 'Verweigert',
  divided: 'Am umstrittensten',
  clearest: 'Am eindeutigsten',
  quoteVotes: (shares, ties, bothBad) =>
    [
      shares,
      ...(ties > 0 ? [`${ties} × unentschieden`] : []),
      ...(bothBad > 0 ? [`${bothBad} × alle schlecht`] : []),
    ].join(', '),
  open: n => count(n, { one: '1 Abstimmung ist noch offen.', other: `${n} Abstimmungen sind noch offen.` }),
  ballot: n => `Abstimmung ${n}`,
  missed: weeks => `Für ${weeks} gab es keine Zusammenfassung: Ich lief nicht oder konnte hier nicht schreiben.`,
  wholePage: 'Alle Diagramme und Zahlen',
  changeOrStop: 'Ändern oder abstellen: /summary settings',
  pictureTitle: 'Wertungen mit 95-%-Intervallen',
  picture: (rank, name, rating, lower, upper, change) =>
    `${rank}. ${name}: ${rating} (${lower} bis ${upper})${change === '' ? '' : `, ${change} in einer Woche`}.`,
  isNew: 'neu',
  posted: (channel, week) => `In ${channel} veröffentlicht: ${week}.`,
  already: (channel, week) => `${week} steht schon in ${channel}; es gibt eine je Woche.`,
  next: moment => `Die nächste: ${moment}.`,
  settings: {
    title: 'Wochenzusammenfassung: Einstellungen',
    change: 'Ändern …',
    save: 'Speichern',
    cancel: 'Abbrechen',
    saved: 'Gespeichert.',
    adminsChange: 'Ein Admin kann das ändern.',
    channel: 'Kanal',
    busiestHint: 'Leer: wo am meisten verglichen wird',
    busiest: 'wo am meisten verglichen wird',
    busiestIs: channel => `wo am meisten verglichen wird, zurzeit ${channel}`,
    day: 'Tag',
    never: 'Nie: keine Zusammenfassungen',
    time: 'Uhrzeit',
    timeZone: 'Zeitzone',
    timeZoneHint: 'Etwa Europe/Berlin',
    timeAndZone: 'Uhrzeit und Zeitzone',
    timeAndZoneHint: 'Etwa 09:00 Europe/Berlin',
    language: 'Sprache',
    quietWeeks: 'In einer ruhigen Woche',
    quiet: { post: 'Eine kurze, ehrliche Zeile', skip: 'Nichts schreiben' },
    on: (day, time, timeZone) => `Jeden ${day} um ${time} (${timeZone})`,
    off: 'Aus',
  },
  notice: {
    cannotPost: channel => `Ich konnte die Wochenzusammenfassung nicht in ${channel} schreiben.`,
    gone: 'Den Kanal gibt es nicht mehr.',
    keep: 'Die Einstellungen bleiben, wie sie sind. Ändere den Kanal mit /summary settings, oder lass mich hinein und nimm /summary post.',
  },
  page: {
    others: 'Aus anderen Workspaces',
    asPosted: 'Wie veröffentlicht',
    asPostedHint: moment => `Was dort stand, mit den Abstimmungen, die bis ${moment} beendet waren.`,
    now: 'Mit den Stimmen, die später kamen',
    nowHint:
      'Stimmen zählen für die Woche, in der sie abgegeben wurden, auch in Abstimmungen, die erst danach endeten.',
    late: 'Es kamen noch Stimmen; unten steht die Woche mit ihnen.',
    same: 'Keine Stimme kam später: Die Zahlen sind die der Veröffentlichung.',
    none: 'Es gibt noch keine Zusammenfassung. Die erste kommt von selbst, oder ein Admin veröffentlicht sie mit /summary post.',
    wasOpen: n => count(n, { one: '1 Abstimmung war da noch offen.', other: `${n} Abstimmungen waren da noch offen.` }),
    feed: 'Feed (Atom)',
    feedHint: 'Für Feedreader. Wer die Adresse hat, kann die Zusammenfassungen lesen.',
    print: 'Drucken',
    live: 'Rangliste von heute',
    caption:
      'Der Punkt ist die Wertung, hohl, solange sie vorläufig ist; der Balken ihr 95-%-Intervall; der graue Ring die Wertung eine Woche zuvor.',
    of: platform => `Aus ${platform}`,
    postNow: 'Die Woche bisher jetzt veröffentlichen',
    postNowHint: 'Die Zahlen bleiben dann, wie sie sind. Es gibt eine Zusammenfassung je Woche.',
  },
}
