import { networkKeyOf } from '../core/crypto/hash.ts'
import { encodeTransaction } from '../core/codec/transaction.ts'
import { standingOf } from '../core/ledger/balance.ts'
import type { BlockId, PublicKey } from '../core/model/id.ts'
import type { HistoryEntry } from '../core/model/ledger.ts'
import type { Network } from '../core/model/genesis.ts'
import type { Commit } from '../core/model/proposal.ts'
import { INPUTS_MAX, type TransactionId } from '../core/model/transaction.ts'
import { StoreError, type Clock, type KeyStore, type LedgerStore } from '../ports.ts'
import { sumOf, type Coin } from '../wallet/coins.ts'
import { holdingsOf, type Holdings } from '../wallet/holdings.ts'
import { isOver, newPayment, todoOf, type Payment } from '../wallet/payment-state.ts'
import {
  draftPayment,
  draftReplacement,
  draftSweep,
  signTransaction,
  type Draft,
  type PaymentRefusal,
  type Wish,
} from '../wallet/payments.ts'
import { hashlockOf } from '../wallet/secret.ts'
import type { CallOptions } from './api.ts'
import { AllowanceBook } from './allowance-book.ts'
import type { Order } from './issuing.ts'
import type { Node } from './node.ts'
import { PaymentBook } from './payment-book.ts'
import type { PaymentNotes } from './payment-notes.ts'

/** A payment that could not be attached is tried again after this. */
const RETRY_MS = 5000

interface PaymentsParts {
  readonly network: Network
  readonly clock: Clock
  readonly keys: KeyStore
  readonly notes: PaymentNotes
  readonly ledger: LedgerStore
  readonly node: Pick<Node, 'ledger' | 'issueTransaction' | 'isOpen' | 'diverged'>
  onChanged(): void
}

/** A payment refused before anything was signed. */
export class Refused extends Error {
  readonly refusal: PaymentRefusal | { readonly type: 'not-replaceable' | 'nothing-to-claim' | 'diverged' }
  constructor(refusal: Refused['refusal']) {
    super(`The payment was refused: ${refusal.type}.`)
    this.name = 'Refused'
    this.refusal = refusal
  }
}

/** How far the work of a payment is: 0 … 1, and what is left of it on average, once there is a pace. */
export interface Attaching {
  readonly done: number
  readonly leftMs?: number
}

/** What is to be signed, and what its person is told it is. */
interface Prepared {
  readonly draft: Draft | PaymentRefusal
  readonly wish: Pick<Wish, 'to' | 'amount'>
  readonly preimages?: readonly Uint8Array[]
  /** The block of a payment it takes the place of. */
  readonly before?: BlockId
}

/**
 * The payments of this device in one network, from the wish to the commit. A signed payment is on disk before it is in
 * any block, and is only ever attached as it was signed, so that neither a restart nor a retry pays twice.
 */
export class Payments {
  readonly #parts: PaymentsParts
  readonly #book: PaymentBook
  /** What the app may pay by itself. */
  readonly allowance: AllowanceBook
  readonly #attaching = new Map<TransactionId, Attaching>()
  readonly #retryAtMs = new Map<TransactionId, number>()
  #turn: Promise<unknown> = Promise.resolve()

  constructor(parts: PaymentsParts) {
    this.#parts = parts
    this.allowance = new AllowanceBook(parts)
    this.#book = new PaymentBook({ ...parts, key: parts.keys.publicKey, onChanged: () => parts.onChanged() })
  }

  /** Takes up what was kept, and finds out what has become of it. Called once the node is open. */
  async load(): Promise<void> {
    await this.allowance.load()
    await this.#book.load((block) => this.#parts.node.isOpen(block))
    this.tick()
  }

