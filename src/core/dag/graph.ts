import { blockIdOf } from '../codec/hex.ts'
import { KIND_BYTES, type BlockKind, type Header } from '../model/block.ts'
import { ID_BYTES, type BlockId } from '../model/id.ts'
import { HELD_PER_WINDOW, WINDOW_BLOCKS_MAX } from '../model/limits.ts'
import type { Slot } from '../model/proposal.ts'
import type { TimedIds } from '../model/timed-ids.ts'
import { writeIdBytes } from './id-bytes.ts'
import { IdIndex } from './id-index.ts'
import { ISSUER_BYTES, Rows } from './rows.ts'
import { sortRows } from './sort-rows.ts'
import { Tips } from './tips.ts'
import { Withheld } from './withheld.ts'

/** A block in the window. Handles count up and are never used twice; a block that returns has a new one. */
export type Handle = number

/** What the graph needs of a block that is solid and valid; `slot` of a proposal. */
export type GraphEntry = { readonly id: BlockId; readonly slot?: Slot } & Pick<
  Header,
  'issuedAtMs' | 'parents' | 'issuer' | 'kind'
>

/** What later stages note about a block, a bit each. `named`: a block names it as a parent. */
const MARKS = { named: 1, committed: 2, covered: 4 } as const

export type Mark = keyof typeof MARKS

/** Parent links kept per block on average; a ring of links turns over with the ring of blocks. */
const LINKS_PER_BLOCK = 4

const SLOTS_AT_FIRST = 1024

/** Numbers of walks: as many as the rows have bits for. Then they begin anew. */
const WALKS_MAX = 2 ** 32 - 1

const KINDS = new Map<number, BlockKind>(
  Object.entries(KIND_BYTES).map(([kind, byte]) => [byte, kind as BlockKind]),
)

/**
 * Who knows whom, for the newest blocks only: rings of typed arrays in which a handle's slot is its low bits.
 * When the window is full the block that came first leaves, unless agreement still needs it; the shell finds it in the
 * store and recalls it when it is named again. The genesis is always known and takes no slot. Protocol §2, §4.
 */
export class Graph {
  readonly #genesis: { readonly id: BlockId; readonly issuedAtMs: number }
  readonly #blocksMax: number
  #slots = 0
  #rows = new Rows(0)
  /** How many handles before its child each parent is: less than the slots, where a handle may outgrow 32 bits. */
  #links = new Uint32Array()
  #index = new IdIndex(this.#rows.ids, 0)
  /** The id that is looked for. */
  readonly #sought = new Uint8Array(ID_BYTES)
  #walk = 0
  #oldest: Handle = 0
  #next: Handle = 0
  #nextLink = 0
  #neededFrom: Handle = 0
  readonly #tips = new Tips()
  /** What nothing of our own is to be built on. */
  readonly withheld = new Withheld(this)

  /** @param blocksMax the window, a power of two of at least 1024 */
  constructor(
    genesis: { readonly id: BlockId; readonly createdAtMs: number },
    blocksMax = WINDOW_BLOCKS_MAX,
  ) {
    this.#genesis = { id: genesis.id, issuedAtMs: genesis.createdAtMs }
    this.#blocksMax = blocksMax
    this.#resize(SLOTS_AT_FIRST)
  }

  /** Blocks in the window, the genesis aside. */
  get size(): number {
    return this.#next - this.#oldest
  }

  /** The handle the next block will have. */
  get next(): Handle {
    return this.#next
  }

  /** More slots than this there never are; a handle modulo it is free of clashes within the window. */
  get slotsMax(): number {
    return HELD_PER_WINDOW * this.#blocksMax
  }

  /**
   * Whether a block with so many parents can come in without one leaving that is needed.
   *
   * @param spare places that have to stay free
   */
  hasRoom(parents: number, spare = 0): boolean {
    const needed = this.#next - Math.max(this.#oldest, this.#neededFrom)
    const links = this.slotsMax * LINKS_PER_BLOCK - this.#linksFrom(this.#neededFrom)
    return needed + spare < this.slotsMax && parents + spare * LINKS_PER_BLOCK <= links
  }

  /** Blocks before this handle may leave the window. */
  get neededFrom(): Handle {
    return this.#neededFrom
  }

  /** Blocks from this handle on may not leave the window. It never goes back. */
  keepFrom(handle: Handle): void {
    this.#neededFrom = Math.max(this.#neededFrom, handle)
  }

  has(id: BlockId): boolean {
    return id === this.#genesis.id || this.handleOf(id) !== undefined
  }

