/** The stores without a disk: for tests, simulations, and a browser that allows no storage. */
import type { BlockId } from '../core/model/id.ts'
import type { HistoryEntry } from '../core/model/ledger.ts'
import type { NamedOutput, OutputId, TransactionId } from '../core/model/transaction.ts'
import {
  StoreError,
  type BlockStore,
  type LedgerStep,
  type LedgerStore,
  type NoteStore,
  type PageStore,
  type StoredBlock,
  type StoredCommit,
} from '../ports.ts'
import { assertAppendable } from './append-queue.ts'
import { asGiven, copyOf, erasedOf } from './erased.ts'
import { assertCommitsRead, assertFollows } from './step-queue.ts'

/** Blocks that `newest` and `since` hand over at a time. */
const BLOCKS_PER_READ = 1024

/** Commits that `newestCommits` hands over at a time. */
const NEWEST_COMMITS = 256

/** A block store that lives as long as the program. */
export function createMemoryBlockStore(): BlockStore {
  const blocks: StoredBlock[] = []
  const places = new Map<BlockId, number>()
  const door = createDoor()
  let bytesHeld = 0
  const find = (ids: readonly BlockId[]) => {
    door.assertOpen()
    return ids.map((id) => blocks[places.get(id) ?? -1])
  }
  return {
    async append(added) {
      door.assertOpen()
      assertAppendable(added)
      for (const block of added) {
        places.set(block.id, blocks.length)
        blocks.push(copyOf(asGiven(block)))
        bytesHeld += block.bytes.length
      }
    },
    async read(ids) {
      return find(ids).map((block) => (block?.erased ? undefined : block?.bytes.slice()))
    },
    async find(ids) {
      return find(ids).map((block) => block && copyOf(block))
    },
    async *newest(count) {
      let end = blocks.length
      const first = Math.max(0, end - count)
      door.assertOpen()
      for (; end > first; end -= BLOCKS_PER_READ) {
        door.assertOpen()
        const batch = blocks.slice(Math.max(first, end - BLOCKS_PER_READ), end)
        yield batch.map(copyOf)
      }
    },
    async since(place, count) {
      door.assertOpen()
      const found = blocks.slice(place, place + Math.min(count, BLOCKS_PER_READ))
      return { blocks: found.map(copyOf), next: Math.min(place, blocks.length) + found.length }
    },
    async erase(ids) {
      for (const block of find(ids)) {
        if (block === undefined) continue
        const left = erasedOf(block)
        blocks[places.get(block.id) ?? -1] = left
        bytesHeld -= block.bytes.length - left.bytes.length
      }
    },
    stats: () => ({ blocks: blocks.length, bytes: bytesHeld, damaged: 0 }),
    close: door.close,
  }
}

/** A note store that lives as long as the program. Values are cloned both ways, as a database would. */
export function createMemoryNoteStore(): NoteStore {
  const notes = new Map<string, unknown>()
  const door = createDoor()
  return {
    async get(key) {
      door.assertOpen()
      return structuredClone(notes.get(key))
    },
    async list(prefix) {
      door.assertOpen()
      const keys = [...notes.keys()].filter((key) => key.startsWith(prefix)).sort()
      return keys.map((key) => [key, structuredClone(notes.get(key))] as const)
    },
    async put(entries) {
      door.assertOpen()
      for (const [key, value] of entries.map(([key, value]) => [key, cloneOf(value)] as const)) {
        if (value === undefined) notes.delete(key)
        else notes.set(key, value)
      }
    },
    close: door.close,
  }
}

/** A page store that lives as long as the program. */
export function memoryPageStore(): PageStore {
  const pages = new Map<string, Uint8Array>()
  const door = createDoor()
  return {
    async get(keys) {
      door.assertOpen()
      return keys.map((key) => pages.get(key)?.slice())
    },
    async range(from, before, count) {
      door.assertOpen()
      const keys = [...pages.keys()].filter((key) => key >= from && key < before).sort()
      return keys.slice(0, count).flatMap((key) => {
        const page = pages.get(key)
        return page === undefined ? [] : [[key, page.slice()] as const]
      })
    },
    async put(entries) {
      door.assertOpen()
      for (const [key, page] of entries) {
        if (page === undefined) pages.delete(key)
        else pages.set(key, page.slice())
      }
    },
    async clear() {
      door.assertOpen()
      pages.clear()
    },
    close: door.close,
  }
}

/** A ledger store that lives as long as the program. What has bytes in it is cloned both ways, as a database would. */
export function createMemoryLedgerStore(): LedgerStore {
  const commits: StoredCommit[] = []
  const unspent = new Map<OutputId, NamedOutput>()
  const applied = new Map<TransactionId, number>()
  const history: HistoryEntry[] = []
  const door = createDoor()
  let newest: Pick<LedgerStep, 'head' | 'blocksNeeded'> | undefined
  return {
    async load() {
      door.assertOpen()
      const blocksStored = commits.at(-1)?.blocksStored ?? 0
      return newest && { ...structuredClone(newest), blocksStored, unspent: [...unspent.values()] }
    },
    async append(step) {
      door.assertOpen()
      assertFollows(step, commits.length)
      newest = structuredClone({ head: step.head, blocksNeeded: step.blocksNeeded })
      for (const commit of step.commits) commits.push(commit)
      for (const output of step.created) unspent.set(output[0], output)
      for (const id of step.spent) unspent.delete(id)
      for (const [id, outputs] of step.applied) applied.set(id, outputs)
      for (const entry of step.history) history.push(structuredClone(entry))
    },
    async commitsAfter(index, count) {
      door.assertOpen()
      assertCommitsRead(index, count)
      return commits.slice(index, index + count)
    },
    async *newestCommits() {
      door.assertOpen()
      for (let end = commits.length; end > 0; end -= NEWEST_COMMITS) {
        door.assertOpen()
        yield commits.slice(Math.max(0, end - NEWEST_COMMITS), end).reverse()
      }
    },
    async applied(ids) {
      door.assertOpen()
      return ids.map((id) => applied.get(id))
    },
    async history(count, before) {
      door.assertOpen()
      const isAfter = ({ commit, place }: HistoryEntry) =>
        before && (commit > before.commit || (commit === before.commit && place >= before.place))
      const end = history.findLastIndex((entry) => !isAfter(entry)) + 1
      return structuredClone(history.slice(Math.max(0, end - count), end).reverse())
    },
    async clear() {
      door.assertOpen()
      for (const list of [commits, history]) list.length = 0
      for (const map of [unspent, applied]) map.clear()
      newest = undefined
    },
    close: door.close,
  }
}

function cloneOf(value: unknown): unknown {
  try {
    return structuredClone(value)
  } catch (error) {
    throw new StoreError('failed', 'The value cannot be stored.', { cause: error })
  }
}

function createDoor(): { readonly assertOpen: () => void; readonly close: () => Promise<void> } {
  let isOpen = true
  return {
    assertOpen() {
      if (!isOpen) throw new StoreError('closed', 'The store is closed.')
    },
    async close() {
      isOpen = false
    },
  }
}
