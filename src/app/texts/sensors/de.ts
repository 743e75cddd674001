import { count, counted, form } from '../../numbers.ts'
import type { en } from './en.ts'

export const de: typeof en = {
  unread: (messages) =>
    counted(messages, { one: 'Nachricht war nicht lesbar', other: 'Nachrichten waren nicht lesbar' }),
  tooFast: (messages) =>
    counted(messages, { one: 'Nachricht kam zu schnell', other: 'Nachrichten kamen zu schnell' }),
  both: (one, other) => `${one} und ${other}`,
  passedOver: (what, messages) =>
    `${what}; sie ${form(messages, { one: 'wurde', other: 'wurden' })} übergangen. Alle anderen sind gespeichert.`,
  firmware: (version) => `Firmware ${version}`,
  rowsRead: (rows) => `${counted(rows, { one: 'Zeile', other: 'Zeilen' })} gelesen.`,
  knownBefore: (readings) =>
    form(readings, {
      one: `${count(readings)} Messwert war schon da.`,
      other: `${count(readings)} Messwerte waren schon da.`,
    }),
  badRows: (rows, named) =>
    form(rows, {
      one: `${count(rows)} Zeile war nicht lesbar und wurde übergangen: ${named}.`,
      other: `${count(rows)} Zeilen waren nicht lesbar und wurden übergangen: ${named}.`,
    }),
  andMore: (named) => `${named} und weitere`,
  comma: ', ',
  reading: (percent) => `liest, ${percent} %`,
  allRead: 'ganz gelesen',
}
