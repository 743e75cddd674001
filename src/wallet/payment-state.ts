import { decodeTransaction, encodeTransaction } from '../core/codec/transaction.ts'
import type { BlockId, PublicKey } from '../core/model/id.ts'
import type { HistoryEntry } from '../core/model/ledger.ts'
import {
  outputOf,
  type Executed,
  type Output,
  type OutputId,
  type Rejection,
  type TransactionId,
} from '../core/model/transaction.ts'
import type { SignedTransaction, Wish } from './payments.ts'

/** What has become of a payment, as a person is told. Protocol §5. */
type PaymentState =
  /** In no block yet: its proof of work is under way or waits. */
  | { readonly type: 'working' }
  /** In the graph and not committed. */
  | { readonly type: 'pending' }
  /** Applied, for good. */
  | { readonly type: 'final'; readonly block: BlockId; readonly commit: number; readonly atMs: number }
  /** Not applied at the last of its blocks. Its inputs are not spent, so that it may still apply at another. */
  | ({ readonly type: 'rejected'; readonly block: BlockId } & Rejection)
  /** It can never apply. */
  | ({ readonly type: 'failed'; readonly input: OutputId } & PaymentFailure)

type PaymentFailure =
  /** Another transaction was applied and has spent `input`: `by`, where it was seen. */
  | { readonly reason: 'already-spent'; readonly by?: TransactionId }
  /** `input` was to come from a payment of this wallet that has failed. */
  | { readonly reason: 'built-on-failed' }

/** A payment this wallet has signed. It is only ever attached as it was signed, so it can never pay twice. */
export interface Payment extends SignedTransaction {
  readonly createdAtMs: number
  readonly to: PublicKey
  readonly amount: number
  /** Blocks that carry it and are not committed, oldest first. */
  readonly blocks: readonly BlockId[]
  readonly state: PaymentState
}

/** A payment as it is kept: plain data, the transaction as in its blocks. */
export interface StoredPayment extends Omit<Payment, 'transaction'> {
  readonly bytes: Uint8Array
}

/** What happens to payments. All that is committed comes in the one order. */
export type PaymentEvent =
  /** A block with this transaction is in the graph. */
  | { readonly type: 'attached'; readonly transaction: TransactionId; readonly block: BlockId }
  /** A transaction came to its place in the order. Its rejection is settled (core/ledger/settle.ts). */
  | {
      readonly type: 'executed'
      readonly executed: Executed
      readonly commit: number
      readonly atMs: number
    }
  /** After a start: a block is not in the graph, or is committed and what became of it there is not known any more. */
  | { readonly type: 'lost'; readonly block: BlockId }
  /** A payment of this wallet has failed. */
  | { readonly type: 'failed'; readonly transaction: TransactionId }

/** Blocks remembered of one payment: whoever attaches it again and again must not fill memory. The newest count. */
const BLOCKS_MAX = 16

/** A payment that has just been signed. */
export function newPayment(
  signed: SignedTransaction,
  wish: Pick<Wish, 'to' | 'amount'>,
  nowMs: number,
): Payment {
  const { to, amount } = wish
  return { ...signed, createdAtMs: nowMs, to, amount, blocks: [], state: { type: 'working' } }
}

/** Whether nothing can happen to a payment any more. */
export function isOver({ state: { type } }: Payment): boolean {
  return type === 'final' || type === 'failed'
}

/** The event that an entry of the history stands for: what a wallet missed, it learns from there. */
export function eventOf({
  commit,
  atMs,
  block,
  transaction,
  memo,
  spent,
  created,
}: HistoryEntry): PaymentEvent {
  const executed: Executed = { block, transaction, memo, verdict: { type: 'applied', spent, created } }
  return { type: 'executed', executed, commit, atMs }
}

/** A payment after an event; the same object where the event changes nothing. */
export function advance(payment: Payment, event: PaymentEvent): Payment {
  if (isOver(payment)) return payment
  switch (event.type) {
    case 'attached':
      return event.transaction === payment.id ? attached(payment, event.block) : payment
    case 'executed':
      return event.executed.transaction === payment.id
        ? executed(payment, event.executed, event)
        : overtaken(payment, event.executed)
    case 'lost':
      return payment.blocks.includes(event.block)
        ? without(payment, event.block, { type: 'working' })
        : payment
    case 'failed': {
      const input = payment.transaction.inputs.find((id) => outputOf(id).transaction === event.transaction)
      return input === undefined ? payment : failed(payment, input, { reason: 'built-on-failed' })
    }
  }
}

