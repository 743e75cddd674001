import { decodeBlock } from '../codec/block.ts'
import { decodeData } from '../codec/data.ts'
import { bytesOf } from '../codec/hex.ts'
import { blockIdFrom, digestOf, payloadHashOf } from '../crypto/block-id.ts'
import { passesGuard } from '../crypto/signature-guard.ts'
import { tagged } from '../crypto/hash.ts'
import { difficultyOf, targetOf, workValueOf } from '../crypto/work.ts'
import type { CheckedBlock } from '../model/block.ts'
import type { BlockId } from '../model/id.ts'
import type { Params } from '../model/params.ts'
import type { Invalid, Malformed, Unproven } from '../model/verdict.ts'

/**
 * Step 1 of the check in isolation: bytes to a block and the id they have. Whoever calls drops known ids next,
 * before anything dear. Protocol §4.
 */
export function identify(bytes: Uint8Array, networkKey: Uint8Array): CheckedBlock | Malformed {
  const block = decodeBlock(bytes)
  if ('type' in block) return block
  if (payloadHashOf(networkKey, block.payload) !== block.payloadHash)
    return { type: 'malformed', reason: 'payload-mismatch' }
  return { id: blockIdFrom(networkKey, digestOf(networkKey, block), block.nonce), block, bytes }
}

/** Step 2: the work, before the signature, so that a forger pays. Protocol §3, §4. */
export function checkWork({ id, block }: CheckedBlock, params: Params): Unproven | undefined {
  const target = targetOf(difficultyOf(block, params))
  const found = workValueOf(id)
  return found < target ? undefined : { type: 'too-little-work', id, found, target }
}

/** Step 3, the part of the signature rule that bytes alone decide. Protocol §3. */
export function checkGuard({ id, block }: CheckedBlock): Unproven | undefined {
  return passesGuard(block.signature, bytesOf(block.issuer)) ? undefined : { type: 'bad-signature', id }
}

/** What a block's signature is over: `'I' ‖ id`. Protocol §3. */
export function signedMessage(id: BlockId): Uint8Array {
  return tagged('blockId', bytesOf(id))
}

/** Asked by the engine once the signature held: a payload that does not decode makes the block itself invalid. Protocol §4. */
export function checkPayload({ id, block }: CheckedBlock): Invalid | undefined {
  if (block.kind !== 'data') return undefined // parked by the engine as an unsupported kind
  const data = decodeData(block.payload)
  return 'reason' in data ? { type: 'invalid', id, reason: 'payload', fault: data } : undefined
}
