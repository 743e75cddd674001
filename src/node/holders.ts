import * as v from 'valibot'
import type { Graph, Handle } from '../core/dag/graph.ts'
import { forgetOldest } from '../core/model/forget-oldest.ts'
import type { BlockId } from '../core/model/id.ts'
import type { PeerId } from '../ports.ts'

/** Peers remembered. The one heard of longest ago goes first; what only it held then counts as held by nobody. */
const PEERS_MAX = 64

/** Blocks of a peer's frontier remembered: as many as one message names. */
const FRONTIER_MAX = 256

/** What is kept over a restart: for each peer, blocks it holds with their whole past. */
const Note = v.array(v.tuple([v.string(), v.array(v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)))]))

interface Holder {
  /** Blocks it holds, one bit a slot; slots are the low bits of handles. */
  readonly held: Uint8Array
  /** Those among them whose whole past it holds too. */
  readonly past: Uint8Array
  /** The newest blocks it is known to hold with their past, none of them in the past of another. */
  readonly frontier: Map<Handle, BlockId>
}

/**
 * Which peers gave evidence of holding which blocks: they fetched it, named it as a tip, or sent a block whose past has
 * it. Evidence about a tip covers its whole past, and each walk stops where an earlier one has been.
 */
export class Holders {
  readonly #graph: Graph
  readonly #slots: number
  readonly #holders = new Map<PeerId, Holder>()
  /** Blocks of our own that nobody is known to hold, and what each is of. By id: one may have left the window when it is fetched. */
  readonly #unheld = new Map<BlockId, string>()
  /** How many of them there are of each. */
  readonly #counts = new Map<string, number>()
  #version = 0

  constructor(graph: Graph) {
    this.#graph = graph
    this.#slots = graph.slotsMax
  }

  /** Starts counting for a block that has just joined the graph. Its slot may have been another's. */
  attached(id: BlockId): void {
    if (this.#holders.size === 0) return
    const handle = this.#graph.handleOf(id)
    if (handle === undefined) return
    for (const { held, past } of this.#holders.values()) {
      this.#clear(held, handle)
      this.#clear(past, handle)
    }
  }

  /**
   * Watches a block of our own until somebody holds it.
   *
   * @param of what it is counted with: a stream, or nothing in particular
   */
  watch(id: BlockId, of = ''): void {
    this.forget(id)
    this.#unheld.set(id, of)
    this.#counts.set(of, this.hereOnlyOf(of) + 1)
    if (this.#unheld.size <= this.#slots) return
    for (const oldest of this.#unheld.keys()) {
      this.forget(oldest)
      return
    }
  }

  /** Blocks of our own that nobody is known to hold. */
  get hereOnly(): number {
    return this.#unheld.size
  }

  /** How many of them are of one stream. */
  hereOnlyOf(of: string): number {
    return this.#counts.get(of) ?? 0
  }

  /** Distinct peers known to hold a block; 0 for one that has left the window. */
  countOf(id: BlockId): number {
    const handle = this.#graph.handleOf(id)
    if (handle === undefined) return 0
    let count = 0
    for (const { held } of this.#holders.values()) if (this.#isSet(held, handle)) count++
    return count
  }

  /** A peer fetched this block: it has the bytes, of its past nothing is said. */
  fetched(peer: PeerId, id: BlockId): void {
    this.forget(id)
    const handle = this.#graph.handleOf(id)
    if (handle !== undefined) this.#set(this.#holderOf(peer).held, handle)
  }

  /** A peer named or sent a solid block: it holds that and its whole past. Unknown ids say nothing yet. */
  holdsPast(peer: PeerId, id: BlockId): void {
    const from = this.#graph.handleOf(id)
    if (from === undefined) return
    const { held, past, frontier } = this.#holderOf(peer)
    if (this.#isSet(past, from)) return
    this.#graph.walkPast(from, (handle) => {
      if (this.#isSet(past, handle)) {
        frontier.delete(handle)
        return false
      }
      this.#set(held, handle)
      this.#set(past, handle)
      if (this.#unheld.size > 0) this.forget(this.#graph.idOf(handle))
      return true
    })
    this.#version++
    frontier.set(from, id)
    forgetOldest(frontier, FRONTIER_MAX)
  }

  /** Counts changes of what `toNote` says. */
  get version(): number {
    return this.#version
  }

  /** What `restore` takes after a restart. */
  toNote(): readonly (readonly [PeerId, readonly BlockId[]])[] {
    return [...this.#holders].map(([peer, { frontier }]) => [peer, [...frontier.values()]] as const)
  }

  /** Takes back what was remembered. A note of another form says nothing; the peers will say it again. */
  restore(note: unknown): void {
    const parsed = v.safeParse(Note, note)
    if (!parsed.success) return
    for (const [peer, ids] of parsed.output) for (const id of ids) this.holdsPast(peer, id as BlockId)
  }

  /** A block need not be watched any more: somebody holds it, or its content is deleted. */
  forget(id: BlockId): void {
    const of = this.#unheld.get(id)
    if (of === undefined) return
    this.#unheld.delete(id)
    const left = this.hereOnlyOf(of) - 1
    if (left === 0) this.#counts.delete(of)
    else this.#counts.set(of, left)
  }

  #holderOf(peer: PeerId): Holder {
    const found = this.#holders.get(peer) ?? {
      held: new Uint8Array(this.#slots / 8),
      past: new Uint8Array(this.#slots / 8),
      frontier: new Map(),
    }
    this.#holders.delete(peer)
    this.#holders.set(peer, found)
    forgetOldest(this.#holders, PEERS_MAX)
    return found
  }

  #isSet(bits: Uint8Array, handle: Handle): boolean {
    const slot = handle & (this.#slots - 1)
    return ((bits[slot >> 3] ?? 0) & (1 << (slot & 7))) !== 0
  }

  #set(bits: Uint8Array, handle: Handle): void {
    const slot = handle & (this.#slots - 1)
    bits[slot >> 3] = (bits[slot >> 3] ?? 0) | (1 << (slot & 7))
  }

  #clear(bits: Uint8Array, handle: Handle): void {
    const slot = handle & (this.#slots - 1)
    bits[slot >> 3] = (bits[slot >> 3] ?? 0) & ~(1 << (slot & 7))
  }
}
