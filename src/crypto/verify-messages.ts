/**
 * What the peer worker and a verify worker say to each other: batches of signatures one way, packed, and for each the
 * answers the other way, in the order of the batches. Both are transferred.
 */
import { bytesOf, publicKeyOf } from '../core/codec/hex.ts'
import { Reader } from '../core/codec/reader.ts'
import { Writer } from '../core/codec/writer.ts'
import { SIGNATURE_BYTES } from '../core/model/block.ts'
import { ID_BYTES, type PublicKey } from '../core/model/id.ts'

/** Of each signature: `u32 message length ‖ 32 key ‖ 64 signature ‖ message`. */
export type Batch = Uint8Array<ArrayBuffer>

/** A byte for each signature of a batch, 1 where it holds; none at all where the worker failed at it. */
export type Answers = Uint8Array<ArrayBuffer>

/** A signature to check; it has 64 bytes. */
export interface SignatureClaim {
  readonly signature: Uint8Array
  readonly message: Uint8Array
  readonly key: PublicKey
}

const HEAD_BYTES = 4 + ID_BYTES + SIGNATURE_BYTES

export function packBatch(claims: readonly SignatureClaim[]): Batch {
  const length = claims.reduce((sum, { message }) => sum + HEAD_BYTES + message.length, 0)
  const writer = new Writer(length)
  for (const { signature, message, key } of claims)
    writer.u32(message.length).bytes(bytesOf(key)).bytes(signature).bytes(message)
  return writer.finish()
}

/** What `packBatch` made; signatures and messages are views of `batch`. */
export function unpackBatch(batch: Batch): readonly SignatureClaim[] {
  const reader = new Reader(batch)
  const claims: SignatureClaim[] = []
  while (reader.left > 0) {
    const length = reader.u32()
    const key = publicKeyOf(reader.bytes(ID_BYTES))
    claims.push({ key, signature: reader.bytes(SIGNATURE_BYTES), message: reader.bytes(length) })
  }
  return claims
}

/** The near end: the part of `Worker` that is used here, so that a browser's `Worker` is one as it stands. */
export interface Port {
  postMessage(message: Batch, transfer: ArrayBuffer[]): void
  addEventListener(type: 'message', listener: (event: { readonly data: Answers }) => void): void
  /** The worker threw, or never started. */
  addEventListener(type: 'error', listener: () => void): void
  terminate(): void
}

/** The far end: the part of a dedicated worker's global scope that is used here. */
export interface VerifierScope {
  postMessage(message: Answers, transfer: ArrayBuffer[]): void
  addEventListener(type: 'message', listener: (event: { readonly data: Batch }) => void): void
}
