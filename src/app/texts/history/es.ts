import { count, counted, form } from '../../numbers.ts'
import type { en } from './en.ts'

export const es: typeof en = {
  history: 'Historial',
  range: 'Intervalo',
  ranges: { '1h': '1 h', '24h': '24 h', '7d': '7 días', '30d': '30 días', all: 'Todo' },
  shown: 'Se muestra',
  withUnit: (what, unit) => `${what}, ${unit}`,
  chart: 'gráfico',
  chartLabel: (what) => `${what}: media y rango`,
  chartKeys: (label) =>
    `${label}. Las flechas lo mueven, más y menos lo acercan y alejan, Inicio y Fin van a sus extremos. Debajo está lo mismo en una tabla.`,
  pointed: (when, mean, min, max) => `${when}: ${mean} (de ${min} a ${max})`,
  noReadingsThen: (when) => `${when}: sin lecturas`,
  facts: (when, min, max, mean) => `${when}: de ${min} a ${max}, media ${mean}`,
  sealed: 'El contenido de estos bloques está sellado.',
  noReadingsYet: 'Todavía no hay lecturas.',
  readingHistory: 'Leyendo el historial…',
  missing: (records) =>
    `${counted(records, { one: 'registro', other: 'registros' })} de más o menos este tiempo ${form(records, { one: 'no está en este dispositivo y se muestra como hueco', other: 'no están en este dispositivo y se muestran como huecos' })}. Se pide a los pares lo que falta.`,
  asTable: 'Mostrar como tabla',
  single: 'Lecturas una a una',

  moveChart: 'Mover el gráfico',
  earlier: 'Antes',
  later: 'Después',
  zoomIn: 'Acercar',
  zoomOut: 'Alejar',
  followNow: 'Seguir ahora',

  tableCaption: 'Valor mínimo, medio y máximo de cada tramo de tiempo',
  from: 'Desde',
  min: 'Mín.',
  mean: 'Media',
  max: 'Máx.',
  noReadingsInRange: 'No hay lecturas en este intervalo.',
  reading: 'Leyendo…',

  format: 'Formato',
  formats: {
    csv: 'CSV, para hojas de cálculo',
    json: 'JSON, para programas',
    senml: 'SenML, para otros sistemas',
  },
  readings: 'Lecturas',
  allReadings: 'Todas',
  shownReadings: 'Las que se muestran',
  shownReadingsOf: (span) => `Las que se muestran: ${span}`,
  writing: 'Escribiendo el archivo',
  export: 'Exportar',
  describe: 'Descripción para otros programas',
  fileMade: (size) => `El archivo está listo: ${size}.`,
  exportCancelled: 'Cancelado. No se ha creado ningún archivo.',

  importHint:
    'Añade a esta cosa las lecturas de un archivo CSV, JSON o SenML como los que exporta Weft. Lo que ya está aquí no se añade dos veces.',
  takingIn: 'Añadiendo las lecturas',
  chooseFile: 'Elegir un archivo…',
  importCancelled: 'Cancelado. Lo añadido hasta entonces se conserva.',
  moreRows: (rows) => `Y ${counted(rows, { one: 'fila más', other: 'filas más' })}.`,
  rowFault: (row, fault) => `Fila ${count(row)}: ${fault}.`,
  rowFaults: {
    'bad-quantity': 'el nombre de lo medido no se puede usar',
    'bad-unit': 'la unidad no se puede usar',
    'bad-value': 'el valor falta o no lo es',
    'bad-time': 'la hora falta o no lo es',
    'too-long': 'es más larga que cualquier lectura',
    'not-json': 'está cortada o no está escrita en JSON',
    'no-such-columns': 'la primera línea tiene que nombrar las columnas time, quantity y value',
    'not-understood': 'falta una hora, un nombre o un valor',
    'must-understand':
      'dice algo que quien lea el archivo tiene que entender, y Weft no lo entiende; por eso no se ha añadido nada del archivo',
  },
  emptyFile: 'En este archivo no hay ninguna lectura.',
  taken: (readings) => counted(readings, { one: 'lectura añadida', other: 'lecturas añadidas' }),
  known: (readings) =>
    `${counted(readings, { one: 'lectura ya estaba', other: 'lecturas ya estaban' })} aquí`,
  passedOver: (rows) => counted(rows, { one: 'fila omitida', other: 'filas omitidas' }),
  comma: ', ',

  whatToDelete: 'Qué borrar',
  older: 'Lo anterior a un día',
  everything: 'Todo',
  before: 'Antes del',
  deleteAsk: 'Borrar…',
  noDay: 'Di antes de qué día.',
  dayAhead: 'Este día aún no ha empezado. Para borrar todo lo que hay, elige «Todo».',
  deleteAllTitle: '¿Borrar todo el historial?',
  deleteOlderTitle: '¿Borrar el historial más antiguo?',
  allGoes: () => [
    'Aquí: todas las lecturas de «',
    '» guardadas en bloques desaparecen de este dispositivo para siempre. Expórtalas antes si crees que las vas a querer.',
  ],
  olderGoes: (day) => [
    'Aquí: los bloques de «',
    `» cuyas lecturas son todas anteriores al ${day} desaparecen de este dispositivo para siempre. Expórtalas antes si crees que las vas a querer.`,
  ],
  waitingStay: (readings) =>
    form(readings, {
      one: `Se queda ${count(readings)} lectura que espera al próximo bloque.`,
      other: `Se quedan ${count(readings)} lecturas que esperan al próximo bloque.`,
    }),
  elsewhere: (what) => `En otros sitios: ${what}`,
  deleting: 'Borrando',
  delete: 'Borrar',
  keep: 'Conservar',
  heldByNobody: 'Que se sepa, nadie más tiene ninguno de sus bloques.',
  heldByOthers: (blocks) =>
    `${counted(blocks, { one: 'de sus bloques también lo tienen otros, y no se puede recuperar de ellos', other: 'de sus bloques también los tienen otros, y no se pueden recuperar de ellos' })}. Lo que era privado sigue siendo ilegible para ellos; lo que se compartió abiertamente lo pueden seguir leyendo. Las claves salen de tus doce palabras, así que quien las tenga puede leer todavía todo lo que otros guardan.`,
  gone: (blocks) =>
    `Lo que había en ${counted(blocks, { one: 'bloque', other: 'bloques' })} ya no está en este dispositivo.`,
  goesLater: (blocks) =>
    form(blocks, {
      one: `${count(blocks)} bloque que aún no es definitivo desaparecerá solo en cuanto lo sea.`,
      other: `${count(blocks)} bloques que aún no son definitivos desaparecerán solos en cuanto lo sean.`,
    }),
  nothingToDelete: 'No había nada que borrar.',
}
