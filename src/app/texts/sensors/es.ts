import { count, counted, form } from '../../numbers.ts'
import type { en } from './en.ts'

export const es: typeof en = {
  unread: (messages) =>
    counted(messages, { one: 'mensaje no se pudo leer', other: 'mensajes no se pudieron leer' }),
  tooFast: (messages) =>
    counted(messages, {
      one: 'mensaje llegó demasiado rápido',
      other: 'mensajes llegaron demasiado rápido',
    }),
  both: (one, other) => `${one} y ${other}`,
  passedOver: (what, messages) =>
    `${what}; ${form(messages, { one: 'se ha omitido', other: 'se han omitido' })}. Todos los demás se conservan.`,
  firmware: (version) => `firmware ${version}`,
  rowsRead: (rows) => `${counted(rows, { one: 'línea leída', other: 'líneas leídas' })}.`,
  knownBefore: (readings) =>
    form(readings, {
      one: `${count(readings)} lectura ya estaba aquí.`,
      other: `${count(readings)} lecturas ya estaban aquí.`,
    }),
  badRows: (rows, named) =>
    form(rows, {
      one: `${count(rows)} línea no se pudo leer y se ha omitido: ${named}.`,
      other: `${count(rows)} líneas no se pudieron leer y se han omitido: ${named}.`,
    }),
  andMore: (named) => `${named} y más`,
  comma: ', ',
  reading: (percent) => `leyendo, ${percent} %`,
  allRead: 'todo leído',
}
