import type { PeerId } from '../ports.ts'
import { FairQueue, type Claim } from './fair-queue.ts'

/**
 * Signatures in verification at once, where the verifier does not ask for more: enough to keep two cores at it, and few
 * enough that a newcomer's turn comes within some 30 ms on the slowest engine (2.4 k a second).
 */
const VERIFYING_MAX = 64

interface Waiter extends Claim {
  readonly begin: (isTurn: boolean) => void
}

/** Gives turns at what is dear: some at once, the others in a fair queue. */
export class Turns {
  readonly #queue = new FairQueue<Waiter>()
  readonly #verifyingMax: number
  #verifying = 0

  /** @param verifyingMax signatures in verification at once */
  constructor(verifyingMax = VERIFYING_MAX) {
    this.#verifyingMax = verifyingMax
  }

  /** Does `work` when its turn comes, and resolves as it does; `undefined` where the queue had no room for it. */
  async take<T>(claim: Claim, work: () => Promise<T>): Promise<T | undefined> {
    const { promise, resolve: begin } = Promise.withResolvers<boolean>()
    for (const gone of this.#queue.add({ ...claim, begin })) gone.begin(false)
    this.#next()
    if (!(await promise)) return undefined
    try {
      return await work()
    } finally {
      this.#verifying -= claim.cost
      this.#next()
    }
  }

  /** Lets go of what a peer has waiting: what somebody sent who has been blamed is not worth verifying. */
  forget(from: PeerId): void {
    for (const gone of this.#queue.remove(from)) gone.begin(false)
  }

  #next(): void {
    while (this.#verifying < this.#verifyingMax) {
      const waiter = this.#queue.next()
      if (waiter === undefined) return
      this.#verifying += waiter.cost
      waiter.begin(true)
    }
  }
}
