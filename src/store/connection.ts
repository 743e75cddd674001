/** One IndexedDB connection whose every failure is a `StoreError`. Both stores of this room stand on it. */
import { openDB, type IDBPDatabase, type IDBPTransaction } from 'idb'
import { StoreError, type Durability } from '../ports.ts'

type Mode = 'readonly' | 'readwrite'

/** Requests to make in one transaction; they are all issued before any of them is awaited. */
type Requests<M extends Mode, T extends readonly unknown[]> = {
  readonly [K in keyof T]: (transaction: IDBPTransaction<unknown, string[], M>) => Promise<T[K]>
}

/** One thing to write in a transaction. */
export type WriteRequest = Requests<'readwrite', unknown[]>[number]

/** How one database is opened. `upgrade` runs once, when the database is new. */
interface Schema {
  readonly version: number
  readonly stores: readonly string[]
}

export class Connection {
  readonly #database: IDBPDatabase
  #closed = false

  private constructor(database: IDBPDatabase) {
    this.#database = database
  }

  /**
   * Opens the database called `name`, and makes its object stores where it is new. Throws `StoreError`:
   * `newer-version` where a newer program has been here.
   *
   * When another tab wants to upgrade or delete the database, or the browser takes it away, the connection
   * closes, and what is asked of it later throws `closed`.
   */
  static async open(name: string, { version, stores }: Schema): Promise<Connection> {
    let connection: Connection | undefined
    try {
      const database = await openDB(name, version, {
        upgrade: (fresh) => {
          for (const store of stores) fresh.createObjectStore(store)
        },
        blocking: () => connection?.close(),
        terminated: () => connection?.close(),
      })
      connection = new Connection(database)
      return connection
    } catch (error) {
      throw storeErrorOf(error)
    }
  }

  /** Reads from one consistent moment. The answers are in the order of the requests. */
  async read<T extends readonly unknown[]>(
    stores: readonly string[],
    requests: Requests<'readonly', T>,
  ): Promise<T> {
    return this.#transact(stores, 'readonly', 'relaxed', requests)
  }

  /** Writes all or nothing, and resolves once the transaction has completed. */
  async write(
    stores: readonly string[],
    durability: Durability,
    requests: readonly WriteRequest[],
  ): Promise<void> {
    await this.#transact(stores, 'readwrite', durability, requests)
  }

  /** Throws `StoreError` `closed` where there is no connection any more. */
  assertOpen(): void {
    if (this.#closed) throw new StoreError('closed', 'The store is closed.')
  }

  close(): void {
    this.#closed = true
    this.#database.close()
  }

  async #transact<M extends Mode, T extends readonly unknown[]>(
    stores: readonly string[],
    mode: M,
    durability: Durability,
    requests: Requests<M, T>,
  ): Promise<T> {
    this.assertOpen()
    try {
      const transaction = this.#database.transaction([...stores], mode, { durability })
      // An async function turns what a request throws at once into a rejection, like every other failure.
      const answers = requests.map(async (request) => request(transaction))
      try {
        const [results] = await Promise.all([Promise.all(answers), transaction.done])
        // The mapped type gives each answer the type of its request, which `map` cannot follow.
        return results as unknown as T
      } catch {
        abort(transaction)
        const outcomes = await Promise.allSettled([...answers, transaction.done])
        throw causeOf(outcomes, transaction.error)
      }
    } catch (error) {
      const failure = storeErrorOf(error)
      // Chromium ends the connection when the disk is full: then "full" says more than "closed".
      if (failure.kind !== 'quota-exceeded') this.assertOpen()
      throw failure
    }
  }
}

/** Why a transaction failed. When it is aborted its requests say only that: the reason is its own or another's. */
function causeOf(outcomes: readonly PromiseSettledResult<unknown>[], error: DOMException | null): unknown {
  const reasons = outcomes.flatMap((outcome): unknown[] =>
    outcome.status === 'rejected' ? [outcome.reason] : [],
  )
  return reasons.find((reason) => nameOf(reason) !== 'AbortError') ?? error ?? reasons[0]
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : ''
}

function abort(transaction: { abort(): void }): void {
  try {
    transaction.abort()
  } catch {
    // It has ended already, which is all that was wanted.
  }
}

/** Chromium, when the disk itself is full: an `UnknownError` of which only the text tells, and the end of the connection. */
function isDiskFull(error: unknown): boolean {
  return error instanceof Error && error.message.includes('FILE_ERROR_NO_SPACE')
}

/** What went wrong, by the names the IndexedDB specification gives (§ 4.10 and "exceptions"). */
function storeErrorOf(error: unknown): StoreError {
  if (error instanceof StoreError) return error
  const name = nameOf(error)
  const options = { cause: error }
  if (name === 'QuotaExceededError' || isDiskFull(error)) {
    return new StoreError(
      'quota-exceeded',
      'The browser allows no more storage. All that was stored is kept.',
      options,
    )
  }
  if (name === 'VersionError') {
    return new StoreError('newer-version', 'A newer version of the app has been using this storage.', options)
  }
  if (name === 'InvalidStateError') return new StoreError('closed', 'The store is closed.', options)
  return new StoreError('failed', `The browser's storage failed: ${name || String(error)}.`, options)
}
