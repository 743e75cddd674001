import type { PeerId } from '../ports.ts'

/** Blocks of one sync that are passed on one by one. Of more it is cheaper to reconcile with the others too. */
const PASSED_ON_MAX = 16

interface BroughtParts {
  /** Whether more is to be expected from a peer. */
  isComing(from: PeerId): boolean
  /** Passes a block on by gossip to all but its sender. */
  publish(bytes: Uint8Array, from: PeerId): void
  /** Has all peers but one find out what they lack. */
  greetOthers(from: PeerId): void
}

/** What syncs have brought, until the other peers hear of it: few blocks by gossip, many by syncs of their own. */
export class Brought {
  readonly #parts: BroughtParts
  /** By who sent them, the first so many. */
  readonly #blocks = new Map<PeerId, Uint8Array[]>()

  constructor(parts: BroughtParts) {
    this.#parts = parts
  }

  add(bytes: Uint8Array, from: PeerId): void {
    const blocks = this.#blocks.get(from) ?? []
    this.#blocks.set(from, blocks)
    if (blocks.length <= PASSED_ON_MAX) blocks.push(bytes)
  }

  /** Passes on what came with syncs that are over. To be called every second or so. */
  passOn(): void {
    for (const [from, blocks] of this.#blocks) {
      if (this.#parts.isComing(from)) continue
      this.#blocks.delete(from)
      if (blocks.length > PASSED_ON_MAX) this.#parts.greetOthers(from)
      else for (const bytes of blocks) this.#parts.publish(bytes, from)
    }
  }
}
