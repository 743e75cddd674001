import { blockIdOf, bytesOf } from '../codec/hex.ts'
import type { Header } from '../model/block.ts'
import { ID_BYTES, type BlockId } from '../model/id.ts'
import { TIPS_MAX, WINDOW_BLOCKS_MAX } from '../model/limits.ts'
import { IdIndex } from './id-index.ts'

/** A block in the window. Handles count up and are never used twice; a block that returns has a new one. */
export type Handle = number

/** What the graph needs of a block that is solid and valid. */
export type GraphEntry = { readonly id: BlockId } & Pick<Header, 'issuedAtMs' | 'parents'>

/** Parent links kept per block on average; a ring of links turns over with the ring of blocks. */
const LINKS_PER_BLOCK = 4

const SLOTS_AT_FIRST = 1024

/**
 * Who knows whom, for the newest blocks only: rings of typed arrays in which a handle's slot is its low bits.
 * When the window is full the block that came first leaves; the shell finds it in the store and recalls it when it is
 * named again. The genesis is always known and takes no slot. Protocol §2, §4.
 */
export class Graph {
  readonly #genesis: GraphEntry
  readonly #blocksMax: number
  #slots = 0
  #ids = new Uint8Array()
  #issuedAtMs = new Float64Array()
  #firstLink = new Float64Array()
  #links = new Float64Array()
  #index = new IdIndex(this.#ids, 0)
  #oldest: Handle = 0
  #next: Handle = 0
  #nextLink = 0
  readonly #tips = new Set<Handle>()

  /** @param blocksMax the window, a power of two of at least 1024 */
  constructor(
    genesis: { readonly id: BlockId; readonly createdAtMs: number },
    blocksMax = WINDOW_BLOCKS_MAX,
  ) {
    this.#genesis = { id: genesis.id, issuedAtMs: genesis.createdAtMs, parents: [] }
    this.#blocksMax = blocksMax
    this.#resize(SLOTS_AT_FIRST)
  }

  /** Blocks in the window, the genesis aside. */
  get size(): number {
    return this.#next - this.#oldest
  }

  /** Slots there are now; `slotOf` is always below. Grows up to the window. */
  get slots(): number {
    return this.#slots
  }

  has(id: BlockId): boolean {
    return id === this.#genesis.id || this.handleOf(id) !== undefined
  }

  /** The handle of a block in the window; the genesis has none. */
  handleOf(id: BlockId): Handle | undefined {
    const slot = this.#index.find(bytesOf(id))
    return slot < 0 ? undefined : this.#oldest + ((slot - this.#oldest) & (this.#slots - 1))
  }

