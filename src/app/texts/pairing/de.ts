import { counted } from '../../numbers.ts'
import type { en } from './en.ts'

export const de: typeof en = {
  steps: {
    choosing: 'Ohne Server',
    making: 'Code wird erstellt',
    entering: 'Nimm den Code des anderen Geräts',
    offering: 'Zeige diesen Code',
    answering: 'Zeige diese Antwort',
    connected: 'Verbunden',
  },
  connected: 'Die beiden Geräte sind verbunden, ohne Server.',
  how: 'Zwei Geräte dieses Netzwerks verbinden sich direkt, über dasselbe WLAN oder den Hotspot eines Telefons. Internet ist nicht nötig: Eins zeigt einen Code, das andere nimmt ihn und zeigt die Antwort.',
  showCode: 'Code zeigen',
  enterCode: 'Code eingeben',
  notNow: 'Nicht jetzt',
  making: 'Code wird erstellt …',
  otherCode: 'Der Code, den das andere Gerät zeigt',
  pasteHere: 'Füge ihn hier ein.',
  makeAnswer: 'Antwort erstellen',
  cancel: 'Abbrechen',
  giveCode: 'Wähle auf dem anderen Gerät „Code eingeben“ und gib ihm diesen.',
  qrToConnect: 'QR-Code zum Verbinden mit diesem Gerät',
  codeToConnect: 'Code zum Verbinden mit diesem Gerät',
  otherAnswer: 'Die Antwort, die das andere Gerät zeigt',
  connecting: 'Verbindet …',
  connect: 'Verbinden',
  giveAnswer:
    'Gib diese Antwort auf dem Gerät ein, das den Code gezeigt hat. Die beiden verbinden sich dann von selbst.',
  qrOfAnswer: 'QR-Code der Antwort',
  answer: 'Die Antwort',
  waiting: 'Wartet auf das andere Gerät …',

  codeExpired: 'Dieser Code ist abgelaufen.',
  codeLastMinute: 'Dieser Code gilt einmal, noch weniger als eine Minute.',
  codeWorks: (minutes) =>
    `Dieser Code gilt einmal, noch etwa ${counted(minutes, { one: 'Minute', other: 'Minuten' })}.`,

  cameraRefused:
    'Die Kamera ist hier nicht erlaubt. Erlaube sie in den Einstellungen des Browsers oder füge den Code ein.',
  cameraFailed: 'Die Kamera ließ sich nicht verwenden. Füge stattdessen den Code ein.',
  cameraSees: 'Was die Kamera sieht',
  stopCamera: 'Kamera stoppen',
  scan: 'Mit der Kamera scannen',
  tooLong: 'Der Link ist zu lang für einen QR-Code. Kopiere ihn stattdessen.',
}
