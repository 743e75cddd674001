import { forgetOldest } from '../core/model/forget-oldest.ts'

/** Keeps the `limit` entries used last. A Map remembers the order in which its keys were set; this is all it needs. */
export class Lru<K, V> {
  readonly #entries = new Map<K, V>()
  readonly #limit: number

  constructor(limit: number) {
    this.#limit = limit
  }

  /** The value under `key`, which now counts as the one used last. */
  get(key: K): V | undefined {
    const value = this.#entries.get(key)
    if (value !== undefined) this.set(key, value)
    return value
  }

  set(key: K, value: V): void {
    this.#entries.delete(key)
    this.#entries.set(key, value)
    forgetOldest(this.#entries, this.#limit)
  }

  delete(key: K): void {
    this.#entries.delete(key)
  }
}
