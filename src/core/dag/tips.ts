import { TIPS_MAX } from '../model/limits.ts'
import type { Handle } from './graph.ts'

/**
 * Blocks that no block names, by who issued them, so that a flood by one issuer costs nobody else a place: past the
 * bound the issuer with most tips loses its newest. Protocol §9.
 */
export class Tips {
  readonly #issuers = new Map<bigint, Set<Handle>>()
  readonly #issuerOf = new Map<Handle, bigint>()
  #overflowed = false

  get size(): number {
    return this.#issuerOf.size
  }

  /** Whether tips had to be left out, and there is room now to look for them again. */
  get lacksSome(): boolean {
    return this.#overflowed && this.size <= TIPS_MAX / 2
  }

  /** @param issuer a number that stands for whom it counts for */
  add(handle: Handle, issuer: bigint): void {
    const held = this.#issuers.get(issuer) ?? new Set()
    this.#issuers.set(issuer, held.add(handle))
    this.#issuerOf.set(handle, issuer)
    if (this.size > TIPS_MAX) this.#leaveOutOne()
  }

  delete(handle: Handle): void {
    const issuer = this.#issuerOf.get(handle)
    if (issuer === undefined) return
    this.#issuerOf.delete(handle)
    const held = this.#issuers.get(issuer)
    held?.delete(handle)
    if (held?.size === 0) this.#issuers.delete(issuer)
  }

  /** Forgets all, to be told again of whatever is a tip. */
  clear(): void {
    this.#issuers.clear()
    this.#issuerOf.clear()
    this.#overflowed = false
  }

  /** All of them, in order of arrival. */
  all(): Handle[] {
    return [...this.#issuerOf.keys()]
  }

  /** Round-robin over issuers, each one's in order of arrival, so that no issuer waits for another's flood. Protocol §6. */
  *fairly(): Generator<Handle> {
    let queues = [...this.#issuers.values()].map((held) => held.values())
    while (queues.length > 0) {
      const going: typeof queues = []
      for (const queue of queues) {
        const { value, done } = queue.next()
        if (done) continue
        yield value
        going.push(queue)
      }
      queues = going
    }
  }

  #leaveOutOne(): void {
    let most: Set<Handle> | undefined
    for (const held of this.#issuers.values()) if (held.size > (most?.size ?? 0)) most = held
    const newest = most && [...most].at(-1)
    if (newest !== undefined) this.delete(newest)
    this.#overflowed = true
  }
}
