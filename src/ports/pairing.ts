/** Two devices connected by codes. */

/**
 * Why two devices are not connected by codes. Of a code that was read: `truncated`, `mistyped`, `other-version`,
 * `other-network`, `expired` (or the clocks differ), `used` before on this device, `not-an-offer`, `not-an-answer`,
 * `own-code` of this device, `other-offer` (an answer to none that is open here). Of this device: `too-many` pairings
 * are open, `full` of direct peers, `no-network` it has an address in, `unsupported` by its browser, `not-loaded` as long
 * as the code for it is not there. Of what followed: `no-answer` in time, `failed` to connect, `cancelled` here.
 */
export type PairingFault =
  | 'truncated'
  | 'mistyped'
  | 'other-version'
  | 'other-network'
  | 'expired'
  | 'used'
  | 'not-an-offer'
  | 'not-an-answer'
  | 'own-code'
  | 'other-offer'
  | 'too-many'
  | 'full'
  | 'no-network'
  | 'unsupported'
  | 'not-loaded'
  | 'no-answer'
  | 'failed'
  | 'cancelled'

/** The only error a pairing rejects with. */
export class PairingError extends Error {
  readonly kind: PairingFault
  constructor(kind: PairingFault, options?: ErrorOptions) {
    super(`Not paired: ${kind}.`, options)
    this.name = 'PairingError'
    this.kind = kind
  }
}

/** A code that a person carries to the other device. */
export interface PairingCode {
  /** Names the pairing on both devices: 6 hex digits. */
  readonly pairing: string
  /** At most `PAIRING_CODE_CHARACTERS_MAX` of A–Z, a–z, 0–9, `-`, `_`. */
  readonly code: string
  readonly expiresAtMs: number
}

/**
 * Connects two devices that share a network and nothing else, by an offer and an answer that people carry over. What
 * comes of it is a direct peer like any other. Every call rejects with `PairingError`.
 */
export interface Pairing {
  offer(): Promise<PairingCode>
  /** Takes the other device's offer; the answer waits until the offer expires for the other device to take it. */
  answer(offer: string): Promise<PairingCode>
  /** Takes the answer to an offer of this device, and resolves before the two are connected. */
  accept(answer: string): Promise<void>
  /** Resolves once the two are connected. Asked too late, it rejects with `no-answer`. */
  connected(pairing: string): Promise<void>
  /** Gives up a pairing that is not connected. */
  cancel(pairing: string): void
}

/** Characters of a code for pairing: a QR code that a phone reads off another's screen at arm's length. */
export const PAIRING_CODE_CHARACTERS_MAX = 140
