/** What a person fills in to pay, checked field by field before the peer gets it. */
import type { PayInput } from '../node/api.ts'
import { MEMO_BYTES_MAX } from '../core/model/transaction.ts'
import { amountFaultWords, amountWords, numberWords } from './amount-words.ts'
import { parseAmount } from './amount.ts'
import { readDidKey } from './committee.ts'
import type { PaymentRequest } from './payment-link.ts'
import type { Secret } from './secret.ts'
import { payingText } from './texts/paying/text.ts'

/** The fields as typed. Times as `datetime-local` gives them: `2026-03-01T08:30` in local time, or empty. */
export interface SendForm {
  readonly to: string
  readonly amount: string
  readonly memo: string
  readonly notBefore: string
  readonly refundAt: string
  readonly hashlock: string
}

export const EMPTY_FORM: SendForm = {
  to: '',
  amount: '',
  memo: '',
  notBefore: '',
  refundAt: '',
  hashlock: '',
}

/** The secret that opens what the form locks, where it is the one that was made for it. */
export function secretOf({ hashlock }: SendForm, made: Secret | undefined): Secret | undefined {
  return made !== undefined && made.hashlock === readHex32(hashlock) ? made : undefined
}

/** The form with what a request asks for in it; what it does not name stays as it was. */
export function withRequest(form: SendForm, { to, amount, memo }: PaymentRequest): SendForm {
  return {
    ...form,
    to,
    ...(amount !== undefined && { amount: numberWords(amount) }),
    ...(memo !== undefined && { memo }),
  }
}

/** What is wrong with each field that is wrong, in words. */
export type SendFaults = { readonly [field in keyof SendForm]?: string }

/** What `readSecret` and the field for a secret's hash take: 32 bytes. */
const HEX_32 = /^[0-9a-f]{64}$/

/** 32 bytes as 64 hex digits in lower case, or nothing where `text` is anything else. */
export function readHex32(text: string): string | undefined {
  const hex = text.trim().toLowerCase()
  return HEX_32.test(hex) ? hex : undefined
}

/** A local time in Unix milliseconds; nothing where none is given or none can be read. */
function readTime(text: string): number | undefined {
  const atMs = new Date(text).getTime()
  return Number.isNaN(atMs) ? undefined : atMs
}

/**
 * The payment the form describes, or what is wrong with it. What only the ledger can tell is left to the peer.
 *
 * @param spendable units that can be spent now; undefined where only the peer can tell
 */
export function readSendForm(
  form: SendForm,
  spendable: number | undefined,
  nowMs: number,
): PayInput | { readonly faults: SendFaults } {
  const text = payingText()
  const to = readDidKey(form.to)
  const amount = parseAmount(form.amount)
  const notBeforeMs = readTime(form.notBefore)
  const refundAtMs = readTime(form.refundAt)
  const hashlock = readHex32(form.hashlock)
  const faults: SendFaults = {
    ...(to === undefined && { to: text.noId }),
    ...(typeof amount === 'object' && { amount: amountFaultWords(amount) }),
    ...(spendable !== undefined &&
      typeof amount === 'number' &&
      amount > spendable && { amount: text.notThatMuch(amountWords(spendable)) }),
    ...(memoBytes(form.memo) > MEMO_BYTES_MAX && { memo: text.noteTooLong }),
    ...(refundAtMs !== undefined && refundAtMs <= nowMs && { refundAt: text.timeOver }),
    ...(refundAtMs !== undefined &&
      notBeforeMs !== undefined &&
      refundAtMs <= notBeforeMs && { refundAt: text.backTooEarly }),
    ...(form.hashlock.trim() !== '' && hashlock === undefined && { hashlock: text.noHash }),
  }
  if (Object.keys(faults).length > 0 || to === undefined || typeof amount === 'object') return { faults }
  return {
    to,
    amount,
    ...(form.memo.trim() !== '' && { memo: form.memo.trim() }),
    ...(notBeforeMs !== undefined && { notBeforeMs }),
    ...(refundAtMs !== undefined && { refundAtMs }),
    ...(hashlock !== undefined && { hashlock }),
  }
}

function memoBytes(memo: string): number {
  return new TextEncoder().encode(memo.trim()).length
}
