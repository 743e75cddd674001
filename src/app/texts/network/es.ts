import { count } from '../../numbers.ts'
import type { en } from './en.ts'

export const es: typeof en = {
  thisDevice: 'Este dispositivo',
  thisDeviceId: 'el identificador de este dispositivo',
  agreed: 'Acordado',
  catchingUp: 'Poniéndose al día con los demás',

  connectedPeers: 'Pares conectados',
  nobodyElse: 'Ahora no hay nadie más conectado.',
  andMore: (peers) => `y ${count(peers)} más`,
  direct: 'directo',
  throughRelay: 'por el repetidor',
  wayAndTime: (way, ms) => `${way}, ${count(ms)} ms`,

  choices: {
    pair: 'Conectar un teléfono cercano',
    share: 'Invitar a otros',
    join: 'Unirse a otra',
    found: 'Crear una nueva',
    leave: 'Salir',
  },
  titles: {
    pair: 'Conectar un teléfono cercano',
    share: 'Invitar a otros',
    join: 'Unirse a una red',
    found: 'Crear una red',
    leave: '¿Salir de esta red?',
  },
  notNow: 'Ahora no',

  noInvitation: 'Esto no es una invitación. Copia el enlace entero.',
  alreadyThere: 'Este dispositivo ya está en esa red.',
  joinedNow: 'Ya estás en la red. Lo que este dispositivo había guardado se conserva.',
  joinBefore: '¿Unirse a «',
  joinAfter: '»?',
  joinMeans:
    'Este dispositivo sale de la red en la que está ahora. Todo lo guardado allí se conserva en este dispositivo, y puedes volver con una invitación.',
  joining: 'Uniéndose…',
  join: 'Unirse',
  back: 'Atrás',
  joinHow: 'Alguien de la red te muestra un código QR o te envía un enlace.',
  invitationLink: 'Enlace de invitación',
  pasteHere: 'Pégalo aquí.',
  continue: 'Continuar',

  leftNow: 'Has salido. Este dispositivo vuelve a estar en una red propia.',
  leaveMeans: 'Este dispositivo vuelve a una red propia, y sus cosas siguen allí.',
  leaveKeeps:
    'Todo lo guardado en esta red se conserva en este dispositivo, su dinero se queda donde está y una invitación lleva de vuelta a ambos. Para volver necesitas una: cópiala antes de salir o pídela después.',
  leaving: 'Saliendo…',
  leave: 'Salir',
  stay: 'Quedarse',

  shareMeans:
    'Quien abra este enlace se une a esta red y ve lo que compartes abiertamente, pero nada privado.',
  noWayYet: 'Sin un repetidor, el enlace aún no indica ningún camino hasta este dispositivo.',
  invitationCode: 'Código QR del enlace de invitación',
  sendElsewhere: 'Enviarlo con otra aplicación',
  notSent: 'El navegador no lo ha enviado. Copia el enlace.',
  preparing: 'Preparando el enlace…',

  work: 'Trabajo',
  workForOthers: 'Trabajar para otros',
  workMeans:
    'Cada bloque lleva un poco de trabajo de cálculo, y un dispositivo lento puede pedírselo a este. Su propio trabajo va primero, no se entera de lo que dice el bloque y gasta algo de batería.',
}
