import type { PublicKey } from '../core/model/id.ts'
import type { Clock, PeerId, Transport } from '../ports.ts'
import { TIMINGS } from './limits.ts'
import { MemoryTransport, type Hub } from './memory-transport.ts'

/** What a hub is made from. */
export interface MemoryHubOptions {
  readonly clock: Clock
  readonly timings?: Hub['timings']
  /** Hears of what handlers threw. */
  readonly fault?: (error: unknown) => void
}

/**
 * Transports of one process that reach each other through memory: for tests of whatever uses a transport. Deliveries
 * happen one after the other in the order of their sending, so that a run can be repeated.
 */
export class MemoryHub implements Hub {
  readonly clock: Clock
  readonly timings: Hub['timings']
  readonly fault: (error: unknown) => void
  readonly #members = new Map<PeerId, MemoryTransport>()
  #last: Promise<void> = Promise.resolve()

  constructor({ clock, timings = TIMINGS, fault = () => undefined }: MemoryHubOptions) {
    this.clock = clock
    this.timings = timings
    this.fault = fault
  }

  /**
   * A transport by the name of `id`, whose peers are told that it holds `key` and that its clock shows what `clock`
   * does. It reaches nobody before it is started and linked.
   */
  transport(id: PeerId, key?: PublicKey, clock = this.clock): Transport {
    const member = new MemoryTransport(this, id, key, clock)
    this.#members.set(id, member)
    return member
  }

  /** Connects two started transports. Does nothing where one has banned the other, or they are connected. */
  link(a: PeerId, b: PeerId): void {
    const [one, other] = [this.#member(a), this.#member(b)]
    if (!one.welcomes(b) || !other.welcomes(a)) return
    one.connect(other)
    other.connect(one)
  }

  /** Cuts the connection of two transports, if there is one. */
  unlink(a: PeerId, b: PeerId): void {
    const [one, other] = [this.#member(a), this.#member(b)]
    one.disconnect(b)
    other.disconnect(a)
  }

  /** Delivers after everything sent before. */
  post(deliver: () => void): void {
    this.#last = this.#last.then(deliver)
  }

  #member(id: PeerId): MemoryTransport {
    const member = this.#members.get(id)
    if (member === undefined) throw new Error(`There is no ${id} in this hub.`)
    return member
  }
}
