/**
 * The ledger database as it lies in IndexedDB, in five object stores; the records are in ledger-record.ts:
 *
 * - `head`: 0 → head
 * - `commits`: number from 0 → commit, or part of one; all parts of a commit after those of the one before
 * - `outputs`: bytes of the output's id → unspent output
 * - `applied`: bytes of the transaction's id → how many outputs it has
 * - `history`: [commit, place] → entry
 */
import type { IDBPTransaction } from 'idb'
import { bytesOf } from '../core/codec/hex.ts'
import { encodeOutputId } from '../core/codec/transaction.ts'
import type { HistoryEntry } from '../core/model/ledger.ts'
import type { TransactionId } from '../core/model/transaction.ts'
import {
  StoreError,
  type LedgerStep,
  type LedgerStore,
  type StoredCommit,
  type StoredLedger,
} from '../ports.ts'
import { COMMITS, CommitRecords } from './commit-records.ts'
import { Connection, type WriteRequest } from './connection.ts'
import {
  damaged,
  decodeEntry,
  decodeHead,
  decodeUnspent,
  encodeCommit,
  encodeEntry,
  encodeHead,
  encodeUnspent,
  type HeadRecord,
} from './ledger-record.ts'
import { StepQueue, assertCommitsRead, assertFollows } from './step-queue.ts'

const HEAD = 'head'
const OUTPUTS = 'outputs'
const APPLIED = 'applied'
const HISTORY = 'history'
const STORES = [HEAD, COMMITS, OUTPUTS, APPLIED, HISTORY]

const HEAD_KEY = 0

/** What the head says where there is none. */
const EMPTY = { head: { index: 0 }, commitRecords: 0, outputs: 0 }

/**
 * Opens the ledger database called `name`, made where there is none. One store at a time may have it open.
 *
 * A step is one transaction of relaxed durability: a crash may lose the newest steps, never a part of one. It must not
 * change until `append` resolves. Where one fails, those already waiting behind it fail with it; one that does not
 * follow the newest throws RangeError.
 *
 * Throws `StoreError`, here and later. Damage is told by the reads, so that `clear` can be asked for.
 */
export async function openLedgerDatabase(name: string): Promise<LedgerStore> {
  const connection = await Connection.open(name, { version: 1, stores: STORES })
  try {
    const [value] = await connection.read<[unknown]>([HEAD], [readHead])
    return new LedgerDatabase(connection, value)
  } catch (error) {
    connection.close()
    throw error
  }
}

class LedgerDatabase implements LedgerStore {
  readonly #connection: Connection
  readonly #queue = new StepQueue()
  #commits: CommitRecords
  /** As on disk; not read where it is damaged. */
  #head: HeadRecord | undefined | StoreError
  #closing = false

  constructor(connection: Connection, head: unknown) {
    this.#connection = connection
    this.#commits = new CommitRecords(connection)
    try {
      this.#head = headFrom(head)
    } catch (error) {
      if (!(error instanceof StoreError)) throw error
      this.#head = error
    }
  }

