import { count, counted } from '../../numbers.ts'
import type { en } from './en.ts'

export const de: typeof en = {
  title: 'Gesperrt',
  meaning: 'Alles Gespeicherte bleibt. Bis du entsperrst, wird nichts signiert, geteilt oder aufgezeichnet.',
  passphrase: 'Passphrase',
  unlock: 'Entsperren',
  unlocking: 'Wird entsperrt',
  usePasskey: 'Passkey benutzen',
  tooManyWrong: (seconds) =>
    `Zu viele falsche Passphrasen hintereinander. Versuch es in ${counted(seconds, { one: 'Sekunde', other: 'Sekunden' })} noch einmal.`,
  forgotten: 'Ich habe sie vergessen',
  forgottenMeans:
    'Niemand kann eine Passphrase herausfinden. Die zwölf Wörter dieses Geräts öffnen es wieder, mit allem, was es hat.',
  whileLocked:
    'Solange Weft gesperrt ist, signiert es nichts und trifft niemanden, und Sensoren werden nicht aufgezeichnet, bis du entsperrst. Messwerte von vorher werden zuerst gespeichert.',
  lockNow: 'Jetzt sperren',
  locking: 'Wird gesperrt',
  lockByItself: 'Von selbst sperren',
  never: 'Nie',
  afterMinutes: (minutes) =>
    minutes === 60 ? 'Nach einer Stunde ohne Benutzung' : `Nach ${count(minutes)} Minuten ohne Benutzung`,
  everyStart:
    'Auch bei jedem Start fragt Weft nach der Passphrase, und wenn der Tab geschlossen wird, der die Arbeit macht.',
  anotherPassphrase: 'Andere Passphrase',
  withoutPassphrase:
    'Ohne Passphrase kann jeder, der diesen Browser benutzen kann, auch Weft benutzen. Mit einer fragt Weft bei jedem Start danach. Niemand kann sie für dich herausfinden: Vergisst du sie, helfen nur die zwölf Wörter.',
  yourPassphrase: 'Deine Passphrase',
  newPassphrase: 'Neue Passphrase',
  newPassphraseHint: 'Gut sind vier oder fünf Wörter, die nicht zusammengehören.',
  sameAgain: 'Noch einmal dieselbe',
  tooShort: (characters) => `Mindestens ${count(characters)} Zeichen. Ein paar Wörter sind besser als eines.`,
  notTheSame: 'Die beiden sind nicht gleich.',
  changePassphrase: 'Passphrase ändern',
  setPassphrase: 'Passphrase festlegen',
  workingOutKey: 'Schlüssel wird berechnet',
  passphraseSet: 'Die Passphrase ist festgelegt.',
  removePassphrase: 'Passphrase entfernen …',
  removePassphraseAsk: 'Passphrase entfernen?',
  removeMeans:
    'Wer diesen Browser benutzen kann, kann dann auch Weft benutzen. Ein Passkey wird mit entfernt.',
  remove: 'Entfernen',
  keep: 'Behalten',
  oneMoment: 'Einen Moment',
  passkey: 'Passkey',
  passkeyUnlocks:
    'Auch ein Passkey entsperrt: dein Fingerabdruck, dein Gesicht oder ein Schlüssel, den du einsteckst.',
  removePasskey: 'Passkey entfernen',
  passkeyMeans:
    'Ein zweiter Weg zum Entsperren: dein Fingerabdruck, dein Gesicht oder ein Schlüssel, den du einsteckst. Die Passphrase bleibt.',
  addPasskey: 'Passkey hinzufügen',
  noPasskeys: 'Dieser Browser hat keine Passkeys, die entsperren können. Deine Passphrase kann es.',
  passkeyName: 'Weft auf diesem Gerät',
  passkeyFaults: {
    'not-here': 'Dieser Browser hat auf dieser Seite keine Passkeys. Deine Passphrase entsperrt weiterhin.',
    cancelled: 'Es wurde kein Passkey benutzt. Nichts wurde geändert.',
    'no-prf':
      'Dieser Passkey kann nicht entsperren: Er erzeugt kein Geheimnis (PRF). Nichts wurde geändert. Versuch es mit einem anderen.',
  },
}
