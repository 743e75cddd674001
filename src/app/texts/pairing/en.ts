/** Connecting two devices by codes, and the codes themselves: shown and scanned. */
import { counted } from '../../numbers.ts'

export const en = {
  /** What each step is called. */
  steps: {
    choosing: 'Without a server',
    making: 'Making the code',
    entering: 'Take the other device’s code',
    offering: 'Show this code',
    answering: 'Show this answer',
    connected: 'Connected',
  },
  connected: 'The two devices are connected, without a server.',
  how: 'Two devices of this network connect directly, over the same Wi-Fi or a phone’s hotspot. No internet is needed: one shows a code, the other takes it and shows the answer.',
  showCode: 'Show a code',
  enterCode: 'Enter a code',
  notNow: 'Not now',
  making: 'Making the code…',
  otherCode: 'The code the other device shows',
  pasteHere: 'Paste it here.',
  makeAnswer: 'Make the answer',
  cancel: 'Cancel',
  giveCode: 'On the other device choose “Enter a code”, and give it this one.',
  qrToConnect: 'QR code to connect with this device',
  codeToConnect: 'Code to connect with this device',
  otherAnswer: 'The answer the other device shows',
  connecting: 'Connecting…',
  connect: 'Connect',
  giveAnswer: 'Enter this answer on the device that showed the code. The two connect by themselves then.',
  qrOfAnswer: 'QR code of the answer',
  answer: 'The answer',
  waiting: 'Waiting for the other device…',

  codeExpired: 'This code has expired.',
  codeLastMinute: 'This code works once, for less than a minute more.',
  codeWorks: (minutes: number) =>
    `This code works once, for about ${counted(minutes, { one: 'more minute', other: 'more minutes' })}.`,

  cameraRefused: 'The camera is not allowed here. Allow it in the browser’s settings, or paste the code.',
  cameraFailed: 'The camera could not be used. Paste the code instead.',
  cameraSees: 'What the camera sees',
  stopCamera: 'Stop the camera',
  scan: 'Scan with the camera',
  tooLong: 'The link is too long for a QR code. Copy it instead.',
}
