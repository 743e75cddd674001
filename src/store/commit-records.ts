/** The commits of the ledger database: records numbered from 0, one or more to a commit. See ledger-database.ts. */
import type { IDBPTransaction } from 'idb'
import type { StoredCommit } from '../ports.ts'
import type { Connection } from './connection.ts'
import { damaged, decodePart, type CommitPart, type HeadRecord } from './ledger-record.ts'

/** The object store they lie in. */
export const COMMITS = 'commits'

/** Records read at once: usual ones have some hundred bytes, and the largest make 12 MB. */
const RECORDS_PER_READ = 256

/** How far the records reach: the newest commit, and how many records all of them take. */
type Extent = Pick<HeadRecord, 'commitRecords'> & { readonly head: Pick<HeadRecord['head'], 'index'> }

/** A commit, and the number of its first record. */
interface Place {
  readonly index: number
  readonly record: number
}

interface CommitsRead {
  readonly commits: readonly StoredCommit[]
  /** What comes after the last of them. */
  readonly next: Place
}

type Transaction = IDBPTransaction<unknown, string[], 'readonly'>

/** Reads commits from either end. It is made anew when they are cleared: it remembers where it read last. */
export class CommitRecords {
  readonly #connection: Connection
  /** What whoever reads on asks for next. */
  #next: Place = { index: 1, record: 0 }

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /** All commits, newest first, in batches. Throws `StoreError`. */
  async *newest({ head, commitRecords }: Extent): AsyncGenerator<readonly StoredCommit[]> {
    let { index } = head
    let laterParts: StoredCommit[] = []
    for (let end = commitRecords; end > 0; end -= RECORDS_PER_READ) {
      const start = Math.max(0, end - RECORDS_PER_READ)
      const [parts] = await this.#connection.read<[CommitPart[]]>(
        [COMMITS],
        [(transaction) => readParts(transaction, start, end)],
      )
      const batch: StoredCommit[] = []
      for (const { part, commit } of parts.reverse()) {
        if (commit.index !== index) throw damaged()
        if (part > 0) {
          laterParts.push(commit)
          continue
        }
        const whole = [commit, ...laterParts.reverse()]
        batch.push({ ...commit, blocks: whole.flatMap(({ blocks }) => blocks) })
        laterParts = []
        index--
      }
      if (batch.length > 0) yield batch
    }
  }

  /**
   * Commits after `index`, oldest first, read in one transaction: at most `count`, and those that fit into the first
   * `count` records, but the first one in any case. Throws `StoreError`.
   */
  async after(index: number, count: number, extent: Extent): Promise<readonly StoredCommit[]> {
    if (index >= extent.head.index) return []
    const first = index + 1
    const known = this.#next.index === first ? this.#next : undefined
    const [{ commits, next }] = await this.#connection.read<[CommitsRead]>(
      [COMMITS],
      [
        async (transaction) => {
          const place = known ?? (await placeOf(first, transaction, extent))
          return readFrom(place, count, transaction, extent)
        },
      ],
    )
    this.#next = next
    return commits
  }
}

/**
 * Finds a commit that is there. Every commit takes at least one record, so where none takes more there is no choice;
 * otherwise each record looked at tells how few the commits on either side can take.
 */
async function placeOf(
  index: number,
  transaction: Transaction,
  { head, commitRecords }: Extent,
): Promise<Place> {
  let low = index - 1
  let high = commitRecords - 1 - (head.index - index)
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const { part, commit } = decodePart(await transaction.objectStore(COMMITS).get(middle))
    const first = middle - part
    if (commit.index < index) low = Math.max(middle + 1, first + index - commit.index)
    else high = first - (commit.index - index)
  }
  if (low > high) throw damaged()
  return { index, record: low }
}

async function readFrom(
  { index, record }: Place,
  count: number,
  transaction: Transaction,
  { commitRecords }: Extent,
): Promise<CommitsRead> {
  const parts: CommitPart[] = []
  let at = record
  do {
    // one more than asked for: it tells whether the commit before it is whole
    const end = Math.min(commitRecords, at + count + 1)
    parts.push(...(await readParts(transaction, at, end)))
    at = end
  } while (at < commitRecords && parts.at(-1)?.commit.index === index)
  const byCommit = [...Map.groupBy(parts, ({ commit }) => commit.index).values()]
  if (at < commitRecords) byCommit.pop() // the rest of it may not have been read
  const taken = byCommit.slice(0, count)
  return {
    commits: taken.map((each, offset) => joined(each, index + offset)),
    next: { index: index + taken.length, record: record + taken.flat().length },
  }
}

/** The records from number `start` up to, not including, `end`, oldest first. */
async function readParts(transaction: Transaction, start: number, end: number): Promise<CommitPart[]> {
  const values = await transaction.objectStore(COMMITS).getAll(IDBKeyRange.bound(start, end, false, true))
  if (values.length !== end - start) throw damaged()
  return values.map(decodePart)
}

/** All parts of a commit as one. */
function joined(parts: readonly CommitPart[], index: number): StoredCommit {
  const [first] = parts
  if (first?.commit.index !== index || parts.some(({ part }, at) => part !== at)) throw damaged()
  return { ...first.commit, blocks: parts.flatMap(({ commit }) => commit.blocks) }
}
