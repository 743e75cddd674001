import { counted } from '../../numbers.ts'
import type { en } from './en.ts'

export const es: typeof en = {
  steps: {
    choosing: 'Sin servidor',
    making: 'Creando el código',
    entering: 'Toma el código del otro dispositivo',
    offering: 'Muestra este código',
    answering: 'Muestra esta respuesta',
    connected: 'Conectados',
  },
  connected: 'Los dos dispositivos están conectados, sin servidor.',
  how: 'Dos dispositivos de esta red se conectan directamente, por la misma wifi o por el punto de acceso de un teléfono. No hace falta internet: uno muestra un código, el otro lo toma y muestra la respuesta.',
  showCode: 'Mostrar un código',
  enterCode: 'Introducir un código',
  notNow: 'Ahora no',
  making: 'Creando el código…',
  otherCode: 'El código que muestra el otro dispositivo',
  pasteHere: 'Pégalo aquí.',
  makeAnswer: 'Crear la respuesta',
  cancel: 'Cancelar',
  giveCode: 'En el otro dispositivo elige «Introducir un código» y dale este.',
  qrToConnect: 'Código QR para conectar con este dispositivo',
  codeToConnect: 'Código para conectar con este dispositivo',
  otherAnswer: 'La respuesta que muestra el otro dispositivo',
  connecting: 'Conectando…',
  connect: 'Conectar',
  giveAnswer:
    'Introduce esta respuesta en el dispositivo que mostró el código. Los dos se conectan entonces por sí solos.',
  qrOfAnswer: 'Código QR de la respuesta',
  answer: 'La respuesta',
  waiting: 'Esperando al otro dispositivo…',

  codeExpired: 'Este código ha caducado.',
  codeLastMinute: 'Este código sirve una vez, durante menos de un minuto más.',
  codeWorks: (minutes) =>
    `Este código sirve una vez, durante ${counted(minutes, { one: 'minuto', other: 'minutos' })} más, aproximadamente.`,

  cameraRefused: 'Aquí no se permite la cámara. Permítela en los ajustes del navegador o pega el código.',
  cameraFailed: 'No se ha podido usar la cámara. Pega el código.',
  cameraSees: 'Lo que ve la cámara',
  stopCamera: 'Parar la cámara',
  scan: 'Escanear con la cámara',
  tooLong: 'El enlace es demasiado largo para un código QR. Cópialo.',
}