  async load(): Promise<StoredLedger | undefined> {
    this.#assertOpen()
    const [value, outputs] = await this.#connection.read<[unknown, unknown[]]>(
      [HEAD, OUTPUTS],
      [readHead, (transaction) => transaction.objectStore(OUTPUTS).getAll()],
    )
    const record = headFrom(value)
    if (outputs.length !== (record?.outputs ?? 0)) throw damaged()
    if (record === undefined) return undefined
    const { head, blocksNeeded, blocksStored } = record
    return { head, blocksNeeded, blocksStored, unspent: outputs.map(decodeUnspent) }
  }

  async append(step: LedgerStep): Promise<void> {
    this.#assertOpen()
    await this.#queue.run(() => this.#keep(step))
  }

  async commitsAfter(index: number, count: number): Promise<readonly StoredCommit[]> {
    this.#assertOpen()
    assertCommitsRead(index, count)
    return this.#commits.after(index, count, this.#headRead() ?? EMPTY)
  }

  async *newestCommits(): AsyncGenerator<readonly StoredCommit[]> {
    this.#assertOpen()
    yield* this.#commits.newest(this.#headRead() ?? EMPTY)
  }

  async applied(ids: readonly TransactionId[]): Promise<readonly (number | undefined)[]> {
    this.#assertOpen()
    const counts = await this.#connection.read<unknown[]>(
      [APPLIED],
      ids.map((id) => (transaction) => transaction.objectStore(APPLIED).get(keyOf(id))),
    )
    return counts.map((count) => {
      if (count !== undefined && typeof count !== 'number') throw damaged()
      return count
    })
  }

  async history(
    count: number,
    before?: Pick<HistoryEntry, 'commit' | 'place'>,
  ): Promise<readonly HistoryEntry[]> {
    this.#assertOpen()
    const range = before && IDBKeyRange.upperBound([before.commit, before.place], true)
    const [values] = await this.#connection.read<[unknown[]]>(
      [HISTORY],
      [
        async (transaction) => {
          const found: unknown[] = []
          let cursor = await transaction.objectStore(HISTORY).openCursor(range, 'prev')
          while (cursor !== null && found.length < count) {
            found.push(cursor.value)
            cursor = await cursor.continue()
          }
          return found
        },
      ],
    )
    return values.map(decodeEntry)
  }

  async clear(): Promise<void> {
    this.#assertOpen()
    await this.#queue.run(async () => {
      await this.#connection.write(
        STORES,
        'relaxed',
        STORES.map((store) => (transaction) => transaction.objectStore(store).clear()),
      )
      this.#head = undefined
      this.#commits = new CommitRecords(this.#connection)
    })
  }

  async close(): Promise<void> {
    this.#closing = true
    await this.#queue.close()
    this.#connection.close()
  }

  /** What is in memory changes only once the disk has it: a transaction that fails leaves both as they were. */
  async #keep(step: LedgerStep): Promise<void> {
    const { commitRecords, outputs, head } = this.#headRead() ?? EMPTY
    assertFollows(step, head.index)
    const records = step.commits.flatMap(encodeCommit)
    const after: HeadRecord = {
      head: step.head,
      blocksNeeded: step.blocksNeeded,
      blocksStored: step.commits.at(-1)?.blocksStored ?? 0,
      commitRecords: commitRecords + records.length,
      outputs: outputs + step.created.length - step.spent.length,
    }
    await this.#connection.write(STORES, 'relaxed', [
      put(HEAD, HEAD_KEY, encodeHead(after)),
      ...records.map((record, position) => put(COMMITS, commitRecords + position, record)),
      ...step.created.map((output) => put(OUTPUTS, encodeOutputId(output[0]), encodeUnspent(output))),
      ...step.spent.map(
        (id): WriteRequest =>
          (transaction) =>
            transaction.objectStore(OUTPUTS).delete(encodeOutputId(id)),
      ),
      ...step.applied.map(([id, count]) => put(APPLIED, keyOf(id), count)),
      ...step.history.map((entry) => put(HISTORY, [entry.commit, entry.place], encodeEntry(entry))),
    ])
    this.#head = after
  }

  #headRead(): HeadRecord | undefined {
    if (this.#head instanceof StoreError) throw this.#head
    return this.#head
  }

  #assertOpen(): void {
    if (this.#closing) throw new StoreError('closed', 'The store is closed.')
    this.#connection.assertOpen()
  }
}

function readHead(transaction: IDBPTransaction<unknown, string[], 'readonly'>): Promise<unknown> {
  return transaction.objectStore(HEAD).get(HEAD_KEY)
}

function headFrom(value: unknown): HeadRecord | undefined {
  return value === undefined ? undefined : decodeHead(value)
}

/** Bytes, because digits would take four times as much on disk. The copy is for the type alone. */
function keyOf(id: TransactionId): Uint8Array<ArrayBuffer> {
  return bytesOf(id).slice()
}

function put(store: string, key: IDBValidKey, value: Uint8Array | number): WriteRequest {
  return (transaction) => transaction.objectStore(store).put(value, key)
}
