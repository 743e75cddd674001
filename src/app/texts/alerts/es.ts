import { isolated } from '../../numbers.ts'
import type { en } from './en.ts'

export const es: typeof en = {
  remove: (rule) => `Quitar: ${rule}`,
  nothingToWatch: 'No hay nada que vigilar antes de la primera lectura.',
  newAlert: 'Un aviso nuevo',
  tellWhen: 'Avísame cuando',
  whatHappens: 'Qué ocurre',
  kinds: {
    over: 'está por encima de',
    under: 'está por debajo de',
    stale: 'no tiene lecturas durante',
    changes: 'cambia en un minuto en',
  },
  howLong: 'Cuánto tiempo',
  howMuch: 'Cuánto',
  howMuchIn: (unit) => `Cuánto (en ${unit})`,
  add: 'Añadir este aviso',
  browserTells: 'Este navegador te avisa mientras Weft esté abierto, en cualquier pestaña.',
  appTells:
    'Weft te avisa aquí mientras esté abierto. Permite las notificaciones de esta página y también te avisará el navegador.',

  over: (quantity, amount) => `${quantity} por encima de ${amount}`,
  under: (quantity, amount) => `${quantity} por debajo de ${amount}`,
  stale: (quantity, length) => `${quantity}: ninguna lectura durante ${length}`,
  changes: (quantity, amount) => `${quantity} cambia ${amount} o más en un minuto`,
  lineOver: (amount) => `más de ${amount}`,
  lineUnder: (amount) => `menos de ${amount}`,
  fired: (name, rule) => `${isolated(name)}: ${rule}.`,
  firedHere: (rule) => `${rule}.`,
}
