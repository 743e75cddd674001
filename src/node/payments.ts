import { networkKeyOf } from '../core/crypto/hash.ts'
import { encodeTransaction } from '../core/codec/transaction.ts'
import { historyEntryOf } from '../core/ledger/history.ts'
import { standingOf } from '../core/ledger/balance.ts'
import type { BlockId, PublicKey } from '../core/model/id.ts'
import type { HistoryEntry } from '../core/model/ledger.ts'
import type { Network } from '../core/model/genesis.ts'
import type { Commit } from '../core/model/proposal.ts'
import { INPUTS_MAX, type TransactionId } from '../core/model/transaction.ts'
import { StoreError, type Clock, type KeyStore, type LedgerStore } from '../ports.ts'
import { sumOf, type Coin } from '../wallet/coins.ts'
import {
  advance,
  eventOf,
  isOver,
  newPayment,
  todoOf,
  type Payment,
  type PaymentEvent,
} from '../wallet/payment-state.ts'
import {
  draftPayment,
  draftReplacement,
  draftSweep,
  signTransaction,
  type Draft,
  type PaymentRefusal,
  type Wish,
} from '../wallet/payments.ts'
import { coinsOf } from '../wallet/purse.ts'
import { hashlockOf } from '../wallet/secret.ts'
import type { CallOptions } from './api.ts'
import type { Order } from './issuing.ts'
import type { Node } from './node.ts'
import type { PaymentNotes } from './payment-notes.ts'

/** Entries of the history kept in memory, and shown. */
const HISTORY_MAX = 50

/** Entries read at once while looking for what became of payments. */
const ENTRIES_PER_READ = 100

/** Failed payments kept to be shown; the oldest is forgotten first. */
const FAILED_MAX = 100

/** A payment that could not be attached is tried again after this. */
const RETRY_MS = 5000

/** How much earlier than its own creation, by this clock, a payment may have been committed. */
const CLOCK_SLACK_MS = 86_400_000

interface PaymentsParts {
  readonly network: Network
  readonly clock: Clock
  readonly keys: KeyStore
  readonly notes: PaymentNotes
  readonly ledger: LedgerStore
  readonly node: Pick<Node, 'ledger' | 'issueTransaction' | 'isOpen'>
  onChanged(): void
}

/** A payment refused before anything was signed. */
export class Refused extends Error {
  readonly refusal: PaymentRefusal | { readonly type: 'not-replaceable' | 'nothing-to-claim' }
  constructor(refusal: Refused['refusal']) {
    super(`The payment was refused: ${refusal.type}.`)
    this.name = 'Refused'
    this.refusal = refusal
  }
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
  readonly #payments = new Map<TransactionId, Payment>()
  /** Newest first. */
  #history: readonly HistoryEntry[] = []
  readonly #attaching = new Map<TransactionId, number>()
  readonly #retryAtMs = new Map<TransactionId, number>()
  #turn: Promise<unknown> = Promise.resolve()

  constructor(parts: PaymentsParts) {
    this.#parts = parts
  }

