import { encodeDidKey } from '../core/codec/did-key.ts'
import type { PublicKey } from '../core/model/id.ts'
import type { HistoryEntry } from '../core/model/ledger.ts'
import { balanceOf } from '../wallet/holdings.ts'
import { rowsOf, type HistoryRow } from '../wallet/history.ts'
import { readMemo, type Memo } from '../wallet/memo.ts'
import type { Payment } from '../wallet/payment-state.ts'
import type { PaymentsPlace, PaymentView, PaymentViewState, WalletView } from './api.ts'
import type { Attaching } from './payments.ts'
import type { Session } from './session.ts'

/** Money and payments of this device in the network it is in. */
export function walletOf(device: PublicKey, session: Session): WalletView {
  const { payments } = session
  const { older } = payments
  return {
    balance: balanceOf(payments.holdings()),
    payments: [
      ...openViewsOf(device, session),
      ...payments.history.flatMap((entry) => viewsOfEntry(entry, device)),
    ],
    ...(older && { older: placeOf(older) }),
    allowance: payments.allowance.view,
  }
}

/** Payments of this device that are not final, newest first. */
export function openViewsOf(device: PublicKey, session: Session): readonly PaymentView[] {
  return session.payments
    .open()
    .map(({ payment, attaching }) => viewOfOpen(device, payment, attaching, session))
}

/** What an entry of the history was to this device: none, one or more payments. */
export function viewsOfEntry(entry: HistoryEntry, device: PublicKey): readonly PaymentView[] {
  return rowsOf(entry, device).map(viewOfRow)
}

/** Where the history goes on after an entry. */
export function placeOf({ commit, place, atMs }: HistoryEntry): PaymentsPlace {
  return { commit, place, atMs }
}

function viewOfOpen(
  device: PublicKey,
  payment: Payment,
  attaching: Attaching | undefined,
  session: Session,
): PaymentView {
  const { id, to, amount, transaction, createdAtMs } = payment
  return {
    id,
    direction: to === device ? 'self' : 'sent',
    amount,
    who: to === device ? [] : [encodeDidKey(to)],
    memo: memoWords(readMemo(transaction.memo)),
    atMs: createdAtMs,
    state: stateOf(payment, attaching, session),
  }
}

function stateOf(
  { state, blocks }: Payment,
  attaching: Attaching | undefined,
  { node }: Session,
): PaymentViewState {
  if (attaching !== undefined) return { type: 'working', ...attaching }
  switch (state.type) {
    case 'working':
      return { type: 'working', done: 0 }
    case 'pending': {
      const newest = blocks.at(-1)
      return { type: 'pending', heldBy: newest === undefined ? 0 : node.holders.countOf(newest) }
    }
    case 'final':
      return { type: 'final', commit: state.commit }
    case 'rejected':
    case 'failed':
      return { type: state.type, reason: state.reason } as PaymentViewState
  }
}

function viewOfRow({ direction, amount, counterparties, memo, commit, atMs, transaction }: HistoryRow) {
  const who = counterparties.map(encodeDidKey)
  const state = { type: 'final', commit } as const
  return { id: transaction, direction, amount, who, memo: memoWords(memo), atMs, state }
}

/** A memo as it is shown: hex digits where it is no text. */
export function memoWords(memo: Memo): string {
  return memo.type === 'text' ? memo.text : memo.hex
}
