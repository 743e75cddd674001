import type { Author } from '../../src/core/model/committee.ts'
import type { Message } from './network.ts'
import type { SimNode } from './node.ts'

/** How often a validator that lost its store asks those that have not answered in full. */
const AGAIN_MS = 1500

/**
 * A validator that lost its store first syncs all that validators of a quorum other than itself hold; with m the highest
 * round of any proposal then held, it proposes only rounds from m + 2 on. Protocol §6.
 */
export class Recovery {
  readonly #node: SimNode
  readonly #synced = new Set<Author>()

  constructor(node: SimNode) {
    this.#node = node
    if (node.world.isForgetful) node.after(1, () => node.validator.permit(1))
    else this.#ask()
  }

  /** Takes note of an answer; the node has received the blocks in it. */
  heard(from: number, { list, all }: Extract<Message, { type: 'pulled' }>): void {
    const { committee, nodes, forge } = this.#node.world
    const author = committee.authorOf(nodes[from]?.spec.key ?? this.#node.spec.key)
    if (!all || author === undefined || author === committee.authorOf(this.#node.spec.key)) return
    const isHeld = list.every((bytes) => {
      const checked = forge.inspect(bytes)
      return checked !== undefined && this.#node.disk.has(checked.id)
    })
    if (isHeld) this.#synced.add(author)
    if (committee.isQuorum(committee.weightOfAll(this.#synced)))
      this.#node.validator.permit(this.#highestRound() + 2)
  }

  #ask(): void {
    const { committee, nodes } = this.#node.world
    for (const { spec } of nodes) {
      const author = committee.authorOf(spec.key)
      if (author === undefined || spec.key === this.#node.spec.key || this.#synced.has(author)) continue
      this.#node.pull(spec.index)
    }
    this.#node.after(AGAIN_MS, () => {
      if (this.#node.disk.proposeFrom === undefined) this.#ask()
    })
  }

  #highestRound(): number {
    const { disk, engine } = this.#node
    return Math.max(0, ...disk.blocks().map((checked) => engine.entryOf(checked).slot?.round ?? 0))
  }
}
