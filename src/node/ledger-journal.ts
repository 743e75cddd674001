import { historyEntryOf } from '../core/ledger/history.ts'
import { genesisOutputs } from '../core/ledger/ledger.ts'
import { settleRejection, unsettledIds } from '../core/ledger/settle.ts'
import type { Network } from '../core/model/genesis.ts'
import type { PublicKey } from '../core/model/id.ts'
import type { LedgerHead } from '../core/model/ledger.ts'
import type { Commit } from '../core/model/proposal.ts'
import type { Executed, OutputId } from '../core/model/transaction.ts'
import { StoreError, type LedgerStep, type LedgerStore } from '../ports.ts'

/** What the engine says of the order right after the commits of a step. */
interface StepFacts {
  readonly head: LedgerHead
  readonly blocksNeeded: number
  readonly blocksStored: number
  /** Whose history is kept. */
  readonly key: PublicKey
  readonly network: Network
}

interface Entry {
  readonly step: LedgerStep
  readonly commits: readonly Commit[]
  /** Resolves once the blocks of these commits are stored. */
  readonly ready: Promise<void>
  isTold: boolean
}

/** What some commits changed, to be called while the ledger stands right after the last of them. */
export function stepOf(commits: readonly Commit[], facts: StepFacts): LedgerStep {
  const { head, blocksNeeded, blocksStored, key, network } = facts
  const spent = new Set<OutputId>()
  // a store that is empty has not even what the genesis made
  const before = commits[0]?.index === 1 ? genesisOutputs(network) : []
  const created = new Map(before.map((output) => [output[0], output]))
  const applied: (readonly [Executed['transaction'], number])[] = []
  for (const { transaction, verdict } of commits.flatMap(({ executed }) => executed)) {
    if (verdict.type === 'rejected') continue
    for (const [id] of verdict.spent) if (!created.delete(id)) spent.add(id)
    for (const output of verdict.created) created.set(output[0], output)
    applied.push([transaction, verdict.created.length])
  }
  return {
    commits: commits.map(({ index, leader, round, atMs, digest, blocks }) => ({
      ...{ index, leader, round, atMs, digest, blocks },
      blocksStored,
    })),
    head,
    blocksNeeded,
    spent: [...spent],
    created: [...created.values()],
    applied,
    history: commits.flatMap((commit) =>
      commit.executed.flatMap((executed, place) => historyEntryOf(key, commit, place, executed) ?? []),
    ),
  }
}

/**
 * Commits on their way to disk, in order and none ahead of its blocks. Where the disk refuses they wait: after a crash
 * they are derived again from the blocks.
 */
export class LedgerJournal {
  readonly #store: LedgerStore
  readonly #onCommitted: (commit: Commit) => void
  readonly #queue: Entry[] = []
  #writing = false
  #failing = false

  /** @param onCommitted called once for each commit, in order, with the reason of every rejection settled */
  constructor(store: LedgerStore, onCommitted: (commit: Commit) => void) {
    this.#store = store
    this.#onCommitted = onCommitted
  }

  /** Whether the disk refused last time: commits wait, and nobody is told of the later ones. */
  get isFailing(): boolean {
    return this.#failing
  }

  take(step: LedgerStep, commits: readonly Commit[], ready: Promise<void>): void {
    ready.catch(() => undefined) // whoever appended the blocks hears of it; the commit is let go of below
    this.#queue.push({ step, commits, ready, isTold: false })
    void this.retry()
  }

  /** Writes what waits, until it is all written or the disk refuses. */
  async retry(): Promise<void> {
    if (this.#writing) return
    this.#writing = true
    try {
      for (let entry = this.#queue[0]; entry !== undefined; entry = this.#queue[0]) {
        await entry.ready
        await this.#tell(entry)
        await this.#store.append(entry.step)
        this.#queue.shift()
      }
      this.#failing = false
    } catch (error) {
      if (!(error instanceof StoreError)) throw error
      this.#failing = error.kind !== 'closed' // it waits for the next retry
    } finally {
      this.#writing = false
    }
  }

  async #tell(entry: Entry): Promise<void> {
    if (entry.isTold) return
    const settled: Commit[] = []
    for (const commit of entry.commits) {
      const executed = await Promise.all(commit.executed.map((each) => this.#settle(each)))
      settled.push({ ...commit, executed })
    }
    entry.isTold = true
    for (const commit of settled) this.#onCommitted(commit)
  }

  /** Asked before the step itself is written, so that only what was applied before counts. */
  async #settle(executed: Executed): Promise<Executed> {
    const ids = unsettledIds(executed)
    if (ids.length === 0) return executed
    const counts = await this.#store.applied(ids)
    const known = new Map(ids.map((id, i) => [id, counts[i]]))
    return settleRejection(executed, (id) => known.get(id))
  }
}
