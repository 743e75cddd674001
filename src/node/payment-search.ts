import type { PublicKey } from '../core/model/id.ts'
import {
  PAYMENTS_PER_PAGE,
  type ContactView,
  type PaymentsPage,
  type PaymentsPlace,
  type PaymentsQuery,
  type PaymentView,
} from './api.ts'
import { folded } from './contacts.ts'
import type { Payments } from './payments.ts'
import { placeOf, viewsOfEntry } from './wallet-view.ts'

/** Entries of the history one call looks through: some tens of milliseconds of reading. */
const ENTRIES_MAX = 2000

/** Entries read at once. */
const ENTRIES_PER_READ = 100

/** Where payments are looked for. */
export interface SearchedPayments {
  /** Those that are not final, newest first. */
  readonly open: readonly PaymentView[]
  readonly history: Pick<Payments, 'entries'>
  readonly device: PublicKey
  readonly contacts: readonly ContactView[]
}

/**
 * A page of the payments a person looks for: on the first page those that are under way, then what is final or has failed,
 * newest first. An entry's rows are never parted, and a failed payment stands where its time puts it.
 */
export async function findPayments(query: PaymentsQuery, searched: SearchedPayments): Promise<PaymentsPage> {
  const isWanted = wantedBy(query, searched.contacts)
  const { before } = query
  const open = searched.open.filter(isWanted)
  const failed = open.filter(({ state }) => state.type === 'failed')
  const underWay = before ? [] : open.filter(({ state }) => state.type !== 'failed')
  // nothing in the order is pending
  const { rows, next } = query.kind === 'pending' ? { rows: [] } : await finalRows(before, isWanted, searched)
  const between = failed.filter(
    ({ atMs }) => atMs < (before?.atMs ?? Infinity) && atMs >= (next?.atMs ?? -Infinity),
  )
  const past = [...rows, ...between].sort((a, b) => b.atMs - a.atMs)
  return { payments: [...underWay, ...past], ...(next && { before: next }) }
}

/** What is final before a place, and where to go on. */
async function finalRows(
  before: PaymentsPlace | undefined,
  isWanted: (payment: PaymentView) => boolean,
  { history, device }: SearchedPayments,
): Promise<{ readonly rows: readonly PaymentView[]; readonly next?: PaymentsPlace }> {
  const rows: PaymentView[] = []
  let last: PaymentsPlace | undefined = before
  for (let looked = 0; looked < ENTRIES_MAX; looked += ENTRIES_PER_READ) {
    const read = await history.entries(ENTRIES_PER_READ, last)
    for (const entry of read) {
      last = placeOf(entry)
      rows.push(...viewsOfEntry(entry, device).filter(isWanted))
      if (rows.length >= PAYMENTS_PER_PAGE) return { rows, next: last }
    }
    if (read.length < ENTRIES_PER_READ) return { rows }
  }
  return last ? { rows, next: last } : { rows }
}

/** Whether a payment is what a query asks for. */
export function wantedBy(
  { text = '', amount, kind }: Omit<PaymentsQuery, 'before'>,
  contacts: readonly ContactView[],
): (payment: PaymentView) => boolean {
  const wanted = folded(text.trim())
  const named = new Set(contacts.filter(({ name }) => folded(name).includes(wanted)).map(({ key }) => key))
  return (payment) => {
    if (kind !== undefined && !isOfKind(payment, kind)) return false
    if (wanted === '' || payment.amount === amount) return true
    const { who, memo, id } = payment
    return (
      who.some((key) => named.has(key) || folded(key).includes(wanted)) ||
      folded(memo).includes(wanted) ||
      id.includes(wanted)
    )
  }
}

function isOfKind({ direction, state }: PaymentView, kind: NonNullable<PaymentsQuery['kind']>): boolean {
  if (kind === 'pending') return state.type !== 'final' && state.type !== 'failed'
  const isReceived = direction === 'received' || direction === 'came-back'
  return kind === 'received' ? isReceived : !isReceived && direction !== 'self'
}