function attached(payment: Payment, block: BlockId): Payment {
  if (payment.blocks.includes(block)) return payment
  return { ...payment, blocks: [...payment.blocks, block].slice(-BLOCKS_MAX), state: { type: 'pending' } }
}

function executed(
  payment: Payment,
  { block, verdict }: Executed,
  { commit, atMs }: { commit: number; atMs: number },
): Payment {
  if (verdict.type === 'applied')
    return { ...payment, blocks: [], state: { type: 'final', block, commit, atMs } }
  // it was applied before; where and when comes with that, in a commit or from the history
  if (verdict.reason === 'duplicate') return without(payment, block, payment.state)
  if (verdict.reason === 'spent-input') return failed(payment, verdict.input, { reason: 'already-spent' })
  return without(payment, block, { ...verdict, block })
}

/** Another transaction was executed: if it has spent an input, this payment never can. */
function overtaken(payment: Payment, { transaction, verdict }: Executed): Payment {
  if (verdict.type === 'rejected') return payment
  const taken = verdict.spent.find(([id]) => payment.transaction.inputs.includes(id))
  return taken ? failed(payment, taken[0], { reason: 'already-spent', by: transaction }) : payment
}

/** `state` counts only once no other block carries the payment. */
function without(payment: Payment, block: BlockId, state: PaymentState): Payment {
  const blocks = payment.blocks.filter((id) => id !== block)
  return { ...payment, blocks, state: blocks.length === 0 ? state : payment.state }
}

function failed(payment: Payment, input: OutputId, failure: PaymentFailure): Payment {
  return { ...payment, blocks: [], state: { type: 'failed', input, ...failure } }
}

/** What a wallet asks the ledger and its other payments before it attaches one. */
export interface Inputs {
  /** An output, while it is unspent. */
  get(id: OutputId): Output | undefined
  /** A block that carries a payment of this wallet and is not committed. */
  pendingIn(id: TransactionId): BlockId | undefined
}

/** What is to be done about a payment now. */
export type Todo =
  /** Put it into a block, above these that make its inputs. */
  { readonly type: 'attach'; readonly above: readonly BlockId[] } | { readonly type: 'nothing' }

/**
 * A payment in no block is attached as soon as all its inputs are there, or in blocks it can be put above, and as what
 * stood against it may be over. What can never be over (an output that has expired, a wrong preimage) is not tried
 * again; it is for the person to replace the payment.
 */
export function todoOf({ state, transaction }: Payment, inputs: Inputs, nowMs: number): Todo {
  if (state.type !== 'working' && state.type !== 'rejected') return { type: 'nothing' }
  if (state.type === 'rejected' && !mayBeOver(state, inputs, nowMs)) return { type: 'nothing' }
  const above = new Set<BlockId>()
  for (const input of transaction.inputs) {
    if (inputs.get(input) !== undefined) continue
    const block = inputs.pendingIn(outputOf(input).transaction)
    if (block === undefined) return { type: 'nothing' }
    above.add(block)
  }
  return { type: 'attach', above: [...above] }
}

/** A block made now is committed later than now (protocol §6), so what is over by this clock is over there. */
function mayBeOver(rejection: Rejection, inputs: Inputs, nowMs: number): boolean {
  switch (rejection.reason) {
    case 'missing-input':
      return true
    case 'time-locked':
      return rejection.notBeforeMs <= nowMs
    case 'not-unlocked': {
      // whoever it falls back to has signed before it did
      const expiry = inputs.get(rejection.input)?.expiry
      return rejection.lacks !== 'refund' && expiry !== undefined && expiry.atMs <= nowMs
    }
    case 'duplicate':
    case 'spent-input':
    case 'unbalanced':
    case 'dust':
      return false
  }
}

/** A payment as it is kept. */
export function storePayment({ transaction, ...rest }: Payment): StoredPayment {
  return { ...rest, bytes: encodeTransaction(transaction) }
}

/** The payment that was kept so, or `undefined` where the bytes are no transaction. */
export function restorePayment({ bytes, ...rest }: StoredPayment): Payment | undefined {
  const transaction = decodeTransaction(bytes)
  return 'reason' in transaction ? undefined : { ...rest, transaction }
}
