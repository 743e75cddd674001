/**
 * Failures that the IndexedDB stand-in does not have by itself: the program dies at a chosen request, or the
 * browser refuses a chosen write. They replace methods of the stand-in's classes until `restore` is called.
 */

/** What becomes of the transaction that the death falls into: a browser rolls it back, or had it all already. */
export type Fate = 'rolled back' | 'completed'

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
  const isCounting = () => dead.size === 0
  const beforeRequest = (transaction: IDBTransaction) => {
    if (dying.has(transaction)) return
    if (dead.has(transaction.db)) throw new Error('the program is dead')
    if (!isCounting() || requests++ < at) return
    dead.add(transaction.db)
    if (fate === 'completed') {
      dying.add(transaction)
      return
    }
    transaction.abort()
    throw new Error('the program dies here')
  }
  const restores = REQUESTS.map((method) =>
    replace(IDBObjectStore.prototype, method, (original) => {
      return function (this: IDBObjectStore, ...args: unknown[]) {
        beforeRequest(this.transaction)
        return Reflect.apply(original, this, args) as unknown
      }
    }),
  )
  restores.push(
    replace(IDBDatabase.prototype, 'transaction', (original) => {
      return function (this: IDBDatabase, ...args: unknown[]) {
        if (dead.has(this)) throw new Error('the program is dead')
        return Reflect.apply(original, this, args) as unknown
      }
    }),
  )
  return { happened: () => dead.size > 0, restore: () => restores.forEach((restore) => restore()) }
}

/** How a browser says that there is no room: at the request, or when the transaction is to be completed. */
export type Refusal = 'at the request' | 'at the end'

/** Write number `at`, counted from 0, exceeds the quota; writes after it do not. */
export function refuseWrite(at: number, refusal: Refusal): Failure {
  let writes = 0
  let happened = false
  const restore = replace(IDBObjectStore.prototype, 'put', (original) => {
    return function (this: IDBObjectStore, ...args: unknown[]) {
      const isRefused = writes++ === at
      happened ||= isRefused
      if (isRefused && refusal === 'at the request') throw new DOMException('no room', 'QuotaExceededError')
      const request = Reflect.apply(original, this, args) as unknown
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

type Method = (...args: unknown[]) => unknown

function replace(prototype: object, name: string, make: (original: Method) => Method): () => void {
  const original = Reflect.get(prototype, name) as Method
  Reflect.set(prototype, name, make(original))
  return () => Reflect.set(prototype, name, original)
}