  idOf(handle: Handle): BlockId {
    const at = this.slotOf(handle) * ID_BYTES
    return blockIdOf(this.#ids.subarray(at, at + ID_BYTES))
  }

  /** Where facts about a block may be kept beside the graph; the slot is handed on when the block leaves. */
  slotOf(handle: Handle): number {
    if (handle < this.#oldest || handle >= this.#next)
      throw new RangeError(`handle ${handle} has left the window`)
    return handle & (this.#slots - 1)
  }

  /** When a known block was issued, the genesis included. */
  issuedAtMsOf(id: BlockId): number {
    if (id === this.#genesis.id) return this.#genesis.issuedAtMs
    const handle = this.handleOf(id)
    if (handle === undefined) throw new RangeError(`block ${id} is not in the window`)
    return this.#issuedAtMs[this.slotOf(handle)] ?? 0
  }

  /** The parents of a block that are in the window, the genesis aside. */
  parentsOf(handle: Handle): Handle[] {
    const slot = this.slotOf(handle)
    const first = this.#firstLink[slot] ?? 0
    const end = handle + 1 === this.#next ? this.#nextLink : (this.#firstLink[this.slotOf(handle + 1)] ?? 0)
    const parents: Handle[] = []
    for (let link = first; link < end; link++) {
      const parent = this.#links[link & (this.#links.length - 1)] ?? -1
      if (parent >= this.#oldest) parents.push(parent)
    }
    return parents
  }

  /** Adds a solid block not in the window; it is a tip now. Parents that are not in the window leave no link. */
  add(entry: GraphEntry): Handle {
    const handle = this.recall(entry)
    this.#addTip(handle)
    return handle
  }

  /** Takes back a block that left the window. It is no tip: its children may have left the window before it came back. */
  recall(entry: GraphEntry): Handle {
    const parents = entry.parents.map((id) => this.handleOf(id)).filter((handle) => handle !== undefined)
    this.#makeRoom(parents.length)
    const handle = this.#next++
    const slot = this.slotOf(handle)
    this.#ids.set(bytesOf(entry.id), slot * ID_BYTES)
    this.#issuedAtMs[slot] = entry.issuedAtMs
    this.#firstLink[slot] = this.#nextLink
    for (const parent of parents) {
      this.#links[this.#nextLink++ & (this.#links.length - 1)] = parent
      this.#tips.delete(parent)
    }
    this.#index.insert(slot)
    return handle
  }

  /** Blocks no block in the graph names as a parent, oldest handle first, at most `TIPS_MAX`. */
  tips(): BlockId[] {
    return [...this.#tips].map((handle) => this.idOf(handle))
  }

  /**
   * Visits the blocks of the past cone of `from` in the window, itself first, each once. `visit` returns false to go
   * no deeper there.
   */
  walkPast(from: Handle, visit: (handle: Handle) => boolean): void {
    const seen = new Set<Handle>([from])
    const stack: Handle[] = [from]
    for (let handle = stack.pop(); handle !== undefined; handle = stack.pop()) {
      if (!visit(handle)) continue
      for (const parent of this.parentsOf(handle)) {
        if (seen.has(parent)) continue
        seen.add(parent)
        stack.push(parent)
      }
    }
  }

  #addTip(handle: Handle): void {
    this.#tips.add(handle)
    if (this.#tips.size <= TIPS_MAX) return
    for (const oldest of this.#tips) {
      this.#tips.delete(oldest)
      return
    }
  }

  #makeRoom(links: number): void {
    while (this.size >= this.#slots || this.#linksHeld() + links > this.#links.length) {
      if (this.#slots < this.#blocksMax) this.#resize(2 * this.#slots)
      else this.#evictOldest()
    }
  }

  #linksHeld(): number {
    return this.size === 0 ? 0 : this.#nextLink - (this.#firstLink[this.slotOf(this.#oldest)] ?? 0)
  }

  #evictOldest(): void {
    const handle = this.#oldest
    this.#index.remove(this.slotOf(handle))
    this.#tips.delete(handle)
    this.#oldest++
  }

  #resize(slots: number): void {
    const { size } = this
    const links = slots * LINKS_PER_BLOCK
    const old = {
      slots: this.#slots,
      ids: this.#ids,
      at: this.#issuedAtMs,
      first: this.#firstLink,
      links: this.#links,
    }
    this.#slots = slots
    this.#ids = new Uint8Array(slots * ID_BYTES)
    this.#issuedAtMs = new Float64Array(slots)
    this.#firstLink = new Float64Array(slots)
    this.#links = new Float64Array(links)
    this.#index = new IdIndex(this.#ids, slots)
    if (size === 0) return
    const firstLink = old.first[this.#oldest & (old.slots - 1)] ?? 0
    for (let link = firstLink; link < this.#nextLink; link++)
      this.#links[link & (links - 1)] = old.links[link & (old.links.length - 1)] ?? -1
    for (let handle = this.#oldest; handle < this.#next; handle++) {
      const from = handle & (old.slots - 1)
      const to = handle & (slots - 1)
      this.#ids.set(old.ids.subarray(from * ID_BYTES, (from + 1) * ID_BYTES), to * ID_BYTES)
      this.#issuedAtMs[to] = old.at[from] ?? 0
      this.#firstLink[to] = old.first[from] ?? 0
      this.#index.insert(to)
    }
  }
}
