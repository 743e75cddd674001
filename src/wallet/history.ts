import type { BlockId, PublicKey } from '../core/model/id.ts'
import type { HistoryEntry } from '../core/model/ledger.ts'
import type { NamedOutput, Output, TransactionId } from '../core/model/transaction.ts'
import { readMemo, type Memo } from './memo.ts'

/**
 * What an applied transaction was to a key. Money counts as its owner's until it is spent, whatever its conditions, so
 * that `received` and `came-back` less `sent` and `went-back` are all the key's unspent outputs hold.
 */
type Direction =
  | 'received'
  | 'sent'
  /** From one's own outputs to one's own. */
  | 'self'
  /** What one had sent, and its payee had not claimed in time. */
  | 'came-back'
  /** What one was sent, and did not claim in time. */
  | 'went-back'
  /** What one had sent, now claimed in time: it will not come back. */
  | 'claimed'

/** A line of the history for a person. */
export interface HistoryRow {
  readonly direction: Direction
  /** Always positive. For `self`, what it holds afterwards. */
  readonly amount: number
  /** Who paid or was paid, each once. */
  readonly counterparties: readonly PublicKey[]
  readonly memo: Memo
  readonly commit: number
  /** Commit time τ. */
  readonly atMs: number
  readonly block: BlockId
  readonly transaction: TransactionId
}

/** The rows an entry of this key's history makes: none where none of its money is touched, more where one spends a refund. */
export function rowsOf(entry: HistoryEntry, key: PublicKey): readonly HistoryRow[] {
  const { commit, atMs, block, transaction, spent, created } = entry
  const memo = readMemo(entry.memo)
  const row = (direction: Direction, amount: number, others: readonly PublicKey[]): HistoryRow[] => {
    const counterparties = [...new Set(others)].filter((other) => other !== key)
    return amount === 0 ? [] : [{ direction, amount, counterparties, memo, commit, atMs, block, transaction }]
  }

  const toMe = spent.filter(([, { owner, expiry }]) => expiry?.refundTo === key && owner !== key)
  const back = toMe.filter(([, output]) => spenderOf(output, atMs) === key)
  const claimed = toMe.filter(([, output]) => spenderOf(output, atMs) !== key)
  const lost = spent.filter(([, output]) => output.owner === key && spenderOf(output, atMs) !== key)
  const mine = spent.filter(([, output]) => spenderOf(output, atMs) === key)
  const made = created.filter(([, { owner }]) => owner === key)
  const net = sumOf(made) - sumOf(mine)
  return [
    ...row('came-back', sumOf(back), back.map(ownerOf)),
    ...row(
      'went-back',
      sumOf(lost),
      lost.map(([, output]) => spenderOf(output, atMs)),
    ),
    ...row('claimed', sumOf(claimed), claimed.map(ownerOf)),
    ...(net > 0
      ? row(
          'received',
          net,
          spent.map(([, output]) => spenderOf(output, atMs)),
        )
      : []),
    ...(net < 0 ? row('sent', -net, created.map(ownerOf)) : []),
    ...(net === 0 && back.length === 0 ? row('self', sumOf(made), []) : []),
  ]
}

/** Whose signature spent an output in a commit at `atMs`. Protocol §5. */
function spenderOf({ owner, expiry }: Output, atMs: number): PublicKey {
  return expiry !== undefined && atMs >= expiry.atMs ? expiry.refundTo : owner
}

function ownerOf([, { owner }]: NamedOutput): PublicKey {
  return owner
}

function sumOf(outputs: readonly NamedOutput[]): number {
  return outputs.reduce((sum, [, { amount }]) => sum + amount, 0)
}
