import { decodeBlock, essenceBytes, type DecodeBlock } from '../codec/block.ts'
import { decodeData, type Data } from '../codec/data.ts'
import { blockIdOf, bytesOf, hashOf } from '../codec/hex.ts'
import { decodeProposal } from '../codec/proposal.ts'
import { decodeTransaction } from '../codec/transaction.ts'
import { nobleHasher, type BlockHasher } from '../crypto/block-hasher.ts'
import { passesGuard } from '../crypto/signature-guard.ts'
import { tagged } from '../crypto/hash.ts'
import { difficultyOf, targetOf, workValueOf } from '../crypto/work.ts'
import { isErased, type Block, type BlockKind, type CheckedBlock } from '../model/block.ts'
import type { Committee } from '../model/committee.ts'
import type { BlockId } from '../model/id.ts'
import type { Params } from '../model/params.ts'
import { EPOCH, type ProposalPayload, type Slot } from '../model/proposal.ts'
import type { Transaction } from '../model/transaction.ts'
import type { Invalid, Malformed, PayloadFault, Unproven } from '../model/verdict.ts'

const DECODERS: Readonly<
  Record<BlockKind, (payload: Uint8Array) => Data | Transaction | ProposalPayload | PayloadFault>
> = { data: decodeData, transaction: decodeTransaction, proposal: decodeProposal }

/**
 * The start of the check in isolation: bytes to a block and the id they have. Whoever calls drops known ids next, before
 * anything else is hashed. Protocol §4.
 *
 * @param decode where a header may stand for its block, `decodeBlockOrHeader`
 */
export function identify(
  bytes: Uint8Array,
  networkKey: Uint8Array,
  hasher: BlockHasher = nobleHasher,
  decode: DecodeBlock = decodeBlock,
): CheckedBlock | Malformed {
  const block = decode(bytes)
  if ('type' in block) return block
  return { id: blockIdOf(hasher.idOf(networkKey, bytes, essenceBytes(block.parents.length))), block, bytes }
}

/**
 * After known ids are dropped: whether the payload is the one that the id names. Bytes with another prove nothing about
 * it. Of an erased block there is none to ask about. Protocol §4.
 */
export function checkPayloadHash(
  { block }: CheckedBlock,
  networkKey: Uint8Array,
  hasher: BlockHasher = nobleHasher,
): Malformed | undefined {
  if (isErased(block) || hashOf(hasher.payloadHashOf(networkKey, block.payload)) === block.payloadHash)
    return undefined
  return { type: 'malformed', reason: 'payload-mismatch' }
}

/** The work, before the signature, so that a forger pays. Protocol §3, §4. */
export function checkWork({ id, block }: CheckedBlock, params: Params): Unproven | undefined {
  const target = targetOf(difficultyOf(block, params))
  const found = workValueOf(id)
  return found < target ? undefined : { type: 'too-little-work', id, found, target }
}

/** Next, the part of the signature rule that bytes alone decide. Protocol §3. */
export function checkGuard({ id, block }: CheckedBlock): Unproven | undefined {
  return passesGuard(block.signature, bytesOf(block.issuer)) ? undefined : { type: 'bad-signature', id }
}

/** What a block's signature is over: `'I' ‖ id`. Protocol §3. */
export function signedMessage(id: BlockId): Uint8Array {
  return tagged('blockId', bytesOf(id))
}

/**
 * Asked by the engine once the signature held: a payload that does not decode, or a proposal that nobody may make,
 * makes the block itself invalid. What an erased one said was checked before its commit. Protocol §4, §6.
 */
export function checkPayload({ id, block }: CheckedBlock, committee: Committee): Invalid | undefined {
  if (isErased(block)) return undefined
  const payload = DECODERS[block.kind](block.payload)
  if ('reason' in payload) return { type: 'invalid', id, reason: 'payload', fault: payload }
  if (!('round' in payload)) return undefined
  if (committee.authorOf(block.issuer) === undefined)
    return { type: 'invalid', id, reason: 'not-a-validator', issuer: block.issuer }
  if (payload.epoch !== EPOCH) return { type: 'invalid', id, reason: 'wrong-epoch', epoch: payload.epoch }
  return payload.round < 1 ? { type: 'invalid', id, reason: 'no-round' } : undefined
}

/** Whose proposal for which round a block is, if it is one that passed `checkPayload`. */
export function slotOf({ kind, issuer, payload }: Block, committee: Committee): Slot | undefined {
  if (kind !== 'proposal') return undefined
  const author = committee.authorOf(issuer)
  const proposal = decodeProposal(payload)
  return author === undefined || 'reason' in proposal ? undefined : { author, round: proposal.round }
}
