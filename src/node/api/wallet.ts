/** Money: what is shown of it, and what may be asked. */
import type { Rejection, TransactionId } from '../../core/model/transaction.ts'
import type { CallOptions } from './calls.ts'

/** Money this key has, in units, and what stands in its way. Sums of what is committed, less what payments under way spend. */
export interface BalanceView {
  /** To be spent now, change of payments under way among it. */
  readonly spendable: number
  /** Leaves with payments that are not final yet. */
  readonly leaving: number
  /** Its own, and not to be spent yet: locked until a time or by a secret. */
  readonly locked: number
  /** Sent to others, and back with this key unless they claim it in time. */
  readonly refundable: number
}

/** A payment as its person sees it. `who`: did:keys of whoever paid or was paid. */
export interface PaymentView {
  readonly id: TransactionId
  readonly direction: 'sent' | 'received' | 'self' | 'came-back' | 'went-back' | 'claimed'
  readonly amount: number
  readonly who: readonly string[]
  /** What its sender wrote. A stranger's words. */
  readonly memo: string
  /** When it was made, or once it is final its commit time. */
  readonly atMs: number
  readonly state: PaymentViewState
}

export type PaymentViewState =
  /** Its proof of work is under way (0 … 1) or waits. `leftMs`: as `sealingLeftMs`. */
  | { readonly type: 'working'; readonly done: number; readonly leftMs?: number }
  /** On its way; so many peers are known to hold it. */
  | { readonly type: 'pending'; readonly heldBy: number }
  | { readonly type: 'final'; readonly commit: number }
  /** Not applied where it stood in the order; it is tried again where that can help. */
  | { readonly type: 'rejected'; readonly reason: Rejection['reason'] }
  /** It can never be paid: what it was to spend is spent, by another payment or by one it was built on. */
  | { readonly type: 'failed'; readonly reason: 'already-spent' | 'built-on-failed' }

export interface WalletView {
  readonly balance: BalanceView
  /** Newest first: those that are not final, then the newest of the others. */
  readonly payments: readonly PaymentView[]
}

/** What a person fills in to pay. Amounts are whole units. */
export interface PayInput {
  /** The payee's did:key. */
  readonly to: string
  readonly amount: number
  readonly memo?: string
  /** Not to be spent before. */
  readonly notBeforeMs?: number
  /** SHA-256 of a secret that the payee has to show, 64 hex digits. */
  readonly hashlock?: string
  /** Back with this device unless it is claimed before. */
  readonly refundAtMs?: number
  /** A payment that is not final, and that this one takes the place of: at most one of them ever is. */
  readonly instead?: TransactionId
}

export interface WalletApi {
  /** Pays, and resolves once the payment is stored in a block. Reports the progress of its work; may be cancelled till then. */
  pay(input: PayInput, options?: CallOptions): Promise<TransactionId>
  /** Takes a payment back that is not final: pays all it would spend to this device instead. Whichever is first, holds. */
  takeBack(input: { readonly payment: TransactionId }, options?: CallOptions): Promise<TransactionId>
  /** Claims every output that is locked by the hash of this secret (64 hex digits) for this device. */
  claim(input: { readonly secret: string }, options?: CallOptions): Promise<TransactionId>
}
