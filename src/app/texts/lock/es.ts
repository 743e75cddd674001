import { count, counted } from '../../numbers.ts'
import type { en } from './en.ts'

export const es: typeof en = {
  title: 'Bloqueado',
  meaning: 'Todo lo guardado se conserva. No se firma, comparte ni registra nada hasta que desbloquees.',
  passphrase: 'Frase de acceso',
  unlock: 'Desbloquear',
  unlocking: 'Desbloqueando',
  usePasskey: 'Usar tu llave de acceso',
  tooManyWrong: (seconds) =>
    `Demasiadas frases de acceso incorrectas seguidas. Vuelve a intentarlo en ${counted(seconds, { one: 'segundo', other: 'segundos' })}.`,
  forgotten: 'La he olvidado',
  forgottenMeans:
    'Nadie puede averiguar una frase de acceso. Las doce palabras de este dispositivo lo abren de nuevo, con todo lo que tiene.',
  whileLocked:
    'Mientras está bloqueado, Weft no firma nada ni se encuentra con nadie, y los sensores no se registran hasta que desbloquees. Antes se guardan las lecturas ya tomadas.',
  lockNow: 'Bloquear ahora',
  locking: 'Bloqueando',
  lockByItself: 'Bloquear por sí solo',
  never: 'Nunca',
  afterMinutes: (minutes) =>
    minutes === 60 ? 'Tras una hora sin uso' : `Tras ${count(minutes)} minutos sin uso`,
  everyStart:
    'Weft también pide la frase de acceso cada vez que se inicia y al cerrar la pestaña que hace el trabajo.',
  anotherPassphrase: 'Otra frase de acceso',
  withoutPassphrase:
    'Sin frase de acceso, quien pueda usar este navegador puede usar Weft. Con ella, se pide en cada inicio. Nadie puede averiguarla por ti: si la olvidas, solo ayudan las doce palabras.',
  yourPassphrase: 'Tu frase de acceso',
  newPassphrase: 'Nueva frase de acceso',
  newPassphraseHint: 'Van bien cuatro o cinco palabras que no tengan nada que ver entre sí.',
  sameAgain: 'La misma otra vez',
  tooShort: (characters) => `Al menos ${count(characters)} caracteres. Mejor varias palabras que una.`,
  notTheSame: 'Las dos no son iguales.',
  changePassphrase: 'Cambiar la frase de acceso',
  setPassphrase: 'Poner la frase de acceso',
  workingOutKey: 'Calculando la clave',
  passphraseSet: 'La frase de acceso está puesta.',
  removePassphrase: 'Quitar la frase de acceso…',
  removePassphraseAsk: '¿Quitar la frase de acceso?',
  removeMeans:
    'Quien pueda usar este navegador podrá usar Weft. Si hay una llave de acceso, también se quita.',
  remove: 'Quitar',
  keep: 'Conservar',
  oneMoment: 'Un momento',
  passkey: 'Llave de acceso',
  passkeyUnlocks: 'Una llave de acceso también desbloquea: tu huella, tu cara o una llave que se conecta.',
  removePasskey: 'Quitar la llave de acceso',
  passkeyMeans:
    'Otra manera de desbloquear: tu huella, tu cara o una llave que se conecta. La frase de acceso se mantiene.',
  addPasskey: 'Añadir una llave de acceso',
  noPasskeys: 'Este navegador no tiene llaves de acceso que puedan desbloquear. Tu frase de acceso sí puede.',
  passkeyName: 'Weft en este dispositivo',
  passkeyFaults: {
    'not-here':
      'Este navegador no tiene llaves de acceso en esta página. Tu frase de acceso sigue desbloqueando.',
    cancelled: 'No se ha usado ninguna llave de acceso. No ha cambiado nada.',
    'no-prf':
      'Esta llave de acceso no puede desbloquear: no genera ningún secreto (PRF). No ha cambiado nada. Prueba con otra.',
  },
}
