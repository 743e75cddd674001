import { count, counted } from '../../numbers.ts'
import type { en } from './en.ts'

export const de: typeof en = {
  used: (used, quota) => `${used} von ${quota} belegt, die der Browser erlaubt.`,
  notSaid: 'Dieser Browser sagt nicht, wie viel er erlaubt.',
  meter: 'Belegter Speicher',
  blocksTake: (bytes, blocks) => `Blöcke brauchen davon ${bytes} (${count(blocks)}).`,
  kept: 'Der Browser behält es auch, wenn der Platz knapp wird.',
  keepRefused:
    'Der Browser hat nicht zugestimmt. Viele tun es, sobald Weft installiert ist oder oft benutzt wird. Bis dahin kann er alles löschen, wenn der Platz knapp wird.',
  mayClear:
    'Der Browser kann es löschen, wenn der Platz knapp wird oder wenn Weft lange nicht geöffnet wird.',
  askToKeep: 'Den Browser bitten, es zu behalten',
  byThing: 'Nach Ding',
  noThings: 'Sobald es ein Ding gibt, steht hier, was es belegt.',
  blocks: (blocks) => counted(blocks, { one: 'Block', other: 'Blöcke' }),
  readingsInThem: (readings) => `Darin: ${counted(readings, { one: 'Messwert', other: 'Messwerte' })}.`,
  deleteHistory: 'Verlauf löschen',
  itsScreen: 'Zu diesem Ding',
  makeRoom: 'Platz schaffen',
  deleteFromAll: 'Von allen Dingen löschen',
  rules: {
    settings: 'Was jedes Ding nicht länger behält',
    week: 'Älter als eine Woche',
    month: 'Älter als 30 Tage',
    quarter: 'Älter als 90 Tage',
    year: 'Älter als ein Jahr',
  },
  makeRoomNow: 'Platz schaffen …',
  keptForGood: 'Jedes Ding behält seine Messwerte für immer, es gibt also nichts zu löschen.',
  nothingSaved: 'Noch kein Ding dieses Geräts hat etwas gespeichert.',
  leftAsBefore: (things) =>
    `${counted(things, { one: 'Ding bleibt, wie es war', other: 'Dinge bleiben, wie sie waren' })}.`,
  deleteOlder: 'Ältere Messwerte löschen?',
  gone: 'Für immer weg von diesem Gerät:',
  before: (date) => `vor dem ${date}`,
  andMore: (things) => `und ${count(things)} weitere`,
  stays:
    'Es bleiben: neuere Messwerte, die Dinge und ihre Einstellungen, Zahlungen und was andere geteilt haben. Ein Block wird gelöscht, wenn alle seine Messwerte so alt sind.',
  elsewhere: (words) => `Anderswo: ${words}`,
  deleting: 'Wird gelöscht',
  delete: 'Löschen',
  keep: 'Behalten',
  waiting: (readings) =>
    `${counted(readings, { one: 'Messwert wartet', other: 'Messwerte warten' })} auf den nächsten Block`,
  noneWaiting: 'Jeder Messwert ist in einem Block',
  cancel: 'Abbrechen',
  saveNow: 'Jetzt speichern',
  sealing: 'Block wird versiegelt',
  percent: (percent, left) => (left === undefined ? `${percent} %` : `${percent} %, ${left}`),
  saved: 'Gespeichert',
  outboxFull: 'Der Peer hat zu lange keine neuen Messwerte angenommen, die ältesten sind deshalb verloren.',
}
