import { checkContext } from './check/context.ts'
import { checkPayload } from './check/isolation.ts'
import { Graph, type GraphEntry } from './dag/graph.ts'
import { InvalidIds } from './dag/invalid-ids.ts'
import { selectTips } from './dag/select-tips.ts'
import { UnsolidBuffer } from './dag/unsolid-buffer.ts'
import type { BlockKind, CheckedBlock } from './model/block.ts'
import type { Change, Source } from './model/change.ts'
import type { Network } from './model/genesis.ts'
import type { BlockId } from './model/id.ts'
import { AHEAD_MS_MAX, RIPE_AHEAD_MS, WINDOW_BLOCKS_MAX } from './model/limits.ts'
import type { Invalid, Waiting } from './model/verdict.ts'

/** Kinds this version takes into the graph. Others are parked and nobody is blamed. */
const SUPPORTED: ReadonlySet<BlockKind> = new Set<BlockKind>(['data'])

interface Candidate {
  readonly checked: CheckedBlock
  readonly from: Source
}

/**
 * The protocol as one synchronous machine: blocks that passed the check in isolation and ticks of the clock go in,
 * changes come out. It reads no clock, draws no chance and does no I/O.
 */
export class Engine {
  readonly #genesis: BlockId
  readonly #unsolid = new UnsolidBuffer()
  readonly #invalid = new InvalidIds()
  /** Read by the shell for walks; only the engine adds to it. */
  readonly graph: Graph

  constructor({ id, genesis }: Network, windowBlocksMax = WINDOW_BLOCKS_MAX) {
    this.#genesis = id
    this.graph = new Graph({ id, createdAtMs: genesis.createdAtMs }, windowBlocksMax)
  }

  /** Whether bytes with this id can be dropped unread: in the window, parked, or invalid for good. Protocol §4. */
  knows(id: BlockId): boolean {
    return this.graph.has(id) || this.#unsolid.has(id) || this.#invalid.has(id)
  }

  /** Blocks parked now. */
  get parked(): number {
    return this.#unsolid.size
  }

  /** Takes a block whose work and signature hold. */
  receive(checked: CheckedBlock, from: Source, nowMs: number): Change[] {
    if (this.knows(checked.id)) return []
    return this.#judgeAll([{ checked, from }], nowMs)
  }

  /** Lets in what has become ripe, and names again the parents still missing. */
  tick(nowMs: number): Change[] {
    const ripe = this.#unsolid.ripe(nowMs).map((id) => this.#unsolid.take(id))
    const changes = this.#judgeAll(
      ripe.filter((parked) => parked !== undefined),
      nowMs,
    )
    const bySource = Map.groupBy(this.#unsolid.wanted(), ({ from }) => from)
    for (const [from, wanted] of bySource)
      changes.push({ type: 'missing', ids: wanted.map(({ id }) => id), from })
    return changes
  }

  /** Rebuilds the window at start from headers, parents first: those without children become tips. */
  restore(entries: readonly GraphEntry[]): void {
    for (const entry of entries) if (!this.graph.has(entry.id)) this.graph.add(entry)
  }

  /**
   * Takes back headers the shell found in its own store, parents before children; they were judged when they were
   * stored. None of them is a tip: each has had children, or its time, before it left the window.
   */
  recall(entries: readonly GraphEntry[], nowMs: number): Change[] {
    const isNew = entries.filter(({ id }) => !this.graph.has(id))
    for (const entry of isNew) if (!this.graph.has(entry.id)) this.graph.recall(entry)
    return this.#judgeAll(
      isNew.flatMap(({ id }) => this.#waitingFor(id)),
      nowMs,
    )
  }

  /** Ripe tips, oldest first. */
  tips(nowMs: number): BlockId[] {
    return this.graph.tips().filter((id) => this.graph.issuedAtMsOf(id) <= nowMs + RIPE_AHEAD_MS)
  }

  /**
   * Where and when the next block of our own goes.
   *
   * @param random gives a number in [0, 1)
   */
  place(
    nowMs: number,
    random: () => number,
  ): { readonly parents: readonly BlockId[]; readonly issuedAtMs: number } {
    const parents = selectTips(this.tips(nowMs), this.#genesis, random)
    const newest = Math.max(...parents.map((id) => this.graph.issuedAtMsOf(id)))
    return { parents, issuedAtMs: Math.max(nowMs, newest + 1) }
  }

  /** Judges blocks and then whatever waited for them. A queue, since a chain may be as long as the buffer. */
  #judgeAll(queue: Candidate[], nowMs: number): Change[] {
    const changes: Change[] = []
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const change = this.#judge(next, nowMs)
      changes.push(change)
      if (change.type === 'attached' || change.type === 'invalid')
        queue.push(...this.#waitingFor(next.checked.id))
      if (change.type === 'parked') changes.push(...this.#park(next, change.waiting))
    }
    return changes
  }

  #judge({ checked, from }: Candidate, nowMs: number): Change {
    const { id, block } = checked
    const aheadMs = block.issuedAtMs - nowMs
    if (aheadMs > AHEAD_MS_MAX)
      return {
        type: 'dropped',
        id,
        dropped: { reason: 'too-far-ahead', aheadMs, limitMs: AHEAD_MS_MAX },
        from,
      }
    if (!SUPPORTED.has(block.kind))
      return { type: 'parked', id, waiting: { reason: 'unsupported-kind', kind: block.kind }, from }
    const early = checkPayload(checked) ?? this.#invalidParentOf(checked)
    if (early) return this.#reject(early, from)
    const parents = block.parents.filter((parent) => !this.graph.has(parent))
    if (parents.length > 0)
      return { type: 'parked', id, waiting: { reason: 'missing-parents', parents }, from }
    const invalid = checkContext(checked, (parent) => this.graph.issuedAtMsOf(parent))
    if (invalid) return this.#reject(invalid, from)
    const ripeAtMs = block.issuedAtMs - RIPE_AHEAD_MS
    if (ripeAtMs > nowMs) return { type: 'parked', id, waiting: { reason: 'unripe', ripeAtMs }, from }
    this.graph.add({ id, issuedAtMs: block.issuedAtMs, parents: block.parents })
    return { type: 'attached', checked, from }
  }

  #park({ checked, from }: Candidate, waiting: Waiting): Change[] {
    const changes: Change[] = []
    if (waiting.reason === 'missing-parents') {
      const ids = waiting.parents.filter((parent) => !this.#unsolid.has(parent))
      if (ids.length > 0) changes.push({ type: 'missing', ids, from })
    }
    for (const gone of this.#unsolid.park({ checked, from, waiting }))
      changes.push({
        type: 'dropped',
        id: gone.checked.id,
        dropped: { reason: 'buffer-full' },
        from: gone.from,
      })
    return changes
  }

  #reject(verdict: Invalid, from: Source): Change {
    this.#invalid.add(verdict.id)
    return { type: 'invalid', verdict, from }
  }

  #invalidParentOf({ id, block }: CheckedBlock): Invalid | undefined {
    const parent = block.parents.find((candidate) => this.#invalid.has(candidate))
    return parent && { type: 'invalid', id, reason: 'invalid-parent', parent }
  }

  #waitingFor(id: BlockId): Candidate[] {
    const children = this.#unsolid.childrenOf(id).map((child) => this.#unsolid.take(child))
    return children.filter((parked) => parked !== undefined)
  }
}
