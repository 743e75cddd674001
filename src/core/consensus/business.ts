import type { Graph, Handle } from '../dag/graph.ts'

/**
 * Counts what there is to agree on: data and transactions that are not committed, apart by whether a proposal has them
 * in its past cone. Proposals alone are no business, so an idle network is silent. Protocol §6.
 */
export class Business {
  readonly #graph: Graph
  #uncovered = 0
  #uncoveredTransactions = 0
  #covered = 0

  constructor(graph: Graph) {
    this.#graph = graph
  }

  /** Blocks that no proposal here has in its past cone. */
  get uncovered(): number {
    return this.#uncovered
  }

  /** How many of them are transactions. */
  get uncoveredTransactions(): number {
    return this.#uncoveredTransactions
  }

  /** Blocks that a proposal has in its past cone and that wait for their commit. */
  get covered(): number {
    return this.#covered
  }

  /** Takes note of a block that has just joined the graph. */
  attached(handle: Handle): void {
    const kind = this.#graph.kindOf(handle)
    if (kind === 'proposal') return this.#cover(handle)
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
      this.#covered++
      if (kind === 'transaction') this.#uncoveredTransactions--
      return true
    })
  }
}
