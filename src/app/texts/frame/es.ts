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
    `El par de Weft se ha detenido${what === '' ? '' : `: ${what}`}. Lo guardado se conserva. Vuelve a cargar esta página.`,
  loadAgain: 'Volver a cargar',
  languageFailed:
    'No se han podido obtener las palabras de este idioma, así que Weft sigue en el anterior. Tu elección y todo lo demás se conservan. Vuelve a intentarlo cuando tengas conexión, o carga la página de nuevo.',

  inThatNetwork: 'Este dispositivo ya está en esa red.',
  joined: 'Ya estás en la red. Lo que este dispositivo guardó antes se conserva.',
  join: ['¿Unirte a «', '»?'],
  joinMeans:
    'Este dispositivo deja la red en la que está ahora. Todo lo guardado en ella se conserva en este dispositivo, y puedes volver con una invitación.',
  joinIt: 'Unirme',
  joining: 'Uniéndose…',
  notNow: 'Ahora no',

  update: {
    offered:
      'Hay una nueva versión. Primero se guarda lo pendiente y después se vuelven a cargar todas las pestañas.',
    paying: 'Hay un pago en curso. La nueva versión llegará en cuanto esté en camino.',
    saving: 'Hay una nueva versión. Se está guardando lo pendiente.',
  },
  updateNow: { offered: 'Actualizar ahora', paying: 'Esperando…', saving: 'Guardando…' },

  insecure: 'Weft necesita una conexión segura',
  insecureWhy: [
    'Esta página ha llegado por ',
    ' sin cifrar. Los navegadores no dan a estas páginas claves de firma, Bluetooth ni almacenamiento sin conexión, y sin ellos Weft no puede funcionar. Aquí no se ha guardado nada.',
  ],
  insecureDo: ['Ábrela por ', ' o, en la máquina que la sirve, como ', '.'],
  openedAs: (address) => `Abierta como ${address}`,
}
