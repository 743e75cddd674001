import { ed25519 } from '@noble/curves/ed25519.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import type { NetworkId, PublicKey } from '../../src/core/model/id.ts'
import type { DirectRule } from '../../src/net/direct.ts'
import type { Clock, Random, Signer } from '../../src/ports.ts'

/** A network that no genesis has. */
export const NETWORK = 'ab'.repeat(32) as NetworkId

/** Signs with a key made from `seed`, and keeps the secret in a closure. */
export function testSigner(seed: number): Signer {
  const secret = new Uint8Array(32).fill(seed)
  return {
    publicKey: bytesToHex(ed25519.getPublicKey(secret)) as PublicKey,
    sign: async (message) => ed25519.sign(message, secret),
  }
}

export const testRandom: Random = { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) }

/** A clock that goes with the wall's, and ahead of it by what a test adds. */
export function skippingClock(): Clock & { skipMs(ms: number): void } {
  let aheadMs = 0
  return {
    nowMs: () => Date.now() + aheadMs,
    skipMs(ms) {
      aheadMs += ms
    },
  }
}

/** Node has no WebRTC of its own: websockets straight to the peer count as direct instead. */
export const websocketsCount: DirectRule = {
  isDirect: (connection) => connection.limits === undefined && connection.multiplexer === '/yamux/1.0.0',
  isDialable: (address) => {
    const names = address.getComponents().map(({ name }) => name)
    return names.includes('ws') && !names.includes('p2p-circuit')
  },
}

/** Timings short enough for tests, and long enough for a busy machine. */
export const SHORT = {
  backoffMinMs: 20,
  backoffMaxMs: 100,
  announceMs: 100,
  announceSoonMs: 10,
  yieldMs: 200,
  findRelaysMs: 50,
  reservationMs: 2_000,
}
