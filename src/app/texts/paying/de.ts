import { isolated } from '../../numbers.ts'
import type { en } from './en.ts'

export const de: typeof en = {
  busy: 'An einer Zahlung wird gearbeitet …',
  working: 'In Arbeit …',
  onItsWay: 'Die Zahlung ist unterwegs.',
  cancelled: 'Abgebrochen.',
  anotherBusy: 'An einer anderen Zahlung wird gearbeitet. Warte auf sie oder brich sie ab.',
  moved:
    'Ein anderer Tab hat übernommen. Sieh deine Zahlungen durch, bevor du es noch einmal versuchst: Diese ist vielleicht schon dabei und geht dann von selbst weiter.',

  send: 'Senden',
  instead: (amount) =>
    `Diese Zahlung gibt aus, was die über ${amount} ausgeben würde. Welche in der Reihenfolge des Netzwerks zuerst kommt, gilt, und die andere scheitert: nie gelten beide.`,
  amountIn: (unit) => `Betrag in ${unit}`,
  toSpend: (amount) => `${amount} verfügbar`,
  note: 'Notiz',
  noteHint: 'Alle in diesem Netzwerk können sie lesen.',

  to: 'An',
  toHint: 'Ein Name, die Kennung unter „Empfangen“ oder ein Link, der um eine Zahlung bittet.',
  stranger: 'Nicht unter deinen Kontakten.',
  thisIs: (name) => `Das ist ${isolated(name)}.`,
  noRequest:
    'Dieser Code bittet um keine Zahlung und ist keine Kennung eines Geräts. Scanne den unter „Empfangen“.',
  contacts: 'Kontakte',
  moreContacts: (more) => `${more} weitere: Tippe einen Teil des Namens.`,

  conditions: 'Bedingungen',
  notBefore: 'Nicht auszugeben vor',
  notBeforeHint: 'Leer heißt: Es kann sofort ausgegeben werden.',
  refundAt: 'Kommt zurück, wenn nicht eingelöst bis',
  refundAtHint: 'Leer heißt: Es ist ein für alle Mal gezahlt.',
  hashlock: 'Oder gesperrt durch ein Geheimnis von anderswo: dessen Hash',
  hashlockHint: 'SHA-256, 64 Zeichen. Wer das Geld bekommt, muss das Geheimnis vorzeigen.',
  hashlockLasts:
    'Ohne eine Zeit, zu der es zurückkommt, bleibt es für immer gesperrt, wenn niemand das Geheimnis vorzeigt.',

  noId: 'Das ist keine Kennung eines Geräts. Sie beginnt mit did:key:z6Mk.',
  otherNetwork:
    'Hier wird um Geld eines anderen Netzwerks gebeten. Bitte die Person, die das Geld will, um eine Einladung dorthin und zahl dort.',
  notThatMuch: (amount) => `Verfügbar sind ${amount}.`,
  noteTooLong: 'Die Notiz ist zu lang. Kürze sie ein wenig.',
  timeOver: 'Diese Zeit ist vorbei.',
  backTooEarly: 'Es käme zurück, bevor es ausgegeben werden kann.',
  noHash: 'Der Hash eines Geheimnisses hat 64 Zeichen, 0–9 und a–f.',

  lookOnceMore: 'Sieh noch einmal hin',
  youPay: (amount, payee) => `Du zahlst ${amount} an ${isolated(payee)}.`,
  onlyWithSecret: 'Es kann nur mit dem Geheimnis eingelöst werden.',
  spendFrom: (day) => `Es kann ab dem ${day} ausgegeben werden.`,
  backUnlessSpent: (day) => `Es kommt am ${day} zurück, wenn es vorher niemand ausgibt.`,
  backUnlessClaimed: (day) => `Es kommt am ${day} zurück, wenn es vorher niemand einlöst.`,
  neverBack: 'Es kommt nie zurück: Ohne das Geheimnis bleibt es für immer gesperrt.',
  leftOver: (amount) => `Danach sind noch ${amount} verfügbar.`,
  noteBefore: 'Notiz:',
  secretOnce: 'Niemand kann es ohne dieses Geheimnis einlösen, und es wird nicht noch einmal gezeigt.',
  secretKept: 'Ich habe das Geheimnis aufbewahrt',
  pay: 'Zahlen',
  change: 'Ändern',

  secret: 'Geheimnis',
  theSecret: 'Das Geheimnis',
  secretCode: 'QR-Code des Geheimnisses',
  secretShown:
    'Das ist das Geheimnis. Es wird nur jetzt gezeigt und nirgends aufbewahrt: Kopiere es, bevor du zahlst.',
  secretMeans:
    'Geld, das durch ein Geheimnis gesperrt ist, kann nur einlösen, wer bezahlt wird, und nur mit dem Geheimnis. Du gibst das Geheimnis heraus, wenn du hast, wofür du zahlst.',
  makeSecret: 'Geheimnis erstellen',

  claim: 'Einlösen',
  claimMeans:
    'Geld, das an dieses Gerät gesendet und durch ein Geheimnis gesperrt wurde, gehört diesem Gerät, sobald das Geheimnis vorgezeigt ist. Dann können es alle im Netzwerk lesen.',
  noSecret: 'Ein Geheimnis hat 64 Zeichen, 0–9 und a–f.',

  takeBackFrom: (amount) => [
    `Was die Zahlung über ${amount} an `,
    ' ausgeben würde, geht stattdessen an dieses Gerät.',
  ],
  takeBackAll: (amount) => `Was die Zahlung über ${amount} ausgeben würde, geht stattdessen an dieses Gerät.`,
  takeBackMeans:
    'Die Zahlung ist schon abgeschickt, also sind dann beide unterwegs. Welche in der Reihenfolge des Netzwerks zuerst kommt, gilt, und die andere scheitert. Kommt die Zahlung zuerst, bleibt sie gezahlt.',
  takeBack: 'Zurücknehmen',
  leaveIt: 'So lassen',

  receiveMeans:
    'Das ist die Kennung dieses Geräts. Zeig oder schick sie denen, die dich in diesem Netzwerk bezahlen.',
  idCode: 'QR-Code mit der Kennung dieses Geräts',
  requestCode: 'QR-Code, der um diese Zahlung bittet',
  ownId: 'Kennung dieses Geräts',
  askAmount: (unit) => `Um einen Betrag bitten, in ${unit}`,
  askAmountHint: 'Leer heißt: Wer zahlt, sagt, wie viel.',
  withNote: 'Mit einer Notiz',
  requestMeans:
    'Der Code oben bittet jetzt darum. Als Link öffnet er Weft, und die Zahlung ist schon ausgefüllt.',
  requestLink: 'Link, der um diese Zahlung bittet',
}