  /** Payments that are not final, newest first, with how far the work of one being attached is. */
  open(): readonly { readonly payment: Payment; readonly attaching: Attaching | undefined }[] {
    return [...this.#book.all()]
      .reverse()
      .map((payment) => ({ payment, attaching: this.#attaching.get(payment.id) }))
  }

  /** The newest entries of the history, newest first. */
  get history(): readonly HistoryEntry[] {
    return this.#book.history
  }

  /** The last of those, where there may be older ones. */
  get older(): HistoryEntry | undefined {
    return this.#book.oldest
  }

  /** Entries of the history before one, newest first, at most `count`; from the newest on where it is left out. Throws `StoreError`. */
  entries(
    count: number,
    before: Pick<HistoryEntry, 'commit' | 'place'> | undefined,
  ): Promise<readonly HistoryEntry[]> {
    return this.#parts.ledger.history(count, before)
  }

  /** Everything this device has now. */
  holdings(): Holdings {
    const { clock, node } = this.#parts
    return holdingsOf(node.ledger.unspentOf(this.#key), this.#book.all(), this.#key, clock.nowMs())
  }

  /**
   * Pays, and resolves once a block with the payment is stored.
   *
   * @param instead a payment that is not final: at most one of the two ever is
   * @throws Refused where nothing was signed; the signal's reason where it was cancelled before any block had it, and
   *   nothing is left of it; StoreError where the node stopped or nothing could be kept: once signed it goes on later
   */
  pay(wish: Wish, instead: TransactionId | undefined, options: CallOptions = {}): Promise<TransactionId> {
    return this.#make(() => {
      const purse = { owner: this.#key, coins: this.holdings().spendable, dust: this.#dust }
      const draft =
        instead === undefined
          ? draftPayment(wish, purse)
          : draftReplacement(this.#inputsOf(instead), wish, purse)
      return { draft, wish, ...this.#before(instead) }
    }, options)
  }

  /** Pays all that a payment which is not final would spend to this device instead. Throws as `pay` does. */
  takeBack(id: TransactionId, options: CallOptions = {}): Promise<TransactionId> {
    return this.#make(
      () => ({ ...this.#sweep(this.#inputsOf(id), new Uint8Array()), ...this.#before(id) }),
      options,
    )
  }

  /** Claims all outputs of this device that a secret of 32 bytes opens. Throws as `pay` does. */
  claim(secret: Uint8Array, options: CallOptions = {}): Promise<TransactionId> {
    const hashlock = hashlockOf(secret)
    return this.#make(() => {
      const { node, clock } = this.#parts
      const locked = node.ledger
        .unspentOf(this.#key)
        .filter(([, output]) => output.hashlock === hashlock)
        .filter(([, output]) => standingOf(output, this.#key, clock.nowMs()) === 'hash-locked')
        .slice(0, INPUTS_MAX)
      if (locked.length === 0) throw new Refused({ type: 'nothing-to-claim' })
      const coins = locked.map((output): Coin => ({ output }))
      return { ...this.#sweep(coins, new Uint8Array()), preimages: [secret] }
    }, options)
  }

  /** A commit was made; the reasons of its rejections are settled. */
  onCommitted(commit: Commit): void {
    this.#book.committed(commit)
    this.tick()
  }

  /** Attaches what is in no block and may be; nothing where it is not known what this device owns. */
  tick(): void {
    if (this.#parts.node.diverged) return
    const nowMs = this.#parts.clock.nowMs()
    for (const payment of this.#book.all()) {
      if (this.#attaching.has(payment.id) || (this.#retryAtMs.get(payment.id) ?? 0) > nowMs) continue
      const todo = todoOf(payment, this.#inputs, nowMs)
      if (todo.type === 'attach') this.#attach(payment, todo).catch(() => undefined) // tried again later
    }
  }

  get #inputs() {
    return {
      get: (id: Parameters<Node['ledger']['get']>[0]) => this.#parts.node.ledger.get(id),
      pendingIn: (id: TransactionId): BlockId | undefined => this.#book.get(id)?.blocks.at(-1),
    }
  }

  async #make(prepare: () => Prepared, options: CallOptions): Promise<TransactionId> {
    const { payment, order } = await this.#exclusively(() => {
      if (this.#parts.node.diverged) throw new Refused({ type: 'diverged' })
      return this.#sign(prepare())
    })
    try {
      await this.#attach(payment, order, options)
    } catch (error) {
      const isCancelled = options.signal?.aborted && error === options.signal.reason
      if (isCancelled) await this.#book.remove(payment.id)
      if (isCancelled || error instanceof StoreError) throw error
      // a miner that failed or was busy: it is kept and attached later, and who heard of an error might pay again
    }
    return payment.id
  }

  async #sign({ draft, wish, preimages = [], before }: Prepared) {
    const { network, keys, clock } = this.#parts
    if ('type' in draft) throw new Refused(draft)
    const signed = await signTransaction(networkKeyOf(network.id), draft.essence, keys, preimages)
    const payment = newPayment(signed, wish, clock.nowMs())
    await this.#book.add(payment)
    this.#attaching.set(payment.id, { done: 0 }) // by whoever asked for it, who may cancel, and not by a tick in between
    this.#parts.onChanged()
    return { payment, order: { above: draft.above, ...(before !== undefined && { before }) } }
  }

  #sweep(coins: readonly Coin[], memo: Uint8Array): Prepared {
    const wish = { to: this.#key, amount: sumOf(coins) }
    return { draft: draftSweep(coins, { to: this.#key, memo }, this.#dust), wish }
  }

  #before(id: TransactionId | undefined): Pick<Order, 'before'> {
    const before = id === undefined ? undefined : this.#book.get(id)?.blocks.at(-1)
    return before === undefined ? {} : { before }
  }

  get #key(): PublicKey {
    return this.#parts.keys.publicKey
  }

  get #dust(): number {
    return this.#parts.network.genesis.dust
  }

  /** The coins of a payment to be replaced: all its inputs have to be there still. */
  #inputsOf(id: TransactionId): readonly Coin[] {
    const payment = this.#book.get(id)
    const inputs = payment && !isOver(payment) ? payment.transaction.inputs : []
    const coins = inputs.flatMap((input): Coin[] => {
      const output = this.#parts.node.ledger.get(input)
      return output ? [{ output: [input, output] }] : []
    })
    if (coins.length === 0 || coins.length < inputs.length) throw new Refused({ type: 'not-replaceable' })
    return coins
  }

  async #attach(payment: Payment, order: Order, options: CallOptions = {}): Promise<void> {
    const { id, transaction } = payment
    const report = (attaching: Attaching) => {
      this.#attaching.set(id, attaching)
      options.onProgress?.(attaching.done)
      this.#parts.onChanged()
    }
    report({ done: 0 })
    try {
      const block = await this.#parts.node.issueTransaction(encodeTransaction(transaction), order, {
        ...(options.signal && { signal: options.signal }),
        onProgress: (done, leftMs) => report({ done, leftMs }),
      })
      this.#book.happened({ type: 'attached', transaction: id, block })
    } catch (error) {
      this.#retryAtMs.set(id, this.#parts.clock.nowMs() + RETRY_MS)
      throw error
    } finally {
      this.#attaching.delete(id)
      this.#parts.onChanged()
    }
  }

  #exclusively<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work)
    this.#turn = turn.catch(() => undefined)
    return turn
  }
}
