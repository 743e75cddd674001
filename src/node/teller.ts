import type * as v from 'valibot'
import { bytesOf } from '../core/codec/hex.ts'
import type { Hash, PublicKey } from '../core/model/id.ts'
import type { TransactionId } from '../core/model/transaction.ts'
import { encodeMemo } from '../wallet/memo.ts'
import type { Wish } from '../wallet/payments.ts'
import { StoreError } from '../ports.ts'
import { ApiError, type CallOptions } from './api.ts'
import type { INPUTS } from './inputs.ts'
import { Refused, type Payments } from './payments.ts'
import { stored } from './storage-errors.ts'

type Input<Name extends keyof typeof INPUTS> = v.InferOutput<(typeof INPUTS)[Name]>

/** Takes what a person filled in to the payments of the network the device is in, and says in words what went wrong. */
export class Teller {
  readonly #device: PublicKey
  readonly #payments: () => Payments

  constructor(device: PublicKey, payments: () => Payments) {
    this.#device = device
    this.#payments = payments
  }

  /** @throws ApiError `cannot-pay`, `bad-input`, `cancelled`, `storage-full` */
  pay(input: Input<'pay'>, options: CallOptions): Promise<TransactionId> {
    const instead = input.instead as TransactionId | undefined
    return inWords(this.#payments().pay(this.#wishOf(input), instead, options), options)
  }

  /** @throws as `pay` */
  takeBack({ payment }: Input<'takeBack'>, options: CallOptions): Promise<TransactionId> {
    return inWords(this.#payments().takeBack(payment as TransactionId, options), options)
  }

  /** @throws as `pay` */
  claim({ secret }: Input<'claim'>, options: CallOptions): Promise<TransactionId> {
    return inWords(this.#payments().claim(bytesOf(secret as Hash), options), options)
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
      ...(refundAtMs !== undefined && { expiry: { atMs: refundAtMs, refundTo: this.#device } }),
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
      throw new ApiError('cannot-pay', `${wordsOf(error.refusal)} Nothing was paid.`)
    throw error
  }
}

function wordsOf(refusal: Refused['refusal']): string {
  switch (refusal.type) {
    case 'amount-is-dust':
      return 'The amount is below the least this network pays.'
    case 'too-little':
      return 'There is not that much to spend. Money that leaves or arrives with payments under way counts once they are final.'
    case 'change-is-dust':
      return 'What would be left is below the least this network keeps. Pay a little less, or all of it.'
    case 'too-many-coins':
      return 'The money lies in too many small pieces for one payment. Pay a part of it to yourself first, which joins them.'
    case 'expires-before-due':
      return 'It would come back before it could be spent. Choose a later time for it to come back.'
    case 'not-replaceable':
      return 'This payment cannot be taken back now: it is final, what it spends is gone, or it spends what another payment has not made final yet.'
    case 'nothing-to-claim':
      return 'No money of this device is locked by this secret.'
    case 'diverged':
      return 'Payments are stopped on this device: validators of more than a third of the weight have signed another order of payments than the one it has. What it has is kept. Update Weft, or ask whoever runs the network.'
  }
}
