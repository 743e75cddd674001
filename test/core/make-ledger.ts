/** Makes what the tests of the ledger need. Signatures are not looked at there: `signers` says which of them hold. */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import { transactionIdOf } from '../../src/core/crypto/transaction-id.ts'
import type { Ledger } from '../../src/core/ledger/ledger.ts'
import type { BlockId, Hash, PublicKey } from '../../src/core/model/id.ts'
import {
  outputIdOf,
  type AttachedTransaction,
  type Executed,
  type Output,
  type OutputId,
} from '../../src/core/model/transaction.ts'
import { ALICE, NETWORK, NETWORK_KEY, at, idOf } from './make.ts'

/** RFC 8032 §7.1, test 3. */
export const CAROL = 'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025' as PublicKey

/** What the genesis of the tests gives to Alice: 1 000 000. */
export const GENESIS_OUTPUT = outputIdOf(NETWORK.id, 0)

/** A preimage, and the hash it opens. */
export const SECRET = Uint8Array.from({ length: 32 }, (_, i) => i)
export const HASHLOCK = bytesToHex(sha256(SECRET)) as Hash

export interface PaymentParts {
  readonly inputs: readonly OutputId[]
  readonly outputs: readonly Output[]
  /** Alice where it is left out. */
  readonly signers?: readonly PublicKey[]
  readonly preimages?: readonly Uint8Array[]
  readonly memo?: Uint8Array
  readonly block?: BlockId
}

/** A transaction in a block, with the id it truly has. */
export function payment(parts: PaymentParts): AttachedTransaction {
  const { inputs, outputs, preimages = [], signers = [ALICE], block = idOf(1) } = parts
  const essence = { inputs: [...inputs].sort(), outputs, memo: parts.memo ?? new Uint8Array() }
  const unlocks = signers.map((key) => ({ key, signature: new Uint8Array(64) }))
  const id = transactionIdOf(NETWORK_KEY, essence)
  return { block, id, transaction: { ...essence, unlocks, preimages }, signers }
}

/** The name of an output of a payment. */
export function outputIn({ id }: AttachedTransaction, index = 0): OutputId {
  return outputIdOf(id, index)
}

/** Executes one transaction as a commit of its own and says what became of it. */
export function verdictOn(ledger: Ledger, attached: AttachedTransaction, atMs = 0): Executed['verdict'] {
  return at(ledger.execute([attached], atMs), 0).verdict
}

/** `applied`, or the reason it was rejected. */
export function outcomeOf({ verdict }: Executed): string {
  return verdict.type === 'applied' ? 'applied' : verdict.reason
}
