/** Locking and unlocking: the screen of a locked device, passphrases and passkeys. */
import { count, counted } from '../../numbers.ts'

export const en = {
  title: 'Locked',
  meaning: 'Everything saved is kept. Nothing is signed, shared or logged until you unlock.',
  passphrase: 'Passphrase',
  unlock: 'Unlock',
  unlocking: 'Unlocking',
  usePasskey: 'Use your passkey',
  tooManyWrong: (seconds: number) =>
    `Too many wrong passphrases in a row. Try again in ${counted(seconds, { one: 'second', other: 'seconds' })}.`,
  forgotten: 'I have forgotten it',
  forgottenMeans:
    'Nobody can find out a passphrase. The twelve words of this device open it again, with everything it has.',
  whileLocked:
    'While Weft is locked it signs nothing and meets nobody, and sensors are not logged until you unlock. Readings taken before are saved first.',
  lockNow: 'Lock now',
  locking: 'Locking',
  lockByItself: 'Lock by itself',
  never: 'Never',
  afterMinutes: (minutes: number) =>
    minutes === 60 ? 'After an hour without use' : `After ${count(minutes)} minutes without use`,
  everyStart:
    'Every start of Weft asks for the passphrase too, and so does closing the tab that does its work.',
  anotherPassphrase: 'Another passphrase',
  withoutPassphrase:
    'Without a passphrase, whoever can use this browser can use Weft. With one it is asked for at every start. Nobody can find it out for you: if you forget it, only the twelve words help.',
  yourPassphrase: 'Your passphrase',
  newPassphrase: 'New passphrase',
  newPassphraseHint: 'Four or five words that do not belong together are good.',
  sameAgain: 'The same again',
  tooShort: (characters: number) =>
    `At least ${count(characters)} characters. A few words are better than one.`,
  notTheSame: 'The two are not the same.',
  changePassphrase: 'Change the passphrase',
  setPassphrase: 'Set the passphrase',
  workingOutKey: 'Working out the key',
  passphraseSet: 'The passphrase is set.',
  removePassphrase: 'Remove the passphrase…',
  removePassphraseAsk: 'Remove the passphrase?',
  removeMeans: 'Whoever can use this browser can then use Weft. A passkey goes with it.',
  remove: 'Remove',
  keep: 'Keep',
  oneMoment: 'One moment',
  passkey: 'Passkey',
  passkeyUnlocks: 'A passkey unlocks too: your fingerprint, your face, or a key you plug in.',
  removePasskey: 'Remove the passkey',
  passkeyMeans:
    'A second way to unlock: your fingerprint, your face, or a key you plug in. The passphrase stays.',
  addPasskey: 'Add a passkey',
  noPasskeys: 'This browser has no passkeys that can unlock. Your passphrase does.',
  passkeyName: 'Weft on this device',
  passkeyFaults: {
    'not-here': 'This browser has no passkeys on this page. Your passphrase still unlocks.',
    cancelled: 'No passkey was used. Nothing was changed.',
    'no-prf': 'This passkey cannot unlock: it makes no secret (PRF). Nothing was changed. Try another one.',
  },
}
