import { settleRejection } from '../../src/core/ledger/settle.ts'
import type { Network } from '../../src/core/model/genesis.ts'
import type { Commit } from '../../src/core/model/proposal.ts'
import { outputIdOf, type OutputId, type TransactionId } from '../../src/core/model/transaction.ts'

interface Applied {
  readonly outputs: number
  readonly index: number
  readonly place: number
}

/** Follows the money by itself through the one order, so that no ledger has to be believed. */
export class Money {
  readonly #unspent: Map<OutputId, number>
  readonly #applied = new Map<TransactionId, Applied>()

  constructor({ id, genesis }: Network) {
    this.#unspent = new Map(genesis.outputs.map(({ amount }, index) => [outputIdOf(id, index), amount]))
  }

  /** Unspent outputs. */
  get unspent(): number {
    return this.#unspent.size
  }

  /** Takes a commit in. Says where something is spent that was not there, or a unit is made or lost. */
  fold({ index, executed }: Commit): string[] {
    const faults: string[] = []
    for (const [place, { transaction, verdict }] of executed.entries()) {
      if (verdict.type === 'rejected') continue
      let left = 0
      for (const [id, { amount }] of verdict.spent) {
        if (this.#unspent.get(id) !== amount) faults.push(`${id} is spent and was not there`)
        this.#unspent.delete(id)
        left += amount
      }
      for (const [id, { amount }] of verdict.created) {
        this.#unspent.set(id, amount)
        left -= amount
      }
      if (left !== 0) faults.push(`${transaction} loses ${left}`)
      this.#applied.set(transaction, { outputs: verdict.created.length, index, place })
    }
    return faults
  }

  /** What became of each transaction of a commit. Engines forget old ones, so reasons are settled first. */
  verdictsOf({ index, executed }: Commit): string {
    const settled = executed.map((each, place) =>
      settleRejection(each, (id) => {
        const applied = this.#applied.get(id)
        const isBefore =
          applied && (applied.index < index || (applied.index === index && applied.place < place))
        return isBefore ? applied.outputs : undefined
      }),
    )
    return settled.map(({ verdict }) => (verdict.type === 'applied' ? 'applied' : verdict.reason)).join()
  }
}
