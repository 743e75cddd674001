import { PairingError, type Pairing, type PairingFault, type Transport } from '../ports.ts'
import { ApiError } from './api.ts'

/** What a person is told of each fault: what is wrong, and what to do. */
const WORDS: Readonly<Record<PairingFault, string>> = {
  truncated: 'A part of this code is missing. Copy the whole code and enter it again.',
  mistyped: 'This is no code of this kind, or a character in it is wrong. Copy it again.',
  'other-version': 'The other device has another version of Weft. Update both, then make new codes.',
  'other-network': 'This code is of another network. First invite one device into the network of the other.',
  expired: 'This code has expired, or the clocks of the two devices differ. Make a new one.',
  used: 'This code was used before, and works only once. Make a new one.',
  'not-an-offer': 'This is an answer. Enter it on the device that showed the first code.',
  'not-an-answer':
    'This is a first code. Enter the answer that the other device shows once it has taken yours.',
  'own-code': 'This is this device’s own code. Enter it on the other device.',
  'other-offer': 'This answer belongs to a code that is not shown here any more. Make a new one.',
  'too-many': 'Too many codes are open on this device. Close one, or wait a few minutes.',
  full: 'This device is connected to as many others as it can be. Try again later.',
  'no-network': 'This device is in no local network. Turn on Wi-Fi or a hotspot and try again.',
  unsupported: 'This browser cannot connect to other devices directly.',
  'not-loaded':
    'The part of Weft that connects devices is not loaded yet, which takes a network once. Try again in a moment.',
  'no-answer': 'The two devices were not connected in time. Make a new code and try again.',
  failed:
    'The two devices do not reach each other. Put both into the same Wi-Fi or hotspot and make a new code.',
  cancelled: 'Cancelled. Nothing was changed.',
}

/**
 * What `ask` resolves with.
 *
 * @throws ApiError `cannot-pair` or `cancelled`, in words for people, for what a pairing rejects with
 */
export async function askPairing<T>(
  { pairing }: Pick<Transport, 'pairing'>,
  ask: (pairing: Pairing) => Promise<T>,
): Promise<T> {
  try {
    if (pairing === undefined) throw new PairingError('unsupported')
    return await ask(pairing)
  } catch (error) {
    if (!(error instanceof PairingError)) throw error
    throw new ApiError(error.kind === 'cancelled' ? 'cancelled' : 'cannot-pair', WORDS[error.kind])
  }
}
