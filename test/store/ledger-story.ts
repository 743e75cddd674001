/** A ledger told step by step, with what a store that was handed each step is to hold. Runs in a page as well. */
import type { Hash, PublicKey } from '../../src/core/model/id.ts'
import type { HistoryEntry } from '../../src/core/model/ledger.ts'
import {
  outputIdOf,
  type NamedOutput,
  type Output,
  type OutputId,
  type TransactionId,
} from '../../src/core/model/transaction.ts'
import type { LedgerStep, LedgerStore, StoredCommit, StoredLedger } from '../../src/ports.ts'
import { checkSame, seededWords, standInId } from './cases.ts'

/** How much is in a step. */
export interface StepParts {
  readonly commits?: number
  /** Of each commit. */
  readonly blocks?: number
  readonly created?: number
  readonly spent?: number
}

/** What follows from the steps told so far. Everything in them is made up, but has the shape of the real thing. */
export class LedgerStory {
  readonly commits: StoredCommit[] = []
  readonly unspent = new Map<OutputId, Output>()
  readonly applied = new Map<TransactionId, number>()
  readonly history: HistoryEntry[] = []
  readonly #words: () => number
  newest: Omit<StoredLedger, 'unspent'> | undefined

  constructor(seed: number) {
    this.#words = seededWords(seed)
  }

  /** The next step; the story goes on as if it were kept. */
  step({ commits = 1, blocks = 3, created = 2, spent = 1 }: StepParts = {}): LedgerStep {
    const added = Array.from({ length: commits }, (_, offset) =>
      this.#commit(this.commits.length + 1 + offset, blocks),
    )
    const last = added.at(-1)
    if (last === undefined) throw new Error('a step has a commit')
    const { index, round, atMs, digest, blocksStored } = last
    const head = { index, round, atMs, digest, lanes: this.#bytes(2048) }
    const spentOutputs = [...this.unspent].slice(0, spent)
    const transaction = this.#id<TransactionId>()
    const createdOutputs = Array.from({ length: created }, (_, place): NamedOutput => [
      outputIdOf(transaction, place),
      this.#output(),
    ])
    const entry: HistoryEntry = {
      commit: index,
      place: this.#words() % 1000,
      atMs,
      block: standInId(this.#words),
      transaction,
      memo: this.#bytes(this.#words() % 30),
      spent: spentOutputs,
      created: createdOutputs.slice(0, 64),
    }
    const earlier = { ...entry, place: entry.place + 1000, memo: new Uint8Array(), created: [] }
    const step: LedgerStep = {
      commits: added,
      head,
      blocksNeeded: this.#words() % 5000,
      spent: spentOutputs.map(([id]) => id),
      created: createdOutputs,
      applied: [[transaction, created]],
      history: [entry, earlier],
    }
    this.commits.push(...added)
    for (const id of step.spent) this.unspent.delete(id)
    for (const [id, output] of createdOutputs) this.unspent.set(id, output)
    this.applied.set(transaction, created)
    this.history.push(...step.history)
    this.newest = { head, blocksNeeded: step.blocksNeeded, blocksStored }
    return step
  }

  /** Throws unless the store holds exactly what was told. */
  async checkHeldBy(store: LedgerStore): Promise<void> {
    const loaded = await store.load()
    checkSame(
      loaded && { ...loaded, unspent: sorted(loaded.unspent) },
      this.newest && { ...this.newest, unspent: sorted([...this.unspent]) },
      'loaded',
    )
    checkSame(await commitsOf(store), [...this.commits].reverse(), 'commits, newest first')
    checkSame(await store.applied([...this.applied.keys()]), [...this.applied.values()], 'applied')
    checkSame(await store.history(this.history.length + 1), [...this.history].reverse(), 'history')
  }

  #commit(index: number, blocks: number): StoredCommit {
    return {
      index,
      leader: standInId(this.#words),
      round: 2 * index,
      atMs: 1_700_000_000_000 + 600 * index,
      digest: this.#id<Hash>(),
      blocks: Array.from({ length: blocks }, () => standInId(this.#words)),
      blocksStored: 100 * index,
    }
  }

  /** An output under any of the conditions there are. */
  #output(): Output {
    const conditions = this.#words()
    return {
      amount: this.#words() * 2 ** 20,
      owner: this.#id<PublicKey>(),
      ...(conditions & 1 && { notBeforeMs: this.#words() }),
      ...(conditions & 2 && { hashlock: this.#id<Hash>() }),
      ...(conditions & 4 && { expiry: { atMs: this.#words(), refundTo: this.#id<PublicKey>() } }),
    }
  }

  #id<Id extends string>(): Id {
    return standInId(this.#words) as string as Id
  }

  #bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.#words())
  }
}

/** All commits a store hands over, in that order. */
export async function commitsOf(store: LedgerStore): Promise<readonly StoredCommit[]> {
  const commits: StoredCommit[] = []
  for await (const batch of store.newestCommits()) commits.push(...batch)
  return commits
}

function sorted(outputs: readonly NamedOutput[]): readonly NamedOutput[] {
  return [...outputs].sort(([a], [b]) => (a < b ? -1 : 1))
}
