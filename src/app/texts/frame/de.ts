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
    `Wefts Peer ist stehen geblieben${what === '' ? '' : `: ${what}`}. Was gespeichert war, bleibt. Lade diese Seite neu.`,
  loadAgain: 'Neu laden',
  languageFailed:
    'Die Wörter dieser Sprache konnten nicht geladen werden, deshalb bleibt Weft bei der bisherigen. Deine Wahl und alles andere bleiben erhalten. Versuch es noch einmal, wenn du online bist, oder lade diese Seite neu.',

  inThatNetwork: 'Dieses Gerät ist schon in diesem Netzwerk.',
  joined: 'Beigetreten. Was dieses Gerät vorher gespeichert hat, bleibt.',
  join: ['„', '“ beitreten?'],
  joinMeans:
    'Dieses Gerät verlässt das Netzwerk, in dem es jetzt ist. Alles, was dort gespeichert wurde, bleibt auf diesem Gerät, und mit einer Einladung kommst du zurück.',
  joinIt: 'Beitreten',
  joining: 'Tritt bei …',
  notNow: 'Nicht jetzt',

  update: {
    offered: 'Eine neue Version ist bereit. Was noch wartet, wird erst gespeichert, dann lädt jeder Tab neu.',
    paying: 'Eine Zahlung ist in Arbeit. Die neue Version kommt, sobald sie unterwegs ist.',
    saving: 'Eine neue Version ist bereit. Was noch wartet, wird gerade gespeichert.',
  },
  updateNow: { offered: 'Jetzt aktualisieren', paying: 'Wartet …', saving: 'Speichert …' },

  insecure: 'Weft braucht eine sichere Verbindung',
  insecureWhy: [
    'Diese Seite kam über einfaches ',
    '. Browser geben solchen Seiten keine Signaturschlüssel, kein Bluetooth und keinen Offline-Speicher, und ohne die kann Weft nicht arbeiten. Hier wurde nichts gespeichert.',
  ],
  insecureDo: ['Öffne sie über ', ' oder auf dem Rechner, der sie ausliefert, als ', '.'],
  openedAs: (address) => `Geöffnet als ${address}`,
}
