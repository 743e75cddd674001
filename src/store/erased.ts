/** What is left of a block whose payload was erased: its header. Protocol §4, "a pruned block is its header". */
import { HEAD_BYTES, NONCE_BYTES, SIGNATURE_BYTES } from '../core/model/block.ts'
import { ID_BYTES } from '../core/model/id.ts'
import type { StoredBlock } from '../ports.ts'

/** Where the header says how many parents follow. */
const PARENT_COUNT_OFFSET = 2
/** Where it says how long the payload is. */
const PAYLOAD_LENGTH_OFFSET = 4

/** Bytes of a block before its payload. Protocol §4. */
export function headerBytes(parents: number): number {
  return HEAD_BYTES + ID_BYTES * parents + NONCE_BYTES + SIGNATURE_BYTES
}

/** A copy of its header, marked as erased; the block itself where there is nothing behind its header. */
export function erasedOf(block: StoredBlock): StoredBlock {
  const length = headerBytes(block.bytes[PARENT_COUNT_OFFSET] ?? 0)
  if (block.bytes.length <= length) return block
  return { id: block.id, bytes: block.bytes.slice(0, length), erased: true }
}

/** A block that was given to be kept, marked as erased where no more than its header was given. */
export function asGiven(block: StoredBlock): StoredBlock {
  const { id, bytes } = block
  if (bytes.length !== headerBytes(bytes[PARENT_COUNT_OFFSET] ?? 0)) return block
  const hasPayload = bytes
    .subarray(PAYLOAD_LENGTH_OFFSET, PAYLOAD_LENGTH_OFFSET + 4)
    .some((byte) => byte !== 0)
  return hasPayload ? { id, bytes, erased: true } : block
}

/** A copy in a buffer of its own. */
export function copyOf(block: StoredBlock): StoredBlock {
  return { ...block, bytes: block.bytes.slice() }
}
