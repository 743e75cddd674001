import { count } from '../../numbers.ts'
import type { en } from './en.ts'

export const es: typeof en = {
  things: 'Cosas',
  useHere: 'Usar aquí',
  readMore: 'Leer más',
  reconnect: 'Volver a conectar',
  stopReading: 'Dejar de leer',
  newest: 'Últimos valores',
  savedAndShared: 'Guardado y compartido',
  settings: 'Ajustes y archivos',
  owner: 'Propietario',
  ownersId: 'el identificador del propietario',

  alerts: 'Avisos',
  alertsThere: (there) => `Avisos (${count(there)})`,
  measuring: 'Cómo se mide',
  what: 'Qué',
  nothingToSet: 'No hay nada que ajustar antes de la primera lectura.',
  keeping: 'Guardar y conservar',
  exporting: 'Exportar',
  importing: 'Importar',
  deleting: 'Borrar el historial',

  rename: 'Cambiar el nombre',
  name: 'Nombre',
  cancel: 'Cancelar',

  forgetAsk: 'Olvidar…',
  forgetTitle: '¿Olvidar esta cosa?',
  leavesBefore: '«',
  leavesAfter: '» desaparece de la lista.',
  leavesAfterMine: '» desaparece de la lista y se libera su sensor.',
  readingsStay:
    'Sus lecturas se quedan en este dispositivo y con otros que las tengan. Una vez olvidada, aquí ya no hay forma de borrarlas.',
  readingsStayForGood:
    'Sus lecturas se quedan en este dispositivo y con otros que las tengan. Una vez olvidada, aquí ya no hay forma de borrarlas y tampoco desaparecen solas.',
  forgetHistory: 'Borrar también su historial de este dispositivo, para siempre',
  oneMoment: 'Un momento…',
  forget: 'Olvidar',
  keep: 'Conservar',

  howRecorded: (quantity) => `Cómo se registra: ${quantity}`,
  recordEvery: 'Registrar como mucho cada',
  asMeasured: 'Tan a menudo como se mide',
  leaveOut: 'Omitir cambios menores que',
  leaveOutIn: (unit) => `Omitir cambios menores que (en ${unit})`,
  leaveOutHint: 'Vacío: se registra cada cambio. En cualquier caso, se registra una lectura por minuto.',
  calibration: 'Calibración',
  times: 'Multiplicar por',
  plus: 'Y luego sumar',
  plusIn: (unit) => `Y luego sumar (en ${unit})`,
  save: 'Guardar',
  shapingSaved: 'Guardado. Vale desde ahora; lo ya registrado queda como está.',
  noNumber: 'Esto no es un número. Escríbelo como 12,5.',
  noChange: 'Un cambio tiene que ser mayor que cero.',
  timesZero: 'Multiplicada por 0, toda lectura sería 0.',
  tooManyAlerts: (most) => `Una cosa tiene como máximo ${count(most)} avisos. Quita uno primero.`,
  alertThere: 'Este aviso ya existe.',

  howRead: 'Cómo se lee',
  precise: 'Ubicación precisa',
  preciseHint:
    'Desactivada, el lugar solo se guarda con un kilómetro de precisión, más o menos. Activada, con toda la que dé este dispositivo, además de altitud, velocidad y rumbo.',
  readLikeThis: 'Leerla así',
  tooMuch: 'Es más de lo que guarda una cosa. Usa menos campos o nombres más cortos.',
  sourceKept: 'Guardado. Sigue así.',

  saveEvery: 'Guardar un bloque cada',
  saveEveryHint:
    'Más tiempo: menos bloques y más grandes, y más que perder si esta pestaña se cierra a la fuerza.',
  keepReadings: 'Conservar las lecturas',
  forGood: 'Para siempre',
  forLength: (length) => `Durante ${length}`,
  nothingGoes: 'No se borra nada si no lo haces tú.',
  olderGo: (length) =>
    `Las lecturas de hace más de ${length} se borran solas de este dispositivo, en uno o dos días y para siempre. Quien tenga una copia puede conservarla.`,
  saved: 'Guardado',
  oneYear: '1 año',
  oneDay: '1 día',

  measures: 'Mide',
  unit: 'Unidad, si la hay',
}
