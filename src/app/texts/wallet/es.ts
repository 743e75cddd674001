import { count, counted, form } from '../../numbers.ts'
import type { en } from './en.ts'

export const es: typeof en = {
  title: 'Cartera',
  send: 'Enviar',
  receive: 'Recibir',
  claim: 'Cobrar',
  claimTitle: 'Cobrar con un secreto',
  contacts: 'Contactos',
  takeBackTitle: '¿Recuperar este pago?',
  insteadTitle: 'Hacer otro pago en su lugar',

  amountFaults: {
    empty: 'Di cuánto.',
    'not-a-number': (example) => `Esto no es una cantidad. Escríbela así: ${example}`,
    'too-many-decimals': (smallest, decimals) =>
      `La parte más pequeña es ${smallest}: como mucho ${count(decimals)} decimales.`,
    'too-large': 'No existe tanto dinero.',
    zero: 'Tiene que ser más que nada.',
  },

  madeOf: 'De qué se compone',
  madeOfTitle: 'De qué se compone el saldo',
  kinds: {
    spendable: 'Disponible ahora',
    leaving: 'En pagos en curso',
    locked: 'Bloqueado hasta más tarde o por un secreto',
    refundable: 'Enviado; vuelve si nadie lo cobra',
  },
  kindSentences: {
    spendable: 'Todo lo que un pago puede gastar ahora mismo.',
    leaving: 'Esto se está gastando. Lo que sobra es el cambio, y ya se puede gastar.',
    locked: 'Esto es tuyo, pero antes hay que esperar o mostrar algo.',
    refundable: 'Esto lo tienen otros, y vuelve a ti si no lo toman a tiempo.',
  },
  changeBack: 'Cambio que vuelve',
  together: 'En total',
  oneMoment: 'Un momento…',
  changeUnderWay: 'Cambio de un pago en curso',
  sentTo: 'Enviado a',
  first: 'Ya estaba cuando empezó la red',
  from: 'De',
  longAgo: 'De hace mucho tiempo',
  change: 'Cambio de un pago tuyo',
  since: (day) => `desde el ${day}`,
  claimIt: 'Cóbralo con su secreto.',
  claimedWithSecret: 'Se cobra con un secreto.',
  spendFrom: (day) => `Se puede gastar desde el ${day}.`,
  comesBackOn: (day) => `Vuelve el ${day}.`,
  goesBackOn: (day) => `Vuelve a quien lo envió el ${day}.`,
  smallerParts: (parts) =>
    `${counted(parts, { one: 'parte más pequeña', other: 'partes más pequeñas' })} en total`,

  allowanceTitle: 'Qué puede pagar Weft por sí solo',
  allowanceMeans:
    'Los pagos que Weft hace por sí solo, sin preguntarte, no pasan de estos límites. En Weft nada paga por sí solo si no lo permites aquí. Los pagos que haces tú no cuentan.',
  perPayment: (unit) => `Como mucho por pago, en ${unit}`,
  perPaymentHint: 'Vacío: nada.',
  perDay: (unit) => `Como mucho en 24 horas, en ${unit}`,
  perDayTooSmall: 'Un solo pago ya sería más que esto. Súbelo, o baja el otro.',
  spentNothing: 'Weft no ha pagado nada por sí solo en este tiempo.',
  spent: (amount) => `Weft ha pagado ${amount} por sí solo en este tiempo.`,
  save: 'Guardar',

  payments: 'Pagos',
  noPayments: 'Todavía no hay pagos. En «Recibir» está el identificador al que pagan los demás.',
  looking: 'Buscando…',
  nothingSoFar: 'De momento no se ha encontrado nada. Quedan pagos más antiguos por mirar.',
  noneLikeThat: 'Ningún pago coincide.',
  underWay: 'En curso',
  pages: 'Páginas de pagos',
  newer: 'Más recientes',
  older: 'Más antiguos',
  search: 'Buscar pagos',
  searchExample: 'Nombre, nota, cantidad o identificador',
  which: 'Qué pagos',
  filters: { all: 'Todos', sent: 'Enviados', received: 'Recibidos', pending: 'En curso' },

  directions: {
    sent: 'A',
    received: 'De',
    self: 'Se quedó en este dispositivo',
    'came-back': 'Devuelto por',
    'went-back': 'Devuelto a',
    claimed: 'Cobrado por',
  },
  andMore: (others) => `y ${count(others)} más`,
  name: 'Poner nombre…',
  work: 'Trabajo en este pago',
  cancel: 'Cancelar',
  takeBack: 'Recuperar…',
  payAnother: 'Hacer otro en su lugar…',

  working: (percent, left) => `en proceso (PoW ${percent} %${left === undefined ? '' : `, ${left}`})`,
  hereOnly: 'solo en este teléfono',
  sentToPeers: (peers) => `enviado a ${counted(peers, { one: 'par', other: 'pares' })}`,
  final: 'definitivo',
  rejected: (reason) => `rechazado: ${reason}`,
  failed: (reason) => `fallido: ${reason}`,
  waiting: 'Esperando a los validadores de la red.',
  reasons: {
    duplicate: 'ya se contó',
    'missing-input': 'su dinero aún no está',
    'spent-input': 'ya gastado',
    'time-locked': 'demasiado pronto',
    'not-unlocked': 'el dinero está bloqueado',
    unbalanced: 'las sumas no cuadran',
    dust: 'la cantidad es demasiado pequeña',
    'already-spent': 'ya gastado',
    'built-on-failed': 'falló el pago anterior',
  },
  hints: {
    duplicate: 'Se pagó una vez y no se paga dos: no hay nada que hacer.',
    'missing-input': 'Lo que gasta aún no ha llegado a la red. Se vuelve a intentar solo.',
    'spent-input':
      'Otro pago gastó antes este dinero, y este no se ha pagado. Si todavía lo debes, paga de nuevo.',
    'time-locked': 'Parte de lo que gasta está bloqueada hasta más tarde. Entonces se vuelve a intentar.',
    'not-unlocked':
      'Se cobró demasiado tarde o con un secreto equivocado, y no se ha pagado nada. Pide el secreto a quien lo envió, o que pague otra vez.',
    unbalanced: 'No se hizo bien, y no se ha pagado nada. Recupéralo y paga de nuevo.',
    dust: 'Está por debajo del mínimo que paga esta red. Recupéralo y paga más cantidad de una sola vez.',
    'already-spent':
      'Otro pago gastó antes este dinero. Aquí no se ha pagado nada; si todavía lo debes, paga de nuevo.',
    'built-on-failed':
      'Iba a gastar lo que habría sobrado de otro pago. No se ha pagado nada; paga de nuevo.',
  },
  diverged: (validators, of) =>
    `Los pagos están parados en este dispositivo. ${count(validators)} de ${counted(of, { one: 'validador', other: 'validadores' })}, más de un tercio del peso, ${form(validators, { one: 'ha', other: 'han' })} firmado un orden de pagos distinto del que tiene este dispositivo, así que no puede saber qué es definitivo.`,
  divergedKept:
    'Aquí no se ha perdido nada. Los pagos y las lecturas quedan como están, y las lecturas nuevas se guardan y se comparten como antes.',
  divergedToDo:
    'Actualiza Weft si hay una versión más nueva y pregunta a quien lleva la red. Si la crean de nuevo, su invitación te lleva otra vez dentro.',
}
