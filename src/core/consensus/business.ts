import type { Graph, Handle } from '../dag/graph.ts'
import type { BlockKind } from '../model/block.ts'
import { RIPE_AHEAD_MS } from '../model/limits.ts'

/**
 * Counts what there is to agree on: data and transactions that are not committed, apart by whether a proposal has them
 * in its past cone. Proposals alone are no business, so an idle network is silent. Protocol §6.
 */
export class Business {
  readonly #graph: Graph
  #uncovered = 0
  #uncoveredTransactions = 0
  #covered = 0
  #newestMs = 0

  constructor(graph: Graph) {
    this.#graph = graph
  }

  /**
   * Blocks that no proposal here has in its past cone and that one may have at `nowMs`: ripe, and not withheld. All, where it
   * is left out.
   */
  uncovered(nowMs = Infinity): number {
    return this.#areDue(nowMs) ? this.#uncovered : this.#countDue(nowMs, ['data', 'transaction'])
  }

  /** How many of them are transactions. */
  uncoveredTransactions(nowMs = Infinity): number {
    return this.#areDue(nowMs) ? this.#uncoveredTransactions : this.#countDue(nowMs, ['transaction'])
  }

  /** Blocks that a proposal has in its past cone and that wait for their commit. */
  get covered(): number {
    return this.#covered
  }

  /** Takes note of a block that has just joined the graph. */
  attached(handle: Handle): void {
    const kind = this.#graph.kindOf(handle)
    if (kind === 'proposal') return this.#cover(handle)
    this.#newestMs = Math.max(this.#newestMs, this.#graph.timeOf(handle))
    this.#uncovered++
    if (kind === 'transaction') this.#uncoveredTransactions++
  }

  /** Takes note that a block is committed; a leader's proposal covered it before. */
  committed(handle: Handle): void {
    if (this.#graph.kindOf(handle) !== 'proposal') this.#covered--
  }

  /** What is covered has a covered past, and so has what is committed: there the walk stops. */
  #cover(from: Handle): void {
    this.#graph.walkPast(from, (handle) => {
      if (this.#graph.is(handle, 'covered') || this.#graph.is(handle, 'committed')) return false
      this.#graph.mark(handle, 'covered')
      const kind = this.#graph.kindOf(handle)
      if (kind === 'proposal') return true
      this.#uncovered--
      if (kind === 'transaction') this.#uncoveredTransactions--
      this.#covered++
      return true
    })
  }

  /** Blocks were ripe when they came; only a clock that was set back makes some unripe again. */
  #areDue(nowMs: number): boolean {
    return nowMs === Infinity || (this.#newestMs <= nowMs + RIPE_AHEAD_MS && this.#graph.withheld.size === 0)
  }

  /** Counts one by one: rare enough that no list of them is kept. */
  #countDue(nowMs: number, kinds: readonly BlockKind[]): number {
    const graph = this.#graph
    let count = 0
    for (let handle = graph.neededFrom; handle < graph.next; handle++) {
      const isSettled = graph.is(handle, 'covered') || graph.is(handle, 'committed')
      if (isSettled || graph.withheld.has(handle) || !kinds.includes(graph.kindOf(handle))) continue
      if (graph.timeOf(handle) <= nowMs + RIPE_AHEAD_MS) count++
    }
    return count
  }
}