  /** Takes up what was kept, and finds out what has become of it. Called once the node is open. */
  async load(): Promise<void> {
    const { notes, ledger, node } = this.#parts
    for (const payment of await notes.load()) this.#payments.set(payment.id, payment)
    this.#history = await ledger.history(HISTORY_MAX)
    for (const entry of await this.#missed()) this.#happened(eventOf(entry))
    // the power may have gone between the note of a failure and those of what was built on it
    for (const { id, state } of [...this.#payments.values()])
      if (state.type === 'failed') this.#happened({ type: 'failed', transaction: id })
    for (const { blocks } of [...this.#payments.values()])
      for (const block of blocks) if (!node.isOpen(block)) this.#happened({ type: 'lost', block })
    this.tick()
  }

  /** Payments that are not final, newest first, with how much of the work of one being attached is done. */
  open(): readonly { readonly payment: Payment; readonly done: number | undefined }[] {
    return [...this.#payments.values()]
      .reverse()
      .map((payment) => ({ payment, done: this.#attaching.get(payment.id) }))
  }

  /** The newest entries of the history, newest first. */
  get history(): readonly HistoryEntry[] {
    return this.#history
  }

  /** Coins a payment could spend now. */
  coins(): readonly Coin[] {
    const { clock, node } = this.#parts
    const unspent = node.ledger.unspentOf(this.#key)
    return coinsOf(unspent, [...this.#payments.values()], this.#key, clock.nowMs())
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
      const purse = { owner: this.#key, coins: this.coins(), dust: this.#dust }
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
    const entries = commit.executed.flatMap(
      (executed, place) => historyEntryOf(this.#key, commit, place, executed) ?? [],
    )
    // what was derived while opening may have been on disk, and read, by now
    if (commit.index > (this.#history[0]?.commit ?? 0))
      this.#history = [...entries.reverse(), ...this.#history].slice(0, HISTORY_MAX)
    for (const executed of commit.executed)
      this.#happened({ type: 'executed', executed, commit: commit.index, atMs: commit.atMs })
    this.tick()
  }

  /** Attaches what is in no block and may be. */
  tick(): void {
    const nowMs = this.#parts.clock.nowMs()
    for (const payment of this.#payments.values()) {
      if (this.#attaching.has(payment.id) || (this.#retryAtMs.get(payment.id) ?? 0) > nowMs) continue
      const todo = todoOf(payment, this.#inputs, nowMs)
      if (todo.type === 'attach') this.#attach(payment, todo).catch(() => undefined) // tried again later
    }
  }

  get #inputs() {
    return {
      get: (id: Parameters<Node['ledger']['get']>[0]) => this.#parts.node.ledger.get(id),
      pendingIn: (id: TransactionId): BlockId | undefined => this.#payments.get(id)?.blocks.at(-1),
    }
  }

  async #make(prepare: () => Prepared, options: CallOptions): Promise<TransactionId> {
    const { payment, order } = await this.#exclusively(() => this.#sign(prepare()))
    try {
      await this.#attach(payment, order, options)
    } catch (error) {
      const isCancelled = options.signal?.aborted && error === options.signal.reason
      if (isCancelled && this.#payments.delete(payment.id)) await this.#parts.notes.remove(payment.id)
      if (isCancelled || error instanceof StoreError) throw error
      // a miner that failed or was busy: it is kept and attached later, and who heard of an error might pay again
    }
    return payment.id
  }

  async #sign({ draft, wish, preimages = [], before }: Prepared) {
    const { network, keys, notes, clock } = this.#parts
    if ('type' in draft) throw new Refused(draft)
    const signed = await signTransaction(networkKeyOf(network.id), draft.essence, keys, preimages)
    const payment = newPayment(signed, wish, clock.nowMs())
    await notes.save(payment)
    this.#payments.set(payment.id, payment)
    this.#attaching.set(payment.id, 0) // by whoever asked for it, who may cancel, and not by a tick in between
    this.#parts.onChanged()
    return { payment, order: { above: draft.above, ...(before !== undefined && { before }) } }
  }

  #sweep(coins: readonly Coin[], memo: Uint8Array): Prepared {
    const wish = { to: this.#key, amount: sumOf(coins) }
    return { draft: draftSweep(coins, { to: this.#key, memo }, this.#dust), wish }
  }

  #before(id: TransactionId | undefined): Pick<Order, 'before'> {
    const before = id === undefined ? undefined : this.#payments.get(id)?.blocks.at(-1)
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
    const payment = this.#payments.get(id)
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
    const report = (done: number) => {
      this.#attaching.set(id, done)
      options.onProgress?.(done)
      this.#parts.onChanged()
    }
    report(0)
    try {
      const block = await this.#parts.node.issueTransaction(encodeTransaction(transaction), order, {
        ...(options.signal && { signal: options.signal }),
        onProgress: report,
      })
      this.#happened({ type: 'attached', transaction: id, block })
    } catch (error) {
      this.#retryAtMs.set(id, this.#parts.clock.nowMs() + RETRY_MS)
      throw error
    } finally {
      this.#attaching.delete(id)
      this.#parts.onChanged()
    }
  }

  #happened(event: PaymentEvent): void {
    for (const payment of [...this.#payments.values()]) {
      const next = advance(payment, event)
      if (next === payment) continue
      this.#payments.set(payment.id, next)
      void this.#keep(next)
      if (next.state.type === 'final') this.#payments.delete(payment.id) // from here on it is in the history
      if (next.state.type === 'failed') this.#happened({ type: 'failed', transaction: payment.id })
    }
    this.#parts.onChanged()
  }

  /** What a full disk refuses is found out again at the next start. */
  async #keep(payment: Payment): Promise<void> {
    const { notes } = this.#parts
    try {
      await (payment.state.type === 'final' ? notes.remove(payment.id) : notes.save(payment))
      const failed = [...this.#payments.values()].filter(({ state }) => state.type === 'failed')
      for (const { id } of failed.slice(0, Math.max(0, failed.length - FAILED_MAX)))
        if (this.#payments.delete(id)) await notes.remove(id)
    } catch (error) {
      if (!(error instanceof StoreError)) throw error
    }
  }

  /** Entries of the history since the oldest open payment, oldest first. */
  async #missed(): Promise<readonly HistoryEntry[]> {
    const open = [...this.#payments.values()].filter((payment) => !isOver(payment))
    const sinceMs = Math.min(...open.map(({ createdAtMs }) => createdAtMs)) - CLOCK_SLACK_MS
    const missed: HistoryEntry[] = []
    while (open.length > 0) {
      const page = await this.#parts.ledger.history(ENTRIES_PER_READ, missed.at(-1))
      missed.push(...page)
      if (page.length < ENTRIES_PER_READ || (page.at(-1)?.atMs ?? 0) < sinceMs) break
    }
    return missed.reverse()
  }

  #exclusively<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work)
    this.#turn = turn.catch(() => undefined)
    return turn
  }
}
