import { count, counted, form } from '../../numbers.ts'
import type { en } from './en.ts'

export const de: typeof en = {
  title: 'Geldbörse',
  send: 'Senden',
  receive: 'Empfangen',
  claim: 'Einlösen',
  claimTitle: 'Mit einem Geheimnis einlösen',
  contacts: 'Kontakte',
  takeBackTitle: 'Diese Zahlung zurücknehmen?',
  insteadTitle: 'Stattdessen eine andere zahlen',

  amountFaults: {
    empty: 'Sag, wie viel.',
    'not-a-number': (example) => `Das ist kein Betrag. Schreib ihn so: ${example}`,
    'too-many-decimals': (smallest, decimals) =>
      `Der kleinste Teil ist ${smallest}: höchstens ${count(decimals)} Stellen nach dem Komma.`,
    'too-large': 'So viel Geld gibt es nicht.',
    zero: 'Es muss mehr als nichts sein.',
  },

  madeOf: 'Woraus es besteht',
  madeOfTitle: 'Woraus das Guthaben besteht',
  kinds: {
    spendable: 'Jetzt verfügbar',
    leaving: 'In laufenden Zahlungen',
    locked: 'Gesperrt, bis später oder durch ein Geheimnis',
    refundable: 'Gesendet; kommt zurück, wenn es niemand einlöst',
  },
  kindSentences: {
    spendable: 'Alles, was eine Zahlung jetzt ausgeben kann.',
    leaving:
      'Das wird gerade ausgegeben. Was davon übrig bleibt, ist Wechselgeld und kann schon wieder ausgegeben werden.',
    locked: 'Das gehört dir; vorher ist noch etwas abzuwarten oder vorzuzeigen.',
    refundable: 'Das liegt bei anderen und kommt zu dir zurück, wenn sie es nicht rechtzeitig nehmen.',
  },
  changeBack: 'Wechselgeld, das zurückkommt',
  together: 'Zusammen',
  oneMoment: 'Einen Moment …',
  changeUnderWay: 'Wechselgeld einer laufenden Zahlung',
  sentTo: 'Gesendet an',
  first: 'Da, seit das Netzwerk begann',
  from: 'Von',
  longAgo: 'Von vor langer Zeit',
  change: 'Wechselgeld einer deiner Zahlungen',
  since: (day) => `seit dem ${day}`,
  claimIt: 'Löse es mit seinem Geheimnis ein.',
  claimedWithSecret: 'Es wird mit einem Geheimnis eingelöst.',
  spendFrom: (day) => `Es kann ab dem ${day} ausgegeben werden.`,
  comesBackOn: (day) => `Es kommt am ${day} zurück.`,
  goesBackOn: (day) => `Es geht am ${day} an den Absender zurück.`,
  smallerParts: (parts) => `${counted(parts, { one: 'kleinerer Teil', other: 'kleinere Teile' })} zusammen`,

  allowanceTitle: 'Was Weft von selbst zahlen darf',
  allowanceMeans:
    'Zahlungen, die Weft von selbst macht, ohne dich zu fragen, bleiben innerhalb dieser Grenzen. Nichts in Weft zahlt von selbst, wenn du es hier nicht erlaubst. Was du selbst zahlst, zählt nicht mit.',
  perPayment: (unit) => `Höchstens für eine Zahlung, in ${unit}`,
  perPaymentHint: 'Leer heißt: nichts.',
  perDay: (unit) => `Höchstens in 24 Stunden, in ${unit}`,
  perDayTooSmall: 'Eine einzige Zahlung wäre schon mehr. Erhöhe diesen Betrag oder senke den anderen.',
  spentNothing: 'Weft hat in dieser Zeit nichts von selbst gezahlt.',
  spent: (amount) => `Weft hat in dieser Zeit ${amount} von selbst gezahlt.`,
  save: 'Speichern',

  payments: 'Zahlungen',
  noPayments: 'Noch keine Zahlungen. Unter „Empfangen“ steht die Kennung, an die andere zahlen.',
  looking: 'Suche läuft …',
  nothingSoFar: 'Bisher nichts gefunden. Es gibt noch ältere Zahlungen zu durchsuchen.',
  noneLikeThat: 'Keine Zahlung passt dazu.',
  underWay: 'Unterwegs',
  pages: 'Seiten mit Zahlungen',
  newer: 'Neuere',
  older: 'Ältere',
  search: 'Zahlungen durchsuchen',
  searchExample: 'Name, Notiz, Betrag, Kennung',
  which: 'Welche Zahlungen',
  filters: { all: 'Alle', sent: 'Gesendet', received: 'Erhalten', pending: 'Offen' },

  directions: {
    sent: 'An',
    received: 'Von',
    self: 'Auf diesem Gerät geblieben',
    'came-back': 'Zurück von',
    'went-back': 'Zurück an',
    claimed: 'Eingelöst von',
  },
  andMore: (others) => `und ${count(others)} weitere`,
  name: 'Benennen …',
  work: 'Arbeit an dieser Zahlung',
  cancel: 'Abbrechen',
  takeBack: 'Zurücknehmen …',
  payAnother: 'Stattdessen eine andere …',

  working: (percent, left) => `in Arbeit (PoW ${percent} %${left === undefined ? '' : `, ${left}`})`,
  hereOnly: 'nur auf diesem Telefon',
  sentToPeers: (peers) => `an ${counted(peers, { one: 'Peer', other: 'Peers' })} gesendet`,
  final: 'endgültig',
  rejected: (reason) => `abgelehnt: ${reason}`,
  failed: (reason) => `gescheitert: ${reason}`,
  waiting: 'Wartet auf die Prüfer des Netzwerks.',
  reasons: {
    duplicate: 'schon gezählt',
    'missing-input': 'das Geld dafür ist noch nicht da',
    'spent-input': 'schon ausgegeben',
    'time-locked': 'zu früh',
    'not-unlocked': 'das Geld ist gesperrt',
    unbalanced: 'die Summen stimmen nicht',
    dust: 'der Betrag ist zu klein',
    'already-spent': 'schon ausgegeben',
    'built-on-failed': 'die Zahlung davor ist gescheitert',
  },
  hints: {
    duplicate: 'Sie wurde einmal gezahlt und wird kein zweites Mal gezahlt: Es ist nichts zu tun.',
    'missing-input':
      'Was sie ausgibt, ist im Netzwerk noch nicht angekommen. Es wird von selbst noch einmal versucht.',
    'spent-input':
      'Eine andere Zahlung hat dieses Geld zuerst ausgegeben, und diese wurde nicht gezahlt. Schuldest du es noch, dann zahl noch einmal.',
    'time-locked':
      'Ein Teil von dem, was sie ausgibt, ist noch gesperrt. Danach wird es noch einmal versucht.',
    'not-unlocked':
      'Sie wurde zu spät oder mit dem falschen Geheimnis eingelöst, und nichts wurde gezahlt. Bitte den Absender um das Geheimnis oder darum, noch einmal zu zahlen.',
    unbalanced:
      'Sie wurde nicht richtig erstellt, und nichts wurde gezahlt. Nimm sie zurück und zahl noch einmal.',
    dust: 'Sie liegt unter dem kleinsten Betrag, den dieses Netzwerk zahlt. Nimm sie zurück und zahl mehr auf einmal.',
    'already-spent':
      'Eine andere Zahlung hat dieses Geld zuerst ausgegeben. Hier wurde nichts gezahlt; schuldest du es noch, dann zahl noch einmal.',
    'built-on-failed':
      'Sie sollte ausgeben, was eine andere Zahlung übrig gelassen hätte. Nichts wurde gezahlt; zahl noch einmal.',
  },
  diverged: (validators, of) =>
    `Auf diesem Gerät sind Zahlungen angehalten. ${count(validators)} von ${counted(of, { one: 'Prüfer', other: 'Prüfern' })}, nach Gewicht mehr als ein Drittel, ${form(validators, { one: 'hat', other: 'haben' })} eine andere Reihenfolge der Zahlungen unterschrieben als die auf diesem Gerät. Deshalb kann es nicht sagen, was endgültig ist.`,
  divergedKept:
    'Hier ist nichts verloren. Zahlungen und Messwerte bleiben, wie sie sind, und neue Messwerte werden gespeichert und geteilt wie bisher.',
  divergedToDo:
    'Aktualisiere Weft, wenn es eine neuere Version gibt, und frag, wer das Netzwerk betreibt. Wird es neu angelegt, führt eine neue Einladung wieder hinein.',
}
