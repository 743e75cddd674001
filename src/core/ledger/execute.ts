import { sha256 } from '@noble/hashes/sha2.js'
import { hashOf } from '../codec/hex.ts'
import type { Hash, PublicKey } from '../model/id.ts'
import {
  outputIdOf,
  outputOf,
  type AttachedTransaction,
  type Executed,
  type NamedOutput,
  type Output,
  type OutputId,
  type Rejection,
  type TransactionId,
} from '../model/transaction.ts'

/** What the ledger knows right before a transaction. */
export interface Before {
  unspent(id: OutputId): Output | undefined
  /** How many outputs a transaction has, or the genesis, if it was applied and is remembered. */
  outputsOf(id: TransactionId): number | undefined
  /** Commit time τ. */
  readonly atMs: number
  /** The least amount an output may hold. */
  readonly dust: number
}

/**
 * What becomes of a transaction at its place in the order; the ledger is not changed. Protocol §5.
 *
 * Only `before.outputsOf` may forget. It tells `duplicate`, `missing-input` and `spent-input` apart and nothing else:
 * a transaction has an input, and an applied one has spent it for good, so whatever is forgotten is still rejected.
 * The state is therefore the same on every node; only the reason may need settling (`settle.ts`).
 */
export function executeTransaction(attached: AttachedTransaction, before: Before): Executed {
  const { block, id, transaction } = attached
  const spent = transaction.inputs.flatMap((input) => namedOf(input, before))
  const rejection = rejectionOf(attached, spent, before)
  return {
    block,
    transaction: id,
    memo: transaction.memo,
    verdict: rejection
      ? { type: 'rejected', ...rejection }
      : {
          type: 'applied',
          spent,
          created: transaction.outputs.map((output, i) => [outputIdOf(id, i), output]),
        },
  }
}

function namedOf(id: OutputId, before: Before): NamedOutput[] {
  const output = before.unspent(id)
  return output ? [[id, output]] : []
}

/** The first reason that holds for any input or output. @param spent the inputs that are unspent */
function rejectionOf(
  { id, transaction, signers }: AttachedTransaction,
  spent: readonly NamedOutput[],
  before: Before,
): Rejection | undefined {
  const { inputs, outputs, preimages } = transaction
  if (before.outputsOf(id) !== undefined) return { reason: 'duplicate' }
  return (
    absent(inputs, before) ??
    timeLocked(spent, before.atMs) ??
    notUnlocked(spent, before.atMs, signers, preimages) ??
    unbalanced(spent, outputs) ??
    dust(outputs, before.dust)
  )
}

function absent(inputs: readonly OutputId[], before: Before): Rejection | undefined {
  const gone = inputs.filter((input) => before.unspent(input) === undefined)
  const unknown = gone.filter((input) => {
    const { transaction, index } = outputOf(input)
    return index >= (before.outputsOf(transaction) ?? 0)
  })
  if (unknown[0] !== undefined) return { reason: 'missing-input', input: unknown[0], unknown }
  return gone[0] === undefined ? undefined : { reason: 'spent-input', input: gone[0] }
}

function timeLocked(spent: readonly NamedOutput[], atMs: number): Rejection | undefined {
  for (const [input, { notBeforeMs }] of spent)
    if (notBeforeMs !== undefined && notBeforeMs > atMs) return { reason: 'time-locked', input, notBeforeMs }
  return undefined
}

function notUnlocked(
  spent: readonly NamedOutput[],
  atMs: number,
  signers: readonly PublicKey[],
  preimages: readonly Uint8Array[],
): Rejection | undefined {
  const signed = new Set(signers)
  const opened = new Set<Hash>(preimages.map((preimage) => hashOf(sha256(preimage))))
  for (const [input, { owner, hashlock, expiry }] of spent) {
    const lacks = (what: 'owner' | 'refund' | 'preimage') =>
      ({ reason: 'not-unlocked', input, lacks: what }) as const
    if (expiry !== undefined && atMs >= expiry.atMs) {
      if (!signed.has(expiry.refundTo)) return lacks('refund')
    } else {
      if (!signed.has(owner)) return lacks('owner')
      if (hashlock !== undefined && !opened.has(hashlock)) return lacks('preimage')
    }
  }
  return undefined
}

function unbalanced(spent: readonly NamedOutput[], created: readonly Output[]): Rejection | undefined {
  const inputs = spent.reduce((sum, [, { amount }]) => sum + amount, 0)
  // Inputs are part of the supply, so their sum is exact. That of the outputs may pass 2^53 and is rounded from there
  // on, but never back below: it can be equal only where it is exact.
  const outputs = created.reduce((sum, { amount }) => sum + amount, 0)
  return inputs === outputs ? undefined : { reason: 'unbalanced', inputs, outputs }
}

function dust(created: readonly Output[], limit: number): Rejection | undefined {
  for (const [index, { amount }] of created.entries())
    if (amount < limit) return { reason: 'dust', index, amount, limit }
  return undefined
}
