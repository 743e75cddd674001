import { historyEntryOf } from '../core/ledger/history.ts'
import type { BlockId, PublicKey } from '../core/model/id.ts'
import type { HistoryEntry } from '../core/model/ledger.ts'
import type { Commit } from '../core/model/proposal.ts'
import type { TransactionId } from '../core/model/transaction.ts'
import { StoreError, type LedgerStore } from '../ports.ts'
import { advance, eventOf, isOver, type Payment, type PaymentEvent } from '../wallet/payment-state.ts'
import type { PaymentNotes } from './payment-notes.ts'

/** Entries of the history kept in memory, and shown. */
const HISTORY_MAX = 50

/** Entries read at once while looking for what became of payments. */
const ENTRIES_PER_READ = 100

/** Failed payments kept to be shown; the oldest is forgotten first. */
const FAILED_MAX = 100

/** How much earlier than its own creation, by this clock, a payment may have been committed. */
const CLOCK_SLACK_MS = 86_400_000

interface PaymentBookParts {
  readonly key: PublicKey
  readonly notes: PaymentNotes
  readonly ledger: Pick<LedgerStore, 'history'>
  onChanged(): void
}

/** What has become of this device's payments in one network: those under way, on disk too, and the history. */
export class PaymentBook {
  readonly #parts: PaymentBookParts
  /** In the order of their making. */
  readonly #payments = new Map<TransactionId, Payment>()
  /** Newest first. */
  #history: readonly HistoryEntry[] = []

  constructor(parts: PaymentBookParts) {
    this.#parts = parts
  }

  /**
   * Takes up what was kept, and finds out what has become of it.
   *
   * @param isOpen whether a block is here and in no commit
   */
  async load(isOpen: (block: BlockId) => boolean): Promise<void> {
    const { notes, ledger } = this.#parts
    for (const payment of await notes.load()) this.#payments.set(payment.id, payment)
    this.#history = await ledger.history(HISTORY_MAX)
    for (const entry of await this.#missed()) this.happened(eventOf(entry))
    // the power may have gone between the note of a failure and those of what was built on it
    for (const { id, state } of this.all())
      if (state.type === 'failed') this.happened({ type: 'failed', transaction: id })
    for (const { blocks } of this.all())
      for (const block of blocks) if (!isOpen(block)) this.happened({ type: 'lost', block })
  }

  /** Payments that are not final, oldest first. */
  all(): readonly Payment[] {
    return [...this.#payments.values()]
  }

  get(id: TransactionId): Payment | undefined {
    return this.#payments.get(id)
  }

  /** The newest entries of the history, newest first. */
  get history(): readonly HistoryEntry[] {
    return this.#history
  }

  /** The last of those, where there may be older ones. */
  get oldest(): HistoryEntry | undefined {
    return this.#history.length < HISTORY_MAX ? undefined : this.#history.at(-1)
  }

  /** Takes a new payment, which is on disk once it resolves. Throws `StoreError`. */
  async add(payment: Payment): Promise<void> {
    await this.#parts.notes.save(payment)
    this.#payments.set(payment.id, payment)
  }

  /** Forgets a payment that is in no block. */
  async remove(id: TransactionId): Promise<void> {
    if (this.#payments.delete(id)) await this.#parts.notes.remove(id)
  }

  /** A commit was made; the reasons of its rejections are settled. */
  committed(commit: Commit): void {
    const entries = commit.executed.flatMap(
      (executed, place) => historyEntryOf(this.#parts.key, commit, place, executed) ?? [],
    )
    // what was derived while opening may have been on disk, and read, by now
    if (commit.index > (this.#history[0]?.commit ?? 0))
      this.#history = [...entries.reverse(), ...this.#history].slice(0, HISTORY_MAX)
    for (const executed of commit.executed)
      this.happened({ type: 'executed', executed, commit: commit.index, atMs: commit.atMs })
  }

  /** Tells every payment of an event, and those built on one that fails. */
  happened(event: PaymentEvent): void {
    for (const payment of this.all()) {
      const next = advance(payment, event)
      if (next === payment) continue
      this.#payments.set(payment.id, next)
      void this.#keep(next)
      if (next.state.type === 'final') this.#payments.delete(payment.id) // from here on it is in the history
      if (next.state.type === 'failed') this.happened({ type: 'failed', transaction: payment.id })
    }
    this.#parts.onChanged()
  }

  /** What a full disk refuses is found out again at the next start. */
  async #keep(payment: Payment): Promise<void> {
    const { notes } = this.#parts
    try {
      await (payment.state.type === 'final' ? notes.remove(payment.id) : notes.save(payment))
      const failed = this.all().filter(({ state }) => state.type === 'failed')
      for (const { id } of failed.slice(0, Math.max(0, failed.length - FAILED_MAX))) await this.remove(id)
    } catch (error) {
      if (!(error instanceof StoreError)) throw error
    }
  }

  /** Entries of the history since the oldest open payment, oldest first. */
  async #missed(): Promise<readonly HistoryEntry[]> {
    const open = this.all().filter((payment) => !isOver(payment))
    const sinceMs = Math.min(...open.map(({ createdAtMs }) => createdAtMs)) - CLOCK_SLACK_MS
    const missed: HistoryEntry[] = []
    while (open.length > 0) {
      const page = await this.#parts.ledger.history(ENTRIES_PER_READ, missed.at(-1))
      missed.push(...page)
      if (page.length < ENTRIES_PER_READ || (page.at(-1)?.atMs ?? 0) < sinceMs) break
    }
    return missed.reverse()
  }
}
