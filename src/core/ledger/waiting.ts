import { decodeTransaction } from '../codec/transaction.ts'
import { transactionIdOf } from '../crypto/transaction-id.ts'
import type { CheckedBlock } from '../model/block.ts'
import type { BlockId } from '../model/id.ts'
import { TRANSACTION_BYTES_HELD_MAX } from '../model/limits.ts'
import type { AttachedTransaction } from '../model/transaction.ts'

/** Transactions in blocks that are not committed yet, held whole. */
export class WaitingTransactions {
  readonly #networkKey: Uint8Array
  readonly #waiting = new Map<BlockId, AttachedTransaction & { readonly bytes: number }>()
  #bytes = 0

  constructor(networkKey: Uint8Array) {
    this.#networkKey = networkKey
  }

  /** Whether one more of so many bytes may wait. */
  hasRoomFor(bytes: number): boolean {
    return this.#bytes + bytes <= TRANSACTION_BYTES_HELD_MAX
  }

  /** Takes in the transaction of a block. */
  add({ id, block, signers = [] }: CheckedBlock): void {
    const transaction = decodeTransaction(block.payload)
    if ('reason' in transaction) throw new Error(`block ${id} was not checked in isolation`)
    const bytes = block.payload.length
    const transactionId = transactionIdOf(this.#networkKey, transaction)
    this.#waiting.set(id, { block: id, id: transactionId, transaction, signers, bytes })
    this.#bytes += bytes
  }

  /** Hands over those that these blocks hold, in their order, and keeps them no longer. */
  take(blocks: readonly BlockId[]): readonly AttachedTransaction[] {
    const transactions: AttachedTransaction[] = []
    for (const id of blocks) {
      const found = this.#waiting.get(id)
      if (found === undefined) continue
      this.#waiting.delete(id)
      this.#bytes -= found.bytes
      transactions.push(found)
    }
    return transactions
  }
}
