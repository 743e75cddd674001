import { bytesOf, transactionIdFrom } from '../codec/hex.ts'
import { encodeTransactionEssence } from '../codec/transaction.ts'
import type { TransactionEssence, TransactionId } from '../model/transaction.ts'
import { hash, tagged } from './hash.ts'

/** txId = H(essence ‖ 'T'). Unlocks and preimages do not change it. Protocol §5. */
export function transactionIdOf(networkKey: Uint8Array, essence: TransactionEssence): TransactionId {
  return transactionIdFrom(hash(networkKey, 'transaction', encodeTransactionEssence(essence)))
}

/** What an unlock's signature is over: `'T' ‖ transaction id`, 33 bytes. Protocol §3, §5. */
export function unlockMessage(id: TransactionId): Uint8Array {
  return tagged('transaction', bytesOf(id))
}
