import { counted } from '../../numbers.ts'
import type { en } from './en.ts'

export const es: typeof en = {
  means: 'Nombres para los identificadores de otros. Se quedan en este dispositivo.',
  add: 'Añadir un contacto',
  search: 'Buscar',
  nobodyYet: 'Todavía nadie. Añade un contacto aquí o ponle nombre a uno junto a un pago.',
  nobodyFound: 'Nadie se llama así.',
  more: (contacts) =>
    `${counted(contacts, { one: 'contacto más', other: 'contactos más' })}: busca un nombre.`,
  name: 'Nombre',
  nameHint: 'Solo lo sabe este dispositivo.',
  noName: 'Di cómo se llama.',
  id: 'Identificador',
  idHint: 'El identificador que el otro dispositivo muestra en «Recibir».',
  noId: 'Esto no es el identificador de un dispositivo. Empieza por did:key:z6Mk.',
  forBefore: 'Para',
  save: 'Guardar',
  cancel: 'Cancelar',
  removeMeans: 'El nombre se olvida. Lo que se pagó queda como está.',
  remove: 'Quitar',
  keep: 'Conservar',
  pay: 'Pagar',
  rename: 'Cambiar nombre',
  removeAsk: 'Quitar…',
}
