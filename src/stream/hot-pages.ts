import { forgetOldest } from '../core/model/forget-oldest.ts'
import type { PageStore } from '../ports.ts'

/** Pages read at a time where many are: half a MiB, and others get their turn in between. */
export const PAGES_PER_READ = 64

/** Pages of one kind kept though nothing in them waits to be written: at most 9 kB each. */
const CLEAN_PAGES_MAX = 256

/** How pages of one kind are made, and read from bytes that may be anything. */
export interface PageKind<P> {
  make(): P
  decode(bytes: Uint8Array): P | undefined
}

/** Pages in the order of their keys, and the key to go on from; `undefined` after the last. */
export interface PagesFrom<P> {
  readonly pages: readonly (readonly [key: string, page: P])[]
  readonly next: string | undefined
}

/**
 * Pages of one kind over a store: those that changed, until they are written, and those used last. A page in the store
 * that cannot be read counts as absent. Whoever changes pages does so alone; whoever only reads may do so at any time.
 */
export class HotPages<P extends { readonly length: number; encode(): Uint8Array }> {
  readonly #store: PageStore
  readonly #kind: PageKind<P>
  readonly #changed = new Map<string, P>()
  /** The one used last is the last. */
  readonly #clean = new Map<string, P>()

  constructor(store: PageStore, kind: PageKind<P>) {
    this.#store = store
    this.#kind = kind
  }

  /** Pages that wait to be written. */
  get changed(): number {
    return this.#changed.size
  }

  /** A page that is in memory. */
  peek(key: string): P | undefined {
    return this.#changed.get(key) ?? this.#clean.get(key)
  }

  /** A page that is there, for reading. Throws `StoreError`. */
  async read(key: string): Promise<P | undefined> {
    const hot = this.peek(key)
    if (hot !== undefined) return hot
    const [bytes] = await this.#store.get([key])
    return this.peek(key) ?? (bytes && this.#kind.decode(bytes))
  }

  /** One page for whoever will change it: from memory, from the store, or new. Throws `StoreError`. */
  async loadOne(key: string): Promise<P> {
    const [page] = await this.load([key])
    return page ?? this.#kind.make()
  }

  /** Pages for whoever will change them: from memory, from the store, or new. Throws `StoreError`. */
  async load(keys: readonly string[]): Promise<readonly P[]> {
    const absent = keys.filter((key) => this.peek(key) === undefined)
    const found = new Map<string, P>()
    const stored = absent.length === 0 ? [] : await this.#store.get(absent)
    for (const [i, bytes] of stored.entries()) {
      const page = bytes && this.#kind.decode(bytes)
      if (page !== undefined) found.set(absent[i] ?? '', page)
    }
    return keys.map((key) => {
      const page = this.peek(key) ?? found.get(key) ?? this.#kind.make()
      if (!this.#changed.has(key)) this.#keep(key, page)
      return page
    })
  }

  /** The page under `key` is this one, and has to be written; one without rows is deleted. */
  change(key: string, page: P): void {
    this.#changed.set(key, page)
    this.#clean.delete(key)
  }

  /** Pages whose keys are at least `from` and less than `before`, as many as are read at a time. Throws `StoreError`. */
  async pagesFrom(from: string, before: string): Promise<PagesFrom<P>> {
    const stored = await this.#store.range(from, before, PAGES_PER_READ)
    const last = stored.length < PAGES_PER_READ ? undefined : stored.at(-1)?.[0]
    // Fixed-width keys: nothing lies between a key and that key with something behind it.
    const next = last && `${last}!`
    const pages = new Map<string, P>()
    for (const [key, bytes] of stored) {
      const page = this.peek(key) ?? this.#kind.decode(bytes)
      if (page !== undefined) pages.set(key, page)
    }
    const end = next ?? before
    for (const [key, page] of this.#changed) if (key >= from && key < end) pages.set(key, page)
    const sorted = [...pages].sort(([a], [b]) => (a < b ? -1 : 1))
    return { pages: sorted, next }
  }

  /** All of them, one after the other. Throws `StoreError`. */
  async *scan(from: string, before: string): AsyncGenerator<readonly [key: string, page: P]> {
    for (let start: string | undefined = from; start !== undefined;) {
      const { pages, next }: PagesFrom<P> = await this.pagesFrom(start, before)
      yield* pages
      start = next
    }
  }

  /** What `put` has to write. */
  *entries(): Generator<readonly [key: string, page: Uint8Array | undefined]> {
    for (const [key, page] of this.#changed) yield [key, page.length === 0 ? undefined : page.encode()]
  }

  /** That has been written. */
  written(): void {
    for (const [key, page] of this.#changed) if (page.length > 0) this.#keep(key, page)
    this.#changed.clear()
  }

  #keep(key: string, page: P): void {
    this.#clean.delete(key)
    this.#clean.set(key, page)
    forgetOldest(this.#clean, CLEAN_PAGES_MAX)
  }
}
