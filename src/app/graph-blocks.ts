import { GRAPH_BITS, GRAPH_BLOCKS_MAX, type GraphChanges, type GraphCursor } from '../node/api.ts'
import type { Span } from './chart-window.ts'
import { heightOf, Lanes } from './graph-layout.ts'

/** Places in the ring, a power of two: the newest blocks, and what one answer brings before the oldest are let go. */
const SLOTS = 8192

const NO_PARENTS = new Uint32Array()

/**
 * The newest blocks as a page knows them, in rings of typed arrays by number, for a drawing that looks at all of them each
 * frame. Read a column at `slotOf(number)`, for numbers from `first` on and below `next`.
 */
export class GraphBlocks {
  readonly atMs = new Float64Array(SLOTS)
  /** Height in lanes. */
  readonly heights = new Float32Array(SLOTS)
  /** `GRAPH_BITS`. */
  readonly bits = new Uint8Array(SLOTS)
  readonly commits = new Uint32Array(SLOTS)
  readonly names = new Uint32Array(SLOTS)
  readonly #parents: Uint32Array[] = []
  #lanes = new Lanes()
  #cursor: GraphCursor | undefined
  #first = 0
  /** Once it was asked for since the last change. */
  #extent: Span | undefined
  #next = 0

  get first(): number {
    return this.#first
  }

  get next(): number {
    return this.#next
  }

  get size(): number {
    return this.#next - this.#first
  }

  /** Lanes in use. */
  get lanes(): number {
    return this.#lanes.count
  }

  /** What the next question says. */
  get cursor(): GraphCursor | undefined {
    return this.#cursor
  }

  has(number: number): boolean {
    return number >= this.#first && number < this.#next
  }

  slotOf(number: number): number {
    return number & (SLOTS - 1)
  }

  /** How many numbers before a block each of its parents is; some may have been let go. */
  parentsOf(number: number): Uint32Array {
    return this.#parents[this.slotOf(number)] ?? NO_PARENTS
  }

  /** Takes an answer in. Returns whether there is anything new in it. */
  take(changes: GraphChanges): boolean {
    const { cursor, isFresh, first, issuedAtMs, committed, committedIn } = changes
    if (isFresh) this.#lanes = new Lanes()
    // who has not asked for long has missed blocks, and does not know what became of those before
    if (isFresh || first !== this.#next) this.#first = this.#next = first
    this.#cursor = cursor
    this.#extent = undefined
    let link = 0
    for (let i = 0; i < issuedAtMs.length; i++) {
      const end = link + (changes.parentCounts[i] ?? 0)
      this.#add(changes, i, changes.parents.subarray(link, end))
      link = end
    }
    this.#first = Math.max(this.#first, this.#next - GRAPH_BLOCKS_MAX)
    for (let i = 0; i < committed.length; i++) this.#commit(committed[i] ?? -1, committedIn[i] ?? 0)
    return isFresh || issuedAtMs.length > 0 || committed.length > 0
  }

  /** From the first block to the last, in time; undefined where there is none. */
  extent(): Span | undefined {
    if (this.size === 0) return undefined
    if (this.#extent) return this.#extent
    let [fromMs, toMs] = [Infinity, -Infinity]
    for (let number = this.#first; number < this.#next; number++) {
      const atMs = this.atMs[this.slotOf(number)] ?? 0
      if (atMs < fromMs) fromMs = atMs
      if (atMs > toMs) toMs = atMs
    }
    this.#extent = { fromMs, toMs }
    return this.#extent
  }

  /** Numbers of the blocks, the newest in time first. */
  newestFirst(mineOnly: boolean): number[] {
    const numbers: number[] = []
    for (let number = this.#next - 1; number >= this.#first; number--)
      if (!mineOnly || this.isMine(number)) numbers.push(number)
    const timeOf = (number: number) => this.atMs[this.slotOf(number)] ?? 0
    return numbers.sort((a, b) => timeOf(b) - timeOf(a) || b - a)
  }

  isMine(number: number): boolean {
    return ((this.bits[this.slotOf(number)] ?? 0) & GRAPH_BITS.mine) !== 0
  }

  #add(changes: GraphChanges, i: number, parents: Uint32Array): void {
    const number = this.#next++
    const slot = this.slotOf(number)
    const bits = changes.bits[i] ?? 0
    const lane = this.#lanes.laneOf(changes.issuers[i] ?? 0, (bits & GRAPH_BITS.mine) !== 0)
    this.atMs[slot] = changes.issuedAtMs[i] ?? 0
    this.heights[slot] = heightOf(lane, number, bits & GRAPH_BITS.kind)
    this.bits[slot] = bits
    this.commits[slot] = changes.commits[i] ?? 0
    this.names[slot] = changes.names[i] ?? 0
    this.#parents[slot] = parents
    for (const distance of parents) this.#mark(number - distance, GRAPH_BITS.named)
  }

  #commit(number: number, commit: number): void {
    if (!this.has(number)) return
    this.#mark(number, GRAPH_BITS.committed)
    this.commits[this.slotOf(number)] = commit
  }

  #mark(number: number, bit: number): void {
    if (!this.has(number)) return
    const slot = this.slotOf(number)
    this.bits[slot] = (this.bits[slot] ?? 0) | bit
  }
}
