import { forgetOldest } from '../model/forget-oldest.ts'
import type { BlockId } from '../model/id.ts'
import { INVALID_IDS_MAX } from '../model/limits.ts'

/** Ids of blocks that were validly signed and are invalid for good; the oldest is forgotten first. Protocol §4. */
export class InvalidIds {
  readonly #ids = new Set<BlockId>()

  has(id: BlockId): boolean {
    return this.#ids.has(id)
  }

  add(id: BlockId): void {
    this.#ids.add(id)
    forgetOldest(this.#ids, INVALID_IDS_MAX)
  }
}
