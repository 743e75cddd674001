import { encodeDidKey } from '../core/codec/did-key.ts'
import { balanceOf } from '../core/ledger/balance.ts'
import type { PublicKey } from '../core/model/id.ts'
import { sumOf } from '../wallet/coins.ts'
import { rowsOf, type HistoryRow } from '../wallet/history.ts'
import { readMemo, type Memo } from '../wallet/memo.ts'
import type { Payment } from '../wallet/payment-state.ts'
import type { BalanceView, PaymentView, PaymentViewState, WalletView } from './api.ts'
import type { Attaching } from './payments.ts'
import type { Session } from './session.ts'

/** Money and payments of this device in the network it is in. */
export function walletOf(device: PublicKey, session: Session, nowMs: number): WalletView {
  const { payments } = session
  return {
    balance: balanceViewOf(device, session, nowMs),
    payments: [
      ...payments.open().map(({ payment, attaching }) => viewOfOpen(device, payment, attaching, session)),
      ...payments.history.flatMap((entry) => rowsOf(entry, device).map(viewOfRow)),
    ],
  }
}

/** By this clock, as coins are chosen by it: the newest commit may be long ago. */
function balanceViewOf(device: PublicKey, { node, payments }: Session, nowMs: number): BalanceView {
  const { spendable, timeLocked, hashLocked, refundable } = balanceOf(
    node.ledger.unspentOf(device),
    device,
    nowMs,
  )
  const free = sumOf(payments.coins())
  return {
    spendable: free,
    leaving: Math.max(0, spendable - free),
    locked: timeLocked + hashLocked,
    refundable,
  }
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

function memoWords(memo: Memo): string {
  return memo.type === 'text' ? memo.text : memo.hex
}
