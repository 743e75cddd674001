import { NONCE_BYTES } from '../model/block.ts'
import { hash } from './hash.ts'

/**
 * Hashes a block's own bytes. The hash is the same for every engine; only the time it takes differs, so the shell may
 * give a faster one. Protocol §4.
 */
export interface BlockHasher {
  /**
   * The id: H(H(essence ‖ 'B') ‖ nonce ‖ 'I').
   *
   * @param bytes a whole block
   * @param essenceBytes how many bytes come before its nonce
   * @returns 32 bytes, which the next call may overwrite
   */
  idOf(networkKey: Uint8Array, bytes: Uint8Array, essenceBytes: number): Uint8Array
  /**
   * H(payload ‖ 'P').
   *
   * @returns 32 bytes, which the next call may overwrite
   */
  payloadHashOf(networkKey: Uint8Array, payload: Uint8Array): Uint8Array
}

/** The hash as everything else here has it. */
export const nobleHasher: BlockHasher = {
  idOf: (networkKey, bytes, essenceBytes) => {
    const digest = hash(networkKey, 'essence', bytes.subarray(0, essenceBytes))
    return hash(networkKey, 'blockId', digest, bytes.subarray(essenceBytes, essenceBytes + NONCE_BYTES))
  },
  payloadHashOf: (networkKey, payload) => hash(networkKey, 'payload', payload),
}
