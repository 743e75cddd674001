import type { BlockId, Hash, PublicKey } from './id.ts'

/** Kinds of block and their byte on the wire. Protocol §4. */
export const KIND_BYTES = { data: 1, transaction: 2, proposal: 3 } as const

export type BlockKind = keyof typeof KIND_BYTES

/** What a block says besides its payload. Protocol §4. */
export interface Header {
  readonly kind: BlockKind
  /** Unix milliseconds. */
  readonly issuedAtMs: number
  readonly issuer: PublicKey
  /** Strictly ascending. */
  readonly parents: readonly BlockId[]
  readonly payloadHash: Hash
  readonly payloadBytes: number
  /** 0 … 2^53 − 1. */
  readonly nonce: number
  /** 64 bytes over `'I' ‖ id`; the id does not cover them. */
  readonly signature: Uint8Array
}

export interface Block extends Header {
  /** Empty where the block is erased. */
  readonly payload: Uint8Array
}

/** Whether no more than the header of a block is here, where its payload was erased. Protocol §4. */
export function isErased({ payload, payloadBytes }: Pick<Block, 'payload' | 'payloadBytes'>): boolean {
  return payload.length < payloadBytes
}

/** The part of a block its id is made from, besides the nonce. */
export type Essence = Omit<Header, 'nonce' | 'signature'>

/** A block that passed the check in isolation, its own signature included. */
export interface CheckedBlock {
  readonly id: BlockId
  readonly block: Block
  /** As it came: the whole block, or its header. */
  readonly bytes: Uint8Array
  /** Of a transaction: the keys of its unlocks whose signature holds. Protocol §5. */
  readonly signers?: readonly PublicKey[]
}

/** Payload bytes a block may carry. Protocol §4. */
export const PAYLOAD_BYTES_MAX = 16_384

/** Parents a data or transaction block may name. Protocol §4: 1–8. */
export const PARENTS_MAX = 8

/** Parents a proposal may name. Protocol §4: 1–255. */
const PROPOSAL_PARENTS_MAX = 255

/** Bytes before the parents. */
export const HEAD_BYTES = 80

/** Bytes of nonce and signature, after the parents. */
export const NONCE_BYTES = 8
export const SIGNATURE_BYTES = 64

/** Bytes of the largest block there can be: a proposal with every parent and a full payload. */
export const BLOCK_BYTES_MAX =
  HEAD_BYTES + 32 * PROPOSAL_PARENTS_MAX + NONCE_BYTES + SIGNATURE_BYTES + PAYLOAD_BYTES_MAX

/** Parents a block of `kind` may name. */
export function parentsMax(kind: BlockKind): number {
  return kind === 'proposal' ? PROPOSAL_PARENTS_MAX : PARENTS_MAX
}
