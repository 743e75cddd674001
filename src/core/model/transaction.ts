import type { BlockId, Hash, NetworkId, PublicKey } from './id.ts'

declare const transactionId: unique symbol
declare const outputId: unique symbol

/** H(essence ‖ 'T') of a transaction as 64 lowercase hex digits. Unlocks are not covered. Protocol §5. */
export type TransactionId = string & { readonly [transactionId]: true }

/**
 * Names an output for good: the id of its transaction, or of the network for genesis outputs, and its index as four
 * hex digits, most significant first, so that `<` on strings is the order of inputs on the wire. Protocol §5.
 */
export type OutputId = string & { readonly [outputId]: true }

/** Money, and who may spend it when. Protocol §5. */
export interface Output {
  readonly amount: number
  readonly owner: PublicKey
  /** Not to be spent at a commit time before this. */
  readonly notBeforeMs?: number
  /** SHA-256 of a 32-byte preimage that the owner has to show. */
  readonly hashlock?: Hash
  /** From this commit time on it is `refundTo` who spends, without a preimage. */
  readonly expiry?: { readonly atMs: number; readonly refundTo: PublicKey }
}

/** What a transaction id covers. */
export interface TransactionEssence {
  /** 1–64, strictly ascending. */
  readonly inputs: readonly OutputId[]
  /** 1–64. */
  readonly outputs: readonly Output[]
  /** At most 256 bytes. */
  readonly memo: Uint8Array
}

/** Shows that a key agrees: its signature of `'T' ‖ transaction id`. */
export interface Unlock {
  readonly key: PublicKey
  /** 64 bytes. */
  readonly signature: Uint8Array
}

export interface Transaction extends TransactionEssence {
  /** At most 64, keys strictly ascending. */
  readonly unlocks: readonly Unlock[]
  /** At most 64 of 32 bytes, strictly ascending. */
  readonly preimages: readonly Uint8Array[]
}

/** A transaction in a block that is not committed yet. */
export interface AttachedTransaction {
  readonly block: BlockId
  readonly id: TransactionId
  readonly transaction: Transaction
  /** Keys of its unlocks whose signature holds; a false one counts as absent. Protocol §5. */
  readonly signers: readonly PublicKey[]
}

/** Why a transaction was not applied at its place in the order; the first that holds. Protocol §5. */
export type Rejection =
  | { readonly reason: 'duplicate' }
  | {
      readonly reason: 'missing-input'
      readonly input: OutputId
      /** `input` and all others the ledger knows nothing of. */
      readonly unknown: readonly OutputId[]
    }
  | { readonly reason: 'spent-input'; readonly input: OutputId }
  | { readonly reason: 'time-locked'; readonly input: OutputId; readonly notBeforeMs: number }
  | {
      readonly reason: 'not-unlocked'
      readonly input: OutputId
      readonly lacks: 'owner' | 'refund' | 'preimage'
    }
  | { readonly reason: 'unbalanced'; readonly inputs: number; readonly outputs: number }
  | { readonly reason: 'dust'; readonly index: number; readonly amount: number; readonly limit: number }

/** An output with its name. */
export type NamedOutput = readonly [OutputId, Output]

/** What became of one transaction block at its place in the order. */
export interface Executed {
  readonly block: BlockId
  readonly transaction: TransactionId
  readonly memo: Uint8Array
  readonly verdict:
    | {
        readonly type: 'applied'
        readonly spent: readonly NamedOutput[]
        readonly created: readonly NamedOutput[]
      }
    | ({ readonly type: 'rejected' } & Rejection)
}

/** Inputs, outputs, unlocks and preimages a transaction may have. Protocol §5. */
export const INPUTS_MAX = 64
export const OUTPUTS_MAX = 64
export const UNLOCKS_MAX = 64
export const PREIMAGES_MAX = 64
export const MEMO_BYTES_MAX = 256

/** Bytes of a preimage. Protocol §5. */
export const PREIMAGE_BYTES = 32

/** The name of an output of a transaction, or of the genesis. */
export function outputIdOf(transaction: TransactionId | NetworkId, index: number): OutputId {
  return `${transaction}${index.toString(16).padStart(4, '0')}` as OutputId
}

/** The two parts of a name. */
export function outputOf(id: OutputId): { readonly transaction: TransactionId; readonly index: number } {
  return { transaction: id.slice(0, 64) as TransactionId, index: Number.parseInt(id.slice(64), 16) }
}
