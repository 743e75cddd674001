import { unlessClosed } from './errors.ts'
import type { HistoryFollower } from './history-follower.ts'
import type { Node } from './node.ts'

/** Holds on to what damaged records left until there is a node to judge it: the first are found while opening. */
export class Salvage {
  readonly #early: (readonly Uint8Array[])[] = []
  #rooms: { readonly node: Node; readonly follower: HistoryFollower } | undefined

  take(candidates: readonly Uint8Array[]): void {
    if (this.#rooms === undefined) {
      this.#early.push(candidates)
      return
    }
    // what the history index has of the record is not in the blocks any more
    this.#rooms.follower.startOver()
    this.#rooms.node.salvage(candidates).catch(unlessClosed)
  }

  giveTo(node: Node, follower: HistoryFollower): void {
    this.#rooms = { node, follower }
    for (const candidates of this.#early.splice(0)) this.take(candidates)
  }
}