  /** The handle of a block in the window; the genesis has none. */
  handleOf(id: BlockId): Handle | undefined {
    writeIdBytes(id, this.#sought, 0)
    const slot = this.#index.find(this.#sought)
    return slot < 0 ? undefined : this.#oldest + ((slot - this.#oldest) & (this.#slots - 1))
  }

  /** Whether a block in the window has an id that begins so, with four bytes or more. */
  hasPrefix(prefix: Uint8Array): boolean {
    return this.#index.find(prefix) >= 0
  }

  idOf(handle: Handle): BlockId {
    const at = this.#slotOf(handle) * ID_BYTES
    return blockIdOf(this.#rows.ids.subarray(at, at + ID_BYTES))
  }

  /** When a known block was issued, the genesis included. */
  issuedAtMsOf(id: BlockId): number {
    if (id === this.#genesis.id) return this.#genesis.issuedAtMs
    const handle = this.handleOf(id)
    if (handle === undefined) throw new RangeError(`block ${id} is not in the window`)
    return this.timeOf(handle)
  }

  /** When a block in the window was issued, Unix milliseconds. */
  timeOf(handle: Handle): number {
    return this.#rows.issuedAtMs[this.#slotOf(handle)] ?? 0
  }

  /** A number that stands for who issued a block: the first `ISSUER_BYTES` bytes of the key. */
  issuerOf(handle: Handle): bigint {
    return this.#rows.issuers[this.#slotOf(handle)] ?? 0n
  }

  kindOf(handle: Handle): BlockKind {
    const byte = this.#rows.kinds[this.#slotOf(handle)] ?? 0
    const kind = KINDS.get(byte)
    if (kind === undefined) throw new RangeError(`no kind ${byte}`)
    return kind
  }

  /** Whose proposal for which round a block is, if it is one. */
  proposalAt(handle: Handle): Slot | undefined {
    const slot = this.#slotOf(handle)
    const round = this.#rows.rounds[slot] ?? 0
    return round === 0 ? undefined : { round, author: this.#rows.authors[slot] ?? 0 }
  }

  is(handle: Handle, mark: Mark): boolean {
    return ((this.#rows.marks[this.#slotOf(handle)] ?? 0) & MARKS[mark]) !== 0
  }

  mark(handle: Handle, mark: Mark): void {
    const slot = this.#slotOf(handle)
    this.#rows.marks[slot] = (this.#rows.marks[slot] ?? 0) | MARKS[mark]
  }

  /** The parents of a block that are in the window, the genesis aside. */
  parentsOf(handle: Handle): Handle[] {
    const parents: Handle[] = []
    const end = this.#linksEnd(handle)
    for (let link = this.#linksStart(handle); link < end; link++) {
      const parent = handle - this.#distanceAt(link)
      if (parent >= this.#oldest) parents.push(parent)
    }
    return parents
  }

  /** Adds a solid block not in the window; it is a tip now. Parents that are not in the window leave no link. */
  add(entry: GraphEntry): Handle {
    const handle = this.#append(entry)
    this.#addTip(handle)
    return handle
  }

  /**
   * Takes back a block that left the window. It is no tip, since its children may have left before it came back, and
   * it is committed, since others do not leave.
   */
  recall(entry: GraphEntry): Handle {
    const handle = this.#append(entry)
    for (const mark of ['named', 'committed', 'covered'] as const) this.mark(handle, mark)
    return handle
  }

  /** Blocks no block in the graph names as a parent, in order of arrival, at most `TIPS_MAX`. */
  tips(): Handle[] {
    this.#refillTips()
    return this.#tips.all()
  }

  /** The tips, round-robin over their issuers. */
  fairTips(): Iterable<Handle> {
    this.#refillTips()
    return this.#tips.fairly()
  }

  /** The blocks from this handle on that are in no commit, in the order (issuedAt, id). Protocol §8. */
  uncommitted(from: Handle): TimedIds {
    const first = Math.max(from, this.#oldest)
    const slots = new Uint32Array(Math.max(0, this.#next - first))
    let count = 0
    for (let handle = first; handle < this.#next; handle++)
      if (!this.is(handle, 'committed')) slots[count++] = this.#slotOf(handle)
    return sortRows(slots.subarray(0, count), this.#rows)
  }

  /**
   * Visits the blocks of the past cone of `from` in the window, itself first, each once. `visit` returns false to go
   * no deeper there, and begins no walk of its own.
   */
  walkPast(from: Handle, visit: (handle: Handle) => boolean): void {
    const { walks } = this.#rows
    const walk = this.#nextWalk()
    walks[this.#slotOf(from)] = walk
    const stack: Handle[] = [from]
    for (let handle = stack.pop(); handle !== undefined; handle = stack.pop()) {
      if (!visit(handle)) continue
      const end = this.#linksEnd(handle)
      for (let link = this.#linksStart(handle); link < end; link++) {
        const parent = handle - this.#distanceAt(link)
        if (parent < this.#oldest || walks[this.#slotOf(parent)] === walk) continue
        walks[this.#slotOf(parent)] = walk
        stack.push(parent)
      }
    }
    if (this.#walk !== walk) throw new Error('a walk within a walk')
  }

  #nextWalk(): number {
    if (this.#walk === WALKS_MAX) {
      this.#rows.walks.fill(0)
      this.#walk = 0
    }
    return ++this.#walk
  }

  #append(entry: GraphEntry): Handle {
    const parents = entry.parents.map((id) => this.handleOf(id)).filter((handle) => handle !== undefined)
    this.#makeRoom(parents.length)
    const handle = this.#next++
    const slot = this.#slotOf(handle)
    writeIdBytes(entry.id, this.#rows.ids, slot * ID_BYTES)
    this.#rows.issuedAtMs[slot] = entry.issuedAtMs
    this.#rows.firstLink[slot] = this.#nextLink
    writeIdBytes(entry.issuer, this.#rows.issuerBytes, slot * ISSUER_BYTES, ISSUER_BYTES)
    this.#rows.kinds[slot] = KIND_BYTES[entry.kind]
    this.#rows.rounds[slot] = entry.slot?.round ?? 0
    this.#rows.authors[slot] = entry.slot?.author ?? 0
    this.#rows.marks[slot] = 0
    for (const parent of parents) {
      if (parent < this.#oldest) continue // it has just left to make room
      this.#links[this.#nextLink++ & (this.#links.length - 1)] = handle - parent
      this.mark(parent, 'named')
      this.#tips.delete(parent)
    }
    this.#index.insert(slot)
    return handle
  }

  #refillTips(): void {
    if (!this.#tips.lacksSome) return
    this.#tips.clear()
    for (let handle = this.#oldest; handle < this.#next; handle++)
      if (!this.is(handle, 'named')) this.#addTip(handle)
  }

  #addTip(handle: Handle): void {
    this.#tips.add(handle, this.issuerOf(handle))
  }

  #slotOf(handle: Handle): number {
    if (handle < this.#oldest || handle >= this.#next)
      throw new RangeError(`handle ${handle} has left the window`)
    return handle & (this.#slots - 1)
  }

  #makeRoom(links: number): void {
    while (this.size >= this.#blocksMax && this.#oldest < this.#neededFrom) this.#evictOldest()
    while (this.size >= this.#slots || this.#linksHeld() + links > this.#links.length) {
      const mayGrow = this.#slots < this.#blocksMax || this.#oldest >= this.#neededFrom
      if (!mayGrow) this.#evictOldest()
      else if (this.#slots < this.slotsMax) this.#resize(2 * this.#slots)
      else throw new RangeError('the window is full of blocks that may not leave')
    }
  }

  #linksStart(handle: Handle): number {
    return this.#rows.firstLink[this.#slotOf(handle)] ?? 0
  }

  #linksEnd(handle: Handle): number {
    return handle + 1 === this.#next ? this.#nextLink : this.#linksStart(handle + 1)
  }

  #distanceAt(link: number): number {
    return this.#links[link & (this.#links.length - 1)] ?? 0
  }

  #linksHeld(): number {
    return this.#linksFrom(this.#oldest)
  }

  /** Links of the blocks from this handle on. */
  #linksFrom(handle: Handle): number {
    if (handle >= this.#next) return 0
    return this.#nextLink - this.#linksStart(Math.max(handle, this.#oldest))
  }

  #evictOldest(): void {
    const handle = this.#oldest
    this.#index.remove(this.#slotOf(handle))
    this.#tips.delete(handle)
    this.#oldest++
  }

  #resize(slots: number): void {
    const old = { slots: this.#slots, rows: this.#rows, links: this.#links }
    const held = this.#linksHeld()
    this.#slots = slots
    this.#rows = new Rows(slots)
    this.#links = new Uint32Array(slots * LINKS_PER_BLOCK)
    this.#index = new IdIndex(this.#rows.ids, slots)
    for (let link = this.#nextLink - held; link < this.#nextLink; link++)
      this.#links[link & (this.#links.length - 1)] = old.links[link & (old.links.length - 1)] ?? 0
    for (let handle = this.#oldest; handle < this.#next; handle++) {
      this.#rows.copy(old.rows, handle & (old.slots - 1), handle & (slots - 1))
      this.#index.insert(handle & (slots - 1))
    }
  }
}
