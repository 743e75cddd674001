import type { Graph, Handle } from './graph.ts'

/**
 * Blocks of which no more than the header is here and that no commit has, and all that stand on them. Whoever gave such a
 * header may be the only one to have the payload: nobody else could take what is built on it. Protocol §4, §8.
 */
export class Withheld {
  readonly #graph: Graph
  /** In the order of the graph; whether a block is such a header itself. */
  readonly #blocks = new Map<Handle, boolean>()

  constructor(graph: Graph) {
    this.#graph = graph
  }

  /** None, but for moments: where a stream brings headers, their commits follow. */
  get size(): number {
    return this.#blocks.size
  }

  has(handle: Handle): boolean {
    return this.#blocks.has(handle)
  }

  /** Takes note of a block that has just joined the graph. */
  attached(handle: Handle, isHeader = false): void {
    if (this.#graph.is(handle, 'committed')) return
    if (isHeader || (this.size > 0 && this.#graph.parentsOf(handle).some((parent) => this.has(parent))))
      this.#blocks.set(handle, isHeader)
  }

  /** Takes note that some blocks have just been committed: a quorum has had those whole. */
  committed(): void {
    const before = [...this.#blocks]
    this.#blocks.clear()
    for (const [handle, isHeader] of before) this.attached(handle, isHeader)
  }
}
