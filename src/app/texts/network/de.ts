import { count } from '../../numbers.ts'
import type { en } from './en.ts'

export const de: typeof en = {
  thisDevice: 'Dieses Gerät',
  thisDeviceId: 'die Kennung dieses Geräts',
  agreed: 'Vereinbart',
  catchingUp: 'Holt auf, was die anderen schon haben',

  connectedPeers: 'Verbundene Peers',
  nobodyElse: 'Gerade ist niemand sonst verbunden.',
  andMore: (peers) => `und ${count(peers)} weitere`,
  direct: 'direkt',
  throughRelay: 'über das Relais',
  wayAndTime: (way, ms) => `${way}, ${count(ms)} ms`,

  choices: {
    pair: 'Telefon in der Nähe verbinden',
    share: 'Andere einladen',
    join: 'Anderem beitreten',
    found: 'Neues gründen',
    leave: 'Verlassen',
  },
  titles: {
    pair: 'Telefon in der Nähe verbinden',
    share: 'Andere einladen',
    join: 'Einem Netzwerk beitreten',
    found: 'Ein Netzwerk gründen',
    leave: 'Dieses Netzwerk verlassen?',
  },
  notNow: 'Nicht jetzt',

  noInvitation: 'Das ist keine Einladung. Kopiere den ganzen Link.',
  alreadyThere: 'Dieses Gerät ist schon in diesem Netzwerk.',
  joinedNow: 'Beigetreten. Was dieses Gerät vorher gespeichert hat, bleibt.',
  joinBefore: 'Dem Netzwerk „',
  joinAfter: '“ beitreten?',
  joinMeans:
    'Dieses Gerät verlässt das Netzwerk, in dem es jetzt ist. Alles, was dort gespeichert wurde, bleibt auf diesem Gerät, und mit einer Einladung kannst du zurück.',
  joining: 'Tritt bei …',
  join: 'Beitreten',
  back: 'Zurück',
  joinHow: 'Jemand aus dem Netzwerk zeigt dir einen QR-Code oder schickt dir einen Link.',
  invitationLink: 'Einladungslink',
  pasteHere: 'Füge ihn hier ein.',
  continue: 'Weiter',

  leftNow: 'Verlassen. Dieses Gerät ist wieder in einem eigenen Netzwerk.',
  leaveMeans: 'Dieses Gerät kehrt in ein eigenes Netzwerk zurück, und seine Dinge machen dort weiter.',
  leaveKeeps:
    'Alles, was in diesem Netzwerk gespeichert wurde, bleibt auf diesem Gerät, sein Geld bleibt, wo es ist, und eine Einladung führt zu beidem zurück. Zum Zurückkehren brauchst du eine: Kopiere sie, bevor du gehst, oder bitte später darum.',
  leaving: 'Verlässt …',
  leave: 'Verlassen',
  stay: 'Bleiben',

  shareMeans:
    'Wer diesen Link öffnet, tritt diesem Netzwerk bei und sieht, was du offen teilst, aber nichts Privates.',
  noWayYet: 'Ohne Relais nennt der Link noch keinen Weg zu diesem Gerät.',
  invitationCode: 'QR-Code des Einladungslinks',
  sendElsewhere: 'Mit einer anderen App senden',
  notSent: 'Der Browser hat ihn nicht gesendet. Kopiere stattdessen den Link.',
  preparing: 'Link wird vorbereitet …',

  work: 'Rechenarbeit',
  workForOthers: 'Für andere rechnen',
  workMeans:
    'Jeder Block braucht ein wenig Rechenarbeit, und ein langsames Gerät kann dieses darum bitten. Die eigene Arbeit geht vor, es erfährt nichts vom Inhalt des Blocks, und es kostet etwas Akku.',
}
