import type * as v from 'valibot'
import { bytesOf } from '../core/codec/hex.ts'
import type { Hash, PublicKey } from '../core/model/id.ts'
import type { TransactionId } from '../core/model/transaction.ts'
import { encodeMemo } from '../wallet/memo.ts'
import type { Wish } from '../wallet/payments.ts'
import { StoreError } from '../ports.ts'
import { ApiError, type BalanceExplained, type CallOptions, type PaymentsPage } from './api.ts'
import { explainBalance } from './balance-view.ts'
import type { Contacts } from './contacts.ts'
import type { INPUTS } from './inputs.ts'
import { findPayments } from './payment-search.ts'
import { Refused } from './payments.ts'
import { refusalWords } from './refusal-words.ts'
import type { Session } from './session.ts'
import { stored } from './storage-errors.ts'
import { openViewsOf } from './wallet-view.ts'

type Input<Name extends keyof typeof INPUTS> = v.InferOutput<(typeof INPUTS)[Name]>

interface TellerParts {
  readonly device: PublicKey
  readonly contacts: Contacts
  /** Where the device is now. */
  place(): Session
  /** Of what is kept to be shown at the next start some is not so any more. */
  onEdited(): void
}

/** Takes what a person filled in to the payments of the network the device is in, and says in words what went wrong. */
export class Teller {
  readonly #parts: TellerParts

  constructor(parts: TellerParts) {
    this.#parts = parts
  }

  /** @throws ApiError `cannot-pay`, `over-limit`, `bad-input`, `cancelled`, `storage-full` */
  async pay(input: Input<'pay'>, options: CallOptions): Promise<TransactionId> {
    const { payments } = this.#parts.place()
    const wish = this.#wishOf(input)
    const pay = () =>
      inWords(payments.pay(wish, input.instead as TransactionId | undefined, options), options)
    return input.by === 'app' ? stored(payments.allowance.within(input.amount, pay)) : pay()
  }

  /** @throws as `pay` */
  takeBack({ payment }: Input<'takeBack'>, options: CallOptions): Promise<TransactionId> {
    return inWords(this.#parts.place().payments.takeBack(payment as TransactionId, options), options)
  }

  /** @throws as `pay` */
  claim({ secret }: Input<'claim'>, options: CallOptions): Promise<TransactionId> {
    return inWords(this.#parts.place().payments.claim(bytesOf(secret as Hash), options), options)
  }

  /** Throws `StoreError`. */
  find(query: Input<'findPayments'>): Promise<PaymentsPage> {
    const { device, contacts } = this.#parts
    const session = this.#parts.place()
    const open = openViewsOf(device, session)
    return findPayments(query, { open, history: session.payments, device, contacts: contacts.all })
  }

  /** Throws `StoreError`. */
  explain(): Promise<BalanceExplained> {
    return explainBalance(this.#parts.device, this.#parts.place())
  }

  /** @throws ApiError `storage-full` */
  async allow(allowance: Input<'allow'>): Promise<void> {
    await stored(this.#parts.place().payments.allowance.set(allowance))
    this.#parts.onEdited()
  }

  /** @throws ApiError `bad-input`, `storage-full` */
  async name({ key, name }: Input<'nameContact'>): Promise<void> {
    await stored(this.#parts.contacts.name(key, name))
    this.#parts.onEdited()
  }

  /** @throws ApiError `storage-full` */
  async unname({ key }: Input<'removeContact'>): Promise<void> {
    await stored(this.#parts.contacts.remove(key))
    this.#parts.onEdited()
  }

  #wishOf({ to, amount, memo = '', notBeforeMs, hashlock, refundAtMs }: Input<'pay'>): Wish {
    const bytes = encodeMemo(memo)
    if ('type' in bytes)
      throw new ApiError(
        'bad-input',
        `The note is too long: it has ${bytes.bytes} bytes, and ${bytes.limit} go along. Nothing was paid.`,
      )
    return {
      to,
      amount,
      memo: bytes,
      ...(notBeforeMs !== undefined && { notBeforeMs }),
      ...(hashlock !== undefined && { hashlock: hashlock as Hash }),
      ...(refundAtMs !== undefined && { expiry: { atMs: refundAtMs, refundTo: this.#parts.device } }),
    }
  }
}

async function inWords(work: Promise<TransactionId>, { signal }: CallOptions): Promise<TransactionId> {
  try {
    return await stored(work)
  } catch (error) {
    if (signal?.aborted && error === signal.reason)
      throw new ApiError('cancelled', 'Cancelled. Nothing was paid.')
    if (error instanceof StoreError && error.kind === 'closed')
      throw new ApiError(
        'failed',
        'Weft stopped before the payment was on its way. If it is among your payments it goes on by itself: look there before you pay again.',
      )
    if (error instanceof Refused)
      throw new ApiError('cannot-pay', `${refusalWords(error.refusal)} Nothing was paid.`)
    throw error
  }
}
