import type { PublicKey } from '../model/id.ts'
import type { HistoryEntry } from '../model/ledger.ts'
import type { Commit } from '../model/proposal.ts'
import type { Executed } from '../model/transaction.ts'
import { keysOf } from './outputs.ts'

/**
 * What a transaction means to a key, if it was applied and an output it spent or made has the key as owner or as the
 * one it falls back to. The entry has all its outputs, so that it also shows who paid whom.
 *
 * @param place its place among the commit's transactions
 */
export function historyEntryOf(
  key: PublicKey,
  { index, atMs }: Pick<Commit, 'index' | 'atMs'>,
  place: number,
  { block, transaction, memo, verdict }: Executed,
): HistoryEntry | undefined {
  if (verdict.type === 'rejected') return undefined
  const { spent, created } = verdict
  if (![...spent, ...created].some(([, output]) => keysOf(output).includes(key))) return undefined
  return { commit: index, place, atMs, block, transaction, memo, spent, created }
}
