import type { BlockKind, CheckedBlock } from '../model/block.ts'
import type { Source } from '../model/change.ts'
import type { BlockId } from '../model/id.ts'
import {
  PARKED_BYTES_MAX,
  PARKED_BYTES_PER_PEER_MAX,
  PARKED_MAX,
  PARKED_PER_PEER_MAX,
} from '../model/limits.ts'
import type { Waiting } from '../model/verdict.ts'

/** A good block that cannot join the graph yet. */
export interface Parked {
  readonly checked: CheckedBlock
  readonly from: Source
  readonly waiting: Waiting
}

interface Held {
  readonly ids: Set<BlockId>
  bytes: number
}

/**
 * Blocks that wait for parents or for time: bounded for each peer and in all.
 * Where a peer's bound is passed its block issued last goes first, because the oldest of a chain are the ones that
 * solidify next; it can be fetched again. Where a bound on all is passed, the peer that holds most gives way, so that
 * nobody can fill the buffer against the others. Protocol §4, §8.
 */
export class UnsolidBuffer {
  readonly #parked = new Map<BlockId, Parked>()
  readonly #children = new Map<BlockId, Set<BlockId>>()
  readonly #held = new Map<Source, Held>()
  #bytes = 0

  get size(): number {
    return this.#parked.size
  }

  has(id: BlockId): boolean {
    return this.#parked.has(id)
  }

  /** The kind of a parked block. */
  kindOf(id: BlockId): BlockKind | undefined {
    return this.#parked.get(id)?.checked.block.kind
  }

  /** Parks a block not parked yet. Returns what had to go for it, possibly the block itself. */
  park(entry: Parked): Parked[] {
    const { checked, from } = entry
    this.#parked.set(checked.id, entry)
    for (const parent of checked.block.parents) this.#childrenOf(parent).add(checked.id)
    const held = this.#heldBy(from)
    held.ids.add(checked.id)
    held.bytes += checked.bytes.length
    this.#bytes += checked.bytes.length
    const gone: Parked[] = []
    while (fullnessOf(held) > 1) gone.push(this.#evictNewestOf(held))
    while (this.#parked.size > PARKED_MAX || this.#bytes > PARKED_BYTES_MAX)
      gone.push(this.#evictNewestOf(this.#fullest()))
    return gone
  }

  /** Takes a block out, to be judged again. */
  take(id: BlockId): Parked | undefined {
    const entry = this.#parked.get(id)
    if (entry === undefined) return undefined
    const { checked, from } = entry
    this.#parked.delete(id)
    for (const parent of checked.block.parents) {
      const children = this.#childrenOf(parent)
      children.delete(id)
      if (children.size === 0) this.#children.delete(parent)
    }
    const held = this.#heldBy(from)
    held.ids.delete(id)
    held.bytes -= checked.bytes.length
    this.#bytes -= checked.bytes.length
    if (held.ids.size === 0) this.#held.delete(from)
    return entry
  }

  /** Parked blocks that name `parent`, in the order they came. */
  childrenOf(parent: BlockId): BlockId[] {
    return [...(this.#children.get(parent) ?? [])]
  }

  /** Blocks that waited for time and are ripe at `nowMs`, earliest first. */
  ripe(nowMs: number): BlockId[] {
    const ripe: { id: BlockId; ripeAtMs: number }[] = []
    for (const [id, { waiting }] of this.#parked)
      if (waiting.reason === 'unripe' && waiting.ripeAtMs <= nowMs)
        ripe.push({ id, ripeAtMs: waiting.ripeAtMs })
    return ripe.sort((a, b) => a.ripeAtMs - b.ripeAtMs).map(({ id }) => id)
  }

  /** When the first block that waits for time will be ripe; Infinity where none does. */
  ripeAtMs(): number {
    let earliest = Infinity
    for (const { waiting } of this.#parked.values())
      if (waiting.reason === 'unripe') earliest = Math.min(earliest, waiting.ripeAtMs)
    return earliest
  }

  /** Parents that parked blocks wait for and that are not parked themselves: what is worth asking for. */
  wanted(): { readonly id: BlockId; readonly from: Source }[] {
    const wanted = new Map<BlockId, Source>()
    for (const { waiting, from } of this.#parked.values()) {
      if (waiting.reason !== 'missing-parents') continue
      for (const parent of waiting.parents) if (!this.has(parent)) wanted.set(parent, from)
    }
    return [...wanted].map(([id, from]) => ({ id, from }))
  }

  #fullest(): Held {
    const [first, ...others] = this.#held.values()
    if (first === undefined) throw new Error('nothing to evict')
    return others.reduce((most, held) => (fullnessOf(held) > fullnessOf(most) ? held : most), first)
  }

  #evictNewestOf(held: Held): Parked {
    let newest: Parked | undefined
    for (const id of held.ids) {
      const entry = this.#parked.get(id)
      if (entry && (newest === undefined || isLater(entry.checked, newest.checked))) newest = entry
    }
    const gone = newest && this.take(newest.checked.id)
    if (gone === undefined) throw new Error('nothing to evict')
    return gone
  }

  #childrenOf(parent: BlockId): Set<BlockId> {
    const children = this.#children.get(parent) ?? new Set()
    this.#children.set(parent, children)
    return children
  }

  #heldBy(from: Source): Held {
    const held = this.#held.get(from) ?? { ids: new Set(), bytes: 0 }
    this.#held.set(from, held)
    return held
  }
}

/** How much of its bounds a peer takes, by the one it is nearer to; above 1 a bound is passed. */
function fullnessOf({ ids, bytes }: Held): number {
  return Math.max(ids.size / PARKED_PER_PEER_MAX, bytes / PARKED_BYTES_PER_PEER_MAX)
}

/** The order of (issuedAt, id). Protocol §4. */
function isLater(a: CheckedBlock, b: CheckedBlock): boolean {
  if (a.block.issuedAtMs !== b.block.issuedAtMs) return a.block.issuedAtMs > b.block.issuedAtMs
  return a.id > b.id
}
