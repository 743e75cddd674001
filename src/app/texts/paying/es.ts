import { isolated } from '../../numbers.ts'
import type { en } from './en.ts'

export const es: typeof en = {
  busy: 'Se está procesando un pago…',
  working: 'En proceso…',
  onItsWay: 'El pago está en camino.',
  cancelled: 'Cancelado.',
  anotherBusy: 'Se está procesando otro pago. Espera a que termine o cancélalo.',
  moved:
    'Otra pestaña ha tomado el relevo. Revisa tus pagos antes de volver a intentarlo: puede que este ya esté entre ellos, y entonces sigue solo.',

  send: 'Enviar',
  instead: (amount) =>
    `Este pago gasta lo que gastaría el de ${amount}. Vale el que llegue primero en el orden de la red, y el otro falla: nunca valen los dos.`,
  amountIn: (unit) => `Cantidad en ${unit}`,
  toSpend: (amount) => `${amount} disponibles`,
  note: 'Nota',
  noteHint: 'La pueden leer todos en esta red.',

  to: 'A',
  toHint: 'Un nombre, el identificador que aparece en «Recibir» o un enlace que pide un pago.',
  stranger: 'No está entre tus contactos.',
  thisIs: (name) => `Es ${isolated(name)}.`,
  noRequest:
    'Este código no pide ningún pago ni es el identificador de un dispositivo. Escanea el que aparece en «Recibir».',
  contacts: 'Contactos',
  moreContacts: (more) => `${more} más: escribe una parte del nombre.`,

  conditions: 'Condiciones',
  notBefore: 'No se puede gastar antes de',
  notBeforeHint: 'Vacío: se puede gastar enseguida.',
  refundAt: 'Vuelve si no se cobra antes de',
  refundAtHint: 'Vacío: queda pagado para siempre.',
  hashlock: 'O bloqueado por un secreto hecho en otro lugar: su hash',
  hashlockHint: 'SHA-256, 64 caracteres. Quien cobra tiene que mostrar el secreto.',
  hashlockLasts: 'Sin una hora a la que vuelva, se queda bloqueado para siempre si nadie muestra el secreto.',

  noId: 'Esto no es el identificador de un dispositivo. Empieza por did:key:z6Mk.',
  otherNetwork: 'Esto pide dinero de otra red. Pide a quien quiere cobrar una invitación a ella y paga allí.',
  notThatMuch: (amount) => `Hay ${amount} disponibles.`,
  noteTooLong: 'La nota es demasiado larga. Acórtala un poco.',
  timeOver: 'Este momento ya ha pasado.',
  backTooEarly: 'Volvería antes de poder gastarse.',
  noHash: 'El hash de un secreto tiene 64 caracteres, 0–9 y a–f.',

  lookOnceMore: 'Míralo una vez más',
  youPay: (amount, payee) => `Pagas ${amount} a ${isolated(payee)}.`,
  onlyWithSecret: 'Solo se puede cobrar con el secreto.',
  spendFrom: (day) => `Se puede gastar desde el ${day}.`,
  backUnlessSpent: (day) => `Vuelve el ${day} si no se gasta antes.`,
  backUnlessClaimed: (day) => `Vuelve el ${day} si no se cobra antes.`,
  neverBack: 'No vuelve nunca: sin el secreto se queda bloqueado para siempre.',
  leftOver: (amount) => `Después quedan ${amount} disponibles.`,
  noteBefore: 'Nota:',
  secretOnce: 'Nadie puede cobrarlo sin este secreto, y no se vuelve a mostrar.',
  secretKept: 'He guardado el secreto',
  pay: 'Pagar',
  change: 'Cambiar',

  secret: 'Secreto',
  theSecret: 'El secreto',
  secretCode: 'Código QR del secreto',
  secretShown:
    'Este es el secreto. Solo se muestra ahora y no se guarda en ningún sitio: cópialo antes de pagar.',
  secretMeans:
    'El dinero bloqueado por un secreto solo lo puede cobrar su destinatario, y solo con el secreto. Tú entregas el secreto cuando ya tienes aquello por lo que pagas.',
  makeSecret: 'Crear un secreto',

  claim: 'Cobrar',
  claimMeans:
    'El dinero que se envió a este dispositivo y quedó bloqueado por un secreto es suyo en cuanto se muestra el secreto. A partir de entonces todos en la red pueden leer el secreto.',
  noSecret: 'Un secreto tiene 64 caracteres, 0–9 y a–f.',

  takeBackFrom: (amount) => [
    `Lo que gastaría el pago de ${amount} a `,
    ' va a este dispositivo en su lugar.',
  ],
  takeBackAll: (amount) => `Lo que gastaría el pago de ${amount} va a este dispositivo en su lugar.`,
  takeBackMeans:
    'El pago ya ha salido, así que los dos están en camino. Vale el que llegue primero en el orden de la red, y el otro falla. Si el pago es el primero, queda pagado.',
  takeBack: 'Recuperar',
  leaveIt: 'Dejarlo así',

  receiveMeans:
    'Este es el identificador de este dispositivo. Muéstralo, o cópialo, para quien te pague en esta red.',
  idCode: 'Código QR del identificador de este dispositivo',
  requestCode: 'Código QR que pide este pago',
  ownId: 'Identificador de este dispositivo',
  askAmount: (unit) => `Pedir una cantidad, en ${unit}`,
  askAmountHint: 'Vacío: quien paga dice cuánto.',
  withNote: 'Con una nota',
  requestMeans: 'El código de arriba ya pide esto. Como enlace, abre Weft con el pago ya rellenado.',
  requestLink: 'Enlace que pide este pago',
}
