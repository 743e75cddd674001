import type { en } from './en.ts'

export const de: typeof en = {
  home: 'Weft, Startseite',
  screens: 'Bereiche',
  things: 'Dinge',
  wallet: 'Geldbörse',
  network: 'Netzwerk',
  settings: 'Einstellungen',
  messages: 'Meldungen',
  starting: 'Startet …',
  notHere: 'Dieses Ding ist nicht auf diesem Gerät.',
  seeThings: 'Zu den Dingen, die es sind.',
  nothingShared: 'Was geteilt wurde, ist weder eine Einladung noch eine Kennung, an die gezahlt werden kann.',
  peerStopped: (what) =>
    `Wefts Peer ist stehen geblieben: ${what}. Was gespeichert war, bleibt. Lade diese Seite neu.`,
}
