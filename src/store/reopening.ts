import {
  StoreError,
  type BlockStore,
  type BlockStoreStats,
  type Durability,
  type LedgerStep,
  type LedgerStore,
  type NoteStore,
  type PageStore,
  type StoredBlock,
} from '../ports.ts'
import { StepQueue } from './step-queue.ts'

interface Closable {
  close(): Promise<void>
}

/** One store, opened anew when the browser takes its connection away. */
class Reopener<S extends Closable> {
  readonly #open: () => Promise<S>
  #store: S
  #reopening: Promise<S> | undefined
  #closed = false

  constructor(open: () => Promise<S>, first: S) {
    this.#open = open
    this.#store = first
  }

  get store(): S {
    return this.#store
  }

  /** @param again what to do on the store opened anew; by default the same */
  async run<T>(work: (store: S) => Promise<T>, again = work): Promise<T> {
    const store = this.#store
    try {
      return await work(store)
    } catch (error) {
      if (this.#closed || !(error instanceof StoreError) || error.kind !== 'closed') throw error
    }
    return again(await this.#reopen(store))
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#reopening?.catch(() => undefined)
    await this.#store.close()
  }

  /** Everybody who met the closed store waits for the same new one. */
  async #reopen(closed: S): Promise<S> {
    if (this.#store !== closed) return this.#store
    this.#reopening ??= this.#openAgain().finally(() => (this.#reopening = undefined))
    return this.#reopening
  }

  async #openAgain(): Promise<S> {
    this.#store = await this.#open()
    return this.#store
  }
}

/**
 * A block store that outlives its connection: Chromium ends one when the disk is full, and any browser may. An append
 * that was under way then is made again for the blocks that did not get through. Throws `StoreError` as `open` does.
 */
export async function reopeningBlockStore(open: () => Promise<BlockStore>): Promise<BlockStore> {
  const reopener = new Reopener(open, await open())
  return {
    append: (blocks: readonly StoredBlock[], durability: Durability) =>
      reopener.run(
        (store) => store.append(blocks, durability),
        async (store) => {
          const held = await store.find(blocks.map(({ id }) => id))
          await store.append(
            blocks.filter((_, i) => held[i] === undefined),
            durability,
          )
        },
      ),
    read: (ids) => reopener.run((store) => store.read(ids)),
    find: (ids) => reopener.run((store) => store.find(ids)),
    newest: (count) => reopener.store.newest(count),
    since: (place, count) => reopener.run((store) => store.since(place, count)),
    erase: (ids) => reopener.run((store) => store.erase(ids)),
    stats: (): BlockStoreStats => reopener.store.stats(),
    close: () => reopener.close(),
  }
}

/** The same for notes, whose writes may be repeated as they are. */
export async function reopeningNoteStore(open: () => Promise<NoteStore>): Promise<NoteStore> {
  const reopener = new Reopener(open, await open())
  return {
    get: (key) => reopener.run((store) => store.get(key)),
    list: (prefix) => reopener.run((store) => store.list(prefix)),
    put: (entries) => reopener.run((store) => store.put(entries)),
    close: () => reopener.close(),
  }
}

/** The same for pages, whose writes may be repeated too. */
export async function reopeningPageStore(open: () => Promise<PageStore>): Promise<PageStore> {
  const reopener = new Reopener(open, await open())
  return {
    get: (keys) => reopener.run((store) => store.get(keys)),
    range: (from, before, count) => reopener.run((store) => store.range(from, before, count)),
    put: (entries) => reopener.run((store) => store.put(entries)),
    clear: () => reopener.run((store) => store.clear()),
    close: () => reopener.close(),
  }
}

/**
 * The same for a ledger. A step that was under way is made again unless it got through; where the browser has lost
 * steps before it, it fails.
 */
export async function reopeningLedgerStore(open: () => Promise<LedgerStore>): Promise<LedgerStore> {
  const reopener = new Reopener(open, await open())
  // While one step is made again the others wait, or they would come before it on the store opened anew.
  const queue = new StepQueue()
  return {
    load: () => reopener.run((store) => store.load()),
    append: (step) =>
      queue.run(() =>
        reopener.run(
          (store) => store.append(step),
          (store) => appendAgain(store, step),
        ),
      ),
    commitsAfter: (index, count) => reopener.run((store) => store.commitsAfter(index, count)),
    newestCommits: () => reopener.store.newestCommits(),
    applied: (ids) => reopener.run((store) => store.applied(ids)),
    history: (count, before) => reopener.run((store) => store.history(count, before)),
    clear: () => queue.run(() => reopener.run((store) => store.clear())),
    async close() {
      await queue.close()
      await reopener.close()
    },
  }
}

async function appendAgain(store: LedgerStore, step: LedgerStep): Promise<void> {
  const newest = await newestIndex(store)
  if (newest >= step.head.index) return
  if (newest < step.head.index - step.commits.length) {
    throw new StoreError('failed', 'The browser has lost a part of the stored ledger.')
  }
  await store.append(step)
}

/** The index of the newest commit kept; 0 before the first. */
async function newestIndex(store: LedgerStore): Promise<number> {
  for await (const [newest] of store.newestCommits()) return newest?.index ?? 0
  return 0
}
