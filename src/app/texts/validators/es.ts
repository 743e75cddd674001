import { count, counted, form } from '../../numbers.ts'
import type { en } from './en.ts'

export const es: typeof en = {
  validators: (validators) => counted(validators, { one: 'validador', other: 'validadores' }),
  agree: 'Los validadores acuerdan el orden de los pagos.',
  validatorId: 'el identificador del validador',
  thisDevice: 'este dispositivo',
  weight: (weight) => `peso ${count(weight)}`,

  oneOnly: 'Hay un validador. Si se pierde, los pagos se detienen.',
  someMayBeLost: ({ bearable, of, stops }) =>
    `De ${count(of)} validadores ${form(bearable, {
      one: 'puede perderse uno cualquiera',
      other: `pueden perderse ${count(bearable)} cualesquiera`,
    })} y los pagos siguen. Si se pierden ${count(bearable + 1)}, los pagos ${stops ? 'se detienen' : 'pueden detenerse'}.`,
  noneMayBeLost: 'Si se pierde cualquiera de ellos, los pagos se detienen.',
  heaviestNeeded: 'Si se pierde el de más peso, los pagos se detienen.',
  heavyNeeded: (needed) =>
    `Si se pierde cualquiera de los ${count(needed)} de más peso, los pagos se detienen.`,

  atLeastOne: 'Una red necesita al menos un validador.',
  atMost: (most) => `Una red tiene como máximo ${count(most)} validadores.`,
  noId: (line) =>
    `La línea ${count(line)} no es el identificador de un dispositivo. Un identificador empieza por did:key:z6Mk; la cartera lo muestra en «Recibir».`,
  twice: 'Un validador está dos veces.',

  states: {
    none: 'Este dispositivo no es validador: paga, y otros se ponen de acuerdo.',
    proposing: 'Este dispositivo es validador y participa en el acuerdo.',
    listening:
      'Este dispositivo es un validador cuya identidad se introdujo aquí, así que espera a oír a los demás validadores. Después participa en el acuerdo.',
    alone:
      'Este dispositivo es un validador cuya identidad se introdujo aquí. Participará en el acuerdo cuando digas que no hay otra copia en marcha. Dos copias en marcha de un mismo validador rompen la red: lo que es definitivo para unos no lo es para otros.',
    diverged: 'Este dispositivo es validador y ha dejado de participar en el acuerdo.',
  },
  clockBehind: (duration) =>
    `El reloj de este dispositivo va ${duration} por detrás de los demás. Ponlo en hora; hasta entonces no participa en el acuerdo.`,
  clockAhead: (duration) =>
    `El reloj de este dispositivo va ${duration} por delante de los demás. Ponlo en hora; hasta entonces no participa en el acuerdo.`,

  noCommits: 'nada todavía',
  commits: (commits, age) =>
    `${counted(commits, { one: 'confirmación', other: 'confirmaciones' })}, la más reciente ${age}`,

  isOnlyOne: '¿Es esta la única, en todos los dispositivos y en todos los navegadores?',
  yesOnlyOne: 'Sí, la única',
  notSure: 'No lo sé con seguridad',
  noOtherRuns: 'No hay otra copia en marcha…',

  name: 'Nombre',
  nameMissing: 'Ponle un nombre.',
  oneALine: 'Validadores, un identificador por línea',
  frail: (validators) =>
    `Con ${count(validators)} validadores tienen que estar todos, lo que es menos seguro que uno solo. A partir de cuatro puede faltar uno.`,
  money: (amount) =>
    `Todo su dinero, ${amount}, es al principio de este dispositivo. Este dispositivo sale de la red en la que está ahora. Lo guardado allí se conserva, y una invitación lleva de vuelta.`,
  making: 'Creando…',
  makeAndEnter: 'Crear y entrar',
  notNow: 'Ahora no',
  made: 'La red está creada y este dispositivo está en ella. Invita a otros con el enlace.',
}
