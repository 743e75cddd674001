import { count, counted } from '../../numbers.ts'
import type { en } from './en.ts'

export const es: typeof en = {
  used: (used, quota) => `${used} en uso de los ${quota} que permite el navegador.`,
  notSaid: 'Este navegador no dice cuánto permite.',
  meter: 'Almacenamiento usado',
  blocksTake: (bytes, blocks) => `Los bloques ocupan ${bytes} (${count(blocks)}).`,
  kept: 'El navegador lo conserva aunque falte espacio.',
  keepRefused:
    'El navegador no ha aceptado. Muchos aceptan cuando Weft está instalado o se usa a menudo. Hasta entonces puede borrarlo todo si falta espacio.',
  mayClear: 'El navegador puede borrarlo si falta espacio o si Weft no se abre durante mucho tiempo.',
  askToKeep: 'Pedir al navegador que lo conserve',
  byThing: 'Por cosa',
  noThings: 'En cuanto haya una cosa, aquí se verá lo que ocupa.',
  blocks: (blocks) => counted(blocks, { one: 'bloque', other: 'bloques' }),
  readingsInThem: (readings) => `Contienen ${counted(readings, { one: 'lectura', other: 'lecturas' })}.`,
  deleteHistory: 'Borrar el historial',
  itsScreen: 'Ver esta cosa',
  makeRoom: 'Hacer sitio',
  deleteFromAll: 'Borrar de todas las cosas',
  rules: {
    settings: 'Lo que cada cosa ya no conserva',
    week: 'De hace más de una semana',
    month: 'De hace más de 30 días',
    quarter: 'De hace más de 90 días',
    year: 'De hace más de un año',
  },
  makeRoomNow: 'Hacer sitio…',
  keptForGood: 'Todas las cosas conservan sus lecturas para siempre, así que no hay nada que borrar.',
  nothingSaved: 'Ninguna cosa de este dispositivo ha guardado nada todavía.',
  leftAsBefore: (things) =>
    `${counted(things, { one: 'cosa queda como estaba', other: 'cosas quedan como estaban' })}.`,
  deleteOlder: '¿Borrar las lecturas antiguas?',
  gone: 'Desaparece de este dispositivo para siempre:',
  before: (date) => `anterior al ${date}`,
  andMore: (things) => `y ${count(things)} más`,
  stays:
    'Se conservan las lecturas más nuevas, las cosas y sus ajustes, los pagos y lo que otros han compartido. Un bloque se borra cuando todas sus lecturas son así de antiguas.',
  elsewhere: (words) => `En otros sitios: ${words}`,
  deleting: 'Borrando',
  delete: 'Borrar',
  keep: 'Conservar',
  waiting: (readings) =>
    `${counted(readings, { one: 'lectura espera', other: 'lecturas esperan' })} al próximo bloque`,
  noneWaiting: 'Todas las lecturas están en un bloque',
  cancel: 'Cancelar',
  saveNow: 'Guardar ahora',
  sealing: 'Sellando un bloque',
  percent: (percent, left) => (left === undefined ? `${percent} %` : `${percent} %, ${left}`),
  saved: 'Guardado',
  outboxFull:
    'El par ha tardado demasiado en aceptar lecturas nuevas, así que las más antiguas se han perdido.',
}
