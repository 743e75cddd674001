import { count, counted, form } from '../../numbers.ts'
import type { en } from './en.ts'

export const de: typeof en = {
  history: 'Verlauf',
  range: 'Zeitraum',
  ranges: { '1h': '1 h', '24h': '24 h', '7d': '7 T.', '30d': '30 T.', all: 'Alles' },
  shown: 'Gezeigt wird',
  withUnit: (what, unit) => `${what}, ${unit}`,
  chart: 'Diagramm',
  chartLabel: (what) => `${what}: Mittelwert und Spanne`,
  chartKeys: (label) =>
    `${label}. Pfeiltasten verschieben es, Plus und Minus vergrößern und verkleinern, Pos 1 und Ende führen an seine Enden. Dasselbe steht darunter als Tabelle.`,
  pointed: (when, mean, min, max) => `${when}: ${mean} (${min} bis ${max})`,
  noReadingsThen: (when) => `${when}: keine Messwerte`,
  facts: (when, min, max, mean) => `${when}: ${min} bis ${max}, im Mittel ${mean}`,
  sealed: 'Was in diesen Blöcken steht, ist versiegelt.',
  noReadingsYet: 'Noch keine Messwerte.',
  readingHistory: 'Der Verlauf wird gelesen …',
  missing: (records) =>
    `${counted(records, { one: 'Eintrag', other: 'Einträge' })} etwa aus dieser Zeit ${form(records, { one: 'ist nicht auf diesem Gerät und erscheint als Lücke', other: 'sind nicht auf diesem Gerät und erscheinen als Lücken' })}. Andere Peers werden nach dem gefragt, was fehlt.`,
  asTable: 'Als Tabelle zeigen',
  single: 'Einzelne Messwerte',

  moveChart: 'Das Diagramm bewegen',
  earlier: 'Früher',
  later: 'Später',
  zoomIn: 'Vergrößern',
  zoomOut: 'Verkleinern',
  followNow: 'Jetzt folgen',

  tableCaption: 'Kleinster, mittlerer und größter Wert in jedem Zeitabschnitt',
  from: 'Ab',
  min: 'Min.',
  mean: 'Mittel',
  max: 'Max.',
  noReadingsInRange: 'Keine Messwerte in diesem Zeitraum.',
  reading: 'Wird gelesen …',

  format: 'Format',
  formats: { csv: 'CSV, für Tabellen', json: 'JSON, für Programme', senml: 'SenML, für andere Systeme' },
  readings: 'Messwerte',
  allReadings: 'Alle',
  shownReadings: 'Die gezeigten',
  shownReadingsOf: (span) => `Die gezeigten: ${span}`,
  writing: 'Die Datei wird geschrieben',
  export: 'Exportieren',
  describe: 'Beschreibung für andere Programme',
  fileMade: (size) => `Die Datei ist fertig: ${size}.`,
  exportCancelled: 'Abgebrochen. Es wurde keine Datei erstellt.',

  importHint:
    'Übernimmt in dieses Ding die Messwerte einer CSV-, JSON- oder SenML-Datei, wie Weft sie exportiert. Was schon hier ist, wird nicht doppelt übernommen.',
  takingIn: 'Die Messwerte werden übernommen',
  chooseFile: 'Datei wählen …',
  importCancelled: 'Abgebrochen. Was bis dahin übernommen wurde, bleibt.',
  moreRows: (rows) => `Und ${counted(rows, { one: 'weitere Zeile', other: 'weitere Zeilen' })}.`,
  rowFault: (row, fault) => `Zeile ${count(row)}: ${fault}.`,
  rowFaults: {
    'bad-quantity': 'der Name dessen, was gemessen wurde, lässt sich nicht verwenden',
    'bad-unit': 'die Einheit lässt sich nicht verwenden',
    'bad-value': 'der Wert fehlt oder ist keiner',
    'bad-time': 'die Zeit fehlt oder ist keine',
    'too-long': 'sie ist länger, als ein Messwert sein kann',
    'not-json': 'sie ist abgeschnitten oder kein JSON',
    'no-such-columns': 'die erste Zeile muss die Spalten time, quantity und value nennen',
    'not-understood': 'eine Zeit, ein Name oder ein Wert fehlt',
    'must-understand':
      'hier steht etwas, das verstehen muss, wer die Datei liest, und Weft versteht es nicht; darum wurde nichts aus der Datei übernommen',
  },
  emptyFile: 'In dieser Datei ist kein Messwert.',
  taken: (readings) => `${counted(readings, { one: 'Messwert', other: 'Messwerte' })} übernommen`,
  known: (readings) => `${counted(readings, { one: 'Messwert war', other: 'Messwerte waren' })} schon hier`,
  passedOver: (rows) => `${counted(rows, { one: 'Zeile', other: 'Zeilen' })} übergangen`,
  comma: ', ',

  whatToDelete: 'Was gelöscht wird',
  older: 'Älter als ein Tag, den du wählst',
  everything: 'Alles',
  before: 'Vor dem',
  deleteAsk: 'Löschen …',
  noDay: 'Sag, vor welchem Tag.',
  dayAhead: 'Dieser Tag hat noch nicht begonnen. Um alles zu löschen, wähle „Alles“.',
  deleteAllTitle: 'Den ganzen Verlauf löschen?',
  deleteOlderTitle: 'Den älteren Verlauf löschen?',
  allGoes: () => [
    'Hier: Alle Messwerte von „',
    '“, die in Blöcken gespeichert sind, verschwinden endgültig von diesem Gerät. Exportiere sie vorher, falls du sie noch brauchst.',
  ],
  olderGoes: (day) => [
    'Hier: Die Blöcke von „',
    `“, deren Messwerte alle aus der Zeit vor dem ${day} sind, verschwinden endgültig von diesem Gerät. Exportiere sie vorher, falls du sie noch brauchst.`,
  ],
  waitingStay: (readings) =>
    form(readings, {
      one: `${count(readings)} Messwert, der auf den nächsten Block wartet, bleibt.`,
      other: `${count(readings)} Messwerte, die auf den nächsten Block warten, bleiben.`,
    }),
  elsewhere: (what) => `Anderswo: ${what}`,
  deleting: 'Wird gelöscht',
  delete: 'Löschen',
  keep: 'Behalten',
  heldByNobody: 'Soweit bekannt, hat niemand sonst einen seiner Blöcke.',
  heldByOthers: (blocks) =>
    `${counted(blocks, { one: 'seiner Blöcke ist auch bei anderen und lässt', other: 'seiner Blöcke sind auch bei anderen und lassen' })} sich von dort nicht zurückholen. Was privat war, bleibt für sie unlesbar; was offen geteilt war, können sie weiter lesen. Die Schlüssel entstehen aus deinen zwölf Wörtern: Wer die hat, kann alles, was andere haben, noch immer lesen.`,
  gone: (blocks) =>
    `Was in ${counted(blocks, { one: 'Block', other: 'Blöcken' })} war, ist von diesem Gerät verschwunden.`,
  goesLater: (blocks) =>
    form(blocks, {
      one: `${count(blocks)} Block, der noch nicht endgültig ist, verschwindet von selbst, sobald er es ist.`,
      other: `${count(blocks)} Blöcke, die noch nicht endgültig sind, verschwinden von selbst, sobald sie es sind.`,
    }),
  nothingToDelete: 'Es gab nichts zu löschen.',
}
