import type { en } from './en.ts'

export const es: typeof en = {
  home: 'Weft, inicio',
  screens: 'Pantallas',
  things: 'Cosas',
  wallet: 'Cartera',
  network: 'Red',
  settings: 'Ajustes',
  messages: 'Mensajes',
  starting: 'Iniciando…',
  notHere: 'Esta cosa no está en este dispositivo.',
  seeThings: 'Ver las que sí están.',
  nothingShared: 'Lo compartido no es ni una invitación ni un identificador al que se pueda pagar.',
  peerStopped: (what) =>
    `El par de Weft se ha detenido: ${what}. Lo guardado se conserva. Vuelve a cargar esta página.`,
}
