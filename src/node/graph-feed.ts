import { writeIdBytes } from '../core/dag/id-bytes.ts'
import type { Graph, Handle } from '../core/dag/graph.ts'
import { ISSUER_BYTES } from '../core/dag/rows.ts'
import { KIND_BYTES } from '../core/model/block.ts'
import type { BlockId, PublicKey } from '../core/model/id.ts'
import type { Commit } from '../core/model/proposal.ts'
import { StoreError, type LedgerStore } from '../ports.ts'
import { GRAPH_ANSWER_MAX, GRAPH_BITS, GRAPH_BLOCKS_MAX, type GraphChanges, type GraphCursor } from './api.ts'

/** What is read of the graph here. */
export type GraphView = Pick<
  Graph,
  'next' | 'size' | 'handleOf' | 'idOf' | 'timeOf' | 'kindOf' | 'issuerOf' | 'is' | 'parentsOf'
>

/** Changes remembered: as many as blocks. Who has missed more is told everything anew. */
const CHANGES_MAX = 8192

interface GraphFeedParts {
  readonly graph: GraphView
  readonly ledger: Pick<LedgerStore, 'newestCommits'>
  /** This device's key. */
  readonly own: PublicKey
  /** A name no other feed has. */
  readonly name: string
}

/**
 * Tells a page of the newest blocks and of what becomes of them. It keeps nothing of a block before the first question;
 * from then on two numbers for each block that is committed.
 */
export class GraphFeed {
  readonly #parts: GraphFeedParts
  readonly #own: bigint
  /** Which block was committed last but so many, and in which commit: a ring. */
  readonly #changed = new Float64Array(CHANGES_MAX)
  readonly #commits = new Uint32Array(CHANGES_MAX)
  #changes = 0
  /** The commits of the blocks told of, by number; and of some before, which go now and then, all together. */
  readonly #commitOf = new Map<Handle, number>()
  #watched: Promise<void> | undefined

  constructor(parts: GraphFeedParts) {
    this.#parts = parts
    const own = new BigUint64Array(1)
    writeIdBytes(parts.own, new Uint8Array(own.buffer), 0, ISSUER_BYTES)
    this.#own = own[0] ?? 0n
  }

  /** Takes note of a commit, once its blocks are in the graph. */
  onCommitted({ index, blocks }: Pick<Commit, 'index' | 'blocks'>): void {
    if (this.#watched === undefined) return
    for (const id of blocks) {
      const handle = this.#take(id, index)
      if (handle === undefined) continue
      const at = this.#changes++ % CHANGES_MAX
      this.#changed[at] = handle
      this.#commits[at] = index
    }
    if (this.#commitOf.size <= 2 * GRAPH_BLOCKS_MAX) return
    const { oldest } = this
    for (const handle of this.#commitOf.keys()) if (handle < oldest) this.#commitOf.delete(handle)
  }

  /** What is new since `after`; everything where that is of another feed. Throws `StoreError` `closed`. */
  async changes(after: GraphCursor | undefined): Promise<GraphChanges> {
    this.#watched ??= this.#readCommits()
    await this.#watched
    const { graph, name: feed } = this.#parts
    const goesOn =
      after?.feed === feed && after.changes >= this.#changes - CHANGES_MAX && after.changes <= this.#changes
    const first = Math.max(goesOn ? after.next : 0, this.oldest)
    const count = Math.max(0, Math.min(graph.next - first, GRAPH_ANSWER_MAX))
    const since = goesOn ? after.changes : this.#changes
    const told = Math.min(this.#changes - since, GRAPH_ANSWER_MAX)
    const next = first + count
    return {
      cursor: { feed, next, changes: since + told },
      isFresh: !goesOn,
      hasMore: next < graph.next || since + told < this.#changes,
      first,
      ...this.#columns(first, count),
      committed: Float64Array.from({ length: told }, (_, i) => this.#changed[(since + i) % CHANGES_MAX] ?? 0),
      committedIn: Uint32Array.from(
        { length: told },
        (_, i) => this.#commits[(since + i) % CHANGES_MAX] ?? 0,
      ),
    }
  }

  /** The number of the oldest block that is told of. */
  get oldest(): Handle {
    const { next, size } = this.#parts.graph
    return next - Math.min(size, GRAPH_BLOCKS_MAX)
  }

  /** The block of a number in a feed; nothing where it is another feed's, or not there any more. */
  idOf(feed: string, number: number): BlockId | undefined {
    const { graph, name } = this.#parts
    const isHere = feed === name && number >= graph.next - graph.size && number < graph.next
    return isHere ? graph.idOf(number) : undefined
  }

  /** The commit a block told of is in, if that is known. */
  commitOf(handle: Handle): number | undefined {
    return this.#commitOf.get(handle)
  }

  #columns(first: Handle, count: number) {
    const columns = {
      issuedAtMs: new Float64Array(count),
      issuers: new Uint32Array(count),
      names: new Uint32Array(count),
      bits: new Uint8Array(count),
      commits: new Uint32Array(count),
      parentCounts: new Uint8Array(count),
    }
    const parents: number[] = []
    const { graph } = this.#parts
    for (let i = 0; i < count; i++) {
      const handle = first + i
      const id = graph.idOf(handle)
      const issuer = graph.issuerOf(handle)
      const above = graph.parentsOf(handle)
      columns.issuedAtMs[i] = graph.timeOf(handle)
      columns.issuers[i] = Number(BigInt.asUintN(32, issuer))
      columns.names[i] = Number.parseInt(id.slice(0, 8), 16)
      columns.bits[i] = this.#bitsOf(handle, issuer)
      columns.commits[i] = this.#commitOf.get(handle) ?? 0
      columns.parentCounts[i] = above.length
      for (const parent of above) parents.push(handle - parent)
    }
    return { ...columns, parents: Uint32Array.from(parents) }
  }

  #bitsOf(handle: Handle, issuer: bigint): number {
    const { graph } = this.#parts
    return (
      KIND_BYTES[graph.kindOf(handle)] |
      (issuer === this.#own ? GRAPH_BITS.mine : 0) |
      (graph.is(handle, 'committed') ? GRAPH_BITS.committed : 0) |
      (graph.is(handle, 'named') ? GRAPH_BITS.named : 0)
    )
  }

  #take(id: BlockId, commit: number): Handle | undefined {
    const handle = this.#parts.graph.handleOf(id)
    if (handle !== undefined) this.#commitOf.set(handle, commit)
    return handle
  }

  /** Which commits the blocks are in that are there already. Where the store does not say, none is named. */
  async #readCommits(): Promise<void> {
    let left = GRAPH_BLOCKS_MAX
    try {
      for await (const batch of this.#parts.ledger.newestCommits())
        for (const { index, blocks } of batch) {
          for (const id of blocks) this.#take(id, index)
          left -= blocks.length
          if (left <= 0) return
        }
    } catch (error) {
      if (!(error instanceof StoreError)) throw error
    }
  }
}
