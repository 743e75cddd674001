import { networkKeyOf } from '../crypto/hash.ts'
import type { Network } from '../model/genesis.ts'
import type { PublicKey } from '../model/id.ts'
import {
  outputIdOf,
  type AttachedTransaction,
  type Executed,
  type NamedOutput,
  type Output,
  type OutputId,
  type TransactionId,
} from '../model/transaction.ts'
import { AppliedTransactions } from './applied.ts'
import { executeTransaction, type Before } from './execute.ts'
import { UnspentOutputs } from './outputs.ts'
import { StateDigest } from './state-digest.ts'

/** Who owns what: a fold over the transactions in the one order. Synchronous, and alike on every node. Protocol §5, §6. */
export class Ledger {
  readonly #network: Network
  readonly #unspent = new UnspentOutputs()
  readonly #digest: StateDigest
  readonly #applied = new AppliedTransactions()
  /** What the genesis made: no transaction adds to it or takes from it. */
  readonly supply: number

  /** Starts from the outputs of the genesis; `kept` is for `from`. */
  constructor(
    network: Network,
    kept?: { readonly lanes: Uint8Array; readonly unspent: Iterable<NamedOutput> },
  ) {
    this.#network = network
    this.supply = network.genesis.outputs.reduce((sum, { amount }) => sum + amount, 0)
    this.#digest = new StateDigest(networkKeyOf(network.id), kept?.lanes)
    for (const output of kept?.unspent ?? genesisOutputs(network)) {
      this.#unspent.add(output)
      if (kept === undefined) this.#digest.add(output)
    }
    this.#assertSupply()
  }

  /**
   * Goes on from a state as `lanes()` and `unspent()` gave it. The two are taken to belong together: to compute the
   * lanes anew would cost a long hash for each output. What was applied is forgotten (`settle.ts`).
   *
   * @param lanes 2048 bytes
   * @throws Error if the outputs do not add up to the supply, or one is named twice
   */
  static from(network: Network, lanes: Uint8Array, unspent: Iterable<NamedOutput>): Ledger {
    return new Ledger(network, { lanes, unspent })
  }

  /** Unspent outputs. */
  get size(): number {
    return this.#unspent.size
  }

  /**
   * Executes the transactions of one commit in their order, at its time τ. A rejection may still need settling
   * (`settle.ts`).
   *
   * @throws Error if the supply is not what it was: our own bug
   */
  execute(transactions: readonly AttachedTransaction[], atMs: number): readonly Executed[] {
    const before: Before = {
      unspent: (id) => this.#unspent.get(id),
      outputsOf: (id) => this.#outputsOf(id),
      atMs,
      dust: this.#network.genesis.dust,
    }
    const executed = transactions.map((attached) => {
      const result = executeTransaction(attached, before)
      this.#apply(result)
      return result
    })
    this.#assertSupply()
    return executed
  }

  /** The digest of the unspent outputs: 32 bytes. Protocol §6. */
  stateDigest(): Uint8Array {
    return this.#digest.digest()
  }

  /** A copy of the lanes of the state's LtHash: 2048 bytes. Protocol §6. */
  lanes(): Uint8Array<ArrayBuffer> {
    return this.#digest.lanes()
  }

  /** An output, while it is unspent. */
  get(id: OutputId): Output | undefined {
    return this.#unspent.get(id)
  }

  /** The unspent outputs a key owns or gets back at their expiry, in no order that means anything. */
  unspentOf(key: PublicKey): NamedOutput[] {
    return this.#unspent.of(key)
  }

  /** All unspent outputs. The ledger must not execute while they are walked. */
  unspent(): Iterable<NamedOutput> {
    return this.#unspent.all()
  }

  #outputsOf(id: TransactionId): number | undefined {
    const isGenesis = (id as string) === this.#network.id
    return isGenesis ? this.#network.genesis.outputs.length : this.#applied.outputsOf(id)
  }

  #apply({ transaction, verdict }: Executed): void {
    if (verdict.type === 'rejected') return
    for (const output of verdict.spent) {
      this.#unspent.remove(output[0])
      this.#digest.remove(output)
    }
    for (const output of verdict.created) {
      this.#unspent.add(output)
      this.#digest.add(output)
    }
    this.#applied.add(transaction, verdict.created.length)
  }

  #assertSupply(): void {
    if (this.#unspent.supply !== this.supply)
      throw new Error(`${this.#unspent.supply} unspent of a supply of ${this.supply}`)
  }
}

/** What the genesis made, with its names. */
export function genesisOutputs({ id, genesis }: Network): NamedOutput[] {
  return genesis.outputs.map((output, index) => [outputIdOf(id, index), output])
}
