/**
 * A request to be paid, as a link: `<address of the app>#pay=<did:key>?amount=2.5&memo=Eggs&network=<id>`. All after the
 * did:key may be left out, comes in any order, and is a stranger's word. What is not understood is passed over: the form it
 * is filled into shows what was, and nothing is paid before its person says so.
 */
import { MEMO_BYTES_MAX } from '../core/model/transaction.ts'
import { parseAmount, writeAmount } from './amount.ts'
import { readDidKey } from './committee.ts'
import { noteWords } from './payment-words.ts'

export interface PaymentRequest {
  /** The payee's did:key. */
  readonly to: string
  /** Units. */
  readonly amount?: number
  readonly memo?: string
  /** The network the money is to be of, 64 hex digits. */
  readonly network?: string
}

/** Characters of a link that are looked at: a note of 256 bytes takes 768, the rest some 200. */
const LINK_CHARACTERS_MAX = 2048

/** As `writeAmount` writes it, so that no language reads another number. */
const AMOUNT = /^\d{1,10}(?:\.\d{1,6})?$/

const NETWORK = /^[0-9a-f]{64}$/

/** The link that asks for a payment. `app`: the address of the app, without a fragment. */
export function writeRequest(app: string, { to, amount, memo, network }: PaymentRequest): string {
  const params = new URLSearchParams({
    ...(amount !== undefined && { amount: writeAmount(amount) }),
    ...(memo !== undefined && { memo }),
    ...(network !== undefined && { network }),
  })
  const query = params.toString()
  return `${app}#pay=${to}${query === '' ? '' : `?${query}`}`
}

/** The request in a link, in the part of one behind `#pay=`, or in a did:key alone; nothing where there is none. */
export function readRequest(text: string): PaymentRequest | undefined {
  const trimmed = text.trim()
  if (trimmed.length > LINK_CHARACTERS_MAX) return undefined
  const asked = trimmed.slice(trimmed.indexOf('#pay=') < 0 ? 0 : trimmed.indexOf('#pay=') + '#pay='.length)
  const [key = '', ...rest] = asked.split('?')
  const to = readDidKey(key)
  if (to === undefined) return undefined
  const params = new URLSearchParams(rest.join('?'))
  const amount = parseAmount(match(params.get('amount'), AMOUNT) ?? '')
  const memo = noteWords(params.get('memo') ?? '')
  const network = match(params.get('network'), NETWORK)
  return {
    to,
    ...(typeof amount === 'number' && { amount }),
    ...(memo !== '' && new TextEncoder().encode(memo).length <= MEMO_BYTES_MAX && { memo }),
    ...(network !== undefined && { network }),
  }
}

function match(value: string | null, form: RegExp): string | undefined {
  return value !== null && form.test(value) ? value : undefined
}
