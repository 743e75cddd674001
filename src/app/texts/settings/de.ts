import { count } from '../../numbers.ts'
import type { en } from './en.ts'

export const de: typeof en = {
  title: 'Einstellungen',
  network: 'Netzwerk',
  storage: 'Speicher',
  joinNetwork: 'Netzwerk beitreten, gründen oder teilen',
  appearance: 'Darstellung',
  appearances: { system: 'System', light: 'Hell', dark: 'Dunkel' },
  language: 'Sprache',
  languageOfBrowser: 'Wie der Browser',
  tryAgain: 'Noch einmal versuchen',
  notifications: 'Benachrichtigungen',
  notify: {
    granted:
      'Erlaubt. Du erfährst von Warnungen und von Zahlungen, die kommen, während Weft nicht zu sehen ist.',
    default:
      'Noch nicht gefragt. Du würdest von Warnungen erfahren und von Zahlungen, die kommen, während Weft nicht zu sehen ist.',
    denied:
      'Nicht erlaubt. Weft sagt es dir stattdessen hier. Ändern kannst du das in den Einstellungen dieser Seite, neben der Adresszeile.',
    none: 'Dieser Browser hat keine für Seiten. Auf iPhone und iPad gibt es sie, wenn Weft auf dem Home-Bildschirm liegt. Bis dahin sagt Weft es dir hier.',
  },
  allowNotifications: 'Benachrichtigungen erlauben …',
  sendTest: 'Probe senden',
  testBody: 'So meldet sich Weft bei dir.',
  testShown: 'Gesendet. Wenn du nichts siehst, hält das Gerät Benachrichtigungen zurück.',
  testNotShown: 'Der Browser hat keine gezeigt.',
  receivedTitle: 'Zahlung erhalten',
  received: (sum) => `${sum} sind endgültig angekommen.`,
  receivedMany: (sum, payments) => `${sum} sind in ${count(payments)} Zahlungen endgültig angekommen.`,
  whileLogging: 'Beim Aufzeichnen',
  keepOn: 'Bildschirm anlassen',
  wakeMeans:
    'Der Bildschirm bleibt an, solange Weft zu sehen ist, bis du das hier ausschaltest oder Weft schließt. Das braucht mehr Akku.',
  wakeCannot: 'Dieser Browser kann den Bildschirm nicht anlassen. Die Einstellungen des Geräts können es.',
  wakeRefused: 'Der Browser hat abgelehnt: Der Akku ist fast leer, oder das Gerät spart Strom.',
  hiddenTabs:
    'Sind Seiten nicht zu sehen, bremsen Browser sie binnen einer Minute und halten sie manchmal ganz an: Messwerte kommen dann spät oder gar nicht. Auf iPhone und iPad halten sie sofort an. Was vorher gemessen wurde, bleibt.',
  install: 'Installieren',
  installWays: {
    installed: 'Weft läuft auf diesem Gerät als App.',
    offer:
      'Als App hat Weft ein eigenes Fenster und ein eigenes Symbol, und was es speichert, ist sicherer. Nichts wird verschoben oder kopiert.',
    ios: 'Auf iPhone und iPad löscht Safari, was eine Seite gespeichert hat, wenn du sie eine Woche lang nicht öffnest, und nur installierte Apps dürfen benachrichtigen. Tippe auf „Teilen“, dann auf „Zum Home-Bildschirm“. Die App dort fängt von vorn an: Nimm deine zwölf Wörter mit.',
    menu: 'Wenn dieser Browser Apps installieren kann, steht in seinem Menü „Installieren“ oder „Zum Startbildschirm hinzufügen“. Ohne das läuft Weft genauso.',
  },
  installWeft: 'Weft installieren …',
  installHint:
    'Weft kann auf diesem Gerät eine eigene App sein, und was es speichert, ist dann sicherer. Du findest das in den Einstellungen unter „Installieren“.',
  installHintIos:
    'Safari löscht, was eine Seite gespeichert hat, wenn sie eine Woche lang nicht geöffnet wird. Als App auf dem Home-Bildschirm behält Weft es und darf dich benachrichtigen: Tippe auf „Teilen“, dann auf „Zum Home-Bildschirm“. Mehr dazu in den Einstellungen unter „Installieren“.',
  about: 'Über Weft',
  version: 'Version',
  built: 'Erstellt am',
  licences: 'Lizenzen der Bausteine von Weft',
  diagnostics: 'Diagnose',
  diagnosticsMeans:
    'Wie es Weft hier geht, für jemanden, der dir hilft (auf Englisch). Namen, Messwerte, Notizen, Schlüssel und Kennungen stehen nicht darin. Der Text bleibt hier, solange du ihn nicht kopierst oder speicherst.',
  oneMoment: 'Einen Moment …',
  copy: 'Kopieren',
  copied: 'Kopiert',
  copyRefused: 'Der Browser hat das Kopieren abgelehnt. Markiere den Text und kopiere ihn von Hand.',
  save: 'Speichern',
  saved: 'Als Download gespeichert',
}
