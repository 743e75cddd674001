import { isolated } from '../../numbers.ts'
import type { en } from './en.ts'

export const de: typeof en = {
  remove: (rule) => `Entfernen: ${rule}`,
  nothingToWatch: 'Vor dem ersten Messwert gibt es nichts zu beobachten.',
  newAlert: 'Eine neue Warnung',
  tellWhen: 'Melde dich, wenn',
  whatHappens: 'Was geschieht',
  kinds: {
    over: 'liegt über',
    under: 'liegt unter',
    stale: 'hat keinen Messwert seit',
    changes: 'ändert sich in einer Minute um',
  },
  howLong: 'Wie lange',
  howMuch: 'Wie viel',
  howMuchIn: (unit) => `Wie viel (in ${unit})`,
  add: 'Diese Warnung hinzufügen',
  browserTells: 'Dieser Browser meldet sich bei dir, solange Weft offen ist, in welchem Tab auch immer.',
  appTells:
    'Solange Weft offen ist, erfährst du es hier. Erlaube dieser Seite Benachrichtigungen, dann meldet sich auch der Browser.',

  over: (quantity, amount) => `${quantity} über ${amount}`,
  under: (quantity, amount) => `${quantity} unter ${amount}`,
  stale: (quantity, length) => `${quantity}: ${length} lang kein Messwert`,
  changes: (quantity, amount) => `${quantity} ändert sich in einer Minute um ${amount} oder mehr`,
  lineOver: (amount) => `über ${amount}`,
  lineUnder: (amount) => `unter ${amount}`,
  fired: (name, rule) => `${isolated(name)}: ${rule}.`,
  firedHere: (rule) => `${rule}.`,
}
