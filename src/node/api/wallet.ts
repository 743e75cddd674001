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
  /** Where `findPayments` goes on; absent where these are all there are. */
  readonly older?: PaymentsPlace
  readonly allowance: AllowanceView
}

/** A place among the final payments: everything before it is older. */
export interface PaymentsPlace {
  readonly commit: number
  readonly place: number
  readonly atMs: number
}

/** Payments a person looks for; what is left out does not matter. */
export interface PaymentsQuery {
  /** A part of a name, an id or a note; capitals make no difference. At most `SEARCH_CHARACTERS_MAX`. */
  readonly text?: string
  /** Units, where the text reads as an amount: exactly so much is found as well. */
  readonly amount?: number
  /** `sent`: what left or will. `received`: what came, or came back. `pending`: what may still become final. */
  readonly kind?: 'sent' | 'received' | 'pending'
  /** Goes on from here; without it the newest come, with those that are not final first. */
  readonly before?: PaymentsPlace
}

/** Characters of a text that is looked for: nobody types a longer one. */
export const SEARCH_CHARACTERS_MAX = 100

/** Payments shown at a time. */
export const PAYMENTS_PER_PAGE = 20

export interface PaymentsPage {
  /** About `PAYMENTS_PER_PAGE`, newest first; fewer, or none, where a long history was looked through in vain so far. */
  readonly payments: readonly PaymentView[]
  /** Where to go on; absent at the end. */
  readonly before?: PaymentsPlace
}

/** What Weft may pay without asking, in units, and what it has paid so in the last 24 hours. */
export interface AllowanceView {
  readonly perPayment: number
  readonly perDay: number
  readonly spent: number
}

/** An output behind a balance: where it comes from, since when, and what stands in its way. */
export interface BalancePart {
  /** Names the output. */
  readonly id: string
  readonly amount: number
  /** Made by a payment that is not final yet: its change. */
  readonly pending?: true
  /** Whom it is sent to, of what is `refundable`, else who paid it; none for a device's own change. did:keys. */
  readonly who: readonly string[]
  readonly memo: string
  /** When it became final; absent where that is too long ago to be looked up. */
  readonly atMs?: number
  /** It was there when the network began. */
  readonly first?: true
  readonly notBeforeMs?: number
  readonly hashlocked?: true
  /** From then on it is somebody else's, or, of what is `refundable`, this device's. */
  readonly expiresAtMs?: number
}

/** Outputs of one kind: the largest `PARTS_MAX`, and the rest summed. */
export interface BalanceParts {
  readonly listed: readonly BalancePart[]
  readonly rest: { readonly count: number; readonly amount: number }
}

/** Outputs of one kind that are listed one by one: more is no explanation any more. */
export const PARTS_MAX = 20

/** What a balance is made of. The parts of a kind add up to it; those that leave, less the change. */
export interface BalanceExplained {
  readonly balance: BalanceView
  readonly parts: { readonly [kind in keyof BalanceView]: BalanceParts }
  /** Units of what leaves that come back with the same payments, and count as spendable already. */
  readonly change: number
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
  /** Nobody was asked: the app pays by itself, within `AllowanceView` or not at all (`over-limit`). */
  readonly by?: 'app'
}

export interface WalletApi {
  /** Pays, and resolves once the payment is stored in a block. Reports the progress of its work; may be cancelled till then. */
  pay(input: PayInput, options?: CallOptions): Promise<TransactionId>
  /** Takes a payment back that is not final: pays all it would spend to this device instead. Whichever is first, holds. */
  takeBack(input: { readonly payment: TransactionId }, options?: CallOptions): Promise<TransactionId>
  /** Claims every output that is locked by the hash of this secret (64 hex digits) for this device. */
  claim(input: { readonly secret: string }, options?: CallOptions): Promise<TransactionId>
  /** A page of this device's payments in the present network, however old. */
  findPayments(input: PaymentsQuery): Promise<PaymentsPage>
  /** The outputs behind the balance, as it is now. */
  explainBalance(input: Record<string, never>): Promise<BalanceExplained>
  /** Sets what Weft may pay without asking, in the present network. In units; 0 is nothing. */
  allow(input: Pick<AllowanceView, 'perPayment' | 'perDay'>): Promise<void>
}
