import { count } from '../../numbers.ts'
import type { en } from './en.ts'

export const de: typeof en = {
  things: 'Dinge',
  useHere: 'Hier nutzen',
  readMore: 'Mehr auslesen',
  reconnect: 'Neu verbinden',
  stopReading: 'Auslesen beenden',
  newest: 'Neueste Werte',
  savedAndShared: 'Gespeichert und geteilt',
  settings: 'Einstellungen und Dateien',
  owner: 'Besitzer',
  ownersId: 'die Kennung des Besitzers',

  alerts: 'Warnungen',
  alertsThere: (there) => `Warnungen (${count(there)})`,
  measuring: 'Wie gemessen wird',
  what: 'Was',
  nothingToSet: 'Vor dem ersten Messwert gibt es nichts einzustellen.',
  keeping: 'Speichern und Aufbewahren',
  exporting: 'Exportieren',
  importing: 'Importieren',
  deleting: 'Verlauf löschen',

  rename: 'Umbenennen',
  name: 'Name',
  cancel: 'Abbrechen',

  forgetAsk: 'Vergessen …',
  forgetTitle: 'Dieses Ding vergessen?',
  leavesBefore: '„',
  leavesAfter: '“ verschwindet aus der Liste.',
  leavesAfterMine: '“ verschwindet aus der Liste, und sein Sensor wird freigegeben.',
  readingsStay:
    'Die Messwerte bleiben auf diesem Gerät und bei anderen, die sie haben. Ist das Ding einmal vergessen, lassen sie sich hier nicht mehr löschen.',
  readingsStayForGood:
    'Die Messwerte bleiben auf diesem Gerät und bei anderen, die sie haben. Ist das Ding einmal vergessen, lassen sie sich hier nicht mehr löschen und verschwinden auch nicht mehr von selbst.',
  forgetHistory: 'Auch den Verlauf endgültig von diesem Gerät löschen',
  oneMoment: 'Einen Moment …',
  forget: 'Vergessen',
  keep: 'Behalten',

  howRecorded: (quantity) => `Wie aufgezeichnet wird: ${quantity}`,
  recordEvery: 'Höchstens aufzeichnen alle',
  asMeasured: 'So oft, wie gemessen wird',
  leaveOut: 'Änderungen weglassen, die kleiner sind als',
  leaveOutIn: (unit) => `Änderungen weglassen, die kleiner sind als (in ${unit})`,
  leaveOutHint: 'Leer: Jede Änderung wird aufgezeichnet. Ein Messwert pro Minute wird es in jedem Fall.',
  calibration: 'Kalibrierung',
  times: 'Mal',
  plus: 'Und dann plus',
  plusIn: (unit) => `Und dann plus (in ${unit})`,
  save: 'Speichern',
  shapingSaved: 'Gespeichert. Es gilt ab jetzt; was schon aufgezeichnet ist, bleibt, wie es ist.',
  noNumber: 'Das ist keine Zahl. Schreib sie wie 12,5.',
  noChange: 'Eine Änderung muss größer als null sein.',
  timesZero: 'Mal 0 wäre jeder Messwert 0.',
  tooManyAlerts: (most) => `Ein Ding hat höchstens ${count(most)} Warnungen. Entferne zuerst eine.`,
  alertThere: 'Diese Warnung gibt es schon.',

  howRead: 'Wie es gelesen wird',
  precise: 'Genauer Standort',
  preciseHint:
    'Aus: Der Ort wird nur auf etwa einen Kilometer genau behalten. An: so genau, wie dieses Gerät ihn kennt, mit Höhe, Geschwindigkeit und Richtung.',
  readLikeThis: 'So lesen',
  tooMuch: 'Das ist mehr, als ein Ding sich merkt. Nimm weniger Felder oder kürzere Namen.',
  sourceKept: 'Gemerkt. So geht es weiter.',

  saveEvery: 'Einen Block speichern alle',
  saveEveryHint:
    'Länger: weniger und größere Blöcke, und es geht mehr verloren, wenn dieser Tab gewaltsam geschlossen wird.',
  keepReadings: 'Messwerte behalten',
  forGood: 'Für immer',
  forLength: (length) => `${length} lang`,
  nothingGoes: 'Nichts wird gelöscht, solange du es nicht tust.',
  olderGo: (length) =>
    `Messwerte, die älter als ${length} sind, werden von selbst von diesem Gerät gelöscht, innerhalb von ein, zwei Tagen und endgültig. Wer sonst eine Kopie hat, kann sie noch haben.`,
  saved: 'Gespeichert',
  oneYear: '1 Jahr',
  oneDay: '1 Tag',

  measures: 'Misst',
  unit: 'Einheit, falls es eine gibt',
}
