/**
 * Failures that the IndexedDB stand-in does not have by itself: the program dies at a chosen request, or the
 * browser refuses a chosen write. They replace methods of the stand-in's classes until `restore` is called.
 */

/**
 * What becomes of the transaction that the death falls into: the browser rolls it back at once, or after its last
 * request has succeeded but before it completed, or it had all of it already and completes it.
 */
export type Fate = 'rolled back' | 'rolled back at the end' | 'completed'

export interface Failure {
  /** Whether it has come to it. */
  readonly happened: () => boolean
  readonly restore: () => void
}

const REQUESTS = ['put', 'delete', 'get', 'getAll', 'getAllKeys', 'openKeyCursor', 'count'] as const

/**
 * The program dies at its request number `at`, counted from 0 over reads and writes. After that nothing it does
 * reaches the database; connections opened later work.
 */
export function dieAtRequest(at: number, fate: Fate): Failure {
  let requests = 0
  const dead = new Set<IDBDatabase>()
  const dying = new Set<IDBTransaction>()
  const beforeRequest = (transaction: IDBTransaction) => {
    if (dying.has(transaction)) return
    if (dead.has(transaction.db)) throw new Error('the program is dead')
    if (dead.size > 0 || dying.size > 0 || requests++ < at) return
    dying.add(transaction)
    if (fate !== 'rolled back at the end') dead.add(transaction.db)
    if (fate !== 'rolled back') return
    transaction.abort()
    throw new Error('the program dies here')
  }
  let underWay = 0
  const afterRequest = (transaction: IDBTransaction, request: IDBRequest) => {
    if (fate !== 'rolled back at the end' || !dying.has(transaction)) return
    underWay++
    request.addEventListener('success', () => {
      if (--underWay > 0) return
      // A task of its own, so that whatever the program makes of its last success comes before its death.
      setImmediate(() => {
        dead.add(transaction.db)
        transaction.abort()
      })
    })
  }
  const restores = REQUESTS.map((method) =>
    replace(IDBObjectStore.prototype, method, (original) => {
      return function (this: IDBObjectStore, ...args: unknown[]) {
        beforeRequest(this.transaction)
        const request = Reflect.apply(original, this, args)
        if (request instanceof IDBRequest) afterRequest(this.transaction, request)
        return request
      }
    }),
  )
  restores.push(
    replace(IDBDatabase.prototype, 'transaction', (original) => {
      return function (this: IDBDatabase, ...args: unknown[]) {
        if (dead.has(this)) throw new Error('the program is dead')
        return Reflect.apply(original, this, args)
      }
    }),
  )
  return { happened: () => dead.size > 0, restore: () => restores.forEach((restore) => restore()) }
}

/**
 * How a browser says that there is no room: at the request, or when the transaction is to be completed; or, as
 * Chromium does when the disk is full before the quota is, in the text of another error.
 */
export type Refusal = 'at the request' | 'at the end' | 'for the disk'

/** Write number `at`, counted from 0, exceeds the quota; writes after it do not. */
export function refuseWrite(at: number, refusal: Refusal): Failure {
  let writes = 0
  let happened = false
  const restore = replace(IDBObjectStore.prototype, 'put', (original) => {
    return function (this: IDBObjectStore, ...args: unknown[]) {
      const isRefused = writes++ === at
      happened ||= isRefused
      if (isRefused && refusal === 'at the request') throw new DOMException('no room', 'QuotaExceededError')
      if (isRefused && refusal === 'for the disk') {
        throw new DOMException('Connection is closing because of: FILE_ERROR_NO_SPACE', 'UnknownError')
      }
      const request = Reflect.apply(original, this, args)
      if (isRefused) abortForQuota(this.transaction)
      return request
    }
  })
  return { happened: () => happened, restore }
}

/** The stand-in aborts a transaction with an error of a browser's choice only by an inner method. */
function abortForQuota(transaction: IDBTransaction): void {
  const inner = transaction as IDBTransaction & { _abort(errorName: string): void }
  queueMicrotask(() => inner._abort('QuotaExceededError'))
}

/** Shows every transaction from now on to `see`, until the function returned is called. */
export function watchTransactions(see: (transaction: IDBTransaction) => void): () => void {
  return replace(IDBDatabase.prototype, 'transaction', (original) => {
    return function (this: IDBDatabase, ...args: unknown[]) {
      const transaction = Reflect.apply(original, this, args)
      if (transaction instanceof IDBTransaction) see(transaction)
      return transaction
    }
  })
}

type Method = (...args: unknown[]) => unknown

function replace(prototype: object, name: string, make: (original: Method) => Method): () => void {
  const original = Reflect.get(prototype, name) as Method
  Reflect.set(prototype, name, make(original))
  return () => Reflect.set(prototype, name, original)
}
